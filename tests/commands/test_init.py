"""`trustfund init`: migrations, keys, the fund from its mandate file; safe to repeat."""

import sqlite3
import stat

from tests.commands.conftest import SALMA
from trustfund.operations import fund


def test_init_makes_a_fund_and_again_changes_nothing(new_instance, trustfund):
    assert trustfund("init") == (0, "The fund is set up.\n", "")
    made = trustfund("anchors").out
    assert trustfund("init") == (0, "The fund is set up.\n", "")
    assert trustfund("anchors").out == made
    assert made.startswith("2 ")
    assert made.endswith(" 2018-01-24\n")


def test_keys_are_for_the_server_alone(new_instance, trustfund):
    trustfund("init")
    files = [path for path in (new_instance / "keys").rglob("*") if path.is_file()]
    assert len(files) >= 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert [path.name for path in new_instance.glob("*.sqlite")] == ["trustfund.sqlite"]


def test_a_changed_mandate_file_is_shown_and_changes_nothing(instance, trustfund, tmp_path):
    changed = tmp_path / "changed.toml"
    changed.write_text(fund.shipped_mandate("a-res-71-280").replace("max_age_days = 35", "max_age_days = 36", 1))
    before = trustfund("anchors").out
    told = trustfund("init", "--mandate", str(changed))
    assert told.code == 1
    assert {"-max_age_days = 35", "+max_age_days = 36"} <= set(told.out.splitlines())
    assert "Nothing was changed" in told.err
    assert trustfund("anchors").out == before


def test_an_amendment_needs_two_persons(instance, refused, tmp_path):
    changed = tmp_path / "changed.toml"
    changed.write_text(fund.shipped_mandate("a-res-71-280") + "\n# changed\n")
    code, says = refused("init", "--mandate", str(changed), "--amend", "A/RES/72/244", "--by", SALMA)
    assert (code, says) == (
        2,
        "An amendment needs two persons: add --by EMAIL and --confirmed-by EMAIL. See “trustfund init --help”.",
    )


def test_the_database_of_another_program_is_left_alone(new_instance, refused):
    with sqlite3.connect(new_instance / "trustfund.sqlite") as other:
        other.execute("CREATE TABLE customer (id INTEGER)")
    for command in ("init", "demo"):
        code, says = refused(command)
        assert code == 1
        assert says.startswith("The database holds the tables of another program (customer …). Nothing was changed")
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("customer",)]
    other.close()


def test_a_mandate_file_that_is_not_there(new_instance, refused):
    assert refused("init", "--mandate", "b-res-1") == (
        1,
        "There is no mandate file b-res-1.toml: No such file or directory.",
    )
