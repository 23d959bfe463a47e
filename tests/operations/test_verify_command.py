"""`trustfund verify` as a process of its own: 0 sound, 1 faults, 2 could not read; never a traceback."""

import os
import subprocess
import sys

import pytest

from tests import builders as b
from tests.conftest import ROOT
from tests.operations import insider
from tests.operations.insider import place_of
from trustfund.commands.fund import verify
from trustfund.extensions import db
from trustfund.operations import record


def verified(app, **environment):
    db.session.rollback()
    done = subprocess.run(
        [sys.executable, "-m", "trustfund.cli", "verify"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ
        | {
            "TRUSTFUND_INSTANCE": app.instance_path,
            "TRUSTFUND_SECRET_KEY": "tests only",
            "TRUSTFUND_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        }
        | environment,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_the_command_answers_0_for_sound_and_1_for_faults(both_apps):
    b.donor("Luxembourg")
    assert verified(both_apps)[0] == 0
    insider.changes("UPDATE event SET body = replace(body, 'LUX', 'LUY')")
    code, out, _ = verified(both_apps)
    assert (code, out.splitlines()[0]) == (
        1,
        f"entry {place_of('donor.registered')}: was changed: its body does not give its hash",
    )


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:///{}/text.sqlite",
        "postgresql+psycopg://trustfund@127.0.0.1:1/nothing",
    ],
)
def test_the_command_answers_2_for_a_database_that_it_cannot_read(app, tmp_path, address):
    (tmp_path / "text.sqlite").write_text("this is no database, " * 200)
    code, out, err = verified(app, TRUSTFUND_DATABASE_URL=address.format(tmp_path))
    assert (code, out) == (2, "")
    assert err.startswith("could not read: ")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("file", ["nowhere/trustfund.sqlite", "empty.sqlite"])
def test_the_command_answers_2_where_no_fund_is_and_makes_nothing(app, tmp_path, file):
    address = f"sqlite:///{tmp_path}/{file}"
    code, out, err = verified(app, TRUSTFUND_DATABASE_URL=address)
    assert (code, out) == (2, "")
    assert err.startswith(f"There is no fund in {address}. ")
    assert not (tmp_path / file).exists()


def test_the_command_answers_2_for_anchors_that_it_cannot_read(both_apps, tmp_path):
    (tmp_path / "anchors").write_text("12 abc\n")
    for file in ("anchors", "nowhere"):
        result = both_apps.test_cli_runner().invoke(verify, ["--anchors", str(tmp_path / file)])
        assert (result.exit_code, result.stdout) == (2, "")


# What only SQLite can hold


def test_a_byte_that_is_no_text_is_named(app):
    b.donor()
    changed = place_of("donor.registered")
    insider.changes(f"UPDATE event SET body = CAST(X'80' || substr(body, 2) AS TEXT) WHERE seq = {changed}")
    assert record.verify().faults[0] == f"entry {changed}: was changed: its body does not give its hash"


def test_a_day_that_is_none_is_named(app):
    b.luxembourg_paid()
    insider.changes("UPDATE posting SET day = 'never' WHERE account = 'cash:main'")
    assert record.verify().faults == [
        f"entry {place_of('deposit.recorded')}: its postings in the books differ from its body"
    ]
