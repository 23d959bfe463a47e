"""What the tests of single reports share: a small fund."""

from datetime import date

import pytest

from tests import builders as b
from tests.beginnings import begun


@pytest.fixture
def fund(both_apps):
    begun(contributions)
    return both_apps


def contributions() -> None:
    """Luxembourg paid in euros; Norway was to pay in September and owes a fifth; Ms Haddad, a person, announced 500.

    Luxembourg: agreed 54,171.00 on 2 May, received 56,320.00 on 12 June. Norway: agreed 20,000 on 3 July, received
    16,000 on 6 November 2017.
    """
    b.luxembourg_paid()
    omar = b.officer("Omar Idrissi", "paying")
    norway = b.pledge(
        b.account("donor", "Norway", donor=b.donor("Norway", country="NOR")),
        "20000.00",
        expected_on=date(2017, 9, 30),
        earmark="travel",
    )
    b.agreement(norway, omar, "20000.00", date(2017, 7, 3))
    b.deposit(norway, omar, "16000.00", date(2017, 11, 6), "NO-1")
    b.pledge(b.account("donor", "Haddad", donor=b.donor("Zahra Haddad", type="individual", country="")), "500.00")
