"""What the tests of single reports share: a small fund, and its reports by name."""

from datetime import date

import pytest

from tests import builders as b
from trustfund.reports import menu
from trustfund.reports.snapshot import snapshot


@pytest.fixture
def fund(both_apps):
    """Luxembourg paid in euros; Norway, which was to pay in September, owes a fifth; Ms Haddad has announced 500.

    Luxembourg: agreed 54,171.00 on 2 May, received 56,320.00 on 12 June. Norway: agreed 20,000 on 3 July, received
    16,000 on 6 November 2017.
    """
    b.luxembourg_paid()
    omar = b.officer("Omar Idrissi", "paying")
    norway = b.pledge(b.account("donor", "Norway", donor=b.donor("Norway", country="NOR")), "20000.00",
                      expected_on=date(2017, 9, 30), earmark="travel")
    b.agreement(norway, omar, "20000.00", date(2017, 7, 3))
    b.deposit(norway, omar, "16000.00", date(2017, 11, 6), "NO-1")
    b.pledge(b.account("donor", "Haddad", donor=b.donor("Aaliyah Haddad", type="individual", country="")), "500.00")
    return both_apps


def built(name, **asked):
    """A report of the menu; ``asked``: from_day, to_day, as_at."""
    with snapshot(**asked) as taken:
        return menu.find(name).build(taken)


def column(report, *keys):
    """The rows of a report, of these columns only."""
    places = [[c.key for c in report.columns].index(key) for key in keys]
    return [tuple(row[place] for place in places) for row in report.rows]


def money(*rows):
    """Rows as a test writes them: amounts as plain texts."""
    return [tuple(str(value) if value is not None else None for value in row) for row in rows]
