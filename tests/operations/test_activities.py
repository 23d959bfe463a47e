"""A preparatory activity is agreed by two, paid, closed or cancelled; on both databases."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tests import builders as b
from tests import seats
from tests import surpluses as s
from trustfund.core.refusal import NotDesignated, Refused, SeparationOfDuties, Stale
from trustfund.extensions import db
from trustfund.models.record import Event, in_the_bank
from trustfund.operations import activities, treasury
from trustfund.operations.award_deeds import books_of_subject

pytestmark = pytest.mark.usefixtures("money")
BEFORE = datetime(2018, 1, 23, 20, tzinfo=UTC)


# Who does it


def test_two_approving_officers_agree_and_then_the_charge_is_committed():
    free, reference = s.spendable(), s.proposed()
    s.agreed(reference, "Lise")
    assert (s.activity(reference).stage, s.committed(reference), s.spendable()) == ("proposed", 0, free)
    s.agreed(reference, "Tomas")
    assert (s.activity(reference).stage, s.committed(reference)) == ("approved", 1_130_000)
    assert s.spendable() == free - Decimal("11300.00")


def test_nobody_approves_twice_and_the_attempt_is_kept():
    reference = s.agreed(s.proposed(), "Lise")
    with pytest.raises(SeparationOfDuties, match="You acted on this activity already"):
        s.agreed(reference, "Lise")
    kept = db.session.scalars(select(Event).order_by(Event.seq.desc())).first()
    assert (kept.action, kept.subject) == ("activity.refused", reference)


def test_who_proposed_neither_approves_nor_pays_whatever_the_designations():
    with seats.on(seats.AUTUMN):
        b.officer("Olga Example", "screening", "approving", "paying")
    reference = s.proposed(by="Olga")
    with pytest.raises(SeparationOfDuties):
        s.agreed(reference, "Olga")
    s.agreed(reference)
    with pytest.raises(SeparationOfDuties):
        s.paid(reference, by="Olga")


def test_who_approved_does_not_pay():
    with seats.on(seats.AUTUMN):
        b.officer("Olga Example", "approving", "paying")
    reference = s.agreed(s.proposed(), "Olga", "Lise")
    with pytest.raises(SeparationOfDuties):
        s.paid(reference, by="Olga")


def test_each_needs_the_designation():
    reference = s.proposed()
    for name in ("Lise", "Salma"):
        with pytest.raises(NotDesignated):
            s.proposed(by=name)
    for name in ("Rafael", "Salma"):
        with pytest.raises(NotDesignated):
            s.agreed(reference, name)


def test_nobody_but_a_paying_officer_pays():
    with pytest.raises(NotDesignated):
        s.paid(s.agreed(s.proposed()), by="Rafael")


def test_the_database_itself_refuses_a_second_act_of_one_person(both_apps):
    reference = s.agreed(s.proposed(), "Lise")
    (lise,) = [act for act in s.activity(reference).acts if act.act == "approve"]
    values = f"({lise.activity_id}, 'pay', {lise.by_id}, '2019-01-15T09:00:00.000Z', 1)"
    db.session.rollback()
    with db.engine.connect() as connection, pytest.raises(DBAPIError, match=r"activity_act is only ever added to"):
        connection.exec_driver_sql(f"INSERT INTO activity_act (activity_id, act, by_id, at, seq) VALUES {values}")


def test_the_database_itself_edits_no_act_and_no_payment():
    s.paid(s.agreed(s.proposed()))
    db.session.rollback()
    for table in ("activity_act", "activity_payment"):
        for edit in (f"UPDATE {table} SET seq = 1", f"DELETE FROM {table}"):
            with db.engine.connect() as connection, pytest.raises(DBAPIError, match=f"{table} is only ever added to"):
                connection.exec_driver_sql(edit)


def test_a_page_that_is_old_does_nothing():
    reference = s.proposed()
    old = s.activity(reference).seq
    s.agreed(reference, "Lise")
    with seats.on(s.AFTER), pytest.raises(Stale):
        activities.approve(reference, seen=old, by=seats.who("Tomas"), at=s.AFTER)


def test_the_surplus_is_looked_at_again_at_each_approval():
    """Two activities would each fit, but not both."""
    half = f"{s.spendable() * Decimal('0.6') / Decimal('1.13'):.2f}"
    first, second = s.proposed(amount=half), s.proposed("Briefings", amount=half)
    s.agreed(first)
    with pytest.raises(activities.NoSurplus):
        s.agreed(second)
    assert [s.activity(second).stage, s.spendable() >= 0] == ["proposed", True]


def test_a_candidate_who_came_since_stops_the_approval():
    reference = s.proposed(at=seats.CLOSED - timedelta(days=10))
    seats.delegate("Hind Tayeb", "SDN")
    with pytest.raises(activities.NoSurplus, match="Journeys come first"):
        s.agreed(reference, at=BEFORE)


# Paying, closing, cancelling


def test_a_payment_is_expense_with_its_support_cost_and_frees_its_commitment():
    before = in_the_bank(db.session())
    reference = s.paid(s.agreed(s.proposed()), "4000.00")
    known = books_of_subject(db.session(), reference)
    assert (s.committed(reference), known.support) == (1_130_000 - 452_000, {"": 52_000})
    assert in_the_bank(db.session()) == before - Decimal("4000.00")
    assert s.activity(reference).stage == "approved"


def test_what_is_spendable_does_not_depend_on_when_it_is_paid():
    reference = s.agreed(s.proposed())
    free = s.spendable()
    assert (s.paid(reference, "3333.33"), s.spendable()) == (reference, free)


def test_support_cost_over_many_payments_is_that_of_their_sum_to_the_cent():
    """13 per cent of 0.35 is 0.0455, of twice as much 0.091, of all three 0.1365: 0.05, then 0.04, then 0.05."""
    reference = s.agreed(s.proposed(amount="1.05"))
    posted = []
    for n in range(3):
        s.paid(reference, "0.35", f"PA-{n}")
        posted.append(books_of_subject(db.session(), reference).support[""])
    assert posted == [5, 9, 14]
    assert s.activity(reference).charge == 119
    assert s.committed(reference) == 0


def test_no_more_is_paid_than_was_approved():
    reference = s.paid(s.agreed(s.proposed()), "9999.99")
    with pytest.raises(Refused, match=r"Of this activity 0\.01 is not yet paid"):
        s.paid(reference, "0.02", "PA-2")
    s.paid(reference, "0.01", "PA-2")
    with pytest.raises(Refused, match=r"0\.00 is not yet paid"):
        s.paid(reference, "0.01", "PA-3")


def test_it_is_paid_after_it_was_approved_and_not_in_the_future():
    reference = s.agreed(s.proposed())
    for day, says in ((date(2019, 1, 16), "lies ahead"), (date(2019, 1, 14), "nothing was paid of it before")):
        with pytest.raises(Refused, match=says):
            s.paid(reference, day=day)


def test_it_is_paid_from_an_account_in_dollars():
    reference = s.agreed(s.proposed())
    euro = '[[bank_accounts]]\ncode = "euro"\nname = { en = "Euros", fr = "Euros" }\ncurrency = "EUR"\n\n[rates]'
    s.amended(s.AFTER, s.AFTER.date(), s.TEXT.replace("[rates]", euro, 1))
    for code, says in (("euro", "in US dollars"), ("mine", "not a bank account")):
        with pytest.raises(Refused, match=says):
            s.paid(reference, account=code)


def test_nothing_is_paid_before_two_have_agreed():
    with pytest.raises(Refused, match="cannot be done with the activity any more, or not yet"):
        s.paid(s.agreed(s.proposed(), "Lise"))


def test_a_bank_reference_is_used_once_whatever_it_was_used_for():
    reference = s.paid(s.agreed(s.proposed()), "1.00", "PA-1")
    line = {"amount": "5.00", "value_date": s.AFTER.date(), "by": seats.who("Salma"), "at": s.AFTER}
    with seats.on(s.AFTER):
        treasury.record_interest("main", bank_reference="I-1", **line)
    for taken in ("PA-1", "LU-1", "I-1", " I-1 "):
        with pytest.raises(Refused, match="is recorded already"):
            s.paid(reference, "1.00", taken)
    with seats.on(s.AFTER), pytest.raises(Refused, match="is recorded already"):
        treasury.record_charge("main", bank_reference="PA-1", **line)


def test_closing_releases_what_was_not_used():
    free = s.spendable()
    reference = s.closed(s.paid(s.agreed(s.proposed()), "4000.00"))
    assert (s.activity(reference).stage, s.committed(reference)) == ("closed", 0)
    assert s.spendable() == free - Decimal("4520.00")
    with pytest.raises(Refused, match="any more"):
        s.paid(reference, "1.00", "PA-2")


def test_closing_what_is_paid_to_the_last_cent_releases_nothing():
    reference = s.closed(s.paid(s.agreed(s.proposed())))
    assert s.committed(reference) == 0


def test_what_was_not_paid_is_cancelled_and_what_was_paid_is_closed():
    free, reference = s.spendable(), s.agreed(s.proposed())
    with pytest.raises(Refused, match="cancel it instead"):
        s.closed(reference)
    s.cancelled(reference)
    assert (s.activity(reference).stage, s.spendable()) == ("cancelled", free)
    other = s.paid(s.agreed(s.proposed("Briefings")), "1.00")
    with pytest.raises(Refused, match="close it instead"):
        s.cancelled(other)


def test_what_is_only_proposed_can_be_cancelled():
    reference = s.cancelled(s.agreed(s.proposed(), "Lise"))
    with pytest.raises(Refused, match="any more"):
        s.agreed(reference, "Tomas")


def test_an_activity_has_a_title_a_purpose_a_document_and_an_amount():
    for field, typed in (("amount", "0"), ("amount", "much"), ("document", " "), ("text", " "), ("title", " ")):
        with pytest.raises(Refused) as caught:
            s.proposed(**{field: typed})
        assert caught.value.field == field
    with pytest.raises(Refused, match="more than 200 characters"):
        s.proposed("x" * 201)
