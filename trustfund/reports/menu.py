"""The auditors' menu: one line a report. A new report is one file that returns data and one line here."""

from collections.abc import Callable
from dataclasses import dataclass

from trustfund.core.refusal import Refused, sentence
from trustfund.reports import (
    advances_and_claims,
    allotments,
    audit_trail,
    awards_and_disbursements,
    bank_reconciliation,
    beneficiaries,
    contribution_results,
    contributions_journal,
    exceptions,
    fund_status,
    journal,
    personal_data_register,
    selection,
    source_and_use_of_funds,
    status_of_contributions,
    surplus,
    trial_balance,
)
from trustfund.reports.report import Report
from trustfund.reports.snapshot import Snapshot


@dataclass(frozen=True)
class Entry:
    name: str
    section: str
    title: str
    answers: str
    build: Callable[[Snapshot], Report]


_IN, _SEATS = sentence("Money in"), sentence("Seats")
_BOOKS, _CONTROL = sentence("Books"), sentence("Control")
_JOURNEYS = sentence("Journeys")
MENU = (
    Entry(
        "fund-status",
        _IN,
        sentence("Fund status"),
        sentence("What came in, what is used, and what can still be promised"),
        fund_status.build,
    ),
    Entry(
        "allotments",
        _IN,
        sentence("Allotments"),
        sentence("What each meeting may use, what is taken and what is left"),
        allotments.build,
    ),
    Entry(
        "status-of-contributions",
        _IN,
        sentence("Status of contributions"),
        sentence("Who agreed, paid and owes what, and since when"),
        status_of_contributions.build,
    ),
    Entry(
        "contributions-journal",
        _IN,
        sentence("Contributions journal"),
        sentence("Every agreement, deposit, write-off and refund, with its rate and its reference at the bank"),
        contributions_journal.build,
    ),
    Entry(
        "contribution-results",
        _IN,
        sentence("What each contribution did"),
        sentence("Which delegates, days and costs the money of each donor paid"),
        contribution_results.build,
    ),
    Entry(
        "selection",
        _SEATS,
        sentence("Selection"),
        sentence("Who was given a seat, in which order and why"),
        selection.build,
    ),
    Entry(
        "beneficiaries",
        _SEATS,
        sentence("Beneficiaries"),
        sentence("Which States had seats, and what they cost"),
        beneficiaries.build,
    ),
    Entry(
        "awards-and-disbursements",
        _JOURNEYS,
        sentence("Awards and disbursements"),
        sentence("Which journeys were approved, what they cost, what was paid"),
        awards_and_disbursements.build,
    ),
    Entry(
        "advances-and-claims",
        _JOURNEYS,
        sentence("Advances and claims"),
        sentence("Who has an advance, whose claim is late, who owes the fund"),
        advances_and_claims.build,
    ),
    Entry(
        "surplus",
        _JOURNEYS,
        sentence("Surplus"),
        sentence("Whether anything is left beyond the journeys, and what it pays"),
        surplus.build,
    ),
    Entry(
        "source-and-use-of-funds",
        _BOOKS,
        sentence("Source and use of funds"),
        sentence("With what the fund began, what came in, what it paid for, and what is left"),
        source_and_use_of_funds.build,
    ),
    Entry(
        "trial-balance", _BOOKS, sentence("Trial balance"), sentence("Do all accounts add to zero"), trial_balance.build
    ),
    Entry("journal", _BOOKS, sentence("Journal"), sentence("Every entry with both sides"), journal.build),
    Entry(
        "bank-reconciliation",
        _BOOKS,
        sentence("Bank reconciliation"),
        sentence("Whether the bank and the books agree, and what explains where they do not"),
        bank_reconciliation.build,
    ),
    Entry(
        "exceptions",
        _CONTROL,
        sentence("Exceptions"),
        sentence("What went another way than the usual one, and what was refused"),
        exceptions.build,
    ),
    Entry("audit-trail", _CONTROL, sentence("Audit trail"), sentence("Who did what, when"), audit_trail.build),
    Entry(
        "personal-data-register",
        _CONTROL,
        sentence("Personal data register"),
        sentence("What is held of people, why and how long; who was erased, who was shown what"),
        personal_data_register.build,
    ),
)
FORMATS = ("pdf", "xlsx", "csv", "json")


def find(name: str) -> Entry:
    """The report of a name; refused with the names there are."""
    for entry in MENU:
        if entry.name == name:
            return entry
    raise Refused(
        "There is no report “{name}”. There are: {names}.", name=name[:40], names=", ".join(e.name for e in MENU)
    )
