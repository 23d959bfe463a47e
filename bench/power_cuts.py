"""python -m bench.power_cuts [times]: the server is killed at random moments under load, and started again.

Whatever was acknowledged is there, once; nothing is there twice; it serves again in under five seconds; `verify` finds
the record sound each time.
"""

import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

from sqlalchemy import select

from bench.__main__ import databases
from bench.server import Server
from bench.serving import Person
from tests import builders as b
from tests import seats
from trustfund.app import create_app
from trustfund.extensions import db
from trustfund.models.record import Event
from trustfund.operations import fund, record
from trustfund.services.clock import clock

DONORS, LOAD = 4, (0.8, 3.5)  # so many write at once; seconds of load before the cut
CLOCK = "2018-01-24T14:00:00Z"


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory(prefix="trustfund-cuts-") as folder:
        for database, address in databases(Path(folder)):
            cuts(database, address("cuts"), Path(folder) / database, times)


def cuts(database: str, address: str, instance: Path, times: int) -> None:
    chance, acknowledged, slowest = random.Random(1), set[str](), 0.0
    prepared(instance, address)
    server = Server(instance, address, CLOCK)
    for n in range(times):
        slowest = max(slowest, server.start())
        acknowledged |= under_load(server, f"cut {n}", chance.uniform(*LOAD), server.kill)
        keys, faults = kept(instance, address)
        assert acknowledged <= set(keys), f"lost: {acknowledged - set(keys)}"
        assert len(keys) == len(set(keys)), "doubled"
        assert not faults, faults
        if n % 10 == 9:
            print(f"{database}: {n + 1} cuts, {len(acknowledged)} acknowledged, {len(keys)} kept", flush=True)
    print(f"{database}: sound after each of {times} cuts; slowest start {slowest:.1f} s")
    assert slowest < 5


def prepared(instance: Path, address: str) -> None:
    app = create_app({"DATABASE_URL": address}, instance=str(instance))
    with app.app_context(), clock().at(seats.AUTUMN):
        fund.set_up(fund.shipped_mandate("a-res-71-280"), seats.AUTUMN)
        for n in range(DONORS):
            b.account("donor", f"Donor{n} Example", donor=b.donor(f"Donor {n}", type="ngo"), password=True)
        db.session.remove()
        db.engine.dispose()


def under_load(server: Server, name: str, seconds: float, cut: Callable[[], None]) -> set[str]:
    """Donors announce pledges until the cut: the keys of those that were answered as done."""
    acknowledged: set[str] = set()
    over = threading.Event()

    def write(n: int) -> None:
        try:
            who = Person(server.port)
            who.sign_in(email=f"donor{n}@example.org", password=b.PASSWORD)
            for k in range(100_000):
                if over.is_set():
                    return
                key = f"{name} {n} {k}"
                status = who.send(
                    "/donors/pledges/new",
                    key=key,
                    amount="100.00",
                    currency="USD",
                    purpose="travel",
                    earmark="",
                )
                if status == 302:
                    acknowledged.add(key)
                assert status in (302, 503), status
        except (OSError, HTTPException):
            return

    writers = [threading.Thread(target=write, args=(n,)) for n in range(DONORS)]
    for writer in writers:
        writer.start()
    time.sleep(seconds)
    cut()
    over.set()
    for writer in writers:
        writer.join()
    return acknowledged


def kept(instance: Path, address: str) -> tuple[list[str], list[str]]:
    """The keys of the pledges that the record has, and what `verify` says."""
    app = create_app({"DATABASE_URL": address}, instance=str(instance))
    with app.app_context():
        keys = list(db.session.scalars(select(Event.key).where(Event.action == "pledge.announced")))
        faults = record.verify().faults
        db.session.remove()
        db.engine.dispose()
    return [key for key in keys if key], faults


if __name__ == "__main__":
    main()
