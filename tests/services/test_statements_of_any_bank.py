"""One statement, whatever file it comes in: written as three versions of camt.053, as MT940 and as CSV, it reads equal;
and a file with any of its bytes changed is taken or refused, never more."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.bank_files import EUROPEAN, camt, line, mt940, places, statement, table
from trustfund.core.refusal import Refused
from trustfund.services.statements import Line, Mapping, Statement, guess, identity
from trustfund.services.statements.answer import heard, told
from trustfund.services.statements.reading import understood
from trustfund.services.statements.statement import numbered

QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

words = st.text("abcXYZ019éüßñŁЖ中.,&<(", min_size=1, max_size=12)
texts = st.lists(words, min_size=1, max_size=12).map(" ".join)
names = st.just("") | texts.map(lambda text: text[:54].strip())
references = st.text("ABC0189-", max_size=12)
accounts = st.sampled_from(["CH5604835012345678009", "000123456", "DE89370400440532013000"])
days = st.dates(date(2017, 4, 3), date(2019, 12, 31))


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """A statement of any account in dollars, yen or dinars, some lines of it wholly equal."""
    account, currency, begin = draw(accounts), draw(st.sampled_from(["USD", "EUR", "JPY", "KWD"])), draw(days)
    units = st.integers(-(10**12), 10**12).map(lambda n: n * places(currency))
    lines: list[Line] = []
    for _ in range(draw(st.integers(1, 6))):
        if lines and draw(st.booleans()):
            lines.append(lines[-1])
            continue
        lines.append(
            Line(
                account=account,
                currency=currency,
                booking_day=begin + timedelta(draw(st.integers(0, 40))),
                value_date=begin + timedelta(draw(st.integers(-20, 40))),
                amount=draw(units),
                bank_reference=draw(references),
                reference=draw(references),
                name=draw(names),
                counterparty=draw(st.sampled_from(["", "NO9386011117947"])),
                text=draw(texts),
                reversal=draw(st.booleans()),
            )
        )
    lines.sort(key=lambda each: each.booking_day)
    opening = draw(units)
    [done] = numbered(
        [
            Statement(
                account=account,
                currency=currency,
                number=str(draw(st.integers(1, 999))),
                opening=opening,
                closing=opening + sum(each.amount for each in lines),
                first_day=lines[0].booking_day,
                last_day=lines[-1].booking_day,
                lines=tuple(lines),
            )
        ]
    )
    return done


@pytest.mark.parametrize("version", [2, 4, 8])
def test_a_statement_reads_back_equal_from_camt_053(version: int):
    @QUICK
    @given(statements())
    def holds(one: Statement) -> None:
        assert understood(camt(one, version=version).encode()) == (one,)

    holds()


@QUICK
@given(statements(), st.sampled_from(["utf-8", "utf-8-sig"]), st.sampled_from(["\n", "\r\n"]))
def test_a_statement_reads_back_equal_from_mt940(one: Statement, encoding: str, end: str):
    assert understood(mt940(one).replace("\n", end).encode(encoding)) == (one,)


@QUICK
@given(statements(), st.booleans())
def test_a_statement_reads_back_equal_from_a_csv_whichever_day_comes_first(one: Statement, latest_first: bool):
    plain = replace(one, number="", lines=tuple(replace(each, reversal=False, n=1) for each in one.lines))
    [plain] = numbered([plain])
    rows = table(plain).splitlines()
    several_days = plain.first_day != plain.last_day
    if latest_first and several_days:
        rows = [rows[0], *rows[:0:-1]]
    content = ("﻿" + "\n".join(rows)).encode()
    assert understood(content, EUROPEAN.as_json()) == (plain,)


def test_the_columns_of_that_csv_are_guessed_and_a_mapping_is_remembered():
    assert guess(table(statement(line(), line("-1234.50")))) == EUROPEAN
    assert Mapping.from_json(EUROPEAN.as_json()) == EUROPEAN


@QUICK
@given(statements())
def test_what_leaves_the_reading_process_comes_in_as_it_was(one: Statement):
    assert heard(told(one)) == one


def test_two_equal_lines_of_one_day_both_stay_and_the_same_file_comes_to_the_same_identities():
    one = statement(line(), line(), line("7.00"))
    [read], [again] = understood(mt940(one).encode()), understood(mt940(one).encode())
    assert [each.n for each in read.lines] == [1, 2, 1]
    assert len({identity(each) for each in read.lines}) == 3
    assert [identity(each) for each in read.lines] == [identity(each) for each in again.lines]


def test_the_same_line_has_one_identity_in_a_longer_statement_and_in_another_format():
    early = line("7.00", booking_day=date(2018, 1, 23), value_date=date(2018, 1, 23))
    short = statement(line(), line())
    longer = statement(early, line(), line(), opening="93.00", first_day=date(2018, 1, 23), number="8")
    [read], [other] = understood(mt940(short).encode()), understood(camt(longer).encode())
    assert [identity(each) for each in read.lines] == [identity(each) for each in other.lines[1:]]


def test_a_day_spread_over_two_statements_of_a_file_counts_on_but_a_statement_twice_in_it_does_not():
    first, second = statement(line()), statement(line(), opening="56420.00", number="8")
    assert [each.lines[0].n for each in understood(mt940(first, second).encode())] == [1, 2]
    nothing = statement(line(), line("-56320.00"))
    assert [[each.n for each in one.lines] for one in understood(camt(nothing, nothing).encode())] == [[1, 1], [1, 1]]


def test_every_part_of_a_line_that_a_bank_prints_makes_its_identity():
    others = [
        line(account="X1"), line(currency="EUR"), line(booking_day=date(2018, 1, 25)),
        line(value_date=date(2018, 1, 25)), line("1.00"), line(bank_reference="B-2"), line(reference="13"),
        line(name="Sweden"), line(counterparty="NO9386011117947"), line(text="Gift"), line(n=2),
    ]  # fmt: skip
    assert len({identity(each) for each in (line(), *others)}) == 1 + len(others)
    assert identity(line(amount=Decimal("56320.00"))) == identity(line())


def _own() -> dict[str, bytes]:
    one = statement(line(), line("-1234.50", name="Ångström & Sønner", reversal=True), line())
    return {
        "camt.053.001.02": camt(one).encode(),
        "camt.053.001.08 in UTF-16": camt(one, version=8).replace("UTF-8", "UTF-16").encode("utf-16"),
        "MT940": mt940(one).encode(),
        "MT940 in Windows-1252": mt940(one).encode("cp1252"),
        "CSV": table(one).encode(),
    }


def _changed(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(changed) + 1)
        length = chance.choice((0, 1, 1, 2, 8, 60))
        new = chance.choice((bytes([chance.randrange(256)]), b"", b"<", b"\n:61:", b'"', b"9" * 30, b"&a;", b";", b"-"))
        start = chance.randrange(len(changed) + 1)
        changed[at : at + length] = chance.choice((new, bytes(changed[start : start + 40])))
    return bytes(changed)


def _taken_or_refused(content: bytes, times: int, mapping: str = "") -> None:
    chance = random.Random(18)
    for n in range(times):
        changed = _changed(content, chance)
        try:
            understood(changed, mapping)
            said = ""
        except Refused as refused:
            said = str(refused)
        except Exception as error:
            pytest.fail(f"change {n}: {error!r} of {changed!r}")
        assert len(said) < 500


@pytest.mark.parametrize("name", list(_own()))
def test_a_changed_file_is_taken_or_refused_in_a_sentence(name: str):
    _taken_or_refused(_own()[name], 400, EUROPEAN.as_json() if name == "CSV" else "")
    _taken_or_refused(_own()[name], 100)


def test_a_changed_file_of_a_real_bank_is_taken_or_refused_in_a_sentence(shared: Path):
    files = sorted((shared / "data/statements").iterdir())
    assert len(files) >= 28
    for path in files:
        _taken_or_refused(path.read_bytes(), 60)
