"""The known story of the money, told by the tests of its reports.

Hind of Sudan travels: a ticket of 1,000.00 and 1,738.00 of allowances, with 13 % support cost of 355.94. Bikash of
Nepal has his advance and does not come: of his ticket 600.00 come back, 400.00 and 52.00 are lost, and he owes the
advance. Kwame of Ghana has accepted his seat. The fund has 50,000.00, the first round may use 40,000.00.
"""

from datetime import date

from tests import journeys as j
from tests import seats
from tests.reports.reading import built, told
from trustfund.core.ledger import entry
from trustfund.core.roles import SYSTEM
from trustfund.operations import travel
from trustfund.operations.operation import Fact, writing

MONEY = ("fund-status", "allotments", "awards-and-disbursements", "advances-and-claims")
OFFERED, APPROVED, PAID = date(2018, 1, 26), date(2018, 1, 30), date(2018, 2, 14)
HELD, LAST = date(2018, 2, 20), date(2018, 3, 6)


def lived() -> dict[str, str]:
    j.fund()
    people = ("Hind Tayeb", "SDN"), ("Bikash Thapa", "NPL"), ("Kwame Mensah", "GHA")
    hind, bikash, kwame = j.seated(*people)
    j.accepted(kwame)
    for step in j.STEPS[:6]:
        for one in (hind, bikash):
            step(one)
    j.attended(hind)
    j._do(travel.record_no_show, bikash, seats.who("Ines"), j.FIRST_DAY, refund="600.00", reason="He fell ill.")
    for step in j.STEPS[7:]:
        step(hind)
    return {"hind": hind, "bikash": bikash, "kwame": kwame}


def line(name: str, **asked: date) -> dict[str, str]:
    return dict(told(built("fund-status", **asked), "line", "all"))[name]


def lines(**asked: date) -> dict[str, str]:
    return dict(told(built("fund-status", **asked), "line", "all"))


def posted(action: str, *sides, on: str = "bank:main") -> None:
    """An entry that none of the fund's deeds makes."""
    with writing(by=SYSTEM, at=j.SETTLED) as op:
        op.append(action, Fact(on=on, post=entry(*sides)))
