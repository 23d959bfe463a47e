"""The verifier that an auditor takes home finds what `trustfund verify` finds."""

import shutil
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from tests.operations import insider
from tests.operations.test_tampering import CHANGES
from trustfund.core import verifier
from trustfund.extensions import db
from trustfund.models.record import Event
from trustfund.operations import record
from trustfund.services import keys

pytestmark = pytest.mark.usefixtures("paid")


@pytest.fixture
def alone(tmp_path):
    """The verifier, copied to a folder of its own, over the exported record; no package of ours is in reach."""

    def run(*anchors):
        db.session.rollback()
        shutil.copy(verifier.__file__, tmp_path / "verifier.py")
        (tmp_path / "record.jsonl").write_text("".join(record.exported(db.session())), encoding="utf-8")
        (tmp_path / "anchors").write_text("\n".join(anchors))
        public = next(iter(keys.public_keys().values())).hex()
        compared = ["--anchors", "anchors"] if anchors else []
        done = subprocess.run(
            [sys.executable, "-I", "verifier.py", "record.jsonl", "--key", public, *compared],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout.splitlines()[:-1]

    return run


def test_the_verifier_alone_finds_the_exported_record_sound(alone):
    assert alone(record.anchor()) == (0, [])


@pytest.mark.parametrize("what", ["a byte of a body", "a hash", "the last signature", "the last signature taken away"])
def test_the_verifier_alone_names_the_same_change(alone, told, what):
    insider.changes(CHANGES[what][0])
    code, faults = alone()
    assert code == 1
    assert faults[0] == told()[1][0]


def test_the_verifier_alone_names_a_cut_tail_and_a_record_written_anew(alone, told):
    kept = record.anchor()
    insider.changes(*insider.rewritten("Luxembourg", "Monaco"))
    assert alone(kept)[1] == told(kept)[1][:2]
    insider.changes(*insider.CUT)
    assert alone(kept)[1][0] == told(kept)[1][0]


def test_the_verifier_alone_is_not_taken_in_by_a_record_signed_with_another_key(alone):
    """The insider writes every entry anew and introduces a key of his own: all is consistent but the key."""
    own = Ed25519PrivateKey.generate()
    public = own.public_key().public_bytes_raw()
    key_id, kept = verifier.hashlib.sha256(public).hexdigest()[:16], next(iter(keys.public_keys().items()))
    insider.changes(*insider.rewritten(kept[1].hex(), public.hex()))
    insider.changes(*insider.rewritten(kept[0], key_id))
    last = db.session.scalars(select(Event).order_by(Event.seq.desc())).first()
    insider.changes(
        f"UPDATE event SET sig = '{own.sign(bytes.fromhex(last.hash)).hex()}', key_id = '{key_id}' "
        f"WHERE seq = {last.seq}"
    )
    assert alone() == (
        1,
        [
            "entry 1: the first key of the record is not the key known from outside",
            f"entry {last.seq}: is signed with a key that is not the fund's",
        ],
    )
