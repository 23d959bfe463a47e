"""Applications come in as a file: the server gives references, the file's own one is kept beside."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from trustfund.core.completion import completed_at, folded
from trustfund.core.countries import state
from trustfund.core.money import amount_of
from trustfund.core.refusal import Refused
from trustfund.models.applications import Application
from trustfund.operations.answers import LARGEST_TEXTS
from trustfund.operations.applications import public_reference, submission
from trustfund.operations.assessment import missing, nominated
from trustfund.operations.imports import Imported, Line, book_all, day_of, read
from trustfund.operations.meetings import Frame, frame_of
from trustfund.operations.operation import Fact, Operation
from trustfund.operations.people import address_of
from trustfund.services import chance

APPLICATIONS = (
    "external_reference",
    "meeting",
    "state",
    "given_names",
    "family_name",
    "gender",
    "date_of_birth",
    "email",
    "position",
    "organisation",
    "note_verbale",
    "note_verbale_date",
    "government_order",
    "completed_at",
    "home_city",
    "fare",
    "fare_currency",
)
OLDEST = date(1900, 1, 1)
UNSEEN = ("Cc", "Cf", "Zl", "Zp")
"""Kinds of characters that show nothing, end a line or turn the direction of what follows."""
JOINERS = "\u200c\u200d"  # Persian and the scripts of India write names with them
IN_NAMES = {"given_names": "\t\u200e\u200f\u061c", "family_name": "\t\u200e\u200f\u061c"}
"""What keyboards leave in a name, and what turns nothing but itself: a name stays as it was typed."""


def import_applications(
    path: Path, *, at: datetime, dry_run: bool = False, progress: Callable[[int, int], None] | None = None
) -> Imported:
    """Applications that came outside the pages. A ``completed_at`` of the file waits for a second officer."""
    return import_lines(read(path, APPLICATIONS), at=at, dry_run=dry_run, progress=progress)


def import_lines(
    lines: list[tuple[int, Line]],
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    return book_all(lines, "application", _Applications().line, at=at, dry_run=dry_run, progress=progress)


class _Applications:
    """Books the lines of a file; what is known is read once."""

    def __init__(self) -> None:
        self._frames: dict[str, Frame] = {}
        self._public: set[str] | None = None
        self._external: set[tuple[str, str]] = set()

    def line(self, op: Operation, line: Line) -> tuple[str, Fact]:
        if self._public is None:
            rows = op.session.execute(
                select(Application.public, Application.meeting, Application.external_reference)
            ).all()
            self._public = {row.public for row in rows}
            self._external = {(row.meeting, row.external_reference) for row in rows if row.external_reference}
        line = {column: text.strip() for column, text in line.items()}
        frame = self._frame(op, line["meeting"])
        external = line["external_reference"]
        if external and (frame.meeting.code, external) in self._external:
            raise Refused(
                "The external reference {external} has an application for {meeting} already.",
                external=external[:80],
                meeting=frame.meeting.code,
            )
        made = self._application(op, frame, line)
        op.session.add(made)
        self._external.add((frame.meeting.code, external))
        flag = {"flag": "back-dated"} if made.completion_typed else {}
        return "application.imported", Fact(on=made.reference, after="submitted", data=submission(made) | flag)

    def _application(self, op: Operation, frame: Frame, line: Line) -> Application:
        texts = {column: _text(line, column, longest) for column, longest in LARGEST_TEXTS.items() if column in line}
        if texts["email"]:
            texts["email"] = address_of(texts["email"])
        if texts["fare"]:
            amount_of(texts["fare"], texts["fare_currency"])
        if line["gender"] not in ("F", "M", ""):
            raise Refused("“{gender}” is no gender of a passport. Use F, M or nothing.", gender=line["gender"][:10])
        typed = _instant(line["completed_at"])
        made = Application(
            **texts,
            reference=chance.reference("T"),
            public=public_reference(frame.meeting, self._public),
            external_reference=_text(line, "external_reference", 80),
            account_id=None,
            meeting=frame.meeting.code,
            state=state(line["state"]).iso3,
            stage="submitted",
            folded=folded(texts["given_names"], texts["family_name"])[:300],
            gender=line["gender"],
            date_of_birth=_born(line["date_of_birth"], op.today),
            note_verbale_date=day_of(line["note_verbale_date"]) if line["note_verbale_date"] else None,
            note_to_follow=False,
            government_order=_order(line["government_order"]),
            paid_elsewhere=False,
            language="en",
            begun_at=op.at,
            submitted_at=op.at,
            completion_typed=typed is not None,
            seq=op.next_seq,
        )
        whole = not missing(made) and nominated(made, (), op.at, 0)
        made.completed_at = completed_at(typed, typed or op.at, complete=whole, call=frame.call)
        if typed and not made.completed_at:
            raise Refused("It says when the file was complete, but something is missing: {what}.", what=_lacks(made))
        if typed and typed > op.at:
            raise Refused("The file was not complete on {day}, which lies ahead.", day=typed.date())
        if typed and typed < frame.call.opens:
            raise Refused(
                "The file was not complete on {day}: the call opens on {opens}.",
                day=typed.date(),
                opens=frame.call.opens.date(),
            )
        return made

    def _frame(self, op: Operation, code: str) -> Frame:
        if code not in self._frames:
            self._frames[code] = frame_of(op.session(), code, op.today)
        return self._frames[code]


def _lacks(made: Application) -> str:
    columns = ("given_names", "date_of_birth", "email", "position", "organisation", "note_verbale", "home_city")
    return ", ".join(column for column in (*columns, "note_verbale_date") if not getattr(made, column))


def _text(line: Line, column: str, longest: int) -> str:
    text = line[column]
    if len(text) > longest:
        raise Refused("{column} has at most {n} characters on one line.", column=column, n=longest)
    for c in text:
        if unicodedata.category(c) in UNSEEN and c not in JOINERS + IN_NAMES.get(column, ""):
            raise Refused(
                "{column} has a character that cannot be seen: {code}. Remove it.",
                column=column,
                code=f"U+{ord(c):04X}",
            )
    return text


def _order(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 3 and int(text)):
        raise Refused("“{text}” is no order of a Government. Use 1, 2, 3 or nothing.", text=text[:10])
    return int(text)


def _born(text: str, today: date) -> date | None:
    if not text:
        return None
    day = day_of(text)
    if not OLDEST <= day < today:
        raise Refused("{day} is no date of birth. Use a day from 1900 to yesterday.", day=day)
    return day


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(
            "“{text}” is no instant. Use a time with its offset, for example 2018-01-10T09:00:00Z.", text=text[:30]
        ) from None
