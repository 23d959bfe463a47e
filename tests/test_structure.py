"""The shape of the house, kept by machine: what may know what, how long things get, and that nothing lacks its word."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from tests.conftest import ROOT
from trustfund.core.mandate import load
from trustfund.core.record import ACTIONS, REFUSALS
from trustfund.core.roles import MAY
from trustfund.extensions import db
from trustfund.reports import words

SOURCES = sorted((ROOT / "trustfund").rglob("*.py"))
FRAMEWORKS = {"flask", "sqlalchemy", "wtforms", "reportlab", "flask_babel", "flask_login", "alembic"}
LONGEST_FILE, LONGEST_FUNCTION = 360, 60  # as the formatter lays them out


def loaded_by(statements: str) -> set[str]:
    """The top-level packages, and ours in full, that a fresh Python has loaded after these statements."""
    program = f"{statements}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    names = json.loads(done.stdout.splitlines()[-1])
    return {name if name.startswith("trustfund") else name.partition(".")[0] for name in names}


def test_the_core_loads_without_flask_and_without_a_database():
    rooms = sorted((ROOT / "trustfund/core").glob("[a-z]*.py"))
    loaded = loaded_by("\n".join(f"import trustfund.core.{path.stem}" for path in rooms))
    assert "trustfund.core.verifier" in loaded
    assert not loaded & FRAMEWORKS
    assert {name for name in loaded if name.startswith("trustfund.")} == {
        name for name in loaded if name.startswith("trustfund.core")
    }


def test_the_command_loads_nothing_of_ours_until_it_runs():
    loaded = loaded_by("import trustfund.cli")
    assert {name for name in loaded if name.startswith("trustfund")} == {"trustfund", "trustfund.cli"}
    assert not loaded & (FRAMEWORKS | {"click"})


def test_the_verifier_needs_the_standard_library_only():
    imported = {name.partition(".")[0] for name in _imports(ROOT / "trustfund/core/verifier.py")}
    assert imported <= set(sys.stdlib_module_names)


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_below_the_web_nobody_knows_a_request_or_the_user_or_asks_the_clock_of_the_machine():
    """Who and when are arguments (services.clock is the one place that reads the machine's time)."""
    wrong = []
    for path in SOURCES:
        room = path.relative_to(ROOT / "trustfund").parts[0]
        if room not in ("core", "models", "services", "operations") or path.name == "clock.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
            called = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
            of = node.func.value.id if called and isinstance(node.func.value, ast.Name) else ""
            asks = of in ("date", "datetime") and called in ("now", "today", "utcnow")
            if asks or names & {"current_user", "request"}:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []


def test_no_file_of_the_product_is_longer_than_360_lines():
    """Longer: ask which second idea is in it."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_function_of_the_product_is_longer_than_60_lines():
    long = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = lines
    assert long == {}


def test_the_migrations_make_exactly_the_tables_of_the_models(both_apps: Flask):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, db.metadata) == []


def test_the_migrations_are_numbered_one_after_the_other():
    names = sorted(path.name for path in (ROOT / "migrations/versions").glob("*.py"))
    assert [name[:5] for name in names] == [f"{n:04}_" for n in range(1, len(names) + 1)]


@pytest.mark.parametrize("path", sorted((ROOT / "trustfund/mandates").glob("*.toml")), ids=lambda path: path.stem)
def test_every_rule_fee_and_setting_of_a_mandate_names_its_authority(path: Path):
    mandate = load(path.read_text(encoding="utf-8"))
    rows = (
        *mandate.purposes,
        *mandate.fees,
        *mandate.reserves,
        mandate.rates,
        *mandate.eligibility,
        *mandate.priority,
        *mandate.settings.values(),
    )
    assert len(rows) > 30
    assert [row for row in rows if not ("para" in row.authority or "fund practice" in row.authority)] == []


def test_every_action_of_the_record_has_a_phrase_for_people():
    assert set(words.ACTION) == ACTIONS | REFUSALS
    assert all(words.ACTION.values())


def test_every_deed_is_an_action_of_the_record_and_says_who_may_do_it():
    """`key.introduced` and `mandate.adopted` are done by `trustfund init` alone."""
    done = {
        node.args[0].value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "deed"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert done <= set(MAY)
    assert set(MAY) | {"key.introduced", "mandate.adopted"} == ACTIONS


@pytest.mark.parametrize("name", ["event", "posting", "head", "balance"])
def test_the_tables_of_the_record_are_called_as_others_expect(name: str):
    assert name in db.metadata.tables


def test_no_file_names_this_machine_or_where_packages_come_from():
    wrong = []
    for path in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=True,
    ).stdout.splitlines():
        file = ROOT / path
        if file.suffix in {".png", ".ttf", ".woff2", ".pdf", ".mo", ".xlsx"} or file == Path(__file__):
            continue
        text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
        wrong += [f"{path}: {mark}" for mark in (str(ROOT), "/root/", "index-url") if mark in text]
    assert wrong == []
