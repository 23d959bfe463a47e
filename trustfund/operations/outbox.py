"""Mail to a person, written with the deed that it tells of; the worker sends it."""

from trustfund.extensions import db
from trustfund.i18n import said_in
from trustfund.models.mail import Mail
from trustfund.models.people import Account
from trustfund.services import clock


def post(account: Account, subject: str, text: str, **values: object) -> None:
    """Put a mail into the outbox, in the reader's language."""
    say = said_in(account.language)
    greeting = say("Dear {name},", name=account.name) if account.name else say("Dear Madam or Sir,")
    signature = say("The secretariat of the Fund")
    body = f"{greeting}\n\n{say(text, **values)}\n\n-- \n{signature}\n"
    db.session.add(
        Mail(
            recipient=account.email,
            language=account.language,
            subject=say(subject, **values),
            text=body,
            created_at=clock.real_now(),
        )
    )
