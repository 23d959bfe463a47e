"""After the journey the traveller claims: the real days, what others gave, boarding passes and receipts, a report."""

import json
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from trustfund.core.money import amount_of, minor
from trustfund.core.refusal import Refused, sentence
from trustfund.core.verifier import canonical
from trustfund.extensions import db
from trustfund.models.awards import Award, Claim
from trustfund.operations.allowances import KINDS
from trustfund.operations.award_deeds import fact, seal, seen_award, words
from trustfund.operations.claim_documents import claim_documents
from trustfund.operations.meetings import frame_of
from trustfund.operations.operation import Fact, Operation, deed, housekeeping
from trustfund.operations.people import post
from trustfund.services import keys

TRIPS = 4


@deed("claim.submitted")
def submit(
    op: Operation,
    reference: str,
    *,
    seen: int,
    arrived_on: date,
    left_on: date,
    visa: str = "",
    trips: int = TRIPS,
    given: str = "{}",
    message: str = "",
    report: str = "",
) -> Fact:
    """The traveller tells the real days and costs. ``given``: JSON, night -> lodging, breakfast, lunch, dinner that
    somebody else gave; ``report``: the short report to the fund."""
    award = seen_award(op, reference, seen, "claim.submitted")
    last = claim_of(op.session(), award)
    if left_on < arrived_on:
        raise Refused("The day of departure lies before the day of arrival.", field="left_on")
    if left_on > op.today:
        raise Refused("{day} lies ahead. Enter the day on which it happened.", day=left_on, field="left_on")
    if not 0 <= trips <= TRIPS:
        raise Refused("A return journey has four trips between airport and town, or fewer.", field="trips")
    if len(message) > 2000 or len(report) > 4000:
        raise Refused("This has more than {n} characters. Shorten it.", n=4000, field="report")
    claim = Claim(
        award_id=award.id,
        number=last.number + 1 if last else 1,
        arrived_on=arrived_on,
        left_on=left_on,
        visa=minor(amount_of(visa, "USD"), "USD") if visa.strip() else 0,
        trips=trips,
        given=canonical(_given(given)),
        words=message.strip(),
        report=report.strip(),
        by_id=op.account.id if op.account else 0,
        at=op.recorded_at,
        seq=op.next_seq,
    )
    op.session.add(claim)
    told = {
        "number": claim.number,
        "arrived_on": arrived_on.isoformat(),
        "left_on": left_on.isoformat(),
        "visa": claim.visa,
        "trips": trips,
        "given": _given(given),
        "seal": keys.seal_of(op.by, f"{claim.words}\n{claim.report}".encode()),
        "files": [{"kind": one.kind, "seal": one.seal} for one in claim_documents(op.session(), award)],
    }
    return fact(op, award, "claimed", data={"claim": told})


def _given(text: str) -> dict[str, list[str]]:
    try:
        read = json.loads(text or "{}")
        kept = {date.fromisoformat(day).isoformat(): sorted(set(what)) for day, what in read.items() if what}
    except (ValueError, AttributeError, TypeError):
        raise Refused("Choose for each night what others gave you.", field="given") from None
    if any(what not in KINDS for all_ in kept.values() for what in all_):
        raise Refused("Choose for each night what others gave you.", field="given")
    return kept


@deed("claim.returned")
def send_back(op: Operation, reference: str, *, seen: int, reason: str) -> Fact:
    """A paper or an answer is wanting: the traveller submits the claim again."""
    award = seen_award(op, reference, seen, "claim.returned")
    claim, asked = claim_of(op.session(), award), words(reason, "reason")
    assert claim is not None
    claim.returned = asked
    if award.application.account:
        post(
            award.application.account,
            sentence("Your claim for the meeting {meeting}"),
            sentence(
                "An officer of the fund has looked at your claim for the meeting {meeting} and asks:\n\n{words}\n\n"
                "Submit the claim again under “My applications”."
            ),
            meeting=award.meeting,
            words=asked,
        )
    return fact(op, award, "travelled", data={"claim": claim.number, "asked": seal(op, asked)})


def claim_of(session: Session, award: Award) -> Claim | None:
    """The claim of an award that stands: the latest."""
    found = select(Claim).where(Claim.award_id == award.id).order_by(Claim.number.desc()).limit(1)
    return session.scalars(found).first()


def remind(at: datetime) -> int:
    """Claims that are due or overdue: a mail each, at most one in the days between reminders. The clock's."""
    today, count = at.date(), 0
    with housekeeping():
        late = select(Award).where(Award.stage == "travelled", Award.claim_due <= today + timedelta(days=3))
        for award in db.session.scalars(late.order_by(Award.id)).unique():
            every = frame_of(db.session(), award.meeting, today).mandate.setting("days_between_reminders")
            account = award.application.account
            if account is None or (award.reminded_on and today - award.reminded_on < timedelta(days=every)):
                continue
            post(
                account,
                sentence("Your claim for the meeting {meeting} is due"),
                sentence(
                    "The fund has no claim from you for the meeting {meeting}. It is due on {day}. Until it is there, "
                    "the fund can give you no other seat. Submit it under “My applications”."
                ),
                meeting=award.meeting,
                day=award.claim_due,
            )
            award.reminded_on = today
            count += 1
    return count
