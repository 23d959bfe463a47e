"""import contributions, applications, rates, dsa."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from trustfund.commands.progress import Progress

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
    from trustfund.operations.imports import import_contributions

    _book(import_contributions, file, dry_run=dry_run, as_agreed=as_agreed)
    click.echo(f"In the bank: {in_the_bank(db.session()):,} USD.")


@import_.command()
@FILE
@DRY_RUN
@with_appcontext
def applications(file: Path, dry_run: bool) -> None:
    """Applications that came outside the pages; the server gives the references."""
    from trustfund.operations.import_applications import import_applications

    _book(import_applications, file, dry_run=dry_run)


@import_.command()
@FILE
@DRY_RUN
@with_appcontext
def rates(file: Path, dry_run: bool) -> None:
    """Rates of exchange, units of a currency for one USD."""
    from trustfund.operations.imports import import_rates

    _book(import_rates, file, dry_run=dry_run)


@import_.command()
@FILE
@DRY_RUN
@with_appcontext
def dsa(file: Path, dry_run: bool) -> None:
    """Rates of the daily subsistence allowance, by place."""
    from trustfund.operations.import_dsa import import_dsa

    _book(import_dsa, file, dry_run=dry_run)


def _book(read: Callable[..., Any], file: Path, *, dry_run: bool, **more: bool) -> None:
    from trustfund.services import clock

    with Progress("Booking") as progress:
        done = read(file, at=clock.now(), dry_run=dry_run, progress=progress, **more)
    what = "would be booked" if dry_run else "booked"
    click.echo(f"{done.booked} lines {what}, {done.known} known already.")
