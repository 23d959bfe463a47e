"""What the tests of deeds share: a small record and a rich fund, and what `trustfund verify` tells about them."""

import os
import re
from datetime import timedelta

import pyotp
import pytest

from tests import builders as b
from tests import closings, journeys, surpluses
from tests.beginnings import begun
from tests.conftest import FAST
from tests.once import create_app
from tests.operations.backups import kind_of
from tests.operations.second_factors import NOON, STEP, put_in_force
from tests.operations.selecting import four_delegates, officers_and_money
from tests.postgresql import execute
from tests.services.bank_files import camt
from trustfund.commands.fund import verify
from trustfund.extensions import db
from trustfund.operations import second_factor
from trustfund.operations.statements import import_statement
from trustfund.services import clock


@pytest.fixture
def app(request):
    """SQLite; each database in turn for the tests that are marked ``on_both``."""
    return request.getfixturevalue("both_apps" if "both_apps" in request.fixturenames else "sqlite_app")


@pytest.fixture
def office(app):
    """Officers, and money for the first round."""
    begun(officers_and_money)


@pytest.fixture
def four(office):
    """Four delegates of the first round, by their States."""
    return begun(four_delegates)


@pytest.fixture
def paid(both_apps):
    """Luxembourg agreed 54,171 and paid 56,320, received by Salma; at the end came a rate."""
    return begun(b.luxembourg_paid)


@pytest.fixture
def luxembourg(both_apps):
    return b.account("donor", "Luxembourg", donor=b.donor())


@pytest.fixture
def norway(both_apps):
    return b.account("donor", "Norway", donor=b.donor("Norway", country="NOR"))


@pytest.fixture
def salma(both_apps):
    """She receives and pays money."""
    return b.officer("Salma Idrissi", "paying")


@pytest.fixture
def euros(both_apps):
    """50,000 euros were 54,171 dollars when Luxembourg agreed to them, and 56,320 when they came."""
    b.rate("EUR", "0.923003", "2017-04-28")
    b.rate("EUR", "0.8877841", "2017-05-31")


@pytest.fixture
def imported(tmp_path):
    """Imports what a bank would write of these statements."""

    def run(*said, text=None, **more):
        path = tmp_path / "statement"
        path.write_text(camt(*said) if text is None else text, encoding="utf-8")
        db.session.rollback()
        return import_statement(path, at=b.AT, **more)

    return run


@pytest.fixture
def amna(app):
    """Amna of Sudan is proposed a seat at the first round, and the fund has 50,000 in the bank."""
    return begun(journeys.amna)


@pytest.fixture
def money(both_apps):
    """Nine millions in the bank, of which 40,000 are allotted to the first round."""
    begun(_money)


def _money() -> None:
    surpluses.fund(surpluses.RICH)


@pytest.fixture
def officers(both_apps):
    """Lise, Rafael, Salma and Miriam in January 2019, when the fund is to be closed."""
    begun(closings.officers)
    with b.standing_at(closings.AFTER):
        yield


@pytest.fixture
def fund(officers):
    """What they have to close: gifts of three States, and journeys of the summer before."""
    begun(closings.fund)


@pytest.fixture
def time(monkeypatch):
    """The server's clock, which stands still until it is moved on."""

    class Time:
        now = NOON

        def move(self, by: timedelta) -> None:
            self.now += by

    time = Time()
    monkeypatch.setattr(clock, "real_now", lambda: time.now)
    return time


@pytest.fixture
def telephone(salma, time):
    """Salma has set a second factor just now, and half a minute has gone by."""
    second_factor.begin(salma)
    telephone = pyotp.TOTP(second_factor.begun(salma))
    put_in_force(salma, telephone.at(time.now))
    time.move(STEP)
    return telephone


@pytest.fixture
def told(both_apps, tmp_path):
    """What the command answers: its exit code, and its lines but the last."""

    def run(*anchors, full=False):
        db.session.rollback()
        (tmp_path / "anchors").write_text("\n".join(anchors))
        options = [*(["--anchors", str(tmp_path / "anchors")] if anchors else []), *(["--full"] if full else [])]
        result = both_apps.test_cli_runner().invoke(verify, options)
        lines = result.output.splitlines()
        assert re.match("sound" if result.exit_code == 0 else rf"faults: {len(lines) - 1}:", lines[-1])
        return result.exit_code, lines[:-1]

    return run


@pytest.fixture
def instance(request, tmp_path):
    """Makes a new instance on a kind of database, in which nothing is; its keeper has the keys of a fund, or none."""
    made = []

    def make(kind: str, keys_of=None):
        folder, settings = tmp_path / f"new-{len(made)}", dict(FAST)
        if kind == "postgresql":
            server, name = request.getfixturevalue("postgresql"), f"new_{os.urandom(6).hex()}"
            execute(server, f"CREATE DATABASE {name}")
            request.addfinalizer(lambda: execute(server, f"DROP DATABASE {name} WITH (FORCE)"))
            settings["DATABASE_URL"] = server.replace("/postgres", f"/{name}")
        if keys_of:
            settings["KEYS_OF"] = keys_of.config["KEYS"]
        made.append(create_app(settings, instance=str(folder)))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def new(both_apps, instance):
    """An empty instance on the same kind of database, whose keeper has the keys."""
    return instance(kind_of(both_apps), both_apps)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "fund.backup"
