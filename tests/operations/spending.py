"""A trivial spend, made with the product's own decorator, and a storm of it from threads, or as its own process."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from unittest.mock import patch

from flask import Flask

from tests import builders as b
from trustfund.app import create_app
from trustfund.core import ledger, record
from trustfund.core.money import major
from trustfund.core.refusal import NotEnoughMoney
from trustfund.core.roles import MAY, Function
from trustfund.extensions import db
from trustfund.models.record import pots
from trustfund.operations.operation import Fact, deed

COST = 10000  # cents

allowed = (
    patch.object(record, "ACTIONS", record.ACTIONS | {"trial.spent"}),
    patch.object(record, "REFUSALS", record.REFUSALS | {"trial.refused"}),
    patch.dict(MAY, {"trial.spent": frozenset({Function.PAYING})}),
)
"""The record knows no trial; these let it know one."""


@deed("trial.spent")
def spend(op, award):
    left = pots(op.session(), Decimal("0.15"))[""].spendable
    if major(COST, "USD") > left:
        raise NotEnoughMoney("This costs 100.00, but only {left} is left.", left=left)
    return Fact(
        on=award,
        after="paid",
        post=ledger.entry(
            ledger.debit("travel", "USD", COST, COST, op.today), ledger.credit("payables", "USD", COST, COST, op.today)
        ),
    )


def storm(app: Flask, by: str, deeds: int, threads: int, times: int) -> dict[str, int]:
    """Every deed sent ``times`` with the same key: how many were done, done again, refused."""

    def send(n: int) -> str:
        with app.app_context():
            try:
                done = spend(f"T-{n}", key=f"key {n}", by=by, at=b.AT)
            except NotEnoughMoney:
                return "refused"
            return "again" if done.again else "done"

    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(send, [n for n in range(deeds) for _ in range(times)]))
    return {answer: answers.count(answer) for answer in ("done", "again", "refused")}


if __name__ == "__main__":
    settings, instance, by, deeds, threads = sys.argv[1:]
    for patched in allowed:
        patched.start()
    storming = create_app(json.loads(settings), instance=instance)
    print(json.dumps(storm(storming, by, int(deeds), int(threads), 1)))
    with storming.app_context():
        db.engine.dispose()
