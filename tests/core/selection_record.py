"""A selection record of two candidates, and the same with one value otherwise."""

import copy

MAYA = {
    "reference": "N1-7KQ2",
    "state": "NPL",
    "region": "Asia-Pacific Group",
    "category": "LDC",
    "gender": "F",
    "on_time": True,
    "government_order": 1,
    "completed_at": "2018-01-10T09:00:00Z",
    "earlier_seats": 2,
    "charge": "2931.22",
}
BORAN = {
    **MAYA,
    "reference": "N1-1AAA",
    "state": "KEN",
    "region": "African Group",
    "category": "developing",
    "gender": "M",
    "government_order": None,
    "earlier_seats": 0,
    "charge": "3000.5",
}
RECORD = {
    "format": "trustfund-selection/1",
    "meeting": "N1",
    "status_date": "2018-02-20",
    "rules": {
        "priority": ["step", "on-time", "draw"],
        "steps": [["LDC", 1], ["developing", 1]],
        "when_cash_falls_short": "same-step",
        "seed": "A/RES/71/280:N1:été",
    },
    "spendable": "5000",
    "earmarked": [{"category": "LDC", "amount": "931.2"}, {"category": None, "amount": "0.02"}],
    "candidates": [MAYA, BORAN],
}
DELETED = object()


def changed(path: list[str | int], value: object) -> dict:
    """The record with another value, or none, at the path."""
    record = copy.deepcopy(RECORD)
    *way, last = path
    place = record
    for key in way:
        place = place[key]
    if value is DELETED:
        del place[last]
    else:
        place[last] = value
    return record
