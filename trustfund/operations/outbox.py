"""Mail to a person, written with the deed that it tells of; the worker sends it."""

from flask import current_app

from trustfund.core.refusal import sentence
from trustfund.extensions import db
from trustfund.i18n import in_words_of, said_in
from trustfund.models.fund import calendar_on
from trustfund.models.mail import Mail
from trustfund.models.people import Account
from trustfund.services import clock

OWN_DOOR = {"donor": "donors", "delegate": "delegates", "mission": "missions", "auditor": "auditors"}
OWN_DOOR |= {"officer": "officers", "head": "officers", "administrator": "administrators"}


def post(account: Account, subject: str, text: str, **values: object) -> None:
    """Put a mail into the outbox, in the reader's language: it names the meeting, and says how to come back.

    A text that has an ``address`` of its own has no other.
    """
    say = said_in(account.language)
    greeting = say("Dear {name},", name=account.name) if account.name else say("Dear Madam or Sir,")
    signature = say("The secretariat of the Fund")
    way_back = "" if "address" in values else f"{page_of(account.role)}\n\n"
    told = say(text, **values | _meeting(values, account.language))
    db.session.add(
        Mail(
            recipient=account.email,
            person=account.reference,
            language=account.language,
            subject=say(subject, **values),
            text=f"{greeting}\n\n{told}\n\n{way_back}-- \n{signature}\n",
            created_at=clock.real_now(),
        )
    )


def page_of(role: str, path: str = "") -> str:
    """The address of a page behind the door of a role, as a mail says it."""
    return public_address(f"{OWN_DOOR[role]}/{path}")


def letter_of(account: Account, application: str) -> str:
    """The address of the letter that tells a person what was decided. ``application``: the reference of its page."""
    return page_of(account.role, f"applications/{application}/letter.pdf")


def public_address(path: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}/{path}"


def _meeting(values: dict[str, object], language: str) -> dict[str, object]:
    """T1, as who applied for several meetings knows it: its name, where and when it is."""
    for one in calendar_on(db.session(), clock.today()).meetings if "meeting" in values else ():
        if one.code == values["meeting"]:
            name, city = (in_words_of(language, texts) for texts in (one.name, one.place))
            in_full = sentence("{code} ({name}, {city}, {day})")
            return {"meeting": said_in(language)(in_full, code=one.code, name=name, city=city, day=one.first_day)}
    return {}
