"""import contributions, applications, rates, dsa."""

from pathlib import Path

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
    from trustfund.operations import imports
    from trustfund.services import clock

    with Progress("Booking") as progress:
        done = imports.import_contributions(
            file, at=clock.now(), as_agreed=as_agreed, dry_run=dry_run, progress=progress
        )
    _say(done.booked, done.known, dry_run)
    click.echo(f"In the bank: {in_the_bank(db.session()):,} USD.")


@import_.command()
@FILE
@DRY_RUN
@with_appcontext
def applications(file: Path, dry_run: bool) -> None:
    """Applications that came outside the pages; the server gives the references."""
    from trustfund.operations import import_applications
    from trustfund.services import clock

    with Progress("Booking") as progress:
        done = import_applications.import_applications(file, at=clock.now(), dry_run=dry_run, progress=progress)
    _say(done.booked, done.known, dry_run)


@import_.command()
@FILE
@DRY_RUN
@with_appcontext
def rates(file: Path, dry_run: bool) -> None:
    """Rates of exchange, units of a currency for one USD."""
    from trustfund.operations import imports
    from trustfund.services import clock

    with Progress("Booking") as progress:
        done = imports.import_rates(file, at=clock.now(), dry_run=dry_run, progress=progress)
    _say(done.booked, done.known, dry_run)


@import_.command()
@FILE
@DRY_RUN
@with_appcontext
def dsa(file: Path, dry_run: bool) -> None:
    """Rates of the daily subsistence allowance, by place."""
    from trustfund.operations import import_dsa
    from trustfund.services import clock

    with Progress("Booking") as progress:
        done = import_dsa.import_dsa(file, at=clock.now(), dry_run=dry_run, progress=progress)
    _say(done.booked, done.known, dry_run)


def _say(booked: int, known: int, dry_run: bool) -> None:
    what = "would be booked" if dry_run else "booked"
    click.echo(f"{booked} lines {what}, {known} known already.")
