"""One deed at a time; who waits too long is told so, and who only reads never waits. On both databases."""

import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tests import builders as b
from tests.conftest import FAST
from trustfund.app import create_app
from trustfund.core.refusal import Busy
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.contributions import Pledge
from trustfund.models.people import Account
from trustfund.models.record import head_of, pots
from trustfund.operations import people, record
from trustfund.operations.operation import housekeeping, writing


@pytest.fixture
def luxembourg(both_apps):
    return b.account("donor", "Luxembourg", donor=b.donor())


@contextmanager
def lock_held(app, how=writing):
    """Somebody else holds the lock meanwhile."""
    held, enough = threading.Event(), threading.Event()

    def hold():
        with app.app_context(), how(by=SYSTEM, at=b.AT) if how is writing else how():
            held.set()
            enough.wait(20)

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(10)
    yield
    enough.set()
    other.join()


@pytest.fixture
def impatient(both_apps):
    """The application in another process, so to say, that waits for a fifth of a second."""
    app = create_app(
        FAST | {"LOCK_SECONDS": 0.2, "DATABASE_URL": both_apps.config["SQLALCHEMY_DATABASE_URI"]},
        instance=both_apps.instance_path,
    )
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("how", [writing, housekeeping])
def test_a_wait_that_runs_out_is_answered_busy_with_nothing_changed(both_apps, luxembourg, impatient, how):
    if how is housekeeping and db.engine.dialect.name == "postgresql":
        how = _row_locked(luxembourg)
    before = _head()
    with (
        lock_held(both_apps, how),
        impatient.app_context(),
        pytest.raises(Busy, match="Nothing has been changed") as busy,
    ):
        people.suspend_account(luxembourg, by=SYSTEM, at=b.AT)
    assert busy.value.status == 503
    assert _head() == before
    people.suspend_account(luxembourg, by=SYSTEM, at=b.AT)


def _row_locked(reference):
    """Housekeeping on PostgreSQL locks its rows only."""

    @contextmanager
    def how():
        with housekeeping():
            db.session.execute(select(Account.id).where(Account.reference == reference).with_for_update())
            yield

    return how


def test_a_word_in_the_data_is_not_taken_for_a_busy_database(both_apps):
    people.create_account("is.locked@example.org", role="auditor", by=SYSTEM, at=b.AT)
    with pytest.raises(DBAPIError), housekeeping():
        db.session.add(Account(reference="A-is locked", role="auditor", email="is.locked@example.org", seq=1))


def test_reads_never_wait_for_the_lock(both_apps, luxembourg, impatient):
    announced = b.pledge(luxembourg)
    with lock_held(both_apps), impatient.app_context():
        assert db.session.scalar(select(Pledge.state).where(Pledge.reference == announced)) == "announced"
        assert pots(db.session(), 0) == {}
        assert record.verify().faults == []
        db.session.remove()


def test_the_record_is_sound_at_every_moment_while_deeds_are_done(both_apps, luxembourg):
    enough = threading.Event()

    def go_on():
        with both_apps.app_context():
            while not enough.is_set():
                b.pledge(luxembourg)

    other = threading.Thread(target=go_on)
    other.start()
    faults = [record.verify().faults for _ in range(10)]
    enough.set()
    other.join()
    assert faults == [[]] * 10


def _head() -> tuple[int, str]:
    db.session.rollback()
    return head_of(db.session())
