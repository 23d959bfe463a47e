"""A run as both doors show it: its figures, its ranked list 25 a page with reasons, and what it stands on."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import defer, joinedload

from trustfund.core.calendar import Meeting
from trustfund.core.countries import STATES
from trustfund.core.mandate import Mandate
from trustfund.core.money import major
from trustfund.core.priority import CATEGORIES
from trustfund.core.refusal import sentence, sentence_in
from trustfund.extensions import db
from trustfund.i18n import language, say
from trustfund.models.record import Event
from trustfund.models.selections import Override, PlaceRow, Selection
from trustfund.operations.meetings import Frame, frame_of
from trustfund.reports import reasons, words
from trustfund.services import clock
from trustfund.web.forms import query
from trustfund.web.paging import Page, page_of

PAGE = 25
TAGS = {
    "held": ("go", sentence("Seat held")),
    "proposed": ("go", sentence("Proposed")),
    "waiting": ("wait", sentence_in("list", "Waiting")),
    "over-quota": ("", sentence("Over quota")),
}
"""Outcome -> the class of its tag, and its word in the list."""
_COLUMNS = [column for column in PlaceRow.__table__.columns if column.name != "selection_id"]
_RUNS = select(Selection).options(defer(Selection.text))  # of 10,000 candidates it is long: for who asks for it


@dataclass(frozen=True)
class Line:
    """A row of the list. ``cuts``: the lines before it, ``money`` where the money ends, ``quota`` where that does."""

    place: Any
    name: str
    gender: str
    category: str
    region: str
    tag: tuple[str, str]  # its class, and the word of the outcome
    reason: str
    authority: str
    missing: Decimal
    cuts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filters:
    """What the address line asks of the list; what it cannot be is not asked for."""

    outcome: str
    category: str
    region: str
    q: str

    def __bool__(self) -> bool:
        return bool(self.outcome or self.category or self.region or self.q)

    def asked(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}

    def clauses(self, day: date) -> list[ColumnElement[bool]]:
        found = [
            column == value
            for column, value in (
                (PlaceRow.outcome, self.outcome),
                (PlaceRow.category, self.category),
                (PlaceRow.region, self.region),
            )
            if value
        ]
        if self.q:
            found.append((PlaceRow.public == self.q.upper()) | PlaceRow.state.in_(states_called(self.q, day)))
        return found


def states_called(text: str, day: date) -> list[str]:
    """The States of whose name on a day, in the reader's language, a text is a part; or of these three letters."""
    wanted, code = text.casefold(), language()
    return [iso3 for iso3, one in STATES.items() if wanted in one.name_on(day, code).casefold() or iso3 == text.upper()]


def run_of(meeting: str, number: int | None = None) -> Selection | None:
    """The latest kept run of a meeting, or the one of a number."""
    found = _RUNS.where(Selection.meeting == meeting, Selection.stage == "kept").order_by(Selection.run.desc()).limit(1)
    if number is not None:
        found = found.where(Selection.run == number)
    return db.session.scalars(found).one_or_none()


def run_called(reference: str) -> Selection | None:
    """For officers, who read who made and who kept it."""
    found = _RUNS.options(joinedload(Selection.made_by), joinedload(Selection.kept_by))
    return db.session.scalars(found.where(Selection.reference == reference)).unique().one_or_none()


class RunPage:
    """What the page of a run shows; each part is read once, when the page comes to it."""

    def __init__(self, run: Selection, frame: Frame):
        self.run, self.frame = run, frame
        self._said: dict[str, str] = {}
        self.annex: dict[str, Any] = json.loads(run.annex)
        self.figures, self.record = self.annex["figures"], self.annex["record"]
        regions = [word for word, *_ in self.figures["by_region"]]
        self.filters = Filters(
            _one_of(query("outcome"), TAGS),
            _one_of(query("category"), CATEGORIES),
            _one_of(query("region"), regions),
            query("q", 80),
        )

    @property
    def meeting(self) -> Meeting:
        return self.frame.meeting

    @property
    def mandate(self) -> Mandate:
        return self.frame.mandate

    def outcomes(self, *names: str) -> int:
        return sum(self.figures["outcomes"].get(name, 0) for name in names)

    def name(self, iso3: str) -> str:
        return STATES[iso3].name_on(self.meeting.first_day, language()) if iso3 in STATES else iso3

    def said(self, key: str) -> str:
        """A word that many rows have, in the reader's language: looked up once."""
        if key not in self._said:
            self._said[key] = say(key)
        return self._said[key]

    def usd(self, text: str) -> Decimal:
        return Decimal(text)

    @cached_property
    def money(self) -> Decimal:
        """What the run could use, all pots together."""
        tied = sum((Decimal(pot["amount"]) for pot in self.record.get("earmarked", ())), Decimal(0))
        return Decimal(self.record["spendable"]) + tied

    @property
    def ribbon(self) -> tuple[list["Block"], str]:
        return _ribbon(self.figures, Decimal(self.record["left"]))

    @cached_property
    def rules(self) -> list[tuple[str, str]]:
        """(code, authority) of the criteria, in their order."""
        return [(code, self._authorities.get(code, "")) for code in self.record["rules"]["priority"]]

    @cached_property
    def runs(self) -> list[int]:
        """The numbers of the published runs of the meeting, the latest first."""
        found = select(Selection.run).where(Selection.meeting == self.run.meeting, Selection.stage == "kept")
        return list(db.session.scalars(found.order_by(Selection.run.desc())))

    @cached_property
    def overrides(self) -> list[Any]:
        found = select(Override, Event.hash).join(Event, Event.seq == Override.seq)
        return list(db.session.execute(found.where(Override.selection_id == self.run.id).order_by(Override.seq)))

    @cached_property
    def entry(self) -> tuple[int, str]:
        """Place in the record and hash of the entry that made or kept the run."""
        found = db.session.execute(select(Event.seq, Event.hash).where(Event.seq == self.run.seq)).first()
        return (found.seq, found.hash) if found else (self.run.seq, "")

    @cached_property
    def unranked(self) -> dict[str, int]:
        """Code of a rule -> how many applications are not ranked because of it."""
        counts: dict[str, int] = {}
        for one in (*self.annex["refused"], *self.annex["not_ranked"]):
            for code in one["codes"]:
                counts[code] = counts.get(code, 0) + 1
        return counts

    @property
    def counted(self) -> tuple[tuple[str, list[list[Any]]], ...]:
        """The three tables of seats: by what, and rows of [word, asked, seats]."""
        return tuple((name, self.figures[f"by_{name}"]) for name in ("category", "region", "gender"))

    @cached_property
    def listed(self) -> int:
        """How many rows the filters leave."""
        if not self.filters:
            return int(self.figures["candidates"])
        return int(db.session.scalar(self._found().with_only_columns(func.count())) or 0)

    @cached_property
    def page(self) -> Page:
        return page_of(self._found(), PlaceRow.position, PAGE)

    @cached_property
    def lines(self) -> list[Line]:
        """The rows of the page in order, each with its reason; read in three statements whatever the size."""
        rows = self.page.rows
        following = self._following(rows)
        before = self._before(rows[0].position) if self.page.before else None
        lines = []
        for row in rows:
            lines.append(self._line(row, following.get(row.position + 1), self._cuts(before, row.position)))
            before = row.position
        return lines

    @property
    def cuts_at_the_end(self) -> tuple[str, ...]:
        """Where the list ends before anybody beyond the money is listed, the line stands at its end."""
        rows, (money, _) = self.page.rows, self._ends
        ends_here = rows and self.page.after is None and money is not None and rows[-1].position <= money
        return ("money",) if ends_here else ()

    def _found(self) -> Select[Any]:
        clauses = self.filters.clauses(self.meeting.first_day)
        return select(*_COLUMNS).where(PlaceRow.selection_id == self.run.id, *clauses)

    def _following(self, rows: Iterable[Any]) -> dict[int, Any]:
        """Position -> the place there, for the place after each row: under a filter it is not the next row."""
        here = {row.position: row for row in rows}
        missing = [position + 1 for position in here if position + 1 not in here]
        found = select(*_COLUMNS).where(PlaceRow.selection_id == self.run.id, PlaceRow.position.in_(missing))
        return here | {place.position: place for place in db.session.execute(found)}

    def _before(self, position: int) -> int | None:
        """The position of the row that the list has before a page."""
        found = self._found().with_only_columns(PlaceRow.position).where(PlaceRow.position < position)
        return db.session.scalar(found.order_by(PlaceRow.position.desc()).limit(1))

    @cached_property
    def _ends(self) -> tuple[int | None, int | None]:
        """The last place within the money and the last within the quota, each where something lies beyond."""
        figures = self.figures
        money = figures["last_seated"] if figures["first_waiting"] else None
        quota = figures["first_over_quota"] - 1 if figures["first_over_quota"] else None
        return money, quota

    def _cuts(self, before: int | None, position: int) -> tuple[str, ...]:
        return tuple(
            name
            for name, end in zip(("money", "quota"), self._ends, strict=True)
            if end is not None and (before is None or before <= end) and end < position
        )

    def _line(self, row: Any, next_row: Any, cuts: tuple[str, ...]) -> Line:
        reason = reasons.because(
            row.ahead_by, row.compared, self._stand(row), self._stand(next_row) if next_row else None, say
        )
        authority = reasons.authority(row.ahead_by, row.category, self._authorities, self._of_steps)
        tag, outcome = TAGS[row.outcome]
        return Line(
            place=row,
            name=self.name(row.state),
            gender=self.said(words.GENDER[row.gender]).lower(),
            category=self.said(words.CATEGORY_CODE[row.category]),
            region=self.said(words.REGION.get(row.region, row.region)),
            tag=(tag, self.said(outcome)),
            reason=reason,
            authority=self.said(authority),
            missing=major(row.missing, "USD"),
            cuts=cuts,
        )

    def _stand(self, row: Any) -> reasons.Stand:
        return reasons.Stand(self.name(row.state), row.region, row.category, row.gender, row.n)

    @cached_property
    def _authorities(self) -> Mapping[str, str]:
        return {rule.code: rule.authority for rule in self.mandate.priority}

    @property
    def _of_steps(self) -> str:
        return self.mandate.settings["steps"].authority


def page_for(run: Selection) -> RunPage:
    return RunPage(run, frame_of(db.session(), run.meeting, clock.today()))


@dataclass(frozen=True)
class Block:
    """A part of the ribbon, in per cent of its width."""

    kind: str  # class of the figure
    x: str
    width: str
    first: int
    last: int
    usd: Decimal


GAPS = 8  # per cent of the ribbon that lie between its blocks, at most
KIND = {"LDC": "f1", "LLDC/SIDS": "f2", "": "f1"}


def _ribbon(figures: Mapping[str, Any], left: Decimal) -> tuple[list[Block], str]:
    """The blocks of the money: first who is seated, then what is left over, then who is not; and where the money ends.

    ``left``: of the money of the run.
    """
    seated = [b for b in figures["ribbon"] if b[0] in ("held", "proposed")]
    beyond = [b for b in figures["ribbon"] if b[0] not in ("held", "proposed")]
    parts = [(KIND.get(b[1], "f3"), Decimal(b[2]), b[3], b[4]) for b in seated]
    parts += [("f4", left, 0, 0)] if left else []
    parts += [("f0", Decimal(b[2]), b[3], b[4]) for b in beyond]
    whole = sum((part[1] for part in parts), Decimal(0)) or Decimal(1)
    gap = min(0.18, GAPS / max(len(parts), 1))
    share = (100 - gap * len(parts)) / float(whole)
    blocks, x, end = [], 0.0, 0.0
    for kind, usd, first, last in parts:
        width = float(usd) * share
        blocks.append(Block(kind, f"{x:.2f}", f"{max(width, 0.05):.2f}", first, last, usd))
        x += width + gap
        end = end if kind == "f0" else x
    return blocks, f"{max(end - gap / 2, 0):.2f}"


def number(name: str = "run") -> int | None:
    """A number of the address line; None where it asks for none, 0 where it is none."""
    text = request.args.get(name, "")
    return None if not text else int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _one_of(word: str, known: Iterable[str]) -> str:
    return word if word in known else ""
