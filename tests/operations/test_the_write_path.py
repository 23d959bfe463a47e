"""A deed is done whole or not at all, once, under the lock, by whoever may; on both databases."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from tests import builders as b
from tests.operations import insider
from trustfund.core.record import moment
from trustfund.core.refusal import NotDesignated, NotEnoughMoney, Refused, SeparationOfDuties, Stale
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.models.people import Account
from trustfund.models.record import Event, head_of, pots
from trustfund.operations import contributions, donors, fund, people, record
from trustfund.operations.operation import Fact, housekeeping, keep_refusal, writing
from trustfund.services import keys
from trustfund.services.clock import clock


def head() -> int:
    db.session.rollback()
    return head_of(db.session())[0]


def agrees(pledge: str, by: str, seen: int, amount: str = "1.00") -> None:
    contributions.record_agreement(
        pledge, document="NV 1", day=date(2017, 5, 2), amount=amount, seen=seen, by=by, at=b.AT
    )


def last_event() -> Event:
    db.session.rollback()
    return db.session.scalars(select(Event).order_by(Event.seq.desc())).first()


# The key of a form


def test_the_same_form_sent_again_shows_the_first_result(luxembourg):
    first, again = b.pledge_deed(luxembourg, key="k"), b.pledge_deed(luxembourg, key="k")
    assert (again.seq, again.on, again.hash, again.again) == (first.seq, first.on, first.hash, True)
    assert head() == first.seq


def test_the_same_key_with_other_content_is_refused(luxembourg):
    stands = b.pledge_deed(luxembourg, "50000.00", key="k")
    with pytest.raises(Refused, match="sent before with other content") as refused:
        b.pledge_deed(luxembourg, "60000.00", key="k")
    assert refused.value.status == 422
    assert head() == stands.seq


def test_the_same_key_for_another_deed_is_refused(luxembourg, salma):
    announced = b.pledge(salma, donor=b.donor("Fiji", country="FJI"), key="k")
    with pytest.raises(Refused, match="sent before with other content"):
        b.agreement(announced, salma, key="k")


def test_two_people_may_use_the_same_key(luxembourg, norway):
    assert b.pledge_deed(luxembourg, key="k").seq != b.pledge_deed(norway, key="k").seq


def test_a_key_is_spent_only_by_a_deed_that_happened(luxembourg):
    with pytest.raises(Refused):
        b.pledge_deed(luxembourg, "0.00", key="k")
    assert b.pledge_deed(luxembourg, "50000.00", key="k").again is False


def test_forms_without_a_key_are_deeds_of_their_own(luxembourg):
    assert b.pledge_deed(luxembourg, key="").seq != b.pledge_deed(luxembourg, key="").seq
    assert last_event().key is None


def test_the_content_of_a_form_stands_in_the_record_only_under_the_key_of_its_sender(luxembourg):
    b.pledge_deed(luxembourg, "61234.56", key="k")
    sealed = keys.seal_of(
        luxembourg,
        (b'{"do":"pledge.announced","form":{"amount":"61234.56","currency":"USD","earmark":"","purpose":"travel"}}'),
    )
    assert f'"form":"{sealed}"' in last_event().body


# What was seen


def test_of_two_officers_who_saw_the_same_page_the_second_is_refused(both_apps, luxembourg, salma):
    announced = b.pledge(luxembourg)
    seen, rafael = b.version(announced), b.officer("Rafael Haldane", "certifying")
    answers = []

    def agree(officer):
        with both_apps.app_context():
            try:
                agrees(announced, officer, seen, "50000.00")
                answers.append("done")
            except Stale as stale:
                answers.append(stale.status)

    for thread in [threading.Thread(target=agree, args=(officer,)) for officer in (salma, rafael)]:
        thread.start()
        thread.join()
    assert sorted(answers, key=str) == [409, "done"]
    assert b.kept(announced).agreed == 5000000


@pytest.mark.parametrize("before", ["a read", "housekeeping"])
def test_an_officer_suspended_while_the_page_was_open_can_do_nothing(both_apps, luxembourg, salma, before):
    """Whatever the request loaded before, the deed sees the account as it stands under the lock."""
    announced = b.pledge(luxembourg)
    seen = b.version(announced)
    with housekeeping():
        loaded = people.account_of("salma@example.org")
        assert loaded.functions_on(date(2018, 1, 24))
    if before == "a read":
        db.session.scalar(select(func.count()).select_from(Account))
    elsewhere = threading.Thread(target=_suspend, args=(both_apps, salma))
    elsewhere.start()
    elsewhere.join()
    with pytest.raises(NotDesignated):
        agrees(announced, salma, seen)
    assert loaded.standing == "suspended"


def _suspend(app, reference):
    with app.app_context():
        people.suspend_account(reference, by=SYSTEM, at=b.AT)


# Refusals


def test_a_refusal_for_want_of_a_designation_is_kept_with_who_tried_what(luxembourg):
    announced = b.pledge(luxembourg)
    with pytest.raises(NotDesignated) as refused:
        b.agreement(announced, luxembourg, key="k")
    kept = last_event()
    assert (kept.action, kept.actor, kept.subject, kept.key) == ("agreement.refused", luxembourg, announced, None)
    assert '"data":{"deed":"agreement.recorded","rule":"designation"}' in kept.body
    assert refused.value.values["seq"] == kept.seq
    assert b.kept(announced).state == "announced"


def test_a_refusal_for_separation_of_duties_is_kept(both_apps):
    administrator = b.account("administrator", "Dele Adeyemi")
    with pytest.raises(SeparationOfDuties):
        people.suspend_account(administrator, by=administrator, at=b.AT)
    assert (last_event().action, last_event().subject) == ("account.refused", administrator)


def test_a_refusal_for_want_of_money_is_kept(salma):
    keep_refusal(NotEnoughMoney("Only {left} is left.", left=1), "deposit.recorded", on="P-22222222", by=salma, at=b.AT)
    assert '"rule":"money"' in last_event().body


def test_a_mistake_in_a_form_and_a_stale_page_are_not_kept(luxembourg, salma):
    announced = b.pledge(luxembourg)
    before = head()
    with pytest.raises(Refused):
        b.agreement(announced, salma, "fifty")
    with pytest.raises(Stale):
        agrees(announced, salma, seen=1)
    assert head() == before


@pytest.mark.parametrize(
    "try_it",
    [
        lambda by: people.create_account("ana.secret@example.org", role="auditor", name="Ana Secret", by=by, at=b.AT),
        lambda by: contributions.register_donor("Ana Secret", type="individual", by=by, at=b.AT),
        lambda by: fund.amend_mandate(
            "secret " * 100, symbol="A/RES/72/244", effective=date(2018, 2, 1), confirmed_by=by, by=by, at=b.AT
        ),
    ],
)
def test_a_kept_refusal_names_no_person_and_holds_no_text(luxembourg, try_it):
    with pytest.raises(NotDesignated):
        try_it(luxembourg)
    assert "ecret" not in last_event().body
    assert last_event().subject == ""


def test_nobody_and_an_ended_account_can_do_nothing(luxembourg):
    people.end_account(luxembourg, by=SYSTEM, at=b.AT)
    for by in (luxembourg, "A-22222222"):
        with pytest.raises(NotDesignated):
            b.pledge(by)


# Whole or not at all


def no_signature(monkeypatch):
    monkeypatch.setattr(keys, "sign", _broken)


def no_event(monkeypatch):
    sqlite = db.engine.dialect.name == "sqlite"
    statement = (
        "CREATE TRIGGER broken BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'no event'); END"
        if sqlite
        else "ALTER TABLE event ADD CONSTRAINT broken CHECK (seq < 0) NOT VALID"
    )
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql(statement)
        connection.commit()


def _broken(digest):
    raise OSError("the key folder is gone")


@pytest.mark.parametrize("broken", [no_signature, no_event])
def test_where_the_record_cannot_be_written_nothing_happened(luxembourg, salma, monkeypatch, broken):
    paid = b.pledge(luxembourg)
    b.agreement(paid, salma)
    before, mails, money = head(), db.session.scalar(select(func.count()).select_from(Mail)), pots(db.session(), 0)
    with monkeypatch.context() as while_broken:
        broken(while_broken)
        with pytest.raises((OSError, DBAPIError)):
            b.deposit(paid, salma)
    assert head() == before
    assert (b.kept(paid).state, b.kept(paid).received, b.receipts(paid)) == ("agreed", 0, [])
    assert db.session.scalar(select(func.count()).select_from(Mail)) == mails
    assert pots(db.session(), 0) == money
    assert record.verify().faults == []


def test_a_deed_that_fails_on_the_way_leaves_nothing(both_apps):
    def half():
        with writing(by=SYSTEM, at=b.AT) as op:
            donors.new_donor(op, "Luxembourg", type="state", country="LUX")
            op.session.flush()
            op.append("donor.registered", Fact(on="D-22222222"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert record.verify().faults == []


# Time


def test_an_entry_is_never_dated_before_the_one_before_it(luxembourg):
    b.pledge(luxembourg)
    first = moment(last_event().at)
    with clock().at(first - timedelta(days=1)):
        b.pledge(luxembourg)
    assert moment(last_event().at) == first
    assert record.verify().faults == []


def test_housekeeping_appends_nothing(both_apps, salma):
    before = head()
    account = people.account_of("salma@example.org")
    people.set_password(account, b.PASSWORD)
    with housekeeping():
        people.send_password_link(account)
    _, token = people.sign_in("salma@example.org", b.PASSWORD, "192.0.2.1")
    with pytest.raises(Refused):
        people.sign_in("salma@example.org", "wrong", "192.0.2.1")
    people.sign_out(people.signed_in(token))
    assert head() == before
    assert insider.place_of("designation.confirmed") == before
