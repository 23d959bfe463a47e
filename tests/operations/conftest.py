"""What the tests of the record share: a small record, and what `trustfund verify` tells about it."""

import re

import pytest

from tests import builders as b
from trustfund.commands.fund import verify
from trustfund.extensions import db


@pytest.fixture
def paid(both_apps):
    """Luxembourg agreed 54,171 and paid 56,320, received by Salma; at the end came a rate."""
    return b.luxembourg_paid()


@pytest.fixture
def told(both_apps, tmp_path):
    """What the command answers: its exit code, and its lines but the last."""

    def run(*anchors, full=False):
        db.session.rollback()
        (tmp_path / "anchors").write_text("\n".join(anchors))
        options = [*(["--anchors", str(tmp_path / "anchors")] if anchors else []), *(["--full"] if full else [])]
        result = both_apps.test_cli_runner().invoke(verify, options)
        lines = result.output.splitlines()
        assert re.match("sound" if result.exit_code == 0 else rf"faults: {len(lines) - 1}:", lines[-1])
        return result.exit_code, lines[:-1]

    return run
