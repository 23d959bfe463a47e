"""What is said of an award by where it stands: what it waits for, what comes next, which steps are still ahead."""

from trustfund.core.calendar import Meeting
from trustfund.core.countries import STATES
from trustfund.core.refusal import sentence
from trustfund.i18n import language, say
from trustfund.models.awards import Award

STANDS = {
    "proposed": sentence("A seat is proposed. It waits for the delegate’s answer until {answer_by}."),
    "accepted": sentence("The delegate accepted the seat. It waits for a certifying officer."),
    "certified": sentence("Certified. It waits for an approving officer."),
    "approved": sentence("Approved, and its charge is committed. The travel authorization comes next."),
    "authorized": sentence("Travel is authorized. The ticket comes next."),
    "ticketed": sentence("The ticket is issued. The advance comes next; first day of the meeting: {first_day}."),
    "advance-paid": sentence("The advance is paid. Attendance is confirmed from {first_day} on."),
    "travelled": sentence("The delegate travelled. The claim is due by {claim_due}."),
    "claimed": sentence("The claim is submitted. It waits for a settlement."),
    "settled": sentence("The claim is settled. What is still owed comes next."),
    "closed": sentence("Paid and settled. Nothing more to do."),
    "declined": sentence("The delegate gave the seat back. The next run offers it to the next person of the list."),
    "lapsed": sentence("Nobody answered until {answer_by}. The next run offers the seat to the next person."),
    "cancelled": sentence("Cancelled. The journey is not made."),
    "no-show": sentence("The delegate did not come. The seat counts for the State all the same."),
}
OVERDUE = sentence("The delegate travelled. The claim was due by {claim_due} and has not come.")
AGAIN = {
    "accepted": sentence("The bank details changed after certification. It waits to be certified again."),
    "certified": sentence("Certified again, with other bank details. It waits for an approving officer."),
}
"""Of an award that was approved before."""
SECOND = sentence("Certified and approved by one officer. It waits for a second approving officer.")
TICKET_OWED = sentence("The claim is settled. The ticket is still to be paid to the travel agent.")
PREPARED = sentence("The settlement is prepared. It waits for an approving officer who did not prepare it.")
TOGETHER = (("certified",), ("approved", "authorized", "ticketed"), ("advance-paid", "travelled", "claimed", "settled"))
"""Steps that a page names in one line while they are still ahead."""
COMES = {
    "proposed": sentence("The delegate answers by {answer_by}"),
    "accepted": sentence("To certify"),
    "certified": sentence("To approve"),
    "approved": sentence("To authorize"),
    "authorized": sentence("To issue the ticket"),
    "ticketed": sentence("To pay the advance"),
    "advance-paid": sentence("To confirm the attendance, from {first_day} on"),
    "travelled": sentence("The delegate claims"),
    "claimed": sentence("To settle"),
    "settled": sentence("To pay or to recover the balance"),
}
"""Stage -> what comes next, in one phrase."""
STEPS = (
    ("proposed", sentence("Answer of the delegate")),
    ("accepted", sentence("Certification")),
    ("certified", sentence("Approval")),
    ("approved", sentence("Travel authorization")),
    ("authorized", sentence("Ticket")),
    ("ticketed", sentence("Advance of {advance} USD")),
    ("advance-paid", sentence("Journey and attendance")),
    ("travelled", sentence("Claim, due by {claim_due}")),
    ("claimed", sentence("Settlement")),
    ("settled", sentence("Balance")),
)
"""What an award goes through: the stage in which it waits for a step, and the step."""


def state_of(award: Award, meeting: Meeting) -> str:
    """The name of its State on the first day of the meeting."""
    return STATES[award.state].name_on(meeting.first_day, language())


def comes_next(award: Award, meeting: Meeting) -> str:
    """What comes next, in one phrase; empty where nothing does."""
    key = COMES.get(award.stage, "")
    return say(key, answer_by=award.answer_by, first_day=meeting.first_day) if key else ""
