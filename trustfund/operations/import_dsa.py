"""Daily allowances come in as a file, exactly as their source has them; a rate once recorded stays."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from trustfund.core.money import Money, amount_of, major, minor
from trustfund.core.refusal import Refused
from trustfund.core.roles import SYSTEM
from trustfund.models.allowances import DsaRate
from trustfund.operations.import_files import Line, day_of, source_of
from trustfund.operations.imports import Imported, book_all, read
from trustfund.operations.operation import Fact, Operation

DSA = ("place", "currency", "rate", "from", "lodging_share", "source")
_SHARE = re.compile(r"(0|1)(\.[0-9]{1,6})?", re.ASCII)


def import_dsa(
    path: Path, *, at: datetime, dry_run: bool = False, progress: Callable[[int, int], None] | None = None
) -> Imported:
    """Rates of the daily subsistence allowance, each of a place from a day on."""
    return book_dsa(read(path, DSA), at=at, dry_run=dry_run, progress=progress)


def book_dsa(
    lines: list[tuple[int, Line]],
    *,
    at: datetime,
    by: str = SYSTEM,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    return book_all(lines, "dsa", _Allowances().line, at=at, by=by, dry_run=dry_run, progress=progress)


class _Allowances:
    """Books the lines of a file; what is known is read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, date], DsaRate] | None = None

    def line(self, op: Operation, line: Line) -> tuple[str, Fact | None]:
        if self._known is None:
            self._known = {(row.place, row.day): row for row in op.session.scalars(select(DsaRate))}
        made = _rate(op, line)
        if kept := self._known.get((made.place, made.day)):
            _same(kept, made)
            return "dsa.recorded", None
        self._known[made.place, made.day] = made
        op.session.add(made)
        data = {name: getattr(made, name) for name in ("place", "currency", "rate", "lodging", "source")}
        return "dsa.recorded", Fact(on=f"dsa:{made.place[:40]}:{made.day}", data=data | {"day": made.day.isoformat()})


def _rate(op: Operation, line: Line) -> DsaRate:
    place, currency = " ".join(line["place"].split()), line["currency"].strip()
    if not place or len(place) > 80 or not place.isprintable():
        raise Refused("A daily allowance names its place, in at most 80 characters.")
    return DsaRate(
        place=place,
        day=day_of(line["from"]),
        currency=currency,
        rate=minor(amount_of(line["rate"], currency), currency),
        lodging=_share(line["lodging_share"].strip()),
        source=source_of(line),
        seq=op.next_seq,
    )


def _share(text: str) -> str | None:
    if not text:
        return None
    if not _SHARE.fullmatch(text) or Decimal(text) > 1:
        raise Refused(
            "“{text}” is no share of lodging. Use a fraction from 0 to 1, for example 0.50, or nothing.", text=text[:20]
        )
    return text


def _same(kept: DsaRate, made: DsaRate) -> None:
    """Refused unless a line says what is recorded of its place and day already."""

    def said(rate: DsaRate) -> tuple[object, ...]:
        lodging = Decimal(rate.lodging) if rate.lodging is not None else None
        return rate.currency, rate.rate, lodging, rate.source

    if said(kept) != said(made):
        raise Refused(
            "The allowance of {place} from {day} is recorded as {kept}, share of lodging “{lodging}”, source "
            "“{source}”. A rate once recorded stays; record another from a later day.",
            place=made.place,
            day=made.day,
            kept=Money(major(kept.rate, kept.currency), kept.currency),
            lodging=kept.lodging or "",
            source=kept.source,
        )
