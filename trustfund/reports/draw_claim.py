"""The statement of settlement: what a claim came to, line by line with the rule, and who owes whom how much."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from trustfund.core.refusal import sentence_in
from trustfund.reports import parts
from trustfund.reports.draw_authorization import (
    NBSP,
    Act,
    Line,
    Proof,
    last_pairs,
    lines_table,
    pairs,
    signed,
    stamp,
    sum_of,
)
from trustfund.reports.report import Voice
from trustfund.reports.sheet import MUTED, Sheet


@dataclass(frozen=True)
class Statement:
    """A claim as settled. ``entitlement``: what the rules give for the journey made; ``adjustments``: what was added
    or taken off (negative), each with its reason; ``advances``: what was paid already, with day and reference."""

    number: str  # the claim's reference
    award: str
    fund: str
    delegate: str
    state: str
    meeting: str
    place: str
    first_day: date  # of the journey made
    last_day: date
    entitlement: tuple[Line, ...]
    adjustments: tuple[Line, ...]
    advances: tuple[Line, ...]
    how: str  # how the balance is paid, or paid back, and by when
    prepared: Act
    approved: Act
    proof: Proof

    @property
    def entitled(self) -> Decimal:
        return sum_of(self.entitlement)

    @property
    def balance(self) -> Decimal:
        """Above zero the fund owes the delegate, below zero the delegate owes the fund."""
        return self.entitled + sum_of(self.adjustments) - sum_of(self.advances)


def draw_claim(statement: Statement, voice: Voice) -> bytes:
    """A4, in the language of the voice; the same bytes for the same statement and voice."""
    say = voice.say
    sheet = Sheet(voice, say("Statement of settlement {number}", number=statement.number), about=statement.fund)
    parts.title(sheet, statement.fund, say("Statement of settlement"))
    pairs(sheet, whose(statement, voice))
    outcome(sheet, statement)
    parts.heading(sheet, say("What the journey came to"), below=120)
    lines_table(sheet, say("Rate and rule"), statement.entitlement, say("Entitlement"), statement.entitled)
    parts.heading(sheet, say("From the entitlement to the balance"), below=120)
    lines_table(sheet, say("Reason"), steps(statement, voice), owed(statement, voice), abs(statement.balance))
    acts = ((say("Prepared by"), statement.prepared), (say("Approved by"), statement.approved))
    last_pairs(sheet, say("Prepared and approved"), [(word, signed(voice, act)) for word, act in acts])
    stamp(sheet, statement.proof)
    return sheet.finish(foot=statement.proof.code)


def whose(statement: Statement, voice: Voice) -> parts.Pairs:
    say, day = voice.say, voice.day
    return [
        (say(sentence_in("of a journey", "Claim")), statement.number),
        (say("Award"), statement.award),
        (say("Delegate"), statement.delegate),
        (say("State"), statement.state),
        (say("Meeting"), f"{statement.meeting}, {statement.place}"),
        (
            say("Journey made"),
            say("{first} to {last}", first=day(statement.first_day), last=day(statement.last_day)),
        ),
    ]


def outcome(sheet: Sheet, statement: Statement) -> None:
    """Who owes whom how much: the line for which the paper exists."""
    sheet.y -= 13
    sheet.paragraph(owed(statement, sheet.voice), 14)
    money = f"{sheet.voice.amount(abs(statement.balance))}{NBSP}USD"
    sheet.paragraph(money, min(28, sheet.width / sheet.line(money, bold=True).width), bold=True)
    sheet.paragraph(statement.how, 10, color=MUTED)


def owed(statement: Statement, voice: Voice) -> str:
    if statement.balance > 0:
        return voice.say("The fund owes you")
    return voice.say("You owe the fund") if statement.balance < 0 else voice.say("Nothing is owed on either side")


def steps(statement: Statement, voice: Voice) -> list[Line]:
    """Entitlement, adjustments, and the advances taken off."""
    return [
        Line(voice.say("Entitlement"), "", statement.entitled),
        *statement.adjustments,
        *(Line(advance.what, advance.rule, -advance.usd) for advance in statement.advances),
    ]
