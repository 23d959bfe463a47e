"""Delegates with seats at the first round in a house of the doors, and their journeys up to the day of payment.

Hind is paid to an IBAN in dollars, Bikash in rupees to an account without IBAN, Mele in cash; Kwame's account is in
cedis, for which there is no rate.
"""

import shutil
from pathlib import Path

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.conftest import FAST
from trustfund.app import create_app
from trustfund.extensions import db
from trustfund.operations import bank, proposals
from trustfund.services.clock import clock

HIND, BIKASH, MELE, KWAME = "Hind Tayeb", "Bikash Thapa", "Mele Losa", "Kwame Mensah"
STATE_OF = {HIND: "SDN", BIKASH: "NPL", MELE: "FJI", KWAME: "GHA"}
RUPEES = "0012-3456/789"
ACCOUNT = {HIND: (j.IBAN, "USD"), BIKASH: (RUPEES, "NPR"), KWAME: ("99887766", "GHS")}


def furnished_with(furnished: tuple[Path, dict[str, str]], folder: Path, steps) -> tuple[Path, dict[str, str]]:
    """A copy of a furnished house in which each journey has come to a step of journeys.STEPS. ``steps``: by name."""
    shutil.copytree(furnished[0], folder)
    app = create_app(FAST, instance=str(folder))
    with app.app_context(), clock().at(b.AT):
        awards = _seated()
        for step in j.STEPS:  # each step of all before the next of anybody: days follow upon days
            for name, last in steps.items():
                if j.STEPS.index(step) <= j.STEPS.index(last):
                    _made(name, awards[name], step)
        db.session.remove()
        db.engine.dispose()
    return folder, {**furnished[1], **awards}


def at(house, instant) -> None:
    """The house's clock at an instant, until it is set again."""
    with house.at_work():
        clock()._set = instant


def sent(visitor, page, to, **more):
    """Send a form of a page with these values, which may be lists, over what stands there."""
    action, fields = page.form(to)
    return visitor.open(action, method="POST", data={**fields, **more})


def _seated() -> dict[str, str]:
    b.officer("Tomas Brandt", "approving", password=True)
    seats.paid_in("60000.00", at=b.AT, bank="NO-1")
    b.rate("NPR", "102.5", "2018-01-20")
    content = {"amount": "40000.00", "basis": "decided", "document": "Allotment advice 2018/1"}
    with seats.on(b.AT):
        made = proposals.propose(
            "allotment.changed",
            subject="N1",
            content=content,
            reason="It was forgotten.",
            by=seats.who("Rafael"),
            at=b.AT,
        )
        proposals.confirm(made.on, by=seats.who("Lise"), at=b.AT)
    public = {name: seats.delegate(name, state, at=b.AT) for name, state in STATE_OF.items()}
    seats.closed(at=b.AT)
    seats.kept_by_two(seats.previewed(at=b.AT), at=b.AT)
    return {name: j.of_seat(seat).reference for name, seat in public.items()}


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
