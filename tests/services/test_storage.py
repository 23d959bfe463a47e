"""Where Awa Traoré's passport lies: sealed under her key, and gone for everybody when the key is destroyed."""

import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trustfund.core.refusal import NotHere
from trustfund.services import chance, keys, storage

AWA, BINTA = "A-7KQ2M9XA", "A-9XA7KQ2M"
PASSPORT = b"%PDF-1.7 passport of Awa"


@pytest.fixture
def folder(app) -> Path:
    return Path(app.config["STORAGE"])


def place(folder: Path, stored: str) -> Path:
    return folder / stored[:2] / stored


def test_a_file_comes_back_as_it_was_kept(folder):
    assert storage.fetch(AWA, storage.keep(AWA, PASSPORT)) == PASSPORT
    assert storage.fetch(AWA, storage.keep(AWA, b"")) == b""


def test_a_file_lies_sealed_and_for_the_server_alone(folder):
    stored = storage.keep(AWA, PASSPORT)
    path = place(folder, stored)
    assert [file for file in folder.rglob("*") if file.is_file()] == [path]
    assert b"passport" not in path.read_bytes()
    assert AWA not in str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_same_file_twice_has_two_names_and_two_seals(folder):
    first, second = storage.keep(AWA, PASSPORT), storage.keep(AWA, PASSPORT)
    assert first != second
    assert place(folder, first).read_bytes() != place(folder, second).read_bytes()


def test_a_seed_repeats_the_name_of_a_file_but_never_its_seal(folder):
    keys.seal_of(AWA, b"")  # so that she has her key
    chance.seed("demonstration")
    first = storage.keep(AWA, PASSPORT)
    sealed = place(folder, first).read_bytes()
    chance.seed("demonstration")
    assert storage.keep(AWA, PASSPORT) == first
    assert place(folder, first).read_bytes() != sealed


@pytest.mark.parametrize("at", [0, 12, 20, -1])
def test_an_altered_file_is_refused(folder, at):
    stored = storage.keep(AWA, PASSPORT)
    path = place(folder, stored)
    sealed = bytearray(path.read_bytes())
    sealed[at] ^= 1
    path.write_bytes(sealed)
    with pytest.raises(storage.Altered, match="is not the one that was sent"):
        storage.fetch(AWA, stored)


@pytest.mark.parametrize("length", [0, 5, 12, 27])
def test_a_file_cut_off_is_refused(folder, length):
    stored = storage.keep(AWA, PASSPORT)
    path = place(folder, stored)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(storage.Altered):
        storage.fetch(AWA, stored)


def test_a_file_under_the_name_of_another_is_refused(folder):
    passport, visa = storage.keep(AWA, PASSPORT), storage.keep(AWA, b"visa")
    place(folder, visa).replace(place(folder, passport))
    with pytest.raises(storage.Altered):
        storage.fetch(AWA, passport)


def test_a_file_of_one_person_does_not_open_for_another(folder):
    storage.keep(BINTA, b"her own")
    stored = storage.keep(AWA, PASSPORT)
    with pytest.raises(storage.Altered):
        storage.fetch(BINTA, stored)


def test_once_the_key_is_destroyed_nobody_reads_the_file_and_no_new_key_is_made(folder):
    stored = storage.keep(AWA, PASSPORT)
    key = keys.folder() / "people" / f"{AWA}.key"
    key.unlink()
    with pytest.raises(NotHere):
        storage.fetch(AWA, stored)
    assert not key.exists()


def test_a_new_key_of_the_person_does_not_open_what_was_erased(folder):
    stored = storage.keep(AWA, PASSPORT)
    (keys.folder() / "people" / f"{AWA}.key").unlink()
    storage.keep(AWA, b"a new passport")
    with pytest.raises(storage.Altered):
        storage.fetch(AWA, stored)


def test_a_removed_file_is_not_here_and_can_be_removed_again(folder):
    stored = storage.keep(AWA, PASSPORT)
    storage.remove(stored)
    storage.remove(stored)
    with pytest.raises(NotHere):
        storage.fetch(AWA, stored)


@pytest.mark.parametrize("name", ["", "../keys/session.key", "/etc/passwd", "0" * 63, "0" * 64 + "\n"])
def test_only_the_name_of_a_file_reaches_the_folder(folder, name):
    with pytest.raises(NotHere):
        storage.fetch(AWA, name)
    with pytest.raises(NotHere):
        storage.remove(name)


def test_a_file_that_cannot_be_written_leaves_nothing(folder, monkeypatch):
    def full(_):
        raise OSError("no space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        storage.keep(AWA, PASSPORT)
    assert [file for file in folder.rglob("*") if file.is_file()] == []


def test_the_key_that_makes_the_hmacs_of_the_record_seals_no_file(folder):
    stored = storage.keep(AWA, PASSPORT)
    sealed = place(folder, stored).read_bytes()
    own = (keys.folder() / "people" / f"{AWA}.key").read_bytes()
    with pytest.raises(InvalidTag):
        AESGCM(own).decrypt(sealed[:12], sealed[12:], stored.encode())
