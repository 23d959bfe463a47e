"""The command itself: its help, and what Flask and Flask-Migrate bring along."""

import subprocess
import sys

from tests.conftest import ROOT

OURS = {"account", "anchors", "demo", "import", "init", "report", "serve", "verify", "worker"}


def test_help_names_every_command_and_starts_nothing(new_instance, trustfund):
    told = trustfund("--help")
    assert told.code == 0
    named = {line.split()[0] for line in told.out.partition("Commands:\n")[2].splitlines()}
    assert named >= OURS | {"db", "routes", "shell"}
    assert [path.name for path in new_instance.iterdir()] == ["config.py"]


def test_help_loads_no_database_and_no_page():
    heavy = {"sqlalchemy", "flask_babel", "wtforms", "reportlab", "alembic", "trustfund.app"}
    program = (
        "import sys",
        "from trustfund import commands",
        "commands.run(['--help'])",
        "print(*sys.modules, file=sys.stderr)",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(program)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not heavy & set(done.stderr.split())


def test_a_group_alone_shows_what_it_has(instance, trustfund):
    for group in ("account", "import", "db"):
        told = trustfund(group)
        assert told.code == 2
        assert told.err.startswith(f"Usage: trustfund {group} ")


def test_migrations_run_by_hand_leave_the_guards_in_place(instance, trustfund):
    assert trustfund("db", "upgrade").code == 0
    assert trustfund("verify").code == 0
    assert trustfund("db", "check").code == 0


def test_routes_are_listed(instance, trustfund):
    told = trustfund("routes")
    assert told.code == 0
    assert "/healthz" in told.out


def test_a_shell_has_the_application(instance, trustfund):
    told = trustfund("shell", typed="from flask import current_app\nprint(current_app.name)\n")
    assert told.code == 0
    assert "trustfund" in told.out


def test_a_reader_who_has_seen_enough_stops_us_without_a_word(instance, started):
    report = started("report", "audit-trail", "--format", "pdf")
    report.stdout.close()
    assert (report.wait(20), report.stderr.read()) == (1, "")
