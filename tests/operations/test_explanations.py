"""A line that nothing explains is recorded as what it is and matched in one; a match can be undone, and done again."""

import time

import pytest
from sqlalchemy import func, select

from tests import builders as b
from tests.operations.banked import CHARGE, FIJI, JUNE, NORWAY, charge, events, last, names, sound
from tests.services.bank_files import line, statement
from trustfund.core.refusal import NotDesignated, Refused, Stale
from trustfund.extensions import db
from trustfund.models.contributions import Deposit, Pledge
from trustfund.models.statements import StatementLine
from trustfund.operations import explanations, matching, suspense
from trustfund.operations.matching import waiting

pytestmark = pytest.mark.usefixtures("both_apps")

INTEREST = line("12.44", bank_reference="", reference="", name="", text="Interest")


def recorded(line: str, kind: str, by: str, **more):
    return explanations.record(line, kind=kind, by=by, at=b.AT, **more)


def waits() -> int:
    db.session.rollback()
    return len(db.session.execute(waiting("main", "USD")).all())


def test_a_line_becomes_a_deposit_on_a_pledge_with_the_days_and_reference_of_the_bank(imported, salma, norway):
    pledge = b.pledge(norway, "16000.00")
    b.agreement(pledge, salma, "16000.00")
    imported(statement(NORWAY))
    [offer, *_] = suspense.Open(db.session(), "main", "USD").offers(_first())
    assert (offer.owed, offer.entries[0].key) == (True, pledge)
    before = events()
    done = recorded(names()[0], "deposit", salma, about=pledge, seen=_version(pledge), key="k")
    assert (done.seq, events()) == (before + 2, before + 2)
    deposit = db.session.scalars(select(Deposit)).unique().one()
    assert (deposit.bank_reference, deposit.value_date, deposit.amount) == ("NO-1", JUNE, 1_600_000)
    assert (deposit.pledge.state, deposit.seq) == ("fully-paid", before + 1)
    assert last("line.matched")["data"]["entries"] == [before + 1]
    assert waits() == 0
    assert sound()


def test_a_line_becomes_a_deposit_that_waits_interest_or_a_charge(imported, salma):
    donor = b.donor("Fiji", country="FJI")
    imported(statement(FIJI, INTEREST, CHARGE))
    gift, interest, fee = names()
    recorded(gift, "unapplied", salma, about=donor)
    recorded(interest, "interest", salma)
    recorded(fee, "charge", salma, bank_reference="January fee")
    assert last("deposit.recorded")["to"] == "unapplied"
    assert last("interest.recorded")["data"]["bank_reference"] == interest  # the bank gave none
    assert last("charge.recorded")["data"]["bank_reference"] == "January fee"
    assert (last("interest.recorded")["data"]["amount"], last("charge.recorded")["data"]["amount"]) == (1244, -200)
    assert waits() == 0
    assert sound()


@pytest.mark.parametrize(("amount", "kind", "cents"), [("100.00", "interest", 11264), ("-5.00", "charge", -563)])
def test_a_line_in_euros_of_an_account_in_dollars_is_booked_in_euros(imported, salma, euros, amount, kind, cents):
    said = line(amount, currency="EUR", bank_reference="", value_date=JUNE)
    imported(statement(said, currency="EUR"))
    recorded(names()[0], kind, salma)
    [cash] = [each for each in last(f"{kind}.recorded")["post"] if each["account"] == "cash:main"]
    assert (cash["currency"], cash["amount"], cash["usd"]) == ("EUR", round(float(amount) * 100), cents)
    assert sound()


def test_what_cannot_be_is_refused_and_nothing_of_it_stays(imported, salma, norway):
    pledge = b.pledge(norway, "16000.00")
    b.agreement(pledge, salma, "16000.00")
    imported(statement(NORWAY, CHARGE))
    came, went = names()
    before = events()
    for line_, kind, more, error, why in (
        (came, "charge", {}, Refused, "Choose what the line is"),
        (went, "interest", {}, Refused, "Choose what the line is"),
        (came, "gift", {}, Refused, "Choose what the line is"),
        (came, "deposit", {"about": pledge, "seen": 1}, Stale, "has changed since"),
    ):
        with pytest.raises(error, match=why):
            recorded(line_, kind, salma, **more)
    rafael = b.officer("Rafael Haldane", "certifying")
    before = events()
    with pytest.raises(NotDesignated):
        recorded(went, "charge", rafael)  # matches lines, and records no charge
    charge(salma)
    matching.match(went, entries=str(events()), by=salma, at=b.AT)
    with pytest.raises(Refused, match="matched already"):
        recorded(went, "charge", salma)
    assert events() == before + 3  # the refusal for want of a designation, the charge, the match
    assert db.session.scalar(select(func.count()).select_from(Deposit)) == 0
    assert sound()


def test_a_match_is_undone_and_done_again_and_no_file_does_it_by_itself(imported, salma):
    entry = charge(salma)
    imported(statement(NORWAY, CHARGE))
    fee = names()[1]
    [match] = _matches(fee)
    assert match == (entry, last("statement.imported")["seq"])
    matching.undo(fee, seen=match[1], by=salma, at=b.AT)
    assert last("match.undone")["data"] == {
        "bank_account": "main",
        "currency": "USD",
        "lines": [fee],
        "entries": [entry],
        "matched": match[1],
    }
    assert (waits(), [one.key for one in matching.open_entries(db.session(), "main", "USD")]) == (2, [entry])
    with pytest.raises(Refused, match="undone already"):
        matching.undo(fee, seen=match[1], by=salma, at=b.AT)
    assert imported(statement(NORWAY, CHARGE)).matched == 0
    matching.match(fee, entries=str(entry), by=salma, at=b.AT)
    assert (waits(), [one[0] for one in _matches(fee)]) == (1, [entry])
    assert sound()


def test_what_was_matched_together_is_undone_together_and_nothing_else(imported, salma):
    whole, other = charge(salma, "4.00", "C-4"), charge(salma)
    imported(statement(line("-1.00", text="a"), line("-3.00", text="b"), CHARGE))
    one, three, fee = names()
    done = matching.match(f"{one}\n{three}", entries=str(whole), by=salma, at=b.AT)
    matching.undo(three, seen=done.seq, by=salma, at=b.AT)
    assert (_matches(one), _matches(three), [entry for entry, _ in _matches(fee)]) == ([], [], [other])
    assert sound()


def test_lines_are_found_by_reference_name_and_amount(imported, salma):
    imported(statement(NORWAY, FIJI, CHARGE))
    charge(salma, "2.00", "FEE 0017")
    there = suspense.Open(db.session(), "main", "USD")
    fee = suspense.as_movement(db.session.execute(suspense.lines().where(StatementLine.amount < 0)).one())
    for words, found in (("fee17", 1), ("fee 0017", 1), ("2.00", 1), ("2.50", 0), ("norway", 0)):
        assert len(there.search(words, fee)) == found, words
    looked_for = {"ministry": [1_600_000], "fj-1": [13_000], "2.00": [-200], "%": [], "16,000": [1_600_000]}
    for words, amounts in looked_for.items():
        rows = db.session.execute(suspense.lines().where(suspense.said(words))).all()
        assert [row.amount for row in rows] == amounts, words
    [held] = suspense.how_much(db.session())
    assert (held.lines, held.came_in, held.went_out) == (3, 1_613_000, 200)


def _first():
    return suspense.as_movement(db.session.execute(suspense.lines().limit(1)).one())


def _version(pledge: str) -> int:
    return db.session.scalar(select(Pledge.seq).where(Pledge.reference == pledge))


def _matches(line: str) -> list[tuple[int, int]]:
    db.session.rollback()
    row, _ = matching.line_of(db.session(), line)
    return suspense.matches_of(db.session(), [row.id]).get(row.id, [])


def test_an_amount_that_nobody_can_have_is_searched_for_in_no_time():
    """A whole number of 100,000 digits takes a second to be made, and each currency would make one."""
    assert suspense.units_of("16,000.00", "USD") == 1_600_000
    began = time.process_time()
    assert [suspense.units_of(typed, "USD") for typed in ("1e99999", "-1e99999", "1e999999", "1e15", "NaN")] == [
        None
    ] * 5
    assert time.process_time() - began < 0.2
