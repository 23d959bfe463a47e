"""The tables of awards, payments and claims say what the record says; `trustfund verify` names a row that does not."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.operations import insider
from tests.operations.test_copies_selections import faults_of
from trustfund.extensions import db
from trustfund.models.awards import Award
from trustfund.models.record import Event
from trustfund.operations import (
    awards,
    claims,
    copies_awards,
    debts,
    journeys,
    offers,
    payments,
    record,
    settlements,
    travel,
)
from trustfund.operations.award_deeds import digest_of
from trustfund.services import keys

LESS = '[{"what": "Taxi", "usd": "-10.00", "reason": "No receipt"}]'
LISE = "(SELECT id FROM account WHERE email = 'lise@example.org')"
AMNA = "(SELECT id FROM award WHERE state = 'SDN')"
BIKASH = "(SELECT id FROM award WHERE state = 'NPL')"


def told() -> str:
    """Sudan's delegate is paid by the bank, after a payment that failed, and settled after a claim that was sent back;
    she owes the fund, and pays a part. Nepal's is certified twice and cancelled with a ticket; Fiji names another."""
    j.fund()
    amna, bikash, mele = j.seated(("Amna Eltayeb", "SDN"), ("Bikash Thapa", "NPL"), ("Mele Losa", "FJI"))
    _travels(amna)
    _owes(amna)
    _cancelled(bikash)
    _replaced(mele)
    return amna


def _travels(amna: str) -> None:
    j.with_bank(j.accepted(amna, method="bank"))
    j.quoted(j.quoted(amna, "900.00"), "1000.00", choose=True)
    ines = seats.who("Ines")
    j._do(journeys.change_journey, amna, ines, j.OFFERED, days_after=1, reason="No flight that night.", visa="160")
    j.certified(amna, reason="It arrives in time.")
    j.ticketed(j.authorized(j.approved(j.approved(amna), by="Tomas")))
    j.advanced(amna)
    with seats.on(j.PAID):
        wrong = j.payment(amna, "advance").reference
        payments.fail(wrong, reason="Account closed.", by=seats.who("Salma"), at=j.PAID)
    j.advanced(amna)
    j.released(("ticket", amna), method="agent")


def _owes(amna: str) -> None:
    j.claimed(j.attended(amna), message="I left early.", report="It went well.")
    j._do(claims.send_back, amna, seats.who("Ines"), j.BACK, reason="Where is the boarding pass?")
    j.claimed(amna, arrived_on=date(2018, 2, 21), given='{"2018-02-21": ["lunch"]}', message="Here.", report="Well.")
    j._do(settlements.decline, j.prepared(amna), seats.who("Lise"), j.SETTLED, reason="The taxi.")
    j.settled(j.prepared(amna, adjustments=LESS))
    more = {"amount": "50.00", "value_date": j.SETTLED.date(), "bank_reference": "R-1"}
    j._do(debts.recover, amna, seats.who("Salma"), j.SETTLED, **more)


def _cancelled(bikash: str) -> None:
    j.certified(j.quoted(j.accepted(bikash), "1200.00"))
    j._do(awards.withdraw_certification, bikash, seats.who("Rafael"), j.CERTIFIED, reason="A meal is given.")
    j.ticketed(j.authorized(j.approved(j.certified(bikash))))
    j._do(travel.cancel, bikash, seats.who("Ines"), j.PAID, refund="400.00", reason="Flights are cancelled.")


def _replaced(mele: str) -> None:
    j.approved(j.certified(j.quoted(j.accepted(mele), "1400.00")))
    comes = seats.delegate("Sitiveni Losa", "FJI", at=j.OFFERED, accepted=False)
    j._do(offers.replace, mele, seats.who("Ines"), j.APPROVED, successor=comes, document="Note verbale 7")


@pytest.fixture
def amna(app: Flask) -> str:
    return begun(told)


def test_what_was_done_properly_is_sound(both_apps: Flask):
    begun(told)
    assert record.verify().faults == []


CHANGES = (
    (f"UPDATE award SET stage = 'closed' WHERE id = {AMNA}", ": stage"),
    (f"UPDATE award SET round = 9 WHERE id = {AMNA}", ": round"),
    (f"UPDATE award SET resumes = 'approved' WHERE id = {BIKASH}", ": resumes"),
    ("UPDATE award SET answer_by = '2019-01-01' WHERE state = 'SDN'", ": answer_by"),
    ("UPDATE award SET proposed = proposed + 1 WHERE state = 'SDN'", ": proposed"),
    ("UPDATE award SET charge = charge + 1 WHERE state = 'SDN'", ": charge"),
    ("UPDATE award SET advance = 1 WHERE state = 'SDN'", ": advance"),
    ("UPDATE award SET approvals_needed = 1 WHERE state = 'SDN'", ": approvals_needed"),
    ("UPDATE award SET days_after = NULL WHERE state = 'SDN'", ": days_after"),
    ("UPDATE award SET days_before = 7 WHERE state = 'SDN'", ": days_before"),
    ("UPDATE award SET visa = 99 WHERE state = 'SDN'", ": visa"),
    ("UPDATE award SET method = 'cash' WHERE state = 'SDN'", ": method"),
    ("UPDATE award SET bank_reference = '' WHERE state = 'SDN'", ": bank_reference"),
    ("UPDATE award SET ticket = 1 WHERE state = 'SDN'", ": ticket"),
    ("UPDATE award SET ticketed_on = '2018-01-01' WHERE state = 'SDN'", ": ticketed_on"),
    ("UPDATE award SET claim_due = '2019-01-01' WHERE state = 'SDN'", ": claim_due"),
    ("UPDATE award SET seat = 'N1-XXXX' WHERE state = 'SDN'", ": seat"),
    ("UPDATE award SET position = 9 WHERE state = 'SDN'", ": position"),
    ("UPDATE award SET meeting = 'N2' WHERE state = 'SDN'", ": meeting"),
    ("UPDATE award SET state = 'TCD' WHERE state = 'SDN'", ": state"),
    ("UPDATE award SET category = 'developing' WHERE state = 'SDN'", ": category"),
    ("UPDATE award SET application_id = (SELECT max(id) FROM application) WHERE state = 'SDN'", ": application"),
    ("UPDATE award SET selection_id = 99 WHERE state = 'SDN'", ": selection"),
    ("UPDATE award SET seq = 1 WHERE state = 'SDN'", ": seq"),
    ("DELETE FROM award WHERE state = 'SDN'", "is missing, the record has it"),
    ("UPDATE award SET account_id = NULL WHERE state = 'SDN'", "is of another person than its application"),
    ("UPDATE award SET person = 'x' WHERE state = 'SDN'", "is of another person than its application"),
    ("UPDATE award SET lines = replace(lines, '1000', '9000')", "does not hold the cost that was certified"),
    ("UPDATE award SET reason = 'x' WHERE state = 'SDN'", "does not hold the reason that was written"),
    ("UPDATE award SET reason = 'x' WHERE state = 'FJI'", "does not hold the reason that was written"),
    ("UPDATE award SET sent_back_why = '' WHERE state = 'SDN'", "does not hold the sent_back_why that was written"),
    ("UPDATE award SET journey_reason = ''", "does not hold the journey_reason that was written"),
    ("UPDATE award SET ticket_number = 'x' WHERE state = 'SDN'", "does not hold the ticket_number that was written"),
    ("UPDATE award SET cancelled_why = 'x' WHERE state = 'NPL'", "does not hold the cancelled_why that was written"),
    ("DELETE FROM act WHERE act = 'approve'", "the table act: W-"),
    (f"UPDATE act SET by_id = {LISE} WHERE act = 'certify'", "is not in the record"),
    (f"UPDATE act SET award_id = {BIKASH} WHERE act = 'settle'", "is missing, the record has it"),
    ("UPDATE act SET at = '2018-01-01T00:00:00.000Z' WHERE act = 'pay'", ": at"),
    ("UPDATE act SET seq = 1 WHERE act = 'pay'", ": seq"),
    ("UPDATE act SET round = 5 WHERE act = 'pay'", "is not in the record"),
    (
        f"INSERT INTO act (award_id, round, act, by_id, at, seq) VALUES ({BIKASH}, 1, 'pay', {LISE}, "
        "'2018-01-01T00:00:00.000Z', 1)",
        "is not in the record",
    ),
    ("UPDATE quote SET usd = 1 WHERE number = 1", ": usd"),
    ("UPDATE quote SET day = '2018-01-01'", ": day"),
    (f"UPDATE quote SET chosen = NOT chosen WHERE award_id = {AMNA}", ": chosen"),
    ("UPDATE quote SET source = 'x'", "does not hold the words that were written"),
    ("DELETE FROM quote WHERE number = 2", "the table quote: W-"),
    ("UPDATE bank_details SET currency = 'EUR'", ": currency"),
    (f"UPDATE bank_details SET award_id = {BIKASH}", ": award"),
    (f"UPDATE bank_details SET by_id = {LISE}", ": by"),
    ("UPDATE bank_details SET person = 'nobody'", ": person"),
    ("UPDATE bank_details SET at = '2018-01-01T00:00:00.000Z'", ": at"),
    ("UPDATE bank_details SET masked = '•••• 9999'", "does not hold the account that was entered"),
    ("UPDATE bank_details SET sealed = x'00'", "does not hold the account that was entered"),
    ("DELETE FROM bank_details", "the table bank_details: B-"),
    ("UPDATE payment_order SET usd = 1", ": usd"),
    ("UPDATE payment_order SET count = 9", ": count"),
    ("UPDATE payment_order SET day = '2018-01-01'", ": day"),
    ("UPDATE payment_order SET method = 'cash'", ": method"),
    ("UPDATE payment_order SET bank_account = 'other'", ": bank_account"),
    (f"UPDATE payment_order SET by_id = {LISE}", ": by"),
    ("UPDATE payment SET usd = 1", ": usd"),
    ("UPDATE payment SET amount = 1", ": amount"),
    ("UPDATE payment SET currency = 'EUR'", ": currency"),
    ("UPDATE payment SET per_usd = '2'", ": per_usd"),
    ("UPDATE payment SET kind = 'balance' WHERE kind = 'ticket'", ": kind"),
    ("UPDATE payment SET stage = 'failed'", ": stage"),
    ("UPDATE payment SET order_id = (SELECT min(id) FROM payment_order)", ": order"),
    (f"UPDATE payment SET award_id = {BIKASH}", ": award"),
    ("UPDATE payment SET bank_id = NULL", ": bank"),
    ("UPDATE payment SET why_failed = 'x'", "does not hold the reason that was given"),
    ("DELETE FROM payment WHERE stage = 'failed'", "the table payment: Y-"),
    ("UPDATE claim SET left_on = '2018-02-24'", ": left_on"),
    ("UPDATE claim SET arrived_on = '2018-02-18'", ": arrived_on"),
    ("UPDATE claim SET visa = 100", ": visa"),
    ("UPDATE claim SET trips = 3", ": trips"),
    ("UPDATE claim SET given = '{}'", ": given"),
    (f"UPDATE claim SET by_id = {LISE}", ": by"),
    ("UPDATE claim SET words = 'x' WHERE number = 1", "does not hold the words that were written"),
    ("UPDATE claim SET report = '' WHERE number = 2", "does not hold the words that were written"),
    ("UPDATE claim SET returned = 'x' WHERE number = 2", "does not hold what the officer asked"),
    ("DELETE FROM claim WHERE number = 2", "the table claim: W-"),
    ("UPDATE settlement SET entitled = entitled + 1", ": entitled"),
    ("UPDATE settlement SET advance = 0", ": advance"),
    ("UPDATE settlement SET stage = 'approved'", ": stage"),
    (f"UPDATE settlement SET by_id = {LISE}", ": by"),
    ("UPDATE settlement SET approved_by_id = by_id", ": approved_by"),
    ("UPDATE settlement SET lines = replace(lines, 'allowance', 'visa')", "does not hold the lines that were prepared"),
    ("UPDATE settlement SET adjustments = replace(adjustments, 'Taxi', 'Meal')", "does not hold the adjustments"),
    ("DELETE FROM settlement WHERE stage = 'declined'", "the table settlement: L-"),
    ("UPDATE recovery SET usd = 1", ": usd"),
    ("UPDATE recovery SET value_date = '2018-01-01'", ": value_date"),
    (f"UPDATE recovery SET award_id = {BIKASH}", ": award"),
    ("UPDATE recovery SET bank_reference = 'R-2'", "the table recovery: main R-2 is not in the record"),
    ("DELETE FROM recovery", "the table recovery: main R-1 is missing"),
)


def test_a_row_that_was_changed_past_the_guards_is_named(amna: str):
    unnoticed = [
        (statement, says)
        for statement, says in CHANGES
        if not any(says in f and f.startswith(f"the table {_table(statement)}: ") for f in faults_of(statement))
    ]
    assert unnoticed == []
    assert record.verify().faults == []


def test_why_an_award_is_dearer_outlives_what_was_sent_back(amna: str):
    kept = j.award(amna)
    assert (kept.reason, kept.sent_back_why) == ("It arrives in time.", "The taxi.")


def test_every_table_of_awards_was_changed():
    assert {_table(statement) for statement, _ in CHANGES} == copies_awards.KEPT.keys()


def _table(statement: str) -> str:
    return statement.split()[1 if statement.startswith("UPDATE") else 2]


def test_books_that_cannot_be_are_named(amna: str):
    """A final award that keeps a commitment, and one that has spent less than nothing."""
    bikash = db.session.scalars(select(Award.reference).where(Award.state == "NPL")).one()
    closed = f"UPDATE award SET stage = 'closed', resumes = NULL WHERE id = {AMNA}"
    assert any(f"{amna} is settled and keeps" in f for f in faults_of(_moved("commitments", amna, 500)))
    assert any(
        f"{bikash} has less than nothing of commitments" in f for f in faults_of(_moved("commitments", bikash, -1))
    )
    assert any(
        f"{bikash} has less than nothing of travel" in f for f in faults_of(_moved("travel", bikash, -99_999_999))
    )
    assert not any("keeps" in f for f in faults_of(closed))  # it still owes: the debt stays committed


def _moved(account: str, reference: str, cents: int) -> str:
    """One posting more, on the last entry about an award."""
    return (
        "INSERT INTO posting (seq, line, account, currency, amount, usd, day, earmark) SELECT max(seq), 99, "
        f"'{account}', 'USD', {cents}, {cents}, '2018-03-06', '' FROM event WHERE subject = '{reference}'"
    )


def test_of_what_an_erased_traveller_wrote_nothing_is_said(amna: str):
    kept = j.award(amna)
    for person in (kept.application.person, j.delegate_of(amna)):
        (keys.folder() / "people" / f"{person}.key").unlink(missing_ok=True)
    assert ["are not in the key folder" in fault for fault in record.verify().faults] == [True]
    insider.changes("UPDATE claim SET words = 'x'", "UPDATE bank_details SET masked = 'x'")
    assert ["are not in the key folder" in fault for fault in record.verify().faults] == [True]


def test_no_words_of_a_person_and_no_account_stand_in_the_record(amna: str):
    bodies = " ".join(db.session.scalars(select(Event.body)))
    written = (
        "No flight",
        "arrives in time",
        "Account closed",
        "I left early",
        "It went well",
        "boarding pass",
        "Taxi",
    )
    hidden = (*written, "No receipt", "Flights are", "A meal is given", j.IBAN, f"057-{amna}", "Khartoum", "Agent 1")
    assert [text for text in hidden if text in bodies] == []
    assert digest_of(j.award(amna).lines) in bodies
