"""What only PostgreSQL minds: bytes and numbers that it does not take are answered in words there too."""

import pytest

from tests import builders as b
from tests.web.test_selection_pages import STRANGE
from tests.web.visitor import Visitor
from trustfund.operations import people

pytestmark = pytest.mark.postgresql


@pytest.fixture
def people_at_work(postgresql_app):
    """An application outside any request, so that each visitor has a context of its own."""
    b.luxembourg_paid()
    b.account("auditor", "Board of Auditors", password=True)
    b.account("administrator", "Dele Adeyemi", password=True)
    for name in ("luxembourg", "salma"):
        people.set_password(people.account_of(f"{name}@example.org"), b.PASSWORD)
    return postgresql_app


def test_strange_words_and_numbers_break_no_page(people_at_work):
    from flask.globals import _cv_app

    token = _cv_app.set(None)
    try:
        for who, paths in {
            "": ("/proof?code=%00", "/proof?code=999999999999999999+abcd+abcd", "/?q=%00"),
            "salma": (
                "/officers/pledges?q=%00%5C",
                "/officers/pledges?q=%5C",
                "/officers/pledges?after=" + "9" * 18,
                "/officers/pledges?after=" + "9" * 40,
                "/officers/pledges?stage=%00",
            ),
            "board": (
                "/auditors/entries?about=%00",
                "/auditors/entries?before=" + "9" * 18,
                "/auditors/entries/" + "9" * 18,
                "/auditors/record.jsonl",
                "/auditors/reports/status-of-contributions",
                "/auditors/reports/journal.csv",
            ),
            "dele": ("/administrators/?after=%00", "/administrators/?q=%00", "/administrators/accounts/new"),
        }.items():
            visitor = Visitor(people_at_work, f"{who}@example.org" if who else "")
            for path in paths:
                assert visitor.open(path).status in (200, 404), path
        for path in (*STRANGE, "/officers/meetings/%00"):
            assert Visitor(people_at_work, "salma@example.org").open(path).status == 404, path
        assert Visitor(people_at_work).sign_in("a\0b", "c\0d").status == 422
        donor = Visitor(people_at_work, "luxembourg@example.org")
        assert donor.fill("/donors/pledges/new", amount="1\x002.00", purpose="travel", earmark="\0").status == 302
        assert donor.fill("/donors/pledges/new", amount="1.00", purpose="travel", key="k\0").status == 302
        assert donor.fill("/donors/pledges/new", amount="1.00", purpose="travel", key="x" * 300).status == 302
    finally:
        _cv_app.reset(token)
