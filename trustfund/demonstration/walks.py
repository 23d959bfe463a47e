"""What a newcomer can try in five minutes: the life of one pledge and of one delegate, person by person."""

from dataclasses import dataclass

from trustfund.core.refusal import sentence


@dataclass(frozen=True)
class Step:
    """``who``: the name of an e-mail address, empty for a visitor without an account. ``leaves``: whether one can see
    in the fund that it was done; looking leaves nothing."""

    name: str
    who: str
    title: str
    do: str
    see: str
    leaves: bool = True


@dataclass(frozen=True)
class Walk:
    name: str
    title: str
    about: str
    over: str
    steps: tuple[Step, ...]


PLEDGE = Walk(
    "pledge",
    sentence("One pledge"),
    sentence("From the day a donor announces it to the proof that nobody changed it: four people, two minutes."),
    sentence("This walk is done. Announce another pledge, and it begins anew."),
    (
        Step(
            "announce",
            "donor",
            sentence("A donor announces a pledge"),
            sentence("Type any amount, choose its currency and what it is for, and send the form."),
            sentence("You will see the pledge on record; an announcement books nothing yet."),
        ),
        Step(
            "agree",
            "certifying",
            sentence("An officer records the agreement"),
            sentence(
                "Name the exchange of letters, for example “Letters of 24 January 2018”, date it 24 1 2018, and "
                "record the agreement."
            ),
            sentence("You will see what is owed to the fund, at the rate of that day. It cannot be spent yet."),
        ),
        Step(
            "deposit",
            "paying",
            sentence("The bank reports the deposit"),
            sentence(
                "The amount stands there; give the value date 24 1 2018 and any bank reference, and record the deposit."
            ),
            sentence("You will see the pledge paid. From now on the money can be spent, and a receipt is ready."),
        ),
        Step(
            "receipt",
            "donor",
            sentence("The donor takes the receipt"),
            sentence("Open the receipt of your deposit and copy the code at its foot."),
            sentence("You will see a PDF. Its code is the place of the deposit in the record, and part of its seal."),
            leaves=False,
        ),
        Step(
            "proof",
            "auditor",
            sentence("An auditor checks the receipt"),
            sentence("Type the code of the receipt under “Is this paper still true?”."),
            sentence("You will see the entry that the receipt tells of, and that it is unchanged."),
            leaves=False,
        ),
        Step(
            "verify",
            "auditor",
            sentence("The auditor checks everything"),
            sentence("Choose “Verify now”."),
            sentence("You will see how many entries were computed again, and that the record is sound."),
            leaves=False,
        ),
    ),
)

DELEGATE = Walk(
    "delegate",
    sentence("One delegate"),
    sentence(
        "From the open call to the paid journey: who travels is decided by rule, and each step by another person."
    ),
    sentence("This walk is done. The seats of the fourth hearing are given once: a new demonstration begins it anew."),
    (
        Step(
            "meeting",
            "",
            sentence("Anybody reads the call"),
            sentence("Read who may apply for the second round, until when, and how seats are given."),
            sentence("You will see what a delegate or a mission sees without an account."),
            leaves=False,
        ),
        Step(
            "send",
            "delegate",
            sentence("A delegate sends the application"),
            sentence("The draft is filled in. Choose “Check and submit”, read the rules, and submit it."),
            sentence(
                "You will see that it is complete and on time, and the reference that is published, not the name."
            ),
        ),
        Step(
            "screen",
            "screening",
            sentence("An officer screens it"),
            sentence("Compare the answers with the note verbale, then accept the application."),
            sentence("You will see that it now competes for a seat. The seats of its round are given after the call."),
        ),
        Step(
            "select",
            "screening",
            sentence("The seats of another meeting are given today"),
            sentence(
                "Make a preview of the fourth hearing and read why one place comes before the next. Then keep this run."
            ),
            sentence("You will see the run published. Its seats are proposed, and nobody can edit it any more."),
        ),
        Step(
            "answer",
            "screening",
            sentence("The first seat is accepted"),
            sentence(
                "Open “Record an answer that came by letter”, choose that the seat is accepted and paid in cash, name "
                "any letter, and record the answer."
            ),
            sentence("You will see what the journey costs, line by line, and who acts next."),
        ),
        Step(
            "certify",
            "certifying",
            sentence("An officer certifies the cost"),
            sentence("Read the lines of the cost and certify it."),
            sentence("You will see why approving it takes another officer, and who may."),
        ),
        Step(
            "approve",
            "approving",
            sentence("Another officer approves it"),
            sentence("Approve what was certified."),
            sentence("You will see the charge committed: nobody else can spend this money."),
        ),
        Step(
            "authorize",
            "screening",
            sentence("The travel is authorized"),
            sentence("Authorize the travel. Then record the ticket: its price stands there, its number can be any."),
            sentence("You will see the travel authorization as a PDF, and that the advance can be paid."),
        ),
        Step(
            "pay",
            "paying",
            sentence("A third officer pays the advance"),
            sentence("Release the payments that are ticked; the one of this seat is among them."),
            sentence("You will see the order, once and for ever, and the list on which the travellers sign."),
        ),
        Step(
            "report",
            "auditor",
            sentence("An auditor reads the report"),
            sentence(
                "Take the report as PDF or as a spreadsheet, and find the award in it: the page shows its beginning."
            ),
            sentence("You will see the same figures in every format, with a code that proves them."),
            leaves=False,
        ),
    ),
)
WALKS = {walk.name: walk for walk in (PLEDGE, DELEGATE)}
OWN_ANSWER = Step(
    "own-answer",
    "delegate",
    sentence("The delegate accepts a seat of an earlier round"),
    sentence("Read the offer, choose cash, and accept the seat."),
    sentence("You will see what the fund pays, and what comes next."),
)
"""Where a run proposed a seat to the delegate who can sign in, that seat is followed, and she answers herself."""

SEES = {
    "head": sentence("Designates officers for a function, from a day to a day."),
    "screening": sentence("Screens applications, makes selections, authorizes travel."),
    "certifying": sentence("Certifies what a journey costs; records agreements."),
    "approving": sentence("Approves what another officer certified."),
    "approving2": sentence("Approves as well: dear journeys need two."),
    "paying": sentence("Records deposits and releases payments."),
    "ended": sentence(
        "Gets in and may do nothing: the designation ended on 31 December 2017, and each button says so."
    ),
    "suspended": sentence(
        "Does not get in: the account is suspended, and the page says no more than for a wrong password."
    ),
    "auditor": sentence("Sees everything, changes nothing: reports, the record, the check of any paper."),
    "administrator": sentence("Makes and ends accounts, and sees neither money nor applications."),
    "mission": sentence("Nominates delegates of its State, endorses them, and sends their note verbale."),
    "delegate": sentence("Applies for a seat, answers, claims what the journey cost."),
}
"""Name of an e-mail address -> what a person of the demonstration sees or does; a donor is not named here."""
DONOR_SEES = sentence("Announces pledges, follows them to the bank, takes receipts.")
