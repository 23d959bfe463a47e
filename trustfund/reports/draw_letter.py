"""A letter to an applicant: that the application arrived, or what the fund decided on it and by which rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from trustfund.reports import parts
from trustfund.reports.draw_authorization import STAMP, Proof, pairs, stamp
from trustfund.reports.report import Voice
from trustfund.reports.sheet import MUTED, Sheet

SIZE = 10.0
REASON = 64.0  # points that a reason takes at least: none begins at the foot of a page


@dataclass(frozen=True)
class Reason:
    """A rule that fails, and on whose word it stands."""

    rule: str
    authority: str


@dataclass(frozen=True)
class Letter:
    """Texts are in the language of its person, and drawn as they come; ``dear`` is empty where one begins without."""

    title: str
    lead: str  # the outcome in one sentence
    fund: str
    legal_basis: str
    dear: str
    facts: parts.Pairs
    told: Sequence[str]  # paragraphs
    reasons: Sequence[Reason]
    words: str  # of an officer, as they were typed
    then: Sequence[str]  # what happens next, and when
    proof: Proof


def draw_letter(letter: Letter, voice: Voice) -> bytes:
    """A4 in the language of the voice; the same bytes for the same letter and voice."""
    say = voice.say
    sheet = Sheet(voice, letter.title, about=letter.fund)
    parts.title(sheet, letter.fund, letter.title)
    if letter.dear:
        sheet.paragraph(letter.dear, SIZE)
        sheet.y -= 6
    sheet.paragraph(letter.lead, 13, bold=True)
    sheet.y -= 9
    pairs(sheet, [*letter.facts, (say("Legal basis"), letter.legal_basis)])
    _paragraphs(sheet, letter.told)
    if letter.reasons:
        parts.heading(sheet, say("The rules that were not met"), below=REASON)
        _reasons(sheet, letter.reasons)
    if letter.words:
        parts.heading(sheet, say("An officer of the fund writes"), below=REASON)
        sheet.paragraph(letter.words, SIZE)
    parts.heading(sheet, say("What happens next"), below=STAMP)
    _paragraphs(sheet, letter.then)
    stamp(sheet, letter.proof)
    return sheet.finish(foot=letter.proof.code)


def _paragraphs(sheet: Sheet, told: Sequence[str]) -> None:
    for paragraph in told:
        sheet.y -= 7
        sheet.paragraph(paragraph, SIZE)


def _reasons(sheet: Sheet, reasons: Sequence[Reason]) -> None:
    """All of them: none hides another."""
    with sheet.group("L"):
        for number, reason in enumerate(reasons, 1):
            with sheet.group("LI"):
                sheet.need(REASON / 2)
                sheet.paragraph(f"{number}. {reason.rule}", SIZE, role="LBody", bold=True)
                sheet.paragraph(reason.authority, 9, role="LBody", color=MUTED)
                sheet.y -= 5
