"""Which rows hold nothing any more because their person was erased: of their words no seal can be checked."""

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from trustfund.models import personal
from trustfund.services import keys

_AWARD = "(SELECT award.reference FROM award WHERE award.id = {0}.award_id) || ' ' || {0}.number"
_NAMES = {
    "award": "award.reference",
    "quote": _AWARD.format("quote"),
    "claim": _AWARD.format("claim"),
    "payment": "payment.reference",
    "settlement": "settlement.reference",
    "proposal": "proposal.reference",
    "override": "override.seq",
    "statement_line": "statement_line.id",
}
"""Table -> what `verify` calls its rows by."""


class Emptied:
    """Asked only where something differs, once for each table."""

    def __init__(self, session: Session):
        self._session = session
        self._names: dict[str, set[str]] = {}

    def holds(self, table: str, name: object) -> bool:
        """Whether the row holds nothing of its person, and that person's key is gone."""
        if table not in self._names:
            self._names[table] = set(self._of(table))
        return str(name) in self._names[table]

    def _of(self, table: str) -> Iterator[str]:
        held = personal.of_table(table)
        empty = " AND ".join(_empty(table, name, blank) for one in held for name, blank in one.blank.items())
        asked = f'SELECT {_NAMES[table]}, {held[0].path.once or held[0].path.whose} FROM "{table}" WHERE {empty}'  # noqa: S608 (names of ours)
        known: dict[str, bool] = {}
        for name, person in self._session.execute(text(asked)):
            if person and not known.setdefault(person, keys.knows(person)):
                yield str(name)


def _empty(table: str, name: str, blank: object) -> str:
    if blank is None:
        return f"{table}.{name} IS NULL"
    return f"length({table}.{name}) = 0" if blank in ("", b"") else f"{table}.{name} = '{blank}'"
