"""The selection record: who stood for a meeting, by which rules and with which money; how it is made, read and checked.

Region, category and reference are trusted as given.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from trustfund.core.allocation import WAYS
from trustfund.core.candidates import CATEGORIES, GENDER, REGIONAL, STILL, Candidate

FORMAT = "trustfund-selection/1"
COMPUTED = ("result", "spent", "left", "digest")
"""What the record says of itself; ignored where it is read."""

Reader = Callable[[str, Any], Any]
"""Takes a path and a value and gives the value back as it is published, or raises ``MalformedRecord``."""


class MalformedRecord(ValueError):
    """A selection record that cannot be read; the sentence names the path of the fault."""


def record_of(
    candidates: Iterable[Candidate],
    *,
    meeting: str,
    status_date: date,
    criteria: Sequence[str],
    steps: Iterable[tuple[str, int]],
    when_short: str,
    seed: str,
    spendable: Decimal,
    earmarked: Mapping[str | None, Decimal],
) -> dict[str, Any]:
    """The plain record of a run of the fund's own, as ``selection.decided`` takes it. ``earmarked``: the category, or
    None for the meeting, and the money tied to it."""
    record: dict[str, Any] = {
        "format": FORMAT,
        "meeting": meeting,
        "status_date": status_date.isoformat(),
        "rules": {
            "priority": list(criteria),
            "steps": [[category, n] for category, n in steps],
            "when_cash_falls_short": when_short,
            "seed": seed,
        },
        "spendable": _written(spendable),
        "candidates": [_candidate_as_data(c) for c in candidates],
    }
    if earmarked:
        record["earmarked"] = [
            {"category": category, "amount": _written(amount)} for category, amount in earmarked.items()
        ]
    return record


def _candidate_as_data(candidate: Candidate) -> dict[str, Any]:
    data = candidate._asdict()
    assert candidate.completed_at.tzinfo is not None, "an instant has a time zone"
    data["completed_at"] = candidate.completed_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    data["charge"] = _written(candidate.charge)
    if candidate.held is None:
        del data["held"]
    return data


def _written(amount: Decimal) -> str:
    text = f"{amount:.2f}"
    assert Decimal(text) == amount, "an amount has whole cents"
    return text


def read(text: str) -> Any:
    """The JSON of a file, in which no key may stand twice in one object and every number is a number of JSON."""
    marks = []

    def mark(says: str) -> _Unreadable:
        marks.append(_Unreadable(says))
        return marks[-1]

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            times = Counter(key for key, _ in pairs)
            found |= {key: mark("stands twice in one object") for key in found if times[key] > 1}
        return found

    try:
        record = json.loads(
            text,
            object_pairs_hook=object_of,
            parse_int=_whole_number,
            parse_constant=lambda constant: mark(f"{constant} is not a number of JSON"),
        )
        if marks:
            raise _fault(*next(_unreadable("", record)))
    except json.JSONDecodeError as error:
        raise MalformedRecord(f"line {error.lineno}, column {error.colno}: this is not JSON: {error.msg}") from None
    except RecursionError:
        raise MalformedRecord("the file is nested too deeply") from None
    return record


class _Unreadable(NamedTuple):
    """Stands where something could not be read, until the path to it is known."""

    says: str


def _whole_number(text: str) -> int | float:
    """Longer than any number of a record: a float, which every reader refuses (int() raises after 4,300 digits)."""
    return int(text) if len(text) <= 16 else float(text)


def _unreadable(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, _Unreadable):
        yield path, value.says
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _unreadable(_key_of(path, key), item)
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from _unreadable(f"{path}[{n}]", item)


def _key_of(path: str, key: str) -> str:
    """The path of a key, whatever characters it has, on one line."""
    word = json.dumps(key)[1:-1]
    return f"{path}.{word}" if path else word


def checked(record: Any) -> tuple[dict[str, Any], list[Candidate]]:
    """The record as it is published, but for what is computed, and its candidates. The first fault raises."""
    if isinstance(record, dict):
        record = {key: value for key, value in record.items() if key not in COMPUTED}
    given = _object(
        "",
        record,
        {
            "format": _one_of(FORMAT),
            "meeting": _words,
            "status_date": _day,
            "rules": _rules,
            "spendable": _amount,
            "candidates": _candidates,
        },
        {"earmarked": _list(_pot)},
    )
    given["candidates"].sort(key=lambda c: c["reference"])
    return given, [_candidate_of(c) for c in given["candidates"]]


def _candidate_of(given: Mapping[str, Any]) -> Candidate:
    values = dict(given)
    values["completed_at"] = datetime.fromisoformat(given["completed_at"])
    values["charge"] = Decimal(given["charge"])
    return Candidate(**values)


def _fault(path: str, says: str) -> MalformedRecord:
    return MalformedRecord(f"{path or 'the record'}: {says}")


def _object(
    path: str,
    value: Any,
    needed: Mapping[str, Reader],
    possible: Mapping[str, Reader] | None = None,
) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _fault(path, "must be an object")
    readers = {**needed, **(possible or {})}
    for key in value:
        if key not in readers:
            raise _fault(_key_of(path, key), "is not known here")
    at = f"{path}." if path else ""
    for key in needed:
        if key not in value:
            raise _fault(f"{at}{key}", "is missing")
    return {key: reader(f"{at}{key}", value[key]) for key, reader in readers.items() if key in value}


def _list(reader: Reader) -> Reader:
    def read_list(path: str, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _fault(path, "must be a list")
        return [reader(f"{path}[{n}]", item) for n, item in enumerate(value)]

    return read_list


def _one_of(*words: str | None) -> Reader:
    def read_word(path: str, value: Any) -> Any:
        if not (value is None or isinstance(value, str)) or value not in words:
            raise _fault(path, "must be " + " or ".join("null" if w is None else f"“{w}”" for w in words))
        return value

    return read_word


def _text_like(pattern: str, says: str) -> Reader:
    compiled = re.compile(pattern, re.ASCII)

    def read_text(path: str, value: Any) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise _fault(path, f"must be {says}")
        return value

    return read_text


def _whole(least: int) -> Reader:
    def read_whole(path: str, value: Any) -> int:
        if type(value) is not int or not least <= value < 2**53:
            raise _fault(path, f"must be a whole number from {least} on")
        return value

    return read_whole


def _flag(path: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _fault(path, "must be true or false")
    return value


_words = _text_like(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]+", "a text that is not empty and has no control characters")
_plain_amount = _text_like(r"[0-9]{1,13}(\.[0-9]{1,2})?", 'an amount in quotation marks, for example "2931.22"')
_day_text = _text_like(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", 'a day, for example "2018-02-20"')
_instant_text = _text_like(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z",
    'an instant in UTC, for example "2018-01-10T09:00:00Z"',
)
_state = _text_like(r"[A-Z]{3}", 'the three letters of a State, for example "NPL"')


def _amount(path: str, value: Any) -> str:
    return f"{Decimal(_plain_amount(path, value)):.2f}"


def _day(path: str, value: Any) -> str:
    text: str = _day_text(path, value)
    try:
        date.fromisoformat(text)
    except ValueError:
        raise _fault(path, f"there is no day {text}") from None
    return text


def _instant(path: str, value: Any) -> str:
    text: str = _instant_text(path, value)
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise _fault(path, f"there is no instant {text}") from None
    return text


def _pot(path: str, value: Any) -> dict[str, Any]:
    return _object(path, value, {"category": _one_of(*CATEGORIES, None), "amount": _amount})


def _rules(path: str, value: Any) -> dict[str, Any]:
    rules = _object(
        path,
        value,
        {
            "priority": _list(_one_of(*STILL, REGIONAL, GENDER)),
            "steps": _list(_step),
            "when_cash_falls_short": _one_of(*WAYS),
            "seed": _words,
        },
    )
    _no_twice(f"{path}.priority", rules["priority"])
    _no_twice(f"{path}.steps", rules["steps"])
    if rules["priority"][-1:] != ["draw"]:
        raise _fault(f"{path}.priority", "must end with “draw”, so that nobody ties")
    return rules


def _step(path: str, value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) != 2:
        raise _fault(path, 'must be a category and a number, for example ["LDC", 1]')
    return [_one_of(*CATEGORIES)(f"{path}[0]", value[0]), _whole(1)(f"{path}[1]", value[1])]


def _candidates(path: str, value: Any) -> list[dict[str, Any]]:
    candidates: list[dict[str, Any]] = _list(_candidate)(path, value)
    _no_twice(path, [c["reference"] for c in candidates], "reference")
    held = [c.get("held") for c in candidates]
    _no_twice(path, [position for position in held if position is not None], "held")
    return candidates


def _candidate(path: str, value: Any) -> dict[str, Any]:
    return _object(path, value, _CANDIDATE, {"held": _whole(1)})


def _order(path: str, value: Any) -> int | None:
    return None if value is None else int(_whole(1)(path, value))


_CANDIDATE: dict[str, Reader] = {
    "reference": _words,
    "state": _state,
    "region": _words,
    "category": _one_of(*CATEGORIES),
    "gender": _one_of("F", "M", None),
    "on_time": _flag,
    "government_order": _order,
    "completed_at": _instant,
    "earlier_seats": _whole(0),
    "charge": _amount,
}


def _no_twice(path: str, values: Sequence[Any], name: str = "") -> None:
    seen = set()
    for n, value in enumerate(values):
        word = json.dumps(value, ensure_ascii=False)
        if word in seen:
            raise _fault(f"{path}[{n}]{'.' + name if name else ''}", f"{word} stands there twice")
        seen.add(word)
