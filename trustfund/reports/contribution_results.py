"""Contribution results: what each contribution did, year by year. It adds up to the fund's own books; nobody is named
who travelled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from trustfund.core.attribution import NOBODY, Share, added
from trustfund.core.delegate_days import Seats
from trustfund.core.money import major
from trustfund.core.refusal import sentence, sentence_in
from trustfund.models.contributions import Donor, Pledge
from trustfund.operations.results import Result, Year, every_year
from trustfund.reports import words
from trustfund.reports.report import Bar, Column, ControlTotal, Figure, Kind, Report, Value
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("year", sentence("Year"), Kind.CODE, width=0.5),
    Column("donor", sentence("Donor"), width=1.8),
    Column("contribution", sentence("Contribution"), Kind.CODE, width=1.1),
    Column("earmark", sentence("For"), Kind.WORD, width=1.2),
    Column("opening_usd", sentence("Unspent before, USD"), Kind.MONEY, on_page=False),
    Column("received_usd", sentence("Received, USD"), Kind.MONEY, total=True),
    Column("difference_usd", sentence("Of it difference in rate, USD"), Kind.MONEY, total=True, on_page=False),
    Column("interest_usd", sentence("Interest less charges, USD"), Kind.MONEY, total=True, on_page=False),
    Column("travel_usd", sentence("Journeys, USD"), Kind.MONEY, total=True),
    Column("support_usd", sentence("Support cost, USD"), Kind.MONEY, total=True),
    Column("activities_usd", sentence("Preparatory activities, USD"), Kind.MONEY, total=True),
    Column("written_off_usd", sentence("Written off, USD"), Kind.MONEY, total=True, on_page=False),
    Column("refunded_usd", sentence("Refunded, USD"), Kind.MONEY, total=True, on_page=False),
    Column("unspent_usd", sentence("Unspent, USD"), Kind.MONEY),
    Column("delegates", sentence_in("people", "Delegates"), Kind.SHARE, total=True, width=0.7),
    Column("ldc_delegates", sentence("Of them LDC"), Kind.SHARE, total=True, width=0.7),
    Column("delegate_days", sentence("Delegate-days"), Kind.SHARE, total=True, width=0.7),
    Column("final_since", sentence("Final since entry"), Kind.NUMBER, width=0.6),
)
NIL = Decimal("0.00")
NO_DONOR = sentence("No donor")
LARGEST = 7


@dataclass(frozen=True)
class Given:
    """A contribution as its donor knows it. ``name``: of the donor; an individual is called by the reference."""

    donor: str
    name: str
    document: str


def build(snapshot: Snapshot) -> Report:
    """One row a year and contribution. A year belongs to the period where some of its days do."""
    years, given = asked(snapshot), contributions(snapshot)
    results = [(year, one) for year in years for one in year.results.values()]
    return snapshot.report(
        name="contribution-results",
        title=sentence("What each contribution did"),
        answers=sentence("Which delegates, days and costs the money of each donor paid"),
        columns=COLUMNS,
        rows=[_row(year, one, given) for year, one in results],
        control_totals=_controls(years),
        figure=_figure([one for _, one in results], given),
        words=words.EARMARK,
    )


def asked(snapshot: Snapshot) -> list[Year]:
    first = snapshot.from_day.year if snapshot.from_day else 0
    years = every_year(snapshot.session, snapshot.last_day, known=snapshot.as_at)
    return [year for year in years if year.year >= first]


def contributions(snapshot: Snapshot) -> dict[str, Given]:
    """Every pledge that was agreed, by its reference."""
    rows: Iterable[Any] = snapshot.session.execute(
        select(Pledge.reference, Pledge.document, Donor.reference.label("donor"), Donor.name, Donor.type)
        .join(Donor, Donor.id == Pledge.donor_id)
        .where(Pledge.agreed_on.is_not(None))
    )
    return {
        row.reference: Given(row.donor, row.donor if row.type == "individual" else row.name, row.document)
        for row in rows
    }


def in_all(results: Iterable[Result]) -> Seats:
    """Delegates and days of several contributions, at all meetings together."""
    return sum((seats for one in results for seats in one.seats.values()), Seats())


def tenths(whole: int) -> Decimal:
    return Decimal(whole).scaleb(-1)


def usd(cents: int) -> Decimal:
    return major(cents, "USD")


def net_interest(share: Share) -> int:
    """What the money earned in the fund, less what it cost: interest, exchange differences, charges, deposit fees."""
    return share.interest + share.exchange + share.charges - share.fees


def _row(year: Year, one: Result, given: dict[str, Given]) -> tuple[Value, ...]:
    share, seats = one.share, in_all([one])
    return (
        str(year.year),
        given[one.pledge].name if one.pledge != NOBODY else "",
        one.pledge,
        one.earmark,
        usd(share.opening),
        usd(share.received),
        usd(share.difference),
        usd(net_interest(share)),
        usd(share.travel),
        usd(share.support),
        usd(share.activities),
        usd(share.written_off),
        usd(share.refunded - share.evened),
        usd(share.unspent),
        tenths(seats.delegates),
        tenths(seats.ldc),
        tenths(seats.days),
        year.final_since,
    )


def _controls(years: Sequence[Year]) -> list[ControlTotal]:
    """That all shares together are the books: money to the cent, delegates and days to the tenth."""
    whole = [added(one.share for one in year.results.values()) for year in years]
    results = [one for year in years for one in year.results.values()]
    made = [one.journey for year in years for one in year.made]
    spent = sum(cents for year in years for by_pot in year.books.spent.values() for cents in by_pot.values())
    came_in = sum(
        sum(year.books.received.values())
        - sum(year.books.fees.values())
        + sum(cents for by_pot in year.books.came_in.values() for cents in by_pot.values())
        - sum(year.books.refunded.values())
        for year in years
    )
    first = whole[0].opening if whole else 0
    return [
        ControlTotal(
            sentence("Agrees with the books"),
            sentence("Journeys, support cost, activities and write-offs of all contributions = those of the fund"),
            usd(sum(one.spent for one in whole)),
            usd(spent),
        ),
        ControlTotal(
            sentence("Adds up"),
            sentence("Unspent before + what came in − what was spent = unspent at the end"),
            usd(first + came_in - spent),
            usd(whole[-1].unspent if whole else 0),
        ),
        ControlTotal(
            sentence("Number of delegates"),
            sentence("Parts of all contributions together = delegates whose attendance was confirmed"),
            tenths(in_all(results).delegates),
            tenths(10 * len(made)),
        ),
        ControlTotal(
            sentence("Number of delegate-days"),
            sentence("Parts of all contributions together = days of meetings at which these delegates were"),
            tenths(in_all(results).days),
            tenths(10 * sum(one.days for one in made)),
        ),
    ]


def _figure(results: Iterable[Result], given: dict[str, Given]) -> Figure | None:
    """What the money of the largest donors paid; the rest together."""
    by_donor: dict[str, tuple[Decimal, Decimal]] = {}
    for one in results:
        name = given[one.pledge].name if one.pledge != NOBODY else NO_DONOR
        had = by_donor.get(name, (NIL, NIL))
        by_donor[name] = had[0] + usd(one.share.travel), had[1] + usd(one.share.spent - one.share.travel)
    largest = sorted((d for d in by_donor.items() if sum(d[1]) > 0), key=lambda d: (-sum(d[1]), d[0]))
    if not largest:
        return None
    bars = [Bar(name, values, key=name == NO_DONOR) for name, values in largest[:LARGEST]]
    if rest := largest[LARGEST:]:
        both = sum((v[0] for _, v in rest), NIL), sum((v[1] for _, v in rest), NIL)
        bars.append(Bar(sentence("All others"), both, key=True))
    return Figure(
        sentence("What the money of each donor paid, US dollars"),
        (sentence("Journeys"), sentence_in("amount", "Support cost, activities and write-offs")),
        tuple(bars),
    )
