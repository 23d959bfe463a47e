"""The name of a delegate on paper: as it was typed; where the fonts lack its script, what a machine reads beside it."""

from trustfund.models.applications import Application
from trustfund.reports.typeset import drawable


def name_on_paper(application: Application) -> str:
    return _beside(application.full_name, application.passport_name.replace("<<", ", ").replace("<", " "))


def names_on_paper(application: Application) -> tuple[str, str]:
    """Family name, given names."""
    family, _, given = application.passport_name.partition("<<")
    names = (application.family_name, family), (application.given_names, given)
    first, second = (_beside(name, read.replace("<", " ")) for name, read in names)
    return first, second


def _beside(name: str, read: str) -> str:
    return name if drawable(name) or not read else f"{name} ({read})"
