"""What the table of erasures should say, read from the events; and that nothing of who was erased came back."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from trustfund.core.roles import SYSTEM
from trustfund.models import personal
from trustfund.models.people import Erasure
from trustfund.operations.copies_sealed import SEALS, Tables, differs
from trustfund.operations.copies_selections import Body, as_kept
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
            yield f"the key of {person}, who was erased, is in the key folder: “trustfund retention run” destroys it"
    for held in personal.HELD if erased else ():
        columns = ", ".join(f"{held.table}.{name}" for name in held.blank)
        whose = held.path.whose
        asked = f'SELECT {whose}, {columns} FROM "{held.table}" WHERE {whose} IN (SELECT person FROM erasure)'  # noqa: S608 (names of ours)
        back = set()
        for person, *values in session.execute(text(asked)):
            blank = [str(value) for value in held.blank_for(person).values()]
            if person in erased and [str(_plain(value)) for value in values] != blank:
                back.add(person)
        for person in sorted(back):
            yield f"the table {held.table}: it tells of {person} ({', '.join(held.blank)}), who was erased"


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
