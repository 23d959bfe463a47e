"""What the tables of daily allowances and provisions should say, read from the events. ``copies`` compares them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, String, cast, select, type_coerce

from trustfund.core.verifier import canonical
from trustfund.models.allowances import DsaRate, ProvisionRow
from trustfund.operations.copies_sealed import Tables
from trustfund.operations.copies_selections import Body


def _recorded(tables: Tables, body: Body, data: Body) -> None:
    names = ("currency", "rate", "lodging", "source")
    tables["dsa_rate"][f"{data['place']} {data['day']}"] = {name: data[name] for name in names} | {"seq": body["seq"]}


def _provided(tables: Tables, body: Body, data: Body) -> None:
    tables["provision"][f"{data['meeting']} {data['number']}"] = {
        "content": canonical(data["provision"]),
        "seq": body["seq"],
    }


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {
    "dsa.recorded": _recorded,
    "provision.recorded": _provided,
}
KEPT: dict[str, Select[Any]] = {
    "dsa_rate": select(
        (DsaRate.place + " " + type_coerce(DsaRate.day, String)).label("reference"),
        DsaRate.currency,
        DsaRate.rate,
        DsaRate.lodging,
        DsaRate.source,
        DsaRate.seq,
    ),
    "provision": select(
        (ProvisionRow.meeting + " " + cast(ProvisionRow.number, String)).label("reference"),
        ProvisionRow.content,
        ProvisionRow.seq,
    ),
}
"""Table -> its rows, called as the readers call them."""
