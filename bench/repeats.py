"""python -m bench.repeats [forms] [times]: every form is sent many times, from several windows at once.

Each has one effect, and every repeat is answered as the first was.
"""

import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.__main__ import databases
from bench.power_cuts import CLOCK, kept, prepared
from bench.server import Server
from bench.serving import Person
from tests.builders import PASSWORD

WINDOWS = 8


def main() -> None:
    forms, times = (int(text) for text in (*sys.argv[1:], *("1000", "20")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory(prefix="trustfund-repeats-") as folder:
        for database, address in databases(Path(folder)):
            repeats(database, address("repeats"), Path(folder) / database, forms, times)


def repeats(database: str, address: str, instance: Path, forms: int, times: int) -> None:
    prepared(instance, address)
    sent = [n for n in range(forms) for _ in range(times)]
    random.Random(1).shuffle(sent)
    with Server(instance, address, CLOCK) as server:
        began = time.monotonic()
        with ThreadPoolExecutor(WINDOWS) as pool:
            answers = defaultdict(set)
            for window in pool.map(lambda part: send(server, part), (sent[k::WINDOWS] for k in range(WINDOWS))):
                for n, answer in window:
                    answers[n].add(answer)
        took = time.monotonic() - began
    keys, faults = kept(instance, address)
    print(f"{database}: {forms} forms sent {times} times each in {took:.0f} s: {len(keys)} effects, faults {faults}")
    assert len(keys) == len(set(keys)) == forms, "each once"
    assert all(len(found) == 1 and next(iter(found))[0] == 302 for found in answers.values()), "as the first was"
    assert not faults


def send(server: Server, forms: Iterable[int]) -> list[tuple[int, tuple[int, str]]]:
    """One window of one donor: status and address of each answer."""
    who = Person(server.port)
    who.sign_in(email="donor0@example.org", password=PASSWORD)
    found = []
    for n in forms:
        fields = {"amount": f"{100 + n}.00", "currency": "USD", "purpose": "travel", "earmark": ""}
        status = who.send("/donors/pledges/new", key=f"form {n}", **fields)
        found.append((n, (status, who.location)))
    return found


if __name__ == "__main__":
    main()
