"""Where payments stand: what the one who looks can release, why not, and what is still missing. Pages read this."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from trustfund.core import duties
from trustfund.core.mandate import Mandate
from trustfund.core.money import Money, Rate, major, rounded
from trustfund.core.refusal import Refused, SeparationOfDuties
from trustfund.models.awards import Act, Award
from trustfund.models.fund import mandate_on
from trustfund.models.people import Account
from trustfund.operations.award_deeds import OWN_STATE, of_own_state
from trustfund.operations.bank_lines import rate_of
from trustfund.operations.meetings import Frame
from trustfund.operations.payments import Due, due


@dataclass(frozen=True)
class Standing:
    """A payment that is due. ``money``: in the traveller's currency; ``missing``: what keeps everybody from paying it;
    ``why_not``: what keeps this reader from it."""

    due: Due
    money: Money | None
    missing: Refused | None
    why_not: Refused | None

    @property
    def ready(self) -> bool:
        return self.missing is None and self.why_not is None


def standings(session: Session, method: str, account: Account, frames: dict[str, Frame], today: date) -> list[Standing]:
    """What is due by a method, in the order of the meetings and places; in a fixed number of statements, and one for
    each currency."""
    found = due(session, method)
    barred = why_barred(session, account, [row.award for row in found], frames)
    mandate, rates = mandate_on(session, today), dict[str, Rate | Refused]()
    rows = []
    for row in found:
        award = row.award
        currency = award.bank.currency if method == "bank" and award.bank else "USD"
        if currency not in rates:
            rates[currency] = _rate(session, mandate, currency, today)
        rate, missing = rates[currency], None
        if method == "bank" and award.bank is None:
            missing = Refused("The bank details of {award} are not entered yet.", award=award.reference)
        elif isinstance(rate, Refused):
            missing = rate
        money = None if isinstance(rate, Refused) else _in(row.usd, rate)
        rows.append(Standing(row, money, missing, barred.get(award.id)))
    return rows


def why_barred(
    session: Session, account: Account, awards: Iterable[Award], frames: dict[str, Frame]
) -> dict[int, Refused]:
    """Award -> why this officer cannot pay on it; no entry where nothing bars it (rules of the fund, 7)."""
    awards, done = list(awards), dict[int, list[str]]()
    mine = select(Act.award_id, Act.act).where(Act.by_id == account.id, Act.award_id.in_([a.id for a in awards]))
    for row in session.execute(mine):
        done.setdefault(row.award_id, []).append(row.act)
    found: dict[int, Refused] = {}
    for award in awards:
        if of_own_state(account.state, award, frames[award.meeting].mandate):
            found[award.id] = SeparationOfDuties(OWN_STATE)
        elif said := duties.barred(done.get(award.id, ()), "pay"):
            found[award.id] = SeparationOfDuties(said)
    return found


def _rate(session: Session, mandate: Mandate, currency: str, today: date) -> Rate | Refused:
    try:
        return rate_of(session, mandate, currency, today)
    except Refused as refused:
        return refused


def _in(usd: int, rate: Rate) -> Money:
    return Money(rounded(major(usd, "USD") * rate.per_usd, rate.currency), rate.currency)
