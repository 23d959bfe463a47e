"""People sign in and out; failures are counted in the database; a link sets a password once. On both databases."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import builders as b
from tests.conftest import FAST
from trustfund.app import create_app
from trustfund.core.refusal import NotHere, Refused
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.people import Account, PasswordLink, SignIn, SignInFailure
from trustfund.operations import people
from trustfund.operations.operation import housekeeping
from trustfund.services import chance, clock, passwords

HERE, THERE = "192.0.2.1", "192.0.2.2"
NEW = "another good password"


@pytest.fixture
def salma(both_apps):
    """Her account, with a password."""
    b.account("officer", "Salma Idrissi", password=True)
    return people.account_of("salma@example.org")


@pytest.fixture
def later(monkeypatch):
    """Move the server's clock on."""

    def move(**by):
        now = clock.real_now() + timedelta(**by)
        monkeypatch.setattr(clock, "real_now", lambda: now)

    return move


def signs_in(password=b.PASSWORD, email="salma@example.org", address=HERE) -> str:
    return people.sign_in(email, password, address)[1]


def fails(times: int, email="salma@example.org", address=HERE) -> None:
    for _ in range(times):
        with pytest.raises(Refused, match="do not belong together"):
            signs_in("wrong", email, address)


def link(account) -> str:
    with housekeeping():
        return people.send_password_link(account).rpartition("/")[2]


# In and out


def test_a_sign_in_is_a_row_and_the_token_opens_it(salma):
    token = signs_in(email=" SALMA@example.org ")
    assert people.signed_in(token).account.reference == salma.reference
    assert people.signed_in("0" * 64) is None


def test_the_database_keeps_neither_token_nor_password(salma):
    token = signs_in()
    kept = db.session.scalars(select(SignIn.token)).one()
    assert kept == chance.digest(token) != token
    assert salma.password.startswith("$argon2id$")
    assert b.PASSWORD not in salma.password


def test_passwords_are_hashed_with_19_mib_in_two_passes(both_apps, monkeypatch):
    from trustfund.config import DEFAULTS

    monkeypatch.setitem(both_apps.config, "ARGON2", DEFAULTS["ARGON2"])
    monkeypatch.delitem(both_apps.extensions, "argon2", raising=False)
    assert passwords.hashed(b.PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    both_apps.extensions.pop("argon2")


@pytest.mark.parametrize("short", ["", "eleven char"])
def test_a_short_password_is_refused(salma, short):
    with pytest.raises(Refused, match="at least 12 characters"):
        people.set_password(salma, short)
    signs_in()


def test_the_same_sentence_answers_a_wrong_password_nobody_and_an_account_that_is_not_active(salma):
    b.account("officer", "Jonas Weber")  # never set a password
    people.suspend_account(b.account("officer", "Petra Novak", password=True), by=SYSTEM, at=b.AT)
    said = set()
    for email, password in (
        ("salma@example.org", "wrong"),
        ("nobody@example.org", b.PASSWORD),
        ("jonas@example.org", ""),
        ("petra@example.org", b.PASSWORD),
    ):
        with pytest.raises(Refused) as refused:
            signs_in(password, email)
        said.add(str(refused.value))
    assert len(said) == 1


def test_a_sign_in_ends_at_sign_out_and_only_that_one(salma):
    one, other = signs_in(), signs_in()
    people.sign_out(people.signed_in(one))
    assert people.signed_in(one) is None
    assert people.signed_in(other)


@pytest.mark.parametrize(
    "ends",
    [
        lambda account: people.set_password(account, NEW),
        lambda account: people.reset_account(account.reference, by=SYSTEM, at=b.AT),
        lambda account: people.suspend_account(account.reference, by=SYSTEM, at=b.AT),
        lambda account: people.end_account(account.reference, by=SYSTEM, at=b.AT),
    ],
)
def test_every_sign_in_ends_at_a_new_password_a_reset_a_suspension_and_the_end(salma, ends):
    tokens = [signs_in(), signs_in()]
    ends(salma)
    db.session.remove()
    assert [people.signed_in(token) for token in tokens] == [None, None]
    assert db.session.scalars(select(func.count()).where(SignIn.ended_at.is_(None))).one() == 0


def test_a_sign_in_lasts_twelve_hours(salma, later):
    token = signs_in()
    later(hours=12, seconds=-1)
    assert people.signed_in(token)
    later(seconds=2)
    assert people.signed_in(token) is None


# Limits


def test_after_ten_failures_even_the_right_password_waits_a_quarter_of_an_hour(salma, later):
    fails(10)
    with pytest.raises(Refused, match="Too many sign-ins failed"):
        signs_in(address=THERE)
    later(minutes=15, seconds=1)
    signs_in()


def test_only_failures_count_and_a_success_forgets_those_of_its_account(salma):
    for _ in range(12):
        signs_in()
    fails(9)
    signs_in()
    fails(9)
    signs_in()


def test_the_failures_of_one_account_do_not_stop_another(salma):
    b.account("officer", "Rafael Haldane", password=True)
    fails(10)
    signs_in(email="rafael@example.org")


def test_an_account_that_does_not_exist_is_limited_like_one_that_does(salma):
    fails(10, "nobody@example.org")
    with pytest.raises(Refused, match="Too many"):
        signs_in("wrong", "nobody@example.org")


def test_an_address_may_fail_much_more_often_but_not_for_ever(both_apps, salma, monkeypatch):
    monkeypatch.setitem(both_apps.config, "FAILURES_PER_ADDRESS", 15)
    for n in range(3):
        fails(5, f"nobody{n}@example.org")
    with pytest.raises(Refused, match="Too many"):
        signs_in()
    signs_in(address=THERE)


def test_limits_are_shared_by_all_processes(both_apps, salma):
    fails(6)
    db.session.remove()
    other = create_app(
        FAST | {"DATABASE_URL": both_apps.config["SQLALCHEMY_DATABASE_URI"]}, instance=both_apps.instance_path
    )
    with other.app_context():
        fails(4)
        db.session.remove()
        db.engine.dispose()
    with pytest.raises(Refused, match="Too many"):
        signs_in()


def test_no_address_or_e_mail_is_kept_with_a_failure_and_old_ones_go(salma, later):
    fails(2)
    assert not [c for c in db.session.scalars(select(SignInFailure.counted)) if "salma" in c or HERE in c]
    later(hours=2)
    fails(1)
    assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == 2


# Links


def test_a_link_sets_a_password_once(salma):
    token = link(salma)
    people.set_password(salma, NEW, people.password_link(token))
    assert people.password_link(token) is None
    signs_in(NEW)
    with pytest.raises(Refused):
        signs_in(b.PASSWORD)


def test_of_two_people_who_click_the_same_link_one_sets_the_password(both_apps, salma):
    token, answers = link(salma), []

    def click(password):
        with both_apps.app_context():
            opened = people.password_link(token)
            both_opened.wait(10)
            try:
                people.set_password(opened.account, password, opened)
                answers.append(password)
            except NotHere:
                answers.append("")

    both_opened = threading.Barrier(2)
    clicks = [threading.Thread(target=click, args=(password,)) for password in (NEW, NEW + "!")]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert sorted(answers)[0] == ""
    db.session.remove()  # as between two requests
    signs_in(sorted(answers)[1])


def test_a_link_lasts_three_days(salma, later):
    token = link(salma)
    later(days=3, seconds=-1)
    assert people.password_link(token)
    later(seconds=2)
    assert people.password_link(token) is None


def test_a_new_password_spends_every_link_that_was_sent(salma):
    first, second = link(salma), link(salma)
    people.set_password(salma, NEW, people.password_link(second))
    assert people.password_link(first) is None


def test_a_short_password_does_not_spend_the_link(salma):
    token = link(salma)
    with pytest.raises(Refused, match="at least 12"):
        people.set_password(salma, "short", people.password_link(token))
    assert people.password_link(token)


def test_a_link_of_an_ended_account_opens_nothing(salma):
    token = link(salma)
    people.end_account(salma.reference, by=SYSTEM, at=b.AT)
    assert people.password_link(token) is None


def test_the_database_keeps_no_link_that_could_be_used(salma):
    token = link(salma)
    assert db.session.scalars(select(PasswordLink.token)).one() == chance.digest(token)
    assert db.session.scalar(select(Account.password)) != ""
