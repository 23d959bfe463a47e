"""A demonstration fund of our own, served by the product of the tests, and the people who look at its pages."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select, update

from trustfund.app import create_app
from trustfund.demonstration import accounts, statements
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.awards import Award
from trustfund.models.contributions import Deposit, Pledge
from trustfund.models.people import Account, SignIn
from trustfund.operations import people, statement_uploads

ROOT = Path(__file__).parent.parent.parent
CLOCK = "2018-01-24T14:00:00Z"
TABLE = "Day;Amount;Text;Reference\n22.01.2018;1.250,00;Gift for travel (example);4711\n"
PASSWORD = "every page of every person"
OFFICERS = ("certifying", "screening", "approving", "paying", "head")
GUNICORN = ("--workers=1", "--worker-class=gthread", "--threads=4", "--no-control-socket", "--log-level=error")


def made(folder: Path, applications: int) -> Path:
    """The instance, with its progress told."""
    command = [sys.executable, "-m", "trustfund.cli", "demo", "--applications", str(applications)]
    subprocess.run(command, env=_environment(folder), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return folder


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the fund, in every language and in the tests' own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    application = "tests.browser.pseudo_arabic:application()"
    command = [sys.executable, "-m", "gunicorn", *GUNICORN, f"--bind={address}", application]
    with subprocess.Popen(command, env=_environment(folder), cwd=ROOT) as server:
        try:
            _wait_for(f"http://{address}/healthz", server)
            yield f"http://{address}"
        finally:
            server.terminate()
            server.wait(30)


def opened(folder: Path) -> Flask:
    return create_app({"CLOCK": CLOCK}, instance=str(folder))


def cast(app: Flask) -> tuple[dict[str, tuple[str, str]], str, list[str]]:
    """Who signs in with what: the people of the demonstration, and a delegate of each state of an award and of an
    application, who get a password for it.

    Also the address of a page where a password is set, and officers' pages of a thing in each state.
    """
    known = {email.split("@")[0]: (email, password) for _, email, password in accounts(1)}
    known.pop("suspended")
    with app.app_context():
        for thing in (Application, Award):
            for stage, account in _one_of_each(thing):
                people.set_password(account, PASSWORD)
                known[f"delegate-{thing.__tablename__}-{stage}"] = (account.email, PASSWORD)
        link = people.send_password_link(people.account_of("norway@example.org"))
        db.session.commit()
        things = [
            *(f"/officers/statements/files/{upload}" for upload in _uploads()),
            *(f"/officers/pledges/{reference}" for reference in _pledges()),
            *(f"/officers/deposits/{reference}" for reference in _deposits()),
            *(f"/officers/awards/{reference}/settlement" for reference in _references(Award)),
            *(f"/officers/awards/{reference}" for reference in _references(Award)),
            *(f"/officers/applications/{reference}" for reference in _references(Application)),
        ]
        db.session.remove()
        db.engine.dispose()
    return known, link[link.index("/password/") :], things


def make_old(app: Flask, who: str) -> None:
    """The person's password was typed an hour ago: before a deed with money it is asked for once more."""
    with app.app_context():
        account = people.account_of(f"{who}@example.org")
        for row in db.session.scalars(select(SignIn).where(SignIn.account_id == account.id)):
            earlier = {"confirmed_at": row.confirmed_at - timedelta(hours=1)}
            db.session.execute(update(SignIn).where(SignIn.token == row.token).values(earlier))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def _one_of_each(thing: type[Application] | type[Award]) -> list[tuple[str, Account]]:
    """(stage, the last delegate who has a thing in it), of those who have an account."""
    query = select(thing.stage, Account).join(Account, Account.id == thing.account_id).order_by(thing.id)
    others = query.where(Account.email != "delegate@example.org")
    return list(dict(map(tuple, db.session.execute(others))).items())


def _references(thing: type[Application] | type[Award]) -> list[str]:
    """The last thing of each stage."""
    query = select(thing.stage, thing.reference).order_by(thing.id)
    return list(dict(map(tuple, db.session.execute(query))).values())


def _pledges() -> list[str]:
    """The last pledge of each kind of story, those of which there is most to tell first: its stage; with a condition,
    with instalments, with too much, with a paper that waits for its signature."""
    kinds = {
        (bool(one.over), bool(one.condition), bool(one.drafts), len(one.instalments) > 1, one.state): one.reference
        for one in db.session.scalars(select(Pledge).order_by(Pledge.id)).unique()
    }
    return [kinds[kind] for kind in sorted(kinds, key=lambda kind: sum(kind[:-1]), reverse=True)]


def _deposits() -> list[str]:
    """A deposit of each kind: whole or in parts, of an agreement or waiting for one."""
    deposits = db.session.scalars(select(Deposit).order_by(Deposit.id)).unique()
    return list({(one.parts, one.pledge_id is None): one.reference for one in deposits}.values())


def _uploads() -> list[str]:
    """Files of the bank that the first officer chose and has not confirmed: of the last days, and a table."""
    first, last = date(2018, 1, 20), date(2018, 1, 24)
    own = statements.camt_053(statements.lines_of(first, last, whole=False), first, last)
    files = {"camt053-january.xml": own, "table.csv": TABLE}
    officer = people.account_of(f"{OFFICERS[0]}@example.org")
    at = datetime(2018, 1, 24, 14, tzinfo=UTC)
    return [statement_uploads.take(name, text.encode(), by=officer, at=at) for name, text in files.items()]


def _environment(folder: Path) -> dict[str, str]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("TRUSTFUND_")}
    return outside | {"TRUSTFUND_INSTANCE": str(folder), "TRUSTFUND_CLOCK": CLOCK}


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert server.poll() is None, "the server ended before it served"
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not come up in 30 seconds")
