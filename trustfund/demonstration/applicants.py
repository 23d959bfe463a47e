"""The demonstration's applicants: what becomes of the application of each."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from trustfund.core.calendar import call_of
from trustfund.core.mandate_calendar import added_meeting
from trustfund.core.passport import suggested_name
from trustfund.core.refusal import Refused
from trustfund.core.roles import SYSTEM
from trustfund.demonstration.cast import CAST, FEWEST, REGIONAL, forgetful
from trustfund.demonstration.crowd import Crowd, Person
from trustfund.demonstration.money import People
from trustfund.demonstration.runs import OPENED, known_meetings
from trustfund.demonstration.story import END, Deed, Story, at, later, office, safely
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.fund import mandate_on
from trustfund.models.people import Account
from trustfund.operations import applications, import_applications, people, screening
from trustfund.operations.assessment import failures_of
from trustfund.services.documents import Document, checked

WEIGHTS = {
    "T1": 18,
    "T2": 20,
    "T3": 18,
    "T4": 20,
    "T5": 18,
    "T6": 20,
    "H1": 8,
    "H2": 8,
    "H3": 8,
    "H4": 12,
    "P2": 46,
    "N1": 94,
    "N2": 74,
    "N3": 36,
}
"""How many of 400 applications each meeting has; the others' calls are not open yet."""
POSITIONS = (
    "Counsellor",
    "Director of migration",
    "Second Secretary",
    "Desk officer",
    "Deputy Permanent Representative",
)
MINISTRIES = (
    "Ministry of Foreign Affairs",
    "Ministry of the Interior",
    "Permanent Mission in New York",
    "Ministry of Labour",
)
NOT_MINISTRIES = {"incomplete": "", "no-state": "City council (example)"}
NO_STATE = ("state-in-scope", "The letter comes from a city council; it is the Government of a State that nominates.")
FATES = (  # every n-th, beginning with the k-th of a meeting: what becomes of it
    (17, 3, "late"),
    (23, 5, "withdrawn"),
    (19, 7, "no-note"),
    (13, 9, "asked"),
    (29, 11, "silent"),
    (37, 15, "not-developing"),
    (31, 12, "own-city"),
    (41, 18, "back-dated"),
    (9, 6, "imported"),
    (11, 8, "imported"),
)
OPEN = ("N2", "N3")
SEATS_FOR_ALL = ("H3", "P2")
"""No State sends more than the fund pays for: once their seats are given, nobody waits, and there is a surplus."""
ANSWERED_AFTER_THE_RUN = datetime(2017, 11, 2, 14, tzinfo=UTC)
"""What was asked that late about the stocktaking meeting is answered after its first run, so there is a second."""


def tell(story: Story, refs: People, draw: random.Random, many: int) -> None:
    """Spread ``many`` applications over the meetings whose calls have opened by the end."""
    cast = CAST if many >= FEWEST else ()
    crowd, plan = Crowd(draw), _plan(many - len(cast))
    teller = _Teller(story, refs, draw)
    for code, n in plan.items():
        for k, person in enumerate(crowd.of_meeting(n, most=2 if code in SEATS_FOR_ALL else 3)):
            teller.apply(code, k, person)
    teller.amna(refs["delegate"])
    for fate, code, day, state in cast:
        teller.one(fate, code, at(day, 9, 30), crowd.newcomer(state))
    story.on(at("2017-12-28", 10), teller.forgetful)


def _plan(many: int) -> dict[str, int]:
    """By weight, every meeting at least one, the first round what is left over."""
    plan = {code: max(1, many * weight // 400) for code, weight in WEIGHTS.items()}
    plan["N1"] += many - 2 - sum(plan.values())  # two are Amna Eltayeb's
    return plan


class _Teller:
    """Puts the life of each application into the story."""

    def __init__(self, story: Story, refs: People, draw: random.Random):
        self.story, self.draw = story, draw
        self.screener, self.second = refs["screening"], refs["certifying"]
        self.meetings = known_meetings() | {"R1": added_meeting(REGIONAL)}
        self.settings = mandate_on(db.session(), OPENED).setting
        self.albanians = 0
        self.note: Document = checked("note-verbale.pdf", note_paper())

    def apply(self, code: str, k: int, person: Person) -> None:
        meeting = self.meetings[code]
        call = call_of(meeting, self.settings)
        fate = next((fate for every, first, fate in FATES if k % every == first), "good")
        first, last = max(call.opens, at("2017-04-08")), min(call.closes, END)
        seconds = int((last - first).total_seconds())
        moment = first + timedelta(seconds=int(seconds * self.draw.betavariate(3, 1.3)))
        if fate == "late":
            moment = call.closes + min(timedelta(days=3), call.late_until - call.closes) * self.draw.uniform(0.1, 0.9)
        if code in OPEN and self.draw.random() < 0.2:
            fate = "draft"
        if fate == "not-developing":
            self.albanians += 1
            person = replace(person, state="ALB", city="Tirana", number=900 + self.albanians, account="")
        self.story.on(
            moment,
            self._imported(code, person, fate)
            if fate in ("imported", "back-dated")
            else self._sent(code, person, fate),
        )

    def one(self, fate: str, code: str, day: datetime, person: Person) -> None:
        """An application of the cast."""
        if fate == "no-state":
            person = replace(person, state="")
        deed = self._imported if fate == "too-late" else self._sent
        self.story.on(day, deed(code, person, fate))

    def forgetful(self, now: datetime) -> None:
        """Who has not claimed yet asks for a seat at a round, and is refused until the claim is there."""
        award = forgetful(now)
        if award is None or award.application.account is None:
            return
        before = award.application
        person = Person(
            before.state,
            before.home_city,
            before.language,
            before.given_names,
            before.family_name,
            before.gender or "",
            before.date_of_birth,  # type: ignore[arg-type]
            0,
            award.application.account.reference,
        )
        address = award.application.email
        for code in ("N1", "N2"):
            if self._sends(code, person, "good", now, email=address):
                return

    def amna(self, account: str) -> None:
        """The delegate who can sign in: sent for the first round, a draft for the second."""
        person = Person("SDN", "Khartoum", "en", "Amna", "Eltayeb", "F", date(1984, 5, 17), 0, account)
        self.story.on(at("2017-12-14", 8, 20), self._sent("N1", person, "good"))
        self.story.on(at("2018-01-19", 17, 45), self._sent("N2", person, "draft"))

    def _sent(self, code: str, person: Person, fate: str) -> Deed:
        return lambda now: self._sends(code, person, fate, now)

    def _sends(self, code: str, person: Person, fate: str, now: datetime, **other: str) -> bool:
        """False for who has sent an application for this meeting already."""
        account = self._account(person, now)
        begun = applications.begin(account, code, now)
        if begun.stage != "draft":
            return False
        reference = begun.reference
        applications.save(reference, account, self._answers(person, code, fate) | other, now)
        if fate != "no-note":
            applications.keep_document(reference, account, self.note, now)
        if fate == "draft":
            return True
        applications.submit(reference, by=account.reference, at=now)
        if fate == "withdrawn":
            self.story.on(later(now, days=1), self._withdrawn(reference))
        else:
            screened = office(later(now, days=2))
            if fate == "asked" and code in SEATS_FOR_ALL:
                screened = max(screened, ANSWERED_AFTER_THE_RUN)
            self.story.on(screened, self._screened(reference, fate))
        return True

    def _imported(self, code: str, person: Person, fate: str) -> Deed:
        """A mission's list, typed in by the secretariat; now and then with the instant at which it was complete."""

        def deed(now: datetime) -> None:
            typed = later(now, days=-2).strftime("%Y-%m-%dT%H:%M:%SZ") if fate == "back-dated" else ""
            answers = self._answers(person, code, fate)
            line = {
                "external_reference": f"{person.state}/{code}/{person.number}",
                "meeting": code,
                "completed_at": typed,
                **{
                    column: str(value or "")
                    for column, value in answers.items()
                    if column in import_applications.APPLICATIONS
                },
            }
            import_applications.import_lines([(2, line)], at=now)
            reference = db.session.scalar(db.select(Application.reference).order_by(Application.id.desc()).limit(1))
            assert reference
            self.story.on(office(later(now, days=1)), self._screened(reference, fate))

        return deed

    def _screened(self, reference: str, fate: str) -> Deed:
        def deed(now: datetime) -> None:
            if fate in ("asked", "silent") and not self._of(reference).asked_at:
                words = "The name differs from the note verbale. Correct the one or send the other again."
                screening.ask_for_changes(reference, words=words, seen=self._seen(reference), by=self.screener, at=now)
                if fate == "asked":
                    self.story.on(later(now, days=5), self._answered(reference))
                else:
                    self.story.on(office(later(now, days=9)), self._no_answer(reference))
                return
            if fate == "back-dated":
                screening.confirm_completion(reference, seen=self._seen(reference), by=self.second, at=now)
            if fate == "kept":
                self._refusal(reference, now, "nominated-by-government", "The note verbale spells the name otherwise.")
                self.story.on(office(later(now, days=3)), self._kept(reference))
                return
            try:
                screening.accept(reference, seen=self._seen(reference), by=self.screener, at=now)
            except Refused:
                self._refusal(reference, now, *NO_STATE if fate == "no-state" else ())
                self.story.on(office(later(now, days=8)), self._refused(reference))

        return deed

    def _refusal(self, reference: str, now: datetime, code: str = "", why: str = "") -> None:
        """Propose it for every rule that fails, and for one more that only an officer can see."""
        failed = failures_of(db.session(), self._of(reference), now, by_name=True)
        screening.propose_refusal(
            reference,
            codes=[*[failure.code for failure in failed], *([code] if code else [])],
            words=why or "If the Government sees it otherwise, it may write to the fund with its answer.",
            seen=self._seen(reference),
            by=self.screener,
            at=now,
        )

    def _no_answer(self, reference: str) -> Deed:
        def deed(now: datetime) -> None:
            if self._of(reference).stage == "changes-asked":
                self._refusal(reference, now, "nominated-by-government", "The note verbale names somebody else.")
                self.story.on(office(later(now, days=8)), self._refused(reference))

        return safely(deed)

    def _kept(self, reference: str) -> Deed:
        """The second officer does not confirm, and the first accepts the application."""

        def deed(now: datetime) -> None:
            words = "The passport has both spellings: it is the same person. (Example.)"
            screening.decline_refusal(reference, words=words, seen=self._seen(reference), by=self.second, at=now)
            self.story.on(office(later(now, days=1)), self._screened(reference, "good"))

        return deed

    def _refused(self, reference: str) -> Deed:
        def deed(now: datetime) -> None:
            screening.confirm_refusal(reference, seen=self._seen(reference), by=self.second, at=now)

        return deed

    def _withdrawn(self, reference: str) -> Deed:
        def deed(now: datetime) -> None:
            found = self._of(reference)
            assert found.account
            applications.withdraw(reference, seen=found.seq, by=found.account.reference, at=now)

        return deed

    def _answered(self, reference: str) -> Deed:
        def deed(now: datetime) -> None:
            found = self._of(reference)
            assert found.account
            applications.save(reference, found.account, {"position": "Counsellor"}, now)
            try:
                applications.submit(reference, by=found.account.reference, at=now)
            except Refused:  # the first calls were short: for some the answer comes too late
                self.story.on(office(later(now, days=4)), self._no_answer(reference))
                return
            self.story.on(office(later(now, days=1)), self._screened(reference, "good"))

        return deed

    def _account(self, person: Person, now: datetime) -> Account:
        if not person.account:
            person.account = people.create_account(
                person.email,
                role="delegate",
                name=f"{person.given} {person.family}".strip(),
                language=person.language,
                state=person.state,
                invite=False,
                by=SYSTEM,
                at=now,
            ).on
        return db.session.query(Account).filter_by(reference=person.account).one()

    def _answers(self, person: Person, code: str, fate: str) -> dict[str, object]:
        meeting = self.meetings[code]
        return {
            "given_names": person.given,
            "family_name": person.family,
            "gender": person.gender,
            "date_of_birth": person.born,
            "email": person.email,
            "position": self.draw.choice(POSITIONS),
            "organisation": NOT_MINISTRIES.get(fate, self.draw.choice(MINISTRIES)),
            "state": person.state,
            "note_verbale": "" if fate == "no-note" else f"NV/{person.state}/{self.draw.randrange(10, 900)}",
            "note_verbale_date": None if fate == "no-note" else max(OPENED, meeting.first_day - timedelta(days=75)),
            "government_order": self.draw.choice((None, None, 1, 2)),
            "home_city": meeting.city if fate == "own-city" else person.city,
            "fare": "1100.00" if self.draw.random() < 0.4 else "",
            "fare_currency": "USD",
            "paid_elsewhere": fate == "paid-elsewhere",
            **_passport_and_telephone(person),
        }

    def _of(self, reference: str) -> Application:
        db.session.rollback()
        return db.session.query(Application).filter_by(reference=reference).populate_existing().one()

    def _seen(self, reference: str) -> int:
        return self._of(reference).seq


def _passport_and_telephone(person: Person) -> dict[str, object]:
    """Two of three wrote a passport number, invented; every fourth a telephone, of those that belong to nobody."""
    said: dict[str, object] = {}
    if person.number % 3:
        said["passport_number"] = f"{person.state[:2]}{person.number * 7919 % 10_000_000:07}"
        said["passport_name"] = suggested_name(person.given, person.family)
    if person.number and person.number % 4 == 0:
        said["telephone"] = f"+447700900{person.number % 1000:03}"
    return said


def note_paper() -> bytes:
    """A page that says that it is an example."""
    written = BytesIO()
    canvas = Canvas(written, invariant=1)
    canvas.drawString(72, 760, "Note verbale (example of a demonstration; no document of a Government)")
    canvas.save()
    return written.getvalue()
