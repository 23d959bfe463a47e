"""Long lists, a page at a time, forward and back from a key: as quick at the millionth row as at the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from trustfund.extensions import db
from trustfund.web.forms import query


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the keys from which its neighbours are read; None where there is no neighbour."""

    rows: list[Any]
    after: Any
    before: Any


def page_of(found: Select[Any], key: Any, size: int, *, newest_first: bool = False) -> Page:
    """The page that the address line asks for by ``after`` or ``before``; the first one where it asks for nothing."""
    after, before = _asked(key, "after"), _asked(key, "before")
    if before is not None:
        rows = _rows(found, key, size, before, down=not newest_first)
        if len(rows) > size:
            shown = rows[:size][::-1]
            return Page(shown, _key(shown[-1], key), _key(shown[0], key))
        after = None
    rows = _rows(found, key, size, after, down=newest_first)
    shown = rows[:size]
    return Page(
        shown,
        _key(shown[-1], key) if len(rows) > size else None,
        _key(shown[0], key) if shown and after is not None else None,
    )


def page_in(rows: Sequence[Any], keys: Sequence[str], size: int) -> Page:
    """The same of rows that are at hand, in their order, each with its key. From a key that is gone it is the first."""
    after, before = query("after"), query("before")
    start = keys.index(after) + 1 if after in keys else max(keys.index(before) - size, 0) if before in keys else 0
    end = min(start + size, len(rows))
    return Page(list(rows[start:end]), keys[end - 1] if end < len(rows) else None, keys[start] if start else None)


def _rows(found: Select[Any], key: Any, size: int, start: Any, *, down: bool) -> list[Any]:
    found = found.order_by(key.desc() if down else key).limit(size + 1)
    if start is not None:
        found = found.where(key < start if down else key > start)
    return list(db.session.execute(found).unique().all())


def _key(row: Any, key: Any) -> Any:
    return getattr(row, key.key)


def _asked(key: Any, name: str) -> Any:
    """A key as the column has it; what cannot be one is not asked for."""
    text = query(name)
    if text and key.type.python_type is int:
        return int(text) if text.isdecimal() and len(text) < 10 else None  # keys are 32 bits wide on PostgreSQL
    return text or None
