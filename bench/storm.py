"""python -m bench.storm [approvals]: many officers approve at once what there is money for a part of.

A real server of two processes; 8 officers send their approvals over HTTP, each form with a key of its own, to awards
that all cost the same, with money in the bank for 137 of them. An auditor reads what is spendable all the while.
"""

import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from bench.__main__ import databases
from bench.server import Server
from bench.serving import Person
from tests import approvals, seats
from tests.builders import PASSWORD
from trustfund.app import create_app
from trustfund.extensions import db
from trustfund.models.awards import Award
from trustfund.operations import fund, record
from trustfund.services.clock import clock

OFFICERS, AWARDS, MONEY_FOR = 8, 400, 137
FRESH = 200
"""After so many approvals an officer signs in again: a password typed ten minutes ago is not enough."""
CLOCK = "2018-01-29T10:00:00Z"


def main() -> None:
    sent = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory(prefix="trustfund-storm-") as folder:
        for database, address in databases(Path(folder)):
            storm(database, address("storm"), Path(folder) / database, sent)


def storm(database: str, address: str, instance: Path, sent: int) -> None:
    began = time.monotonic()
    emails, awards = prepared(instance, address)
    print(f"{database}: {AWARDS} certified awards, money for {MONEY_FOR}, made in {time.monotonic() - began:.0f} s")
    with Server(instance, address, CLOCK) as server:
        began = time.monotonic()
        with watched(server) as seen, ThreadPoolExecutor(OFFICERS) as pool:
            answers = sum(pool.map(lambda email: approve(server, email, awards, sent // OFFICERS), emails), Counter())
        took = time.monotonic() - began
    approved, left, faults = outcome(instance, address)
    print(f"{database}: {sent} approvals in {took:.0f} s, {sent / took:.0f} a second; answers {dict(answers)}")
    print(
        f"{database}: approved {approved}, left {left}; least spendable at {len(seen)} reads {min(seen)}; "
        f"faults {faults}"
    )
    assert approved == MONEY_FOR, "exactly as many as there is money for"
    assert min(seen) >= 0, "never below nothing"
    assert answers[302] == MONEY_FOR, answers
    assert not any(status >= 500 and status != 503 for status in answers), answers


def prepared(instance: Path, address: str) -> tuple[list[str], list[tuple[str, int]]]:
    app = create_app({"DATABASE_URL": address}, instance=str(instance))
    with app.app_context(), clock().at(seats.AUTUMN):
        fund.set_up(approvals.mandate(), seats.AUTUMN)
        emails = approvals.officers(OFFICERS)
        awards = approvals.certified(AWARDS, MONEY_FOR)
        db.session.remove()
        db.engine.dispose()
    return emails, awards


def approve(server: Server, email: str, awards: list[tuple[str, int]], times: int) -> Counter[int]:
    """One officer at a browser: approval after approval, of awards in an order of the officer's own."""
    who, chance, answers = Person(server.port), random.Random(email), Counter[int]()
    for n in range(times):
        if n % FRESH == 0:
            who = Person(server.port)
            who.sign_in(email=email, password=PASSWORD)
        reference, version = chance.choice(awards)
        status = who.send(f"/officers/awards/{reference}/approval", key=f"{email} {n}", version=str(version))
        answers[status] += 1
    return answers


@contextmanager
def watched(server: Server) -> Iterator[list[float]]:
    """What is spendable, read again and again by an auditor."""
    seen: list[float] = []
    over = threading.Event()

    def read() -> None:
        auditor = Person(server.port)
        auditor.sign_in(email="auditor@example.org", password=PASSWORD)
        while not over.is_set():
            found = re.search(r"spendable=(-?[0-9.]+)", auditor.get("/auditors/record"))
            assert found
            seen.append(float(found.group(1)))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield seen
    finally:
        over.set()
        reader.join()


def outcome(instance: Path, address: str) -> tuple[int, object, list[str]]:
    """How many awards are approved, what is left, and faults other than the set-aside rows that were taken away."""
    app = create_app({"DATABASE_URL": address}, instance=str(instance))
    with app.app_context(), clock().at(approvals.j.APPROVED):
        approved = db.session.scalar(select(func.count()).where(Award.stage == "approved"))
        left = approvals.pots(db.session(), approvals.RESERVE, approvals.j.APPROVED.date())[""].spendable
        faults = [fault for fault in record.verify().faults if "set_aside" not in fault]
        db.session.remove()
        db.engine.dispose()
    return approved or 0, left, faults


if __name__ == "__main__":
    main()
