"""What stands of an award beside the record, against its seals; and whether its books can be. ``copies`` tells both."""

import json
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session, joinedload

from trustfund.core.award_books import Books, books_of
from trustfund.core.lifecycle import SEATED
from trustfund.core.money import major
from trustfund.core.verifier import canonical
from trustfund.models.awards import Award, BankDetails, Claim, Payment, Quote, Settlement
from trustfund.models.record import Event, Posting
from trustfund.operations.assessment import person_of
from trustfund.operations.award_deeds import SEALED, digest_of
from trustfund.operations.copies_sealed import SEALS, Tables, differs
from trustfund.operations.emptied import Emptied
from trustfund.services import keys

ON_THE_WAY = SEATED[: SEATED.index("settled")]
"""Stages in which a commitment waits for its journey; afterwards it holds no more than what traveller and agent owe."""


def unsealed(session: Session, tables: Tables) -> Iterator[str]:
    """A sentence for each text, cost and account of a traveller that was changed since it was written or certified."""
    emptied = Emptied(session)
    for one in session.scalars(select(Award).options(joinedload(Award.application))).unique():
        if known := tables["award"].get(one.reference):
            yield from _award(one, str(known["lines"]), tables, emptied)
    for text, said, told, (table, what) in _TEXTS:
        for reference, *texts in session.execute(text):
            wrong = _wrong(tables, f"{said}{reference}", told(*texts))
            if wrong and not emptied.holds(table, reference):
                yield f"the table {table}: {reference} does not hold {what}"
    for reference, lines in session.execute(select(Settlement.reference, Settlement.lines)):
        known = tables["settlement"].get(reference)
        if known and known["lines"] != digest_of(lines):
            yield f"the table settlement: {reference} does not hold the lines that were prepared"
    for details in session.scalars(select(BankDetails)):
        sealed = tables[SEALS].get(details.reference)
        if sealed and keys.knows(details.person) and not _holds(details, str(sealed["seal"])):
            yield f"the table bank_details: {details.reference} does not hold the account that was entered"


def _award(one: Award, lines: str, tables: Tables, emptied: Emptied) -> Iterator[str]:
    where, application = f"the table award: {one.reference}", one.application
    for name in SEALED:
        wrong = _wrong(tables, f"{one.reference} {name}", getattr(one, name))
        if wrong and not emptied.holds("award", one.reference):
            yield f"{where} does not hold the {name} that was written"
    if digest_of(one.lines) != lines:
        yield f"{where} does not hold the cost that was certified"
    if application and (one.account_id, one.person) != (application.account_id, person_of(application)):
        yield f"{where} is of another person than its application"


_NAMED = Award.reference + " "
_TEXTS: tuple[tuple[Select[Any], str, Any, tuple[str, str]], ...] = (
    (
        select(_NAMED + cast(Quote.number, String), Quote.route, Quote.source)
        .select_from(Quote)
        .join(Award, Award.id == Quote.award_id),
        "quote ",
        lambda route, source: f"{route}\n{source}",
        ("quote", "the words that were written"),
    ),
    (
        select(_NAMED + cast(Claim.number, String), Claim.words, Claim.report)
        .select_from(Claim)
        .join(Award, Award.id == Claim.award_id),
        "claim ",
        lambda words, report: f"{words}\n{report}",
        ("claim", "the words that were written"),
    ),
    (
        select(_NAMED + cast(Claim.number, String), Claim.returned)
        .select_from(Claim)
        .join(Award, Award.id == Claim.award_id),
        "asked ",
        str,
        ("claim", "what the officer asked"),
    ),
    (
        select(Payment.reference, Payment.why_failed),
        "",
        str,
        ("payment", "the reason that was given"),
    ),
    (
        select(Settlement.reference, Settlement.adjustments),
        "",
        str,
        ("settlement", "the adjustments that were prepared"),
    ),
)
"""What was written: the rows, how their seals are called, the text that was sealed, and what is said of another one."""


def _wrong(tables: Tables, name: str, text: str) -> bool:
    """Whether a text is not the one that was sealed; where nothing was, nothing is written."""
    sealed = tables[SEALS].get(name, {"seal": None, "by": ""})
    return differs(str(sealed["by"]), text, sealed["seal"])


def _holds(details: BankDetails, seal: str) -> bool:
    """Whether the account is the one that was entered, and ends as the row shows."""
    try:
        account = json.loads(keys.unseal(details.person, details.sealed, details.reference))
    except (InvalidTag, ValueError):
        return False
    told = keys.seal_of(details.person, canonical(account).encode())
    return told == seal and details.masked == f"•••• {account['account'][-4:]}"


def impossible(session: Session) -> Iterator[str]:
    """A sentence for each award whose books cannot be: less than nothing somewhere, or money that nothing needs."""
    sums: dict[tuple[str, str, str], list[tuple[str, str, int]]] = {}
    for reference, stage, resumes, account, earmark, cents in session.execute(
        select(Award.reference, Award.stage, Award.resumes, Posting.account, Posting.earmark, func.sum(Posting.usd))
        .join(Event, Event.subject == Award.reference)
        .join(Posting, Posting.seq == Event.seq)
        .group_by(Award.reference, Award.stage, Award.resumes, Posting.account, Posting.earmark)
        .order_by(Award.reference)
    ):
        sums.setdefault((reference, stage, resumes or ""), []).append((account, earmark, int(cents)))
    for (reference, stage, resumes), rows in sums.items():
        books = books_of(rows)
        if below := [name for name, cents in _lowest(books).items() if cents < 0]:
            yield f"the books: {reference} has less than nothing of {', '.join(below)}"
        holds, owes = sum(books.committed.values()), sum(books.due.values()) + sum(books.agent_owes.values())
        if (resumes or stage) not in ON_THE_WAY and holds != owes:
            yield f"the books: {reference} is {stage} and keeps {major(holds - owes, 'USD')} USD committed"


def _lowest(books: Books) -> dict[str, int]:
    """What an award has least of in any earmark. Payables are not here: an agent that was paid may owe a refund."""
    parts = {
        "commitments": books.committed,
        "prepaid-travel": books.prepaid,
        "travel-advances": books.advanced,
        "due-from-travellers": books.due,
        "travel": books.travel,
        "support-cost": books.support,
        "write-offs": books.written_off,
        "its free commitment": books.available,
    }
    return {name: min(cents.values(), default=0) for name, cents in parts.items()}
