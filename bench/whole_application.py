"""What a whole application weighs before its uploads, in a real browser: the walk of the browser test tells it."""

import pytest

WALK = "tests/browser/test_one_delegate.py::test_a_delegate_registers_applies_on_a_telephone_in_french_and_is_accepted"


def main() -> None:
    assert pytest.main(["-q", "--capture=no", "--no-header", "--no-summary", WALK]) == 0, "the walk did not end"


if __name__ == "__main__":
    main()
