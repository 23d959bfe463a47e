"""A pledge is amended or withdrawn until it is agreed; on both databases."""

from datetime import date

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.operations.by_hand import refuses
from trustfund.core.refusal import NotDesignated, NotHere, Refused, Stale
from trustfund.extensions import db
from trustfund.models.record import pots
from trustfund.operations import contributions, imports, pledges, record

pytestmark = pytest.mark.usefixtures("euros")

TERMS = {"amount": "60000.00", "currency": "EUR", "purpose": "travel", "earmark": "travel"}


def amend(pledge, by, seen=None, **other):
    return pledges.amend(pledge, **TERMS | other, seen=b.version(pledge) if seen is None else seen, by=by, at=b.AT)


def withdraw(pledge, by):
    return pledges.withdraw(pledge, seen=b.version(pledge), by=by, at=b.AT)


def test_a_pledge_is_amended_by_its_donor_and_by_an_officer_until_it_is_agreed(luxembourg, salma):
    pledge = b.pledge(luxembourg)
    amend(pledge, luxembourg, expected_on=date(2018, 3, 1))
    kept = b.kept(pledge)
    assert (kept.amount, kept.currency, kept.earmark, kept.expected_on) == (6000000, "EUR", "travel", date(2018, 3, 1))
    amend(pledge, salma, amount="70000", currency="JPY")
    assert (b.kept(pledge).amount, b.kept(pledge).state, b.kept(pledge).expected_on) == (70000, "announced", None)
    assert pots(db.session(), 0) == {}
    assert record.verify(full=True).faults == []
    amend(pledge, salma)
    b.agreement(pledge, salma)
    with pytest.raises(Refused, match="amended until it is agreed"):
        amend(pledge, luxembourg, amount="1.00")
    with pytest.raises(Refused, match="withdrawn until it is agreed"):
        withdraw(pledge, luxembourg)


def test_an_amendment_changes_something_and_is_typed_against_the_last_version(luxembourg):
    pledge = b.pledge(luxembourg)
    first = b.version(pledge)
    amend(pledge, luxembourg)
    with pytest.raises(Refused, match="says all of this already"):
        amend(pledge, luxembourg)
    with pytest.raises(Stale):
        amend(pledge, luxembourg, seen=first, amount="1.00")
    assert b.kept(pledge).amount == 6000000


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": "1e5"}, "amount"),
        ({"amount": "50.5", "currency": "JPY"}, "amount"),
        ({"currency": "XXX"}, "currency"),
        ({"purpose": "yacht"}, "purpose"),
        ({"earmark": "beach"}, "earmark"),
    ],
)
def test_an_amendment_is_judged_as_a_pledge_is(luxembourg, wrong, field):
    with pytest.raises(Refused) as refused:
        amend(b.pledge(luxembourg), luxembourg, **wrong)
    assert refused.value.field == field


@pytest.mark.parametrize("deed", [amend, withdraw])
def test_another_donor_finds_no_such_pledge_and_who_has_no_right_is_refused(luxembourg, norway, deed):
    pledge = b.pledge(luxembourg)
    with pytest.raises(NotHere):
        deed(pledge, norway)
    for nobody in (b.officer("Jonas Weber"), b.account("auditor", "Board of Auditors"), b.account("head", "Ada Head")):
        with pytest.raises(NotDesignated):
            deed(pledge, nobody)
    assert b.kept(pledge).state == "announced"


def test_a_withdrawn_pledge_stays_in_the_register_and_takes_nothing_more(luxembourg, salma):
    pledge = b.pledge(luxembourg)
    withdraw(pledge, luxembourg)
    assert b.kept(pledge).state == "withdrawn"
    with pytest.raises(Refused, match="recorded once, on an announced pledge"):
        b.agreement(pledge, salma)
    with pytest.raises(Refused, match="record a new pledge"):
        b.deposit(pledge, salma)
    with pytest.raises(Refused, match="withdrawn until it is agreed, and only once"):
        withdraw(pledge, salma)
    with pytest.raises(Refused, match="amended until it is agreed or withdrawn"):
        amend(pledge, salma)
    assert refuses("UPDATE pledge SET state = 'announced'")
    assert record.verify(full=True).faults == []


def test_a_file_does_not_bring_a_withdrawn_pledge_back(luxembourg, tmp_path):
    lines = tmp_path / "contributions.csv"
    line = "Luxembourg,state,LUX,2017-06-02,9.00,USD,L1,,{bank},"
    lines.write_text(",".join(imports.CONTRIBUTIONS) + "\npledge," + line.format(bank=""))
    imports.import_contributions(lines, at=b.AT)
    pledge = db.session.scalars(select(contributions.Pledge.reference)).one()
    withdraw(pledge, luxembourg)
    lines.write_text(",".join(imports.CONTRIBUTIONS) + "\ndeposit," + line.format(bank="B-1"))
    with pytest.raises(imports.BadFile):
        imports.import_contributions(lines, at=b.AT, as_agreed=True)
    assert b.kept(pledge).state == "withdrawn"
