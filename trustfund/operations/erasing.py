"""A person is erased: the key is destroyed, the database tells nothing of her or him, and the record still proves
itself, because it never knew more than a reference and seals.

What the fund did stays: that somebody of a State applied, had a seat, and what it cost, under the references.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CompoundSelect, bindparam, delete, or_, select, text, union_all
from sqlalchemy.orm import Session

from trustfund.core.calendar import Meeting
from trustfund.core.lifecycle import ALIVE, GIVEN_BACK
from trustfund.core.refusal import Refused, sentence
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models import personal
from trustfund.models.applications import Application, Document
from trustfund.models.awards import Award
from trustfund.models.contributions import Donor, Letter, Pledge
from trustfund.models.people import Account, Erasure, PasswordLink, SecondFactor, SignIn
from trustfund.models.record import Event
from trustfund.operations.applications import kept
from trustfund.operations.award_deeds import many_books, seal, words
from trustfund.operations.meetings import frame_of
from trustfund.operations.operation import Done, Fact, Operation, deed
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
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Person:
    """Who can be erased: an account, an application that a file brought, or a donor who is an individual."""

    kind: str  # account, application or donor
    reference: str


def persons(named: str) -> list[Person]:
    """Who is meant by an e-mail address or a reference: all whom an address names. ``Refused`` if nobody is."""
    named = named.strip()
    found = list(_by_address(named.lower()) if "@" in named else _by_reference(named.upper()))
    if not found:
        raise Refused("There is no account, application or individual donor “{named}”.", named=named[:80])
    return list(dict.fromkeys(found))


def _by_address(email: str) -> Iterable[Person]:
    for one in db.session.scalars(select(Account).where(Account.email == email)).unique():
        if one.role not in personal.ERASABLE:
            raise Refused(DECIDES, email=email, role=one.role)
        yield Person("account", one.reference)
        if one.donor and one.donor.type == "individual":
            yield Person("donor", one.donor.reference)
    for application in db.session.scalars(select(Application).where(Application.email.ilike(email))).unique():
        if application.email.lower() == email:
            yield _of(application)


def _by_reference(reference: str) -> Iterable[Person]:
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


def erase(person: Person, *, why: str, at: datetime, rule: str = "") -> Done:
    """Erase a person whole: the deed, then the key and the files. ``rule``: by which retention it is due; else
    ``why`` it was asked. Safe to repeat: a person who was erased before is not erased again."""
    files: list[str] = []
    done = _erased(person.reference, kind=person.kind, why=why, rule=rule, files=files, by=SYSTEM, at=at)
    keys.destroy(person.reference)
    for stored in files:
        storage.remove(stored)
    return done


@deed("person.erased")
def _erased(op: Operation, reference: str, *, kind: str, why: str, rule: str, files: list[str]) -> Fact:
    """``files`` is told what lies in the storage, to be removed once the deed stands."""
    if op.session.scalar(select(Erasure.id).where(Erasure.person == reference)):
        raise Refused("The personal data of {person} were erased already. Nothing has been changed.", person=reference)
    why = why if rule else words(why, "reason")
    account = op.one(Account, reference=reference) if kind == "account" else None
    applications = _applications(op.session(), reference)
    awards = _awards(op, reference, [one.id for one in applications])
    if kind == "donor":
        _owes_nothing(op.session(), reference)
    before = recorded_state(op, reference)
    for one in applications:
        if one.seq and one.stage in (*ALIVE, "draft") and _meeting_of(op, one).last_day >= op.today:
            earlier, one.stage, one.seq = one.stage, "withdrawn", op.next_seq
            gone = Fact(on=one.reference, before=earlier, after="withdrawn", data=kept(one))
            op.append("application.withdrawn", gone)
            before = "withdrawn" if one.reference == reference else before
    known = set(
        op.session.scalars(select(Event.subject).where(Event.subject.in_([one.reference for one in applications])))
    )
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
    files += op.session.scalars(_files_of(reference, [one.id for one in applications]))
    drop(op.session(), [one.id for one in applications if not one.seq and one.reference not in known])
    _blank(op.session(), reference, [one.id for one in applications], [one.id for one in awards])
    op.session.expire_all()
    return Fact(on=reference, before=before, after="ended" if account else before, data=told)


def _applications(session: Session, reference: str) -> list[Application]:
    whose = or_(Account.reference == reference, Application.reference == reference)
    found = select(Application).outerjoin(Account, Account.id == Application.account_id).where(whose)
    return list(session.scalars(found.order_by(Application.id)).unique())


def _meeting_of(op: Operation, application: Application) -> Meeting:
    return frame_of(op.session(), application.meeting, op.today).meeting


def _awards(op: Operation, person: str, applications: list[int]) -> list[Award]:
    """Refused while the fund and the person owe each other anything, or may come to."""
    found = list(op.session.scalars(select(Award).where(Award.application_id.in_(applications))).unique())
    books = many_books(op.session(), [one.reference for one in found])
    for one in found:
        over = one.stage in (*GIVEN_BACK, "settled", "closed", "no-show") and one.resumes is None
        mine = books.get(one.reference)
        if not over or (
            mine and any(cents for part in (mine.due, mine.payable, mine.advanced) for cents in part.values())
        ):
            raise Refused(STILL_OPEN, award=one.reference, person=person)
    return found


def _owes_nothing(session: Session, donor: str) -> None:
    for pledge in session.scalars(select(Pledge).join(Donor).where(Donor.reference == donor)).unique():
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


def finish(progress: Progress = lambda n, of: None) -> int:
    """Destroy what a crash between the deed and the key left of persons who were erased: how many keys."""
    left = [one for one in db.session.scalars(select(Erasure.person)) if not keys.destroyed(one)]
    for n, person in enumerate(left, 1):
        keys.destroy(person)
        progress(n, len(left))
    return len(left)


def wipe() -> bool:
    """Take what was overwritten out of the database's own files too. False if somebody reads there still: once more,
    a little later, does it.

    SQLite overwrites by itself (secure_delete); its log is emptied. PostgreSQL keeps dead rows until they are vacuumed.
    """
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            return not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        for table in sorted({held.table for held in personal.HELD}):
            connection.exec_driver_sql(f'VACUUM "{table}"')
    return True
