"""Delegates with seats at the first round in a house of the doors, and their journeys up to the day of payment.

Hind is paid to an IBAN in dollars, Bikash in rupees to an account without IBAN, Mele in cash; Kwame's account is in
cedis, for which there is no rate.
"""

from pathlib import Path

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.web.house import Furnished, furnished_by
from trustfund.operations import bank

HIND, BIKASH, MELE, KWAME = "Hind Tayeb", "Bikash Thapa", "Mele Losa", "Kwame Mensah"
STATE_OF = {HIND: "SDN", BIKASH: "NPL", MELE: "FJI", KWAME: "GHA"}
RUPEES = "0012-3456/789"
ACCOUNT = {HIND: (j.IBAN, "USD"), BIKASH: (RUPEES, "NPR"), KWAME: ("99887766", "GHS")}


def furnished_with(furnished: Furnished, folder: Path, steps) -> Furnished:
    """A copy of a furnished house in which each journey has come to a step of journeys.STEPS. ``steps``: by name."""
    return furnished_by(lambda: {**furnished[1], **_travelled(steps)}, furnished[0], folder)


def sent(visitor, page, to, **more):
    """Send a form of a page with these values, which may be lists, over what stands there."""
    action, fields = page.form(to)
    return visitor.open(action, method="POST", data={**fields, **more})


def _travelled(steps) -> dict[str, str]:
    b.officer("Tomas Brandt", "approving")
    seats.paid_in("60000.00", at=b.AT, bank="NO-1")
    b.rate("NPR", "102.5", "2018-01-20")
    _, public = seats.decided_by_two(STATE_OF.items(), "40000.00")
    awards = {name: j.of_seat(seat).reference for name, seat in zip(STATE_OF, public, strict=True)}
    for step in j.STEPS:  # each step of all before the next of anybody: days follow upon days
        for name, last in steps.items():
            if j.STEPS.index(step) <= j.STEPS.index(last):
                _made(name, awards[name], step)
    return awards


def _made(name: str, reference: str, step) -> None:
    if step is j.certified and name in ACCOUNT:
        _bank(reference, *ACCOUNT[name], holder=name)
    if step is j.certified and name == MELE:
        j.quoted(reference, "1480.00")
    step(reference)


def _bank(reference: str, account: str, currency: str, holder: str) -> None:
    with seats.on(j.OFFERED):
        bank.enter(
            reference,
            seen=j.award(reference).seq,
            holder=holder,
            account=account,
            bank="Bank of the Nile",
            country="SD",
            currency=currency,
            by=j.delegate_of(reference),
            at=j.OFFERED,
        )
