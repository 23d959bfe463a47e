"""init, verify, anchors, report."""

import difflib
import sys
from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext

from trustfund.commands.options import DAY


@click.command()
@click.option("--mandate", "name", default="a-res-71-280", help="A file of trustfund/mandates, or a path.")
@click.option("--amend", "symbol", help="Symbol of the document that changed the mandate.")
@click.option("--effective", type=DAY, help="Day from which the amendment holds (default: today).")
@click.option("--by", help="E-mail of the officer or head who amends.")
@click.option("--confirmed-by", help="E-mail of the second person.")
@with_appcontext
def init(name: str, symbol: str | None, effective: date | None, by: str | None, confirmed_by: str | None) -> None:
    """Migrations, keys, the fund from its mandate file. Safe to repeat."""
    from trustfund.operations import fund
    from trustfund.services import clock

    text = fund.shipped_mandate(name)
    only_ours()
    fund.set_up(text, clock.now())
    kept = fund.recorded_mandate()
    if kept == text:
        click.echo("The fund is set up.")
        return
    if not symbol:
        _show_difference(kept, text)
        raise click.ClickException(
            "The mandate file differs from the recorded mandate (above). Nothing was changed; "
            "--amend SYMBOL records the change with the document that decided it."
        )
    _amend(text, symbol, effective, by, confirmed_by)


@click.command()
@click.option(
    "--anchors", "file", type=click.Path(path_type=Path), help="Lines of `trustfund anchors`, kept elsewhere."
)
@click.option("--full", is_flag=True, help="Check every signature, not only the last.")
@with_appcontext
def verify(file: Path | None, full: bool) -> None:
    """Recompute the record; each fault a line. Exit 0 sound, 1 faults, 2 could not read."""
    from sqlalchemy.exc import DatabaseError

    from trustfund.core.verifier import anchors_of
    from trustfund.operations import record

    try:
        must_be_here()
        known = list(anchors_of(file.read_text().splitlines())) if file else []
        if file and not known:
            raise ValueError(f"{file} holds no anchor")
        verdict = record.verify(known, full=full)
    except (OSError, ValueError, DatabaseError) as error:
        click.echo(f"could not read: {str(getattr(error, 'orig', error)).splitlines()[0]}", err=True)
        raise click.exceptions.Exit(2) from None
    for fault in verdict.faults:
        click.echo(fault)
    state = f"faults: {len(verdict.faults)}" if verdict.faults else "sound"
    compared = f", anchors: {len(known)}" if file else ""
    click.echo(f"{state}: {verdict.entries} entries, head {verdict.entries}:{verdict.head}{compared}")
    if verdict.faults:
        raise click.exceptions.Exit(1)


@click.command()
@with_appcontext
def anchors() -> None:
    """One line `seq hash date`, to be kept where no insider can change it."""
    from trustfund.operations import record

    must_be_here()
    click.echo(record.anchor())


@click.command()
@click.argument("name", required=False)
@click.option("--list", "listed", is_flag=True, help="Name the reports.")
@click.option("--format", "form", default="csv", type=click.Choice(["pdf", "xlsx", "csv", "json"]))
@click.option("--from", "from_day", type=DAY)
@click.option("--to", "to_day", type=DAY)
@click.option("--as-at", type=DAY)
@click.option("--language", default="en")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def report(
    name: str | None,
    listed: bool,
    form: str,
    from_day: date | None,
    to_day: date | None,
    as_at: date | None,
    language: str,
    output: Path | None,
) -> None:
    """Any report of the auditors' menu; without --output only the report, on stdout."""
    from flask_babel import force_locale

    from trustfund.core.refusal import Refused
    from trustfund.i18n import LANGUAGES
    from trustfund.reports import menu
    from trustfund.reports.draw import draw
    from trustfund.reports.snapshot import snapshot

    if listed or not name:
        for entry in menu.MENU:
            click.echo(f"{entry.name:26} {entry.answers}")
        return
    must_be_here()
    if language not in LANGUAGES:
        raise click.UsageError(f"There is no language {language}. There are: {', '.join(LANGUAGES)}.")
    try:
        entry = menu.find(name)
    except Refused as unknown:
        raise click.UsageError(str(unknown)) from None
    last = min(filter(None, (to_day, as_at)), default=None)
    if from_day and last and last < from_day:
        raise click.UsageError(f"The last day, {last}, lies before the first, {from_day}.")
    with snapshot(from_day=from_day, to_day=to_day, as_at=as_at) as taken:
        built = entry.build(taken)
    with force_locale(language):
        body = draw(built, form, language)
    if output:
        output.write_bytes(body)
    else:
        sys.stdout.buffer.write(body)


class NoFund(click.ClickException):
    exit_code = 2


def must_be_here() -> None:
    """Before something is read: a folder without a fund is named, and nothing is made in it."""
    from flask import current_app
    from sqlalchemy import inspect

    from trustfund.extensions import db

    file = db.engine.url.database or ""
    ours = current_app.config["SQLALCHEMY_DATABASE_URI"].endswith(f"{current_app.instance_path}/trustfund.sqlite")
    where = current_app.instance_path if ours else db.engine.url.render_as_string()  # without its password
    if (db.engine.dialect.name == "sqlite" and not Path(file).is_file()) or not inspect(db.engine).has_table("head"):
        raise NoFund(
            f"There is no fund in {where}. Name its folder with TRUSTFUND_INSTANCE, or make one with “trustfund init”."
        )


def only_ours() -> None:
    """Before a migration: another program's database is left alone."""
    from sqlalchemy import inspect

    from trustfund.extensions import db

    tables = set(inspect(db.engine).get_table_names())
    if tables - {"alembic_version"} and "head" not in tables:
        raise click.ClickException(
            f"The database holds the tables of another program ({min(tables)} …). "
            "Nothing was changed; name another with TRUSTFUND_DATABASE_URL."
        )


def _amend(text: str, symbol: str, effective: date | None, by: str | None, confirmed_by: str | None) -> None:
    from trustfund.operations import fund, people
    from trustfund.services import clock

    if not by or not confirmed_by:
        raise click.UsageError("An amendment needs two persons: add --by EMAIL and --confirmed-by EMAIL.")
    done = fund.amend_mandate(
        text,
        symbol=symbol,
        effective=effective or clock.today(),
        confirmed_by=people.account_of(confirmed_by).reference,
        by_command=True,
        by=people.account_of(by).reference,
        at=clock.now(),
    )
    click.echo(f"The amendment is recorded: entry {done.seq}.")


def _show_difference(kept: str, text: str) -> None:
    for line in difflib.unified_diff(kept.splitlines(), text.splitlines(), "recorded", "file", lineterm="", n=1):
        click.echo(line)
