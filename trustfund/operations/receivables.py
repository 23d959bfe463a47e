"""What deeds and imports of contributions share: each works on rows under the lock and says what happened."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from trustfund.core import bookings, lifecycle
from trustfund.core.ledger import Posting, earmark_of
from trustfund.core.money import LARGEST, Rate, amount_of, in_usd, major, minor
from trustfund.core.refusal import Refused
from trustfund.models.contributions import DONOR_TYPES, Deposit, Donor, Pledge
from trustfund.operations.bank_lines import currency_of, free_reference, not_ahead, rate_for
from trustfund.operations.operation import Fact, Operation
from trustfund.services import chance


def new_donor(op: Operation, name: str, *, type: str, country: str = "") -> Donor:
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise Refused("A donor has a name of at most 200 characters.", field="donor")
    if type not in DONOR_TYPES:
        raise Refused(
            "“{type}” is not a kind of donor. Use state, igo, ngo, private or individual.",
            type=type[:20],
            field="donor_type",
        )
    if country and not (len(country) == 3 and country.isascii() and country.isupper()):
        raise Refused(
            "“{country}” is not a country code of three letters (ISO 3166), for example LUX.",
            country=country[:10],
            field="country",
        )
    if type == "state" and not country:
        raise Refused("A State as donor has its country code, for example LUX.", field="country")
    donor = Donor(reference=chance.reference("D"), name=name, type=type, country=country, seq=op.next_seq)
    op.session.add(donor)
    return donor


def donor_data(donor: Donor) -> dict[str, object]:
    return {
        "donor": donor.reference,
        "type": donor.type,
        "country": donor.country,
        "name": None if donor.type == "individual" else donor.name,
    }


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
        _document(document)
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
        },
    )


def agree(op: Operation, pledge: Pledge, *, document: str, day: date, amount: str, before: str | None) -> Fact:
    """Book an agreement; what was agreed earlier stays agreed. ``before``: the state before this deed, None if new."""
    _stands(pledge), _document(document), not_ahead(op, day, "day")
    units = minor(amount_of(amount, pledge.currency), pledge.currency)
    rate = rate_for(op, pledge.currency, day)
    usd = _usd(units, rate)
    pledge.document, pledge.agreed_on = document.strip(), day
    pledge.agreed, pledge.agreed_usd = pledge.agreed + units, pledge.agreed_usd + usd
    pledge.state, pledge.seq = "agreed", op.next_seq
    entry = bookings.agreed(currency=pledge.currency, amount=units, usd=usd, day=day, earmark=pledge.earmark)
    return Fact(
        on=pledge.reference,
        before=before,
        after="agreed",
        post=entry,
        data={
            "donor": pledge.donor.reference,
            "document": pledge.document,
            "day": day.isoformat(),
            "amount": units,
            "currency": pledge.currency,
            "usd": usd,
            "earmark": pledge.earmark,
            "purpose": pledge.purpose,
            **_rate_data(rate),
        },
    )


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
) -> Fact:
    """Book a deposit: against what is owed, or unapplied where there is no agreement.

    ``agreed_now`` is the agreement of the same line (--as-agreed): one event carries both entries.
    """
    if pledge:
        _stands(pledge)
    not_ahead(op, value_date, "value_date")
    currency_of(op, bank_account)
    units = minor(amount_of(amount, currency), currency)
    rate = rate_for(op, currency, value_date)
    usd = _usd(units, rate)
    new = Deposit(
        reference=chance.reference("R"),
        donor=donor,
        pledge=pledge,
        value_date=value_date,
        bank_account=bank_account,
        bank_reference=_bank_reference(op, bank_account, bank_reference),
        currency=currency,
        amount=units,
        usd=usd,
        per_usd=str(rate.per_usd),
        rate_day=rate.day,
        rate_source=rate.source,
        difference_usd=0,
        seq=op.next_seq,
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
            **_rate_data(rate),
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
    fee = op.mandate.fees_of(new.usd, new.value_date, "deposit")
    entry = bookings.deposit_received(**common, owed=pledge.owed, owed_usd=pledge.owed_usd, fee_usd=fee)  # type: ignore[arg-type]
    applied(op, new, pledge, entry)
    return pledge.reference, pledge.state, entry


def applied(op: Operation, deposit: Deposit, pledge: Pledge, entry: tuple[Posting, ...]) -> None:
    """What an entry that applies a deposit to a pledge changes of both rows."""
    deposit.difference_usd = -sum(p.usd for p in entry if p.account == "exchange-difference")
    pledge.released_usd += bookings.released_of(pledge.owed, pledge.owed_usd, deposit.amount)
    pledge.received, pledge.received_usd = pledge.received + deposit.amount, pledge.received_usd + deposit.usd
    pledge.state, pledge.seq = lifecycle.standing(pledge.agreed, pledge.received), op.next_seq


def _stands(pledge: Pledge) -> None:
    """Nothing is agreed or paid on a pledge that has ended, whichever way it comes, imports too."""
    if pledge.state in lifecycle.ENDED:
        raise Refused(lifecycle.NOTHING_MORE)


def _document(text: str) -> None:
    if not text.strip() or len(text) > 120:
        raise Refused("Enter the symbol of the agreement, for example Note verbale 17/418.", field="document")


def _usd(units: int, rate: Rate) -> int:
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


def _rate_data(rate: Rate) -> Mapping[str, object]:
    return {"per_usd": str(rate.per_usd), "rate_day": rate.day.isoformat(), "rate_source": rate.source}
