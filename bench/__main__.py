"""python -m bench: ours beside its floor, both in the same run."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench import fund, pages, ranked_list, ranking, whole_application
from bench.serving import Person, served
from tests import postgresql

ROUNDS, DEEDS, PAGES = 7, 80, 40
LIST, SHORT, LONG = 10_000, 1_000, 1_000_000
HEADER = f"{'processor time a request':40}{'ours':>9}{'floor':>12}{'ratio':>10}   {'half of them':15}goal"


@dataclass(frozen=True)
class Side:
    """Somebody before a server, and the one request that is measured."""

    who: Person
    ask: Callable[[], object]

    def cost(self, times: int) -> tuple[float, float]:
        """Milliseconds a request: of processor time in the serving process, and by the wall clock."""
        used, wall = self.who.processor_time(), time.perf_counter()
        for _ in range(times):
            self.ask()
        wall = time.perf_counter() - wall
        return (self.who.processor_time() - used) * 1000 / times, wall * 1000 / times


def main() -> None:
    print(HEADER)
    ranking.main()
    with tempfile.TemporaryDirectory(prefix="trustfund-bench-") as folder:
        for database, address in databases(Path(folder)):
            measure(database, address, Path(folder) / database)
    pages.main()
    whole_application.main()


def databases(folder: Path) -> Iterator[tuple[str, Callable[[str], str]]]:
    """Each database, and how one of a name is addressed there."""
    yield "SQLite", lambda name: f"sqlite:///{folder / name}.sqlite"
    if not postgresql.programs():
        print("PostgreSQL is not installed: its lines are left out (apt-get install postgresql).")
        return
    with postgresql.server() as maintenance:

        def address(name: str) -> str:
            postgresql.execute(maintenance, f"CREATE DATABASE {name}")
            return maintenance.replace("/postgres", f"/{name}")

        yield "PostgreSQL", address


def measure(database: str, address: Callable[[str], str], folder: Path) -> None:
    with ExitStack() as stack:
        ours = address("ours")
        agreed = iter(fund.made(folder / "ours", ours, LIST, (ROUNDS + 1) * DEEDS))
        salma = stack.enter_context(officer(folder / "ours", ours))
        bare = stack.enter_context(served("floor", BENCH_DATABASE=address("floor"), BENCH_LIST=ours))
        bare.sign_in()

        compare(
            f"a deed, {database}",
            Side(salma, lambda: deposit(salma, *next(agreed))),
            Side(bare, receipt(bare)),
            DEEDS,
            "≤ 4",
            wall="deeds a second",
        )
        compare(
            f"a list of 25 of 10,000, {database}",
            Side(salma, lambda: page(salma, LIST // 2)),
            Side(bare, lambda: bare.get(f"/list/{LIST // 2}")),
            PAGES,
            "≤ 40 ms",
        )
        compare(
            f"a simple page, {database}",
            Side(salma, lambda: salma.get("/personal-data")),
            Side(bare, lambda: bare.get("/")),
            PAGES,
            "≤ 4",
        )
    with ExitStack() as stack:
        sides = []
        for name, rows in (("long", LONG), ("short", SHORT)):
            where = address(name)
            fund.made(folder / name, where, rows, 1)
            who = stack.enter_context(officer(folder / name, where))
            sides.append(Side(who, lambda who=who, rows=rows: page(who, rows // 2)))  # type: ignore[misc]
        compare(f"a list of 1,000,000 / 1,000, {database}", *sides, PAGES, "≤ 1.5")
    with ExitStack() as stack:
        sides = [Side(*reader) for reader in ranked_list.readers(stack, address, folder)]
        compare(f"a ranked list of 10,000 / 100, {database}", *sides, PAGES, "≤ 40 ms")


@contextmanager
def officer(folder: Path, address: str) -> Iterator[Person]:
    """Salma, who is designated to pay, signed in."""
    with served(
        "ours", TRUSTFUND_INSTANCE=str(folder), TRUSTFUND_DATABASE_URL=address, TRUSTFUND_CLOCK=fund.NOW.isoformat()
    ) as salma:
        salma.sign_in(email=fund.EMAIL, password=fund.PASSWORD)
        yield salma


def deposit(salma: Person, reference: str, version: int) -> None:
    salma.post(
        f"/officers/pledges/{reference}/deposits",
        key=f"key of {reference}",
        version=str(version),
        amount="1000.00",
        bank_account="main",
        bank_reference=f"LU-{reference}",
        **{"value_date-day": "15", "value_date-month": "1", "value_date-year": "2018"},
    )


def receipt(bare: Person) -> Callable[[], object]:
    numbers = count()
    return lambda: bare.post(
        "/receipts",
        amount="1000.00",
        value_date="2018-01-15",
        bank_account="main",
        bank_reference=f"LU-{next(numbers)}",
    )


def page(salma: Person, after: int) -> None:
    shown = salma.get(f"/officers/pledges?after={after}")
    assert shown.count("<tr>") == 26, "a head and 25 rows"


def compare(what: str, ours: Side, floor: Side, times: int, goal: str, wall: str = "") -> None:
    """Rounds of both, in turn; the first of them only warms up."""
    rounds = [(ours.cost(times), floor.cost(times)) for _ in range(ROUNDS + 1)][1:]
    mine, least = (statistics.median(side[n][0] for side in rounds) for n in (0, 1))
    low, ratio, high = statistics.quantiles((a[0] / b[0] for a, b in rounds), n=4)
    half = f"{low:.2f} to {high:.2f}"
    print(f"{what:40}{mine:6.2f} ms{least:9.2f} ms{ratio:10.2f}   {half:15}{goal}", flush=True)
    if wall:
        mine, least = (1000 / statistics.median(side[n][1] for side in rounds) for n in (0, 1))
        print(f"{f'  {wall}, by the clock':40}{mine:6.0f}   {least:9.0f}      {'':28}≥ 200", flush=True)


if __name__ == "__main__":
    main()
