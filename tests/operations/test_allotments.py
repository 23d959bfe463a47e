"""What a meeting may cost: fixed before its call opens, then changed by two officers; on both databases."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import builders as b
from tests import seats
from trustfund.core.refusal import NotDesignated, Refused, SeparationOfDuties
from trustfund.extensions import db
from trustfund.models.fund import calendar_on
from trustfund.models.record import Event
from trustfund.models.selections import Allotment
from trustfund.operations import allotments, proposals
from trustfund.operations.meetings import frame_of

pytestmark = pytest.mark.usefixtures("office")
OPENED = seats.AUTUMN + timedelta(days=30)
TERMS = {"amount": "50000.00", "basis": "decided", "document": "Advice 2018/1"}


@pytest.fixture
def office(both_apps):
    """Officers, and 200,000 dollars in the bank."""
    seats.officers()
    seats.paid_in("200000.00")


def fix(meeting="N1", at=seats.AUTUMN, by="Rafael", **terms):
    with seats.on(at):
        return allotments.fix(meeting, **(TERMS | terms), by=seats.who(by), at=at)


def proposed(meeting="N1", at=OPENED, **terms):
    with seats.on(at):
        return proposals.propose(
            "allotment.changed",
            subject=meeting,
            content=TERMS | terms,
            reason="More delegates than planned.",
            by=seats.who("Rafael"),
            at=at,
        ).on


def confirmed(reference, by="Lise", at=OPENED):
    with seats.on(at):
        return proposals.confirm(reference, by=seats.who(by), at=at)


def standing(meeting="N1"):
    db.session.rollback()
    found = allotments.allotment_of(db.session(), meeting)
    return (found.number, found.usd, found.document) if found else None


def test_one_officer_fixes_the_allotment_before_the_call_opens():
    done = fix()
    assert standing() == (1, 5_000_000, "Advice 2018/1")
    event = db.session.scalars(select(Event).where(Event.seq == done.seq)).one()
    assert (event.action, event.subject) == ("allotment.fixed", "meeting:N1")


def test_it_is_fixed_once_and_not_after_the_call_has_opened():
    with pytest.raises(Refused, match="The call has opened"):
        fix(at=OPENED)
    fix()
    with pytest.raises(Refused, match="has its allotment"):
        fix()


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"amount": "-1"}, "amount"),
        ({"amount": "much"}, "amount"),
        ({"basis": "guess"}, "on what the allotment is based"),
        ({"document": " "}, "names its document"),
        ({"document": "x" * 121}, "names its document"),
    ],
)
def test_an_allotment_has_an_amount_a_basis_and_a_document(terms, says):
    with pytest.raises(Refused, match=f"(?i){says}"):
        fix(**terms)


def test_an_officer_who_screens_does_not_fix_an_allotment():
    with pytest.raises(NotDesignated):
        fix(by="Ines")


def test_once_the_call_is_open_two_officers_change_it_with_a_reason():
    fix()
    made = proposed(amount="70000.00", document="Advice 2018/2")
    assert standing() == (1, 5_000_000, "Advice 2018/1")
    with pytest.raises(SeparationOfDuties):
        confirmed(made, by="Rafael")
    confirmed(made)
    assert standing() == (2, 7_000_000, "Advice 2018/2")
    assert len(db.session.scalars(select(Allotment)).all()) == 2


def test_what_cannot_be_an_allotment_is_refused_when_it_is_proposed():
    with pytest.raises(Refused, match="names its document"):
        proposed(document="")


def test_the_usual_amount_shares_what_is_spendable_by_the_planned_need_of_the_meetings_ahead():
    day = seats.AUTUMN.date()
    ahead = [m for m in calendar_on(db.session(), day).meetings if m.first_day >= day]
    suggested = {m.code: allotments.usual_amount(db.session(), m, day) for m in ahead}
    need = {m.code: allotments.need_of(m, frame_of(db.session(), "N1", day).mandate, ()) for m in ahead}
    assert suggested["N1"] / suggested["N6"] == pytest.approx(need["N1"] / need["N6"], rel=Decimal("0.0001"))
    assert sum(suggested.values()) == pytest.approx(Decimal("173913.04"), abs=Decimal("0.10"))


def test_a_meeting_that_has_its_allotment_still_needs_its_share():
    """Else the suggestions of the others would promise its money again."""
    day = seats.AUTUMN.date()
    n2 = next(m for m in calendar_on(db.session(), day).meetings if m.code == "N2")
    before = allotments.usual_amount(db.session(), n2, day)
    fix()
    db.session.rollback()
    assert allotments.usual_amount(db.session(), n2, day) == before


def test_what_kept_runs_have_taken_is_used():
    seats.allotted()
    seats.delegate("Amna", "SDN")
    seats.closed()
    assert allotments.used(db.session(), "N1", seats.THE_DAY.date()) == 0
    kept = seats.kept(seats.previewed())
    assert allotments.used(db.session(), "N1", seats.THE_DAY.date()) == Decimal(seats.places(kept)[0].charge) / 100
    assert b.date(2018, 2, 2) == seats.run(kept).answer_by
