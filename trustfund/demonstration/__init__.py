"""A small fund to try: real meetings' year, invented persons and amounts, the same for the same seed.

It is made by the same deeds as a real one, on the days on which they would have happened.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select

from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.contributions import Pledge
from trustfund.models.record import Event, Head
from trustfund.operations import contributions, fund, imports, people
from trustfund.services import chance
from trustfund.services.clock import clock

RATES = Path(__file__).parent / "rates.csv"

PEOPLE = (  # role, what it is printed as, name of the e-mail address, name, language, function, from, to
    ("head", "head of the fund", "head", "Miriam Castellanos", "en", None),
    ("officer", "officer, screening", "screening", "Inès Okafor", "fr", ("screening", date(2017, 4, 3), None)),
    ("officer", "officer, certifying", "certifying", "Rafael Haldane", "en", ("certifying", date(2017, 4, 3), None)),
    ("officer", "officer, approving", "approving", "Lise Aubert", "fr", ("approving", date(2017, 4, 3), None)),
    ("officer", "officer, approving too", "approving2", "Tomás Brandt", "en", ("approving", date(2017, 4, 3), None)),
    ("officer", "officer, paying", "paying", "Salma Idrissi", "fr", ("paying", date(2017, 4, 3), None)),
    ("officer", "officer, ended", "ended", "Jonas Weber", "en", ("certifying", date(2017, 4, 3), date(2017, 12, 31))),
    ("officer", "officer, suspended", "suspended", "Petra Novak", "en", None),
    ("auditor", "auditor", "auditor", "Board of Auditors", "en", None),
    ("administrator", "administrator", "administrator", "Dele Adeyemi", "en", None),
    ("mission", "mission of Nepal", "mission", "Mission of Nepal", "en", None),
    ("delegate", "delegate", "delegate", "Amna Eltayeb", "en", None),
)
DONORS = (  # name, kind, country, e-mail name if it has an account
    ("Luxembourg", "state", "LUX", "donor"),
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


class AnotherFund(Exception):
    """The instance holds something else than this demonstration."""


def make(seed: int) -> bool:
    """Make the fund in this instance; False if it is here already, whole. A fund that is not this one is left alone."""
    if inspect(db.engine).has_table("head") and db.session.get(Head, 1):
        _must_be_ours(seed)
        return False
    chance.seed(_name(seed))
    try:
        with _on("2017-04-03") as at:
            fund.set_up(fund.shipped_mandate("a-res-71-280"), at)
            refs = _people(at)
            donors = {
                name: contributions.register_donor(name, type=kind, country=country, by=SYSTEM, at=at).on
                for name, kind, country, _ in DONORS
            }
            for name, _, _, mail in DONORS:
                if mail:
                    refs[name] = _account(
                        "donor", mail, name, "fr" if mail == "donor" else "en", at, donor=donors[name]
                    )
        _money(donors, refs)
        for _, email, password in accounts(seed):
            people.set_password(people.account_of(email), password)
        with _on("2018-01-16") as at:
            people.suspend_account(refs["suspended"], by=refs["administrator"], at=at, key=_name(seed))
    finally:
        chance.unseed()
    return True


def accounts(seed: int) -> list[tuple[str, str, str]]:
    """(role as printed, e-mail address, password) of every account of the demonstration."""
    rows = [(printed, mail) for _, printed, mail, *_ in PEOPLE]
    rows += [(f"donor, {name}", mail) for name, _, _, mail in DONORS if mail]
    return [(printed, f"{mail}@example.org", _password(seed, mail)) for printed, mail in rows]


def _name(seed: int) -> str:
    """What chance is drawn from, and the key of the last deed: the finished demonstration is known by it."""
    return f"demonstration {seed}"


def _must_be_ours(seed: int) -> None:
    if not db.session.scalar(select(Event.seq).where(Event.key == _name(seed))):
        raise AnotherFund(
            f"Here lives a fund that is not the finished demonstration of seed {seed}. Nothing was "
            "changed; name another folder with TRUSTFUND_INSTANCE."
        )


def _people(at: datetime) -> dict[str, str]:
    refs = {
        mail: _account(role, mail, name, language, at, state="NPL" if role in ("mission", "delegate") else "")
        for role, _, mail, name, language, _ in PEOPLE
    }
    for _, _, mail, _, _, designation in PEOPLE:
        if designation:
            function, start, end = designation
            second = refs["screening"] if mail != "screening" else refs["certifying"]
            made = people.make_designation(
                refs[mail],
                function=function,
                document="OSRSG/ADM/2017/1",
                from_day=start,
                to_day=end,
                by=refs["head"],
                at=at,
            )
            people.confirm_designation(made.on, by=second, at=at)
    return refs


def _account(role: str, mail: str, name: str, language: str, at: datetime, *, donor: str = "", state: str = "") -> str:
    return people.create_account(
        f"{mail}@example.org",
        role=role,
        name=name,
        language=language,
        donor=donor,
        state=state,
        invite=False,
        by=SYSTEM,
        at=at,
    ).on


def _money(donors: dict[str, str], refs: dict[str, str]) -> None:
    """Every announcement, agreement and deposit on its day, in the order of the days."""
    steps: list[tuple[str, int, int, Any]] = [
        (day, -1, 0, list(lines)) for day, lines in groupby(imports.read(RATES, imports.RATES), lambda r: r[1]["from"])
    ]
    for n, (_, announced, *_, agreement, deposits) in enumerate(PLEDGES):
        steps.append((announced, 0, n, None))
        if agreement:
            steps.append((agreement[1], 1, n, None))
        steps += [(day, 2, n, (day, amount, k)) for k, (day, amount) in enumerate(deposits)]
    pledges: dict[int, str] = {}
    for day, kind, n, money in sorted(steps, key=lambda s: s[:3]):
        if kind == -1:
            with _on(max(day, "2017-04-03"), 9) as at:
                imports.book_rates(money, at=at)
            continue
        donor, _, amount, currency, earmark, expected, agreement, _ = PLEDGES[n]
        with _on(day, 10) as at:
            if kind == 0:
                pledges[n] = _announce(donors[donor], refs.get(donor), amount, currency, earmark, expected, at)
                continue
            seen = db.session.query(Pledge.seq).filter_by(reference=pledges[n]).scalar()
            if kind == 1:
                contributions.record_agreement(
                    pledges[n],
                    document=agreement[0],
                    day=date.fromisoformat(day),
                    amount=amount,
                    seen=seen,
                    by=refs["certifying"],
                    at=at,
                )
            else:
                contributions.record_deposit(
                    pledges[n],
                    amount=money[1],
                    value_date=date.fromisoformat(day),
                    seen=seen,
                    bank_account="main",
                    bank_reference=f"{donor[:2].upper()}-{day}-{money[2] + 1:02}",
                    by=refs["paying"],
                    at=at,
                )


def _announce(
    donor: str, account: str | None, amount: str, currency: str, earmark: str, expected: str | None, at: datetime
) -> str:
    """By the donor's own account, or by the fund's books where the letter came by post."""
    return contributions.announce_pledge(
        donor,
        amount=amount,
        currency=currency,
        purpose="travel",
        earmark=earmark,
        expected_on=date.fromisoformat(expected) if expected else None,
        by=account or SYSTEM,
        at=at,
    ).on


@contextmanager
def _on(day: str, hour: int = 9) -> Iterator[datetime]:
    at = datetime.combine(date.fromisoformat(day), datetime.min.time().replace(hour=hour), UTC)
    with clock().at(at):
        yield at


def _password(seed: int, mail: str) -> str:
    """Easy to copy from a terminal, the same for the same seed."""
    number = int.from_bytes(hashlib.sha256(f"{seed} {mail}".encode()).digest()[:4], "big") % 10_000
    return f"{mail}-example-{number:04}"
