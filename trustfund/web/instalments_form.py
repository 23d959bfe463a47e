"""The instalments of a contribution as a form has them: rows of a day and an amount, as many as there may be."""

from datetime import date
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from trustfund.core.instalments import MOST, Row
from trustfund.core.refusal import sentence
from trustfund.i18n import say

UP_TO_SIX = sentence(
    "Up to six, in the order of their days; together they make the amount. Leave them empty where all is due at once."
)
SHOWN = 3
PARTS = ("day", "month", "year", "amount")


class InstalmentsField(Field):
    """Each row is a day in three boxes and an amount; empty rows are left out. The deed judges days and sum.

    ``data``: the rows that are filled in; None where the page did not ask.
    """

    def _value(self) -> str:
        return ""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.data: list[Row] | None = None
        self.rows = [dict.fromkeys(PARTS, "") for _ in range(MOST)]
        for row, (day, amount) in zip(self.rows, data or (), strict=False):
            row |= {"day": str(day.day), "month": str(day.month), "year": str(day.year), "amount": amount}
        if formdata is not None and f"{self.name}-0-day" in formdata:
            self.data = []
            for n, row in enumerate(self.rows):
                row |= {part: formdata.get(f"{self.name}-{n}-{part}", "").strip()[:20] for part in PARTS}

    @property
    def filled(self) -> int:
        """The number of the last row in which something stands; 0 where none does."""
        return max((n for n, row in enumerate(self.rows, 1) if any(row.values())), default=0)

    @property
    def shown(self) -> int:
        """So many rows are there at once: those that are filled in and, up to three, empty ones."""
        return max(self.filled, SHOWN)

    def pre_validate(self, form: Any) -> None:
        if self.data is None:
            return
        for n, row in enumerate(self.rows, 1):
            if not any(row.values()):
                continue
            if not all(row.values()):
                raise ValidationError(say("Instalment {n} needs its day, month, year and amount.", n=n))
            try:
                if len(row["year"]) != 4 or not all(_figures(row[part]) for part in PARTS[:3]):
                    raise ValueError
                day = date(*(int(row[part]) for part in ("year", "month", "day")))
            except (ValueError, OverflowError):
                raise ValidationError(
                    say("The day of instalment {n} is not a date. Enter it in figures, for example 12 6 2017.", n=n)
                ) from None
            self.data.append((day, row["amount"]))


def _figures(text: str) -> bool:
    return text.isascii() and text.isdecimal()
