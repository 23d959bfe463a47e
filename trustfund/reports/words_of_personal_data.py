"""What kinds of personal data are called, why they are kept, how long and how; and what was erased or shown."""

from trustfund.core.refusal import sentence
from trustfund.operations.retention import ACCOUNTS, FUNDED, UNFUNDED
from trustfund.reports.words_of_unmasking import REASON, WHAT

SORT = {
    "held": sentence("Data held"),
    "erased": sentence("Person erased"),
    "shown": sentence("Shown to an officer"),
}
KINDS = {
    "account": sentence("Account"),
    "identity": sentence("Names and position"),
    "contact": sentence("E-mail address and telephone"),
    "nomination": sentence("Nomination by the Government"),
    "passport": WHAT["passport"],
    "bank": WHAT["bank"],
    "journey": sentence("Journey and claim"),
    "files": sentence("Files"),
    "words": sentence("Notes and reasons"),
    "mail": sentence("Mail"),
    "donor": sentence("Donor who is an individual"),
}
"""Kinds of models.personal.HELD, in the order of the report."""
KIND = KINDS | {"application": sentence("Application of a file")}
"""The same, and what a person that was erased was."""
PURPOSE = {
    "account": "sign-in",
    "identity": "assess",
    "contact": "write",
    "nomination": "nomination-proof",
    "passport": "travel-document",
    "bank": "transfer",
    "journey": "journey-cost",
    "files": "evidence",
    "words": "decision-reasons",
    "mail": "delivery",
    "donor": "agreements",
}
"""Kind -> why it is kept: a word of WHY."""
WHY = REASON | {
    "sign-in": sentence("To sign in, and to know who may do what"),
    "assess": sentence("To assess an application, and to know a person again"),
    "write": sentence("To write to the person"),
    "nomination-proof": sentence("To prove that the Government nominates the person"),
    "travel-document": sentence("To buy the ticket, and to fund nobody twice"),
    "transfer": sentence("To pay the person"),
    "journey-cost": sentence("To plan, pay and settle the journey"),
    "evidence": sentence("To prove what was asked, travelled and given"),
    "decision-reasons": sentence("To tell why something was decided"),
    "delivery": sentence("To send it, and to see that it arrived"),
    "agreements": sentence("To draw up agreements and receipts"),
    "asked": sentence("It was asked"),
    UNFUNDED: sentence("The time is over: a person without a seat"),
    FUNDED: sentence("The time is over: money was paid"),
    ACCOUNTS: sentence("The time is over: an account without use"),
}
COUNTED = {
    "meeting": sentence(
        "Months from the last meeting; where money was paid, years from the end of the year of the last"
    ),
    "account-end": sentence("From the end of the account, or from its last use where nothing was asked"),
    "sending": sentence("From the day on which it was sent"),
    "last-gift": sentence("From the end of the year of the last gift, or of the last entry where nothing was given"),
}
PROTECTION = {
    "sealed": sentence("Encrypted under the person’s key"),
    "apart": sentence("In the database, apart from the record"),
}
