"""The demonstration's cast: the people without whom something would not be seen, each told one by one."""

from datetime import datetime

from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.awards import Award
from trustfund.models.selections import PlaceRow
from trustfund.operations import import_applications

CAST = (  # what becomes of the application, its meeting, its day, the State of the person
    ("no-state", "T4", "2017-05-29", "PHL"),
    ("too-late", "T4", "2017-07-05", "GHA"),
    ("incomplete", "T5", "2017-07-10", "FJI"),
    ("paid-elsewhere", "T6", "2017-08-18", "JOR"),
    ("out-of-process", "R1", "2017-09-04", "KGZ"),
    ("not-developing", "T6", "2017-08-21", "ALB"),
    ("own-city", "T2", "2017-04-20", "TUN"),
    ("kept", "N1", "2017-12-19", "TGO"),
    ("no-note", "N2", "2018-01-14", "LKA"),
    ("silent", "N2", "2018-01-18", "ZMB"),
    ("withdrawn", "N2", "2018-01-09", "PER"),
    ("late", "T3", "2017-05-08", "UGA"),
)
MISSION = "NPL"
"""The State whose mission can sign in."""
FEWEST = 60
"""A smaller demonstration has no place for them."""
REGIONAL = {
    "code": "R1",
    "kind": "regional-consultation",
    "phase": "I",
    "name": {"en": "Regional consultation (example)", "fr": "Consultation régionale (exemple)"},
    "authority": "A/RES/71/280, para. 22",
    "document": "Letter of a regional commission of 3 July 2017 (example)",
    "city": {"en": "Geneva", "fr": "Genève"},
    "country": "CHE",
    "zone": "Europe/Zurich",
    "days": ["2017-10-26"],
}
"""The fund does not pay for it: who applies all the same is refused, and told why."""


def successor(award: Award, now: datetime) -> str:
    """The application of the person whom a Government names instead, by a letter of its mission: its reference."""
    leaves = award.application
    line = dict.fromkeys(import_applications.APPLICATIONS, "") | {
        "external_reference": f"{award.seat}/2",
        "meeting": award.meeting,
        "state": award.state,
        "given_names": "Noor",
        "family_name": "Example",
        "gender": "F",
        "date_of_birth": "1981-03-14",
        "email": f"{award.state.lower()}-second@example.org",
        "position": "Counsellor",
        "organisation": "Ministry of Foreign Affairs",
        "note_verbale": f"NV/{award.state}/902",
        "note_verbale_date": now.date().isoformat(),
        "home_city": leaves.home_city,
        "fare_currency": "USD",
    }
    import_applications.import_lines([(2, line)], at=now)
    return str(db.session.scalar(db.select(Application.public).order_by(Application.id.desc()).limit(1)))


def forgetful(day: datetime) -> Award | None:
    """The first who came back from the stocktaking meeting, has an account, and did not claim in time."""
    db.session.rollback()
    found = db.select(Award).where(
        Award.meeting == "P2", Award.stage == "travelled", Award.claim_due < day.date(), Award.account_id.is_not(None)
    )
    return db.session.scalars(found.order_by(Award.position).limit(1)).unique().first()


def who_waits(run_id: int) -> list[PlaceRow]:
    """Who waits for money in a run, the first first."""
    found = db.select(PlaceRow).where(PlaceRow.selection_id == run_id, PlaceRow.outcome == "waiting")
    return list(db.session.scalars(found.order_by(PlaceRow.position)))
