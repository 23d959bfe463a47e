"""What a command says when it cannot: one sentence, and its exit code, 1 refused or faults, 2 wrong use."""

import click

from trustfund.core.mandate import MandateError
from trustfund.core.refusal import Refused


def told(failure: Exception) -> tuple[str, int]:
    """The sentence (a file with many faults has one for each) and the exit code."""
    if isinstance(failure, click.UsageError):
        return _usage(failure), 2
    if isinstance(failure, click.ClickException):
        return failure.format_message(), failure.exit_code
    if isinstance(failure, Refused):
        return "\n".join((*getattr(failure, "faults", ()), str(failure))), 1
    if isinstance(failure, MandateError):
        return str(failure), 1
    return _not_ours(failure)


def _usage(wrong: click.UsageError) -> str:
    if isinstance(wrong, click.exceptions.NoArgsIsHelpError):
        return wrong.format_message()
    message = wrong.format_message().rstrip(".")
    return f"{message}. See “{wrong.ctx.command_path} --help”." if wrong.ctx else f"{message}."


def _not_ours(failure: Exception) -> tuple[str, int]:
    """What is wrong with the machine around us: settings, files, the database."""
    from sqlalchemy.exc import DatabaseError, InterfaceError

    from trustfund.app import NotReady
    from trustfund.config import WrongSetting

    if isinstance(failure, NotReady):
        return str(failure), 1
    if isinstance(failure, WrongSetting):
        return str(failure), 2
    if isinstance(failure, DatabaseError | InterfaceError):
        return _database(str(failure.orig).strip().splitlines()[0]), 2
    if isinstance(failure, OSError) and failure.filename:
        return f"{failure.filename} cannot be used: {failure.strerror}.", 2
    return f"This should not have happened: {type(failure).__name__}: {failure}. “trustfund --debug …” shows where.", 1


def _database(reason: str) -> str:
    new = "no such table" in reason or "does not exist" in reason
    hint = " If this instance is new, run “trustfund init” first." if new else ""
    return f"The database cannot be used: {reason}.{hint}"
