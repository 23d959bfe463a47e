"""What an applicant fills in, and the seal by which the record knows it."""

from trustfund.core.verifier import canonical
from trustfund.models.applications import Application
from trustfund.operations.application_bank import bank_of
from trustfund.operations.passports import number_of
from trustfund.services import keys

LARGEST_TEXTS = {
    "given_names": 140,
    "family_name": 140,
    "email": 254,
    "position": 140,
    "organisation": 200,
    "note_verbale": 120,
    "home_city": 120,
    "fare": 20,
    "fare_currency": 3,
    "passport_name": 140,
    "telephone": 40,
    "others_pay": 300,
}
_FIRST = (
    *("given_names", "family_name", "email", "position", "organisation", "note_verbale", "home_city", "fare"),
    *("fare_currency", "state", "gender", "date_of_birth", "note_verbale_date", "note_to_follow"),
    *("government_order", "paid_elsewhere"),
)
_LATER = ("passport_name", "telephone", "others_pay", "arrives_on", "leaves_on")
_BESIDE = ("passport_masked", "passport_mark", "bank_masked", "declared")
FIELDS = (*_FIRST, *_LATER)
"""What an applicant fills in, as columns."""


def seal_of_answers(application: Application) -> str:
    """The HMAC of everything that the applicant filled in, under the person's key.

    What the form asks only since later stands in it where it was answered: what was sent before stays sound.
    """
    content = {name: str(getattr(application, name) or "") for name in _FIRST}
    later = {name: str(getattr(application, name) or "") for name in (*_LATER, *_BESIDE)}
    if application.passport_sealed:
        later["passport_number"] = number_of(application) or "altered"
    if application.bank_sealed:
        later["bank"] = canonical(bank_of(application))
    content |= {name: text for name, text in later.items() if text}
    return keys.seal_of(application.person, canonical(content).encode())


def seal_of_all(application: Application) -> str:
    """The HMAC of its answers and its files together: what a person declares, as the page showed it."""
    files = sorted(f"{one.kind} {one.seal}" for one in (*application.documents, *application.attachments))
    return keys.seal_of(application.person, canonical([seal_of_answers(application), *files]).encode())
