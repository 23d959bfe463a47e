"""The demonstration's money: donors, what they announced, agreed and paid. The States are real, amounts examples."""

from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from trustfund.core.roles import SYSTEM
from trustfund.demonstration.story import Deed, Story, at
from trustfund.extensions import db
from trustfund.models.contributions import Pledge
from trustfund.operations import contributions, imports

RATES = Path(__file__).parent / "rates.csv"
People = dict[str, str]
"""Name of an account -> its reference."""

DONORS = (  # name, kind, country, e-mail name if it has an account
    ("Luxembourg", "state", "LUX", "donor"),
    ("Switzerland", "state", "CHE", None),
    ("Sweden", "state", "SWE", "sweden"),
    ("Norway", "state", "NOR", "norway"),
    ("Portugal", "state", "PRT", None),
    ("Republic of Korea", "state", "KOR", None),
    ("Fondation Lindqvist", "private", "CHE", "foundation"),
    ("Harbour Trust", "ngo", "GBR", None),
    ("مؤسسة النيل", "ngo", "SDN", None),
    ("Ana Example", "individual", "", None),
)
PLEDGES = (  # donor, announced, amount, currency, earmark, expected, agreement (document, day), deposits (day, amount)
    (
        "Switzerland",
        "2017-04-04",
        "240000.00",
        "CHF",
        "",
        "2017-04-30",
        ("Exchange of letters of 7 April 2017", "2017-04-07"),
        (("2017-04-12", "240000.00"),),
    ),
    (
        "Sweden",
        "2017-05-15",
        "2400000.00",
        "SEK",
        "travel",
        "2017-07-31",
        ("UD2017/08143", "2017-06-06"),
        (("2017-07-10", "2400000.00"),),
    ),
    (
        "Luxembourg",
        "2017-04-20",
        "50000.00",
        "EUR",
        "",
        "2017-06-30",
        ("Exchange of letters of 2 May 2017", "2017-05-02"),
        (("2017-06-12", "50000.00"),),
    ),
    (
        "Luxembourg",
        "2017-11-02",
        "40000.00",
        "EUR",
        "category:LDC",
        "2018-03-15",
        ("Note verbale 17/418", "2017-11-15"),
        (("2018-01-15", "20000.00"),),
    ),
    ("Luxembourg", "2018-01-10", "30000.00", "EUR", "", "2018-09-30", None, ()),
    (
        "Norway",
        "2017-05-04",
        "1300000",
        "NOK",
        "",
        "2017-09-01",
        ("MFA/2017/0932", "2017-06-01"),
        (("2017-08-29", "1300000.00"),),
    ),
    (
        "Portugal",
        "2017-06-19",
        "75000.00",
        "EUR",
        "",
        "2017-12-31",
        ("Note verbale 212/2017", "2017-07-03"),
        (("2017-12-20", "75000.00"),),
    ),
    (
        "Republic of Korea",
        "2017-07-11",
        "75000.00",
        "USD",
        "travel",
        "2017-10-31",
        ("KOR/UN/2017/88", "2017-08-01"),
        (("2017-10-24", "75000.00"),),
    ),
    (
        "Fondation Lindqvist",
        "2017-05-30",
        "60000.00",
        "CHF",
        "",
        "2017-10-15",
        ("Grant agreement 17-03", "2017-06-20"),
        (("2017-09-05", "42000.00"),),
    ),
    (
        "Harbour Trust",
        "2017-09-12",
        "36000.00",
        "GBP",
        "category:LDC",
        "2017-12-15",
        ("HT-2017-14", "2017-10-02"),
        (("2017-11-21", "18000.00"),),
    ),
    (
        "مؤسسة النيل",
        "2017-10-03",
        "12000.00",
        "USD",
        "",
        "2017-11-30",
        ("NF/9/2017", "2017-10-16"),
        (("2017-11-28", "12000.00"),),
    ),
    (
        "Ana Example",
        "2017-12-05",
        "250.00",
        "USD",
        "",
        None,
        ("Letter of 6 December 2017", "2017-12-06"),
        (("2017-12-08", "250.00"),),
    ),
)


def tell(story: Story, donors: People, people: People) -> None:
    """Every rate, announcement, agreement and deposit on its day."""
    for day, lines in groupby(imports.read(RATES, imports.RATES), lambda line: line[1]["from"]):
        story.on(at(max(day, "2017-04-03"), 9), _rates(list(lines)))
    for n, pledge in enumerate(PLEDGES):
        made: list[str] = []
        donor, announced, amount, currency, earmark, expected, agreement, deposits = pledge
        terms = {"amount": amount, "currency": currency, "earmark": earmark, "purpose": "travel"}
        terms["expected_on"] = date.fromisoformat(expected) if expected else None
        story.on(at(announced, 10, n), _announced(made, donors[donor], people.get(donor) or SYSTEM, terms))
        if agreement:
            document, day = agreement
            story.on(at(day, 11, n), _agreed(made, document, date.fromisoformat(day), amount, people["certifying"]))
        for k, (day, paid) in enumerate(deposits, 1):
            bank = f"{donor[:2].upper()}-{day}-{k:02}"
            story.on(at(day, 12, n), _paid(made, paid, date.fromisoformat(day), bank, people["paying"]))


def _rates(lines: list[tuple[int, imports.Line]]) -> Deed:
    return lambda now: _ignored(imports.book_rates(lines, at=now))


def _announced(made: list[str], donor: str, by: str, terms: dict[str, object]) -> Deed:
    """By the donor's own account, or by the fund's books where the letter came by post."""
    return lambda now: made.append(contributions.announce_pledge(donor, **terms, by=by, at=now).on)


def _agreed(made: list[str], document: str, day: date, amount: str, by: str) -> Deed:
    def deed(now: datetime) -> None:
        contributions.record_agreement(
            made[0], document=document, day=day, amount=amount, seen=_seen(made[0]), by=by, at=now
        )

    return deed


def _paid(made: list[str], amount: str, day: date, bank_reference: str, by: str) -> Deed:
    def deed(now: datetime) -> None:
        contributions.record_deposit(
            made[0],
            amount=amount,
            value_date=day,
            seen=_seen(made[0]),
            bank_account="main",
            bank_reference=bank_reference,
            by=by,
            at=now,
        )

    return deed


def _seen(reference: str) -> int:
    return int(db.session.query(Pledge.seq).filter_by(reference=reference).scalar())


def _ignored(_: object) -> None:
    """What a deed answers interests nobody here."""
