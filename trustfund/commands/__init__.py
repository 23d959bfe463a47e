"""The commands, on Flask's own group, so that `trustfund db upgrade`, `routes` and `shell` work too."""

import click
from flask.cli import FlaskGroup

from trustfund.commands import accounts, files, fund, serving
from trustfund.core.mandate import MandateError
from trustfund.core.refusal import Refused


def _app():  # type: ignore[no-untyped-def]
    from trustfund.app import create_app
    return create_app()


group = FlaskGroup(create_app=_app, add_default_commands=True, add_version_option=False,
                   help="Runs a United Nations voluntary trust fund, from the first pledge to the audit report.")
for command in (fund.init, fund.verify, fund.anchors, fund.report, accounts.account, files.import_, serving.demo,
                serving.serve, serving.worker):
    group.add_command(command)
group.commands.pop("run", None)  # a development server has no place beside `serve`


def run() -> int:
    try:
        code = group.main(standalone_mode=False)  # what Exit carries, in click's later versions
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort:
        click.echo("Stopped. Nothing half done was kept.", err=True)
        return 1
    except click.UsageError as wrong:
        wrong.show()
        return 2
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except files.BadFile as bad:
        for fault in bad.faults:
            click.echo(fault, err=True)
        click.echo("Nothing was booked.", err=True)
        return 1
    except (Refused, MandateError) as refused:
        click.echo(str(refused), err=True)
        return 1
    except Exception as failure:
        return _unreachable(failure)


def _unreachable(failure: Exception) -> int:
    """A database that does not answer or was never set up, in one sentence; what we did not expect keeps its traceback."""
    from sqlalchemy.exc import DatabaseError, InterfaceError
    from trustfund.app import MissingGuards
    if isinstance(failure, MissingGuards):
        click.echo(str(failure), err=True)
        return 1
    if isinstance(failure, (DatabaseError, InterfaceError)):
        reason = str(failure.orig).strip().splitlines()[0]
        click.echo(f"The database cannot be used: {reason}. If this instance is new, run “trustfund init” first.", err=True)
        return 2
    raise failure
