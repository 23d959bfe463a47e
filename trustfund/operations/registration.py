"""A person registers alone: an address, and a link that proves it. The answer is the same for a known address."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select

from trustfund.core.refusal import Refused, sentence
from trustfund.core.roles import SYSTEM, Role
from trustfund.extensions import db
from trustfund.models.people import Account, SignInFailure
from trustfund.operations import people
from trustfund.operations.attempts import counter, failures
from trustfund.operations.operation import housekeeping
from trustfund.services import clock

LINKS_PER_ADDRESS = 4  # within a quarter of an hour; more of them help nobody
LINKS_PER_PLACE = 60  # for one place on the network: a ministry may be behind it


def register(email: str, language: str, at: datetime, place: str = "") -> None:
    """Send a link to set a password: to a new account of a delegate, or to the one that the address has.

    ``place``: the network address of who asks.
    """
    email = people.address_of(email)
    if not _one_more_link(email, place):
        return
    account = db.session.scalars(select(Account).where(Account.email == email)).unique().one_or_none()
    if account is None:
        with suppress(Refused):  # registered by another window meanwhile
            people.create_account(email, role=Role.DELEGATE, language=language, by=SYSTEM, at=at)
    elif account.standing == "active":
        known = account.id
        with housekeeping():
            found = db.session.get(Account, known)
            assert found is not None
            _answer(found)


def _answer(account: Account) -> None:
    """A delegate gets a new link. All other accounts are reset by the administrator, so that no designation stays in
    force behind a new password (rules of the fund, 7)."""
    if account.role == Role.DELEGATE:
        people.send_password_link(account)
    else:
        people.post(
            account,
            sentence("You have an account with the fund"),
            sentence(
                "Somebody asked for an account of a delegate with your address. You have another account already, and "
                "nothing has been changed. If you forgot its password, the administrator of the fund resets it."
            ),
        )


def _one_more_link(email: str, place: str) -> bool:
    limits = {counter("link", email): LINKS_PER_ADDRESS, counter("links from", place): LINKS_PER_PLACE}
    now = clock.real_now()
    with housekeeping():
        if any(failures(counted, now) >= limit for counted, limit in limits.items()):
            return False
        db.session.add_all([SignInFailure(counted=counted, at=now) for counted in limits])
    return True
