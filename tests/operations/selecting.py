"""Four delegates of the first round, the money for them, and what a run makes of both."""

from decimal import Decimal

from sqlalchemy import select

from tests import seats
from trustfund.core.money import major
from trustfund.extensions import db
from trustfund.models.selections import SetAside


def officers_and_money():
    """Officers, and 200,000 dollars in the bank."""
    seats.officers()
    seats.paid_in("200000.00")


def four_delegates():
    """An allotment; delegates of Sudan and Nepal (LDC), Fiji (a small island) and Ghana; the call has closed."""
    seats.allotted()
    found = {
        state: seats.delegate(name, state)
        for name, state in (("Amna", "SDN"), ("Bikash", "NPL"), ("Litia", "FJI"), ("Kofi", "GHA"))
    }
    seats.closed()
    return found


def taken(reference):
    """What a run holds of each pot, in US dollars."""
    found: dict[str, Decimal] = {}
    for row in db.session.scalars(select(SetAside).where(SetAside.selection_id == seats.run(reference).id)):
        found[row.earmark] = found.get(row.earmark, Decimal(0)) + major(row.usd, "USD")
    return found
