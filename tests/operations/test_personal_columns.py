"""Every column of every table is either personal data, or was thought about and tells nothing of a person."""

from sqlalchemy import Date, LargeBinary, String

from trustfund.extensions import db
from trustfund.models import personal
from trustfund.models.columns import Instant
from trustfund.reports import words_of_personal_data as words

TELLS_NOTHING = {
    "account": "reference role language state",
    "act": "act",
    "activity": "reference title words document stage",
    "activity_act": "act",
    "activity_payment": "value_date bank_account bank_reference",
    "added_meeting": "code content",
    "agreement_draft": "number",
    "allotment": "meeting basis document",
    "amendment": "state fact value document effective recorded_on",
    "application": "reference public meeting state stage gender language",  # published, all but the language
    "award": """reference seat meeting state category stage resumes answer_by lines method bank_reference ticketed_on
        claim_due reminded_on""",
    "balance": "account currency earmark",
    "bank_details": "reference person currency",
    "bank_line": "kind value_date bank_account bank_reference currency",
    "bank_statement": "reference bank_account account_number number currency first_day last_day digest",
    "claim": "arrived_on left_on given",  # in clear in the record: what the cost is made of
    "closed_fund": "day",
    "closed_month": "month",
    "closing": "meeting value",
    "column_mapping": "headings mapping",
    "deposit": "reference value_date bank_account bank_reference currency per_usd rate_day rate_source",
    "designation": "reference function from_day to_day document ended_on",
    "document": "reference kind media_type seal",
    "donor": "reference type country language",
    "double_ruling": "reason strength",
    "dsa_rate": "place day currency lodging source",
    "erasure": "person kind rule words",  # why it was asked: whoever types it names nobody
    "event": "at actor action subject key state_from state_to body prev hash sig key_id",
    "fund_closing": "decided_on document",
    "head": "hash",
    "instalment": "due_on",
    "letter": "reference media_type seal",
    "line_match": "bank_account currency",
    "mail": "person language",
    "mandate_version": "effective symbol digest",
    "notice": "kind",
    "override": "public",
    "password_link": "token",  # goes with the account
    "payment": "reference kind stage currency per_usd",
    "payment_order": "reference method day bank_account meeting",
    "place": "public state region category gender outcome ahead_by compared",
    "pledge": """reference document purpose earmark currency announced_on expected_on state agreed_on condition
        condition_met_on""",
    "posting": "account currency day earmark",
    "proposal": "reference deed subject content stage",
    "provision": "meeting content",
    "quote": "day",
    "rate": "currency day source per_usd",
    "recovery": "value_date bank_account bank_reference",
    "refund": "earmark",
    "screening": "act codes",
    "second_factor": "sealed",  # goes with the account
    "selection": "reference meeting stage text digest annex reason answer_by",
    "set_aside": "public earmark",
    "settlement": "reference stage lines",
    "sign_in": "token",  # goes with the account
    "sign_in_failure": "counted",
    "statement_line": "identity booking_day value_date",
    "statement_upload": "reference name stored digest bank_account mapping",
    "unmasking": "what reason",
}
"""Table -> columns of text, bytes or days that are not in personal.HELD; instants tell when, of a reference."""


def test_every_column_of_text_bytes_or_days_was_thought_about():
    held = {(one.table, name) for one in personal.HELD for name in one.blank}
    nothing = {(table, name) for table, names in TELLS_NOTHING.items() for name in names.split()}
    there = {
        (table.name, column.name)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | LargeBinary | Date) and not isinstance(column.type, Instant)
    }
    assert sorted(there - held - nothing) == []
    assert sorted(nothing & held) == []
    assert sorted(nothing - there) == []


def test_the_register_knows_every_kind_of_the_list():
    assert {held.kind for held in personal.HELD} == {*words.KINDS} == {*words.PURPOSE}
    assert {*words.PURPOSE.values()} <= {*words.WHY}
