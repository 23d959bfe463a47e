"""What the tests of deeds share: a small record and a rich fund, and what `trustfund verify` tells about them."""

import re

import pytest

from tests import builders as b
from tests import closings, surpluses
from trustfund.commands.fund import verify
from trustfund.extensions import db


@pytest.fixture
def paid(both_apps):
    """Luxembourg agreed 54,171 and paid 56,320, received by Salma; at the end came a rate."""
    return b.luxembourg_paid()


@pytest.fixture
def money(both_apps):
    """Nine millions in the bank, of which 40,000 are allotted to the first round."""
    surpluses.fund(surpluses.RICH)


@pytest.fixture
def officers(both_apps):
    """Lise, Rafael, Salma and Miriam in January 2019, when the fund is to be closed."""
    with closings.officers():
        yield


@pytest.fixture
def fund(officers):
    """What they have to close: gifts of three States, and journeys of the summer before."""
    closings.fund()


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
