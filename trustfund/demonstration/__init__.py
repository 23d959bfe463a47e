"""A small fund to try: the resolution's own meetings, invented persons and amounts, the same for the same seed.

It is made by the same deeds as a real one, on the days on which they would have happened.
"""

import hashlib
import random
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import inspect, select, update

from trustfund.core.roles import SYSTEM
from trustfund.demonstration import (
    applicants,
    doubled,
    mission,
    money,
    replaced,
    runs,
    statements,
    surplus,
    turns,
    unmasked,
)
from trustfund.demonstration.cast import MISSION
from trustfund.demonstration.story import END, Story, at
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.models.record import Event, Head
from trustfund.operations import contributions, fund, people
from trustfund.operations import donors as who_gives
from trustfund.services import chance
from trustfund.services.clock import clock

STATE = {"mission": MISSION, "delegate": "SDN"}
LEAST = 20
USUAL = 400

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


class AnotherFund(Exception):
    """The instance holds something else than this demonstration."""


def make(seed: int, applications: int = USUAL, progress: Callable[[int, int], None] | None = None) -> bool:
    """Make the fund in this instance; False if it is here already, whole. A fund that is not this one is left alone."""
    if inspect(db.engine).has_table("head") and db.session.get(Head, 1):
        _must_be_ours(seed)
        return False
    chance.seed(_name(seed))
    try:
        opening = at("2017-04-03")
        with clock().at(opening):
            fund.set_up(fund.shipped_mandate("a-res-71-280"), opening)
            refs = _people(opening)
            donors = _donors(refs, opening)
        story, draw = Story(), random.Random(f"{seed}")  # noqa: S311 (invented people, no secret)
        turns.tell(story, money.tell(story, donors, refs), donors, refs)
        statements.tell(story, refs)
        runs.tell(story, refs, draw, applications)
        surplus.tell(story, refs)
        applicants.tell(story, refs, draw, applications)
        mission.tell(story, refs)
        replaced.tell(story, refs)
        doubled.tell(story, refs["screening"])
        unmasked.tell(story, refs["screening"])
        story.tell(progress)
        with clock().at(END):
            people.suspend_account(refs["suspended"], by=refs["administrator"], at=END, key=_name(seed))
        for _, email, password in accounts(seed):
            people.set_password(people.account_of(email), password)
        _mail_is_sent()
    finally:
        chance.unseed()
    return True


def _mail_is_sent() -> None:
    """The mail of invented deeds went on its day: ``serve`` sends only what is written from now on."""
    db.session.rollback()
    db.session.connection(execution_options={"write": True})
    gone = {"taken_at": Mail.created_at, "sent_at": Mail.created_at}
    db.session.execute(update(Mail).where(Mail.taken_at.is_(None)).values(gone))
    db.session.commit()


def accounts(seed: int) -> list[tuple[str, str, str]]:
    """(role as printed, e-mail address, password) of every account of the demonstration."""
    rows = [(printed, mail) for _, printed, mail, *_ in PEOPLE]
    rows += [(f"donor, {name}", mail) for name, _, _, mail in money.DONORS if mail]
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


def _donors(refs: dict[str, str], now: datetime) -> dict[str, str]:
    """Every donor by name; the accounts of some are added to ``refs``."""
    donors = {}
    for name, kind, country, mail in money.DONORS:
        language, unnamed = money.PAPERS.get(name, ("en", False))
        made = contributions.register_donor(
            name, type=kind, country=country, language=language, unnamed=unnamed, by=refs["screening"], at=now
        )
        if kind in money.CHECKED:
            who_gives.accept(made.on, seen=made.seq, by=refs["certifying"], at=now)
        donors[name] = made.on
        if mail:
            refs[name] = _account("donor", mail, name, "fr" if mail == "donor" else "en", now, donor=donors[name])
    return donors


def _people(at: datetime) -> dict[str, str]:
    refs = {
        mail: _account(role, mail, name, language, at, state=STATE.get(mail, ""))
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


def _password(seed: int, mail: str) -> str:
    """Easy to copy from a terminal, the same for the same seed."""
    number = int.from_bytes(hashlib.sha256(f"{seed} {mail}".encode()).digest()[:4], "big") % 10_000
    return f"{mail}-example-{number:04}"
