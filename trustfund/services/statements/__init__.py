"""Bank statements: MT940, camt.053 and CSV, read into one shape or refused in one sentence.

The file is read by ``child.py`` in a process of its own (``apart``); nothing of it is believed before it is whole.
"""

import json
import logging
import re
import subprocess
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from trustfund.core.refusal import Refused
from trustfund.services import apart
from trustfund.services.statements.answer import heard
from trustfund.services.statements.child import LARGEST, MB
from trustfund.services.statements.columns import Mapping
from trustfund.services.statements.decoding import kind_of, of_columns
from trustfund.services.statements.headings import guess
from trustfund.services.statements.statement import Line, Statement, identity

__all__ = ["Line", "Mapping", "Statement", "guess", "guessed", "identity", "is_csv", "read"]

log = logging.getLogger(__name__)

PROGRAM = Path(__file__).with_name("child.py")
PATIENCE = 25  # seconds, on a busy machine

_KINDS: dict[str, Callable[[Any], object]] = {"day": date.fromisoformat, "amount": Decimal, "plain": lambda said: said}


def read(content: bytes, mapping: Mapping | None = None) -> tuple[Statement, ...]:
    """The statements of a bank's file in its order, or ``Refused``. ``mapping`` is for a CSV; without it, a guess."""
    if len(content) > LARGEST:
        raise _too_large()
    try:
        chosen = (mapping.as_json() if mapping else "").encode()
        code, said = apart.asked(PROGRAM, chosen + b"\n" + content, patience=PATIENCE)
    except subprocess.TimeoutExpired:
        raise _unreadable() from None
    try:
        return _understood(code, said)
    except (ValueError, KeyError, TypeError, ArithmeticError):  # it broke, or was broken into
        log.warning("the reading of a bank's file of %d bytes ended with code %d", len(content), code)
        raise _unreadable() from None


def is_csv(content: bytes) -> bool:
    """Whether somebody must say, or has said, which column is what."""
    return kind_of(content) == "columns"


def guessed(content: bytes) -> Mapping:
    """The first guess at the columns of a CSV, for a person to look at."""
    if len(content) > LARGEST:
        raise _too_large()
    return guess(of_columns(content))


def _understood(code: int, said: bytes) -> tuple[Statement, ...]:
    if code:
        raise ValueError(code)
    answer: dict[str, Any] = json.loads(said)
    if "unfolds" in answer:
        raise _unreadable()
    if "refused" in answer:
        values = {re.sub(r"\W", "", name): _KINDS[kind](value) for name, (kind, value) in answer["values"].items()}
        raise Refused(answer["refused"], field="file", **values)
    return tuple(heard(each) for each in answer["statements"])


def _too_large() -> Refused:
    return Refused(
        "The file has more than {most} MB. Export a shorter time from the bank.", field="file", most=LARGEST // MB
    )


def _unreadable() -> Refused:
    return Refused(
        "The file takes too long or too much room to read. Export a shorter time from the bank.", field="file"
    )
