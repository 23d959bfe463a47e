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
from trustfund.web import auditors_papers as auditors_papers  # this joins the auditors' door
from trustfund.web import delegates_awards as delegates_awards  # these join the delegates' door
from trustfund.web import delegates_claims as delegates_claims
from trustfund.web import delegates_draft as delegates_draft
from trustfund.web import delegates_papers as delegates_papers
from trustfund.web import donors_account as donors_account  # this joins the donors' door
from trustfund.web import donors_papers as donors_papers
from trustfund.web import donors_results as donors_results
from trustfund.web import missions_deeds as missions_deeds
from trustfund.web import missions_papers as missions_papers  # this joins the missions' door
from trustfund.web import officers_application_papers as officers_application_papers  # these join the officers' door
from trustfund.web import officers_applications as officers_applications
from trustfund.web import officers_award_lists as officers_award_lists
from trustfund.web import officers_awards as officers_awards
from trustfund.web import officers_claims as officers_claims
from trustfund.web import officers_closing as officers_closing
from trustfund.web import officers_conditions as officers_conditions
from trustfund.web import officers_contributions as officers_contributions
from trustfund.web import officers_designations as officers_designations
from trustfund.web import officers_desk as officers_desk
from trustfund.web import officers_donors as officers_donors
from trustfund.web import officers_doubles as officers_doubles
from trustfund.web import officers_line_parts as officers_line_parts
from trustfund.web import officers_mail as officers_mail
from trustfund.web import officers_meetings as officers_meetings
from trustfund.web import officers_money as officers_money
from trustfund.web import officers_months as officers_months
from trustfund.web import officers_overpayments as officers_overpayments
from trustfund.web import officers_papers as officers_papers
from trustfund.web import officers_parts as officers_parts
from trustfund.web import officers_payments as officers_payments
from trustfund.web import officers_proposals as officers_proposals
from trustfund.web import officers_queue as officers_queue
from trustfund.web import officers_rates as officers_rates
from trustfund.web import officers_results as officers_results
from trustfund.web import officers_selections as officers_selections
from trustfund.web import officers_statements as officers_statements
from trustfund.web import officers_states as officers_states
from trustfund.web import officers_surplus as officers_surplus
from trustfund.web import officers_suspense as officers_suspense
from trustfund.web import officers_unmasking as officers_unmasking
from trustfund.web import own_data as own_data  # this joins the account's pages
from trustfund.web import public_call as public_call  # these join the public door
from trustfund.web import public_eligibility as public_eligibility
from trustfund.web import public_home as public_home
from trustfund.web import public_lookup as public_lookup
from trustfund.web import public_meetings as public_meetings
from trustfund.web import public_note_verbale as public_note_verbale
from trustfund.web import registration as registration
from trustfund.web.access import ACCESS

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
WITH_SCRIPT = ("delegates.page", "delegates.documents")
"""Pages that keep what was typed when they are left, and show how a file goes; every other runs no script at all."""


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
    own_script = "; script-src 'self'; connect-src 'self'" if request.endpoint in WITH_SCRIPT else ""
    response.headers["Content-Security-Policy"] = POLICY + own_script
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
