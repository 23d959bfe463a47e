"""The shipped mandate, and the same with a line, a setting, a call or its fees otherwise."""

import re
from datetime import datetime
from pathlib import Path

from trustfund.core.calendar import CallDates
from trustfund.core.mandate import load

TEXT = (Path(__file__).parents[2] / "trustfund/mandates/a-res-71-280.toml").read_text(encoding="utf-8")
MANDATE = load(TEXT)


def fee(code: str, rate: str, base: str = "expenditure", begins: str = "2017-04-03", ends: str = "") -> str:
    """A fee as a mandate file tells it."""
    return (
        f'[[fees]]\ncode = "{code}"\nname = {{ en = "Fee", fr = "Frais" }}\nrate = {rate}\nbase = "{base}"\n'
        f"from = {begins}\n" + (f"to = {ends}\n" if ends else "") + 'authority = "fund practice"\n'
    )


MPTF_FEES = fee("agent", "0.01", "deposit") + "\n" + fee("indirect-cost", "0.07")


def edited(old: str, new: str) -> tuple[str, int]:
    """The shipped text with the first ``old`` replaced, and the line where it stood."""
    assert old in TEXT
    return TEXT.replace(old, new, 1), 1 + TEXT[: TEXT.index(old)].count("\n")


def with_fees(fees: str) -> str:
    return re.sub(r"\[\[fees\]\].*?(?=\n# Kept back)", lambda _: fees, TEXT, flags=re.DOTALL)


def with_setting(**changed):  # type: ignore[no-untyped-def]
    """The settings of the mandate, some of them otherwise."""
    return lambda code: changed[code] if code in changed else MANDATE.setting(code)


def dated(opens: str, closes: str, zone: str) -> CallDates:
    """The dates of a call that the mandate itself names."""
    return CallDates(datetime.fromisoformat(opens), datetime.fromisoformat(closes), zone, "fund practice")
