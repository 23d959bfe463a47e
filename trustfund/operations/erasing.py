"""A person is erased: the key is destroyed, the database tells nothing of her or him, and the record still proves
itself, because it never knew more than a reference and seals.

What the fund did stays: that somebody of a State applied, had a seat, and what it cost, under the references.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CompoundSelect, bindparam, delete, func, or_, select, text, union_all
from sqlalchemy.orm import Session

from trustfund.core.award_books import Books
from trustfund.core.lifecycle import ALIVE, GIVEN_BACK
from trustfund.core.refusal import Refused, sentence
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models import personal
from trustfund.models.applications import Application, Document
from trustfund.models.awards import Award
from trustfund.models.contributions import Deposit, Donor, Letter, Pledge
from trustfund.models.fund import calendar_on
from trustfund.models.people import Account, Erasure, PasswordLink, SecondFactor, SignIn
from trustfund.models.record import Event
from trustfund.operations.applications import kept
from trustfund.operations.award_deeds import many_books, seal, words
from trustfund.operations.operation import Done, Fact, Operation, deed, housekeeping
from trustfund.operations.people import recorded_state
from trustfund.services import keys, storage

STILL_OPEN = sentence(
    "The award {award} of {person} is not over: something is still to be paid, or to come back. Settle or cancel it "
    "first. Nothing has been changed."
)
DECIDES = sentence(
    "{email} decides for the fund, as {role}: such names stand with what was decided and are not erased. End the "
    "account instead. Nothing has been changed."
)
log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Person:
    """Who can be erased: an account, an application that a file brought, or a donor who is an individual."""

    kind: str  # account, application or donor
    reference: str


def persons(named: str) -> list[Person]:
    """Who is meant by an e-mail address or a reference. ``Refused`` if nobody is, or if an address may be several's."""
    named = named.strip()
    found = _by_address(named.lower()) if "@" in named else list(_by_reference(named.upper()))
    if not found:
        raise Refused("There is no account, application or individual donor “{named}”.", named=named[:80])
    return list(dict.fromkeys(found))


def _by_address(email: str) -> list[Person]:
    """Who signs in with it; what people wrote as an address in a form names nobody. A file's lines bear one too."""
    bear = select(Application).where(Application.account_id.is_(None), func.lower(Application.email) == email)
    brought = list(db.session.scalars(bear.order_by(Application.id)).unique())
    account = db.session.scalars(select(Account).where(Account.email == email)).unique().one_or_none()
    if account and not brought:
        donor = account.donor if account.donor and account.donor.type == "individual" else None
        contacts = select(func.count()).select_from(Account).where(Account.donor_id == account.donor_id)
        found = list(_by_reference(account.reference))
        return [*found, Person("donor", donor.reference)] if donor and db.session.scalar(contacts) == 1 else found
    if len(brought) + bool(account) > 1:
        own = [f"{account.reference} ({account.role})"] if account else []
        raise Refused(
            "“{email}” may be several persons’: {references}. Erase them one by one, by reference.",
            email=email,
            references=", ".join([*own, *(f"{one.reference} ({one.state}, {one.meeting})" for one in brought)]),
        )
    return [_of(one) for one in brought]


def _by_reference(reference: str) -> Iterator[Person]:
    account = db.session.scalars(select(Account).where(Account.reference == reference)).unique().one_or_none()
    if account and account.role not in personal.ERASABLE:
        raise Refused(DECIDES, email=account.email, role=account.role)
    if account:
        yield Person("account", reference)
    named = or_(Application.reference == reference, Application.public == reference)
    for application in db.session.scalars(select(Application).where(named)).unique():
        yield _of(application)
    donor = select(Donor).where(Donor.reference == reference, Donor.type == "individual")
    if found := db.session.scalars(donor).one_or_none():
        yield Person("donor", reference)
        for contact in db.session.scalars(select(Account.reference).where(Account.donor_id == found.id)):
            yield Person("account", contact)


def _of(application: Application) -> Person:
    if application.account:
        return Person("account", application.account.reference)
    return Person("application", application.reference)


def check(person: Person) -> None:
    """Refused where the person cannot be erased now, as far as can be seen without the lock."""
    _open(db.session(), person.reference, _applications(db.session(), person.reference))


def erase(person: Person, *, why: str, at: datetime, rule: str = "", seen: int | None = None) -> Done:
    """Erase a person whole: the deed, then the key and the files. ``rule``: by which retention it is due, as the record
    stood at entry ``seen``; else ``why`` it was asked. What a crash leaves of it is done by ``finish``."""
    try:
        done = _erased(person.reference, kind=person.kind, why=why, rule=rule, seen=seen, by=SYSTEM, at=at)
    except Exception:
        if not was_erased(person):
            keys.stay(person.reference)
        raise
    _leave(person.reference)
    return done


def was_erased(person: Person) -> bool:
    db.session.rollback()
    return db.session.scalar(select(Erasure.id).where(Erasure.person == person.reference)) is not None


@deed("person.erased")
def _erased(op: Operation, reference: str, *, kind: str, why: str, rule: str, seen: int | None) -> Fact:
    if op.session.scalar(select(Erasure.id).where(Erasure.person == reference)):
        raise Refused("The personal data of {person} were erased already. Nothing has been changed.", person=reference)
    why = why if rule else words(why, "reason")
    account = op.one(Account, reference=reference) if kind == "account" else None
    applications = _applications(op.session(), reference)
    awards = _open(op.session(), reference, applications)
    if seen is not None and any(one.seq > seen or one.begun_at > op.at for one in applications):
        raise Refused("{person} has applied meanwhile. Nothing has been changed.", person=reference)
    before = recorded_state(op, reference)
    for one in applications:
        if one.seq and (one.stage == "draft" or (one.stage in ALIVE and _is_ahead(op, one))):
            earlier, one.stage, one.seq = one.stage, "withdrawn", op.next_seq
            gone = Fact(on=one.reference, before=earlier, after="withdrawn", data=kept(one))
            op.append("application.withdrawn", gone)
            before = "withdrawn" if one.reference == reference else before
    named = Event.subject.in_([one.reference for one in applications])
    known = set(op.session.scalars(select(Event.subject).where(named)))
    told = {
        "kind": kind,
        "rule": rule,
        "words": seal(op, why),
        "applications": [one.reference for one in applications if one.seq or one.reference in known],
        "awards": [one.reference for one in awards],
    }
    op.session.add(Erasure(person=reference, kind=kind, rule=rule, words=why, at=op.recorded_at, seq=op.next_seq))
    if account:
        account.ended_at, account.seq = account.ended_at or op.recorded_at, op.next_seq
        for table in (SignIn, PasswordLink, SecondFactor):
            op.session.execute(delete(table).where(table.account_id == account.id))
    op.session.flush()
    files = op.session.scalars(_files_of(reference, [one.id for one in applications])).all()
    keys.leave(reference, [stored for stored in files if stored])
    drop(op.session(), [one.id for one in applications if not one.seq and one.reference not in known])
    _blank(op.session(), reference, [one.id for one in applications], [one.id for one in awards])
    op.session.expire_all()
    return Fact(on=reference, before=before, after="ended" if account else before, data=told)


def _leave(person: str) -> None:
    keys.destroy(person)
    for stored in keys.files_of(person):
        storage.remove(stored)
    keys.stay(person)


def _applications(session: Session, reference: str) -> list[Application]:
    whose = or_(Account.reference == reference, Application.reference == reference)
    found = select(Application).outerjoin(Account, Account.id == Application.account_id).where(whose)
    return list(session.scalars(found.order_by(Application.id)).unique())


def _is_ahead(op: Operation, application: Application) -> bool:
    """Whether its meeting is not over; one that was struck from the calendar is."""
    listed = calendar_on(op.session(), op.today).meetings
    return any(one.code == application.meeting and one.last_day >= op.today for one in listed)


def _open(session: Session, person: str, applications: list[Application]) -> list[Award]:
    """The awards of a person. Refused while the fund and the person owe each other anything, or may come to; but of one
    whose key is gone already, whom an older copy brought back, nothing is left to settle by."""
    mine = Award.application_id.in_([one.id for one in applications])
    found = list(session.scalars(select(Award).where(mine)).unique())
    if keys.destroyed(person):
        return found
    books = many_books(session, [one.reference for one in found])
    for one in found:
        over = one.stage in (*GIVEN_BACK, "settled", "closed", "no-show") and one.resumes is None
        of_it = books.get(one.reference, Books())
        if not over or any(any(part.values()) for part in (of_it.due, of_it.payable, of_it.advanced)):
            raise Refused(STILL_OPEN, award=one.reference, person=person)
    _owes_nothing(session, person)
    return found


def _owes_nothing(session: Session, donor: str) -> None:
    """Refused where a donor who is an individual, or its contact, still gives: a pledge is open, or money waits."""
    whose = or_(Donor.reference == donor, Donor.id.in_(select(Account.donor_id).where(Account.reference == donor)))
    his = select(Donor.id).where(whose, Donor.type == "individual")
    if session.scalar(select(Deposit.id).where(Deposit.donor_id.in_(his), Deposit.pledge_id.is_(None)).limit(1)):
        raise Refused("A deposit of {person} waits for its agreement. Nothing has been changed.", person=donor)
    for pledge in session.scalars(select(Pledge).where(Pledge.donor_id.in_(his))).unique():
        if pledge.state in ("announced", "conditional") or pledge.owed or pledge.over:
            raise Refused(
                "The pledge {pledge} of {person} is open: it is not paid, or was paid above its agreement. Nothing has "
                "been changed.",
                pledge=pledge.reference,
                person=donor,
            )


def _blank(session: Session, person: str, applications: list[int], awards: list[int]) -> None:
    """Everything that the list of personal data names, at the rows of this person."""
    known = {"person": person, "applications": applications or [-1], "awards": awards or [-1]}
    for held in personal.HELD:
        blank = held.blank_for(person)
        changes = ", ".join(f"{name} = :new_{name}" for name in blank)
        asked = text(f'UPDATE "{held.table}" SET {changes} WHERE {held.path.rows}')  # noqa: S608 (names of ours)
        lists = [bindparam(name, expanding=True) for name in ("applications", "awards") if f":{name}" in held.path.rows]
        used = {name: value for name, value in known.items() if f":{name}" in held.path.rows}
        session.execute(asked.bindparams(*lists), used | {f"new_{name}": value for name, value in blank.items()})


def _files_of(person: str, applications: list[int]) -> CompoundSelect[tuple[str]]:
    letters = (
        select(Letter.stored).join(Pledge).join(Donor).where(Donor.reference == person, Donor.type == "individual")
    )
    return union_all(select(Document.stored).where(Document.application_id.in_(applications)), letters)


def drop(session: Session, drafts: list[int]) -> None:
    """Drafts that were never sent, and that no mission named: the record knows nothing of them."""
    session.execute(delete(Document).where(Document.application_id.in_(drafts)))
    session.execute(delete(Application).where(Application.id.in_(drafts)))


def finish(_: datetime) -> int:
    """Destroy the keys and files that a crash between the deed and the key left: how many persons'. What to destroy is
    noted in the key folder: nobody who reaches the database alone has a key destroyed."""
    done = 0
    for person in keys.leaving():
        if db.session.scalar(select(Erasure.id).where(Erasure.person == person)):
            try:
                _leave(person)
                done += 1
            except OSError:
                log.exception("what is left of %s, who was erased, could not be removed; it is tried again", person)
    return done


def destroy_again(found: list[Person]) -> None:
    """Destroy keys that came back with an older copy of the key folder, of persons whom its keeper names."""
    for person in found:
        if was_erased(person) and not keys.destroyed(person.reference):
            keys.destroy(person.reference)


def empty_again() -> int:
    """Empty what came of persons after they were erased, as a line of the bank that was matched later: how many."""
    session, back = db.session(), set[str]()
    for held in personal.HELD:
        back |= set(still_told(session, held))
    with housekeeping():
        for person in sorted(back):
            applications = [one.id for one in _applications(session, person)]
            awards = session.scalars(select(Award.id).where(Award.application_id.in_(applications))).all()
            _blank(session, person, applications, list(awards))
    return len(back)


def still_told(session: Session, held: personal.Held) -> Iterator[str]:
    """Persons who were erased, and of whom rows of a table tell something."""
    columns, whose = ", ".join(f"{held.table}.{name}" for name in held.blank), held.path.whose
    asked = f'SELECT {whose}, {columns} FROM "{held.table}" WHERE {whose} IN (SELECT person FROM erasure)'  # noqa: S608 (names of ours)
    for person, *values in session.execute(text(asked)):
        told = [str(bytes(value) if isinstance(value, memoryview) else value) for value in values]
        if told != [str(blank) for blank in held.blank_for(person).values()]:
            yield person


def erased_since() -> list[Person]:
    """Who was erased after the copy was made that was put back: the key folder knows, the record does not."""
    return [
        person
        for reference in keys.erased()
        for person in _by_reference(reference)
        if person.reference == reference and not was_erased(person)
    ]


AGAIN = "Erased after this copy was made."


def wipe() -> bool:
    """Take what was overwritten out of the database's own files too. False if somebody reads there still: once more,
    a little later, does it.

    SQLite overwrites by itself (secure_delete); its log is emptied. PostgreSQL keeps dead rows until they are vacuumed.
    """
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            return not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        tables = {held.table for held in personal.HELD} | {"sign_in", "password_link", "second_factor"}
        for table in sorted(tables):
            connection.exec_driver_sql(f'VACUUM (ANALYZE) "{table}"')  # its statistics tell values too
    return True
