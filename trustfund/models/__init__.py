"""What is kept: the tables, and nothing that decides."""

from trustfund.models import (
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
    treasury,
)

__all__ = [
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
    "treasury",
]
