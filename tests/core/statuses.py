"""Statuses of States by day, with the settings of the fund; and graduations as somebody recorded them."""

from datetime import date

from trustfund.core.countries import STATES, state
from trustfund.core.country_amendments import amendment
from trustfund.core.country_status import category_on

T2, T3 = date(2017, 5, 22), date(2017, 6, 19)
ADOPTED, MARRAKECH = date(2017, 4, 6), date(2018, 12, 10)
GRADUATION = date(2026, 11, 24)
SETTINGS = {
    "ldc_transition_years": 0,
    "developing_list": "m49-2017",
    "self_financing_list": "none",
    "admitted_with_flag": ("COK", "NIU"),
    "regional_group_of": dict.fromkeys(("COK", "NIU", "KIR"), "Asia-Pacific Group"),
}


def settings(**changed):
    return {**SETTINGS, **changed}.__getitem__


def category(iso3, day=T2, **more):
    return category_on(state(iso3), day, settings(), **more)


def ldcs(day, **more):
    return {iso3 for iso3 in STATES if category(iso3, day, **more) == "LDC"}


def graduates(iso3, day="2026-11-24", fact="ldc_to", recorded=date(2026, 10, 5), document="A/RES/81/9"):
    return amendment(iso3, fact, day, document=document, effective=recorded, recorded_on=recorded)
