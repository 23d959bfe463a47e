"""Money goes to journeys first: a preparatory activity only from what is left, agreed by two; on both databases."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests import surpluses as s
from tests.operations.test_copies_selections import faults_of
from trustfund.core.mandate import load
from trustfund.core.refusal import NotDesignated, Refused, SeparationOfDuties, Stale
from trustfund.core.surplus import Facts
from trustfund.extensions import db
from trustfund.models.activities import Activity, ActivityAct
from trustfund.models.record import Event, in_the_bank
from trustfund.operations import activities, allotments, fund, proposals, record, screening, treasury
from trustfund.operations import closing as closing  # so that two officers can decide it
from trustfund.operations.award_deeds import books_of_subject
from trustfund.operations.meetings import frames_on

pytestmark = pytest.mark.usefixtures("money")
RICH = "9000000.00"
TEXT = fund.shipped_mandate("a-res-71-280")
BEFORE = datetime(2018, 1, 23, 20, tzinfo=UTC)


@pytest.fixture
def money(both_apps):
    """Nine millions in the bank, of which 40,000 are allotted to the first round."""
    s.fund(RICH)


def refused(at=s.AFTER, **terms) -> list[str]:
    """The tests by which an activity is refused."""
    with pytest.raises(activities.NoSurplus) as caught:
        s.proposed(at=at, **terms)
    return [test.code for test in caught.value.tests]


def facts(at: datetime) -> Facts:
    db.session.rollback()
    with seats.on(at):
        return activities.facts_of(db.session(), at)


def by_two(action: str, subject: str, at: datetime, **content: object) -> None:
    with seats.on(at):
        made = proposals.propose(
            action, subject=subject, content=content, reason="It is time.", by=seats.who("Tomas"), at=at
        )
        proposals.confirm(made.on, by=seats.who("Lise"), at=at)


CHANGED = TEXT.replace("late_until = { value = 21", "late_until = { value = 14")


def amended(at: datetime, effective: date, text: str = CHANGED) -> None:
    assert load(text).digest != load(TEXT).digest
    people = {"by": seats.who("Rafael"), "confirmed_by": seats.who("Lise")}
    with seats.on(at):
        fund.amend_mandate(text, symbol="A/RES/72/244", effective=effective, at=at, **people)


def spendable() -> Decimal:
    return j.spendable(s.AFTER.date())


def committed(reference: str) -> int:
    return sum(books_of_subject(db.session(), reference).committed.values())


# Whether there is a surplus


def test_after_the_last_meeting_what_is_spendable_is_the_surplus():
    known = facts(s.AFTER)
    assert known.surplus == known.spendable == spendable()
    assert (known.allotted, known.needed) == (0, 0)


def test_with_much_money_there_is_a_surplus_before_the_meetings_too():
    assert s.proposed(at=seats.AUTUMN)


def needs(at: datetime) -> dict[str, Decimal]:
    """What each meeting that has not begun is planned to need."""
    day = at.date()
    frames = frames_on(db.session(), day)
    ahead = [frame.meeting for frame in frames.values() if frame.meeting.first_day > day]
    return allotments.needs_of(db.session(), ahead, frames["N1"].mandate, day)


def test_money_of_the_meetings_ahead_is_kept_for_them():
    known = facts(seats.AUTUMN)
    assert known.allotted == Decimal("40000.00")
    assert known.allotted + known.needed == sum(needs(seats.AUTUMN).values())
    left = known.surplus / Decimal("1.13")
    assert refused(seats.AUTUMN, amount=f"{left + 1:.2f}") == ["within-the-surplus"]
    assert s.proposed(at=seats.AUTUMN, amount=f"{left - 1:.2f}")


def test_a_small_allotment_frees_nothing_before_its_call_opens():
    """One officer fixes it alone: what the meeting is planned to need stays kept."""
    before = facts(seats.AUTUMN)
    seats.allotted("1.00", "N6")
    after = facts(seats.AUTUMN)
    assert after.allotted == before.allotted + 1
    assert after.surplus == before.surplus


def test_once_the_call_is_open_the_allotment_is_what_the_meeting_needs():
    known, planned = facts(seats.APPLIED), needs(seats.APPLIED)
    assert known.allotted == Decimal("40000.00") < planned["N1"]
    assert known.needed == sum(planned.values()) - planned["N1"]


def test_what_a_seat_has_taken_is_not_kept_twice():
    before = facts(BEFORE)
    j.seated(("Amna Eltayeb", "SDN"))
    after = facts(BEFORE)
    assert before.spendable - after.spendable == before.allotted - after.allotted > 0
    assert before.surplus == after.surplus


def test_money_tied_to_travel_or_to_a_category_is_never_surplus():
    before = facts(s.AFTER).surplus
    for n, earmark in enumerate(("travel", "category:LDC", "meeting:N1")):
        seats.paid_in("70000.00", earmark, bank=f"E-{n}")
    assert facts(s.AFTER).surplus == before


def test_a_charge_above_the_surplus_is_refused_by_how_much():
    """The charge is the cost and 13 per cent of it."""
    left = spendable()
    with pytest.raises(activities.NoSurplus) as caught:
        s.proposed(amount=f"{left:.2f}")
    (test,) = caught.value.tests
    assert test.values["lacks"] == (left * Decimal("1.13")).quantize(Decimal("0.01")) - left
    assert "is missing" in str(caught.value)


def test_a_candidate_without_a_seat_comes_first():
    """Hind has a seat; Kwame waits, Mele came late, and Nour is over the quota of her State."""
    for name in ("Hind Tayeb", "Nour Tayeb", "Sara Tayeb"):
        seats.delegate(name, "SDN")
    seats.delegate("Mele Losa", "FJI", at=seats.LATE)
    known = facts(BEFORE)
    assert (known.without_seat["N1"], known.undecided["N1"]) == (4, 0)
    assert refused(BEFORE) == ["no-one-without-a-seat"]
    seats.closed()
    seats.kept(seats.previewed())
    assert {place.outcome for place in seats.places(_run())} == {"proposed", "over-quota"}
    assert facts(BEFORE).without_seat["N1"] == 1
    assert refused(BEFORE) == ["no-one-without-a-seat"]


def _run() -> str:
    return str(db.session.scalar(select(Event.subject).where(Event.action == "selection.kept")))


def test_once_the_meeting_has_begun_nobody_waits_for_its_seats():
    seats.delegate("Hind Tayeb", "SDN")
    assert refused(BEFORE) == ["no-one-without-a-seat"]
    assert s.proposed(at=j.FIRST_DAY)


def test_an_application_that_no_officer_has_decided_may_need_a_seat():
    seats.delegate("Hind Tayeb", "SDN", accepted=False)
    kwame = seats.application(seats.delegate("Kwame Mensah", "GHA"))
    with seats.on(BEFORE):
        screening.ask_for_changes(
            kwame.reference, words="The first page is cut.", seen=kwame.seq, by=seats.who("Ines"), at=BEFORE
        )
    assert facts(BEFORE).undecided["N1"] == 2
    assert refused(BEFORE) == ["all-decided"]


def test_every_test_that_fails_is_told():
    seats.delegate("Hind Tayeb", "SDN", accepted=False)
    seats.delegate("Kwame Mensah", "GHA")
    amended(BEFORE, BEFORE.date())
    assert refused(BEFORE, amount="99000000.00") == [
        "no-one-without-a-seat",
        "all-decided",
        "within-the-surplus",
        "settings-unchanged",
    ]
    kept = db.session.scalars(select(Event).order_by(Event.seq.desc())).first()
    assert (kept.action, kept.subject, kept.actor) == ("activity.refused", "", seats.who("Ines"))


# Settings that changed


def test_an_amended_mandate_stands_for_thirty_days_first():
    amended(seats.THE_DAY, date(2018, 1, 23))
    assert refused(seats.THE_DAY + timedelta(days=29)) == ["settings-unchanged"]
    assert s.proposed(at=seats.THE_DAY + timedelta(days=30))


def test_an_amendment_dated_back_counts_from_the_day_it_was_recorded():
    amended(seats.THE_DAY, date(2017, 5, 1))
    assert facts(seats.THE_DAY).changed_on == date(2018, 1, 23)


def test_an_amendment_that_holds_later_counts_from_then():
    amended(seats.THE_DAY, date(2018, 6, 1))
    assert s.proposed(at=datetime(2018, 5, 31, tzinfo=UTC))
    assert refused(datetime(2018, 6, 1, tzinfo=UTC)) == ["settings-unchanged"]


def test_an_allotment_lowered_by_two_officers_makes_no_surplus_for_thirty_days():
    terms = {"amount": "1.00", "basis": "decided", "document": "Advice 2018/2"}
    by_two("allotment.changed", "N1", seats.CLOSED, **terms)
    assert refused(BEFORE) == ["settings-unchanged"]
    assert s.proposed(at=j.FIRST_DAY), "the meeting has begun: its allotment is not used here"


def test_the_reserve_that_the_closing_sets_free_is_no_surplus_for_thirty_days():
    by_two("closing.decided", "fund", s.AFTER, document="A/RES/73/195", decided_on="2018-12-12")
    assert refused(s.AFTER) == ["settings-unchanged"]


# Who does it


def test_two_approving_officers_agree_and_then_the_charge_is_committed():
    free, reference = spendable(), s.proposed()
    s.agreed(reference, "Lise")
    assert (s.activity(reference).stage, committed(reference), spendable()) == ("proposed", 0, free)
    s.agreed(reference, "Tomas")
    assert (s.activity(reference).stage, committed(reference)) == ("approved", 1_130_000)
    assert spendable() == free - Decimal("11300.00")


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
    with db.engine.connect() as connection, pytest.raises(DBAPIError, match=r"(?i)unique"):
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
    half = f"{spendable() * Decimal('0.6') / Decimal('1.13'):.2f}"
    first, second = s.proposed(amount=half), s.proposed("Briefings", amount=half)
    s.agreed(first)
    with pytest.raises(activities.NoSurplus):
        s.agreed(second)
    assert [s.activity(second).stage, spendable() >= 0] == ["proposed", True]


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
    assert (committed(reference), known.support) == (1_130_000 - 452_000, {"": 52_000})
    assert in_the_bank(db.session()) == before - Decimal("4000.00")
    assert s.activity(reference).stage == "approved"


def test_what_is_spendable_does_not_depend_on_when_it_is_paid():
    reference = s.agreed(s.proposed())
    free = spendable()
    assert (s.paid(reference, "3333.33"), spendable()) == (reference, free)


def test_support_cost_over_many_payments_is_that_of_their_sum_to_the_cent():
    """13 per cent of 0.35 is 0.0455, of twice as much 0.091, of all three 0.1365: 0.05, then 0.04, then 0.05."""
    reference = s.agreed(s.proposed(amount="1.05"))
    posted = []
    for n in range(3):
        s.paid(reference, "0.35", f"PA-{n}")
        posted.append(books_of_subject(db.session(), reference).support[""])
    assert posted == [5, 9, 14]
    assert s.activity(reference).charge == 119
    assert committed(reference) == 0


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
    amended(s.AFTER, s.AFTER.date(), TEXT.replace("[rates]", euro, 1))
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
    free = spendable()
    reference = s.closed(s.paid(s.agreed(s.proposed()), "4000.00"))
    assert (s.activity(reference).stage, committed(reference)) == ("closed", 0)
    assert spendable() == free - Decimal("4520.00")
    with pytest.raises(Refused, match="any more"):
        s.paid(reference, "1.00", "PA-2")


def test_closing_what_is_paid_to_the_last_cent_releases_nothing():
    reference = s.closed(s.paid(s.agreed(s.proposed())))
    assert committed(reference) == 0


def test_what_was_not_paid_is_cancelled_and_what_was_paid_is_closed():
    free, reference = spendable(), s.agreed(s.proposed())
    with pytest.raises(Refused, match="cancel it instead"):
        s.closed(reference)
    s.cancelled(reference)
    assert (s.activity(reference).stage, spendable()) == ("cancelled", free)
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


# The record


def everything() -> str:
    """One is paid twice and closed, one cancelled, one approved by Lise only."""
    paid = s.closed(s.paid(s.paid(s.agreed(s.proposed()), "4000.00"), "100.00", "PA-2"))
    s.cancelled(s.agreed(s.proposed("Briefings")))
    s.agreed(s.proposed("Maps"), "Lise")
    return paid


def test_what_was_done_properly_is_sound():
    everything()
    assert record.verify(full=True).faults == []
    assert len(db.session.scalars(select(ActivityAct)).all()) == 9


CHANGES = (
    ("UPDATE activity SET title = 'x' WHERE title = 'Maps'", ": title"),
    ("UPDATE activity SET document = 'x' WHERE title = 'Maps'", ": document"),
    ("UPDATE activity SET cost = cost + 1 WHERE title = 'Maps'", ": cost"),
    ("UPDATE activity SET charge = charge + 1 WHERE title = 'Maps'", ": charge"),
    ("UPDATE activity SET stage = 'approved' WHERE title = 'Maps'", ": stage"),
    ("UPDATE activity SET seq = 1 WHERE title = 'Maps'", ": seq"),
    ("UPDATE activity SET words = 'x' WHERE title = 'Maps'", "does not hold the words that were written"),
    ("UPDATE activity_act SET act = 'propose' WHERE act = 'approve'", ": act"),
    ("UPDATE activity_act SET at = '2019-01-01T00:00:00.000Z'", ": at"),
    ("UPDATE activity_act SET by_id = (SELECT id FROM account WHERE role = 'head') WHERE act = 'pay'", "is missing"),
    ("DELETE FROM activity_act WHERE act = 'pay'", "is missing"),
    ("UPDATE activity_payment SET usd = 1", ": usd"),
    ("UPDATE activity_payment SET value_date = '2019-01-01'", ": value_date"),
    ("UPDATE activity_payment SET bank_reference = 'x' WHERE bank_reference = 'PA-1'", "main x is not in the record"),
    ("UPDATE activity_payment SET activity_id = activity_id + 1", ": activity"),
    ("DELETE FROM activity_payment", "is missing"),
)


@pytest.mark.parametrize("both_apps", ["sqlite"], indirect=True)
def test_a_row_that_was_changed_past_the_guards_is_named():
    everything()
    unnoticed = [
        (statement, says)
        for statement, says in CHANGES
        if not any("the table activity" in fault and says in fault for fault in faults_of(statement))
    ]
    assert unnoticed == []
    assert record.verify().faults == []


def test_every_column_of_the_tables_is_one_that_the_record_vouches_for():
    told = {statement.split()[1 if statement.startswith("UPDATE") else 2] for statement, _ in CHANGES}
    assert told == {"activity", "activity_act", "activity_payment"}
    names = {column.key for column in Activity.__table__.columns} - {"id", "reference"}
    assert names == {statement.split()[3] for statement, _ in CHANGES if statement.startswith("UPDATE activity SET")}
