"""The state of the fund in figures, for the home page and the desks: one honest sum."""

from dataclasses import dataclass
from decimal import Decimal

from trustfund.extensions import db
from trustfund.models.fund import reserve_of
from trustfund.models.record import pots
from trustfund.operations.activities import Used, used_by_activities
from trustfund.services import clock


@dataclass(frozen=True)
class State:
    """Received = spent + committed + reserve + spendable, in USD; all earmarks together and each apart. Committed is
    also what kept runs hold for the seats that they proposed. ``activities``: what of the spent and of the committed is
    not for journeys but for preparatory activities."""

    received: Decimal
    spent: Decimal
    committed: Decimal
    reserve: Decimal
    spendable: Decimal
    reserve_rate: Decimal
    earmarked: tuple[tuple[str, Decimal], ...]  # earmark, spendable of it
    activities: Used

    def parts(self) -> list[tuple[str, Decimal, str]]:
        """Class of the figure, value and share in per cent of what was received, in the order spent … spendable."""
        whole = max(self.received, Decimal("0.01"))
        values = (("f1", self.spent), ("f2", self.committed), ("f3", self.reserve), ("f4", self.spendable))
        return [(name, value, f"{max(value, Decimal(0)) * 100 / whole:.2f}") for name, value in values]


def state() -> State:
    """Read from the kept balances in one statement, and what the activities used in another."""
    today = clock.today()
    rate = reserve_of(db.session(), today)
    by_earmark = pots(db.session(), rate, today)
    nil = Decimal("0.00")
    received, spent, promised, aside, free = (sum((pot[i] for pot in by_earmark.values()), nil) for i in range(5))
    committed = promised + aside
    return State(
        received,
        spent,
        committed,
        received - spent - committed - free,
        free,
        rate,
        tuple((earmark, pot.spendable) for earmark, pot in by_earmark.items() if earmark),
        used_by_activities(db.session()),
    )
