"""A ranked list of 10,000: a page of it costs what a page of a list of 100 costs, and at most 40 ms."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench import fund
from bench.serving import Person, served
from tests import seats
from trustfund.app import create_app
from trustfund.extensions import db

SIZES = (10_000, 100)


def readers(stack: ExitStack, address: Callable[[str], str], folder: Path) -> list[tuple[Person, Callable[[], object]]]:
    """Somebody who asks for a page in the middle of the long list, and somebody who asks for one of the short."""
    found = []
    for size in SIZES:
        where, instance = address(f"ranked{size}"), folder / f"ranked{size}"
        fund.made(instance, where, 1, 1)
        with create_app({"DATABASE_URL": where}, instance=str(instance)).app_context():
            seats.long_run(size, usd="900000.00")
            db.session.remove()
            db.engine.dispose()
        who = stack.enter_context(
            served(
                "ours",
                TRUSTFUND_INSTANCE=str(instance),
                TRUSTFUND_DATABASE_URL=where,
                TRUSTFUND_CLOCK=fund.NOW.isoformat(),
            )
        )
        found.append((who, lambda who=who, size=size: page(who, size // 2)))  # type: ignore[misc]
    return found


def page(who: Person, after: int) -> None:
    shown = who.get(f"/selections/N1?after={after}")
    assert shown.count('class="pos"') == 25, "25 places"
