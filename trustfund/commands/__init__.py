"""The commands, on Flask's own group, so that `trustfund db upgrade`, `routes` and `shell` work too."""

import gc
import sys
from typing import Any

import click
from flask.cli import FlaskGroup
from flask.helpers import get_debug_flag

from trustfund.commands import accounts, backups, errors, files, fund, personal_data, serving


class Migrations(click.Command):
    """Flask-Migrate's group, loaded when it is asked for: it is most of what a start would cost."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        from flask_migrate.cli import db

        return db.make_context(*args, **extra)


class Commands(FlaskGroup):
    """Flask's group, which would start the application to ask it for commands. All that there are stand below."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return click.Group.list_commands(self, ctx)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return click.Group.get_command(self, ctx, name)


def _app():  # type: ignore[no-untyped-def]
    """The application. What it loads stays: to look through it for rubbish again and again is a quarter of a start."""
    gc.disable()
    try:
        from trustfund.app import create_app

        return create_app()
    finally:
        gc.freeze()
        gc.enable()


group = Commands(
    create_app=_app,
    add_default_commands=True,
    add_version_option=False,
    help="Runs a United Nations voluntary trust fund, from the first pledge to the audit report.",
)


@click.command()
@click.argument("file")
def rank(file: str) -> None:
    """Decide a published selection record again; needs no database."""
    from trustfund import rank as alone

    sys.exit(alone.run([file]))


for command in (
    rank,
    fund.init,
    fund.verify,
    fund.anchors,
    fund.report,
    backups.backup,
    backups.restore,
    accounts.account,
    personal_data.erase,
    personal_data.retention,
    files.import_,
    serving.demo,
    serving.serve,
    serving.worker,
    Migrations("db", help="Perform database migrations."),
):
    group.add_command(command)
group.commands.pop("run", None)  # a development server has no place beside `serve`


def run(args: list[str] | None = None) -> int:
    """Run a command (of the command line, unless given); its exit code."""
    try:
        code = group.main(args, prog_name="trustfund", standalone_mode=False)
        return code if isinstance(code, int) else 0  # what Exit carries, in click's later versions
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort:
        click.echo("Stopped. Nothing half done was kept.", err=True)
        return 1
    except Exception as failure:
        if get_debug_flag():
            raise
        sentence, code = errors.told(failure)
        click.echo(sentence, err=True)
        return code
