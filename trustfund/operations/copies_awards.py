"""What the tables of awards, payments and claims should say, read from the events. ``copies`` compares them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import aliased

from trustfund.core.roles import Role
from trustfund.core.verifier import canonical
from trustfund.models.applications import Application
from trustfund.models.awards import Act, Award, BankDetails, Claim, Payment, PaymentOrder, Quote, Recovery, Settlement
from trustfund.models.people import Account
from trustfund.models.selections import Selection
from trustfund.operations.award_standing import ACT_OF
from trustfund.operations.copies_sealed import SEALS, Row, Tables
from trustfund.operations.copies_selections import Body, as_kept, confirmed

OFFERED: Row = {
    "resumes": None,
    "round": 1,
    "charge": None,
    "lines": "",
    "advance": 0,
    "approvals_needed": 1,
    "days_before": None,
    "days_after": None,
    "visa": 0,
    "method": "cash",
    "bank_reference": "",
    "ticket": None,
    "ticketed_on": None,
    "claim_due": None,
}
"""An award of which nothing is known yet but the seat."""


def _offered(tables: Tables, body: Body, data: Body) -> None:
    tables["award"][body["on"]] = {**OFFERED, **data["award"], "stage": body["to"], "seq": body["seq"]}


def _moved(tables: Tables, body: Body, data: Body) -> None:
    """Every deed on an award: who acted, the columns that changed, and the seals of what was written."""
    row = tables["award"][body["on"]]
    _acted(tables, body, row["round"])
    row |= data["award"] | {"stage": body["to"], "round": data["round"], "seq": body["seq"]}
    for name, seal in data.get("sealed", {}).items():
        _sealed(tables, body, f"{body['on']} {name}", seal)
    confirmed(tables, body, data)


def _acted(tables: Tables, body: Body, round_: int) -> None:
    """The act that two deeds of one person are barred by: entered once in a round, in that which the deed found."""
    travels = body["do"] == "award.accepted" and tables["account"].get(body["by"], {}).get("role") == Role.DELEGATE
    if act := "travel" if travels else ACT_OF.get(body["do"]):
        said = {"at": body["at"], "seq": body["seq"]}
        tables["act"].setdefault(f"{body['on']} {round_} {act} {body['by']}", said)


def _sealed(tables: Tables, body: Body, name: str, seal: str | None) -> None:
    tables[SEALS][name] = {"seal": seal, "by": body["by"]}


def _replaced(tables: Tables, body: Body, data: Body) -> None:
    """The new person takes over the seat, the instant and the order."""
    _moved(tables, body, data)
    comes = data["application"]
    tables["award"][body["on"]]["application"] = comes
    tables["application"][comes]["completed_at"] = data["completed_at"]
    _chosen(tables, body, data)
    tables[SEALS][comes]["seal"] = data["seal"]
    if comes in tables["nomination"]:
        tables["nomination"][comes]["government_order"] = data["order"]


def _quoted(tables: Tables, body: Body, data: Body) -> None:
    _moved(tables, body, data)
    quote = data["quote"]
    name = f"{body['on']} {quote['number']}"
    tables["quote"][name] = {"usd": quote["usd"], "day": quote["day"], "seq": body["seq"]}
    _sealed(tables, body, f"quote {name}", quote["seal"])
    _chosen(tables, body, data)


def _changed(tables: Tables, body: Body, data: Body) -> None:
    _moved(tables, body, data)
    if "chosen" in data:
        _chosen(tables, body, data)


def _chosen(tables: Tables, body: Body, data: Body) -> None:
    number = 1
    while row := tables["quote"].get(f"{body['on']} {number}"):
        row["chosen"] = number == data["chosen"]
        number += 1


def _bank(tables: Tables, body: Body, data: Body) -> None:
    _moved(tables, body, data)
    said = {"award": body["on"], "by": body["by"], "at": body["at"], "seq": body["seq"]}
    tables["bank_details"][data["bank"]] = said | {name: data[name] for name in ("person", "currency")}
    tables[SEALS][data["bank"]] = {"seal": data["seal"]}


def _paid(tables: Tables, body: Body, data: Body) -> None:
    _moved(tables, body, data)
    names = ("order", "kind", "usd", "currency", "amount", "per_usd", "bank")
    row = {name: data[name] for name in names} | {"award": body["on"], "stage": "paid", "seq": body["seq"]}
    tables["payment"][data["payment"]] = row


def _failed(tables: Tables, body: Body, data: Body) -> None:
    _moved(tables, body, data)
    tables["payment"][data["payment"]] |= {"stage": "failed", "seq": body["seq"]}
    _sealed(tables, body, data["payment"], data["seal"])


def _released(tables: Tables, body: Body, data: Body) -> None:
    names = ("method", "day", "bank_account", "usd", "count", "meeting")
    said = {"by": body["by"], "at": body["at"], "seq": body["seq"]}
    tables["payment_order"][body["on"]] = said | {name: data[name] for name in names}


def _claimed(tables: Tables, body: Body, data: Body) -> None:
    _moved(tables, body, data)
    claim = data["claim"]
    names = ("arrived_on", "left_on", "visa", "trips")
    said = {"given": canonical(claim["given"]), "by": body["by"], "at": body["at"], "seq": body["seq"]}
    name = f"{body['on']} {claim['number']}"
    tables["claim"][name] = said | {name: claim[name] for name in names}
    _sealed(tables, body, f"claim {name}", claim["seal"])


def _asked(tables: Tables, body: Body, data: Body) -> None:
    _moved(tables, body, data)
    _sealed(tables, body, f"asked {body['on']} {data['claim']}", data["asked"])


def _prepared(tables: Tables, body: Body, data: Body) -> None:
    _moved(tables, body, data)
    earlier = tables["settlement"].get(tables["award"][body["on"]].get("settlement"))
    if earlier and earlier["stage"] == "prepared":
        earlier["stage"] = "declined"
    tables["award"][body["on"]]["settlement"] = data["settlement"]
    said = {"award": body["on"], "stage": "prepared", "by": body["by"], "approved_by": None, "at": body["at"]}
    names = ("number", "entitled", "advance", "lines")
    row = said | {name: data[name] for name in names} | {"seq": body["seq"]}
    tables["settlement"][data["settlement"]] = row
    _sealed(tables, body, data["settlement"], data["seal"])


def _not_settled(tables: Tables, body: Body, data: Body) -> None:
    _moved(tables, body, data)
    tables["settlement"][data["settlement"]]["stage"] = "declined"


def _settled(tables: Tables, body: Body, data: Body) -> None:
    _moved(tables, body, data)
    decided = {"stage": "approved", "approved_by": body["by"], "seq": body["seq"]}
    tables["settlement"][data["settlement"]] |= decided


def _recovered(tables: Tables, body: Body, data: Body) -> None:
    _moved(tables, body, data)
    told = data["recovery"]
    row = {"award": body["on"], "usd": told["usd"], "value_date": told["value_date"], "seq": body["seq"]}
    tables["recovery"][f"{told['bank_account']} {told['bank_reference']}"] = row


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {
    "award.proposed": _offered,
    **dict.fromkeys(
        (
            "award.accepted",
            "award.declined",
            "award.lapsed",
            "award.certified",
            "certification.withdrawn",
            "award.approved",
            "award.authorized",
            "award.ticketed",
            "ticket.expensed",
            "attendance.confirmed",
            "award.missed",
            "award.cancelled",
            "debt.written-off",
        ),
        _moved,
    ),
    "award.replaced": _replaced,
    "journey.changed": _changed,
    "quote.recorded": _quoted,
    "bank.entered": _bank,
    **dict.fromkeys(("ticket.paid", "advance.paid", "balance.paid"), _paid),
    "payment.failed": _failed,
    "order.released": _released,
    "claim.submitted": _claimed,
    "claim.returned": _asked,
    "settlement.prepared": _prepared,
    "settlement.declined": _not_settled,
    "settlement.approved": _settled,
    "recovery.recorded": _recovered,
}

_by, _second = aliased(Account), aliased(Account)


def _named(*parts: Any) -> Any:
    """Several columns as the name of a row; one that points nowhere leaves a gap, and is then in no record."""
    name = func.coalesce(cast(parts[0], String), "")
    for part in parts[1:]:
        name = name + " " + func.coalesce(cast(part, String), "")
    return name.label("reference")


KEPT: dict[str, Select[Any]] = {
    "award": select(
        Award.reference,
        Selection.reference.label("selection"),
        Application.reference.label("application"),
        *(getattr(Award, name) for name in ("seat", "position", "meeting", "state", "category", "proposed")),
        *(getattr(Award, name) for name in OFFERED if name not in ("lines", "ticketed_on", "claim_due")),
        *(as_kept(day) for day in (Award.answer_by, Award.ticketed_on, Award.claim_due)),
        Award.stage,
        Award.seq,
    )
    .outerjoin(Selection, Selection.id == Award.selection_id)
    .outerjoin(Application, Application.id == Award.application_id),
    "act": select(_named(Award.reference, Act.round, Act.act, _by.reference), as_kept(Act.at), Act.seq)
    .select_from(Act)
    .outerjoin(Award, Award.id == Act.award_id)
    .outerjoin(_by, _by.id == Act.by_id),
    "quote": select(_named(Award.reference, Quote.number), Quote.usd, as_kept(Quote.day), Quote.chosen, Quote.seq)
    .select_from(Quote)
    .outerjoin(Award, Award.id == Quote.award_id),
    "bank_details": select(
        BankDetails.reference,
        Award.reference.label("award"),
        BankDetails.person,
        BankDetails.currency,
        _by.reference.label("by"),
        as_kept(BankDetails.at),
        BankDetails.seq,
    )
    .outerjoin(Award, Award.id == BankDetails.award_id)
    .outerjoin(_by, _by.id == BankDetails.by_id),
    "payment_order": select(
        PaymentOrder.reference,
        as_kept(PaymentOrder.day),
        *(getattr(PaymentOrder, name) for name in ("method", "bank_account", "usd", "count", "meeting")),
        _by.reference.label("by"),
        as_kept(PaymentOrder.at),
        PaymentOrder.seq,
    ).outerjoin(_by, _by.id == PaymentOrder.by_id),
    "payment": select(
        Payment.reference,
        PaymentOrder.reference.label("order"),
        Award.reference.label("award"),
        *(getattr(Payment, name) for name in ("kind", "stage", "usd", "currency", "amount", "per_usd", "seq")),
        func.coalesce(BankDetails.reference, "").label("bank"),
    )
    .outerjoin(PaymentOrder, PaymentOrder.id == Payment.order_id)
    .outerjoin(Award, Award.id == Payment.award_id)
    .outerjoin(BankDetails, BankDetails.id == Payment.bank_id),
    "claim": select(
        _named(Award.reference, Claim.number),
        as_kept(Claim.arrived_on),
        as_kept(Claim.left_on),
        *(getattr(Claim, name) for name in ("visa", "trips", "given", "seq")),
        _by.reference.label("by"),
        as_kept(Claim.at),
    )
    .select_from(Claim)
    .outerjoin(Award, Award.id == Claim.award_id)
    .outerjoin(_by, _by.id == Claim.by_id),
    "settlement": select(
        Settlement.reference,
        Award.reference.label("award"),
        *(getattr(Settlement, name) for name in ("number", "stage", "entitled", "advance", "seq")),
        _by.reference.label("by"),
        _second.reference.label("approved_by"),
        as_kept(Settlement.at),
    )
    .outerjoin(Award, Award.id == Settlement.award_id)
    .outerjoin(_by, _by.id == Settlement.by_id)
    .outerjoin(_second, _second.id == Settlement.approved_by_id),
    "recovery": select(
        _named(Recovery.bank_account, Recovery.bank_reference),
        Award.reference.label("award"),
        Recovery.usd,
        as_kept(Recovery.value_date),
        Recovery.seq,
    )
    .select_from(Recovery)
    .outerjoin(Award, Award.id == Recovery.award_id),
}
"""Table -> its rows, called as the readers call them. When a claim was last asked for is no entry."""
