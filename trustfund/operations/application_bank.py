"""Where a delegate would be paid, if the application says it already: sealed, and used only when a seat is accepted."""

import json

from cryptography.exceptions import InvalidTag

from trustfund.core.passport import masked
from trustfund.core.verifier import canonical
from trustfund.models.applications import Application
from trustfund.models.people import Account
from trustfund.operations.bank import checked_details
from trustfund.operations.drafts import editable
from trustfund.operations.operation import housekeeping
from trustfund.services import keys

LONGEST = 300  # characters of what is kept of a field


def keep_bank(reference: str, person: Account, /, **typed: str) -> None:
    """Keep an account with a draft, checked and sealed, in place of the one before."""
    owner, details = person.id, checked_details(**typed)
    with housekeeping():
        draft = editable(reference, owner)
        draft.bank_sealed = keys.seal(draft.person, canonical(details).encode(), f"{draft.reference}/bank")
        draft.bank_masked = masked(details["account"])


def keep_unfinished(reference: str, person: Account, /, **typed: str) -> None:
    """Keep what was typed of an account that is not right yet, sealed: only its own page shows it. An account that is
    kept already stays."""
    owner, told = person.id, {name: text[:LONGEST] for name, text in typed.items()}
    with housekeeping():
        draft = editable(reference, owner)
        if not draft.bank_masked:
            draft.bank_sealed = keys.seal(draft.person, canonical(told).encode(), f"{draft.reference}/bank")


def unfinished(application: Application) -> dict[str, str]:
    """What was typed of an account that is not right yet."""
    return {} if application.bank_masked else bank_of(application)


def drop_unfinished(application: Application) -> None:
    """As it is sent: it holds an account that can be paid to, or none."""
    if not application.bank_masked:
        application.bank_sealed = None


def forget_bank(reference: str, account: Account) -> None:
    """Take it away again."""
    owner = account.id
    with housekeeping():
        draft = editable(reference, owner)
        draft.bank_sealed, draft.bank_masked = None, ""


def bank_of(application: Application) -> dict[str, str]:
    """The account in clear, or nothing: none was typed, its key was destroyed, or it is not what was sealed."""
    if application.bank_sealed is None:
        return {}
    try:
        opened = keys.unseal(application.person, application.bank_sealed, f"{application.reference}/bank")
    except (FileNotFoundError, InvalidTag):
        return {}
    return dict(json.loads(opened))
