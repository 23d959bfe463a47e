"""Exceptions: everything that went another way than the usual one, and every attempt that the fund refused."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from trustfund.core.record import REFUSALS
from trustfund.core.refusal import sentence
from trustfund.models.record import Event
from trustfund.reports import words
from trustfund.reports.report import Column, Kind, Report, Value
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("entry", sentence("Entry"), Kind.NUMBER, width=0.7),
    Column("day", sentence("Day"), Kind.DATE),
    Column("exception", sentence("Exception"), Kind.WORD, width=2.6),
    Column("deed", sentence("Deed"), Kind.WORD, width=1.8),
    Column("subject", sentence("About"), Kind.CODE, width=1.4),
    Column("by", sentence("By"), Kind.CODE, width=1.2),
    Column("second", sentence("Proposed by"), Kind.CODE, width=1.2, on_page=False),
)
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Test:
    """Which entries: of these deeds, or of any where none is named, and by what their data say."""

    deeds: frozenset[str]
    says: Callable[[Data], bool]

    def holds(self, deed: str, data: Data) -> bool:
        return (not self.deeds or deed in self.deeds) and self.says(data)


def _does(action: str, says: Callable[[Data], bool] = lambda _: True) -> Test:
    return Test(frozenset({action}), says)


def _refused(rule: str) -> Test:
    return Test(REFUSALS, lambda data: data.get("rule") == rule)


def _flag(flag: str) -> Test:
    return Test(frozenset(), lambda data: data.get("flag") == flag)


def _dearer(data: Data) -> bool:
    return bool(data.get("sealed", {}).get("reason"))


EXCEPTIONS: tuple[tuple[str, str, Test], ...] = (
    (
        "refused-duties",
        sentence("Refused: two persons were needed"),
        _refused("separation-of-duties"),
    ),
    (
        "refused-money",
        sentence("Refused: not enough money"),
        _refused("money"),
    ),
    (
        "refused-designation",
        sentence("Refused: no designation in force"),
        _refused("designation"),
    ),
    ("override", sentence("A candidate was moved by two officers"), _does("override.recorded")),
    (
        "later-run",
        sentence("A run was kept by two officers with a reason"),
        _does("selection.kept", lambda data: "proposal" in data),
    ),
    ("allotment-changed", sentence("An allotment was changed"), _does("allotment.changed")),
    ("status-amended", sentence("The status of a State was amended"), _does("status.amended")),
    ("back-dated", sentence("An instant of completion was typed"), _flag("back-dated")),
    ("before-start", sentence("A deposit lies before the fund’s start"), _flag("before-start")),
    (
        "dearer",
        sentence("An award is dearer than proposed, with a reason"),
        _does("award.certified", _dearer),
    ),
    (
        "sent-back",
        sentence("Bank details changed after certification"),
        _does("bank.entered", lambda data: bool(data.get("sent_back"))),
    ),
    (
        "certification-withdrawn",
        sentence("A certification was withdrawn or sent back"),
        _does("certification.withdrawn"),
    ),
    ("replaced", sentence("A delegate was replaced"), _does("award.replaced")),
    ("cancelled", sentence("An award was cancelled"), _does("award.cancelled")),
    ("no-show", sentence("A delegate did not come"), _does("award.missed")),
    ("payment-failed", sentence("A payment failed"), _does("payment.failed")),
    (
        "adjusted",
        sentence("A settlement has adjustments"),
        _does("settlement.prepared", lambda data: bool(data.get("adjustments"))),
    ),
    ("written-off", sentence("A debt was written off"), _does("debt.written-off")),
    ("contribution-written-off", sentence("A contribution was written off"), _does("contribution.written-off")),
    (
        "posted-late",
        sentence("Posted into a later month than its own"),
        Test(frozenset(), lambda data: "own_day" in data),
    ),
    (
        "by-command",
        sentence("A command of the server did it in a person’s name"),
        Test(frozenset(), lambda data: "by_command" in data),
    ),
    (
        "donor-by-command",
        sentence("A command of the server accepted a donor that a second officer checks"),
        Test(frozenset(), lambda data: "unchecked" in data or "unchecked" in data.get("registers", {})),
    ),
    ("account-reset", sentence("A password was reset"), _does("account.reset")),
    ("mandate-amended", sentence("The mandate was amended"), _does("mandate.amended")),
)
"""Word -> what a reader is told, and which entries it is about; an entry may be several."""
_DEEDS = sorted({deed for _, _, test in EXCEPTIONS for deed in test.deeds})


def build(snapshot: Snapshot) -> Report:
    """One row an exception, in the order of the record."""
    rows: list[tuple[Value, ...]] = []
    for event in snapshot.session.execute(
        select(Event.seq, Event.at, Event.action, Event.subject, Event.actor, Event.body)
        .where(Event.at <= snapshot.last_instant)
        .where(
            or_(
                Event.action.in_(_DEEDS),
                Event.body.contains('"flag":', autoescape=True),
                Event.body.contains('"own_day":', autoescape=True),
                Event.body.contains('"by_command":', autoescape=True),
                Event.body.contains('"unchecked":', autoescape=True),
            )
        )
        .order_by(Event.seq)
        .execution_options(yield_per=1000)
    ):
        day = date.fromisoformat(event.at[:10])
        if snapshot.from_day and day < snapshot.from_day:
            continue
        data = json.loads(event.body)["data"]
        deed = data.get("deed", event.action) if event.action in REFUSALS else event.action
        rows += [
            (event.seq, day, word, deed, event.subject, event.actor, data.get("proposed_by", ""))
            for word, _, test in EXCEPTIONS
            if test.holds(event.action, data)
        ]
    return snapshot.report(
        name="exceptions",
        title=sentence("Exceptions"),
        answers=sentence("What went another way than the usual one, and what was refused"),
        columns=COLUMNS,
        rows=rows,
        control_totals=[],
        words={word: text for word, text, _ in EXCEPTIONS} | words.ACTION,
    )
