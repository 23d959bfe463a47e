"""erase, retention run."""

import sys

import click
from flask.cli import with_appcontext

from trustfund.commands.progress import Progress

STILL_READ = (
    "Somebody still reads in the database, so its log was not emptied. Run “trustfund retention run” in a minute: it "
    "empties it."
)


@click.command()
@click.argument("person")
@click.option("--reason", "why", required=True, help="Why it was asked, without a name: kept beside the record.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def erase(person: str, why: str, yes: bool) -> None:
    """Erase all that is held of PERSON, an e-mail address or a reference, for good: the key is destroyed, database and
    backups tell nothing any more; the record stays, and still verifies."""
    from trustfund.operations import erasing
    from trustfund.services import clock

    found = erasing.persons(person)
    if not yes and sys.stdin.isatty():
        click.confirm(f"Erase {', '.join(one.reference for one in found)}? It cannot be undone.", abort=True, err=True)
    waits = [one for one in found if not erasing.was_erased(one)]
    for one in waits:
        erasing.check(one)  # all of them, or none
    try:
        for one in waits or found:
            done = erasing.erase(one, why=why, at=clock.now())
            click.echo(f"{one.kind} {one.reference}: erased, entry {done.seq} of the record.")
    finally:
        erasing.destroy_again(found)
        erasing.empty_again()
        _wipe()
    click.echo(_BACKUPS, err=True)


_BACKUPS = (
    "No backup made by this version of “trustfund backup” shows this person any more. Destroy the older copies of the "
    "key folder, and other copies of the database and of mails, by their own term."
)


@click.group()
def retention() -> None:
    """How long personal data are kept, by the mandate."""


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Say who is due; erase nothing.")
@with_appcontext
def run(dry_run: bool) -> None:
    """Erase what is over the time that the mandate names. Safe to repeat: once a month, by cron."""
    from trustfund.extensions import db
    from trustfund.operations import retention
    from trustfund.services import clock

    at = clock.now()
    if dry_run:
        found = list(retention.due(db.session(), at.date()))
        for person, rule in found:
            click.echo(f"{person.kind} {person.reference}: due by {rule}")
        click.echo(f"{len(found)} due on {at.date().isoformat()}. Nothing was erased.")
        return
    with Progress("Erasing") as progress:
        kept = retention.run(at, progress)
    for person, rule in kept.erased:
        click.echo(f"{person.kind} {person.reference}: erased by {rule}")
    for why in kept.open:
        click.echo(f"due, but open: {why}", err=True)
    _wipe()
    click.echo(f"{len(kept.erased)} erased, {kept.drafts} drafts and {kept.mails} texts of mails dropped.")


def _wipe() -> None:
    from trustfund.operations import erasing

    if not erasing.wipe():
        click.echo(STILL_READ, err=True)
