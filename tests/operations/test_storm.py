"""Many people spend at once what is enough for some: exactly that much is spent, on both databases."""

import json
import subprocess
import sys
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests import builders as b
from tests.conftest import FAST, ROOT
from tests.operations import spending
from trustfund.extensions import db
from trustfund.models.record import Balance, Event, pots
from trustfund.operations import record


@pytest.fixture(autouse=True)
def allowed():
    for patched in spending.allowed:
        patched.start()
    yield
    for patched in spending.allowed:
        patched.stop()


def money_for(spends: int, salma: str) -> None:
    amount = f"{spends * 115}.00"  # 100.00 each, and the reserve of 15 %
    luxembourg = b.account("donor", "Luxembourg", donor=b.donor())
    paid = b.pledge(luxembourg, amount)
    b.agreement(paid, salma, amount)
    b.deposit(paid, salma, amount)


def all_was_spent_once(spends: int) -> None:
    keys = db.session.scalars(select(Event.key).where(Event.action == "trial.spent")).all()
    usd = dict(db.session.execute(select(Balance.account, Balance.usd)).all())
    assert len(keys) == len(set(keys)) == spends
    assert pots(db.session(), Decimal("0.15"))[""].spendable == 0
    assert (usd["travel"], usd["payables"]) == (spends * spending.COST, -spends * spending.COST)
    assert record.verify().faults == []


def test_800_spends_each_sent_twice_by_8_threads_with_money_for_500_are_exactly_500(both_apps, salma):
    money_for(500, salma)
    assert spending.storm(both_apps, salma, deeds=800, threads=8, times=2) == {
        "done": 500,
        "again": 500,
        "refused": 600,
    }
    all_was_spent_once(500)
    assert db.session.scalar(select(func.count()).where(Event.action == "trial.refused")) == 600


def test_two_processes_that_send_the_same_forms_do_each_once(both_apps, salma):
    money_for(50, salma)
    db.session.rollback()
    settings = FAST | {"DATABASE_URL": both_apps.config["SQLALCHEMY_DATABASE_URI"]}
    senders = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.operations.spending",
                json.dumps(settings),
                both_apps.instance_path,
                salma,
                "80",
                "4",
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    answers = [json.loads(sender.communicate(timeout=60)[0]) for sender in senders]
    assert {a: sum(answer[a] for answer in answers) for a in answers[0]} == {"done": 50, "again": 50, "refused": 60}
    all_was_spent_once(50)
