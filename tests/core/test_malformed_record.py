"""Each malformed selection record is refused with the path of the fault."""

import json

import pytest

from tests.core.selection_record import BORAN, DELETED, MAYA, RECORD, changed
from trustfund.core.selection import MalformedRecord, decided, read


def refused(record: object) -> str:
    with pytest.raises(MalformedRecord) as fault:
        decided(record)
    return str(fault.value)


OBJECTS = [[], ["rules"], ["earmarked", 1], ["candidates", 1]]
FIELDS = [
    ["format"],
    ["meeting"],
    ["status_date"],
    ["rules"],
    ["spendable"],
    ["earmarked"],
    ["candidates"],
    ["rules", "priority"],
    ["rules", "steps"],
    ["rules", "when_cash_falls_short"],
    ["rules", "seed"],
    ["rules", "priority", 0],
    ["rules", "steps", 1],
    ["rules", "steps", 1, 0],
    ["rules", "steps", 1, 1],
    ["earmarked", 1],
    ["earmarked", 1, "category"],
    ["earmarked", 1, "amount"],
    ["candidates", 1],
    *(["candidates", 1, field] for field in [*MAYA, "held"]),
]
RIGHT = [
    (["earmarked"], []),
    (["candidates"], []),
    (["rules", "steps"], []),
    (["earmarked", 1, "category"], None),
    (["candidates", 1, "gender"], None),
    (["candidates", 1, "government_order"], None),
    (["candidates", 1, "on_time"], True),
]
WRONG = [(path, value) for path in FIELDS for value in (None, 1.5, [], {}, "", True) if (path, value) not in RIGHT]


def written(path: list[str | int]) -> str:
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")
    return text or "the record"


@pytest.mark.parametrize(("path", "value"), WRONG, ids=str)
def test_a_wrong_type_is_refused(path, value):
    assert refused(changed(path, value)).startswith(written(path))


@pytest.mark.parametrize(("path", "value"), RIGHT, ids=str)
def test_null_where_it_may_stand_and_an_empty_list_are_valid(path, value):
    decided(changed(path, value))


@pytest.mark.parametrize("record", [None, True, 7, 1.5, "text", []], ids=repr)
def test_what_is_no_object_is_refused(record):
    assert refused(record) == "the record: must be an object"


@pytest.mark.parametrize("path", OBJECTS, ids=written)
def test_an_unknown_key_is_refused_wherever_it_is(path):
    assert refused(changed([*path, "notes"], "x")) == f"{written([*path, 'notes'])}: is not known here"


@pytest.mark.parametrize(
    "path",
    [
        *([key] for key in RECORD if key != "earmarked"),
        *(["rules", key] for key in RECORD["rules"]),
        ["earmarked", 1, "category"],
        ["earmarked", 1, "amount"],
        *(["candidates", 1, key] for key in MAYA),
    ],
    ids=written,
)
def test_a_missing_key_is_named(path):
    assert refused(changed(path, DELETED)) == f"{written(path)}: is missing"


@pytest.mark.parametrize("path", [["spendable"], ["earmarked", 0, "amount"], ["candidates", 0, "charge"]], ids=written)
@pytest.mark.parametrize(
    "amount",
    [
        "-1.00",
        "+1.00",
        "1.234",
        "1.",
        ".5",
        "1,000.00",
        "1 000",
        "1e3",
        "NaN",
        "Infinity",
        " 1.00",
        "1.00\n",
        "٣.٥٠",
        "0x10",
        "1" * 14,
        100,
        100.0,
        float("nan"),
    ],
    ids=repr,
)
def test_what_is_no_amount_is_refused(path, amount):
    assert refused(changed(path, amount)).startswith(f"{written(path)}: must be an amount in quotation marks")


@pytest.mark.parametrize("day", ["2018-02-29", "2018-13-01", "2018-00-10", "2018-02-31", "0000-01-01"])
def test_a_day_that_the_calendar_does_not_have_is_refused(day):
    assert refused(changed(["status_date"], day)) == f"status_date: there is no day {day}"


def test_29_february_is_a_day_of_a_leap_year():
    assert decided(changed(["status_date"], "2016-02-29")).as_data()["status_date"] == "2016-02-29"


@pytest.mark.parametrize(
    "day", ["2018-2-20", "20180220", "20.02.2018", "2018-02-20T00:00:00Z", "2018-W08-2", "２018-02-20"]
)
def test_a_day_written_in_another_way_is_refused(day):
    assert refused(changed(["status_date"], day)).startswith("status_date: must be a day")


@pytest.mark.parametrize("instant", ["2018-02-29T09:00:00Z", "2018-01-10T09:60:00Z", "2018-01-10T09:00:60Z"])
def test_an_instant_that_the_calendar_does_not_have_is_refused(instant):
    assert refused(changed(["candidates", 1, "completed_at"], instant)) == (
        f"candidates[1].completed_at: there is no instant {instant}"
    )


@pytest.mark.parametrize(
    "instant",
    [
        "2018-01-10T09:00:00",
        "2018-01-10T09:00:00+00:00",
        "2018-01-10T09:00:00+01:00",
        "2018-01-10 09:00:00Z",
        "2018-01-10T09:00Z",
        "2018-01-10t09:00:00z",
        "2018-01-10",
        "2018-01-10T24:00:00Z",
        "2018-01-10T09:00:00.Z",
        "2018-01-10T09:00:00,5Z",
        "2018-01-10T09:00:00.1234567Z",
    ],
)
def test_an_instant_written_in_another_way_is_refused(instant):
    assert refused(changed(["candidates", 1, "completed_at"], instant)).startswith(
        "candidates[1].completed_at: must be an instant in UTC"
    )


@pytest.mark.parametrize(
    ("path", "least"),
    [
        (["rules", "steps", 0, 1], 1),
        (["candidates", 0, "government_order"], 1),
        (["candidates", 0, "earlier_seats"], 0),
        (["candidates", 0, "held"], 1),
    ],
    ids=str,
)
def test_a_number_too_small_or_too_large_or_not_whole_is_refused(path, least):
    for number in (least - 1, -5, 2**53, 10**400, 2.5, 1e300, "1"):
        assert refused(changed(path, number)) == f"{written(path)}: must be a whole number from {least} on"
    decided(changed(path, least))
    decided(changed(path, 2**53 - 1))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["format"], "trustfund-selection/2"),
        (["rules", "when_cash_falls_short"], "go on"),
        (["rules", "priority", 0], "surname"),
        (["rules", "steps", 0, 0], "SIDS"),
        (["earmarked", 0, "category"], "travel"),
        (["candidates", 0, "category"], "none"),
        (["candidates", 0, "gender"], "X"),
        (["candidates", 0, "state"], "np"),
        (["candidates", 0, "state"], "NEPA"),
        (["rules", "steps", 0], ["LDC", 1, 2]),
        (["meeting"], "N1\n"),
        (["candidates", 0, "reference"], "a\x00b"),
        (["rules", "seed"], "a\ud800b"),
    ],
    ids=str,
)
def test_a_word_that_is_not_in_the_list_is_refused(path, value):
    assert refused(changed(path, value)).startswith(f"{written(path)}: must be ")


def test_a_reference_and_a_region_are_trusted_as_given():
    maya = {**MAYA, "region": "Group of the\u00a0Pacific", "reference": "म\u200dया"}
    assert decided(changed(["candidates", 0], maya)).as_data()["candidates"][1] == maya


@pytest.mark.parametrize("priority", [[], ["draw", "step"], ["step", "on-time"]], ids=repr)
def test_an_order_of_priority_that_does_not_end_with_draw_is_refused(priority):
    assert refused(changed(["rules", "priority"], priority)).startswith("rules.priority: must end with “draw”")


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (["rules", "priority"], ["step", "draw", "draw"], "rules.priority[2]"),
        (["rules", "priority"], ["step", "step", "draw"], "rules.priority[1]"),
        (["rules", "steps"], [["LDC", 1], ["LDC", 2], ["LDC", 1]], "rules.steps[2]"),
        (["candidates"], [MAYA, BORAN, {**BORAN, "reference": "N1-7KQ2"}], "candidates[2].reference"),
        (["candidates"], [{**MAYA, "held": 3}, {**BORAN, "held": 3}], "candidates[1].held"),
    ],
    ids=str,
)
def test_what_stands_twice_is_refused(path, value, where):
    assert refused(changed(path, value)).startswith(f"{where}: ")


# What is refused where the file is read


def unread(text: str) -> str:
    with pytest.raises(MalformedRecord) as fault:
        decided(read(text))
    return str(fault.value)


TEXT = json.dumps(RECORD)


@pytest.mark.parametrize(
    ("was", "twice", "path"),
    [
        ('"meeting": "N1"', '"meeting": "N1", "meeting": "N2"', "meeting"),
        ('"state": "KEN"', '"state": "KEN", "state": "KEN"', "candidates[1].state"),
        ('"category": null', '"category": null, "category": "LDC"', "earmarked[1].category"),
        ('"seed": ', '"seed": "", "seed": ', "rules.seed"),
        ('"meeting": "N1"', '"meeting": "N1", "result": [], "result": []', "result"),
    ],
)
def test_a_key_that_stands_twice_in_one_object_is_refused(was, twice, path):
    assert unread(TEXT.replace(was, twice, 1)) == f"{path}: stands twice in one object"


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_of_json_is_refused(constant):
    assert unread(TEXT.replace('"earlier_seats": 2', f'"earlier_seats": {constant}')) == (
        f"candidates[0].earlier_seats: {constant} is not a number of JSON"
    )


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "1e999", "-" + "9" * 5000, "1" + "0" * 16], ids=len)
def test_a_huge_number_is_refused(number):
    assert unread(TEXT.replace('"earlier_seats": 2', f'"earlier_seats": {number}')) == (
        "candidates[0].earlier_seats: must be a whole number from 0 on"
    )


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "line 1, column 1"),
        ("{", "line 1, column 2"),
        (TEXT + "\n x", "line 2, column 2"),
        ("\n{'a': 1}", "line 2, column 2"),
        ('{"a": "\x01"}', "line 1, column 8"),
        ('{"a": 1,}', "line 1, column"),
    ],
)
def test_what_is_not_json_is_refused_with_line_and_column(text, where):
    assert unread(text).startswith(where)
    assert "this is not JSON" in unread(text)


@pytest.mark.parametrize("text", ["[" * 200_000, '{"result": ' * 200_000], ids=["lists", "objects"])
def test_a_file_nested_without_end_is_refused(text):
    assert unread(text) == "the file is nested too deeply"


def test_a_deep_value_where_a_word_belongs_is_refused_by_its_path():
    assert unread(TEXT.replace('"N1"', "[" * 200 + "]" * 200, 1)).startswith("meeting: must be ")


def test_an_unknown_key_is_told_on_one_line_whatever_its_characters():
    assert unread(TEXT.replace('"meeting"', '"two\\nlines\\u001b\\ud800": 1, "meeting"', 1)) == (
        "two\\nlines\\u001b\\ud800: is not known here"
    )
