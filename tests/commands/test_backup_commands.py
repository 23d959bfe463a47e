"""`trustfund backup` and `restore`: what the keeper of a server sees, types and is told."""

import re
import shutil

import pytest

from tests.operations.backups import packed, with_content


@pytest.fixture
def file(tmp_path):
    return tmp_path / "fund.backup"


@pytest.fixture
def new(instance, tmp_path, monkeypatch):
    """From now on the commands work on another machine, on which the copy of the key folder lies."""

    def move(with_keys=True):
        folder = tmp_path / "new"
        folder.mkdir()
        if with_keys:
            shutil.copytree(instance / "keys", folder / "keys")
        shutil.copy(instance / "config.py", folder)
        monkeypatch.setenv("TRUSTFUND_INSTANCE", str(folder))
        return folder

    return move


def more(trustfund, tmp_path, day="2017-04-28"):
    (tmp_path / "rates.csv").write_text(f"currency,per_usd,from,source\nEUR,0.923003,{day},ECB\n")
    assert trustfund("import", "rates", str(tmp_path / "rates.csv")).code == 0


def test_a_backup_tells_what_is_in_it_and_that_the_keys_are_not(instance, trustfund, file):
    seq, head, _ = trustfund("anchors").out.split()
    told = trustfund("backup", str(file))
    assert (told.code, told.err) == (0, "")
    keys, summary = told.out.splitlines()
    assert keys.startswith("The keys are not in it.")
    assert str(instance / "keys") in keys
    assert re.fullmatch(rf"{file}: 0\.\d MB, 0 files, {seq} entries, head {seq}:{head}", summary)


def test_a_restored_fund_is_verified_and_can_be_backed_up_and_served(instance, new, trustfund, file, tmp_path):
    before = trustfund("anchors").out
    trustfund("backup", str(file))
    new()
    told = trustfund("restore", str(file))
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[0].startswith("Restored: UN Multi-Partner Trust Fund")
    assert told.out.splitlines()[1:] == [f"sound: {before.split()[0]} entries, head {':'.join(before.split()[:2])}"]
    assert trustfund("anchors").out == before
    assert trustfund("verify", "--full").code == 0
    assert trustfund("init") == (0, "The fund is set up.\n", "")
    assert trustfund("backup", str(tmp_path / "again")).code == 0


def test_an_anchor_that_the_copy_holds_is_no_fault(instance, new, trustfund, file, tmp_path):
    (tmp_path / "kept").write_text(trustfund("anchors").out)
    more(trustfund, tmp_path)
    trustfund("backup", str(file))
    new()
    assert trustfund("restore", str(file), "--anchors", str(tmp_path / "kept")).code == 0


@pytest.mark.parametrize(("later", "words"), [(1, "1 entry is missing."), (3, "3 entries are missing.")])
def test_a_copy_older_than_an_anchor_says_so(instance, new, trustfund, file, tmp_path, later, words):
    trustfund("backup", str(file))
    end = int(trustfund("anchors").out.split()[0])
    kept = trustfund("anchors").out
    for n in range(later):
        more(trustfund, tmp_path, f"2017-05-1{n}")
        kept += trustfund("anchors").out
    (tmp_path / "kept").write_text(kept)
    folder = new()
    told = trustfund("restore", str(file), "--anchors", str(tmp_path / "kept"))
    assert told.code == 1
    assert told.out.splitlines()[1:-1] == [
        f"This copy ends at entry {end}; the anchor of 2018-01-24 names entry {end + later}: {words}"
    ]
    assert (folder / "trustfund.sqlite").exists(), "it is restored: the keeper decides"


def test_an_anchor_of_another_record_is_a_fault(instance, new, trustfund, file, tmp_path):
    trustfund("backup", str(file))
    seq, head, day = trustfund("anchors").out.split()
    (tmp_path / "kept").write_text(f"{seq} {head[::-1]} {day}\n")
    new()
    told = trustfund("restore", str(file), "--anchors", str(tmp_path / "kept"))
    assert told.code == 1
    assert told.out.splitlines()[1] == f"entry {seq}: is not the entry that the anchor names: the record was rewritten"


@pytest.mark.parametrize(("lines", "says"), [("12 abc\n", "line 1 is not an anchor"), (None, "No such file")])
def test_anchors_that_cannot_be_read_are_told_before_anything_is_restored(
    instance, new, trustfund, refused, file, tmp_path, lines, says
):
    trustfund("backup", str(file))
    if lines:
        (tmp_path / "kept").write_text(lines)
    folder = new()
    code, sentence = refused("restore", str(file), "--anchors", str(tmp_path / "kept"))
    assert code == 2
    assert says in sentence
    assert trustfund("anchors").code == 2, "there is no fund"
    assert not (folder / "files").exists()


def test_a_key_folder_without_the_key_that_signs_is_told(instance, new, trustfund, file):
    trustfund("backup", str(file))
    folder = new()
    next((folder / "keys").glob("signing-*.key")).unlink()
    told = trustfund("restore", str(file))
    assert told.code == 1
    assert told.out.splitlines()[1].startswith(f"The key folder {folder}/keys lacks the key that signs")


def test_without_the_keys_a_backup_is_refused_in_one_sentence(instance, new, trustfund, refused, file):
    trustfund("backup", str(file))
    folder = new(with_keys=False)
    code, says = refused("restore", str(file))
    assert code == 1
    assert says.startswith(f"The key folder {folder}/keys does not hold signing-")


def test_a_fund_and_a_file_that_are_there_are_left(instance, trustfund, refused, file):
    trustfund("backup", str(file))
    assert refused("backup", str(file)) == (1, f"There is a file {file} already; a backup never replaces one.")
    code, says = refused("restore", str(file))
    assert code == 1
    assert says.startswith("The database is not empty")
    assert trustfund("verify").code == 0


def test_a_tampered_file_is_refused_in_one_sentence(instance, new, trustfund, refused, file):
    trustfund("backup", str(file))
    packed(file, with_content("database/event.jsonl", lambda rows: rows.replace(b"system", b"sydney")))
    new()
    assert refused("restore", str(file)) == (
        1,
        "“fund.backup” was changed or damaged after it was made: see “database/event.jsonl” in it. "
        "Nothing was restored.",
    )


def test_what_cannot_be_used_is_named(instance, refused, tmp_path, monkeypatch):
    code, says = refused("restore", str(tmp_path / "nowhere"))
    assert code == 2
    assert "nowhere" in says
    code, says = refused("backup", str(tmp_path / "no" / "folder"))
    assert code == 2
    assert says.endswith("folder.part cannot be used: No such file or directory.")
    monkeypatch.setenv("TRUSTFUND_INSTANCE", str(tmp_path / "empty"))
    shutil.copytree(instance / "keys", tmp_path / "empty" / "keys")
    code, says = refused("backup", str(tmp_path / "file"))
    assert code == 2
    assert "no such table" in says
    assert list(tmp_path.glob("file*")) == []
