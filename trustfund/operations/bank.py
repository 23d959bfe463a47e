"""Where a traveller is paid: a snapshot of the account, sealed under the person's key; a change is another snapshot."""

import json

from trustfund.core import bank as rules
from trustfund.core.money import decimals
from trustfund.core.refusal import Refused, sentence
from trustfund.core.verifier import canonical
from trustfund.models.awards import Award, BankDetails
from trustfund.operations.award_deeds import act, fact, seen_award
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.people import post
from trustfund.services import chance, keys

CERTIFIED = ("certified", "approved", "authorized", "ticketed", "advance-paid", "travelled", "claimed", "settled")


@deed("bank.entered")
def enter(
    op: Operation,
    reference: str,
    *,
    seen: int,
    holder: str,
    account: str,
    bic: str = "",
    bank: str = "",
    country: str = "",
    currency: str = "USD",
) -> Fact:
    """The account of the traveller; entered after certification it sends the award back to it (rules, 7)."""
    award = seen_award(op, reference, seen, "bank.entered")
    details = checked_details(holder=holder, account=account, bic=bic, bank=bank, country=country, currency=currency)
    act(op, award, "bank")
    person, made = award.application.person, chance.reference("B")
    sealed = keys.seal(person, canonical(details).encode(), made)
    assert op.account is not None
    op.session.add(
        BankDetails(
            reference=made,
            award_id=award.id,
            person=person,
            sealed=sealed,
            masked=f"•••• {details['account'][-4:]}",
            currency=details["currency"],
            by_id=op.account.id,
            at=op.recorded_at,
            seq=op.next_seq,
        )
    )
    op.session.flush()
    seal = keys.seal_of(person, canonical(details).encode())
    _tell(op, award)
    told = {"bank": made, "seal": seal, "person": person, "currency": details["currency"]}
    if award.stage not in CERTIFIED:
        return fact(op, award, data=told, bank_reference=made, method="bank")
    resumes = award.resumes or (None if award.stage == "certified" else award.stage)
    return fact(
        op,
        award,
        "accepted",
        data={**told, "sent_back": True},
        bank_reference=made,
        method="bank",
        round=award.round + 1,
        resumes=resumes,
        **({} if resumes else {"charge": None, "lines": "", "advance": 0}),
    )


def _tell(op: Operation, award: Award) -> None:
    """Who travels hears of it at once, whoever entered the details: a stranger's account would be noticed."""
    account = award.application.account
    if account:
        post(
            account,
            sentence("Your bank details were entered"),
            sentence(
                "An officer entered bank details for your journey to the meeting {meeting}. “My applications” shows "
                "the last four characters. If you did not ask for it, write to the fund at once."
            )
            if op.account is None or op.account.id != account.id
            else sentence(
                "You entered bank details for your journey to the meeting {meeting}. “My applications” shows the last "
                "four characters. If this was not you, write to the fund at once."
            ),
            meeting=award.meeting,
        )


def opened(details: BankDetails) -> dict[str, str]:
    """The account in clear: for a payment order, and for who gave a reason to see it."""
    return dict(json.loads(keys.unseal(details.person, details.sealed, details.reference)))


def checked_details(**typed: str) -> dict[str, str]:
    """The details as they are kept, or one sentence about the field that is wrong."""
    details = {name: " ".join(text.split()) for name, text in typed.items()}
    if not 0 < len(details["holder"]) <= 140:
        raise Refused("Enter the holder of the account, in at most 140 characters.", field="holder")
    details["account"] = rules.account_number(details["account"])
    if details["bic"]:
        details["bic"] = rules.bic(details["bic"])
    elif not details["bank"] or len(details["bank"]) > 140:
        raise Refused("Enter the BIC of the bank, or its name.", field="bank")
    if details["country"] and not (len(details["country"]) == 2 and details["country"].isascii()):
        raise Refused("Enter the country of the bank by its two letters, for example BF.", field="country")
    details["country"] = details["country"].upper()
    decimals(details["currency"])
    return details
