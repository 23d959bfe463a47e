"""What a donor is called where a person reads it."""

from datetime import date

from trustfund.core.countries import STATES
from trustfund.i18n import language


def donor_name(name: str, country: str, day: date) -> str:
    """A State is called as the reader’s language calls it; every other donor as it calls itself."""
    state = STATES.get(country)
    return state.name_on(day, language()) if state and state.name_on(day) == name else name
