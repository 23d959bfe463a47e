"""A long statement of an honest bank is read to its end; a file cut off in the middle is not read to find that out."""

import time

import pytest

from tests.services.bank_files import camt, line, mt940, statement
from trustfund.core.refusal import Refused
from trustfund.services import statements
from trustfund.services.statements import pace
from trustfund.services.statements.elements import LONG


def test_each_thousand_lines_move_the_limit_on_and_never_beyond_its_first_length(monkeypatch):
    left, told = [0.5, 1.5], []
    monkeypatch.setattr(pace.signal, "setitimer", lambda which, seconds: told.append(round(seconds, 1)))
    monkeypatch.setattr(pace.signal, "getitimer", lambda which: (left.pop(0), 0.0))
    one = pace.Pace()
    for _ in range(pace.EACH):
        one.went_on()
    assert told == []  # outside the child nothing is counted
    one.lines = 0
    one.keep()
    for _ in range(2 * pace.EACH):
        one.went_on()
    assert told == [1.6, 0.9, 1.6]


def test_a_statement_of_40_000_lines_is_read():
    one = statement(*[line("1.00", reference=f"P-{n}", name=f"Donor {n}", text="Contribution") for n in range(40_000)])
    [read] = statements.read(mt940(one).encode())
    assert (len(read.lines), read.closing) == (40_000, one.closing)


def test_a_long_file_that_was_cut_off_is_refused_before_it_is_read():
    text = camt(statement(*[line("1.00", reference=f"P-{n}") for n in range(8_000)]))
    assert len(text) > LONG
    before = time.process_time()
    with pytest.raises(Refused, match="damaged or cut off"):
        statements.read(text[:-200].encode())
    assert time.process_time() - before < 1
