"""A bank's file between its preview and its confirmation: looked at as often as wanted, and booked once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests import builders as b
from tests.operations.banked import CHARGE, NORWAY, charge, events, last, lines, sound
from tests.services.bank_files import camt, mt940, statement
from trustfund.core.refusal import NotDesignated, NotHere, Refused, Stale
from trustfund.extensions import db
from trustfund.models.fund import mandate_on
from trustfund.models.people import Account
from trustfund.models.statements import ColumnMapping, StatementUpload
from trustfund.operations import statement_uploads as uploads
from trustfund.services import storage

pytestmark = pytest.mark.usefixtures("both_apps")

TABLE = "Datum;Zahler;Zweck;Betrag;Saldo\n22.01.2018;Fiji;Gift;1.300,00;2.300,00\n23.01.2018;;Gebuehr;-5,00;2.295,00\n"


def account(reference: str) -> Account:
    db.session.rollback()
    return db.session.scalars(select(Account).where(Account.reference == reference)).unique().one()


def taken(by: str, text: str, name: str = "january.xml") -> str:
    return uploads.take(name, text.encode(), by=account(by), at=b.AT)


def looked(reference: str, by: str) -> uploads.Looked:
    return uploads.look(reference, account(by), mandate_on(db.session(), b.AT.date()))


def confirmed(reference: str, by: str, **more) -> object:
    seen = more.pop("seen", uploads.version(db.session()))
    return uploads.confirm(reference, seen=seen, by=by, at=b.AT, **more)


def test_what_was_looked_at_is_booked_once_under_its_key(salma):
    entry, before = charge(salma), events()
    reference = taken(salma, camt(statement(NORWAY, CHARGE)))
    seen = looked(reference, salma)
    assert (seen.new, seen.known, list(seen.matched.values()), events()) == (2, 0, [[entry]], before)
    stored = seen.upload.stored
    done = confirmed(reference, salma, key="k", seen=0)
    assert (events(), lines()) == (before + 1, [(1_600_000, "NO-1"), (-200, "C-1")])
    body = last("statement.imported")
    assert (body["by"], body["key"], body["on"], body["data"]["matched"]) == (salma, "k", done.on, [[2, entry]])
    again = confirmed(reference, salma, key="k", seen=0)
    assert (again.again, again.seq, events()) == (True, done.seq, before + 1)
    with pytest.raises(Refused, match="sent before with other content"):
        confirmed(reference, salma, key="k", seen=1)
    with pytest.raises(Refused, match="recorded or removed already"):
        confirmed(reference, salma, key="other")
    with pytest.raises(NotHere):
        storage.fetch(salma, stored)
    assert sound()


def test_the_same_file_again_adds_nothing_and_is_not_booked(salma):
    text = camt(statement(NORWAY, CHARGE))
    confirmed(taken(salma, text), salma)
    before = events()
    reference = taken(salma, text)
    assert not looked(reference, salma).adds
    with pytest.raises(Refused, match="known already"):
        confirmed(reference, salma)
    assert events() == before
    charge(salma)
    assert looked(reference, salma).adds  # a line that waited is found in the books
    assert confirmed(reference, salma, key="k").seq == before + 2
    assert last("line.matched")["key"] == "k"
    assert sound()


def test_a_preview_does_not_hold_once_another_statement_came_in(salma):
    first, second = taken(salma, camt(statement(NORWAY))), taken(salma, camt(statement(CHARGE, number="8")))
    confirmed(first, salma)
    before = events()
    with pytest.raises(Stale, match="Another statement came in"):
        confirmed(second, salma, seen=0)
    assert events() == before
    confirmed(second, salma)
    assert events() == before + 1


def test_a_file_is_its_officers_and_only_who_is_designated_books_it(salma):
    reference, jonas = taken(salma, camt(statement(NORWAY))), b.officer("Jonas Weber")
    for other in (jonas, b.officer("Rafael Haldane", "certifying")):
        with pytest.raises(NotHere):
            looked(reference, other)
        with pytest.raises(Refused, match="recorded or removed" if other != jonas else "no designation"):
            confirmed(reference, other)
    own = taken(jonas, camt(statement(NORWAY)))
    with pytest.raises(NotDesignated):
        confirmed(own, jonas)


def test_what_is_no_statement_is_refused_at_once_and_not_kept(salma):
    with pytest.raises(Refused, match="damaged or cut off"):
        taken(salma, camt(statement(NORWAY))[:-20])
    assert db.session.scalar(select(func.count()).select_from(StatementUpload)) == 0


def test_the_columns_of_a_csv_are_remembered_by_its_headings(salma):
    reference = taken(salma, TABLE, "bank.csv")
    guessed = looked(reference, salma)
    assert (guessed.new, guessed.remembered) == (2, False)
    names, below = uploads.columns_of(guessed.upload, account(salma), guessed.mapping)
    assert (names[1], below[0][1], len(below)) == ("Zahler", "Fiji", 2)
    chosen = uploads.replace(guessed.mapping, name="Zahler", text="Zweck")
    uploads.arrange(reference, account(salma), bank_account="", mapping=chosen)
    [told] = looked(reference, salma).statements
    assert [(line.name, line.text) for line in told.said.lines] == [("Fiji", "Gift"), ("", "Gebuehr")]
    assert told.said.account == "main"
    confirmed(reference, salma)
    assert db.session.scalar(select(func.count()).select_from(ColumnMapping)) == 1
    next_month = looked(taken(salma, TABLE.replace(".01.2018", ".02.2018"), "february.csv"), salma)
    assert (next_month.remembered, next_month.mapping, next_month.new) == (True, chosen, 2)
    other = looked(taken(salma, TABLE.replace("Zahler", "Wer"), "other.csv"), salma)
    assert not other.remembered


def test_a_csv_that_nobody_can_guess_waits_for_its_columns(salma):
    text = "a|b|c\n02/03/2018|Fiji|7.00\n"
    reference = taken(salma, text, "x.csv")
    assert "Choose the columns by hand" in str(looked(reference, salma).refused)
    chosen = uploads.Mapping(day="a", name="b", amount="c", separator="|", date_format="MM/DD/YYYY")
    uploads.arrange(reference, account(salma), bank_account="", mapping=chosen)
    assert [line.booking_day.month for line in looked(reference, salma).statements[0].said.lines] == [2]


def test_nobody_keeps_a_file_longer_than_a_day(salma):
    reference = taken(salma, mt940(statement(NORWAY)), "january.sta")
    stored = looked(reference, salma).upload.stored
    assert uploads.forget(b.AT + timedelta(hours=23)) == 0
    assert uploads.waiting(account(salma))
    assert uploads.forget(b.AT + timedelta(hours=25)) == 1
    with pytest.raises(NotHere):
        looked(reference, salma)
    with pytest.raises(NotHere):
        storage.fetch(salma, stored)


def test_the_same_days_in_another_form_are_warned_of(salma):
    confirmed(taken(salma, camt(statement(NORWAY, CHARGE))), salma)
    other = mt940(statement(NORWAY, CHARGE)).replace("SVWZ+Pledge", "SVWZ+PLEDGE 2018")
    [told] = looked(taken(salma, other, "january.sta"), salma).statements
    assert (len(told.new), [str(one) for one in told.warnings]) == (
        1,
        [
            "Lines that look like lines of an earlier statement of these days: 1, the first of 2017-06-12 with "
            "16000.00 USD. If the bank sent the same days in another form, they would count twice."
        ],
    )
    later = statement(NORWAY, opening="16098.00", number="8", first_day=NORWAY.booking_day + timedelta(days=1))
    assert looked(taken(salma, camt(later)), salma).statements[0].warnings == []
