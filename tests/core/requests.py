"""A request for a seat that fails nothing, the same otherwise, and what is said of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.core.mandates import MANDATE
from trustfund.core.calendar import call_of
from trustfund.core.countries import state
from trustfund.core.country_status import status_on
from trustfund.core.eligibility import Request, failed_rules

COMPLETED = datetime(2018, 1, 10, 9, tzinfo=UTC)


def request(iso3: str = "NPL", meeting: str = "N1", *, settings=MANDATE.setting, **how) -> Request:
    """A delegate from Kathmandu to the first round in New York, who fails nothing; ``how``: what is otherwise."""
    to = MANDATE.meeting(meeting)
    status, call = status_on(state(iso3), to.first_day, settings), call_of(to, settings)
    usual = Request(
        state=iso3,
        participation=status.participation,
        category=status.category,
        host_state=to.country,
        meeting=to.code,
        meeting_kind=to.kind,
        meeting_cities=tuple(to.place.values()),
        first_day=to.first_day,
        first_night=to.first_day - timedelta(days=1),
        last_night=to.last_day - timedelta(days=1),
        late_until=call.late_until,
        zone=to.zone,
        home_city="Kathmandu",
        note_verbale=True,
        missing=(),
        completed_at=COMPLETED,
    )
    return replace(usual, **how)


def said(of: Request, settings=MANDATE.setting) -> list[tuple[str, str]]:
    return [(failure.code, str(failure)) for failure in failed_rules(of, MANDATE.eligibility, settings)]


def codes(of: Request, settings=MANDATE.setting) -> list[str]:
    return [code for code, _ in said(of, settings)]
