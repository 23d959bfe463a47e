"""What can be wrong around a command: settings, folders, keys, the database. Always one sentence, never a traceback."""

import shutil
import sqlite3

import pytest

from tests.commands.conftest import SALMA
from trustfund.core.refusal import Refused
from trustfund.operations import record

CREATE = ("account", "create", "--role", "officer", "--email", SALMA)


@pytest.mark.parametrize(
    ("name", "text", "should"),
    [
        ("CLOCK", "yesterday", "an instant with its time zone, for example 2018-01-24T14:00:00Z"),
        ("CLOCK", "2018-01-24T14:00:00", "an instant with its time zone, for example 2018-01-24T14:00:00Z"),
        (
            "DATABASE_URL",
            "nonsense",
            "the address of a database, sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME",
        ),
        (
            "DATABASE_URL",
            "mysql://localhost/fund",
            "the address of a database, sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME",
        ),
        (
            "DATABASE_URL",
            "postgresql+psycopg://localhost:port/fund",
            "the address of a database, sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME",
        ),
        ("MAIL", "mail.example.org", "smtp://HOST or file:FOLDER"),
        ("PUBLIC_URL", "fund.example.org", "an address that begins with http:// or https://"),
        ("LOCK_SECONDS", "ten", "a whole number"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(instance, refused, monkeypatch, name, text, should):
    monkeypatch.setenv(f"TRUSTFUND_{name}", text)
    assert refused("anchors") == (2, f"TRUSTFUND_{name} is “{text}”; it should be {should}.")


def test_an_instance_that_cannot_be_a_folder(refused, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("TRUSTFUND_INSTANCE", str(tmp_path / "file"))
    assert refused("init") == (2, f"{tmp_path}/file cannot be used: File exists.")


def test_a_folder_in_which_nothing_can_be_written(refused, monkeypatch):
    monkeypatch.setenv("TRUSTFUND_INSTANCE", "/sys/trustfund")  # not even root writes there
    code, says = refused("init")
    assert code == 2
    assert says.startswith("/sys/trustfund cannot be used: ")


@pytest.mark.parametrize("spoiled", ["missing", "unreadable"])
def test_a_deed_without_the_key_that_signs_is_not_done(instance, trustfund, refused, spoiled):
    before, key = trustfund("anchors").out, instance / "keys" / "signing"
    key.unlink()
    if spoiled == "unreadable":
        key.mkdir()
    code, says = refused(*CREATE)
    assert code == 2
    assert says.startswith(f"{key} cannot be used: ")
    assert trustfund("anchors").out == before


@pytest.mark.parametrize("command", [("anchors",), ("verify",), ("report", "journal")])
def test_before_init_what_reads_says_where_it_looked_and_makes_nothing(new_instance, refused, command):
    code, says = refused(*command)
    assert code == 2
    assert says.startswith(f"There is no fund in {new_instance}. Name its folder with TRUSTFUND_INSTANCE")
    assert [path.name for path in new_instance.rglob("*") if path.name != "config.py" and path.is_file()] == []


def test_before_init_what_writes_says_what_to_do(new_instance, refused):
    code, says = refused(*CREATE)
    assert code == 2
    assert "run “trustfund init” first" in says


def test_a_file_that_is_no_database(new_instance, refused):
    (new_instance / "trustfund.sqlite").write_text("This is a letter, not a database. " * 40)
    for command in ("anchors", "init", "serve"):
        assert refused(command) == (2, "The database cannot be used: file is not a database.")
    assert refused("verify") == (2, "could not read: file is not a database")


def test_a_database_server_that_does_not_answer(instance, refused, monkeypatch):
    monkeypatch.setenv("TRUSTFUND_DATABASE_URL", "postgresql+psycopg://fund@127.0.0.1:1/fund")
    for command in (("anchors",), ("init",), ("demo",), CREATE):
        code, says = refused(*command)
        assert code == 2
        assert "Connection refused" in says


def test_a_database_that_another_program_holds(instance, trustfund, refused, monkeypatch):
    monkeypatch.setenv("TRUSTFUND_LOCK_SECONDS", "1")
    other = sqlite3.connect(instance / "trustfund.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    code, says = refused(*CREATE)
    assert code == 1
    assert says.startswith("Another deed takes longer than usual. Nothing has been changed")
    assert trustfund("verify").code == 0, "who reads does not wait"
    other.rollback()
    other.close()


def test_a_copy_of_the_database_alone_is_no_fund_that_can_be_served(instance, new_instance, refused):
    shutil.copy(instance / "trustfund.sqlite", new_instance / "trustfund.sqlite")
    assert refused("serve")[0] == 2


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("nonsense",), "No such command 'nonsense'. See “trustfund --help”."),
        (("--nonsense",), "No such option '--nonsense'"),
        (("verify", "--fully"), "No such option '--fully'"),
        (("verify", "now"), "Got unexpected extra argument (now). See “trustfund verify --help”."),
        (("import", "letters", "x.csv"), "No such command 'letters'. See “trustfund import --help”."),
        (("run",), "No such command 'run'"),
    ],
)
def test_wrong_use_is_told_and_where_to_read_more(instance, refused, args, says):
    code, sentence = refused(*args)
    assert code == 2
    assert sentence.startswith(says)


@pytest.fixture
def broken(monkeypatch):
    """A fault of our own, in a command."""

    def fails():
        raise KeyError("head")

    monkeypatch.setattr(record, "anchor", fails)


@pytest.mark.usefixtures("broken")
def test_a_fault_of_our_own_is_a_sentence_and_with_debug_the_whole_story(instance, trustfund, refused, monkeypatch):
    assert refused("anchors") == (
        1,
        "This should not have happened: KeyError: 'head'. “trustfund --debug …” shows where.",
    )
    monkeypatch.setenv("FLASK_DEBUG", "0")  # which --debug sets
    with pytest.raises(KeyError):
        trustfund("--debug", "anchors")


def test_stopped_by_the_person(instance, trustfund, monkeypatch):
    def stopped():
        raise KeyboardInterrupt

    monkeypatch.setattr(record, "anchor", stopped)
    assert trustfund("anchors") == (1, "", "\nStopped. Nothing half done was kept.\n")  # the terminal shows ^C first


def test_a_refusal_of_the_fund_is_its_own_sentence(instance, refused, monkeypatch):
    def no():
        raise Refused("There is no {what}.", what="head")

    monkeypatch.setattr(record, "anchor", no)
    assert refused("anchors") == (1, "There is no head.")
