"""Money comes in: pledges are announced, agreed and paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from trustfund.core import bookings, lifecycle
from trustfund.core.ledger import earmark_of
from trustfund.core.money import LARGEST, Money, Rate, amount_of, in_usd, major, minor, rate_on, rounded
from trustfund.core.refusal import NotHere, Refused, Stale, sentence
from trustfund.core.roles import Role
from trustfund.extensions import db
from trustfund.models.contributions import DONOR_TYPES, Deposit, Donor, Pledge
from trustfund.models.fund import rates_of
from trustfund.models.people import Account
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.people import post
from trustfund.services import chance


@deed("donor.registered")
def register_donor(op: Operation, name: str, *, type: str, country: str = "") -> Fact:
    """A donor becomes known to the fund. An individual's name does not enter the record."""
    donor = new_donor(op, name, type=type, country=country)
    return Fact(on=donor.reference, data=donor_data(donor))


@deed("pledge.announced")
def announce_pledge(op: Operation, donor: str = "", *, amount: str, currency: str, purpose: str, earmark: str = "",
                    expected_on: date | None = None) -> Fact:
    """What a donor intends to give: announced by itself, or by an officer whom its letter reached (``donor``).

    It is a register only: nothing is booked until it is agreed.
    """
    own = op.account.donor if op.account else None
    pledge = new_pledge(op, own or op.one(Donor, reference=donor), amount=amount, currency=currency, purpose=purpose, earmark=earmark,
                        day=op.today, expected_on=expected_on)
    return announced(pledge)


@deed("agreement.recorded")
def record_agreement(op: Operation, reference: str, *, document: str, day: date, amount: str, seen: int) -> Fact:
    """An exchange of letters: the pledge becomes a contribution receivable, at the rate of the agreement's day."""
    pledge = op.one(Pledge, reference=reference)
    _unchanged(pledge, seen)
    lifecycle.check("agreement.recorded", pledge.state)
    return agree(op, pledge, document=document, day=day, amount=amount, before=pledge.state)


@deed("deposit.recorded")
def record_deposit(op: Operation, reference: str, *, amount: str, value_date: date, bank_reference: str,
                   bank_account: str, seen: int) -> Fact:
    """Money in the bank against an agreed pledge, at the rate of its value date. The donor is told of the receipt."""
    pledge = op.one(Pledge, reference=reference)
    _unchanged(pledge, seen)
    lifecycle.check("deposit.recorded", pledge.state)
    fact = deposit(op, pledge.donor, pledge, amount=amount, currency=pledge.currency, value_date=value_date,
                   bank_reference=bank_reference, bank_account=bank_account, earmark=pledge.earmark,
                   before=pledge.state)
    for account in op.session.scalars(select(Account).where(Account.donor_id == pledge.donor_id,
                                                            Account.ended_at.is_(None))).unique():
        post(account, sentence("Your contribution was received"),
             sentence("The fund received {amount} on {day}. The receipt waits for you under “My contributions”."),
             amount=Money(amount_of(amount, pledge.currency), pledge.currency), day=value_date)
    return fact


# What deeds and imports share. Each works on rows under the lock and says what happened.

def new_donor(op: Operation, name: str, *, type: str, country: str = "") -> Donor:
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise Refused("A donor has a name of at most 200 characters.", field="donor")
    if type not in DONOR_TYPES:
        raise Refused("“{type}” is not a kind of donor. Use state, igo, ngo, private or individual.",
                      type=type[:20], field="donor_type")
    if country and not (len(country) == 3 and country.isascii() and country.isupper()):
        raise Refused("“{country}” is not a country code of three letters (ISO 3166), for example LUX.",
                      country=country[:10], field="country")
    if type == "state" and not country:
        raise Refused("A State as donor has its country code, for example LUX.", field="country")
    donor = Donor(reference=chance.reference("D"), name=name, type=type, country=country, seq=op.next_seq)
    op.session.add(donor)
    return donor


def donor_data(donor: Donor) -> dict[str, object]:
    return {"donor": donor.reference, "type": donor.type, "country": donor.country,
            "name": None if donor.type == "individual" else donor.name}


def new_pledge(op: Operation, donor: Donor, *, amount: str, currency: str, purpose: str, earmark: str, day: date,
               expected_on: date | None = None, document: str = "") -> Pledge:
    """The row of a pledge that was announced on a day."""
    if purpose not in {p.code for p in op.mandate.purposes}:
        raise Refused("Choose one of the purposes of the mandate.", field="purpose")
    if document.strip():
        _document(document)
    pledge = Pledge(
        reference=chance.reference("P"), donor=donor, document=document.strip(), purpose=purpose,
        earmark=earmark_of(earmark), currency=currency, amount=minor(amount_of(amount, currency), currency),
        announced_on=day, expected_on=expected_on, state="announced", agreed=0, agreed_usd=0, received=0,
        received_usd=0, released_usd=0, seq=op.next_seq,
    )
    op.session.add(pledge)
    return pledge


def announced(pledge: Pledge) -> Fact:
    return Fact(on=pledge.reference, after="announced", data={
        "donor": pledge.donor.reference, "amount": pledge.amount, "currency": pledge.currency,
        "purpose": pledge.purpose, "earmark": pledge.earmark, "document": pledge.document,
        "day": pledge.announced_on.isoformat(),
        "expected_on": pledge.expected_on.isoformat() if pledge.expected_on else None})


def agree(op: Operation, pledge: Pledge, *, document: str, day: date, amount: str, before: str | None) -> Fact:
    """Book an agreement; what was agreed earlier stays agreed. ``before``: the state before this deed, None if new."""
    _document(document), _not_ahead(op, day, "day")
    units = minor(amount_of(amount, pledge.currency), pledge.currency)
    rate = rate_for(op, pledge.currency, day)
    usd = _usd(units, rate)
    pledge.document, pledge.agreed_on = document.strip(), day
    pledge.agreed, pledge.agreed_usd = pledge.agreed + units, pledge.agreed_usd + usd
    pledge.state, pledge.seq = "agreed", op.next_seq
    entry = bookings.agreed(currency=pledge.currency, amount=units, usd=usd, day=day, earmark=pledge.earmark)
    return Fact(on=pledge.reference, before=before, after="agreed", post=entry, data={
        "donor": pledge.donor.reference, "document": pledge.document, "day": day.isoformat(), "amount": units,
        "currency": pledge.currency, "usd": usd, "earmark": pledge.earmark, "purpose": pledge.purpose,
        **_rate_data(rate)})


def deposit(op: Operation, donor: Donor, pledge: Pledge | None, *, amount: str, currency: str, value_date: date,
            bank_reference: str, bank_account: str, earmark: str, before: str | None = None,
            agreed_now: Fact | None = None) -> Fact:
    """Book a deposit: against what is owed, or unapplied where there is no agreement.

    ``agreed_now`` is the agreement of the same line (--as-agreed): one event carries both entries.
    """
    _not_ahead(op, value_date, "value_date")
    bank_account = known_bank_account(op, bank_account)
    units = minor(amount_of(amount, currency), currency)
    rate = rate_for(op, currency, value_date)
    usd = _usd(units, rate)
    new = Deposit(reference=chance.reference("R"), donor=donor, pledge=pledge, value_date=value_date,
                  bank_account=bank_account, bank_reference=_bank_reference(op, bank_account, bank_reference),
                  currency=currency, amount=units, usd=usd, per_usd=str(rate.per_usd), rate_day=rate.day,
                  rate_source=rate.source, difference_usd=0, seq=op.next_seq)
    op.session.add(new)
    common = {"bank_account": bank_account, "currency": currency, "amount": units, "usd": usd, "day": value_date,
              "earmark": earmark}
    if pledge is None:
        entry = bookings.deposit_unapplied(**common)  # type: ignore[arg-type]
        on, after = new.reference, "unapplied"
    else:
        entry = bookings.deposit_received(
            **common, owed=pledge.owed, owed_usd=pledge.owed_usd, fee_usd=_fee(op, usd, value_date))  # type: ignore[arg-type]
        new.difference_usd = -sum(p.usd for p in entry if p.account == "exchange-difference")
        pledge.released_usd += bookings.released_of(pledge.owed, pledge.owed_usd, units)
        pledge.received, pledge.received_usd = pledge.received + units, pledge.received_usd + usd
        pledge.state, pledge.seq = lifecycle.standing(pledge.agreed, pledge.received), op.next_seq
        on, after = pledge.reference, pledge.state
    return Fact(on=on, before=before, after=after, post=(*(agreed_now.post if agreed_now else ()), *entry), data={
        "deposit": new.reference, "donor": donor.reference, "amount": units, "currency": currency, "usd": usd,
        "value_date": value_date.isoformat(), "bank_account": bank_account, "bank_reference": new.bank_reference,
        "difference_usd": new.difference_usd, "document": pledge.document if pledge else "", "earmark": earmark,
        **({"agreement": dict(agreed_now.data)} if agreed_now else {}),
        **({"flag": "before-start"} if value_date < op.mandate.fund.start else {}), **_rate_data(rate)})


def rate_for(op: Operation, currency: str, day: date) -> Rate:
    """The fund's rate of a day (core.money.rate_on), from the table under the lock."""
    return rate_on(rates_of(op.session(), currency, day), currency, day,
                   source=op.mandate.rates.source, within_days=op.mandate.rates.max_age_days)


def known_bank_account(op: Operation, code: str) -> str:
    if code not in {account.code for account in op.mandate.bank_accounts}:
        raise Refused("“{code}” is not a bank account of the fund.", code=code[:40], field="bank_account")
    return code


def pledge_of(reference: str, donor: Donor | None = None) -> Pledge:
    """A pledge for reading; one of another donor is not here."""
    found = db.session.scalars(select(Pledge).where(Pledge.reference == reference)).unique().one_or_none()
    if found is None or (donor is not None and found.donor_id != donor.id):
        raise NotHere("There is no such thing here.")
    return found


def may_read_deposit(deposit: Deposit, account: Account) -> bool:
    """Donors read their own receipts; officers, the head and auditors all of them."""
    return account.role in (Role.OFFICER, Role.HEAD, Role.AUDITOR) or (
        account.role == Role.DONOR and account.donor_id == deposit.donor_id)


def _unchanged(pledge: Pledge, seen: int) -> None:
    if pledge.seq != seen:
        raise Stale("This pledge has changed since you opened the page: entry {entry} of the record. "
                    "Look at it again. Nothing has been changed.", entry=pledge.seq)


def _document(text: str) -> None:
    if not text.strip() or len(text) > 120:
        raise Refused("Enter the symbol of the agreement, for example Note verbale 17/418.", field="document")


def _not_ahead(op: Operation, day: date, field: str) -> None:
    if day > op.today:
        raise Refused("{day} lies ahead. Enter the day on which it happened.", day=day, field=field)


def _usd(units: int, rate: Rate) -> int:
    """Cents of USD. A rate so small that they pass all bounds is a slip of the pen."""
    usd = in_usd(major(units, rate.currency), rate)
    if usd >= LARGEST:
        raise Refused("{text} is larger than any contribution can be. Amounts stay below 10,000,000,000,000.",
                      text=usd, field="amount")
    return minor(usd, "USD")


def _bank_reference(op: Operation, account: str, text: str) -> str | None:
    text = text.strip()
    if not text or len(text) > 80:
        raise Refused("Enter the bank’s reference of the deposit, as on its statement.", field="bank_reference")
    taken = op.session.scalar(select(Deposit.reference).where(
        Deposit.bank_account == account, Deposit.bank_reference == text))
    if taken:
        raise Refused("The bank reference {reference} is recorded already, as receipt {receipt}. Nothing has been "
                      "changed.", reference=text, receipt=taken, field="bank_reference")
    return text


def _fee(op: Operation, usd: int, day: date) -> int:
    """Fees of base ``deposit``, each rounded half up to the cent."""
    value = Decimal(usd).scaleb(-2)
    return sum(minor(rounded(value * fee.rate), "USD") for fee in op.mandate.fees_on(day, "deposit"))


def _rate_data(rate: Rate) -> Mapping[str, object]:
    return {"per_usd": str(rate.per_usd), "rate_day": rate.day.isoformat(), "rate_source": rate.source}


@dataclass(frozen=True)
class Standing:
    """What one donor gave, in USD, for its own page."""

    agreed: Decimal
    received: Decimal
    outstanding: Decimal
    difference: Decimal


def standing_of(donor: Donor) -> Standing:
    rows = db.session.execute(select(
        Pledge.agreed_usd, Pledge.received_usd, Pledge.released_usd).where(Pledge.donor_id == donor.id)).all()
    agreed, received, released = (sum(r[i] for r in rows) for i in range(3))
    gained = sum(db.session.scalars(select(Deposit.difference_usd).where(Deposit.donor_id == donor.id)))
    return Standing(*(major(cents, "USD") for cents in (agreed, received, agreed - released, gained)))
