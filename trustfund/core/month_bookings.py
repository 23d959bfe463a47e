"""The entries of a month's end. Each is turned back on the first day of the next month by an entry of its own.

None of them changes what can be spent, on any day: R and W of the rules (6) stay as they were. An accrual makes expense
of what was committed, and both are W. A revaluation is a gain or loss that nobody has made yet, and R counts only those
on money that moved: so it stands on ``exchange-difference:unrealised``, and that of a receivable, which is in R, on
``contributions-receivable:revaluation``. Neither is in ``ledger.CAME_IN``, where accounts stand by their full name.
Turned back, the receivable is again what was agreed, so that its deposit shows the whole realised difference.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from trustfund.core.closing import Accrual, Revaluation, apportioned, last_day
from trustfund.core.ledger import CAME_IN, REFUNDS, UNREALISED, Posting, credit, debit, entry, reversed_of


def closed_month(month: str, accruals: Iterable[Accrual], revaluations: Iterable[Revaluation]) -> tuple[Posting, ...]:
    """All that the closing of a month posts: on its last day, and the other way round on the day after."""
    day = last_day(month)
    made = [entry for one in accruals for entry in accrued(one, day)]
    made += [entry for one in revaluations for entry in revalued(one, day)]
    return entry(*made, *reversed_of(made, day + timedelta(days=1)))


def accrued(accrual: Accrual, day: date) -> tuple[Posting, ...]:
    """A journey made and not settled: travel / accrued travel, support cost / support cost payable, and the commitment
    is released."""
    assert sum(accrual.parts.values()) == accrual.travel + accrual.support, "what is committed is what is expected"
    travel = apportioned(accrual.travel, accrual.parts)
    postings: list[Posting] = []
    for earmark, cents in accrual.parts.items():
        for to, source, usd in (
            ("travel", "accrued-travel", travel[earmark]),
            ("support-cost", "support-cost-payable", cents - travel[earmark]),
            ("committed", "commitments", cents),
        ):
            postings += _moved(to, source, usd, day, earmark)
    return entry(*postings)


def revalued(one: Revaluation, day: date) -> tuple[Posting, ...]:
    """Booked USD become those of the month-end rate; a gain is revenue, a loss lowers it. The amount does not move."""
    account = f"{one.held.account}:revaluation" if one.held.account in CAME_IN else one.held.account
    usd, earmark = one.adjustment, one.held.earmark
    return entry(
        debit(account, one.held.currency, 0, usd, day, earmark),
        credit(UNREALISED, "USD", usd, usd, day, earmark),
    )


def refunded(bank_account: str, share: int, earmark: str, day: date) -> tuple[Posting, ...]:
    """A donor's share of what was not used becomes due and is paid. It lowers what came in (R of the rules, 6), so the
    pot of which it was part holds that much less."""
    return entry(
        *_moved(REFUNDS, "due-to-donors", share, day, earmark),
        *_moved("due-to-donors", f"cash:{bank_account}", share, day, earmark),
    )


def given_back(bank_account: str, currency: str, amount: int, usd: int, earmark: str, day: date) -> tuple[Posting, ...]:
    """What a donor paid above its agreement goes back, in USD at the value at which it came."""
    return entry(
        debit("due-to-donors", currency, amount, usd, day, earmark),
        credit(f"cash:{bank_account}", "USD", usd, usd, day, earmark),
    )


def _moved(to: str, source: str, usd: int, day: date, earmark: str) -> tuple[Posting, Posting]:
    return debit(to, "USD", usd, usd, day, earmark), credit(source, "USD", usd, usd, day, earmark)
