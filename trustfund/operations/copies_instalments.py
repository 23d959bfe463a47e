"""What the tables of instalments, conditions and reminders should say, read from the events. ``copies`` compares."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, String, cast, func, select

from trustfund.models.contributions import Instalment, Notice, Pledge
from trustfund.operations.copies_sealed import Tables
from trustfund.operations.copies_selections import Body, as_kept

UNCONDITIONAL: dict[str, Any] = {"condition": "", "condition_met_on": None, "promised": 0}
"""What a pledge says of a condition as long as none is agreed."""


def set_out(tables: Tables, body: Body, data: Body) -> None:
    """The instalments as this event has them, instead of those there were; older events say nothing of them."""
    if "instalments" not in data:
        return
    kept, n = tables["instalment"], 1
    while kept.pop(f"{body['on']} {n}", None):
        n += 1
    for number, (day, amount) in enumerate(data["instalments"], 1):
        kept[f"{body['on']} {number}"] = {"due_on": day, "amount": amount, "seq": body["seq"]}


def promised(tables: Tables, body: Body, data: Body) -> None:
    """A conditional agreement: it books nothing."""
    tables["pledge"][body["on"]] |= {
        "document": data["document"],
        "agreed_on": data["day"],
        "condition": data["condition"],
        "promised": data["amount"],
        "state": body["to"],
        "seq": body["seq"],
    }
    set_out(tables, body, data)


def _met(tables: Tables, body: Body, data: Body) -> None:
    row = tables["pledge"][body["on"]]
    row["agreed"] += data["amount"]
    row["agreed_usd"] += data["usd"]
    row |= {"condition_met_on": data["day"], "state": body["to"], "seq": body["seq"]}
    set_out(tables, body, data)


def _reminded(tables: Tables, body: Body, data: Body) -> None:
    said = {"kind": data["kind"], "recipients": data["recipients"], "at": body["at"]}
    tables["notice"][f"{body['on']} {data['instalment']} {body['seq']}"] = said


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {"condition.met": _met, "reminder.sent": _reminded}

_OF = func.coalesce(Pledge.reference, "") + " " + cast(Instalment.number, String)
KEPT: dict[str, Select[Any]] = {
    "instalment": select(
        _OF.label("reference"), as_kept(Instalment.due_on), Instalment.amount, Instalment.seq
    ).outerjoin(Pledge, Pledge.id == Instalment.pledge_id),
    "notice": select(
        (func.coalesce(_OF, "") + " " + cast(Notice.seq, String)).label("reference"),
        Notice.kind,
        Notice.recipients,
        as_kept(Notice.at),
    )
    .outerjoin(Instalment, Instalment.id == Notice.instalment_id)
    .outerjoin(Pledge, Pledge.id == Instalment.pledge_id),
}
"""Table -> its rows, called as the readers call them."""
