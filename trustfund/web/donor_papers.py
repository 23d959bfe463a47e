"""All papers of a donor, by year, for its own desk and for the officers' page of it; read in a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from trustfund.core.instalments import Standing
from trustfund.extensions import db
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.operations import donor_years
from trustfund.operations.instalments import standing_of
from trustfund.services import clock

NEWEST = 100
"""Of so many pledges agreements and calls are listed; those of older ones stand on their own pages."""


@dataclass(frozen=True)
class YearPapers:
    """What there is of a year: the statement always; a certificate where something came, and its receipts."""

    year: int
    statement: bool
    receipts: Sequence[Any]


@dataclass(frozen=True)
class Papers:
    """``agreements``: pledges for which one is drawn up; ``calls``: a pledge and its unpaid instalment."""

    years: Sequence[YearPapers]
    agreements: Sequence[Pledge]
    calls: Sequence[tuple[Pledge, Standing]]


def papers_of(donor: Donor) -> Papers:
    """The years latest first; the calls by their days."""
    deposits = db.session.execute(
        select(Deposit.reference, Deposit.value_date, Deposit.currency, Deposit.amount)
        .where(Deposit.donor_id == donor.id)
        .order_by(Deposit.value_date.desc(), Deposit.id.desc())
    ).all()
    pledges = db.session.scalars(
        select(Pledge)
        .where(Pledge.donor_id == donor.id)
        .options(selectinload(Pledge.drafts), selectinload(Pledge.instalments))
        .order_by(Pledge.id.desc())
        .limit(NEWEST)
    ).all()
    agreed = donor_years.first_agreed(db.session(), donor.reference)
    return Papers(
        [
            YearPapers(
                year,
                agreed is not None and agreed.year <= year,
                [one for one in deposits if one.value_date.year == year],
            )
            for year in donor_years.years(db.session(), donor.reference, clock.today())
        ],
        [pledge for pledge in pledges if pledge.drafts],
        sorted(_calls(pledges), key=lambda call: call[1].day),
    )


def _calls(pledges: Sequence[Pledge]) -> list[tuple[Pledge, Standing]]:
    """What is agreed and not yet paid."""
    return [(p, due) for p in pledges if p.agreed and p.owed for due in standing_of(p) if due.owed]
