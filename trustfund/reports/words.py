"""Stable words of the fund and what they are called where a person reads them (English keys)."""

from trustfund.core import roles
from trustfund.core.refusal import sentence

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
