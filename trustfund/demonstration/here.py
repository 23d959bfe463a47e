"""Whether the fund of this instance is the finished demonstration, where a visitor may try it as one of its people."""

from typing import NamedTuple

from sqlalchemy import select

from trustfund.core.record import instant
from trustfund.demonstration.story import END
from trustfund.extensions import db
from trustfund.models.people import Account
from trustfund.models.record import Event

LAST = "demonstration "
"""How the key of its last deed begins; the seed follows."""


class Made(NamedTuple):
    """The demonstration of this instance. ``seq``: its last entry; what comes later was done by those who try it."""

    seed: int
    seq: int


def made_here() -> Made | None:
    """The demonstration in this instance; None in every other fund, and in one whose making was broken off.

    It is known by its last deed: that key alone would not do, since any form can bring it; but no person of a real
    fund suspends this account at this millisecond.
    """
    found = db.session.execute(
        select(Event.key, Event.seq)
        .join(Account, Account.reference == Event.subject)
        .where(
            Event.action == "account.suspended",
            Event.at == instant(END),
            Event.key.startswith(LAST),
            Account.email == "suspended@example.org",
        )
    ).first()
    seed = found.key.removeprefix(LAST) if found else ""
    return Made(int(seed), found.seq) if found and seed.lstrip("-").isdecimal() else None
