"""What a traveller owes the fund is recovered, or written off by two officers with the authority for it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from trustfund.core import award_books, lifecycle
from trustfund.core.money import amount_of, major, minor
from trustfund.core.refusal import Refused
from trustfund.models.awards import Award, Recovery
from trustfund.operations.award_deeds import books, fact, mine, seen_award, words
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.proposals import by_two
from trustfund.operations.receivables import known_bank_account


@deed("recovery.recorded")
def recover(
    op: Operation,
    reference: str,
    *,
    seen: int,
    amount: str,
    value_date: date,
    bank_reference: str,
    bank_account: str = "main",
) -> Fact:
    """The traveller paid back, wholly or in part; the money is free again."""
    award = seen_award(op, reference, seen, "recovery.recorded")
    cents, known = minor(amount_of(amount, "USD"), "USD"), books(op.session(), award)
    due, account = sum(known.due.values()), known_bank_account(op, bank_account)
    if cents > due:
        raise Refused("The traveller owes {due}; no more is recovered.", due=major(due, "USD"), field="amount")
    if value_date > op.today:
        raise Refused("{day} lies ahead. Enter the day on which it happened.", day=value_date, field="value_date")
    text = bank_reference.strip()
    if not text or len(text) > 80:
        raise Refused("Enter the bank’s reference, as on its statement.", field="bank_reference")
    if op.session.scalar(select(Recovery.id).where(Recovery.bank_account == account, Recovery.bank_reference == text)):
        raise Refused(
            "The bank reference {reference} is recorded already. Nothing has been changed.",
            reference=text,
            field="bank_reference",
        )
    op.session.add(
        Recovery(
            award_id=award.id,
            usd=cents,
            value_date=value_date,
            bank_account=account,
            bank_reference=text,
            seq=op.next_seq,
        )
    )
    entry = award_books.recovered(known, account, cents, value_date)
    told = {"usd": cents, "value_date": value_date.isoformat(), "bank_account": account, "bank_reference": text}
    return fact(op, award, _closed(award, due - cents), post=entry, data={"recovery": told})


@by_two("debt.written-off")
def write_off(op: Operation, subject: str, content: Mapping[str, Any], reason: str) -> Fact:
    """Nobody will pay it: written off by two officers. ``content``: document, the authority for it."""
    award = op.one(Award, reference=subject)
    mine(op, award)
    lifecycle.check("debt.written-off", award.stage)
    known = books(op.session(), award)
    due = sum(known.due.values())
    if not due:
        raise Refused("The traveller owes the fund nothing.", field="reason")
    document = words(str(content.get("document", "")), "document", 120)
    entry = award_books.written_off(known, op.today)
    return fact(op, award, _closed(award, 0), post=entry, data={"usd": due, "document": document})


def _closed(award: Award, left: int) -> str | None:
    """A settled award without debt is closed; one that was missed or cancelled keeps its state."""
    return "closed" if award.stage == "settled" and not left else None
