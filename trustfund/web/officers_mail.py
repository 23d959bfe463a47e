"""Mail that did not arrive, at the officers' door: to whom, what of, why, and the button that sends it again.

What a mail says is its reader's alone: links and codes stand in it.
"""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import aliased

from trustfund.core.refusal import Refused, sentence
from trustfund.i18n import say, told
from trustfund.models.mail import Mail
from trustfund.operations import undelivered
from trustfund.services import clock
from trustfund.web.forms import Form, query
from trustfund.web.officers import PAGE, bp, tell
from trustfund.web.paging import page_of

STATES = {
    "failed": sentence("Failed"),
    "unsure": sentence("Not known whether it was sent"),
    "waiting": sentence("Waits to be sent"),
}


@bp.get("/mail")
def mail() -> str:
    """What needs somebody: failed and unsure, the newest first, 25 a page from a key; or one state alone."""
    state, now = query("state"), clock.real_now()
    failed, unsure, waiting = (undelivered.standing(one, now) for one in STATES)
    wanted = {"failed": failed, "unsure": unsure, "waiting": waiting}.get(state, failed | unsure)
    before = aliased(Mail)
    found = select(Mail.id, Mail, before.created_at.label("first")).outerjoin(before, before.id == Mail.again_of)
    return render_template(
        "officers/mail.html",
        state=state if state in STATES else "",
        states=STATES,
        page=page_of(found.where(wanted), Mail.id, PAGE, newest_first=True),
        trouble=undelivered.in_trouble(now),
        returned=bool(current_app.config["RETURNED_MAIL"]),
        form=Form(),
    )


@bp.post("/mail/again")
def send_again() -> Any:
    """A copy into the outbox. Which mail, the form says; no address of a page names one."""
    form, number = Form(), request.form.get("mail", "")
    if not form.validate():
        flash(" ".join(form.refusals()))
        return redirect(url_for(".mail"))
    if not number.isascii() or not number.isdecimal() or len(number) > 9:
        raise Refused("Choose the mail that is to be sent again.")
    try:
        tell(say("The mail to {address} is sent again.", address=undelivered.send_again(int(number))))
    except Refused as refused:
        if refused.rule != "form":
            raise
        flash(told(refused))
    return redirect(url_for(".mail"))
