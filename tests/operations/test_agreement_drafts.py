"""Agreements drawn up for signature, on both databases: their numbers, their terms, and what the record says."""

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from tests import builders as b
from trustfund.core.refusal import NotDesignated, Refused, Stale
from trustfund.extensions import db
from trustfund.models.contributions import AgreementDraft
from trustfund.models.mail import Mail
from trustfund.operations import agreement_drafts, pledges, record

TWO_PARTS = [(date(2018, 3, 1), "20000.00"), (date(2018, 9, 1), "30000.00")]


def draw_up(pledge, by, condition="", seen=None):
    seen = b.version(pledge) if seen is None else seen
    return agreement_drafts.draw_up(pledge, condition=condition, seen=seen, by=by, at=b.AT)


def latest(pledge):
    return agreement_drafts.latest(db.session(), b.kept(pledge))


def amend(pledge, by, amount):
    terms = {"currency": "USD", "purpose": "travel"}
    pledges.amend(pledge, amount=amount, **terms, seen=b.version(pledge), by=by, at=b.AT)


def test_agreements_are_numbered_one_after_the_other_in_each_year(luxembourg, norway, salma):
    for pledge in (b.pledge(luxembourg), b.pledge(norway)):
        draw_up(pledge, salma)
    with b.standing_at(b.AT.replace(year=2019)):
        draw_up(b.pledge(norway, "7.00"), salma)
    numbers = db.session.scalars(select(AgreementDraft.number).order_by(AgreementDraft.id)).all()
    assert numbers == ["MCS00-2018-001", "MCS00-2018-002", "MCS00-2019-001"]
    assert record.verify(full=True).faults == []


def test_it_says_the_terms_of_the_pledge_and_of_the_mandate_and_books_nothing(luxembourg, salma):
    pledge = b.pledge(luxembourg, earmark="category:LDC", instalments=TWO_PARTS)
    done = draw_up(pledge, salma, "  The budget\n is adopted. ")
    said = latest(pledge).said
    assert (said["number"], said["condition"]) == ("MCS00-2018-001", "The budget is adopted.")
    assert said["instalments"] == [["2018-03-01", 2000000], ["2018-09-01", 3000000]]
    assert (said["amount"], said["earmark"], said["reserve"]) == (5000000, "category:LDC", "0.15")
    assert said["fees"] == [["programme-support-cost", "0.13", "expenditure"]]
    kept = b.kept(pledge)
    assert (kept.state, kept.agreed, kept.seq) == ("announced", 0, done.seq)


def test_its_donor_is_told_that_there_is_something_to_sign(luxembourg, salma):
    draw_up(b.pledge(luxembourg), salma)
    sent = db.session.scalars(select(Mail.subject).order_by(Mail.id)).all()
    assert sent[-1:] == ["Agreement MCS00-2018-001 is ready to be signed"]


def test_the_same_terms_are_drawn_up_once_and_others_under_another_number(luxembourg, salma):
    pledge = b.pledge(luxembourg)
    draw_up(pledge, salma)
    with pytest.raises(Refused, match="MCS00-2018-001 says all of this already"):
        draw_up(pledge, salma)
    draw_up(pledge, salma, "The budget is adopted.")
    assert agreement_drafts.stands(latest(pledge), b.kept(pledge))
    amend(pledge, salma, "60000.00")
    assert not agreement_drafts.stands(latest(pledge), b.kept(pledge))
    draw_up(pledge, salma)
    assert latest(pledge).number == "MCS00-2018-003"
    assert record.verify(full=True).faults == []


def test_who_may_not_and_what_is_agreed_already_are_refused(luxembourg, salma):
    pledge = b.pledge(luxembourg)
    with pytest.raises(NotDesignated):
        draw_up(pledge, luxembourg)
    with pytest.raises(Stale):
        draw_up(pledge, salma, seen=1)
    with pytest.raises(Refused, match="more than 300 characters"):
        draw_up(pledge, salma, "x" * 301)
    b.agreement(pledge, salma)
    with pytest.raises(Refused, match="a pledge that is announced"):
        draw_up(pledge, salma)
    assert latest(pledge) is None


def test_a_donor_that_is_not_accepted_gets_none(salma):
    from trustfund.operations import contributions

    lindqvist = contributions.register_donor("Fondation Lindqvist", type="private", by=salma, at=b.AT).on
    pledge = contributions.announce_pledge(
        lindqvist, amount="100.00", currency="USD", purpose="travel", by=salma, at=b.AT
    ).on
    with pytest.raises(Refused, match="not accepted as a donor yet"):
        draw_up(pledge, salma)


def test_a_number_is_never_changed_and_verify_names_one_that_the_record_does_not_have(luxembourg, salma):
    draw_up(b.pledge(luxembourg), salma)
    with pytest.raises(DBAPIError, match="only ever added to"):
        db.session.execute(update(AgreementDraft).values(number="MCS00-2018-009"))
    db.session.rollback()
    other = b.kept(b.pledge(luxembourg, "1.00"))
    db.session.add(AgreementDraft(number="MCS00-2018-002", pledge=other, seq=1))
    db.session.commit()
    faults = record.verify(full=True).faults
    assert [fault for fault in faults if "agreement_draft: MCS00-2018-002 is not in the record" in fault]
