"""The verifier on its own, as an auditor runs it: python verifier.py record.jsonl."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.signed_record import FUND, record
from trustfund.core import verifier

VERIFIER = Path(verifier.__file__)


def verified(tmp_path: Path, events, *options: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "record.jsonl"
    file.write_text("".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events), encoding="utf-8")
    return run(str(file), *options)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Alone and isolated, as an auditor would: no package of ours, nothing installed."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_alone_it_says_sound_with_the_head_and_exits_0(tmp_path):
    sound = record()
    anchors = tmp_path / "anchors"
    anchors.write_text(f"# kept at the mission\n5 {sound.head[1].upper()} 2018-01-24\n", encoding="utf-8")
    done = verified(tmp_path, sound.events, "--key", FUND.public.hex(), "--anchors", str(anchors), "--full")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"sound: 5 entries, head {sound.head[1]}, anchors: 1\n"


def test_a_file_without_an_anchor_proves_nothing_and_is_told(tmp_path):
    (tmp_path / "anchors").write_text("# none yet\n", encoding="utf-8")
    done = verified(tmp_path, record().events, "--anchors", str(tmp_path / "anchors"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "holds no anchor" in done.stderr


def test_alone_it_names_each_fault_and_exits_1(tmp_path):
    changed = record().events
    changed[1]["body"] = changed[1]["body"].replace("NOR", "NOS")
    done = verified(tmp_path, changed)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("entry 2: was changed: its body does not give its hash\n")
    assert f"\nfaults: {len(done.stdout.splitlines()) - 1}: 5 entries, head " in done.stdout


def test_alone_it_exits_1_on_a_last_hash_that_is_no_number(tmp_path):
    changed = record().events
    changed[-1]["hash"] = "g" + changed[-1]["hash"][1:]
    done = verified(tmp_path, changed)
    assert (done.returncode, done.stderr) == (1, "")
    assert "entry 5: its signature does not hold" in done.stdout


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]\n",
        '{"seq":1}\n',
        '"a"\n',
        "\n",
        "[" * 100_000,
        '{"seq":1,"prev":"","hash":"","body":""',
        "\udcff",
    ],
)
def test_alone_it_says_that_it_could_not_read_and_exits_2(tmp_path, text):
    file = tmp_path / "record.jsonl"
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    done = run(str(file))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("could not read: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nowhere.jsonl"],
        ["nowhere.jsonl", "--key", "no-key"],
        ["nowhere.jsonl", "--anchors", "nowhere"],
        ["--what"],
    ],
)
def test_alone_wrong_use_exits_2(arguments, tmp_path):
    done = run(*(str(tmp_path / word) if "nowhere" in word else word for word in arguments))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_verifier_is_one_file_that_a_person_reads_in_a_sitting():
    lines = VERIFIER.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 250
    imported = {line.split()[1].partition(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)
