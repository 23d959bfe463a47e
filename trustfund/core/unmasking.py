"""What is sealed of an application, to whom it is shown, for which reason, and how long (fund practice)."""

from datetime import datetime, time, timedelta

from trustfund.core.roles import Function

LASTS = timedelta(hours=8)
MAY_SEE: dict[str, frozenset[Function]] = {
    "passport": frozenset({Function.SCREENING}),
    "bank": frozenset({Function.SCREENING, Function.CERTIFYING, Function.PAYING}),
}
"""What is sealed -> the designations whose work needs it. Of the head, auditors and administrators it is nobody's."""
REASONS: dict[str, tuple[str, ...]] = {
    "passport": ("screening", "duplicate", "ticket", "traveller", "audit", "other"),
    "bank": ("screening", "duplicate", "payment", "traveller", "audit", "other"),
}
"""What is sealed -> why it may be shown: stable words that the record keeps for ever."""
IN_WORDS = "other"
"""The reason that says nothing without words."""
SEALED_FILES = {"passport": "passport", "visa": "passport", "bank-form": "bank"}
"""Kind of a file -> what it shows."""


def shown_until(at: datetime) -> datetime:
    """On the same day of the fund's clock, for at most eight hours."""
    midnight = datetime.combine(at.date() + timedelta(days=1), time(), at.tzinfo)
    return min(at + LASTS, midnight)
