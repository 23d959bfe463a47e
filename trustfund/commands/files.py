"""import contributions, rates."""

from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import with_appcontext

FILE = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
DRY_RUN = click.option("--dry-run", is_flag=True, help="Check every line and book nothing.")


@click.group(name="import")
def import_() -> None:
    """All of a file or nothing; the same file twice adds nothing."""


@import_.command()
@FILE
@click.option("--as-agreed", is_flag=True, help="Book agreement and deposit together, on the same day and rate.")
@DRY_RUN
@with_appcontext
def contributions(file: Path, as_agreed: bool, dry_run: bool) -> None:
    """Pledges, agreements and deposits."""
    from trustfund.extensions import db
    from trustfund.models.record import in_the_bank
    from trustfund.operations import imports
    from trustfund.services import clock

    with _Progress() as progress:
        done = imports.import_contributions(
            file, at=clock.now(), as_agreed=as_agreed, dry_run=dry_run, progress=progress
        )
    _say(done.booked, done.known, dry_run)
    click.echo(f"In the bank: {in_the_bank(db.session()):,} USD.")


@import_.command()
@FILE
@DRY_RUN
@with_appcontext
def rates(file: Path, dry_run: bool) -> None:
    """Rates of exchange, units of a currency for one USD."""
    from trustfund.operations import imports
    from trustfund.services import clock

    with _Progress() as progress:
        done = imports.import_rates(file, at=clock.now(), dry_run=dry_run, progress=progress)
    _say(done.booked, done.known, dry_run)


def _say(booked: int, known: int, dry_run: bool) -> None:
    what = "would be booked" if dry_run else "booked"
    click.echo(f"{booked} lines {what}, {known} known already.")


class _Progress:
    """A bar on a terminal, once a file is long enough to wait for."""

    def __enter__(self) -> Callable[[int, int], None]:
        self._bar = None
        return self._step

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def _step(self, n: int, of: int) -> None:
        if of < 2000:
            return
        if self._bar is None:
            self._bar = click.progressbar(length=of, label="Booking", file=click.get_text_stream("stderr"))
        if n % 500 == 0 or n == of:
            self._bar.update(n - self._bar.pos)
