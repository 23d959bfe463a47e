"""`trustfund erase` and `retention run`: what the keeper of a server types and is told."""

import shutil

import pytest


@pytest.fixture
def awa(instance, trustfund):
    """The reference of her account; it ended on 24 January 2018."""
    made = trustfund("account", "create", "--role", "delegate", "--email", "awa@example.org", "--state", "BFA")
    return made.out.split()[2]


def test_a_person_is_erased_by_address_once_and_the_record_verifies(instance, trustfund, awa):
    told = trustfund("erase", "awa@example.org", "--reason", "asked by letter")
    assert (told.code, told.out) == (0, f"account {awa}: erased, entry 4 of the record.\n")
    assert "No backup made by this version of “trustfund backup” shows this person any more." in told.err
    assert trustfund("verify", "--full").code == 0
    assert b"awa@" not in (instance / "trustfund.sqlite").read_bytes()
    again = trustfund("erase", awa, "--reason", "asked by letter")
    assert (again.code, again.err) == (
        1,
        f"The personal data of {awa} were erased already. Nothing has been changed.\n",
    )
    assert (instance / "keys" / "people" / f"{awa}.erased").exists()


def test_nobody_is_erased_without_a_name_or_a_reason(instance, trustfund, awa):
    assert trustfund("erase", "awa@example.org").code == 2
    told = trustfund("erase", "nobody@example.org", "--reason", "asked")
    assert (told.code, told.out) == (1, "")
    assert told.err == "There is no account, application or individual donor “nobody@example.org”.\n"
    assert trustfund("erase", awa, "--reason", " ").code == 1
    assert trustfund("erase", awa, "--reason", "asked").code == 0


def test_the_retention_says_who_is_due_and_erases_them(instance, trustfund, awa, monkeypatch):
    assert trustfund("retention", "run").out == "0 erased, 0 drafts and 0 texts of mails dropped.\n"
    trustfund("account", "end", "awa@example.org")
    monkeypatch.setenv("TRUSTFUND_CLOCK", "2020-02-01T09:00:00Z")
    due = trustfund("retention", "run", "--dry-run")
    assert due.out == (f"account {awa}: due by months_to_keep_accounts\n1 due on 2020-02-01. Nothing was erased.\n")
    told = trustfund("retention", "run")
    assert told.out.startswith(f"account {awa}: erased by months_to_keep_accounts\n1 erased, 0 drafts")
    assert trustfund("verify").code == 0


def test_who_was_erased_after_a_backup_is_erased_again_when_it_is_put_back(
    instance, trustfund, awa, tmp_path, monkeypatch
):
    trustfund("backup", str(tmp_path / "fund.backup"))
    trustfund("erase", awa, "--reason", "asked by letter")
    new = tmp_path / "new"
    shutil.copytree(instance / "keys", new / "keys")
    shutil.copy(instance / "config.py", new)
    monkeypatch.setenv("TRUSTFUND_INSTANCE", str(new))
    told = trustfund("restore", str(tmp_path / "fund.backup"))
    assert (told.code, told.out.splitlines()[1]) == (
        0,
        "1 persons were erased after this copy was made: erased again, an entry each.",
    )
    assert trustfund("verify", "--full").code == 0
    assert b"awa@" not in (new / "trustfund.sqlite").read_bytes()
