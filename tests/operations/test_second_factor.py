"""A second factor is set, asked for and removed; a code is good once, and guesses are counted. On both databases."""

import threading
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import func, select, text

from tests import builders as b
from tests.operations import insider
from trustfund.core.refusal import Refused
from trustfund.core.roles import Function
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.models.people import SecondFactor, SignIn, SignInFailure
from trustfund.models.record import Event
from trustfund.operations import people, record, second_factor
from trustfund.operations.second_factor import CodeNeeded
from trustfund.services import clock

HERE = "192.0.2.1"
NOON = datetime(2026, 3, 2, 12, 0, 10, tzinfo=UTC)  # the server's clock: the fund's stands at 24 January 2018
STEP = timedelta(seconds=30)
WRONG = "do not belong together"


@pytest.fixture
def time(monkeypatch):
    """The server's clock, which stands still until it is moved on."""

    class Time:
        now = NOON

        def move(self, by: timedelta) -> None:
            self.now += by

    time = Time()
    monkeypatch.setattr(clock, "real_now", lambda: time.now)
    return time


@pytest.fixture
def salma(both_apps, time):
    """A paying officer with a password."""
    b.account("auditor", "Board of Auditors")
    b.officer("Salma Idrissi", "paying", password=True)
    return people.account_of("salma@example.org")


@pytest.fixture
def telephone(salma, time):
    """Salma has set a second factor just now, and half a minute has gone by."""
    second_factor.begin(salma)
    telephone = pyotp.TOTP(second_factor.begun(salma))
    put_in_force(salma, telephone.at(time.now))
    time.move(STEP)
    return telephone


def put_in_force(account, code, key=None):
    return second_factor.put_in_force(code, by=account.reference, at=b.AT, key=key)


def remove(account, code="", password="", key=None):
    return second_factor.remove(code=code, password=password, address=HERE, by=account.reference, at=b.AT, key=key)


def signs_in(code="", password=b.PASSWORD, ticket=""):
    return people.sign_in("salma@example.org", password, HERE, code, ticket)[1]


def ticket_of(**typed) -> str:
    with pytest.raises(CodeNeeded) as needed:
        signs_in(**typed)
    return needed.value.ticket


def counted() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(SignInFailure.counted.startswith("account:")))


def wrong(telephone, now) -> str:
    """A code that is not good now."""
    return f"{(int(telephone.at(now)) + 1) % 1_000_000:06}"


# Set


def test_a_second_factor_is_in_force_from_the_first_code_that_is_proved(salma, time):
    second_factor.begin(salma)
    assert second_factor.in_force(salma) is None
    signs_in()
    put_in_force(salma, pyotp.TOTP(second_factor.begun(salma)).at(time.now))
    assert second_factor.in_force(salma) == NOON
    assert second_factor.begun(salma) is None
    ticket_of()


def test_a_code_that_is_not_the_pictures_sets_nothing(salma, time):
    second_factor.begin(salma)
    telephone, before = pyotp.TOTP(second_factor.begun(salma)), db.session.scalar(select(func.max(Event.seq)))
    for code in (wrong(telephone, time.now), "", "x", "١٢٣٤٥٦", "9" * 5000):
        with pytest.raises(Refused, match="does not belong to the picture") as refused:
            put_in_force(salma, code)
        assert refused.value.field == "code"
    assert second_factor.in_force(salma) is None
    assert db.session.scalar(select(func.max(Event.seq))) == before


def test_the_first_code_is_not_good_a_second_time(salma, time):
    second_factor.begin(salma)
    code = pyotp.TOTP(second_factor.begun(salma)).at(time.now)
    put_in_force(salma, code)
    ticket_of(code=code)


def test_a_form_sent_twice_sets_it_once_and_shows_the_first_result(salma, time):
    second_factor.begin(salma)
    code = pyotp.TOTP(second_factor.begun(salma)).at(time.now)
    first, again = (put_in_force(salma, code, key="k") for _ in range(2))
    assert (again.seq, again.again) == (first.seq, True)


def test_who_begins_again_gets_another_secret_and_the_first_is_good_for_nothing(salma, time):
    second_factor.begin(salma)
    first = second_factor.begun(salma)
    second_factor.begin(salma)
    assert second_factor.begun(salma) != first
    with pytest.raises(Refused):
        put_in_force(salma, pyotp.TOTP(first).at(time.now))


def test_what_is_in_force_is_not_replaced(salma, telephone, time):
    with pytest.raises(Refused, match="Remove it before"):
        second_factor.begin(salma)
    with pytest.raises(Refused, match="No new second factor"):
        put_in_force(salma, telephone.at(time.now))
    signs_in(telephone.at(time.now))


def test_the_database_keeps_the_secret_only_under_the_key_of_the_person(salma, telephone):
    kept = db.session.scalars(select(SecondFactor.sealed)).one()
    assert telephone.byte_secret() not in kept
    assert telephone.secret.encode() not in kept
    bodies = " ".join(db.session.scalars(select(Event.body)))
    assert telephone.secret not in bodies


def test_the_secret_of_another_account_is_good_for_nothing(salma, telephone, time):
    b.account("officer", "Rafael Haldane", password=True)
    db.session.execute(
        text(
            "INSERT INTO second_factor SELECT account.id, sealed, 0, confirmed_at FROM second_factor, account "
            "WHERE account.email = 'rafael@example.org'"
        )
    )
    db.session.commit()
    with pytest.raises(CodeNeeded):
        people.sign_in("rafael@example.org", b.PASSWORD, HERE, telephone.at(time.now))


# Sign in


def test_the_password_and_a_code_sign_in(salma, telephone, time):
    assert people.signed_in(signs_in(telephone.at(time.now))).account.reference == salma.reference


def test_the_password_alone_signs_nobody_in_and_counts_as_nothing(salma, telephone, time):
    ticket_of()
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 0
    assert counted() == 0
    ticket_of(code=wrong(telephone, time.now))
    ticket_of()
    assert counted() == 1, "the password alone does not forget the wrong codes either"


def test_a_code_may_be_typed_with_spaces_and_half_a_minute_early_or_late(salma, telephone, time):
    here = time.now
    for minute, offset in enumerate((-STEP, timedelta(0), STEP), 1):
        time.now = here + timedelta(minutes=5 * minute)
        code = telephone.at(time.now + offset)
        signs_in(f" {code[:3]} {code[3:]}")
    for minute, offset in enumerate((-2 * STEP, 2 * STEP), 5):
        time.now = here + timedelta(minutes=5 * minute)
        ticket_of(code=telephone.at(time.now + offset))


def test_a_code_is_good_once_and_no_earlier_one_after_it(salma, telephone, time):
    time.move(10 * STEP)
    signs_in(telephone.at(time.now))
    ticket_of(code=telephone.at(time.now))
    ticket_of(code=telephone.at(time.now - STEP))
    time.move(STEP)
    signs_in(telephone.at(time.now))


def test_of_two_who_type_the_same_code_at_once_one_signs_in(both_apps, salma, telephone, time):
    code, answers, both_here = telephone.at(time.now), [], threading.Barrier(2)

    def come():
        with both_apps.app_context():
            both_here.wait(10)
            try:
                answers.append(signs_in(code))
            except CodeNeeded:
                answers.append("")
            finally:
                db.session.remove()

    people_at_the_door = [threading.Thread(target=come) for _ in range(2)]
    for person in people_at_the_door:
        person.start()
    for person in people_at_the_door:
        person.join()
    assert [bool(token) for token in sorted(answers)] == [False, True]


def test_a_wrong_password_never_learns_that_there_is_a_second_factor(salma, telephone, time):
    b.account("officer", "Rafael Haldane", password=True)
    said = set()
    for email, code in (
        ("salma@example.org", ""),
        ("salma@example.org", telephone.at(time.now)),
        ("rafael@example.org", ""),
        ("nobody@example.org", "123456"),
    ):
        with pytest.raises(Refused) as refused:
            people.sign_in(email, "wrong", HERE, code)
        assert type(refused.value) is Refused
        said.add(str(refused.value))
    assert len(said) == 1
    signs_in(telephone.at(time.now))  # a wrong password has not taken the code


def test_ten_wrong_codes_close_the_account_for_a_quarter_of_an_hour_and_no_longer(salma, telephone, time):
    for _ in range(10):
        ticket_of(code=wrong(telephone, time.now))
    for code in ("", telephone.at(time.now)):
        with pytest.raises(Refused, match="Too many sign-ins failed"):
            signs_in(code)
    time.move(timedelta(minutes=15, seconds=1))
    signs_in(telephone.at(time.now))
    assert counted() == 0


def test_wrong_codes_and_wrong_passwords_count_together(salma, telephone, time):
    for _ in range(5):
        ticket_of(code=wrong(telephone, time.now))
        with pytest.raises(Refused, match=WRONG):
            signs_in(password="wrong")
    with pytest.raises(Refused, match="Too many"):
        signs_in(telephone.at(time.now))


def test_of_thirty_guesses_at_once_no_more_than_ten_are_looked_at(both_apps, salma, telephone, time):
    guess, all_here, looked = wrong(telephone, time.now), threading.Barrier(30), []

    def come():
        with both_apps.app_context():
            all_here.wait(20)
            try:
                signs_in(guess)
            except CodeNeeded:
                looked.append(1)
            except Refused:
                pass
            finally:
                db.session.remove()

    crowd = [threading.Thread(target=come) for _ in range(30)]
    for person in crowd:
        person.start()
    for person in crowd:
        person.join()
    assert len(looked) == 10


# The ticket


def test_a_ticket_stands_for_the_password_while_a_code_is_typed(salma, telephone, time):
    ticket = ticket_of()
    time.move(timedelta(minutes=4, seconds=59))
    assert people.signed_in(signs_in(telephone.at(time.now), password="", ticket=ticket))


def test_a_ticket_is_no_sign_in_and_opens_nothing_without_a_code(salma, telephone, time):
    ticket = ticket_of()
    assert people.signed_in(ticket) is None
    ticket_of(password="", ticket=ticket)
    ticket_of(password="", ticket=ticket, code=wrong(telephone, time.now))
    assert counted() == 1


def test_a_ticket_ends_after_five_minutes_with_the_password_and_is_nobody_elses(salma, telephone, time):
    ticket = ticket_of()
    b.account("officer", "Rafael Haldane", password=True)
    with pytest.raises(Refused, match="Type your password again"):
        people.sign_in("rafael@example.org", "", HERE, "", ticket)
    people.set_password(salma, "another good password")
    with pytest.raises(Refused, match="Type your password again"):
        signs_in(telephone.at(time.now), password="", ticket=ticket)
    ticket = ticket_of(password="another good password")
    until, _, seal = ticket.partition(".")
    for forged in (f"{int(until) + 60}.{seal}", f"{until}.", f"²{until}.{seal}", "x", "."):
        with pytest.raises(Refused, match="Type your password again"):
            signs_in(telephone.at(time.now), password="", ticket=forged)
    time.move(timedelta(minutes=5))
    with pytest.raises(Refused, match="Type your password again"):
        signs_in(telephone.at(time.now), password="", ticket=ticket)
    assert counted() == 0


def test_a_wrong_password_is_wrong_even_with_a_ticket(salma, telephone, time):
    with pytest.raises(Refused, match=WRONG):
        signs_in(telephone.at(time.now), password="wrong", ticket=ticket_of())


# Confirm


def confirm(sign_in, code="", password=""):
    second_factor.confirm(people.signed_in(sign_in), HERE, code=code, password=password)


def confirmed_at(sign_in):
    db.session.rollback()
    return people.signed_in(sign_in).confirmed_at


def test_who_has_no_second_factor_confirms_with_the_password(salma, time):
    token = signs_in()
    time.move(timedelta(hours=1))
    with pytest.raises(Refused) as refused:
        confirm(token, password="wrong")
    assert (refused.value.field, confirmed_at(token), counted()) == ("password", NOON, 1)
    confirm(token, password=b.PASSWORD)
    assert (confirmed_at(token), counted()) == (NOON + timedelta(hours=1), 0)


def test_who_has_a_second_factor_confirms_with_a_code_only(salma, telephone, time):
    token, before = signs_in(telephone.at(time.now)), time.now
    time.move(timedelta(hours=1))
    with pytest.raises(Refused):
        confirm(token, password=b.PASSWORD)
    with pytest.raises(Refused, match="This code is not right"):
        confirm(token, code=wrong(telephone, time.now), password=b.PASSWORD)
    assert (confirmed_at(token), counted()) == (before, 2)
    confirm(token, code=telephone.at(time.now))
    assert confirmed_at(token) == time.now


def test_a_thief_of_a_session_guesses_ten_times_and_no_more(salma, telephone, time):
    token = signs_in(telephone.at(time.now))
    time.move(timedelta(hours=1))
    for _ in range(10):
        with pytest.raises(Refused, match="This code is not right"):
            confirm(token, code=wrong(telephone, time.now))
    with pytest.raises(Refused, match="Too many"):
        confirm(token, code=telephone.at(time.now))


# Remove


def test_a_code_removes_it_and_the_designations_stand(salma, telephone, time):
    remove(salma, code=telephone.at(time.now))
    assert second_factor.in_force(salma) is None
    assert salma.functions_on(b.date(2018, 1, 24)) == {Function.PAYING}
    assert db.session.scalar(select(Mail.subject).order_by(Mail.id.desc())) == "Your second factor was removed"
    signs_in()


def test_the_password_alone_removes_it_too_but_it_is_a_reset(salma, telephone):
    remove(salma, password=b.PASSWORD)
    salma = people.account_of("salma@example.org")
    assert second_factor.in_force(salma) is None
    assert salma.functions_on(b.date(2018, 1, 24)) == frozenset()
    sent = db.session.execute(select(Mail.recipient, Mail.subject).order_by(Mail.id)).all()[-2:]
    assert {tuple(mail) for mail in sent} == {
        ("board@example.org", "A second factor was removed without a code"),
        ("salma@example.org", "Your second factor was removed"),
    }
    assert record.verify().faults == []
    waiting = salma.designations[0].reference
    people.confirm_designation(waiting, by=people.account_of("colleague@example.org").reference, at=b.AT)
    assert record.verify().faults == []


def test_neither_a_wrong_code_nor_a_wrong_password_removes_it_and_both_count(salma, telephone, time):
    for typed in ({"code": wrong(telephone, time.now)}, {"password": "wrong"}, {}):
        with pytest.raises(Refused):
            remove(salma, **typed)
    with pytest.raises(Refused, match="This code is not right"):
        remove(salma, code=wrong(telephone, time.now), password=b.PASSWORD)
    assert counted() == 4
    assert second_factor.in_force(salma)


def test_a_removal_sent_twice_is_one_deed(salma, telephone, time):
    code = telephone.at(time.now)
    first, again = (remove(salma, code=code, key="k") for _ in range(2))
    assert (again.seq, again.again, counted()) == (first.seq, True, 0)


def test_where_there_is_none_nothing_is_removed(salma):
    second_factor.begin(salma)
    with pytest.raises(Refused, match="There is no second factor to remove"):
        remove(salma, password=b.PASSWORD)


def test_a_reset_of_the_account_removes_the_second_factor(salma, telephone, time):
    administrator = b.account("administrator", "Dele Adeyemi")
    people.reset_account(salma.reference, by=administrator, at=b.AT)
    salma = people.account_of("salma@example.org")
    people.set_password(salma, b.PASSWORD)
    signs_in()
    assert record.verify().faults == []


def test_a_new_password_does_not_remove_it(salma, telephone, time):
    people.set_password(salma, "another good password")
    ticket_of(password="another good password")


# The record


def test_the_record_knows_who_has_a_second_factor_and_nothing_of_it(salma, telephone, time):
    event = db.session.execute(select(Event).order_by(Event.seq.desc()).limit(1)).scalar_one()
    assert (event.action, event.subject, event.actor) == ("second-factor.set", salma.reference, salma.reference)
    remove(salma, code=telephone.at(time.now))
    assert record.verify(full=True).faults == []


@pytest.mark.parametrize("change", ["DELETE FROM second_factor", "UPDATE second_factor SET confirmed_at = NULL"])
def test_a_second_factor_that_was_taken_away_behind_the_record_is_named(salma, telephone, change):
    insider.changes(change)
    assert record.verify().faults == [f"the table second_factor: {salma.reference} is missing, the record has it"]
