"""The public door: contributions, open data, the check of a paper, and the way in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user, login_user, logout_user
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from wtforms import EmailField, PasswordField

from trustfund.core.refusal import Refused, sentence
from trustfund.extensions import db
from trustfund.i18n import language, say, told
from trustfund.models import guards
from trustfund.models.record import Event, head_of
from trustfund.operations import people, record
from trustfund.operations.second_factor import CodeNeeded
from trustfund.reports import open_contributions
from trustfund.reports.contributions import standings
from trustfund.reports.draw import MIME, draw
from trustfund.reports.report import Figure, Report
from trustfund.reports.snapshot import snapshot
from trustfund.services import clock
from trustfund.web.confirming import ENTER_CODE, CodeField
from trustfund.web.donor_names import donor_name
from trustfund.web.forms import Form, Needed, query, query_day
from trustfund.web.paging import page_in

bp = Blueprint("public", __name__)

PAGE = 50
"""Contributions on one page; the files have all."""


@bp.get("/contributions")
def contributions() -> tuple[str, int]:
    day, wrong = None, ""
    try:
        day = _day_asked()
    except Refused as refused:
        wrong = told(refused)
    with snapshot(as_at=day) as taken:
        known = standings(taken)
        report = open_contributions.told(taken, known)
    called = _called(report)
    rows = sorted(report.rows, key=lambda row: _place(row, called))
    page = render_template(
        "public/contributions.html",
        report=report,
        page=page_in(rows, _keys(rows), PAGE),
        called=called,
        paying=len({s.giver for s in known if s.received_usd}),
        drawn=[_with_names(figure, called) for figure in (report.figure, *report.further) if figure],
        day=day,
        wrong=wrong,
        typed=query("as_at", 20),
    )
    return page, 422 if wrong else 200


def _day_asked() -> date | None:
    """The day as at which the contributions are asked for; none means now."""
    day = query_day("as_at")
    if day and day > clock.today():
        raise Refused("{day} has not come yet. Choose today or a day before.", day=day)
    return day


def _place(row: Any, called: dict[Any, str]) -> tuple[int, str]:
    """Names first, in the order of the reader’s language; then individuals; those who are not named as they stand."""
    if row[0] == open_contributions.UNNAMED:
        return 2, ""
    return row[1] == "individual", called[row[0]].casefold()


def _keys(rows: Sequence[Any]) -> list[str]:
    """By what each contribution is found again, from whatever else it differs: what never changes of it, and if it is
    the first like this, the second …"""
    seen: Counter[str] = Counter()
    keys = []
    for row in rows:
        of = "|".join(f"{row[n]}" for n in (0, 3, 4, 6, 7, 8))
        seen[of] += 1
        keys.append(sha256(f"{of}|{seen[of]}".encode()).hexdigest()[:16])
    return keys


def _called(report: Report) -> dict[Any, str]:
    """Donor, as the report has it -> its name in the reader’s language."""
    today = clock.today()
    names = {row[0]: donor_name(str(row[0]), str(row[2]), today) for row in report.rows}
    return names | {open_contributions.UNNAMED: say(open_contributions.UNNAMED)}


def _with_names(figure: Figure, called: dict[Any, str]) -> Figure:
    return replace(figure, bars=tuple(replace(bar, label=called.get(bar.label, bar.label)) for bar in figure.bars))


@bp.get("/open/contributions.<any(csv, json):format>")
def open_contributions_file(format: str) -> Response:
    with snapshot(as_at=_day_asked()) as taken:
        body = draw(open_contributions.build(taken), format, language())
    response = Response(
        body, content_type=MIME[format], headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}
    )  # kept, and asked for again each time
    response.add_etag()
    return response.make_conditional(request)


@bp.get("/proof")
def proof() -> str:
    """Whether a paper is still true, by the code at its foot; for anybody, so it says no more than the paper does."""
    code = query("code")
    return render_template("public/proof.html", code=code, answer=record.proof_of(code) if code else None)


@bp.get("/personal-data")
def about_data() -> str:
    return render_template("public/personal_data.html")


@bp.get("/healthz")
def healthz() -> tuple[Response, int]:
    """200, or 503 with the reason: no database, a guard that is missing, a head that is not the last entry."""
    try:
        gone = guards.missing(db.session.connection())
        seq, digest = head_of(db.session())
        last = db.session.execute(select(Event.seq, Event.hash).order_by(Event.seq.desc()).limit(1)).one()
        wrong = "" if tuple(last) == (seq, digest) else "head differs"
        reason = f"guards missing: {', '.join(gone)}" if gone else wrong
    except Exception as error:
        reason = f"the database does not answer ({type(error).__name__})"
    return jsonify(status="ok" if not reason else "down", reason=reason), 200 if not reason else 503


class SignInForm(Form):
    email = EmailField(
        sentence("E-mail address"),
        validators=[Needed(sentence("Enter your e-mail address."))],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        sentence("Password"),
        validators=[Needed(sentence("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    code = CodeField(sentence("Code"), needed=False)


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    if current_user.is_authenticated and request.method == "GET":
        return redirect(url_for("public.own_desk"))
    form, ticket = SignInForm(), session.pop("ticket", "")
    asks_code = bool(ticket) and form.is_submitted() and "code" in request.form
    if asks_code:
        form.password.validators = ()
        form.code.validators = (Needed(ENTER_CODE),)
    if form.validate_on_submit():
        try:
            account, token = people.sign_in(
                form.email.data, form.password.data or "", request.remote_addr or "", form.code.data or "", ticket
            )
        except CodeNeeded as needed:
            # The password is not carried to the page that asks for the code, and not asked for twice: this signed
            # value in the cookie stands for it. It is no sign-in, and ends after five minutes or with the password.
            asks_code, ticket = True, needed.ticket
            if form.code.data:
                form.code.errors = [told(needed)]
        except Refused as refused:
            asks_code = False
            form.form_errors.append(told(refused))
        else:
            return enter(account, token)
    if asks_code:
        session["ticket"] = ticket
    return render_template("public/sign_in.html", form=form, asks_code=asks_code), 422 if form.is_submitted() else 200


@bp.get("/desk")
def own_desk() -> Any:
    from trustfund.web.doors import desk

    return redirect(desk())


@bp.post("/sign-out")
def sign_out() -> Any:
    form = Form()
    if not form.validate():
        flash(" ".join(form.refusals()))
        return redirect(url_for("public.own_desk"))
    people.sign_out(current_user.sign_in)
    logout_user()
    flash(say("You are signed out."))
    return redirect(url_for("public.home"))


class PasswordForm(Form):
    password = PasswordField(
        sentence("New password"),
        validators=[Needed(sentence("Enter a password."))],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        sentence("The same password again"),
        validators=[Needed(sentence("Enter the password twice."))],
        render_kw={"autocomplete": "new-password"},
    )


@bp.route("/password/<token>", methods=["GET", "POST"])
def password(token: str) -> Any:
    link = people.password_link(token)
    if link is None:
        return render_template("public/link_spent.html", hours=people.LINK_HOURS), 404
    form = PasswordForm()
    if form.validate_on_submit():
        if form.password.data != form.again.data:
            form.again.errors = [say("The two passwords differ. Type the same twice.")]
        else:
            try:
                people.set_password(link.account, form.password.data, link)
            except Refused as refused:
                if refused.field != "password":
                    raise
                form.password.errors = [told(refused)]
            else:
                flash(say("Your password is set. Sign in with it."))
                return redirect(url_for("public.sign_in"))
    return render_template("public/password.html", form=form, email=link.account.email), (
        form.status if form.is_submitted() else 200
    )


def enter(account: Any, token: str) -> Any:
    from trustfund.web.doors import DESKS, Role, Visitor

    found = people.signed_in(token)
    assert found is not None
    target, chosen = session.pop("next", ""), session.get("language")
    session.clear()  # a new session: nothing from before the sign-in stays but the language
    if chosen:
        session["language"] = chosen
    login_user(Visitor(found, token))
    role = Role(account.role)
    return redirect(target if _opens(target, role) else url_for(DESKS[role]))


def _opens(target: str, role: Any) -> bool:
    """Whether a page is ours and open to the role that has just signed in."""
    from trustfund.web.doors import ACCESS

    if not target.startswith("/") or target.startswith(("//", "/\\")):
        return False
    try:
        endpoint, _ = current_app.url_map.bind("").match(urlsplit(target).path)
    except HTTPException:
        return False
    return endpoint in ACCESS and (not ACCESS[endpoint] or role in ACCESS[endpoint])
