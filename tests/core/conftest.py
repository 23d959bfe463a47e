"""What the tests of the rules share."""

import pytest

from tests.core.mandates import TEXT
from trustfund.core.mandate import Mandate, load


@pytest.fixture(scope="module")
def mandate() -> Mandate:
    """The shipped one."""
    return load(TEXT)
