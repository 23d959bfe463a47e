"""How long Amna, who was paid, Hamid, who had no seat, and what nobody sent are kept, by the mandate."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.operations.award_books import cancelled
from tests.operations.erased import everything, paid
from tests.operations.pledged import unapplied_deposit
from trustfund.core.periods import months_before
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.models.people import Account, Erasure, SignIn
from trustfund.operations import fund, offers, people, record, retention

N1_ENDED = datetime(2018, 2, 23, 12, tzinfo=UTC)


@pytest.fixture
def amna(both_apps):
    return j.delegate_of(begun(paid))


@pytest.fixture
def hamid(amna):
    """He did not answer, so his seat lapsed."""
    with seats.on(j.SETTLED):
        offers.lapse(j.SETTLED)
    return seats.who("Hamid")


def kept_at(*day):
    at = datetime(*day, 12, tzinfo=UTC)
    with seats.on(at):
        return retention.run(at)


def due(*day):
    db.session.rollback()
    return {person.reference: rule for person, rule in retention.due(db.session(), date(*day))}


def erased():
    db.session.rollback()
    return dict(db.session.execute(select(Erasure.person, Erasure.rule)).all())


def test_who_had_no_seat_is_kept_two_years_and_who_was_paid_to_the_end_of_the_seventh(amna, hamid):
    assert kept_at(2020, 2, 23).erased == []
    kept_at(2020, 2, 24)
    assert erased() == {hamid: "months_to_keep_unfunded"}
    kept_at(2025, 12, 31)
    assert amna not in erased()
    kept_at(2026, 1, 1)
    assert erased()[amna] == "years_to_keep_funded"
    assert [name for name in ("Eltayeb", "Hamid Example", "Hamid Nour") if name in everything()] == []
    assert record.verify(full=True).faults == []
    assert kept_at(2026, 1, 1).erased == []


def test_who_applies_again_is_kept_for_the_later_meeting(amna, hamid):
    """N2 ends in March 2018, a month after N1."""
    with seats.on(b.AT):
        again = b.application(hamid, "N2", state="NPL")
    kept_at(2020, 3, 14)
    assert hamid not in erased()
    kept_at(2020, 4, 15)
    assert hamid in erased()
    assert again not in erased()


def test_who_fills_in_an_application_is_kept_for_its_meeting_as_long_as_the_draft_is(amna, hamid):
    with seats.on(b.AT):
        b.application(hamid, "N2", sent=False, state="NPL")
    assert kept_at(2020, 3, 14).drafts == 1
    assert hamid not in erased()
    kept_at(2020, 3, 14)
    assert hamid in erased()


def test_who_was_paid_is_kept_from_the_last_money_and_a_lost_ticket_is_money_too(both_apps):
    """Hamid's journey is cancelled and his ticket lost; Amna's ticket is paid in 2019 only."""
    j.fund()
    awards = j.seated(("Amna Eltayeb", "SDN"), ("Hamid Nour", "NPL"))
    amna, hamid = map(j.delegate_of, awards)
    cancelled(j.until(j.ticketed, awards[1]))
    j.until(j.settled, awards[0])
    j.released(("ticket", awards[1]), method="agent", at=j.SETTLED)
    j.released(("ticket", awards[0]), method="agent", at=datetime(2019, 1, 10, 10, tzinfo=UTC))
    assert kept_at(2025, 12, 31).erased == []
    kept_at(2026, 1, 1)
    assert erased() == {hamid: "years_to_keep_funded"}
    assert kept_at(2026, 12, 31).erased == []
    kept_at(2027, 1, 1)
    assert erased()[amna] == "years_to_keep_funded"
    assert record.verify().faults == []


def test_who_applied_to_a_meeting_that_was_struck_out_is_kept_from_the_last_entry(both_apps):
    awa, moussa = (b.account("delegate", name, state="BFA") for name in ("Awa Traore", "Moussa Sawadogo"))
    b.application(awa, "N2", state="BFA")
    b.application(moussa, "N2", sent=False)
    text, salma, rafael = (
        fund.recorded_mandate(),
        b.officer("Salma Idrissi", "paying"),
        b.officer("Rafael", "approving"),
    )
    fund.amend_mandate(
        text.replace('code = "N2"', 'code = "X2"'),
        symbol="A/RES/72/244",
        effective=date(2018, 2, 1),
        confirmed_by=rafael,
        by=salma,
        at=b.AT,
    )
    assert due(2020, 1, 24) == {}
    assert due(2020, 1, 25) == {awa: "months_to_keep_unfunded"}
    assert kept_at(2018, 7, 24).drafts == 0
    assert kept_at(2018, 7, 25).drafts == 1


def test_what_is_not_over_is_told_and_kept(amna):
    """Hamid's seat still waits for his answer, because the worker did not run."""
    told = kept_at(2020, 2, 24)
    assert (told.erased, erased()) == ([], {})
    assert [why.partition(" is not over")[0].split()[-1] for why in told.open] == [seats.who("Hamid")]


def test_what_nobody_sent_is_dropped_six_months_after_its_meeting(both_apps):
    awa = b.account("delegate", "Awa Traore", state="BFA")
    draft = b.application(awa, "N2", sent=False)
    assert kept_at(2018, 9, 1).drafts == 0
    assert kept_at(2018, 10, 1).drafts == 1
    assert draft not in everything()
    assert record.verify(full=True).faults == []


def test_an_account_that_ended_or_never_applied_is_kept_two_years(both_apps):
    awa, focal = b.account("delegate", "Awa Traore", state="BFA"), b.account("mission", "Moussa Sawadogo", state="BFA")
    donor = b.account("donor", "Luxembourg", donor=b.donor())
    people.end_account(focal, by="system", at=b.AT)
    at = b.AT.replace(year=b.AT.year + 2)
    assert kept_at(at.year, at.month, at.day).erased == []
    kept_at(at.year, at.month, at.day + 1)
    assert erased() == {awa: "months_to_keep_accounts", focal: "months_to_keep_accounts"}
    assert donor not in erased()
    assert record.verify(full=True).faults == []


def test_an_account_that_is_used_is_kept_from_the_last_sign_in(both_apps):
    awa = b.account("delegate", "Awa Traore", state="BFA")
    seen = b.AT + timedelta(days=300)
    known = db.session.scalars(select(Account.id).where(Account.reference == awa)).one()
    db.session.add(SignIn(token="0" * 64, account_id=known, started_at=b.AT, seen_at=seen, confirmed_at=b.AT))
    db.session.commit()
    assert due(2020, 11, 20) == {}
    assert due(2020, 11, 21) == {awa: "months_to_keep_accounts"}


def test_a_donor_who_only_paid_or_gave_nothing_is_kept_to_the_end_of_the_seventh_year_too(both_apps):
    """Jean paid in June 2017, without a pledge; Ada was registered in January 2018, as was who writes for her."""
    jean, ada = (b.donor(name, type="individual", country="") for name in ("Jean Example", "Ada Example"))
    writes = b.account("donor", "Ada Example", donor=ada)
    unapplied_deposit("Jean Example", "500.00", "USD")
    assert due(2024, 12, 31) == {}
    assert list(due(2025, 1, 1)) == [jean]
    assert list(due(2025, 12, 31)) == [jean]
    assert due(2026, 1, 1) == dict.fromkeys((jean, ada, writes), "years_to_keep_funded")
    assert {person.reference for person, _ in kept_at(2026, 1, 1).erased} >= {ada, writes}


def test_the_text_of_a_mail_is_dropped_a_year_after_it_was_handed_over(amna):
    db.session.execute(Mail.__table__.update().values(taken_at=N1_ENDED))
    db.session.commit()
    assert kept_at(2019, 2, 23).mails == 0
    assert kept_at(2019, 2, 24).mails > 0
    assert set(db.session.scalars(select(Mail.text))) == {""}


def test_the_address_of_a_mail_that_tells_of_nobody_known_is_dropped_with_its_text(amna):
    kept = db.session.scalars(select(Mail.id).order_by(Mail.id)).first()
    new = {"language": "en", "subject": "Your code", "created_at": N1_ENDED, "recipient": "awa@example.org"}
    db.session.add(Mail(**new, text="It is 1."))
    db.session.execute(Mail.__table__.update().values(taken_at=N1_ENDED))
    db.session.commit()
    assert kept_at(2019, 2, 23).mails == 0
    assert "awa@example.org" in everything()
    assert kept_at(2019, 2, 24).mails > 0
    assert "awa@example.org" not in everything()
    assert db.session.get(Mail, kept).recipient
    assert kept_at(2019, 2, 24).mails == 0


def test_months_are_reckoned_back_to_the_same_day_or_the_last():
    day = datetime(2020, 3, 31, tzinfo=UTC).date()
    assert [str(months_before(day, n)) for n in (0, 1, 3, 13)] == [
        "2020-03-31",
        "2020-02-29",
        "2019-12-31",
        "2019-02-28",
    ]
