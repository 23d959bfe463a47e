"""The yearly statement of a donor: what each of its contributions is, and what the year did with it.

In dollars, and beside them in the contribution's own currency at an average rate, which the paper names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from trustfund.core.refusal import sentence
from trustfund.reports import parts
from trustfund.reports.draw_authorization import Proof, apart
from trustfund.reports.draw_certificate import stamp_of_head
from trustfund.reports.report import Voice
from trustfund.reports.sheet import MUTED, Sheet
from trustfund.reports.table import GAP, Head, table

AMOUNT = 96.0  # points
SUMS = (
    sentence("Unspent before"),
    sentence("Received"),
    sentence("Interest"),
    sentence("Other"),
    sentence("Spent"),
    sentence("Unspent"),
)
"""What is told of each contribution in one line, in dollars; the last is the sum of the others."""


@dataclass(frozen=True)
class Line:
    """``own``: in the contribution's currency, as written; empty where it has none."""

    what: str
    own: str
    usd: Decimal


@dataclass(frozen=True)
class Section:
    """One contribution. Texts are in the donor's language and drawn as they come."""

    document: str
    agreed_on: date
    earmark_words: str
    currency: str
    rate: str  # the average rate of what was left and came, units for 1 USD; empty for dollars
    stands: tuple[Line, ...]
    outstanding: Line
    did: tuple[Line, ...]
    unspent: Line
    sums: tuple[Decimal, ...]  # in the order of SUMS


@dataclass(frozen=True)
class YearlyStatement:
    """A donor's year. ``final_since``: the entry that closed its December, None until then."""

    year: int
    fund: str
    legal_basis: str
    donor: str
    last_day: date
    final_since: int | None
    sections: Sequence[Section]
    proof: Proof

    @property
    def sums(self) -> list[Decimal]:
        return [sum((one.sums[n] for one in self.sections), Decimal("0.00")) for n in range(len(SUMS))]


def draw_yearly_statement(paper: YearlyStatement, voice: Voice) -> bytes:
    """A4 in the language of the voice; the same bytes for the same paper and voice."""
    say = voice.say
    title = say("Statement of contributions, {year}", year=str(paper.year))
    sheet = Sheet(voice, f"{title}, {paper.donor}", about=paper.fund)
    parts.title(sheet, paper.fund, title, say("Contributions of {donor}", donor=apart(paper.donor)))
    parts.pairs(
        sheet,
        [
            (say("Legal basis"), paper.legal_basis),
            (say("As at"), voice.day(paper.last_day)),
            (say("Standing"), _standing(paper, voice)),
        ],
        9,
    )
    parts.heading(sheet, say("All contributions, in US dollars"))
    _summary(sheet, paper)
    for section in paper.sections:
        _section(sheet, paper, section)
    stamp_of_head(sheet, paper.proof)
    return sheet.finish(foot=paper.proof.code)


def _standing(paper: YearlyStatement, voice: Voice) -> str:
    if paper.final_since is None:
        return voice.say("Not final until December is closed")
    return voice.say("Final since entry {n} of the record", n=str(paper.final_since))


def _summary(sheet: Sheet, paper: YearlyStatement) -> None:
    say, amount = sheet.voice.say, sheet.voice.amount
    width = 58.0
    first = sheet.width - len(SUMS) * (width + GAP)
    heads = [Head(say("Agreement"), first), *(Head(say(words), width, digits=True) for words in SUMS)]
    rows = [(one.document, *map(amount, one.sums)) for one in paper.sections]
    table(sheet, heads, rows, (say("Total"), *map(amount, paper.sums)), size=7.5)


def _section(sheet: Sheet, paper: YearlyStatement, section: Section) -> None:
    """A contribution: what it is, then what the year did with it; a double rule under each, for both add up."""
    say = sheet.voice.say
    parts.heading(sheet, f"{section.document}, {sheet.voice.day(section.agreed_on)}", below=150)
    sheet.paragraph(say("Given for: {what}", what=section.earmark_words), 9, color=MUTED)
    sheet.y -= 4
    until = say("Until {day}", day=sheet.voice.day(paper.last_day))
    _lines(sheet, until, section, section.stands, section.outstanding)
    sheet.y -= 8
    _lines(sheet, say("In {year}", year=str(paper.year)), section, section.did, section.unspent)
    if section.rate:
        sheet.y -= 5
        sheet.paragraph(
            say(
                "In {currency}, what was received stands as it came, and the rest at the average rate of what was left "
                "before and what came: {rate} {currency} for 1 USD.",
                currency=section.currency,
                rate=section.rate,
            ),
            8,
            color=MUTED,
        )


def _lines(sheet: Sheet, title: str, section: Section, lines: Sequence[Line], last: Line) -> None:
    own = section.currency != "USD"
    widths = [sheet.width - (2 if own else 1) * (AMOUNT + GAP), *([AMOUNT] if own else []), AMOUNT]
    labels = [title, *([section.currency] if own else []), "USD"]
    heads = [Head(label, width, digits=n > 0) for n, (label, width) in enumerate(zip(labels, widths, strict=True))]

    def cells(line: Line) -> tuple[str, ...]:
        return (line.what, *([line.own] if own else []), sheet.voice.amount(line.usd))

    table(sheet, heads, [cells(line) for line in lines], cells(last), size=8.5)
