"""What a journey is planned to cost until an officer has a quote, and what a meeting is planned to need.

Rules of the fund, 4 and 5 (fund practice): the fare is the fund's planning fare, never the applicant's figure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from trustfund.core.calendar import Meeting
from trustfund.core.costs import (
    ZERO,
    Cost,
    DatedRate,
    allowance,
    cost_of,
    days_of_journey,
    fare,
    nights_of,
    terminal,
)
from trustfund.core.countries import STATES, State
from trustfund.core.country_amendments import Amendment
from trustfund.core.country_status import StateList, status_on
from trustfund.core.eligibility import IN_SCOPE
from trustfund.core.mandate import Fee
from trustfund.core.money import rounded
from trustfund.core.refusal import Refused, sentence

Settings = Callable[[str], Any]

PLANNING_FARE = sentence("planning fare")
"""The source of a fare that nobody quoted yet."""


def planned_cost(
    meeting: Meeting,
    home_state: State,
    home_city: str,
    settings: Settings,
    fees: Iterable[Fee],
    dsa_rates: Sequence[DatedRate],
    terminal_rates: Sequence[DatedRate],
) -> Cost:
    """The planned charge of a journey, in USD. Refused, naming place and day, where a fare or a rate is wanting.

    ``fees``: all of the mandate; those of base expenditure in force on the first day of the meeting count.
    """
    before, after = settings("arrive_days_before"), settings("leave_days_after")
    arrival, departure = days_of_journey(meeting.days, before=before, after=after)
    nights = nights_of(meeting.days, before=before, after=after)
    lines = (
        fare(home_city, planning_fare(home_state.subregion, meeting.city, arrival, settings), arrival, PLANNING_FARE),
        *allowance(meeting.city, nights, dsa_rates, factor=settings("dsa_factor"), deductions=settings("deductions")),
        *terminal(meeting.city, home_city, arrival, departure, terminal_rates),
    )
    in_force = [fee.rate for fee in fees if fee.base == "expenditure" and fee.in_force(meeting.first_day)]
    return cost_of(lines, in_force)


def planned_need(
    meeting: Meeting,
    settings: Settings,
    fees: Iterable[Fee],
    dsa_rates: Sequence[DatedRate],
    terminal_rates: Sequence[DatedRate],
    *,
    lists: Iterable[StateList] = (),
    amendments: Iterable[Amendment] = (),
    known_on: date | None = None,
) -> Decimal:
    """What a meeting is planned to need, in USD: the planned seats × the mean charge over the States that may have one.

    It is the basis of the default allotment. ``lists``, ``amendments`` and ``known_on``: as ``status_on`` has them.
    """
    fees, lists, amendments = tuple(fees), tuple(lists), tuple(amendments)

    def may_have_a_seat(state: State) -> bool:
        status = status_on(state, meeting.first_day, settings, lists=lists, amendments=amendments, known_on=known_on)
        host = state.iso3 == meeting.country and not settings("host_state_funded")
        return status.participation in IN_SCOPE and status.category != "none" and not host

    alike: dict[tuple[str, str], Decimal] = {}
    of_their_own = {rate.place for rate in terminal_rates}

    def charge(state: State) -> Decimal:
        """Journeys from one subregion cost the same, but where the home has terminal expenses of its own."""
        home = state.names["en"]
        kind = state.subregion, home if home in of_their_own else ""
        if kind not in alike:
            alike[kind] = planned_cost(meeting, state, home, settings, fees, dsa_rates, terminal_rates).charge
        return alike[kind]

    charges = [charge(state) for state in STATES.values() if may_have_a_seat(state)]
    return rounded(settings("planned_seats") * sum(charges, ZERO) / len(charges)) if charges else ZERO


def planning_fare(subregion: str, venue: str, day: date, settings: Settings) -> Decimal:
    """The planning fare from a subregion of M49 to a city: the latest that is not after the day. Refused if none is."""
    usd: Decimal = planning_fare_row(subregion, venue, day, settings)["usd"]
    return usd


def planning_fare_row(subregion: str, venue: str, day: date, settings: Settings) -> Mapping[str, Any]:
    """The same with the day from which it is in force, as the mandate has it."""
    in_force: list[Mapping[str, Any]] = [
        row
        for row in settings("planning_fares")
        if (row["subregion"], row["venue"]) == (subregion, venue) and row["from"] <= day
    ]
    if not in_force:
        raise Refused(
            "There is no planning fare from {subregion} to {venue} on {day}. Enter the one in force on that day first.",
            subregion=subregion,
            venue=venue,
            day=day,
        )
    return max(in_force, key=lambda row: row["from"])
