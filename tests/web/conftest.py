"""What the tests of the doors share: a house with one person of every role, opened by each as a person would."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests import builders as b
from tests import seats
from tests.conftest import FAST, NOW
from tests.once import create_app
from tests.web.visitor import Visitor
from trustfund.extensions import db
from trustfund.models.awards import Award
from trustfund.models.people import Account, Designation
from trustfund.operations import applications, imports, offers, people
from trustfund.services import documents
from trustfund.services.clock import clock

WHO = {
    "nobody": "",
    "donor": "luxembourg",
    "another donor": "norway",
    "delegate": "amna",
    "mission": "nepal",
    "officer without designation": "jonas",
    "screening officer": "ines",
    "certifying officer": "rafael",
    "approving officer": "lise",
    "paying officer": "salma",
    "head": "miriam",
    "auditor": "board",
    "administrator": "dele",
}
"""A person of every role and function, by the name of the address at example.org."""


@dataclass
class House:
    """An application with people in it, and the references of the things that the donor of Luxembourg has."""

    app: Flask
    things: dict[str, str]
    _in: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self, who: str = "nobody", language: str = "en") -> Visitor:
        """A browser of its own, signed in as one of WHO."""
        return Visitor(self.app, f"{WHO[who]}@example.org" if WHO[who] else "", language)

    def known(self, who: str) -> Visitor:
        """The same browser each time, for tests that only look."""
        if who not in self._in:
            self._in[who] = self.visitor(who)
        return self._in[who]

    def at_work(self):
        """For what is prepared or looked up behind the pages."""
        return self.app.app_context()

    def events(self) -> int:
        from trustfund.models.record import head_of

        with self.at_work():
            return head_of(db.session())[0]


@pytest.fixture(scope="session")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("house") / "instance"
    shutil.copytree(sqlite_template, folder)
    app = create_app(FAST, instance=str(folder))
    with app.app_context(), clock().at(NOW):
        things = _furnish()
        db.session.remove()
        db.engine.dispose()
    return folder, things


@pytest.fixture
def house(furnished: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[House]:
    """A house of the test's own, in which anything may happen."""
    yield from _opened(furnished, tmp_path / "instance")


@pytest.fixture(scope="session")
def quiet_house(furnished: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in which tests only look. Thabo of Lesotho has applied there, with his note verbale; Amna has a
    draft; the first round has a kept run."""
    for opened in _opened(furnished, tmp_path_factory.mktemp("quiet") / "instance"):
        with opened.at_work():
            opened.things |= _applied()
            opened.things["run"] = seats.decided_by_two()
            opened.things["award"] = _award()
            opened.things["amna's award"] = _award_of_amna()
        yield opened


@pytest.fixture(scope="session")
def full_house(furnished: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house to look at with 300 more contributions of Luxembourg, 120 more accounts and as many designations."""
    for opened in _opened(furnished, tmp_path_factory.mktemp("full") / "instance"):
        with opened.at_work():
            _crowd(opened.things)
        yield opened


def _opened(furnished: tuple[Path, dict[str, str]], folder: Path) -> Iterator[House]:
    shutil.copytree(furnished[0], folder)
    app = create_app(FAST, instance=str(folder))
    with app.app_context():
        standing_still = clock()
    with standing_still.at(NOW):
        yield House(app, dict(furnished[1]))
    with app.app_context():
        db.engine.dispose()


def _furnish() -> dict[str, str]:
    """The people of WHO; Luxembourg has paid one pledge and announced another, Norway has announced one."""
    paid = b.luxembourg_paid()
    luxembourg = people.account_of("luxembourg@example.org")
    b.account("donor", "Norway", donor=b.donor("Norway", country="NOR"))
    norway = people.account_of("norway@example.org")
    b.officer("Ines Okafor", "screening")
    b.officer("Rafael Haldane", "certifying")
    b.officer("Lise Aubert", "approving")
    b.officer("Jonas Weber")
    b.account("delegate", "Amna Eltayeb", state="SDN")
    b.account("mission", "Nepal Mission", state="NPL")
    b.account("auditor", "Board of Auditors")
    b.account("administrator", "Dele Adeyemi")
    things = {
        "paid": paid,
        "announced": b.pledge(luxembourg.reference, "30000.00", "EUR"),
        "norway's pledge": b.pledge(norway.reference, "1000.00"),
        "receipt": b.receipts(paid)[0].reference,
        "code": f"{b.receipts(paid)[0].seq}",
        "designation": db.session.query(Designation.reference).order_by(Designation.id).first()[0],
    }
    for account in db.session.query(Account).all():
        people.set_password(account, b.PASSWORD)
    db.session.rollback()
    things |= {account.email.split("@")[0]: account.reference for account in db.session.query(Account)}
    return things


def _applied() -> dict[str, str]:
    thabo = b.account("delegate", "Thabo Mokoena")
    application = b.application(thabo, "N3", sent=False, given_names="Thabo", family_name="Mokoena", state="LSO")
    paper = documents.Document("note-verbale.pdf", "application/pdf", b"%PDF-1.7", 1)
    applications.keep_document(application, people.account_of("thabo@example.org"), paper, NOW)
    applications.submit(application, by=thabo, at=NOW)
    document = applications.own(application, people.account_of("thabo@example.org")).documents[0].reference
    db.session.rollback()
    draft, amna = _draft_of_amna(paper)
    return {"application": application, "document": document, "draft": draft, "amna's document": amna}


def _draft_of_amna(paper: documents.Document) -> tuple[str, str]:
    amna = people.account_of("amna@example.org")
    draft = b.application(amna.reference, "N3", sent=False)
    applications.keep_document(draft, amna, paper, NOW)
    document = applications.own(draft, amna).documents[0].reference
    db.session.rollback()
    return draft, document


def _award_of_amna() -> str:
    """The seat of Hind, for which the Government of Sudan names Amna by note verbale."""
    comes = seats.delegate("Amna Eltayeb", "SDN", at=NOW, accepted=False)
    found = db.session.query(Award).filter(Award.state == "SDN").one()
    offers.replace(found.reference, seen=found.seq, successor=comes, document="MFA/9", by=seats.who("Ines"), at=NOW)
    reference = found.reference
    db.session.rollback()
    return reference


def _award() -> str:
    """The first seat of the kept run."""
    return str(db.session.scalar(select(Award.reference).order_by(Award.id).limit(1)))


def _crowd(things: dict[str, str]) -> None:
    header = "kind,donor,donor_type,country,date,amount,currency,document,earmark,bank_reference,note"
    lines = [f"deposit,Luxembourg,state,LUX,2017-06-12,{n}.00,USD,Letter {n},,CROWD-{n},," for n in range(1, 301)]
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("\n".join([header, *(line.removesuffix(",") for line in lines)]))
        file.flush()
        imports.import_contributions(Path(file.name), at=NOW, as_agreed=True)
    for n in range(120):
        person = b.account("officer", f"Officer{n:03} Example")
        made = people.make_designation(
            person, function="paying", document="ADM/2017/1", from_day=b.date(2017, 4, 3), by=things["miriam"], at=NOW
        )
        people.confirm_designation(made.on, by=things["ines"], at=NOW)
    db.session.remove()
