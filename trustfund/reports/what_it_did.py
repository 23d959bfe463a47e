"""What a donor's money did, in a year or since it first gave: whom it brought to which meeting, what it paid, what is
left. The page of the donor and its paper read the same words and figures. Counts only: nobody who travelled is named.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from trustfund.core.attribution import Share, added, over_years
from trustfund.core.calendar import Meeting
from trustfund.core.delegate_days import Seats
from trustfund.core.refusal import NotHere, sentence, sentence_in
from trustfund.models.contributions import Donor, Pledge
from trustfund.models.fund import calendar_on
from trustfund.operations.results import Result, every_year
from trustfund.reports.contribution_results import tenths, usd
from trustfund.reports.report import Bar, Figure
from trustfund.reports.snapshot import Snapshot


@dataclass(frozen=True)
class Counted:
    """Delegates, those of least developed countries among them, and days: each with one decimal."""

    delegates: Decimal
    ldc: Decimal
    days: Decimal

    @property
    def ldc_share(self) -> Decimal:
        """In per cent, to the nearest whole one."""
        return (self.ldc * 100 / self.delegates).quantize(Decimal(1)) if self.delegates else Decimal(0)


@dataclass(frozen=True)
class AtMeeting:
    meeting: Meeting
    counted: Counted


@dataclass(frozen=True)
class OfPledge:
    """One contribution of the donor. ``document``: of its agreement."""

    reference: str
    document: str
    earmark: str
    share: Share
    counted: Counted

    @property
    def spent(self) -> Decimal:
        return usd(self.share.spent)

    @property
    def left(self) -> Decimal:
        return usd(self.share.unspent)


@dataclass(frozen=True)
class Told:
    """``donor``: its reference; ``year``: None for all of them so far; ``years``: those that can be asked for;
    ``final_since``: of a year, the entry after which its figures do not change; ``share``: cents of all the donor's
    contributions together."""

    donor: str
    year: int | None
    years: Sequence[int]
    final_since: int | None
    as_at: date
    share: Share
    counted: Counted
    meetings: Sequence[AtMeeting]
    pledges: Sequence[OfPledge]
    figure: Figure | None
    head: tuple[int, str] = field(repr=False)

    @property
    def empty(self) -> bool:
        return not self.pledges

    @property
    def reached(self) -> int:
        """At how many meetings it comes to a tenth of a delegate."""
        return sum(one.counted.delegates > 0 for one in self.meetings)

    @property
    def money(self) -> list[tuple[str, Decimal]]:
        """From what was there to what is left: English key, USD; what is nil is left out."""
        lines = [(key, usd(cents(self.share))) for key, cents in MONEY]
        return [(key, amount) for key, amount in lines if amount]

    @property
    def spent(self) -> Decimal:
        return usd(self.share.spent)

    @property
    def left(self) -> Decimal:
        return usd(self.share.unspent)

    @property
    def difference(self) -> Decimal:
        """Between agreements and deposits: it is part of what was received."""
        return usd(self.share.difference)

    @property
    def of_rates(self) -> str:
        return MORE if self.difference > 0 else LESS


MORE = sentence("What was received was worth {amount} USD more than on the day of the agreement.")
LESS = sentence("What was received was worth {amount} USD less than on the day of the agreement.")
HOW = (
    sentence("Money given for a purpose pays for that purpose first; all other costs are shared by the rest."),
    sentence("Each contribution bears its part of a cost by what it still held. So tenths of a delegate come out."),
    sentence("A delegate counts whose attendance was confirmed; a delegate-day is a day of the meeting spent there."),
    sentence("Over all donors the figures add up to the fund’s own, to the cent. No person is named."),
)


MONEY: tuple[tuple[str, Callable[[Share], int]], ...] = (
    (sentence("Unspent before"), lambda share: share.opening),
    (sentence("Received, at the rate of each day"), lambda share: share.received),
    (sentence("Fees on deposits"), lambda share: -share.fees),
    (sentence("Interest"), lambda share: share.interest),
    (sentence("Bank charges"), lambda share: share.charges),
    (sentence("Other exchange differences"), lambda share: share.exchange),
    (sentence("Journeys of delegates"), lambda share: -share.travel),
    (sentence("Programme support cost"), lambda share: -share.support),
    (sentence("Preparatory activities"), lambda share: -share.activities),
    (sentence("Written off"), lambda share: -share.written_off),
    (sentence("Refunded at the closing"), lambda share: -share.refunded),
    (sentence("Evened out at the closing"), lambda share: share.evened),
)


def what_it_did(snapshot: Snapshot, donor: str, year: int | None = None) -> Told:
    """For a donor, in a year or so far. Refused where the fund does not know the year."""
    years = every_year(snapshot.session, snapshot.last_day)
    numbers = [one.year for one in years]
    if year is not None and year not in numbers:
        raise NotHere("There is no such thing here.")
    chosen = [one for one in years if year in (None, one.year)]
    by_pledge: dict[str, list[Result]] = {}
    for one in chosen:
        for result in one.of_donor(donor):
            by_pledge.setdefault(result.pledge, []).append(result)
    pledges = _pledges(snapshot, by_pledge)
    meetings = _meetings(snapshot, [result for results in by_pledge.values() for result in results])
    return Told(
        donor=donor,
        year=year,
        years=_known(snapshot, donor, numbers),
        final_since=chosen[0].final_since if year else None,
        as_at=snapshot.as_at,
        share=added(one.share for one in pledges),
        counted=_counted(seats for results in by_pledge.values() for one in results for seats in one.seats.values()),
        meetings=meetings,
        pledges=pledges,
        figure=_figure(meetings),
        head=(snapshot.head_seq, snapshot.head_hash),
    )


def _known(snapshot: Snapshot, donor: str, years: Sequence[int]) -> list[int]:
    """The years from that in which the donor first agreed to give."""
    first = snapshot.session.scalar(select(func.min(Pledge.agreed_on)).join(Donor).where(Donor.reference == donor))
    return [year for year in years if first and year >= first.year]


def _pledges(snapshot: Snapshot, by_pledge: dict[str, list[Result]]) -> list[OfPledge]:
    """In the order in which they were announced."""
    rows = snapshot.session.execute(
        select(Pledge.reference, Pledge.document).where(Pledge.reference.in_(by_pledge)).order_by(Pledge.id)
    ).all()
    return [
        OfPledge(
            row.reference,
            row.document,
            by_pledge[row.reference][0].earmark,
            over_years([one.share for one in by_pledge[row.reference]]),
            _counted(seats for one in by_pledge[row.reference] for seats in one.seats.values()),
        )
        for row in rows
    ]


def _meetings(snapshot: Snapshot, results: Iterable[Result]) -> list[AtMeeting]:
    """By first day; those to which the money brought nobody are left out."""
    found: dict[str, Seats] = {}
    for result in results:
        for code, seats in result.seats.items():
            found[code] = found.get(code, Seats()) + seats
    calendar = calendar_on(snapshot.session, snapshot.last_day)
    return [AtMeeting(one, _counted([found[one.code]])) for one in calendar.meetings if one.code in found]


def _counted(seats: Iterable[Seats]) -> Counted:
    whole = sum(seats, Seats())
    return Counted(tenths(whole.delegates), tenths(whole.ldc), tenths(whole.days))


def _figure(meetings: Sequence[AtMeeting]) -> Figure | None:
    """None where no part of a seat comes to a tenth of a delegate."""
    if not any(one.counted.delegates for one in meetings):
        return None
    return Figure(
        sentence("Delegates whom your money brought, by meeting"),
        (sentence("Of least developed countries"), sentence_in("delegates", "Of other countries")),
        tuple(Bar(one.meeting.code, (one.counted.ldc, one.counted.delegates - one.counted.ldc)) for one in meetings),
    )
