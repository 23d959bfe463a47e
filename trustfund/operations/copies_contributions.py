"""What later deeds say of pledges and deposits, read from the events. ``copies`` compares the tables."""

from collections.abc import Callable

from trustfund.operations import copies_instalments
from trustfund.operations.copies_closings import stated
from trustfund.operations.copies_sealed import Tables
from trustfund.operations.copies_selections import Body, confirmed


def applied(tables: Tables, body: Body, data: Body) -> None:
    """A deposit was booked against a pledge, when it came or later."""
    row = tables["pledge"][body["on"]]
    row["received"] += data["amount"]
    row["received_usd"] += data["usd"]
    _released(tables, body)


def _amended(tables: Tables, body: Body, data: Body) -> None:
    terms = ("amount", "currency", "purpose", "earmark", "expected_on")
    tables["pledge"][body["on"]] |= {name: data[name] for name in terms} | {"seq": body["seq"]}
    copies_instalments.set_out(tables, body, data)


def _withdrawn(tables: Tables, body: Body, data: Body) -> None:
    tables["pledge"][body["on"]] |= {"state": body["to"], "seq": body["seq"]}


def _attached(tables: Tables, body: Body, data: Body) -> None:
    applied(tables, body, data)
    tables["deposit"][data["deposit"]] |= {
        "pledge": body["on"],
        "difference_usd": data["difference_usd"],
        "attached_seq": body["seq"],
    }


def _split(tables: Tables, body: Body, data: Body) -> None:
    """The first part is the deposit itself; the others are like it, but for what they are worth."""
    whole, count = tables["deposit"][body["on"]], len(data["parts"])
    for number, part in enumerate(data["parts"], 1):
        said = {"amount": part["amount"], "usd": part["usd"], "part": number, "parts": count}
        tables["deposit"][part["deposit"]] = whole | said


def _overpayment_agreed(tables: Tables, body: Body, data: Body) -> None:
    row = tables["pledge"][body["on"]]
    row["agreed"] += data["amount"]
    for name in ("agreed_usd", "released_usd"):  # it came before it was agreed: nothing of it is receivable
        row[name] += data["usd"]
    row |= {"state": body["to"], "seq": body["seq"]}


def _overpayment_refunded(tables: Tables, body: Body, data: Body) -> None:
    row = tables["pledge"][body["on"]]
    row["refunded"] += data["refunded"]
    row |= {"state": body["to"], "seq": body["seq"]}
    stated(tables, body, data, "refund")
    confirmed(tables, body, data)


def _written_off(tables: Tables, body: Body, data: Body) -> None:
    tables["pledge"][body["on"]]["written_off"] += data["amount"]
    _released(tables, body)
    confirmed(tables, body, data)


def _released(tables: Tables, body: Body) -> None:
    """What the entry takes from the receivable, at its booked value; and where the pledge stands after it."""
    row = tables["pledge"][body["on"]]
    row["released_usd"] -= sum(
        p["usd"] for p in body["post"] if p["account"] == "contributions-receivable" and p["usd"] < 0
    )
    row["state"], row["seq"] = body["to"], body["seq"]


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {
    "pledge.amended": _amended,
    "pledge.withdrawn": _withdrawn,
    "deposit.attached": _attached,
    "deposit.split": _split,
    "overpayment.agreed": _overpayment_agreed,
    "overpayment.refunded": _overpayment_refunded,
    "contribution.written-off": _written_off,
}
