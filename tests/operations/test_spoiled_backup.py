"""A damaged, foreign or tampered backup is refused in a sentence, and nothing of it is put in place.

SQLite is enough: the file is read before the database is touched.
"""

import io
import json
import tarfile

import pytest

from tests.operations.backups import (
    amna_applied,
    backed_up,
    nothing_in,
    packed,
    put_back,
    restored,
    with_content,
)
from trustfund.core.refusal import Refused
from trustfund.operations import record
from trustfund.services import backup as the_file


@pytest.fixture
def good(app, file, amna_on_sqlite):
    backed_up(file)
    return file


@pytest.fixture
def amna_on_sqlite(app):
    amna_applied()


@pytest.fixture
def refused(app, good, instance):
    """Why a spoiled file is refused; and nothing of it was put in place."""

    new = instance("sqlite", app)

    def why(spoiled=good):
        with new.app_context(), pytest.raises(Refused) as refused:
            put_back(spoiled)
        assert nothing_in(new)
        return str(refused.value)

    return why


def member(name, type=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = type, link
    return info


def test_the_same_members_packed_again_are_taken(app, good, instance):
    packed(good, lambda members: members)
    with restored(good, instance("sqlite", app)):
        assert record.verify(full=True).faults == []


def test_a_file_cut_off_is_refused(good, refused):
    content = good.read_bytes()
    for share in (0, 0.1, 0.5, 0.9, 0.9999):
        good.write_bytes(content[: int(len(content) * share)])
        says = "“fund.backup” is not a backup of a fund, or it is damaged or cut off. Nothing was restored."
        assert refused() == says, share


def test_a_flipped_bit_is_refused(good, refused):
    content = good.read_bytes()
    for share in (0.2, 0.5, 0.8):
        flipped = bytearray(content)
        flipped[int(len(content) * share)] ^= 8
        good.write_bytes(flipped)
        assert "Nothing was restored." in refused(), share


def test_a_file_of_another_kind_is_refused(good, refused, tmp_path):
    letter = tmp_path / "letter"
    letter.write_text("This is a letter. " * 100)
    assert "is not a backup of a fund" in refused(letter)
    with tarfile.open(letter, "w:gz") as tar:
        tar.add(__file__, "test_backup.py")
    assert "holds “test_backup.py”, which no backup of a fund holds" in refused(letter)
    with tarfile.open(letter, "w:gz"):
        pass
    assert "is not a backup of a fund" in refused(letter)


STRANGE = (
    member("../evil"),
    member("/etc/evil"),
    member("files/../../evil"),
    member("files/" + "0" * 64 + "\n"),
    member("database/../evil.jsonl"),
    member("files/" + "0" * 64, tarfile.SYMTYPE, "/etc/passwd"),
    member("files/" + "0" * 64, tarfile.LNKTYPE, "manifest.json"),
    member("files/" + "0" * 64, tarfile.FIFOTYPE),
    member("files/" + "0" * 64, tarfile.CHRTYPE),
    member("files", tarfile.DIRTYPE),
    member("manifest.json"),
    member("files/" + "0" * 64),
)


def test_a_member_that_nobody_listed_is_refused_wherever_it_stands(good, refused):
    content = good.read_bytes()
    for strange in STRANGE:
        for place in (0, 1000):
            good.write_bytes(content)
            packed(good, lambda members, s=strange, n=place: [*members[:n], (s, b""), *members[n:]])
            says = refused()
            assert "Nothing was restored." in says, strange.name
            assert says.isprintable()


def test_a_member_that_is_not_there_is_named(good, refused):
    packed(good, lambda members: [one for one in members if one[0].name != "database/award.jsonl"])
    assert "see “database/award.jsonl” in it" in refused()


def test_a_changed_row_is_named(good, refused):
    packed(good, with_content("database/account.jsonl", lambda rows: rows.replace(b"delegate", b"auditor!")))
    assert "was changed or damaged after it was made: see “database/account.jsonl” in it" in refused()


def test_a_changed_row_and_a_list_that_agrees_with_it_are_known_by_the_signature(good, refused):
    def forged(members):
        spoiled = dict(with_content("database/account.jsonl", lambda rows: rows.replace(b"SDN", b"TCD"))(members))
        contents = {info.name: content for info, content in spoiled.items()}
        manifest = json.loads(contents["manifest.json"])
        digest, size = the_file._digest(io.BytesIO(contents["database/account.jsonl"]))
        manifest["members"]["database/account.jsonl"] |= {"sha256": digest, "size": size}
        contents["manifest.json"] = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
        return [(info, contents[info.name]) for info, _ in members]

    packed(good, forged)
    assert "see “manifest.json” in it" in refused()


def test_a_signature_that_is_none_is_refused(good, refused):
    content = good.read_bytes()
    for signature in (b"", b"{}", b"[]", b"no", b'{"key_id":"0","sig":"zz"}'):
        good.write_bytes(content)
        packed(good, with_content("manifest.sig", lambda _, s=signature: s))
        assert "Nothing was restored." in refused(), signature
