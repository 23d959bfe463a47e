"""One line of the bank for several pledges: recorded in parts at once, or split while it waits; on both databases."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.operations.banked import JUNE, events, last, names, sound
from tests.operations.pledged import agreed, attach, balance, entry, unapplied_deposit
from tests.services.bank_files import line, statement
from trustfund.core.bookings import part_of
from trustfund.core.matching import Reason
from trustfund.core.refusal import NotDesignated, Refused, Stale
from trustfund.extensions import db
from trustfund.models.contributions import Deposit
from trustfund.models.mail import Mail
from trustfund.models.record import Event
from trustfund.operations import explanations, matching, parts

pytestmark = pytest.mark.usefixtures("euros")
LINE = {"value_date": date(2017, 6, 12), "bank_account": "main", "bank_reference": "LU-1"}


@pytest.fixture
def two(luxembourg, salma):
    """Luxembourg agreed to 30,000 and to 20,000 euros."""
    return agreed(luxembourg, salma, "30000.00"), agreed(luxembourg, salma, "20000.00", earmark="travel")


def in_parts(by, amounts, amount="50000.00", **more):
    pledge = b.kept(next(iter(amounts)))
    seen = max(b.version(one) for one in amounts)
    known = {"parts": amounts, "amount": amount, "seen": seen, "by": by, "at": b.AT} | LINE | more
    return parts.record_in_parts(pledge.donor.reference, **known)


def deposits():
    db.session.rollback()
    return list(db.session.scalars(select(Deposit).order_by(Deposit.id)).unique())


def test_50000_euros_for_two_pledges_are_56320_dollars_together_and_each_has_its_entry_and_receipt(two, salma):
    done = in_parts(salma, dict(zip(two, ("30000.00", "20000.00"), strict=True)))
    first, second = deposits()
    assert (first.usd, second.usd, first.usd + second.usd) == (33_792_00, 22_528_00, 56_320_00)
    assert [(one.part, one.parts, one.bank_reference) for one in (first, second)] == [(1, 2, "LU-1"), (2, 2, "LU-1")]
    assert [one.seq for one in (first, second)] == [done.seq - 1, done.seq]
    assert [b.kept(pledge).state for pledge in two] == ["fully-paid", "fully-paid"]
    said = last("deposit.recorded")["data"]
    assert (said["part"], said["parts"], said["whole"]) == (2, 2, 5_000_000)
    told = select(Mail.text).where(Mail.subject == "Your contribution was received")
    [mail] = db.session.scalars(told).all()  # the donor is told once, of both receipts
    addresses = [f"http://127.0.0.1:8000/donors/receipts/{one.reference}.pdf" for one in (first, second)]
    assert [line for line in mail.splitlines() if "http" in line] == addresses
    assert sound()


def test_the_cent_that_does_not_divide_goes_to_a_later_part_and_none_is_negative():
    worth = [part_of(2, before, 1, 5) for before in range(5)]
    assert (sum(worth), min(worth)) == (2, 0)
    assert [part_of(100, before, 1, 3) for before in range(3)] == [33, 34, 33]


def test_parts_make_the_whole_and_are_for_agreements_of_one_donor_in_one_currency(two, luxembourg, norway, salma):
    first, second = two
    with pytest.raises(Refused, match=r"The parts make 40,000.00 EUR, and the deposit is 50,000.00 EUR") as refused:
        in_parts(salma, {first: "20000.00", second: "20000.00"})
    assert refused.value.field == "amount"
    with pytest.raises(Refused, match="at least two agreements"):
        in_parts(salma, {first: "50000.00"})
    for other in (agreed(norway, salma), agreed(luxembourg, salma, currency="USD")):
        with pytest.raises(Refused, match="of one donor, in one currency"):
            in_parts(salma, {first: "30000.00", other: "20000.00"})
    with pytest.raises(Refused, match="record the agreement first"):
        in_parts(salma, {first: "30000.00", b.pledge(luxembourg, currency="EUR"): "20000.00"})
    for wrong in ("0", "-5", "1e5", "٣", "1,5,0", "NaN", "10000000000000000"):
        with pytest.raises(Refused):
            in_parts(salma, {first: "30000.00", second: wrong})
    assert deposits() == []
    assert sound()


def test_who_read_an_older_version_of_one_of_them_is_told_and_nobody_else_may_record(two, luxembourg, salma):
    amounts, seen = dict(zip(two, ("30000.00", "20000.00"), strict=True)), max(map(b.version, two))
    with pytest.raises(NotDesignated):
        in_parts(luxembourg, amounts)
    b.deposit(two[0], salma, "10.00", bank="LU-0")
    with pytest.raises(Stale):
        in_parts(salma, amounts, seen=seen)
    assert len(deposits()) == 1


def test_its_reference_is_used_once_and_the_form_twice_is_one_deed(two, salma):
    amounts = dict(zip(two, ("30000.00", "20000.00"), strict=True))
    seen = max(map(b.version, two))
    done = in_parts(salma, amounts, seen=seen, key="k")
    assert in_parts(salma, amounts, seen=seen, key="k").again
    for deed in (lambda: in_parts(salma, amounts), lambda: b.deposit(two[0], salma)):
        with pytest.raises(Refused, match="LU-1 is recorded already"):
            deed()
    assert (len(deposits()), deposits()[-1].seq) == (2, done.seq)


def test_the_one_line_of_the_bank_is_both_entries_at_once(two, salma, imported):
    came = line("50000.00", bank_reference="LU-1", currency="EUR", value_date=JUNE)
    assert imported(statement(came, currency="EUR")).waiting == 1
    done = in_parts(salma, dict(zip(two, ("30000.00", "20000.00"), strict=True)))
    [best, *_] = matching.suggested(db.session(), names()[0])
    assert best.entries == (done.seq - 1, done.seq)
    assert {Reason.BANK_REFERENCE, Reason.SUM} <= set(best.reasons)
    again = imported(statement(came, currency="EUR"))
    assert (again.matched, again.waiting) == (1, 0)
    assert last("line.matched")["data"]["entries"] == [done.seq - 1, done.seq]
    assert sound()


def test_a_file_that_comes_after_the_deposit_in_parts_matches_it_whole(two, salma, imported):
    done = in_parts(salma, dict(zip(two, ("30000.00", "20000.00"), strict=True)))
    came = line("50000.00", bank_reference="LU-1", currency="EUR", value_date=JUNE)
    part = line("30000.00", bank_reference="LU-1", currency="EUR", text="another")
    said = imported(statement(part, came, currency="EUR"))
    assert (said.matched, said.waiting) == (1, 1)
    assert last("statement.imported")["data"]["matched"] == [[2, done.seq - 1], [2, done.seq]]
    assert sound()


def test_a_line_that_waits_is_recorded_in_parts_and_is_all_of_them_in_one(two, salma, imported):
    imported(statement(line("50000.00", bank_reference="LU-1", currency="EUR", value_date=JUNE), currency="EUR"))
    amounts, seen, before = dict(zip(two, ("30000.00", "20000.00"), strict=True)), max(map(b.version, two)), events()
    done = explanations.record_in_parts(names()[0], parts=amounts, seen=seen, by=salma, at=b.AT, key="k")
    first, second = deposits()
    assert (done.seq, [first.seq, second.seq]) == (before + 3, [before + 1, before + 2])
    assert (first.usd + second.usd, first.value_date, first.bank_reference) == (56_320_00, JUNE, "LU-1")
    assert last("line.matched")["data"]["entries"] == [first.seq, second.seq]
    assert [b.kept(pledge).state for pledge in two] == ["fully-paid", "fully-paid"]
    again = explanations.record_in_parts(names()[0], parts=amounts, seen=seen, by=salma, at=b.AT, key="k")
    assert (again.again, len(deposits())) == (True, 2)
    assert sound()


def test_a_line_is_in_parts_only_as_it_waits_whole_in_its_currency_and_by_who_may(two, luxembourg, salma, imported):
    came = line("50000.00", bank_reference="LU-1", currency="EUR", value_date=JUNE)
    imported(statement(came, line("-2.00", currency="EUR", text="charge"), currency="EUR"))
    amounts, dollars = dict(zip(two, ("30000.00", "20000.00"), strict=True)), agreed(luxembourg, salma, currency="USD")
    rafael, (gift, fee), before = b.officer("Rafael Haldane", "certifying"), names(), events()
    for named, parts_, why in (
        (gift, amounts | {two[0]: "30000.01"}, r"The parts make 50,000.01 EUR, and the deposit is 50,000.00 EUR"),
        (gift, {two[0]: "50000.00"}, "at least two agreements"),
        (gift, amounts | {dollars: "1.00"}, "The line is in EUR, and this pledge in USD"),
        (fee, amounts, "Only money that came in is a deposit"),
    ):
        with pytest.raises(Refused, match=why):
            explanations.record_in_parts(named, parts=parts_, seen=10**6, by=salma, at=b.AT)
    with pytest.raises(Stale):
        explanations.record_in_parts(gift, parts=amounts, seen=1, by=salma, at=b.AT)
    assert events() == before
    explanations.record_in_parts(gift, parts=amounts, seen=10**6, by=rafael, at=b.AT)
    with pytest.raises(Refused, match="matched already"):
        explanations.record_in_parts(gift, parts=amounts, seen=10**6, by=salma, at=b.AT)
    assert len(deposits()) == 2
    assert sound()


# Split


def test_a_deposit_that_waits_is_split_without_an_entry_and_each_part_is_attached(luxembourg, salma, imported):
    whole = unapplied_deposit("Luxembourg")
    two = agreed(luxembourg, salma, "30000.00"), agreed(luxembourg, salma, "20000.00")
    done = parts.split(whole, amounts=["30000.00", "20000.00"], by=salma, at=b.AT)
    assert (done.on, entry(done), balance("unapplied-contributions")) == (whole, {}, -5632000)
    first, second = deposits()
    assert first.reference == whole
    assert [(one.amount, one.usd, one.part, one.parts) for one in (first, second)] == [
        (3_000_000, 33_792_00, 1, 2),
        (2_000_000, 22_528_00, 2, 2),
    ]
    assert first.seq == second.seq < done.seq
    assert sound()
    for deposit, pledge in zip((first.reference, second.reference), two, strict=True):
        attach(deposit, pledge, salma)
    assert [b.kept(pledge).state for pledge in two] == ["fully-paid", "fully-paid"]
    assert balance("unapplied-contributions") == 0
    said = imported(statement(line("50000.00", bank_reference="LU-1", currency="EUR", value_date=JUNE), currency="EUR"))
    assert said.matched == 1
    assert last("statement.imported")["data"]["matched"] == [[1, first.seq]]
    assert sound()


def test_the_parts_of_what_waits_are_worth_the_whole_to_the_cent(luxembourg, salma):
    parts.split(unapplied_deposit("Luxembourg", "5.00"), amounts=["2.50", "2.50"], by=salma, at=b.AT)
    assert [one.usd for one in deposits()] == [282, 281]


def test_only_a_whole_deposit_that_waits_is_split_into_parts_that_make_it(luxembourg, salma):
    whole, pledge = unapplied_deposit("Luxembourg"), agreed(luxembourg, salma)
    before = db.session.scalar(select(Event.seq).order_by(Event.seq.desc()).limit(1))
    for amounts, why in (
        (["50000.00"], "between 2 and 20 parts"),
        (["1.00"] * 21, "between 2 and 20 parts"),
        (["30000.00", "20000.01"], "The parts make 50,000.01 EUR, and the deposit is 50,000.00 EUR"),
        (["50000.00", "0"], "The amount is zero"),
        (["1e4", "40000"], "is not an amount"),
    ):
        with pytest.raises(Refused, match=why) as refused:
            parts.split(whole, amounts=amounts, by=salma, at=b.AT)
        assert refused.value.field == "amounts"
    with pytest.raises(NotDesignated):
        parts.split(whole, amounts=["1.00", "49999.00"], by=luxembourg, at=b.AT)
    db.session.rollback()
    assert db.session.scalar(select(Event.seq).order_by(Event.seq.desc()).limit(1)) == before + 1
    parts.split(whole, amounts=["1.00", "49999.00"], by=salma, at=b.AT)
    with pytest.raises(Refused, match="is not split again"):
        parts.split(whole, amounts=["0.50", "0.50"], by=salma, at=b.AT)
    other = unapplied_deposit("Luxembourg", bank="LU-2")
    attach(other, pledge, salma)
    with pytest.raises(Refused, match="attached to an agreement already"):
        parts.split(other, amounts=["1.00", "49999.00"], by=salma, at=b.AT)
    assert json.loads(db.session.scalars(select(Event.body).where(Event.action == "deposit.split")).one())["post"] == []
