"""Amna of Sudan, who was paid, and Hamid, who waits for his answer: what tells of them, and its end."""

from sqlalchemy import text

from tests import journeys as j
from tests import seats
from tests.operations.backups import rows_of_all_tables
from trustfund.extensions import db
from trustfund.models import personal
from trustfund.operations import application_notes, erasing
from trustfund.operations.erasing import Person

WHY = "She asked for it by letter."
OF_HER = ("Eltayeb", "amna@example.org", "hospital", "telephoned", "057-")
"""What stands in the database only because of her: her names, what she and others wrote of her, her ticket."""


def paid() -> str:
    """Amna came home, her claim is settled and paid; Ines wrote a note. Hamid is offered a seat."""
    j.fund()
    award = j.seated(("Amna Eltayeb", "SDN"), ("Hamid Nour", "NPL"))[0]
    j.accepted(award)
    j.quoted(award, "1000.00", choose=True)
    for step in (j.certified, j.approved, j.authorized, j.ticketed, j.advanced, j.attended):
        step(award)
    j.claimed(award, message="I was in hospital", report="Most useful.")
    j.prepared(award)
    j.settled(award)
    if j.award(award).stage == "settled":
        j.released(("balance", award), at=j.SETTLED)
    j.released(("ticket", award), method="agent", at=j.SETTLED)
    her = j.award(award).application.reference
    with seats.on(j.SETTLED):
        application_notes.note(her, words="Amna telephoned.", by=seats.who("Ines"), at=j.SETTLED)
    return award


def erase(person, kind="account", at=j.SETTLED, **more):
    with seats.on(at):
        done = erasing.erase(Person(kind, person), why=WHY, at=at, **more)
    erasing.wipe()
    return done


def everything():
    return str(rows_of_all_tables())


def rows_that_tell():
    """Table -> of whom any of its rows tells something."""
    found = {}
    for held in personal.HELD:
        columns = ", ".join(f"{held.table}.{name}" for name in held.blank)
        rows = db.session.execute(text(f'SELECT {held.path.whose}, {columns} FROM "{held.table}"'))
        tell = {who for who, *values in rows if who and values != list(held.blank_for(who).values())}
        found.setdefault(held.table, set()).update(tell)
    return found
