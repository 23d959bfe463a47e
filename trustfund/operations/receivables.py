"""What deeds and imports of contributions share: each works on rows under the lock and says what happened."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from trustfund.core import bookings, lifecycle
from trustfund.core.ledger import Posting, earmark_of
from trustfund.core.money import LARGEST, Rate, amount_of, in_usd, major, minor
from trustfund.core.refusal import Refused
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.operations.bank_lines import currency_of, free_reference, not_ahead, rate_for
from trustfund.operations.donors import accepted
from trustfund.operations.instalments import told
from trustfund.operations.operation import Fact, Operation
from trustfund.services import chance


def new_pledge(
    op: Operation,
    donor: Donor,
    *,
    amount: str,
    currency: str,
    purpose: str,
    earmark: str,
    day: date,
    expected_on: date | None = None,
    document: str = "",
) -> Pledge:
    """The row of a pledge that was announced on a day."""
    if document.strip():
        symbol_of(document)
    pledge = Pledge(
        reference=chance.reference("P"),
        donor=donor,
        document=document.strip(),
        **terms(op, amount=amount, currency=currency, purpose=purpose, earmark=earmark, expected_on=expected_on),
        announced_on=day,
        state="announced",
        agreed=0,
        agreed_usd=0,
        received=0,
        received_usd=0,
        released_usd=0,
        written_off=0,
        condition="",
        promised=0,
        refunded=0,
        instalments=[],
        seq=op.next_seq,
    )
    op.session.add(pledge)
    return pledge


def terms(
    op: Operation, *, amount: str, currency: str, purpose: str, earmark: str, expected_on: date | None
) -> dict[str, Any]:
    """What a donor intends to give, as the columns of its pledge."""
    if purpose not in {p.code for p in op.mandate.purposes}:
        raise Refused("Choose one of the purposes of the mandate.", field="purpose")
    return {
        "purpose": purpose,
        "earmark": earmark_of(earmark),
        "currency": currency,
        "amount": minor(amount_of(amount, currency), currency),
        "expected_on": expected_on,
    }


def announced(pledge: Pledge) -> Fact:
    return Fact(
        on=pledge.reference,
        after="announced",
        data={
            "donor": pledge.donor.reference,
            "amount": pledge.amount,
            "currency": pledge.currency,
            "purpose": pledge.purpose,
            "earmark": pledge.earmark,
            "document": pledge.document,
            "day": pledge.announced_on.isoformat(),
            "expected_on": pledge.expected_on.isoformat() if pledge.expected_on else None,
            "instalments": told(pledge),
        },
    )


class DepositPart(NamedTuple):
    """A part of one line of the bank: its number, of how many, and in minor units the whole and the parts before it."""

    number: int
    of: int
    whole: int
    before: int


def deposit(
    op: Operation,
    donor: Donor,
    pledge: Pledge | None,
    *,
    amount: str,
    currency: str,
    value_date: date,
    bank_reference: str,
    bank_account: str,
    earmark: str,
    before: str | None = None,
    agreed_now: Fact | None = None,
    part: DepositPart | None = None,
) -> Fact:
    """Book a deposit: against what is owed, or unapplied where there is no agreement.

    ``agreed_now`` is the agreement of the same line (--as-agreed): one event carries both entries.
    ``part``: where one line of the bank is for several pledges, of which this is one.
    """
    if pledge:
        stands(pledge)
    not_ahead(op, value_date, "value_date")
    currency_of(op, bank_account)
    units = minor(amount_of(amount, currency), currency)
    rate = rate_for(op, currency, value_date)
    usd = bookings.part_of(usd_of(part.whole, rate), part.before, units, part.whole) if part else usd_of(units, rate)
    later = part is not None and part.number > 1
    new = Deposit(
        reference=chance.reference("R"),
        donor=donor,
        pledge=pledge,
        value_date=value_date,
        bank_account=bank_account,
        bank_reference=bank_reference.strip() if later else _bank_reference(op, bank_account, bank_reference),
        currency=currency,
        amount=units,
        usd=usd,
        per_usd=str(rate.per_usd),
        rate_day=rate.day,
        rate_source=rate.source,
        difference_usd=0,
        seq=op.next_seq,
        part=part.number if part else 1,
        parts=part.of if part else 1,
    )
    op.session.add(new)
    on, after, entry = _enter(op, new, pledge, earmark)
    return Fact(
        on=on,
        before=before,
        after=after,
        post=(*(agreed_now.post if agreed_now else ()), *entry),
        data={
            **_deposit_data(new, pledge, earmark, before_start=value_date < op.mandate.fund.start),
            **({"agreement": dict(agreed_now.data)} if agreed_now else {}),
            **({"part": part.number, "parts": part.of, "whole": part.whole} if part else {}),
            **rate_data(rate),
        },
    )


def _deposit_data(new: Deposit, pledge: Pledge | None, earmark: str, *, before_start: bool) -> dict[str, object]:
    """What the record says of a deposit; a value date before the fund's start is accepted and flagged."""
    return {
        "deposit": new.reference,
        "donor": new.donor.reference,
        "amount": new.amount,
        "currency": new.currency,
        "usd": new.usd,
        "value_date": new.value_date.isoformat(),
        "bank_account": new.bank_account,
        "bank_reference": new.bank_reference,
        "difference_usd": new.difference_usd,
        "document": pledge.document if pledge else "",
        "earmark": earmark,
        **({"flag": "before-start"} if before_start else {}),
    }


def _enter(op: Operation, new: Deposit, pledge: Pledge | None, earmark: str) -> tuple[str, str, tuple[Posting, ...]]:
    """The entry of a deposit and what it changes of its pledge: about what, its state after, the postings."""
    common = {
        "bank_account": new.bank_account,
        "currency": new.currency,
        "amount": new.amount,
        "usd": new.usd,
        "day": new.value_date,
        "earmark": earmark,
    }
    if pledge is None:
        return new.reference, "unapplied", bookings.deposit_unapplied(**common)  # type: ignore[arg-type]
    fee = fee_of(op, new, pledge)
    entry = bookings.deposit_received(**common, owed=pledge.owed, owed_usd=pledge.owed_usd, fee_usd=fee)  # type: ignore[arg-type]
    applied(op, new, pledge, entry)
    return pledge.reference, pledge.state, entry


def fee_of(op: Operation, deposit: Deposit, pledge: Pledge) -> int:
    """The fees of a deposit in force on its day, on what of it meets an agreement."""
    of_it = bookings.applied_of(deposit.usd, deposit.amount, pledge.owed)
    return op.mandate.fees_of(of_it, deposit.value_date, "deposit")


def applied(op: Operation, deposit: Deposit, pledge: Pledge, entry: tuple[Posting, ...]) -> None:
    """What an entry that applies a deposit to a pledge changes of both rows."""
    deposit.difference_usd = -sum(p.usd for p in entry if p.account == "exchange-difference")
    pledge.released_usd += bookings.released_of(pledge.owed, pledge.owed_usd, deposit.amount)
    pledge.received, pledge.received_usd = pledge.received + deposit.amount, pledge.received_usd + deposit.usd
    pledge.state, pledge.seq = lifecycle.standing(pledge.agreed, pledge.received - pledge.refunded), op.next_seq


def stands(pledge: Pledge) -> None:
    """Nothing is agreed or paid on a pledge that has ended or whose donor is not accepted, imports too."""
    accepted(pledge.donor)
    if pledge.state in lifecycle.ENDED:
        raise Refused(lifecycle.NOTHING_MORE)


def symbol_of(text: str) -> None:
    if not text.strip() or len(text) > 120:
        raise Refused("Enter the symbol of the agreement, for example Note verbale 17/418.", field="document")


def usd_of(units: int, rate: Rate) -> int:
    """Cents of USD. A rate so small that they pass all bounds is a slip of the pen."""
    usd = in_usd(major(units, rate.currency), rate)
    if usd >= LARGEST:
        raise Refused(
            "{text} is larger than any contribution can be. Amounts stay below 10,000,000,000,000.",
            text=usd,
            field="amount",
        )
    return minor(usd, "USD")


def _bank_reference(op: Operation, account: str, text: str) -> str:
    text = text.strip()
    if not text or len(text) > 80:
        raise Refused("Enter the bank’s reference of the deposit, as on its statement.", field="bank_reference")
    taken = op.session.scalar(
        select(Deposit.reference).where(Deposit.bank_account == account, Deposit.bank_reference == text)
    )
    if taken:
        raise Refused(
            "The bank reference {reference} is recorded already, as receipt {receipt}. Nothing has been changed.",
            reference=text,
            receipt=taken,
            field="bank_reference",
        )
    return free_reference(op, account, text)


def rate_data(rate: Rate) -> Mapping[str, object]:
    return {"per_usd": str(rate.per_usd), "rate_day": rate.day.isoformat(), "rate_source": rate.source}
