"""Passport numbers: sealed under the key of their person, shown by their last four, and found where they are equal."""

from cryptography.exceptions import InvalidTag

from trustfund.core.passport import masked, passport_number
from trustfund.models.applications import Application
from trustfund.services import keys


def mark_of(number: str, state: str) -> str:
    """The same for the same number of a State; nobody without the fund's key makes a number of it again."""
    return keys.mark_of(f"passport|{state}|{passport_number(number)}".encode())


def keep(application: Application, number: str) -> None:
    """Seal a number as it was typed, with what a screen shows of it, and the mark by which duplicates are found."""
    number = passport_number(number)
    application.passport_sealed = keys.seal(application.person, number.encode(), _name(application))
    application.passport_masked, application.passport_mark = masked(number), mark_of(number, application.state)


def mark_again(application: Application) -> None:
    """Another State nominates the person: the mark follows."""
    if number := number_of(application):
        application.passport_mark = mark_of(number, application.state)


def number_of(application: Application) -> str:
    """The number in clear, or nothing: none was typed, its key was destroyed, or it is not what was sealed."""
    if application.passport_sealed is None:
        return ""
    try:
        return keys.unseal(application.person, application.passport_sealed, _name(application)).decode()
    except (FileNotFoundError, InvalidTag):
        return ""


def _name(application: Application) -> str:
    return f"{application.reference}/passport"
