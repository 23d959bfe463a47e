"""Delegates who ask for a seat at the first round, and the officers who screen, preview and keep: by their own deeds.

The call of N1 opens on 22 November 2017 and closes on 6 January 2018; its run is kept on 23 January.
"""

import json
import random
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from tests import builders as b
from trustfund.core import selection as decision
from trustfund.core.countries import STATES
from trustfund.core.country_status import status_on
from trustfund.core.priority import CATEGORIES, Candidate
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.people import Account
from trustfund.models.selections import Allotment, PlaceRow, Selection
from trustfund.operations import allotments, applications, people, proposals, runs, screening, selections
from trustfund.operations.candidates import Field
from trustfund.operations.meetings import Frame, frame_of
from trustfund.operations.operation import writing
from trustfund.services.clock import clock
from trustfund.services.documents import Document

AUTUMN = datetime(2017, 11, 2, 10, tzinfo=UTC)
APPLIED = datetime(2018, 1, 3, 10, tzinfo=UTC)
LATE = datetime(2018, 1, 9, 10, tzinfo=UTC)
CLOSED = datetime(2018, 1, 10, 10, tzinfo=UTC)
THE_DAY = datetime(2018, 1, 23, 19, 5, tzinfo=UTC)
THE_DAY_AFTER = datetime(2018, 1, 24, 19, 5, tzinfo=UTC)
VALUE = "1.1973"
NOTE = Document("note.pdf", "application/pdf", b"%PDF-1.7 note", 1)
HOME = {
    "SDN": "Khartoum",
    "NPL": "Kathmandu",
    "FJI": "Suva",
    "GHA": "Accra",
    "HTI": "Port-au-Prince",
    "PRY": "Asunción",
}


def on(instant: datetime) -> AbstractContextManager[None]:
    """At another instant; afterwards the clock stands where it stood."""
    return clock().at(instant)


def officers() -> None:
    """Ines screens, Rafael certifies, Lise approves, Salma pays."""
    with on(AUTUMN):
        for name, function in (("Ines", "screening"), ("Rafael", "certifying"), ("Lise", "approving")):
            b.officer(f"{name} Example", function)
        b.officer("Salma Idrissi", "paying")


def designated(name: str, function: str, at: datetime = b.AT, second: str = "Ines") -> None:
    """One function more of an officer, by Miriam and a second officer."""
    with on(at):
        made = people.make_designation(
            who(name), function=function, document="ADM/2017/2", from_day=date(2017, 4, 3), by=who("Miriam"), at=at
        )
        people.confirm_designation(made.on, by=who(second), at=at)


def who(name: str) -> str:
    """The reference of a person."""
    reference = db.session.scalar(select(Account.reference).where(Account.email == f"{name.lower()}@example.org"))
    assert reference, f"nobody is called {name}"
    return reference


def paid_in(usd: str, earmark: str = "", at: datetime = AUTUMN, bank: str = "LU-1") -> None:
    """Money in the bank: agreed and deposited by a donor of its own."""
    with on(at):
        donor, giver = b.donor(f"Donor {bank}", type="ngo"), f"Donor{bank.replace(':', '-')} Example"
        pledge = b.pledge(b.account("donor", giver, donor=donor), usd, earmark=earmark)
        b.agreement(pledge, who("Salma"), usd)
        b.deposit(pledge, who("Salma"), usd, bank=bank)


def allotted(usd: str = "90000.00", meeting: str = "N1", at: datetime = AUTUMN) -> None:
    with on(at):
        allotments.fix(
            meeting, amount=usd, basis="decided", document="Allotment advice 2017/1", by=who("Rafael"), at=at
        )


def delegate(
    name: str, state: str, meeting: str = "N1", at: datetime = APPLIED, accepted: bool = True, **answers: object
) -> str:
    """A delegate who applies, and whom Ines accepts: the reference that the selection publishes."""
    given, _, family = name.partition(" ")
    said = {"given_names": given, "family_name": family or "Example", "state": state, "home_city": HOME[state]}
    known = db.session.scalar(select(Account.reference).where(Account.email == f"{given.lower()}@example.org"))
    with on(at):
        person = known or b.account("delegate", name, state=state)
        born = date(1980, 1, 1 + len(name) % 28)
        sent = b.application(person, meeting, at, False, **{"gender": "", "date_of_birth": born} | said | answers)
        applications.keep_document(sent, application(sent).account, NOTE, at)
        applications.submit(sent, by=person, at=at)
        if accepted:
            accept(sent, at)
        return application(sent).public


def accept(reference: str, at: datetime) -> None:
    with on(at):
        screening.accept(reference, seen=application(reference).seq, by=who("Ines"), at=at)


def application(reference: str) -> Application:
    """By either of its references."""
    db.session.rollback()
    found = select(Application).where((Application.reference == reference) | (Application.public == reference))
    return db.session.scalars(found).unique().one()


def closed(meeting: str = "N1", at: datetime = CLOSED) -> None:
    with on(at):
        selections.close_call(meeting, value=VALUE, by=who("Ines"), at=at)


def previewed(meeting: str = "N1", at: datetime = THE_DAY) -> str:
    with on(at):
        return selections.preview(meeting, by=who("Ines"), at=at).on


def kept(reference: str, at: datetime = THE_DAY) -> str:
    """Kept by Ines alone, on the day."""
    with on(at):
        selections.keep(reference, by=who("Ines"), at=at)
    return reference


def by_two(action: str, subject: str, *, by: str, second: str, at: datetime, reason: str, **content: object) -> str:
    """Proposed by one officer with a reason, confirmed by another: what it is about."""
    with on(at):
        made = proposals.propose(action, subject=subject, content=content, reason=reason, by=who(by), at=at)
        return proposals.confirm(made.on, by=who(second), at=at).on


def kept_by_two(reference: str, at: datetime = THE_DAY_AFTER) -> str:
    """Proposed by Ines with a reason, confirmed by Rafael."""
    by_two("selection.kept", reference, by="Ines", second="Rafael", at=at, reason="A seat fell free.")
    return reference


def allotted_by_two(usd: str, at: datetime = b.AT, second: str = "Lise") -> None:
    """To the first round, once its call is open."""
    content = {"amount": usd, "basis": "decided", "document": "Allotment advice 2018/1"}
    by_two("allotment.changed", "N1", by="Rafael", second=second, at=at, reason="It was forgotten.", **content)


THREE = (("Hind Tayeb", "SDN"), ("Mele Losa", "FJI"), ("Kwame Mensah", "GHA"))


def decided_by_two(
    people: Sequence[tuple[str, str]] = THREE, usd: str = "7500.00", at: datetime = b.AT
) -> tuple[str, list[str]]:
    """A kept run of the first round, all of it done on one day, and the seat of each, as the run published it.

    With 7,500 dollars Sudan and Fiji have seats, Ghana waits.
    """
    allotted_by_two(usd, at)
    public = [delegate(name, state, at=at) for name, state in people]
    closed(at=at)
    return kept_by_two(previewed(at=at), at=at), public


def run(reference: str) -> Selection:
    db.session.rollback()
    return db.session.scalars(select(Selection).where(Selection.reference == reference)).unique().one()


def places(reference: str) -> list[PlaceRow]:
    found = select(PlaceRow).where(PlaceRow.selection_id == run(reference).id).order_by(PlaceRow.position)
    return list(db.session.scalars(found))


def outcomes(reference: str) -> dict[str, str]:
    """State -> outcome of its first place, in the order of the list."""
    found: dict[str, str] = {}
    for place in places(reference):
        found.setdefault(place.state, place.outcome)
    return found


def annex(reference: str) -> dict[str, object]:
    return dict(json.loads(run(reference).annex))


def long_run(size: int, meeting: str = "N1", usd: str = "90000.00", number: int = 1, at: datetime = THE_DAY) -> str:
    """A kept run of so many candidates straight into the tables, without their applications and its entries."""
    with on(at), writing(by=SYSTEM, at=at) as op:
        frame = frame_of(op.session(), meeting, op.today)
        field = Field(some_candidates(size, frame), refused=[(f"{meeting}-REF1", ["travel-needed"])])
        decided = decision.decided(
            decision.record_of(
                meeting=meeting,
                status_date=frame.meeting.first_day,
                criteria=[rule.code for rule in frame.mandate.priority],
                steps=frame.mandate.setting("steps"),
                when_short=frame.mandate.setting("when_cash_falls_short"),
                seed=f"A/RES/71/280:{VALUE}",
                spendable=Decimal(usd),
                earmarked={},
                candidates=field.candidates,
            )
        )
        allotment = Allotment(meeting=meeting, number=1, usd=9_000_000, document="Allotment advice 2017/1")
        purse = allotments.Purse(Decimal(usd), {}, Decimal(usd))
        row = runs.stored(op, frame, runs.Run(decided, runs.annex_of(op.session(), field, decided, allotment, purse)))
        row.stage, row.run, row.kept_at, row.seq, row.answer_by = "kept", number, at, op.seq, b.date(2018, 2, 2)
        return row.reference


def some_candidates(size: int, frame: Frame) -> list[Candidate]:
    """The same for the same size: of every developing State in turn, both genders, a few of them late."""
    chance, day, setting = random.Random(size), frame.meeting.first_day, frame.mandate.setting
    known = [status_on(state, day, setting) for state in STATES.values()]
    states = sorted(
        (one for one in known if one.category in CATEGORIES), key=lambda one: (one.category, one.state.iso3)
    )
    chance.shuffle(states)
    return [
        Candidate(
            reference=f"{frame.meeting.code}-{n:05}",
            state=(one := states[n % len(states)]).state.iso3,
            region=one.region,
            category=one.category,
            gender=chance.choice(["F", "M", None]),
            on_time=chance.random() < 0.9,
            government_order=None,
            completed_at=APPLIED - timedelta(minutes=chance.randrange(40_000)),
            earlier_seats=chance.randrange(3),
            charge=Decimal(chance.randrange(250_000, 500_000)) / 100,
        )
        for n in range(size)
    ]
