"""A fund with many certified awards of one price and the money for some of them: for storms of approvals.

The awards are made by the product's own deeds; only what their run had set aside is taken away in the table, so that
they compete for the money in the bank. `verify` names exactly those rows.
"""

import math
import re
from datetime import date
from decimal import Decimal

from sqlalchemy import delete, select

from tests import builders as b
from tests import journeys as j
from tests import seats
from trustfund.core.countries import STATES
from trustfund.core.country_status import status_on
from trustfund.extensions import db
from trustfund.models.awards import Award
from trustfund.models.fund import mandate_on
from trustfund.models.record import pots
from trustfund.models.selections import SetAside
from trustfund.operations import awards, fund, import_applications, offers, screening, treasury
from trustfund.operations.journeys import journey_of

SEATS_OF_A_STATE = 10
RESERVE = Decimal("0.15")


def mandate() -> str:
    """The fund's own, with one planning fare for all and ten seats for a State: every journey costs the same."""
    text = fund.shipped_mandate("a-res-71-280")
    text = re.sub(r'(subregion = "[^"]+", venue = "[^"]+", usd = )[0-9.]+', r"\g<1>1000.00", text)
    steps = ", ".join(f'["LDC", {n}]' for n in range(1, SEATS_OF_A_STATE + 1))
    return re.sub(r'\["LDC", 1\],.*?\["self-financing", 1\],', steps + ",", text, flags=re.S)


def officers(n: int) -> list[str]:
    """The usual ones, and so many who approve: their addresses. All can sign in."""
    seats.officers()
    with seats.on(seats.AUTUMN):
        for k in range(n):
            b.officer(f"Approver{k} Example", "approving", password=True)
        b.account("auditor", "Auditor Example", password=True)
    return [f"approver{k}@example.org" for k in range(n)]


def certified(n: int, money_for: int) -> list[tuple[str, int]]:
    """So many certified awards, with money in the bank for ``money_for`` of them: references and versions."""
    _rich()
    _applied(n)
    seats.closed()
    seats.kept(seats.previewed())
    found = list(db.session.scalars(select(Award.reference).order_by(Award.id)))
    assert len(found) == n, f"{len(found)} seats"
    with seats.on(j.OFFERED):
        for reference in found:
            offers.accept(
                reference, seen=j.award(reference).seq, document="Letter 1", by=seats.who("Ines"), at=j.OFFERED
            )
    with seats.on(j.CERTIFIED):
        for reference in found:
            award = j.award(reference)
            seen = journey_of(db.session(), award, j.CERTIFIED.date()).digest
            awards.certify(reference, seen=award.seq, cost_seen=seen, by=seats.who("Rafael"), at=j.CERTIFIED)
    charge = j.award(found[0]).charge or 0
    assert set(db.session.scalars(select(Award.charge))) == {charge}
    _leave(charge * money_for)
    return [(reference, j.award(reference).seq) for reference in found]


def _rich() -> None:
    seats.paid_in("4000000.00")
    seats.allotted("3000000.00")


def _applied(n: int) -> None:
    settings = mandate_on(db.session(), date(2017, 11, 2)).setting
    ldcs = [state for state in STATES.values() if status_on(state, date(2018, 2, 20), settings).category == "LDC"]
    lines = []
    for k in range(n):
        state = ldcs[k % len(ldcs)]
        lines.append(
            {
                "external_reference": f"X/{k}",
                "meeting": "N1",
                "state": state.iso3,
                "given_names": f"Given{k}",
                "family_name": f"Family{k}",
                "gender": "F" if k % 2 else "M",
                "date_of_birth": f"19{60 + k % 40}-0{1 + k % 9}-11",
                "email": f"d{k}@example.org",
                "position": "Counsellor",
                "organisation": "Ministry",
                "note_verbale": f"NV/{k}",
                "note_verbale_date": "2017-12-20",
                "government_order": "",
                "completed_at": "",
                "home_city": "Capital",
                "fare": "",
                "fare_currency": "",
            }
        )
    with seats.on(seats.APPLIED):
        import_applications.import_lines(list(enumerate(lines, 2)), at=seats.APPLIED)
        for reference, seq in db.session.execute(
            select(seats.Application.reference, seats.Application.seq).order_by(seats.Application.id)
        ).all():
            screening.accept(reference, seen=seq, by=seats.who("Ines"), at=seats.APPLIED)


def _leave(cents: int) -> None:
    """Nothing is set aside any more, and bank charges leave just so much to spend."""
    db.session.rollback()
    db.session.execute(delete(SetAside))
    db.session.commit()
    with seats.on(j.CERTIFIED):
        came_in = pots(db.session(), RESERVE, j.CERTIFIED.date())[""].came_in
        wanted = Decimal(math.ceil(cents * (1 + RESERVE))) / 100  # the least that leaves it after the reserve
        treasury.record_charge(
            "main",
            amount=f"{came_in - wanted:.2f}",
            value_date=j.CERTIFIED.date(),
            bank_reference="CHARGE-1",
            by=seats.who("Salma"),
            at=j.CERTIFIED,
        )
        left = pots(db.session(), RESERVE, j.CERTIFIED.date())[""].spendable
        assert left == Decimal(cents) / 100, f"{left} is left, not {Decimal(cents) / 100}"
