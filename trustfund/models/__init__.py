"""What is kept: the tables, and nothing that decides."""

from trustfund.models import (
    activities,
    allowances,
    applications,
    awards,
    closings,
    contributions,
    fund,
    mail,
    people,
    record,
    selections,
    statements,
    treasury,
)

__all__ = [
    "activities",
    "allowances",
    "applications",
    "awards",
    "closings",
    "contributions",
    "fund",
    "mail",
    "people",
    "record",
    "selections",
    "statements",
    "treasury",
]
