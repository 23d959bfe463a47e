"""Files as they come: UTF-8 with or without BOM, comma or semicolon, each line known by its number in the file.

All of a file is booked, or nothing.
"""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from trustfund.core.refusal import Refused
from trustfund.operations.operation import Operation, keep_refusal, writing

Line = dict[str, str]


class BadFile(Refused):
    """A file of which nothing was booked. ``lines``: the number of each bad line and why; 0 is the file as a whole."""

    def __init__(self, lines: list[tuple[int, Refused]]):
        super().__init__("Nothing was booked.")
        self.lines = lines

    @property
    def faults(self) -> list[str]:
        """One sentence for each, as commands say it."""
        return [f"line {number}: {why}" if number else str(why) for number, why in self.lines]


class _DryRun(Exception):
    """Leaves the transaction so that nothing is kept."""


@contextmanager
def whole_file(action: str, *, by: str, at: datetime, dry_run: bool) -> Iterator[Operation]:
    """One transaction for all of a file, of which a dry run keeps nothing. ``action``: what a refusal was about."""
    try:
        with writing(by=by, at=at) as op, op.session.no_autoflush:
            yield op
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    except Refused as refused:
        keep_refusal(refused, action, on="", by=by, at=at)
        raise


def lines_of(name: str, content: bytes, columns: tuple[str, ...]) -> list[tuple[int, Line]]:
    """The lines of a file with their numbers; BadFile says what is wrong. ``name``: what the file is called."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        why = Refused("{name} is not UTF-8 text (byte {n}).", name=name, n=error.start + 1)
        raise BadFile([(0, why)]) from error
    first = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True
    )
    try:
        header = [name.strip() for name in next(reader, [])]
        if sorted(header) != sorted(columns):
            found, wanted = ", ".join(header), ", ".join(columns)
            raise BadFile(
                [(1, Refused("the columns are {found}; they should be {wanted}.", found=found, wanted=wanted))]
                if found
                else [(1, Refused("the columns are missing; they should be {wanted}.", wanted=wanted))]
            )
        return list(_lines(reader, header))
    except csv.Error as error:
        raise BadFile([(reader.line_num, Refused("it cannot be read: {reason}.", reason=error))]) from error


def _lines(reader: Iterator[list[str]], header: list[str]) -> Iterator[tuple[int, Line]]:
    while True:
        number = reader.line_num + 1  # type: ignore[attr-defined]
        row = next(reader, None)
        if row is None:
            return
        if not row or not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            why = Refused("it has {n} columns; the header has {m}.", n=len(row), m=len(header))
            raise BadFile([(number, why)])
        yield number, dict(zip(header, row, strict=True))


def source_of(line: Line) -> str:
    """Who says so: a few words on one line."""
    source = line["source"].strip()
    if not source or len(source) > 80 or not source.isprintable():
        raise Refused("A rate names its source.")
    return source


def day_of(text: str) -> date:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip()):
            raise ValueError  # a week and its day are ten characters too
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused("“{text}” is not a date. Use year-month-day, for example 2017-06-12.", text=text[:20]) from None
