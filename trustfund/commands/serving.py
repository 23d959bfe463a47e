"""demo, serve, worker."""

import os
import signal
import socket
import subprocess
import sys

import click
from flask.cli import with_appcontext

from trustfund.commands import fund
from trustfund.commands.progress import Progress


@click.command()
@click.option("--seed", default=1, show_default=True, help="Same seed, same data, same passwords.")
@click.option(
    "--applications", default=400, show_default=True, type=click.IntRange(20), help="How many applications it has."
)
@with_appcontext
def demo(seed: int, applications: int) -> None:
    """A demonstration fund in the instance folder, and its accounts; safe to repeat."""
    from trustfund import demonstration

    fund.only_ours()
    try:
        with Progress("Making the demonstration", least=200) as progress:
            made = demonstration.make(seed, applications, progress)
    except demonstration.AnotherFund as other:
        raise click.ClickException(str(other)) from None
    click.echo("The demonstration fund is made." if made else "The demonstration fund is here already.")
    for role, email, password in demonstration.accounts(seed):
        click.echo(f"{role:28} {email:26} {password}")


@click.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1))
def serve(bind: str, workers: int) -> None:
    """Serve in the foreground with gunicorn, a worker beside it that is started again if it dies; SIGTERM stops all
    cleanly."""
    import gunicorn

    gunicorn.SERVER = "trustfund"  # what the answers call the server
    from gunicorn.app.base import BaseApplication

    from trustfund.app import served_app
    from trustfund.extensions import db

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in {
                "bind": bind,
                "workers": workers,
                "threads": 4,
                "worker_class": "gthread",
                "graceful_timeout": 20,
                "when_ready": _start_worker,
                "on_exit": _stop_worker,
                "preload_app": True,  # made and checked once: the workers are its children
                "accesslog": None,
                "loglevel": "warning",
                "control_socket_disable": True,
            }.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self):  # type: ignore[no-untyped-def]
            return app

    app = served_app()  # what would stop a worker stops here, in one sentence
    with app.app_context():
        db.engine.dispose()  # a worker opens connections of its own
    _try(bind)
    click.echo(f"Serving at http://{bind}", err=True)
    Server().run()


@click.command()
@with_appcontext
def worker() -> None:
    """Send the outbox and do what the day does (offers lapse, tickets become expense, claims), until SIGTERM."""
    from flask import current_app

    from trustfund.app import check
    from trustfund.operations import clockwork
    from trustfund.services import worker as service

    check()
    service.run(current_app._get_current_object(), clockwork.run)  # type: ignore[attr-defined]


def _try(bind: str) -> None:
    """gunicorn would try five times and tell each in a line of its own."""
    from gunicorn.util import parse_address

    try:
        address = parse_address(bind)
        if isinstance(address, tuple):
            if address[1] > 65535:
                raise RuntimeError(f"{address[1]!r} is not a valid port number.")
            with socket.create_server(address[:2], family=socket.AF_INET6 if ":" in address[0] else socket.AF_INET):
                pass
    except (OSError, RuntimeError) as error:
        raise click.UsageError(f"Nothing can be served at {bind}: {getattr(error, 'strerror', '') or error}") from None


def _start_worker(server) -> None:  # type: ignore[no-untyped-def]
    kept = [sys.executable, "-m", "trustfund.services.keeper", sys.executable, "-m", "trustfund.cli", "worker"]
    server.trustfund_worker = subprocess.Popen(kept, env=os.environ)  # noqa: S603 (our own command line)


def _stop_worker(server) -> None:  # type: ignore[no-untyped-def]
    process = getattr(server, "trustfund_worker", None)
    if process is not None:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
