"""Stable words of the fund and what they are called where a person reads them (English keys)."""

from trustfund.core import roles
from trustfund.core.refusal import sentence, sentence_in

DONOR_TYPE = {
    "state": sentence("State"),
    "igo": sentence("Intergovernmental organization"),
    "ngo": sentence("Non-governmental organization"),
    "private": sentence("Private donor"),
    "individual": sentence("Individual"),
}
STAGE = {
    "announced": sentence("Announced"),
    "agreed": sentence("Agreed"),
    "part-paid": sentence("Part paid"),
    "fully-paid": sentence("Fully paid"),
    "written-off": sentence("Written off"),
    "withdrawn": sentence("Withdrawn"),
}
APPLICATION_STAGE = {
    "draft": sentence_in("application", "Draft"),
    "submitted": sentence("Waits for screening"),
    "changes-asked": sentence("Changes asked"),
    "accepted": sentence_in("application", "Accepted"),
    "refusal-proposed": sentence("Refusal proposed"),
    "refused": sentence_in("application", "Refused"),
    "withdrawn": sentence_in("application", "Withdrawn"),
}
MEETING_STAGE = {
    "ahead": sentence("Call not yet open"),
    "open": sentence("Call open"),
    "closed": sentence("Call closed"),
    "in-session": sentence("In session"),
    "held": sentence("Held"),
}
OUTCOME = {
    "held": sentence("Held from an earlier run"),
    "proposed": sentence("Seat proposed"),
    "waiting": sentence("Waiting list"),
    "over-quota": sentence("Over quota"),
    "not-ranked": sentence("Not ranked: a rule fails"),
    "refused": sentence_in("application", "Refused"),
}
CATEGORY = {
    "LDC": sentence("Least developed country"),
    "LLDC/SIDS": sentence("Landlocked or small island developing State"),
    "developing": sentence("Other developing country"),
    "self-financing": sentence("Self-financing developing country"),
    "none": sentence("Not a developing country"),
}
CATEGORY_CODE = {
    "LDC": sentence("LDC"),
    "LLDC/SIDS": sentence("LLDC/SIDS"),
    "developing": sentence("developing"),
    "self-financing": sentence("self-financing"),
}
GENDER = {
    "F": sentence("Woman"),
    "M": sentence("Man"),
    "": sentence("Not stated"),
}
REGION = {
    "African Group": sentence("African Group"),
    "Asia-Pacific Group": sentence("Asia-Pacific Group"),
    "Eastern European Group": sentence("Eastern European Group"),
    "GRULAC": sentence("Latin American and Caribbean Group"),
    "WEOG": sentence("Western European and other States Group"),
    "": sentence("No regional group"),
    "none": sentence("No regional group"),
}
RULE = {
    "state-in-scope": sentence("State in scope"),
    "developing-country": sentence("Developing country"),
    "meeting-of-the-process": sentence("Meeting of the process"),
    "nominated-by-government": sentence("Nominated by the Government"),
    "file-complete": sentence("File complete"),
    "in-time-to-travel": sentence("In time to travel"),
    "travel-needed": sentence("Travel needed"),
    "not-funded-twice": sentence("Not funded twice"),
    "no-overdue-claim": sentence("No overdue claim"),
}
CRITERION = {
    "step": sentence("step"),
    "seat-of-state": sentence("seat of the State"),
    "country-category": sentence("category of the State"),
    "on-time": sentence("on time"),
    "least-funded-state": sentence("least funded State"),
    "regional-balance": sentence("regional balance"),
    "gender-balance": sentence("gender balance"),
    "earliest-complete": sentence("earliest complete file"),
    "draw": sentence("draw"),
    "over-quota": sentence("quota of a State"),
}
EARMARK = {
    "": sentence("Not earmarked"),
    "travel": sentence("Travel only"),
    "category:LDC": sentence("Least developed countries"),
    "category:LLDC/SIDS": sentence("Landlocked or small island developing States"),
    "category:developing": sentence("Other developing countries"),
}
KIND = {
    "asset": sentence("Asset"),
    "liability": sentence("Liability"),
    "revenue": sentence("Revenue"),
    "expense": sentence("Expense"),
    "memorandum": sentence("Memorandum"),
}
ROLE = {
    "donor": sentence("Donor"),
    "delegate": sentence("Delegate"),
    "mission": sentence("Permanent mission"),
    "officer": sentence("Officer"),
    "head": sentence("Head of the fund"),
    "auditor": sentence("Auditor"),
    "administrator": sentence("Administrator"),
}
FUNCTION = {
    "screening": sentence("Screening"),
    "certifying": sentence("Certifying"),
    "approving": sentence("Approving"),
    "paying": sentence("Paying"),
}
ACCOUNT = {
    "cash": sentence("Cash"),
    "contributions-receivable": sentence("Contributions receivable"),
    "travel-advances": sentence("Travel advances"),
    "prepaid-travel": sentence("Prepaid travel"),
    "due-from-travellers": sentence("Due from travellers"),
    "payables": sentence("Payables"),
    "accrued-travel": sentence("Accrued travel"),
    "support-cost-payable": sentence("Support cost payable"),
    "unapplied-contributions": sentence("Unapplied contributions"),
    "due-to-donors": sentence("Due to donors"),
    "voluntary-contributions": sentence("Voluntary contributions"),
    "interest": sentence("Interest"),
    "exchange-difference": sentence("Exchange difference"),
    "travel": sentence("Travel"),
    "support-cost": sentence("Support cost"),
    "preparatory-activities": sentence("Preparatory activities"),
    "bank-charges": sentence("Bank charges"),
    "write-offs": sentence("Write-offs"),
    "commitments": sentence("Commitments"),
    "committed": sentence("Committed"),
}
ACTION = {
    "key.introduced": sentence("Signing key introduced"),
    "mandate.adopted": sentence("Mandate adopted"),
    "mandate.amended": sentence("Mandate amended"),
    "account.created": sentence("Account created"),
    "account.suspended": sentence("Account suspended"),
    "account.reinstated": sentence("Account reinstated"),
    "account.reset": sentence("Password reset"),
    "account.ended": sentence("Account ended"),
    "designation.made": sentence("Designation made"),
    "designation.confirmed": sentence("Designation confirmed"),
    "designation.ended": sentence("Designation ended"),
    "rate.recorded": sentence("Rate of exchange recorded"),
    "donor.registered": sentence("Donor registered"),
    "pledge.announced": sentence("Pledge announced"),
    "agreement.recorded": sentence("Agreement recorded"),
    "deposit.recorded": sentence("Deposit recorded"),
    "application.submitted": sentence("Application submitted"),
    "application.reopened": sentence("Application opened again"),
    "application.withdrawn": sentence("Application withdrawn"),
    "application.imported": sentence("Application imported"),
    "application.accepted": sentence("Application accepted"),
    "changes.asked": sentence("Changes asked"),
    "completion.confirmed": sentence("Completion confirmed"),
    "refusal.proposed": sentence("Refusal proposed"),
    "refusal.confirmed": sentence("Refusal confirmed"),
    "refusal.declined": sentence("Refusal not confirmed"),
    "call.closed": sentence("Call closed"),
    "allotment.fixed": sentence("Allotment fixed"),
    "allotment.changed": sentence("Allotment changed"),
    "selection.previewed": sentence("Selection previewed"),
    "selection.kept": sentence("Selection kept"),
    "override.recorded": sentence("Override recorded"),
    "status.amended": sentence("Status of a State amended"),
    "meeting.added": sentence("Meeting added"),
    "proposal.made": sentence("Proposal made"),
    "proposal.declined": sentence("Proposal declined"),
    "application.refused": sentence("Refused: application"),
    "changes.refused": sentence("Refused: changes"),
    "completion.refused": sentence("Refused: completion"),
    "refusal.refused": sentence("Refused: refusal"),
    "call.refused": sentence("Refused: closing of a call"),
    "allotment.refused": sentence("Refused: allotment"),
    "selection.refused": sentence("Refused: selection"),
    "override.refused": sentence("Refused: override"),
    "status.refused": sentence("Refused: status of a State"),
    "meeting.refused": sentence("Refused: meeting"),
    "proposal.refused": sentence("Refused: proposal"),
    "account.refused": sentence("Refused: account"),
    "designation.refused": sentence("Refused: designation"),
    "pledge.refused": sentence("Refused: pledge"),
    "agreement.refused": sentence("Refused: agreement"),
    "deposit.refused": sentence("Refused: deposit"),
    "mandate.refused": sentence("Refused: amendment"),
    "rate.refused": sentence("Refused: rate"),
    "donor.refused": sentence("Refused: donor"),
    "key.refused": sentence("Refused: key"),
}


SYSTEM = sentence("The fund’s server")


def actor(reference: str) -> str:
    """What is said of who acted, where no person's name is known."""
    return SYSTEM if reference == roles.SYSTEM else reference


def earmark(code: str) -> str:
    """The words of an earmark; a meeting is called by its code."""
    return EARMARK.get(code) or code.partition(":")[2] or code
