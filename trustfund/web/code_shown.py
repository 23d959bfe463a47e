"""The code of the look-up is shown once: it goes in the cookie from the page that made it to the next."""

from dataclasses import dataclass

from flask import session
from flask_login import current_user

from trustfund.models.applications import Application
from trustfund.operations import lookup


@dataclass(frozen=True)
class Shown:
    """``text``: in two halves; ``mailed``: it went with the mail that the application was received."""

    text: str
    mailed: bool


def show_of(reference: str, seq: int) -> None:
    """Hand on the code of what was sent by this entry of the record."""
    show(reference, lookup.code_of(current_user.account.reference, reference, seq))


def show(reference: str, code: str) -> None:
    """Hand a code to the next page of its application."""
    session["look-up"] = [reference, code]


def shown_once(application: Application) -> Shown | None:
    """The code that was handed on for this application; the next time there is none."""
    handed = session.get("look-up")
    if not handed or handed[0] != application.reference:
        return None
    session.pop("look-up")
    reference, code = handed
    if not lookup.opens(application, code):
        return None
    return Shown(lookup.in_halves(code), code == lookup.code_of(application.person, reference, application.seq))
