"""The call for an instalment: how much, by when, to which account of the fund, and what to quote."""

from dataclasses import dataclass
from datetime import date

from trustfund.reports import parts
from trustfund.reports.draw_agreement import pay_to
from trustfund.reports.draw_authorization import Proof, apart, stamp
from trustfund.reports.report import Voice
from trustfund.reports.sheet import MUTED, Sheet

SIZE = 10.0


@dataclass(frozen=True)
class Call:
    """One instalment of an agreed contribution, as it stands on a day. Amounts have their currency, as written."""

    number: int
    of: int
    fund: str
    legal_basis: str
    donor: str
    document: str  # the agreement
    agreed_on: date
    earmark_words: str
    due_on: date
    amount: str
    paid: str  # of it so far
    owed: str
    settled: bool
    as_at: date
    bank: parts.Pairs
    reference: str  # that the donor quotes
    proof: Proof  # the entry that fixed the instalment


def draw_call(call: Call, voice: Voice) -> bytes:
    """One A4 page in the language of the voice; the same bytes for the same call and voice."""
    say, day = voice.say, voice.day
    sheet = Sheet(voice, say("Call for a contribution, {reference}", reference=call.reference), about=call.fund)
    sheet.y -= 16
    parts.title(sheet, call.fund, _title(call, voice), say("To {donor}", donor=apart(call.donor)))
    sheet.y -= 26
    sheet.paragraph(say("Paid in full") if call.settled else say("Due by {day}", day=day(call.due_on)), 16)
    sheet.y -= 2
    money = call.amount if call.settled else call.owed
    sheet.paragraph(money, min(36, sheet.width / sheet.line(money, bold=True).width), bold=True)
    sheet.y -= 26
    parts.pairs(sheet, _of_what(call, voice), SIZE, 4)
    if not call.settled:
        parts.heading(sheet, say("Where to pay"))
        pay_to(sheet, call.bank, call.reference, SIZE)
    sheet.y -= 12
    sheet.paragraph(
        say("As at {day}. A receipt follows for each deposit, on the day the bank reports it.", day=day(call.as_at)),
        9,
        color=MUTED,
    )
    stamp(sheet, call.proof)
    return sheet.finish(foot=call.proof.code)


def _title(call: Call, voice: Voice) -> str:
    if call.of == 1:
        return voice.say("Call for a contribution")
    return voice.say("Call for instalment {n} of {of}", n=call.number, of=call.of)


def _of_what(call: Call, voice: Voice) -> parts.Pairs:
    return [
        (voice.say("Agreement"), f"{call.document}, {voice.day(call.agreed_on)}"),
        (voice.say("Given for"), call.earmark_words),
        (voice.say("Instalment"), call.amount),
        (voice.say("Due by"), voice.day(call.due_on)),
        (voice.say("Received of it"), call.paid),
        (voice.say("Still to be paid"), call.owed),
        (voice.say("Legal basis"), call.legal_basis),
    ]
