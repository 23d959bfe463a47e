"""Which entry of the books a line of the bank is: found when it comes, suggested, or said by an officer."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from tests import builders as b
from tests.operations.banked import CHARGE, JUNE, NORWAY, charge, events, last, names, sound
from tests.services.bank_files import line, statement
from trustfund.core.matching import Reason
from trustfund.core.refusal import NotDesignated, NotHere, Refused
from trustfund.extensions import db
from trustfund.models.statements import LineMatch
from trustfund.operations import matching

pytestmark = pytest.mark.usefixtures("both_apps")


def test_a_line_with_the_reference_and_amount_of_one_entry_is_matched_at_once(imported, salma):
    entry = charge(salma)
    done = imported(statement(NORWAY, CHARGE))
    assert (done.matched, done.waiting, done.statements[0].matched) == (1, 1, 1)
    assert last("statement.imported")["data"]["matched"] == [[2, entry]]
    assert sound()


def test_a_deposit_that_is_recorded_later_is_matched_when_the_file_comes_again(imported, salma):
    assert imported(statement(NORWAY, CHARGE)).waiting == 2
    entry, before = charge(salma), events()
    done = imported(statement(NORWAY, CHARGE))
    assert (done.booked, done.matched, done.waiting) == (0, 1, 1)
    assert events() == before + 1
    assert last("line.matched")["data"] == {
        "bank_account": "main",
        "currency": "USD",
        "amount": -200,
        "lines": [names()[1]],
        "entries": [entry],
    }
    assert last("line.matched")["by"] == "system"
    assert imported(statement(NORWAY, CHARGE)).matched == 0
    assert events() == before + 1
    assert sound()


def test_nothing_is_matched_at_once_where_it_might_be_another(imported, salma):
    charge(salma)
    assert imported(statement(CHARGE, replace(CHARGE, text="another"))).matched == 0
    charge(salma, "3.00", "C-2")
    assert imported(statement(line("-4.00", bank_reference="C-2"), opening="96.00", number="8")).matched == 0


def test_an_officer_matches_one_line_to_several_entries_and_several_lines_to_one(imported, salma):
    imported(statement(line("-5.00", bank_reference=""), line("-1.00", text="a"), line("-3.00", text="b")))
    [five, one, three] = names()
    parts = [charge(salma, "2.00", "C-2"), charge(salma, "3.00", "C-3")]
    matching.match(five, entries="\n".join(map(str, parts)), by=salma, at=b.AT)
    whole = charge(salma, "4.00", "C-4")
    matching.match(f"{one}\n{three}", entries=str(whole), by=salma, at=b.AT)
    assert db.session.scalar(select(func.count()).select_from(LineMatch)) == 4
    assert matching.open_entries(db.session(), "main", "USD") == []
    assert db.session.execute(matching.waiting("main", "USD")).all() == []
    assert sound()


def refusal(lines: str, entries: object, by: str) -> str:
    before = events()
    with pytest.raises(Refused) as refused:
        matching.match(lines, entries=str(entries), by=by, at=b.AT)
    assert events() == before
    return str(refused.value)


def test_what_does_not_fit_is_refused_in_a_sentence(imported, salma):
    imported(statement(line("-2.00", text="a"), line("-2.00", text="b"), line("-3.00", text="c")))
    [two, other, three] = names()
    entry, bigger = charge(salma, "2.00", "X-1"), charge(salma, "3.00", "X-2")
    assert refusal(three, entry, salma) == (
        "The bank’s lines make -3.00 USD, the entries -2.00 USD. Choose lines and entries of the same sum."
    )
    assert refusal(two, 1, salma) == (
        "Entry 1 posts nothing on cash:main in USD, or is matched already. Nothing has been changed."
    )
    assert "each once" in refusal(f"{two}\n{two}", entry, salma)
    assert "each once" in refusal(two, "", salma)
    assert "each once" in refusal(two, "all", salma)
    assert refusal(f"{two}\n{three}", f"{entry}\n{bigger}", salma).startswith("Match one line to one or several")
    matching.match(two, entries=str(entry), by=salma, at=b.AT)
    assert refusal(two, bigger, salma) == f"Line {two} is matched already. Nothing has been changed."
    assert refusal(other, entry, salma).startswith(f"Entry {entry} posts nothing on cash:main in USD, or is matched")
    with pytest.raises(NotHere):
        matching.match(two[:-1] + "9", entries=str(entry), by=salma, at=b.AT)


def test_lines_of_another_currency_are_not_those_of_an_entry(imported, salma):
    imported(statement(line("-2.00", currency="EUR"), currency="EUR"))
    entry = charge(salma, "2.00", "X-1")
    assert "posts nothing on cash:main in EUR" in refusal(names()[0], entry, salma)


def test_only_who_certifies_or_pays_matches_and_the_attempt_is_kept(imported, salma):
    imported(statement(CHARGE))
    entry, rafael, lise = charge(salma, bank="X-1"), b.officer("Rafael", "certifying"), b.officer("Lise", "approving")
    before = events()
    with pytest.raises(NotDesignated):
        matching.match(names()[0], entries=str(entry), by=lise, at=b.AT)
    assert (events(), last("line.refused")["by"]) == (before + 1, lise)
    with pytest.raises(NotDesignated):
        imported(statement(NORWAY, number="8"), by=lise)
    assert last("statement.refused")["by"] == lise
    matching.match(names()[0], entries=str(entry), by=rafael, at=b.AT)
    assert imported(statement(NORWAY, number="8"), by=rafael).booked == 1


def test_what_a_line_may_be_is_suggested_with_its_reasons(imported):
    b.luxembourg_paid()
    omar = b.officer("Omar", "paying")
    norway = b.pledge(b.account("donor", "Norway", donor=b.donor("Norway", country="NOR")), "16000.00")
    b.agreement(norway, omar, "16000.00", date(2017, 7, 3))
    imported(statement(replace(NORWAY, text=f"for {norway.replace('-', ' ')}")))
    [best, *_] = matching.suggested(db.session(), names()[0])
    assert (best.entries, best.owed) == ((norway,), True)
    assert best.reasons == (Reason.REFERENCE, Reason.NAME, Reason.OWED)
    b.deposit(norway, omar, "16000.00", JUNE, "OTHER-1")
    [best] = matching.suggested(db.session(), names()[0])
    assert (best.owed, best.reasons) == (False, (Reason.REFERENCE, Reason.NAME, Reason.AMOUNT))
    matching.match(names()[0], entries=str(best.entries[0]), by=omar, at=b.AT)
    assert sound()
