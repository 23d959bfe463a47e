"""How long Amna, who was paid, Hamid, who had no seat, and what nobody sent are kept, by the mandate."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.operations.erased import everything, paid
from trustfund.core.periods import months_before
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.models.people import Erasure
from trustfund.operations import offers, people, record, retention

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


def test_the_text_of_a_mail_is_dropped_a_year_after_it_was_handed_over(amna):
    db.session.execute(Mail.__table__.update().values(taken_at=N1_ENDED))
    db.session.commit()
    assert kept_at(2019, 2, 23).mails == 0
    assert kept_at(2019, 2, 24).mails > 0
    assert set(db.session.scalars(select(Mail.text))) == {""}


def test_months_are_reckoned_back_to_the_same_day_or_the_last():
    day = datetime(2020, 3, 31, tzinfo=UTC).date()
    assert [str(months_before(day, n)) for n in (0, 1, 3, 13)] == [
        "2020-03-31",
        "2020-02-29",
        "2019-12-31",
        "2019-02-28",
    ]
