"""Who has a second factor signs in and confirms with a code: good once, guesses counted. On both databases."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import builders as b
from tests.operations.second_factors import HERE, NOON, STEP, counted, signs_in, ticket_of, wrong
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.models.people import SignIn
from trustfund.operations import people, second_factor
from trustfund.operations.second_factor import CodeNeeded

WRONG = "do not belong together"


@pytest.fixture
def salma(both_apps, time):
    """A paying officer with a password."""
    b.account("auditor", "Board of Auditors")
    b.officer("Salma Idrissi", "paying", password=True)
    return people.account_of("salma@example.org")


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
