"""Known people and the things they do, with only what matters named. Everything is made by the product's own deeds."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

from sqlalchemy import select

from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.contributions import Deposit, Pledge
from trustfund.models.people import Account
from trustfund.operations import applications, contributions, imports, people
from trustfund.operations.operation import Done
from trustfund.services.clock import clock

AT = datetime(2018, 1, 24, 14, tzinfo=UTC)
PASSWORD = "correct horse battery"
SOURCE = "ECB month end crossed through EUR"


def donor(name: str = "Luxembourg", type: str = "state", country: str = "LUX") -> str:
    return contributions.register_donor(name, type=type, country=country, by=SYSTEM, at=AT).on


def account(
    role: str, name: str, *, donor: str = "", state: str = "", language: str = "en", password: bool = False
) -> str:
    """An account by its reference; its address is the first name at example.org."""
    address = f"{name.split()[0].lower()}@example.org"
    made = people.create_account(
        address, role=role, name=name, donor=donor, state=state, language=language, invite=False, by=SYSTEM, at=AT
    ).on
    if password:
        people.set_password(people.account_of(address), PASSWORD)
    return made


def officer(
    name: str, *functions: str, password: bool = False, from_day: date = date(2017, 4, 3), to_day: date | None = None
) -> str:
    """An officer designated for functions, made by the head and confirmed by a colleague."""
    made = account("officer", name, password=password)
    for function in functions:
        designation = people.make_designation(
            made,
            function=function,
            document="ADM/2017/1",
            from_day=from_day,
            to_day=to_day,
            by=_known("head", "Miriam Castellanos"),
            at=AT,
        )
        people.confirm_designation(designation.on, by=_known("officer", "Colleague Example"), at=AT)
    return made


def rate(currency: str, per_usd: str, day: str) -> None:
    imports.book_rates([(2, {"currency": currency, "per_usd": per_usd, "from": day, "source": SOURCE})], at=AT)


def pledge(by: str, amount: str = "50000.00", currency: str = "USD", earmark: str = "", **more: object) -> str:
    return pledge_deed(by, amount, currency, earmark, **more).on


def pledge_deed(by: str, amount: str = "50000.00", currency: str = "USD", earmark: str = "", **more: object) -> Done:
    return contributions.announce_pledge(
        amount=amount, currency=currency, purpose="travel", earmark=earmark, by=by, at=AT, **more
    )


def agreement(
    reference: str, by: str, amount: str = "50000.00", day: date = date(2017, 5, 2), key: str | None = None
) -> Done:
    return contributions.record_agreement(
        reference,
        document="Note verbale 17/418",
        day=day,
        amount=amount,
        seen=version(reference),
        by=by,
        at=AT,
        key=key,
    )


def deposit(
    reference: str,
    by: str,
    amount: str = "50000.00",
    day: date = date(2017, 6, 12),
    bank: str = "LU-1",
    key: str | None = None,
) -> Done:
    return contributions.record_deposit(
        reference,
        amount=amount,
        value_date=day,
        bank_reference=bank,
        bank_account="main",
        seen=version(reference),
        by=by,
        at=AT,
        key=key,
    )


def luxembourg_paid() -> str:
    """Luxembourg agreed 50,000 euros, then 54,171, and paid 56,320, received by Salma; at the end came a rate."""
    paid = pledge(account("donor", "Luxembourg", donor=donor()), "50000.00", "EUR")
    salma = officer("Salma Idrissi", "paying")
    rate("EUR", "0.923003", "2017-04-28")
    rate("EUR", "0.8877841", "2017-05-31")
    agreement(paid, salma)
    deposit(paid, salma, key="k1")
    rate("EUR", "0.876117", "2017-06-30")
    return paid


ANSWERS: dict[str, object] = {
    "given_names": "Amna",
    "family_name": "Eltayeb",
    "gender": "F",
    "date_of_birth": date(1979, 3, 27),
    "position": "First Secretary",
    "organisation": "Ministry of Foreign Affairs",
    "state": "SDN",
    "note_verbale": "MFA/112",
    "note_verbale_date": date(2018, 1, 8),
    "note_to_follow": True,
    "home_city": "Khartoum",
}
"""What a delegate of Sudan answers whose file is complete; the note verbale itself follows."""


def application(by: str, meeting: str = "N2", at: datetime = AT, sent: bool = True, **answers: object) -> str:
    """An application by its reference: begun, filled in with ANSWERS and those given, and sent."""
    person = db.session.scalars(select(Account).where(Account.reference == by)).unique().one()
    begun = applications.begin(person, meeting, at).reference
    applications.save(begun, person, ANSWERS | answers, at)
    if sent:
        applications.submit(begun, by=by, at=at)
    return begun


def standing_at(instant: datetime) -> AbstractContextManager[None]:
    """The fund's clock at another instant, and afterwards where it stood before."""
    return clock().at(instant)


def version(reference: str) -> int:
    return kept(reference).seq


def kept(reference: str) -> Pledge:
    db.session.rollback()
    return db.session.scalars(select(Pledge).where(Pledge.reference == reference)).unique().one()


def receipts(reference: str) -> list[Deposit]:
    return list(kept(reference).deposits)


def _known(role: str, name: str) -> str:
    """The reference of a person of the background, made when first needed."""
    address = f"{name.split()[0].lower()}@example.org"
    found = db.session.scalar(select(Account.reference).where(Account.email == address))
    return found or account(role, name)
