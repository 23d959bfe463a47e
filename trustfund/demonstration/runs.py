"""The demonstration's meetings: allotments, closings, runs, and what waits for a second officer at the end."""

import random
from datetime import date, datetime
from decimal import Decimal

from trustfund.core.calendar import Meeting, call_of, selection_day
from trustfund.demonstration.cast import REGIONAL, who_waits
from trustfund.demonstration.journeys import Teller
from trustfund.demonstration.money import People
from trustfund.demonstration.story import Deed, Story, at, later, safely
from trustfund.extensions import db
from trustfund.models.fund import calendar_on, mandate_on
from trustfund.operations import allotments, months, proposals, selections

OPENED = date(2017, 4, 5)
ALLOTTED = {
    "T1": "24000.00",
    "T2": "31000.00",
    "T3": "26000.00",
    "T4": "33000.00",
    "T5": "23000.00",
    "T6": "27000.00",
    "H1": "9000.00",
    "H2": "9000.00",
    "H3": "24000.00",
    "H4": "14000.00",
    "P2": "60000.00",
    "N1": "375.00",
    "N2": "160000.00",
    "N3": "160000.00",
}
"""USD, examples; the first round's for each application of the demonstration, so that there the money ends before the
list does. Later meetings have no allotment yet."""
CLOSED = {"2017-06": "2017-07-12", "2017-09": "2017-10-11", "2017-11": "2017-12-12", "2017-12": "2018-01-18"}
"""The last month of a closing, and the day on which two officers closed it."""


def tell(story: Story, people: People, draw: random.Random, many: int) -> None:
    """Allotments before the calls open; closings, previews and kept runs on their days."""
    mandate, teller = mandate_on(db.session(), OPENED), Teller(story, people, draw, known_meetings())
    for n, (code, amount) in enumerate(ALLOTTED.items()):
        meeting = mandate.meeting(code)
        call = call_of(meeting, mandate.setting)
        if code == "N1":
            amount = f"{max(Decimal(45_000), min(many, 400) * Decimal(amount)):.2f}"
        fixed = max(later(call.opens, days=-6), at(OPENED, 9, n))
        story.on(fixed, _allotted(people["certifying"], code, amount, f"Allotment advice {fixed.year}/{n + 1}"))
        value = f"1.{draw.randrange(500, 2500):04}"
        story.on(later(call.closes, days=2, minutes=n), _closed(people["screening"], code, value))
        day = selection_day(meeting, mandate.setting)
        story.on(at(day, 19, 5), _kept(people["screening"], code, teller))
    _later(story, people, mandate.meeting("P2"), teller)


def _allotted(by: str, code: str, amount: str, document: str) -> Deed:
    return lambda now: allotments.fix(code, amount=amount, basis="decided", document=document, by=by, at=now)


def _closed(by: str, code: str, value: str) -> Deed:
    return lambda now: selections.close_call(code, value=value, by=by, at=now)


def _kept(by: str, code: str, teller: Teller) -> Deed:
    def deed(now: datetime) -> None:
        preview = selections.preview(code, by=by, at=now).on
        selections.keep(preview, by=by, at=now)
        teller.seats_of(code, now)

    return deed


def _later(story: Story, people: People, stocktaking: Meeting, teller: Teller) -> None:
    """More money for the stocktaking meeting and a second run; overrides; what waits for a second officer today."""
    screening, certifying, approving = people["screening"], people["certifying"], people["approving"]

    def raised(now: datetime) -> None:
        content = {"amount": "118000.00", "basis": "decided", "document": "Allotment advice 2017/10/Rev.1"}
        made = proposals.propose(
            "allotment.changed",
            subject=stocktaking.code,
            content=content,
            reason="Two contributions came in after the call had opened. (Example.)",
            by=certifying,
            at=now,
        )
        proposals.confirm(made.on, by=approving, at=later(now, minutes=40))

    def again(now: datetime) -> None:
        preview = selections.preview(stocktaking.code, by=screening, at=now).on
        made = proposals.propose(
            "selection.kept",
            subject=preview,
            content={},
            reason="Delegates answered the questions about their files after the first run. (Example.)",
            by=screening,
            at=now,
        )
        proposals.confirm(made.on, by=certifying, at=later(now, minutes=25))
        teller.seats_of(stocktaking.code, later(now, minutes=25))

    for month, day in CLOSED.items():
        story.on(at(day, 11), _month_closed(certifying, approving, month))
    story.on(at("2017-10-06", 10), raised)
    story.on(at("2017-11-10", 15), safely(again))
    story.on(at("2017-07-17", 10), _consultation_added(screening, certifying))
    story.on(at("2017-09-13", 10), _closed(screening, "R1", "1.1979"))
    story.on(at("2018-01-22", 16), lambda now: _meeting_proposed(screening, now))
    story.on(at("2018-01-23", 20), lambda now: _override(now, 1, by=screening, second=certifying))
    story.on(at("2018-01-24", 11), lambda now: _override(now, 0, by=screening))
    story.on(at("2018-01-24", 12), safely(lambda now: selections.preview("H4", by=screening, at=now)))


def _month_closed(by: str, second: str, month: str) -> Deed:
    def deed(now: datetime) -> None:
        made = proposals.propose(
            "month.closed",
            subject=f"month:{month}",
            content={},
            reason="The statements of the bank are in and agree.",
            by=by,
            at=now,
        )
        proposals.confirm(made.on, by=second, at=later(now, minutes=30))

    assert months, "its deed is known to the proposals"
    return deed


def _meeting_proposed(by: str, now: datetime) -> object:
    return proposals.propose(
        "meeting.added",
        subject="A1",
        content={
            "code": "A1",
            "kind": "additional-consultation",
            "phase": "III",
            "name": {"en": "Additional informal consultation", "fr": "Consultation informelle supplémentaire"},
            "authority": "A/RES/71/280, para. 29",
            "document": "Letter of the co-facilitators of 19 January 2018 (example)",
            "city": {"en": "New York", "fr": "New York"},
            "country": "USA",
            "zone": "America/New_York",
            "days": ["2018-06-25"],
        },
        reason="The co-facilitators ask for one more day between the fifth and the sixth round.",
        by=by,
        at=now,
    )


def _consultation_added(by: str, second: str) -> Deed:
    def deed(now: datetime) -> None:
        reason = "Its date is announced. The fund does not pay for it. (Example.)"
        made = proposals.propose("meeting.added", subject="R1", content=REGIONAL, reason=reason, by=by, at=now)
        proposals.confirm(made.on, by=second, at=later(now, minutes=45))

    return deed


OVERRIDES = (
    "The delegate speaks for the group of least developed countries at this round. (Example.)",
    "The Government named its delegate to chair a working group of this round. (Example.)",
)


def _override(now: datetime, n: int, *, by: str, second: str = "") -> None:
    """The n-th who waits for money at the first round, if so many do, one place up: proposed, and confirmed if there is
    a second officer."""
    kept = selections.kept_runs(db.session, "N1")
    waiting = who_waits(kept[0].id) if kept else []
    if len(waiting) <= n:
        return
    content = {"public": waiting[n].public, "to_position": waiting[n].position - 1}
    made = proposals.propose(
        "override.recorded", subject=kept[0].reference, content=content, reason=OVERRIDES[n], by=by, at=now
    )
    if second:
        proposals.confirm(made.on, by=second, at=later(now, minutes=30))


def known_meetings() -> dict[str, Meeting]:
    return {meeting.code: meeting for meeting in calendar_on(db.session(), OPENED).meetings}
