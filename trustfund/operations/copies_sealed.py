"""What people wrote and sent, against its seals in the record. ``copies`` tells what was changed since."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from trustfund.core.completion import folded
from trustfund.models.applications import PAPERS, Application, ApplicationNote, Document, Screening, Unmasking
from trustfund.models.people import Account
from trustfund.models.selections import Override, Proposal, Selection
from trustfund.operations.answers import seal_of_answers
from trustfund.operations.emptied import Emptied
from trustfund.services import keys

Row = dict[str, Any]
Tables = dict[str, dict[str, Row]]
SEALS = "seals"
"""No table: what the record holds only as a seal. Reference or entry -> the seal of its words, answers or files."""
SENT = ("submitted", "accepted", "refusal-proposed", "refused")
"""Stages in which an application says what it said when it was sent."""


def unsealed(session: Session, tables: Tables) -> list[str]:
    """What people wrote is not in the record, its seal is: a sentence for each text and file that was changed since.

    A person who was erased has no key any more: of that one's words nothing can be said; the seals of files remain.
    """
    return [
        *_answers(session, tables[SEALS]),
        *_files(session, tables[SEALS]),
        *changed_words(session, tables[SEALS], Screening),
        *_reasons(session, tables),
    ]


def _answers(session: Session, seals: Mapping[str, Row]) -> Iterator[str]:
    known = select(Application).where(Application.seq > 0).options(joinedload(Application.account))
    for one in session.scalars(known).unique():
        if one.folded != folded(one.given_names, one.family_name)[:300]:
            yield f"the table application: {one.reference} is folded otherwise than its names"
        sealed = seals.get(one.reference) if one.stage in SENT else None
        if sealed and keys.knows(one.person) and seal_of_answers(one) != sealed["seal"]:
            yield f"the table application: {one.reference} does not hold the answers that were sent"


def _files(session: Session, seals: Mapping[str, Row]) -> Iterator[str]:
    held: dict[str, list[tuple[str, str]]] = {}
    for row in session.execute(
        select(Application.reference, Document.id, Document.kind, Document.seal)
        .outerjoin(Document, (Document.application_id == Application.id) & Document.kind.in_(PAPERS))
        .where(Application.stage.in_(SENT))
        .order_by(Document.id)
    ):
        held.setdefault(row.reference, []).extend([(row.kind, row.seal)] if row.id else [])
    for reference, files in held.items():
        if reference in seals and files != seals[reference]["files"]:
            yield f"the table document: {reference} does not have the files that were sent"


def changed_words(
    session: Session, seals: Mapping[str, Row], table: type[Screening] | type[ApplicationNote] | type[Unmasking]
) -> Iterator[str]:
    """A sentence for each row beside an application whose words are not those of its entry."""
    person = func.coalesce(Account.reference, Application.reference).label("person")
    for row in session.execute(
        select(table.seq, table.words, person)
        .join(Application, Application.id == table.application_id)
        .outerjoin(Account, Account.id == Application.account_id)
    ):
        if str(row.seq) in seals and differs(row.person, row.words, seals[str(row.seq)]["seal"]):
            yield f"the table {table.__tablename__}: {row.seq} does not hold the words that were written"


def _reasons(session: Session, tables: Tables) -> Iterator[str]:
    """A reason is that of the proposal which was confirmed; where one officer decides alone there is none."""
    proposed: dict[str | None, str] = {None: ""}
    emptied = Emptied(session)
    for reference, reason in session.execute(select(Proposal.reference, Proposal.reason)):
        proposed[reference] = reason
        known = tables["proposal"].get(reference)
        wrong = known and reference in tables[SEALS] and differs(known["by"], reason, tables[SEALS][reference]["seal"])
        if wrong and not emptied.holds("proposal", reference):
            yield f"the table proposal: {reference} does not hold the reason that was given"
    for table, statement in {
        "selection": select(Selection.reference, Selection.reason),
        "override": select(Override.seq, Override.reason),
    }.items():
        for name, reason in session.execute(statement):
            row = tables[table].get(str(name))
            wrong = row and reason != proposed.get(row.get("proposal"))
            if wrong and not (table == "override" and emptied.holds(table, name)):
                yield f"the table {table}: {name} does not hold the reason that was proposed"


def differs(person: str, text: str, seal: str | None) -> bool:
    """Whether a text is not what the seal says; nothing was written where there is none."""
    if seal is None or not keys.knows(person):
        return seal is None and text != ""
    return keys.seal_of(person, text.encode()) != seal
