"""What the tests of the doors share: a house with one person of every role, opened by each as a person would."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.conftest import FAST, NOW
from tests.once import create_app
from tests.web.applying import delegate
from tests.web.house import Furnished, House, furnished_by, opened
from tests.web.travelling import Seat, seated
from tests.web.visitor import Visitor
from trustfund import demonstration
from trustfund.extensions import db
from trustfund.models.applications import Application, Document
from trustfund.models.awards import Award
from trustfund.models.contributions import Letter
from trustfund.models.people import Account, Designation
from trustfund.operations import applications, imports, letters, missions, nominations, offers, people
from trustfund.services import documents


@pytest.fixture(scope="session")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    return furnished_by(_furnish, sqlite_template, tmp_path_factory.mktemp("house") / "instance")


@pytest.fixture
def house(furnished: Furnished, tmp_path: Path) -> Iterator[House]:
    """A house of the test's own, in which anything may happen."""
    yield from opened(furnished, tmp_path / "instance")


@pytest.fixture
def seat(house: House) -> Seat:
    """Amna of Sudan and Mele of Fiji are proposed seats at the first round; Amna's award, and her browser."""
    with house.at_work():
        award = begun(seated)
    return Seat(house, award, "amna")


@pytest.fixture
def aissata(house: House) -> Visitor:
    """A delegate who has just registered; her State is not known yet."""
    return delegate(house, "Aissata Ouédraogo")


@pytest.fixture(scope="session")
def quiet_house(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in which tests only look. Thabo of Lesotho has applied there, with his note verbale; Amna has a
    draft; the first round has a kept run."""
    for house in opened(furnished, tmp_path_factory.mktemp("quiet") / "instance"):
        with house.at_work():
            house.things |= _applied()
            house.things["letter"] = _letter(house.things["announced"])
            house.things["run"], _ = seats.decided_by_two()
            house.things["award"] = _award()
            house.things |= _nominated()
            house.things["amna's award"] = _award_of_amna()
        yield house


@pytest.fixture(scope="session")
def full_house(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house to look at with 300 more contributions of Luxembourg, 120 more accounts and as many designations."""
    for house in opened(furnished, tmp_path_factory.mktemp("full") / "instance"):
        with house.at_work():
            _crowd(house.things)
        yield house


@pytest.fixture(scope="session")
def proposed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """Hind of Sudan, Mele of Fiji and Kwame of Ghana are proposed a seat at the first round."""
    return furnished_by(_proposed, sqlite_template, tmp_path_factory.mktemp("proposed") / "instance", seats.AUTUMN)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance of a finished demonstration, as small as it can be."""
    folder = tmp_path_factory.mktemp("demonstration") / "instance"
    app = create_app(FAST, instance=str(folder))
    with app.app_context():
        demonstration.make(1, 20)
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Serves a copy of an instance; ``clock``: what TRUSTFUND_CLOCK says."""
    served: list[House] = []

    def of(folder: Path, clock: str = "2018-01-24T14:00:00Z") -> House:
        copy = tmp_path / f"served-{len(served)}"
        shutil.copytree(folder, copy)
        served.append(House(create_app(FAST | {"CLOCK": clock}, instance=str(copy)), {}))
        return served[-1]

    yield of
    for house in served:
        with house.at_work():
            db.engine.dispose()


def _proposed() -> dict[str, str]:
    j.fund()
    b.officer("Jonas Weber")
    b.account("donor", "Luxembourg", donor=b.donor("Luxembourg", type="state", country="LUX"))
    b.account("auditor", "Board of Auditors")
    b.account("administrator", "Dele Adeyemi")
    return dict(zip(("hind", "mele", "kwame"), j.seated(*seats.THREE), strict=True))


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
        "luxembourg's donor": b.kept(paid).donor.reference,
        "code": f"{b.receipts(paid)[0].seq}",
        "designation": db.session.query(Designation.reference).order_by(Designation.id).first()[0],
    }
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


def _letter(pledge: str) -> str:
    """The letter with which Luxembourg announced its pledge."""
    paper = documents.Document("letter.pdf", "application/pdf", b"%PDF-1.7", 1)
    letters.add(pledge, paper, by=people.account_of("luxembourg@example.org").reference, at=NOW)
    reference = str(db.session.scalar(select(Letter.reference)))
    db.session.rollback()
    return reference


def _draft_of_amna(paper: documents.Document) -> tuple[str, str]:
    amna = people.account_of("amna@example.org")
    draft = b.application(amna.reference, "N3", sent=False)
    applications.keep_document(draft, amna, paper, NOW)
    document = applications.own(draft, amna).documents[0].reference
    db.session.rollback()
    return draft, document


def _nominated() -> dict[str, str]:
    """Bikash, whom the mission of Nepal nominates with a note verbale."""
    nepal = people.account_of("nepal@example.org").reference
    named = {"given_names": "Bikash", "family_name": "Gurung", "position": "Under Secretary"}
    bikash = nominations.nominate("N3", "bikash@example.org", by=nepal, at=NOW, **named).on
    note = documents.Document("note-verbale.pdf", "application/pdf", b"%PDF-1.7", 1)
    missions.attach_note([bikash], note, note="NV/7", day=NOW.date(), by=nepal, at=NOW)
    found = db.session.scalar(select(Document.reference).join(Application).where(Application.reference == bikash))
    db.session.rollback()
    return {"nepal's application": bikash, "nepal's note": str(found)}


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
