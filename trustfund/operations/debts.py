"""What traveller and agent owe the fund is recovered, or written off by two officers with the authority for it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from trustfund.core import award_books, lifecycle
from trustfund.core.money import major
from trustfund.core.refusal import Refused
from trustfund.models.awards import Award, Recovery
from trustfund.operations.award_deeds import books, fact, mine, seen_award, words
from trustfund.operations.bank_lines import dollars
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.proposals import by_two


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
    """The traveller paid back, wholly or in part, or nothing is due from the traveller and the agent gave back what it
    was paid for a ticket; the money is free again."""
    award = seen_award(op, reference, seen, "recovery.recorded")
    line, known = dollars(op, bank_account, amount, value_date, bank_reference), books(op.session(), award)
    due = sum(known.due.values())
    of_agent = 0 if due else sum(known.agent_owes.values())
    if of_agent and line.usd > of_agent:
        raise Refused("The travel agent owes {due}; no more is recovered.", due=major(of_agent, "USD"), field="amount")
    if not of_agent and line.usd > due:
        raise Refused("The traveller owes {due}; no more is recovered.", due=major(due, "USD"), field="amount")
    if value_date < (issued := award.ticketed_on or date.min):
        raise Refused("The ticket was issued on {day}: nothing came back before.", day=issued, field="value_date")
    op.session.add(Recovery(award_id=award.id, seq=op.next_seq, **line.kept))
    give = award_books.given_back if of_agent else award_books.recovered
    entry = give(known, line.bank_account, line.usd, value_date)
    return fact(op, award, _closed(award, due - line.usd), post=entry, data={"recovery": line.told})


@by_two("debt.written-off")
def write_off(op: Operation, subject: str, content: Mapping[str, Any], reason: str) -> Fact:
    """Nobody will pay it: written off by two officers. ``content``: document, the authority for it."""
    award = op.one(Award, reference=subject)
    mine(op, award)
    lifecycle.check("debt.written-off", award.stage)
    known, due = books(op.session(), award), owed(op.session(), award)
    if not due:
        raise Refused("The traveller owes the fund nothing.", field="reason")
    document = words(str(content.get("document", "")), "document", 120)
    entry = award_books.written_off(known, op.today)
    return fact(op, award, _closed(award, 0), post=entry, data={"usd": due, "document": document})


def owed(session: Session, award: Award) -> int:
    """What traveller and agent owe the fund on an award, in cents."""
    known = books(session, award)
    return sum(known.due.values()) + sum(known.agent_owes.values())


def _closed(award: Award, left: int) -> str | None:
    """A settled award without debt is closed; one that was missed or cancelled keeps its state."""
    return "closed" if award.stage == "settled" and not left else None
