"""What the tables of preparatory activities should say, read from the events. ``copies`` compares them."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from trustfund.models.activities import Activity, ActivityAct, ActivityPayment
from trustfund.models.people import Account
from trustfund.operations.copies_sealed import SEALS, Tables, differs
from trustfund.operations.copies_selections import Body, as_kept


def _proposed(tables: Tables, body: Body, data: Body) -> None:
    tables["activity"][body["on"]] = data["activity"] | {"stage": body["to"], "seq": body["seq"]}
    tables[SEALS][body["on"]] = {"seal": data["seal"], "by": body["by"]}
    _acted(tables, body, "propose")


def _approved(tables: Tables, body: Body, data: Body) -> None:
    _moved(tables, body, data)
    _acted(tables, body, "approve")


def _spent(tables: Tables, body: Body, data: Body) -> None:
    _moved(tables, body, data)
    _acted(tables, body, "pay")
    paid = data["payment"]
    row = {"activity": body["on"], "usd": paid["usd"], "value_date": paid["value_date"], "seq": body["seq"]}
    tables["activity_payment"][f"{paid['bank_account']} {paid['bank_reference']}"] = row


def _moved(tables: Tables, body: Body, data: Body) -> None:
    tables["activity"][body["on"]] |= {"stage": body["to"], "seq": body["seq"]}


def _acted(tables: Tables, body: Body, act: str) -> None:
    """One person acts once; who pays may pay again."""
    said = {"act": act, "at": body["at"], "seq": body["seq"]}
    tables["activity_act"].setdefault(f"{body['on']} {body['by']}", said)


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {
    "activity.proposed": _proposed,
    "activity.approved": _approved,
    "activity.spent": _spent,
    "activity.closed": _moved,
    "activity.cancelled": _moved,
}

_OF, _BY = func.coalesce(Activity.reference, ""), func.coalesce(Account.reference, "")
KEPT: dict[str, Select[Any]] = {
    "activity": select(
        Activity.reference,
        *(getattr(Activity, name) for name in ("title", "document", "cost", "charge", "stage", "seq")),
    ),
    "activity_act": select(
        (_OF + " " + _BY).label("reference"), ActivityAct.act, as_kept(ActivityAct.at), ActivityAct.seq
    )
    .outerjoin(Activity, Activity.id == ActivityAct.activity_id)
    .outerjoin(Account, Account.id == ActivityAct.by_id),
    "activity_payment": select(
        (ActivityPayment.bank_account + " " + ActivityPayment.bank_reference).label("reference"),
        _OF.label("activity"),
        ActivityPayment.usd,
        as_kept(ActivityPayment.value_date),
        ActivityPayment.seq,
    ).outerjoin(Activity, Activity.id == ActivityPayment.activity_id),
}
"""Table -> its rows, called as the readers call them."""


def unsealed(session: Session, tables: Tables) -> Iterator[str]:
    """A sentence for each activity whose purpose is not what was written when it was proposed."""
    for reference, words in session.execute(select(Activity.reference, Activity.words)):
        sealed = tables[SEALS].get(reference)
        if sealed and differs(sealed["by"], words, sealed["seal"]):
            yield f"the table activity: {reference} does not hold the words that were written"
