"""The fund is set up: keys, mandate, rates of exchange."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import select

from trustfund.core.mandate import load
from trustfund.core.money import decimals
from trustfund.core.refusal import Refused, SeparationOfDuties
from trustfund.core.roles import SYSTEM, Role, may
from trustfund.extensions import db
from trustfund.models.fund import MandateVersion, RateRow
from trustfund.models.people import Account
from trustfund.models.record import Event, Head
from trustfund.operations.operation import Done, Fact, Operation, deed, housekeeping, writing
from trustfund.services import keys

MANDATES = Path(__file__).parent.parent / "mandates"


def shipped_mandate(name: str) -> str:
    """The text of a mandate file: of this package by its name, or of a path that ends in .toml."""
    path = Path(name) if name.endswith(".toml") else MANDATES / f"{name}.toml"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Refused("There is no mandate file {name}: {reason}.", name=path.name, reason=error.strerror) from None


def set_up(text: str, at: datetime) -> None:
    """Migrate, make keys, adopt the mandate of a new fund. A wrong file is refused before anything is made."""
    load(text)
    db.session.rollback()  # PostgreSQL makes no trigger anew while somebody reads, we least of all
    upgrade()
    keys.make_session_key()
    open_record(at)
    adopt_mandate(text, at=at)


def recorded_mandate() -> str:
    """The text that the record holds as the mandate, with its last amendment."""
    body = db.session.scalars(
        select(Event.body)
        .where(Event.action.in_(("mandate.adopted", "mandate.amended")))
        .order_by(Event.seq.desc())
        .limit(1)
    ).one()
    return str(json.loads(body)["data"]["text"])


def open_record(at: datetime) -> None:
    """The first entry of a new record introduces the key that signs it. Safe to repeat."""
    if db.session.get(Head, 1) is None:
        with housekeeping():
            db.session.add(Head(id=1, seq=0, hash="0" * 64))
    with writing(by=SYSTEM, at=at) as op:
        if op.seq == 0:
            key_id, public = keys.make_signing_key()
            op.append("key.introduced", Fact(on=f"key:{key_id}", data={"key_id": key_id, "public_key": public.hex()}))


def adopt_mandate(text: str, *, at: datetime) -> Done | None:
    """Record the mandate of a new fund, text and digest; None if the fund has one."""
    mandate = load(text)
    with writing(by=SYSTEM, at=at) as op:
        if op.session.query(MandateVersion).first():
            return None
        op.session.add(
            MandateVersion(
                seq=op.next_seq, effective=mandate.fund.adopted, symbol=mandate.fund.document, digest=mandate.digest
            )
        )
        return op.append(
            "mandate.adopted",
            Fact(
                on="mandate",
                after="in-force",
                data={
                    "text": text,
                    "digest": mandate.digest,
                    "symbol": mandate.fund.document,
                    "effective": mandate.fund.adopted.isoformat(),
                },
            ),
        )


@deed("mandate.amended")
def amend_mandate(
    op: Operation, text: str, *, symbol: str, effective: date, confirmed_by: str, by_command: bool = False
) -> Fact:
    """A changed mandate: by one officer or the head, confirmed by another, with the document that decided it."""
    second = op.one(Account, reference=confirmed_by)
    known = second.standing == "active" and may("mandate.amended", Role(second.role), second.functions_on(op.today))
    if confirmed_by == op.by or not known:
        raise SeparationOfDuties("An amendment of the mandate needs two persons. Nothing has been changed.")
    if not symbol.strip() or len(symbol) > 60:
        raise Refused("An amendment names the document that decided it, for example A/RES/72/244.", field="symbol")
    mandate = load(text)
    op.session.add(MandateVersion(seq=op.next_seq, effective=effective, symbol=symbol, digest=mandate.digest))
    return Fact(
        on="mandate",
        before="in-force",
        after="in-force",
        data={
            "text": text,
            "digest": mandate.digest,
            "symbol": symbol,
            "effective": effective.isoformat(),
            "confirmed_by": confirmed_by,
            **({"by_command": True} if by_command else {}),
        },
    )


def record_rate(op: Operation, currency: str, per_usd: Decimal, day: date, source: str) -> Fact | None:
    """A rate of exchange as its source gives it; None if it is recorded already. Another value is refused."""
    decimals(currency)
    kept = op.session.get(RateRow, (currency, day, source))
    if kept and Decimal(kept.per_usd) == per_usd:
        return None
    if kept:
        raise Refused(
            "The rate of {currency} on {day} is recorded as {kept}; a rate is never replaced.",
            currency=currency,
            day=day.isoformat(),
            kept=kept.per_usd,
        )
    op.session.add(RateRow(currency=currency, day=day, source=source, per_usd=str(per_usd), seq=op.next_seq))
    return Fact(
        on=f"rate:{currency}:{day}",
        data={"currency": currency, "per_usd": str(per_usd), "day": day.isoformat(), "source": source},
    )
