"""The demonstration's applicants: invented people of many States, and what becomes of each application."""

import csv
import random
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from trustfund.core.calendar import call_of
from trustfund.core.refusal import Refused
from trustfund.core.roles import SYSTEM
from trustfund.demonstration.money import People
from trustfund.demonstration.runs import OPENED, known_meetings
from trustfund.demonstration.story import END, Deed, Story, at, later, office
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


@dataclass
class Person:
    """An invented person; ``account``: the reference, once there is one."""

    state: str
    city: str
    language: str
    given: str
    family: str
    gender: str
    born: date
    number: int
    account: str = ""

    @property
    def email(self) -> str:
        return f"{self.state.lower()}-{self.number:03}@example.org"


def tell(story: Story, refs: People, draw: random.Random, many: int) -> None:
    """Spread ``many`` applications over the meetings whose calls have opened by the end."""
    crowd, plan = _Crowd(draw), _plan(many)
    teller = _Teller(story, refs, draw)
    for code, n in plan.items():
        for k, person in enumerate(crowd.of_meeting(n)):
            teller.apply(code, k, person)
    teller.amna(refs["delegate"])


def _plan(many: int) -> dict[str, int]:
    """By weight, every meeting at least one, the first round what is left over."""
    plan = {code: max(1, many * weight // 400) for code, weight in WEIGHTS.items()}
    plan["N1"] += many - 2 - sum(plan.values())  # two are Amna Eltayeb's
    return plan


class _Crowd:
    """People by State: a State sends somebody it sent before, or somebody new."""

    def __init__(self, draw: random.Random):
        self._draw = draw
        self._names: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in _rows("names.csv"):
            self._names[row["people"], row["kind"]].append("" if row["name"] in ("", "_") else row["name"])
        self._states = _rows("states.csv")
        self._known: dict[str, list[Person]] = defaultdict(list)
        self._taken: set[tuple[str, str, str]] = set()

    def of_meeting(self, n: int) -> list[Person]:
        """``n`` different people: of two thirds as many States, some of which send two or three."""
        developing = [row for row in self._states if row["state"] != "ALB"]
        order = self._draw.sample(developing, min(len(developing), 1 + n * 2 // 3))
        wanted = [order[i % len(order) // (1 + i // len(order))] for i in range(n)]
        self._draw.shuffle(wanted)
        found: list[Person] = []
        for row in wanted:
            found.append(self._one(row, found))
        return found

    def _one(self, row: dict[str, str], among: list[Person]) -> Person:
        before = [person for person in self._known[row["state"]] if person not in among]
        free = [
            (gender, given, family)
            for gender in "FM"
            for given in self._names[row["people"], gender]
            for family in self._names[row["people"], "family"]
            if (row["state"], given, family) not in self._taken
        ]
        if before and (not free or self._draw.random() < 0.35):
            return self._draw.choice(before)
        gender, given, family = self._draw.choice(free)
        self._taken.add((row["state"], given, family))
        person = Person(
            row["state"],
            row["city"],
            row["language"],
            given,
            family,
            gender,
            date(self._draw.randrange(1962, 1992), self._draw.randrange(1, 13), self._draw.randrange(1, 28)),
            len(self._taken),
        )
        self._known[row["state"]].append(person)
        return person


class _Teller:
    """Puts the life of each application into the story."""

    def __init__(self, story: Story, refs: People, draw: random.Random):
        self.story, self.draw = story, draw
        self.screener, self.second = refs["screening"], refs["certifying"]
        self.meetings, self.settings = known_meetings(), mandate_on(db.session(), OPENED).setting
        self.albanians = 0
        self.note: Document = checked("note-verbale.pdf", _note())

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

    def amna(self, account: str) -> None:
        """The delegate who can sign in: sent for the first round, a draft for the second."""
        person = Person("SDN", "Khartoum", "en", "Amna", "Eltayeb", "F", date(1984, 5, 17), 0, account)
        self.story.on(at("2017-12-14", 8, 20), self._sent("N1", person, "good"))
        self.story.on(at("2018-01-19", 17, 45), self._sent("N2", person, "draft"))

    def _sent(self, code: str, person: Person, fate: str) -> Deed:
        def deed(now: datetime) -> None:
            account = self._account(person, now)
            begun = applications.begin(account, code, now)
            if begun.stage != "draft":
                return
            reference = begun.reference
            applications.save(reference, account, self._answers(person, code, fate), now)
            if fate != "no-note":
                applications.keep_document(reference, account, self.note, now)
            if fate == "draft":
                return
            applications.submit(reference, by=account.reference, at=now)
            if fate == "withdrawn":
                self.story.on(later(now, days=1), self._withdrawn(reference))
            else:
                self.story.on(office(later(now, days=2)), self._screened(reference, fate))

        return deed

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
                    self.story.on(later(now, days=3), self._answered(reference))
                return
            if fate == "back-dated":
                screening.confirm_completion(reference, seen=self._seen(reference), by=self.second, at=now)
            try:
                screening.accept(reference, seen=self._seen(reference), by=self.screener, at=now)
            except Refused:
                self._refusal(reference, now)

        return deed

    def _refusal(self, reference: str, now: datetime) -> None:
        failed = failures_of(db.session(), self._of(reference), now)
        screening.propose_refusal(
            reference,
            codes=[failure.code for failure in failed],
            words=" ".join(str(failure) for failure in failed),
            seen=self._seen(reference),
            by=self.screener,
            at=now,
        )
        self.story.on(office(later(now, days=8)), self._refused(reference))

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
            with suppress(Refused):  # the first calls were short: for some the answer comes too late
                applications.submit(reference, by=found.account.reference, at=now)
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
            "organisation": self.draw.choice(MINISTRIES),
            "state": person.state,
            "note_verbale": "" if fate == "no-note" else f"NV/{person.state}/{self.draw.randrange(10, 900)}",
            "note_verbale_date": None if fate == "no-note" else max(OPENED, meeting.first_day - timedelta(days=75)),
            "government_order": self.draw.choice((None, None, 1, 2)),
            "home_city": meeting.city if fate == "own-city" else person.city,
            "fare": "1100.00" if self.draw.random() < 0.4 else "",
            "fare_currency": "USD",
        }

    def _of(self, reference: str) -> Application:
        db.session.rollback()
        return db.session.query(Application).filter_by(reference=reference).populate_existing().one()

    def _seen(self, reference: str) -> int:
        return self._of(reference).seq


def _note() -> bytes:
    """A page that says that it is an example."""
    written = BytesIO()
    canvas = Canvas(written, invariant=1)
    canvas.drawString(72, 760, "Note verbale (example of a demonstration; no document of a Government)")
    canvas.save()
    return written.getvalue()


def _rows(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
