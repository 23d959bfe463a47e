"""What Amna of Sudan is told of all that is held about her, and of nobody else."""

import json
from dataclasses import asdict

from sqlalchemy import select

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.operations import insider
from tests.operations.erased import OF_HER, paid
from tests.operations.test_unmasking import NUMBER, WORDS, look, sealed
from trustfund.extensions import db
from trustfund.models import personal
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations import awards, journeys, letters, offers, own_data, record
from trustfund.operations.own_data import OPENED, held_about
from trustfund.services import documents, storage

OF_A_JOURNEY = ("New York – home", "Agent 1", "No flight", "arrives in time", "A meal")


def held_of(reference):
    db.session.rollback()
    return held_about(db.session.scalars(select(Account).where(Account.reference == reference)).unique().one())


def as_text(held):
    return json.dumps(asdict(held), ensure_ascii=False, default=str)


def test_every_column_of_the_list_is_told(both_apps):
    told = held_of(b.account("delegate", "Amna Eltayeb"))
    for held in personal.HELD:
        assert held.table in told.tables
        table = db.metadata.tables[held.table]
        (row,) = own_data._told(table, [dict.fromkeys(table.columns.keys())])
        assert {OPENED.get((held.table, name), (name,))[0] for name in held.blank} <= {*row}, held.table


def test_all_that_was_asked_paid_and_written_is_told_to_her_and_nothing_of_hamid(both_apps):
    award = begun(paid)
    told = held_of(j.delegate_of(award))
    assert [words for words in OF_HER if words not in as_text(told)] == []
    assert [words for words in ("Nour", "hamid", "Ines") if words in as_text(told)] == []
    tables = told.tables
    assert {name for name, rows in tables.items() if rows} >= {
        *("account", "application", "screening", "application_note", "award", "quote", "payment", "claim"),
        *("settlement", "mail", "act", "place"),
    }
    assert tables["quote"][0]["award"] == award
    assert tables["application_note"][0]["by"] == seats.who("Ines")
    assert tables["account"][0]["password"] == ""
    deeds = [one["deed"] for one in told.entries if one["about"] == award]
    assert {"award.proposed", "award.accepted", "settlement.approved"} <= {*deeds}
    there = db.session.scalars(select(Event.action).where(Event.subject == award).order_by(Event.seq))
    assert deeds == list(there)


def test_what_is_sealed_stands_in_clear_and_who_was_shown_it(both_apps):
    amnas = begun(sealed)
    look(amnas, reason="other", words=WORDS)
    amna = db.session.scalar(select(Account.reference).where(Account.name == "Amna Eltayeb"))
    told = held_of(amna)
    (row,) = told.tables["application"]
    assert (row["passport_number"], row["bank_account"]["account"]) == (NUMBER, "123-4567")
    (shown,) = told.tables["unmasking"]
    assert (shown["what"], shown["words"], shown["by"], shown["at"][:10]) == (
        "passport",
        WORDS,
        amnas["ines"],
        f"{b.AT:%Y-%m-%d}",
    )
    assert [(one.name, one.person) for one in told.files] == [("passport.pdf", amna)]


def test_her_successor_is_not_told_her_bank_account(app, amna):
    j.accepted(amna)
    j.with_bank(amna)
    assert j.IBAN in as_text(held_of(j.delegate_of(amna)))
    comes = seats.delegate("Hiba Osman", "SDN", at=j.OFFERED, accepted=False)
    with seats.on(j.OFFERED):
        seen = j.award(amna).seq
        offers.replace(amna, seen=seen, successor=comes, document="MFA/9", by=seats.who("Ines"), at=j.OFFERED)
    told = as_text(held_of(j.delegate_of(amna)))
    assert "Osman" in told
    assert [words for words in (j.IBAN, "COBADEFF", "Eltayeb") if words in told] == []


def test_her_successor_is_not_told_what_was_written_of_her_journey(both_apps):
    amna = begun(j.amna)
    j.quoted(j.quoted(j.accepted(amna), "900.00"), "1000.00", choose=True)
    j._do(journeys.change_journey, amna, seats.who("Ines"), j.OFFERED, days_after=1, reason="No flight that night.")
    j.certified(amna, reason="It arrives in time.")
    j._do(awards.withdraw_certification, amna, seats.who("Lise"), j.CERTIFIED, reason="A meal is given.")
    assert [words for words in OF_A_JOURNEY if words not in as_text(held_of(j.delegate_of(amna)))] == []
    comes = seats.delegate("Hiba Osman", "SDN", at=j.APPROVED, accepted=False)
    j._do(offers.replace, amna, seats.who("Ines"), j.APPROVED, successor=comes, document="MFA/9")
    told = held_of(j.delegate_of(amna))
    assert [words for words in OF_A_JOURNEY if words in as_text(told)] == []
    j.quoted(amna, "1100.00", at=j.APPROVED)
    assert [row["number"] for row in held_of(j.delegate_of(amna)).tables["quote"]] == [3]
    assert record.verify(full=True).faults == []


def test_a_line_of_the_bank_that_pays_two_is_told_to_neither(app):
    award = begun(paid)
    entries = db.session.execute(select(Event.subject, Event.seq).where(Event.action == "award.proposed")).all()
    hers, his = sorted(entries, key=lambda one: one.subject != award)
    day = "'2018-03-01'"
    insider.changes(
        "INSERT INTO bank_statement (id, reference, bank_account, account_number, number, currency, first_day, "
        f"last_day, digest, seq) VALUES (1, 'B-1', 'main', '1', '1', 'USD', {day}, {day}, '', 1)",
        *(
            "INSERT INTO statement_line (id, statement_id, number, identity, booking_day, value_date, amount, "
            "bank_reference, reference, name, counterparty, text, reversal, n, seq) "
            f"VALUES ({n}, 1, {n}, '{n}', {day}, {day}, 1, '', '', '{name}', '', '', false, 1, 1)"
            for n, name in ((1, "A. Eltayeb"), (2, "Both of them"))
        ),
        *(
            "INSERT INTO line_match (line_id, bank_account, currency, entry, seq) "
            f"VALUES ({line}, 'main', 'USD', {entry}, 1)"
            for line, entry in ((1, hers.seq), (2, hers.seq), (2, his.seq))
        ),
    )
    told = held_of(j.delegate_of(award)).tables["statement_line"]
    assert [row["name"] for row in told] == ["A. Eltayeb"]


def test_a_donor_who_is_an_individual_is_told_of_gifts_and_letters(app):
    donor = b.donor("Zahra Haddad", type="individual", country="")
    contact, another = b.account("donor", "Haddad", donor=donor), b.account("donor", "Luxembourg", donor=b.donor())
    for by, name in ((contact, "hers.pdf"), (another, "theirs.pdf")):
        letters.add(b.pledge(by, "500.00"), documents.Document(name, "application/pdf", b"%PDF", 1), by=by, at=b.AT)
    told = held_of(contact)
    assert [row["name"] for row in told.tables["donor"]] == ["Zahra Haddad"]
    assert [row["amount"] for row in told.tables["pledge"]] == [50000]
    assert "letter.added" in [one["deed"] for one in told.entries]
    (letter,) = told.files
    assert (letter.name, storage.fetch(letter.person, letter.stored)) == ("hers.pdf", b"%PDF")
    told = held_of(another)
    assert told.tables["donor"] == told.tables["pledge"] == told.files == []
