"""The auditor's proof: with two files from the desk and plain Python, on a machine that has nothing of ours."""

import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.downloads import code_on, download

pytestmark = pytest.mark.browser


def test_an_auditor_proves_alone_that_nothing_was_changed_and_sees_what_was(person, tmp_path):
    auditor = person("auditor", language="fr", size=(360, 740))
    expect(auditor.get_by_role("heading", level=1)).to_have_text("Tout vérifier, ne rien modifier")
    record = download(auditor, "record.jsonl", tmp_path)
    verifier = download(auditor, "verifier.py", tmp_path)
    anchor = download(auditor, "Télécharger le point d’ancrage du jour, à conserver ailleurs", tmp_path)

    assert _proved(verifier, record, anchor) == (0, ["sound"])

    lines = record.read_text(encoding="utf-8").splitlines()
    altered = tmp_path / "altered.jsonl"
    altered.write_text("\n".join(_dearer(lines)) + "\n", encoding="utf-8")
    code, said = _proved(verifier, altered, anchor)
    assert code == 1
    assert any("hash" in line for line in said), said

    cut = tmp_path / "cut.jsonl"
    cut.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    code, said = _proved(verifier, cut, anchor)
    assert code == 1
    assert any(f"{len(lines)}" in line for line in said), said

    auditor.goto("/auditors/reports/fund-status")
    paper = download(auditor, "PDF", tmp_path)
    auditor.goto("/auditors/proof")
    auditor.get_by_label("Code d’un reçu ou d’un rapport").fill(code_on(paper))
    auditor.get_by_role("button", name="Vérifier").click()
    expect(auditor.get_by_role("status")).to_contain_text(f"{len(lines):,}".replace(",", "\u00a0"))


def _proved(verifier, record, anchor) -> tuple[int, list[str]]:
    """Exit code of the verifier, run as a stranger would, and the first word or the whole of each line it prints."""
    command = [sys.executable, "-I", "-S", str(verifier), str(record), "--anchors", str(anchor)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    return done.returncode, [lines[-1].partition(":")[0]] if done.returncode == 0 else lines


def _dearer(lines: list[str]) -> list[str]:
    """The record, after somebody made the first deposit a cent larger."""
    n = next(n for n, line in enumerate(lines) if '\\"do\\":\\"deposit.recorded\\"' in line)
    entry = json.loads(lines[n])
    body = json.loads(entry["body"])
    body["data"]["amount"] += 1
    entry["body"] = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return [*lines[:n], json.dumps(entry, ensure_ascii=False), *lines[n + 1 :]]
