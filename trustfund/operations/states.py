"""The status of States: what was decided about one is recorded by two officers, with its document."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from trustfund.core.calendar import Meeting
from trustfund.core.countries import STATES
from trustfund.core.country_amendments import Amendment, amendment
from trustfund.core.country_status import Status, status_on
from trustfund.core.mandate import Mandate
from trustfund.core.refusal import Refused
from trustfund.models.selections import AmendmentRow
from trustfund.operations.operation import Fact, Operation
from trustfund.operations.proposals import by_two


@by_two("status.amended")
def amend_status(op: Operation, subject: str, content: Mapping[str, Any], _: str) -> Fact:
    """A fact about a State by a document (rules of the fund, 1). ``content``: fact, value, document, effective."""
    effective = _day(content["effective"])
    read = amendment(
        subject,
        content["fact"],
        content["value"],
        document=content["document"],
        effective=effective,
        recorded_on=op.today,
    )
    if len(read.document) > 120:
        raise Refused("The document has more than 120 characters. Shorten it.", field="document")
    op.session.add(
        AmendmentRow(
            state=subject,
            fact=read.fact,
            value=content["value"].strip(),
            document=read.document,
            effective=effective,
            recorded_on=op.today,
            seq=op.next_seq,
        )
    )
    return Fact(
        on=f"state:{subject}",
        data={
            "state": subject,
            "fact": read.fact,
            "value": content["value"].strip(),
            "document": read.document,
            "effective": effective.isoformat(),
            "recorded_on": op.today.isoformat(),
        },
    )


def statuses(
    meeting: Meeting, mandate: Mandate, amendments: tuple[Amendment, ...], known_on: date | None = None
) -> dict[str, Status]:
    """The status of every State on the first day of a meeting, as known on a day."""
    return statuses_on(meeting.first_day, mandate, amendments, known_on)


def statuses_on(
    day: date, mandate: Mandate, amendments: tuple[Amendment, ...], known_on: date | None = None
) -> dict[str, Status]:
    """The status of every State on a day, as known on a day."""
    return {
        iso3: status_on(state, day, mandate.setting, amendments=amendments, known_on=known_on)
        for iso3, state in STATES.items()
    }


def recorded(session: Session, iso3: str) -> list[AmendmentRow]:
    """What two officers recorded about a State, in the order of the record."""
    return list(session.scalars(select(AmendmentRow).where(AmendmentRow.state == iso3).order_by(AmendmentRow.seq)))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("“{text}” is no day; write it as 2026-11-24.", text=text[:20], field="effective") from None
