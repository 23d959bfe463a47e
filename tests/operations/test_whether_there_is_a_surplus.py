"""Money goes to journeys first: whether anything is left for a preparatory activity; on both databases."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import journeys as j
from tests import seats
from tests import surpluses as s
from trustfund.extensions import db
from trustfund.models.record import Event
from trustfund.operations import activities, allotments, screening
from trustfund.operations import closing as closing  # so that two officers can decide it
from trustfund.operations.meetings import frames_on

pytestmark = pytest.mark.usefixtures("money")
BEFORE = datetime(2018, 1, 23, 20, tzinfo=UTC)
TWO = {"by": "Tomas", "second": "Lise", "reason": "It is time."}


# Whether there is a surplus


def test_after_the_last_meeting_what_is_spendable_is_the_surplus():
    known = s.facts(s.AFTER)
    assert known.surplus == known.spendable == s.spendable()
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
    known = s.facts(seats.AUTUMN)
    assert known.allotted == Decimal("40000.00")
    assert known.allotted + known.needed == sum(needs(seats.AUTUMN).values())
    left = known.surplus / Decimal("1.13")
    assert s.refused(seats.AUTUMN, amount=f"{left + 1:.2f}") == ["within-the-surplus"]
    assert s.proposed(at=seats.AUTUMN, amount=f"{left - 1:.2f}")


def test_a_small_allotment_frees_nothing_before_its_call_opens():
    """One officer fixes it alone: what the meeting is planned to need stays kept."""
    before = s.facts(seats.AUTUMN)
    seats.allotted("1.00", "N6")
    after = s.facts(seats.AUTUMN)
    assert after.allotted == before.allotted + 1
    assert after.surplus == before.surplus


def test_once_the_call_is_open_the_allotment_is_what_the_meeting_needs():
    known, planned = s.facts(seats.APPLIED), needs(seats.APPLIED)
    assert known.allotted == Decimal("40000.00") < planned["N1"]
    assert known.needed == sum(planned.values()) - planned["N1"]


def test_what_a_seat_has_taken_is_not_kept_twice():
    before = s.facts(BEFORE)
    j.seated(("Amna Eltayeb", "SDN"))
    after = s.facts(BEFORE)
    assert before.spendable - after.spendable == before.allotted - after.allotted > 0
    assert before.surplus == after.surplus


def test_money_tied_to_travel_or_to_a_category_is_never_surplus():
    before = s.facts(s.AFTER).surplus
    for n, earmark in enumerate(("travel", "category:LDC", "meeting:N1")):
        seats.paid_in("70000.00", earmark, bank=f"E-{n}")
    assert s.facts(s.AFTER).surplus == before


def test_a_charge_above_the_surplus_is_refused_by_how_much():
    """The charge is the cost and 13 per cent of it."""
    left = s.spendable()
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
    known = s.facts(BEFORE)
    assert (known.without_seat["N1"], known.undecided["N1"]) == (4, 0)
    assert s.refused(BEFORE) == ["no-one-without-a-seat"]
    seats.closed()
    seats.kept(seats.previewed())
    assert {place.outcome for place in seats.places(_run())} == {"proposed", "over-quota"}
    assert s.facts(BEFORE).without_seat["N1"] == 1
    assert s.refused(BEFORE) == ["no-one-without-a-seat"]


def _run() -> str:
    return str(db.session.scalar(select(Event.subject).where(Event.action == "selection.kept")))


def test_once_the_meeting_has_begun_nobody_waits_for_its_seats():
    seats.delegate("Hind Tayeb", "SDN")
    assert s.refused(BEFORE) == ["no-one-without-a-seat"]
    assert s.proposed(at=j.FIRST_DAY)


def test_an_application_that_no_officer_has_decided_may_need_a_seat():
    seats.delegate("Hind Tayeb", "SDN", accepted=False)
    kwame = seats.application(seats.delegate("Kwame Mensah", "GHA"))
    with seats.on(BEFORE):
        screening.ask_for_changes(
            kwame.reference, words="The first page is cut.", seen=kwame.seq, by=seats.who("Ines"), at=BEFORE
        )
    assert s.facts(BEFORE).undecided["N1"] == 2
    assert s.refused(BEFORE) == ["all-decided"]


def test_every_test_that_fails_is_told():
    seats.delegate("Hind Tayeb", "SDN", accepted=False)
    seats.delegate("Kwame Mensah", "GHA")
    s.amended(BEFORE, BEFORE.date())
    assert s.refused(BEFORE, amount="99000000.00") == [
        "no-one-without-a-seat",
        "all-decided",
        "within-the-surplus",
        "settings-unchanged",
    ]
    kept = db.session.scalars(select(Event).order_by(Event.seq.desc())).first()
    assert (kept.action, kept.subject, kept.actor) == ("activity.refused", "", seats.who("Ines"))


# Settings that changed


def test_an_amended_mandate_stands_for_thirty_days_first():
    s.amended(seats.THE_DAY, date(2018, 1, 23))
    assert s.refused(seats.THE_DAY + timedelta(days=29)) == ["settings-unchanged"]
    assert s.proposed(at=seats.THE_DAY + timedelta(days=30))


def test_an_amendment_dated_back_counts_from_the_day_it_was_recorded():
    s.amended(seats.THE_DAY, date(2017, 5, 1))
    assert s.facts(seats.THE_DAY).changed_on == date(2018, 1, 23)


def test_an_amendment_that_holds_later_counts_from_then():
    s.amended(seats.THE_DAY, date(2018, 6, 1))
    assert s.proposed(at=datetime(2018, 5, 31, tzinfo=UTC))
    assert s.refused(datetime(2018, 6, 1, tzinfo=UTC)) == ["settings-unchanged"]


def test_an_allotment_lowered_by_two_officers_makes_no_surplus_for_thirty_days():
    terms = {"amount": "1.00", "basis": "decided", "document": "Advice 2018/2"}
    seats.by_two("allotment.changed", "N1", at=seats.CLOSED, **TWO, **terms)
    assert s.refused(BEFORE) == ["settings-unchanged"]
    assert s.proposed(at=j.FIRST_DAY), "the meeting has begun: its allotment is not used here"


def test_the_reserve_that_the_closing_sets_free_is_no_surplus_for_thirty_days():
    seats.by_two("closing.decided", "fund", at=s.AFTER, document="A/RES/73/195", decided_on="2018-12-12", **TWO)
    assert s.refused(s.AFTER) == ["settings-unchanged"]
