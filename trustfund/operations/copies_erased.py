"""What the table of erasures should say, read from the events; and that nothing of who was erased came back."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from trustfund.core.roles import SYSTEM
from trustfund.models import personal
from trustfund.models.applications import Application
from trustfund.models.awards import BankDetails
from trustfund.models.people import Account, Erasure
from trustfund.operations.copies_sealed import SEALS, Tables, differs
from trustfund.operations.copies_selections import Body, as_kept
from trustfund.operations.erasing import still_told
from trustfund.services import keys


def _erased(tables: Tables, body: Body, data: Body) -> None:
    tables["erasure"][body["on"]] = {"kind": data["kind"], "rule": data["rule"], "at": body["at"], "seq": body["seq"]}
    tables[SEALS][f"erased {body['on']}"] = {"seal": data["words"]}
    if data["kind"] == "account":
        row = tables["account"][body["on"]]
        row |= {"ended_at": row["ended_at"] or body["at"], "seq": body["seq"]}
        tables["second_factor"].pop(body["on"], None)


READERS: dict[str, Callable[[Tables, Body, Body], None]] = {"person.erased": _erased}
KEPT: dict[str, Select[Any]] = {
    "erasure": select(Erasure.person.label("reference"), Erasure.kind, Erasure.rule, as_kept(Erasure.at), Erasure.seq)
}
"""Table -> its rows, called as the reader calls them."""


def unsealed(session: Session, tables: Tables) -> Iterator[str]:
    """A sentence for each reason that was changed since, and for each key and row of somebody who was erased."""
    for person, why in session.execute(select(Erasure.person, Erasure.words)):
        sealed = tables[SEALS].get(f"erased {person}")
        if sealed and differs(SYSTEM, why, sealed["seal"]):
            yield f"the table erasure: {person} does not hold the reason that was given"
    erased = tables["erasure"]
    for person in erased:
        if keys.knows(person):
            yield f"the key of {person}, who was erased, is in the key folder: “trustfund erase {person}” destroys it"
    for held in personal.HELD if erased else ():
        for person in sorted(set(still_told(session, held)) & erased.keys()):
            yield (
                f"the table {held.table}: it tells of {person} ({', '.join(held.blank)}), who was erased: "
                "“trustfund retention run” empties it"
            )
    if gone := sorted(person for person in _sealed_by(session, tables) - erased.keys() if not keys.knows(person)):
        some = ", ".join(gone[:MOST]) + (" …" if len(gone) > MOST else "")
        yield (
            f"the keys of {len(gone)} persons or statements ({some}) are not in the key folder, and no entry says that "
            "they were erased: what they wrote cannot be checked"
        )


MOST = 5


def _sealed_by(session: Session, tables: Tables) -> set[str]:
    """Everybody under whose key something stands in the record."""
    sealed = {row["by"] for row in tables[SEALS].values() if row.get("by") and row["seal"]}
    person = func.coalesce(Account.reference, Application.reference)
    sent = select(Application.reference, person).outerjoin(Account, Account.id == Application.account_id)
    sealed |= {whose for reference, whose in session.execute(sent) if reference in tables[SEALS]}
    sealed |= set(session.scalars(select(BankDetails.person)))
    return sealed | {name for name in tables["bank_statement"] if name in tables[SEALS]}
