"""import contributions, applications, rates, dsa, statement."""

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


@import_.command()
@FILE
@click.option("--account", default="", help="The fund's account, if the bank's number is not known yet; remembered.")
@DRY_RUN
@with_appcontext
def statement(file: Path, account: str, dry_run: bool) -> None:
    """Statements of the bank: MT940, camt.053 or CSV; one entry of the record a statement."""
    from trustfund.operations.statements import import_statement
    from trustfund.services import clock

    with Progress("Booking") as progress:
        done = import_statement(file, at=clock.now(), account=account, dry_run=dry_run, progress=progress)
    for one in done.statements:
        click.echo(_told(one))
        for warning in one.warnings:
            click.echo(f"Look at this: {warning}", err=True)
    what = "would be booked" if dry_run else "booked"
    click.echo(f"{done.booked} lines {what}, {done.known} known already, {done.matched} matched by bank reference.")
    if done.waiting:
        click.echo(
            f"{done.waiting} lines wait in suspense. Record the deposit or payment of each with the bank reference of "
            "the line and import the file again, or match the line to its entry. “trustfund report "
            "bank-reconciliation” lists them."
        )


def _told(one: Any) -> str:
    """A statement with its days, its lines, and that opening and movements make its closing balance."""
    said = one.said
    number = f" {said.number}" if said.number else ""
    days = f"{said.first_day}" if said.first_day == said.last_day else f"{said.first_day} to {said.last_day}"
    balances = "" if said.opening is None else f" {said.opening:,} + {said.movements:,} = {said.closing:,}"
    sum_ = balances or f" {said.movements:,} moved, no balances"
    return (
        f"Statement{number} of {said.account} ({one.bank_account}), {days}: {one.lines} lines,{sum_} {said.currency}; "
        f"{one.known} known, {one.matched} matched."
    )


def _book(read: Callable[..., Any], file: Path, *, dry_run: bool, **more: bool) -> None:
    from trustfund.services import clock

    with Progress("Booking") as progress:
        done = read(file, at=clock.now(), dry_run=dry_run, progress=progress, **more)
    what = "would be booked" if dry_run else "booked"
    click.echo(f"{done.booked} lines {what}, {done.known} known already.")
