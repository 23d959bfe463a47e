"""An agreement is drawn up for signature, under a number that no other has: MCS00-2018-007."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trustfund.core import lifecycle
from trustfund.core.mandate import BASES
from trustfund.core.refusal import NotHere, Refused, sentence
from trustfund.models.contributions import AgreementDraft, Pledge
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations.agreements import LONGEST_CONDITION
from trustfund.operations.contributions import unchanged
from trustfund.operations.donors import accepted
from trustfund.operations.instalments import told
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.people import post


class Draft(NamedTuple):
    """An agreement drawn up: its entry of the record, and what it says there."""

    event: Event
    said: Mapping[str, Any]

    @property
    def number(self) -> str:
        return str(self.said["number"])

    @property
    def condition(self) -> str:
        return str(self.said["condition"])


@deed("agreement.drafted")
def draw_up(op: Operation, reference: str, *, condition: str = "", seen: int) -> Fact:
    """The exchange of letters on a pledge, ready to be signed. Nothing is booked: that comes once it is signed.

    An earlier one of the same pledge keeps its number and stands no longer; the same terms are not drawn up twice.
    """
    pledge = op.one(Pledge, reference=reference)
    unchanged(pledge, seen)
    lifecycle.check("agreement.drafted", pledge.state)
    accepted(pledge.donor)
    terms, before = _terms(op, pledge, " ".join(condition.split())), latest(op.session(), pledge)
    if before and all(before.said[name] == value for name, value in terms.items()):
        raise Refused("Agreement {number} says all of this already. Nothing has been changed.", number=before.number)
    number = _free_number(op)
    op.session.add(AgreementDraft(number=number, pledge=pledge, seq=op.next_seq))
    pledge.seq = op.next_seq
    _tell(op, pledge, number)
    return Fact(reference, "announced", "announced", data={"number": number, **terms})


def latest(session: Session, pledge: Pledge) -> Draft | None:
    """The agreement drawn up last for a pledge; None where there is none."""
    found = session.scalars(
        select(Event)
        .join(AgreementDraft, AgreementDraft.seq == Event.seq)
        .where(AgreementDraft.pledge_id == pledge.id)
        .order_by(Event.seq.desc())
        .limit(1)
    ).first()
    return Draft(found, json.loads(found.body)["data"]) if found else None


def draft_of(session: Session, pledge: Pledge) -> Draft:
    """The same, to be shown; refused as not here where there is none."""
    found = latest(session, pledge)
    if found is None:
        raise NotHere("There is no such thing here.")
    return found


def stands(draft: Draft, pledge: Pledge) -> bool:
    """Whether the pledge still says what was drawn up, whatever was recorded on it since."""
    return all(draft.said[name] == value for name, value in _pledged(pledge).items())


def _pledged(pledge: Pledge) -> dict[str, object]:
    return {
        "amount": pledge.amount,
        "currency": pledge.currency,
        "earmark": pledge.earmark,
        "purpose": pledge.purpose,
        "expected_on": pledge.expected_on.isoformat() if pledge.expected_on else None,
        "instalments": told(pledge),
    }


def _terms(op: Operation, pledge: Pledge, condition: str) -> dict[str, object]:
    """What the paper says: of the pledge, of its condition, and of the mandate in force on the day."""
    if len(condition) > LONGEST_CONDITION:
        raise Refused("This has more than {n} characters. Shorten it.", n=LONGEST_CONDITION, field="condition")
    fees = [fee for base in BASES for fee in op.mandate.fees_on(op.today, base)]
    return {
        "donor": pledge.donor.reference,
        **_pledged(pledge),
        "condition": condition,
        "fees": [[fee.code, str(fee.rate), fee.base] for fee in fees],
        "reserve": str(op.mandate.reserve_on(op.today)),
    }


def _free_number(op: Operation) -> str:
    """The next of the year: counted under the lock in a table that only grows, so none is missing or comes twice."""
    stem = f"{op.mandate.fund.code}-{op.today.year}-"
    given = select(func.count()).select_from(AgreementDraft).where(AgreementDraft.number.startswith(stem))
    return f"{stem}{(op.session.scalar(given) or 0) + 1:03}"


def _tell(op: Operation, pledge: Pledge, number: str) -> None:
    """Every account of the donor learns that there is something to sign."""
    for account in op.session.scalars(
        select(Account).where(Account.donor_id == pledge.donor_id, Account.ended_at.is_(None))
    ).unique():
        post(
            account,
            sentence("Agreement {number} is ready to be signed"),
            sentence(
                "The fund has drawn up agreement {number} on your pledge. Take it under “My contributions”, and send "
                "it back signed. Nothing is booked until then."
            ),
            number=number,
        )
