"""Who may open which page: one table, denied by default. Also a request's sign-in, and what every answer carries."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import UserMixin, current_user
from sqlalchemy import update
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.routing import BaseConverter

from trustfund.core.refusal import Busy
from trustfund.core.roles import Role
from trustfund.extensions import db, login
from trustfund.models.people import Account, SignIn
from trustfund.operations import people
from trustfund.operations.operation import housekeeping
from trustfund.services import clock
from trustfund.web import administrators, auditors, delegates, donors, errors, missions, officers, own_account, public
from trustfund.web import delegates_awards as delegates_awards  # these join the delegates' door
from trustfund.web import delegates_claims as delegates_claims
from trustfund.web import officers_applications as officers_applications  # these join the officers' door
from trustfund.web import officers_award_lists as officers_award_lists
from trustfund.web import officers_awards as officers_awards
from trustfund.web import officers_claims as officers_claims
from trustfund.web import officers_closing as officers_closing
from trustfund.web import officers_contributions as officers_contributions
from trustfund.web import officers_designations as officers_designations
from trustfund.web import officers_desk as officers_desk
from trustfund.web import officers_meetings as officers_meetings
from trustfund.web import officers_money as officers_money
from trustfund.web import officers_months as officers_months
from trustfund.web import officers_payments as officers_payments
from trustfund.web import officers_proposals as officers_proposals
from trustfund.web import officers_rates as officers_rates
from trustfund.web import officers_selections as officers_selections
from trustfund.web import officers_states as officers_states
from trustfund.web import officers_surplus as officers_surplus
from trustfund.web import public_home as public_home  # these join the public door
from trustfund.web import public_meetings as public_meetings
from trustfund.web import registration as registration

ANYONE: frozenset[Role] = frozenset()
SIGNED_IN = frozenset(Role)
OFFICE = frozenset({Role.OFFICER, Role.HEAD})

ACCESS: dict[str, frozenset[Role]] = {
    "static": ANYONE,
    "public.home": ANYONE,
    "public.contributions": ANYONE,
    "public.open_contributions_file": ANYONE,
    "public.proof": ANYONE,
    "public.sign_in": ANYONE,
    "public.register": ANYONE,
    "public.registered": ANYONE,
    "public.password": ANYONE,
    "public.healthz": ANYONE,
    "public.meetings": ANYONE,
    "public.meeting": ANYONE,
    "public.selection": ANYONE,
    "public.open_meetings": ANYONE,
    "public.open_selection": ANYONE,
    "public.open_overrides": ANYONE,
    "public.about_data": ANYONE,
    "public.sign_out": SIGNED_IN,
    "public.own_desk": SIGNED_IN,
    "account.second_factor_page": SIGNED_IN,
    "account.begin_second_factor": SIGNED_IN,
    "account.set_second_factor": SIGNED_IN,
    "account.remove_second_factor": SIGNED_IN,
    "donors.desk": frozenset({Role.DONOR}),
    "donors.new_pledge": frozenset({Role.DONOR}),
    "donors.pledge": frozenset({Role.DONOR}),
    "donors.amend_pledge": frozenset({Role.DONOR}),
    "donors.withdraw_pledge": frozenset({Role.DONOR}),
    "donors.receipt": frozenset({Role.DONOR}),
    "delegates.desk": frozenset({Role.DELEGATE}),
    "delegates.begin": frozenset({Role.DELEGATE}),
    "delegates.application": frozenset({Role.DELEGATE}),
    "delegates.page": frozenset({Role.DELEGATE}),
    "delegates.note_verbale": frozenset({Role.DELEGATE}),
    "delegates.check": frozenset({Role.DELEGATE}),
    "delegates.reopen": frozenset({Role.DELEGATE}),
    "delegates.withdraw": frozenset({Role.DELEGATE}),
    "delegates.document": frozenset({Role.DELEGATE}),
    "delegates.award": frozenset({Role.DELEGATE}),
    "delegates.accept_seat": frozenset({Role.DELEGATE}),
    "delegates.decline_seat": frozenset({Role.DELEGATE}),
    "delegates.bank_details": frozenset({Role.DELEGATE}),
    "delegates.authorization": frozenset({Role.DELEGATE}),
    "delegates.settlement": frozenset({Role.DELEGATE}),
    "delegates.claim": frozenset({Role.DELEGATE}),
    "missions.desk": frozenset({Role.MISSION}),
    "officers.desk": OFFICE,
    "officers.pledges": OFFICE,
    "officers.pledge": OFFICE,
    "officers.receipt": OFFICE,
    "officers.new_pledge": frozenset({Role.OFFICER}),
    "officers.record_agreement": frozenset({Role.OFFICER}),
    "officers.record_deposit": frozenset({Role.OFFICER}),
    "officers.amend_pledge": frozenset({Role.OFFICER}),
    "officers.withdraw_pledge": frozenset({Role.OFFICER}),
    "officers.propose_unpaid": frozenset({Role.OFFICER}),
    "officers.deposit": OFFICE,
    "officers.attach_deposit": frozenset({Role.OFFICER}),
    "officers.designations": OFFICE,
    "officers.make_designation": frozenset({Role.HEAD}),
    "officers.confirm_designation": frozenset({Role.OFFICER}),
    "officers.end_designation": frozenset({Role.HEAD}),
    "officers.applications": OFFICE,
    "officers.application": OFFICE,
    "officers.document": OFFICE,
    "officers.accept_application": frozenset({Role.OFFICER}),
    "officers.confirm_completion": frozenset({Role.OFFICER}),
    "officers.ask_for_changes": frozenset({Role.OFFICER}),
    "officers.propose_refusal": frozenset({Role.OFFICER}),
    "officers.confirm_refusal": frozenset({Role.OFFICER}),
    "officers.decline_refusal": frozenset({Role.OFFICER}),
    "officers.awards": OFFICE,
    "officers.award": OFFICE,
    "officers.authorization": OFFICE,
    "officers.certification": OFFICE,
    "officers.attendance": OFFICE,
    "officers.certify_awards": frozenset({Role.OFFICER}),
    "officers.confirm_attendances": frozenset({Role.OFFICER}),
    "officers.certify_award": frozenset({Role.OFFICER}),
    "officers.withdraw_certification": frozenset({Role.OFFICER}),
    "officers.approve_award": frozenset({Role.OFFICER}),
    "officers.authorize_award": frozenset({Role.OFFICER}),
    "officers.issue_ticket": frozenset({Role.OFFICER}),
    "officers.record_quote": frozenset({Role.OFFICER}),
    "officers.choose_quote": frozenset({Role.OFFICER}),
    "officers.change_journey": frozenset({Role.OFFICER}),
    "officers.record_answer": frozenset({Role.OFFICER}),
    "officers.enter_bank": frozenset({Role.OFFICER}),
    "officers.confirm_attendance": frozenset({Role.OFFICER}),
    "officers.record_no_show": frozenset({Role.OFFICER}),
    "officers.cancel_award": frozenset({Role.OFFICER}),
    "officers.replace_delegate": frozenset({Role.OFFICER}),
    "officers.proposals": OFFICE,
    "officers.confirm_proposal": OFFICE,
    "officers.decline_proposal": frozenset({Role.OFFICER}),
    "officers.states": OFFICE,
    "officers.state": OFFICE,
    "officers.propose_amendment": frozenset({Role.OFFICER}),
    "officers.new_meeting": frozenset({Role.OFFICER}),
    "officers.meetings": OFFICE,
    "officers.meeting": OFFICE,
    "officers.selection": OFFICE,
    "officers.rates": OFFICE,
    "officers.import_exchange_rates": frozenset({Role.OFFICER}),
    "officers.import_allowances": frozenset({Role.OFFICER}),
    "officers.provisions": OFFICE,
    "officers.record_provisions": frozenset({Role.OFFICER}),
    "officers.fix_allotment": frozenset({Role.OFFICER}),
    "officers.close_call": frozenset({Role.OFFICER}),
    "officers.preview_selection": frozenset({Role.OFFICER}),
    "officers.keep_selection": frozenset({Role.OFFICER}),
    "officers.propose_override": frozenset({Role.OFFICER}),
    "officers.payments": OFFICE,
    "officers.add_up_payments": frozenset({Role.OFFICER}),
    "officers.release_order": frozenset({Role.OFFICER}),
    "officers.payment_orders": OFFICE,
    "officers.payment_order": OFFICE,
    "officers.payment_order_file": frozenset({Role.OFFICER}),
    "officers.signature_list": frozenset({Role.OFFICER}),
    "officers.passenger_list": frozenset({Role.OFFICER}),
    "officers.fail_payment": frozenset({Role.OFFICER}),
    "officers.claims": OFFICE,
    "officers.settlement": OFFICE,
    "officers.statement": OFFICE,
    "officers.calculate_settlement": frozenset({Role.OFFICER}),
    "officers.prepare_settlement": frozenset({Role.OFFICER}),
    "officers.approve_settlement": frozenset({Role.OFFICER}),
    "officers.decline_settlement": frozenset({Role.OFFICER}),
    "officers.return_claim": frozenset({Role.OFFICER}),
    "officers.record_recovery": frozenset({Role.OFFICER}),
    "officers.propose_write_off": frozenset({Role.OFFICER}),
    "officers.money": OFFICE,
    "officers.record_bank_line": frozenset({Role.OFFICER}),
    "officers.months": OFFICE,
    "officers.propose_month": frozenset({Role.OFFICER}),
    "officers.closing": OFFICE,
    "officers.propose_closing": frozenset({Role.OFFICER}),
    "officers.propose_refund": frozenset({Role.OFFICER}),
    "officers.propose_end": frozenset({Role.OFFICER}),
    "officers.surplus": OFFICE,
    "officers.propose_activity": frozenset({Role.OFFICER}),
    "officers.activity": OFFICE,
    "officers.approve_activity": frozenset({Role.OFFICER}),
    "officers.pay_activity": frozenset({Role.OFFICER}),
    "officers.close_activity": frozenset({Role.OFFICER}),
    "officers.cancel_activity": frozenset({Role.OFFICER}),
    "auditors.desk": frozenset({Role.AUDITOR}),
    "auditors.proof": frozenset({Role.AUDITOR}),
    "auditors.report": frozenset({Role.AUDITOR}),
    "auditors.report_file": frozenset({Role.AUDITOR}),
    "auditors.entries": frozenset({Role.AUDITOR}),
    "auditors.entry": frozenset({Role.AUDITOR}),
    "auditors.receipt": frozenset({Role.AUDITOR}),
    "auditors.record": frozenset({Role.AUDITOR}),
    "auditors.record_file": frozenset({Role.AUDITOR}),
    "auditors.verifier_file": frozenset({Role.AUDITOR}),
    "auditors.anchors": frozenset({Role.AUDITOR}),
    "administrators.desk": frozenset({Role.ADMINISTRATOR}),
    "administrators.new_account": frozenset({Role.ADMINISTRATOR}),
    "administrators.account": frozenset({Role.ADMINISTRATOR}),
    "administrators.change_account": frozenset({Role.ADMINISTRATOR}),
    "trying.page": ANYONE,  # registered and answered only in the demonstration
    "trying.sign_in": ANYONE,
}
"""Endpoint -> roles that may open it; empty: anybody. What is not here is open to nobody."""

DESKS = {
    Role.DONOR: "donors.desk",
    Role.DELEGATE: "delegates.desk",
    Role.MISSION: "missions.desk",
    Role.OFFICER: "officers.desk",
    Role.HEAD: "officers.desk",
    Role.AUDITOR: "auditors.desk",
    Role.ADMINISTRATOR: "administrators.desk",
}
DOORS = (public, own_account, donors, delegates, missions, officers, auditors, administrators)

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


@dataclass
class Visitor(UserMixin):
    """The user of Flask-Login is the sign-in row: ending the row ends the session."""

    sign_in: SignIn
    token: str

    def get_id(self) -> str:
        return self.token

    @property
    def account(self) -> Account:
        return self.sign_in.account

    @property
    def role(self) -> Role:
        return Role(self.sign_in.account.role)


class Reference(BaseConverter):
    """An unguessable reference in an address: a letter and eight characters."""

    regex = r"[A-Z]-[2-9A-Z]{8}"


class Code(BaseConverter):
    """A meeting's code in an address, for example N1: no byte in it that a database refuses."""

    regex = r"[A-Za-z0-9-]{1,20}"


def init_app(app: Flask) -> None:
    app.url_map.converters |= {"ref": Reference, "code": Code}
    for door in DOORS:
        app.register_blueprint(door.bp)
    if app.config["CLOCK"]:  # a fund that lives in real time does not know these addresses, nor the code behind them
        from trustfund.web import trying

        app.register_blueprint(trying.bp)
    login.user_loader(_visitor)
    app.before_request(_mark)
    app.before_request(_guard)
    app.after_request(_seal)


def desk() -> str:
    """The page where the visitor's work waits."""
    return url_for(DESKS[current_user.role])


def _visitor(token: str) -> Visitor | None:
    found = people.signed_in(token)
    if found is None:
        return None
    if clock.real_now() - found.seen_at > timedelta(minutes=5):
        with suppress(Busy), housekeeping():  # who reads does not wait for who writes
            db.session.execute(update(SignIn).where(SignIn.token == found.token).values(seen_at=clock.real_now()))
    return Visitor(found, token)


def _mark() -> None:
    """A reference for this request, the same on the page and in the log; and how long a form may be."""
    g.reference = secrets.token_hex(5)
    if request.mimetype != "multipart/form-data":  # of those Werkzeug counts the text, of others nothing
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def _guard() -> Any:
    if request.endpoint is None:
        return None  # the error page says 404 or 405
    if request.endpoint not in ACCESS:
        raise NotFound
    roles = ACCESS[request.endpoint]
    if not roles:
        return None
    if not current_user.is_authenticated:
        if request.method == "POST" and request.endpoint != "public.sign_out":
            return errors.signed_out()
        session["next"] = request.full_path.rstrip("?") if request.method == "GET" else ""
        return redirect(url_for("public.sign_in"))
    if current_user.role not in roles:
        raise Forbidden
    return None


def _seal(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
