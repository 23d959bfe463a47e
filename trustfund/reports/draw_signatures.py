"""The signature list of cash paid at the venue: who received how much, signed by hand, beside a witness."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from trustfund.core.money import Money, decimals
from trustfund.reports import parts
from trustfund.reports.report import Voice
from trustfund.reports.sheet import EDGE, INK, MUTED, Sheet
from trustfund.reports.table import GAP, PAD, Head, Rows
from trustfund.reports.typeset import Line

NBSP = "\xa0"
SIZE = 9.0
SIGNATURE, DATE = 190.0, 74.0  # points: room to write in
TALL = 3  # lines of type
OFFICERS = 100.0  # points: their signatures never stand on a page of their own
NOTHING = (Line((), 0.0),) * TALL


@dataclass(frozen=True)
class Cash:
    """What one delegate is to receive."""

    name: str
    state: str
    award: str
    money: Money


@dataclass(frozen=True)
class SignatureList:
    """One order paid in cash. Texts are in the reader's language."""

    order: str
    fund: str
    meeting: str
    place: str
    day: date  # of payment
    people: tuple[Cash, ...]


def draw_signatures(paper: SignatureList, voice: Voice) -> bytes:
    """A4 lying; the same bytes for the same list and voice."""
    say = voice.say
    sheet = Sheet(voice, say("Signature list {order}", order=paper.order), about=paper.fund, landscape=True)
    parts.title(
        sheet,
        paper.fund,
        say("Signature list of cash payments"),
        say("Who signs has received, in cash and in full, the amount beside the name."),
    )
    parts.pairs(
        sheet,
        [
            (say("Payment order"), paper.order),
            (say("Meeting"), f"{paper.meeting}, {paper.place}"),
            (say("Day of payment"), voice.day(paper.day)),
            (say("Persons"), str(len(paper.people))),
        ],
        SIZE,
    )
    sheet.y -= 14
    to_sign(sheet, paper.people)
    officers(sheet)
    return sheet.finish(foot=paper.order)


def to_sign(sheet: Sheet, people: Sequence[Cash]) -> None:
    """A row for each person, tall enough to sign in, and the total of each currency."""
    money = [written(sheet.voice, cash.money) for cash in people]
    with sheet.group("Table"):
        rows = RowsToSign(sheet, heads(sheet, people, money), SIZE)
        for number, (cash, amount) in enumerate(zip(people, money, strict=True), 1):
            below = rows.total_height + OFFICERS if number == len(people) else 0
            rows.row((cash.name, cash.state, cash.award, amount, "", ""), below=below)
        total = " ".join(written(sheet.voice, money) for money in totals(cash.money for cash in people))
        rows.total((sheet.voice.say("Total"), "", "", total, "", ""))


def heads(sheet: Sheet, people: Sequence[Cash], money: Sequence[str]) -> list[Head]:
    """References and amounts stay whole; name and State share what signature and date leave."""
    say = sheet.voice.say
    award = widest(sheet, [say("Award"), *(cash.award for cash in people)], SIZE)
    amount = widest(sheet, [say("Amount"), *money, *(written(sheet.voice, m) for m in totals(c.money for c in people))])
    rest = sheet.width - 5 * GAP - award - amount - SIGNATURE - DATE
    return [
        Head(say("Name"), rest * 0.56),
        Head(say("State"), rest * 0.44),
        Head(say("Award"), award),
        Head(say("Amount"), amount, digits=True),
        Head(say("Signature"), SIGNATURE),
        Head(say("Date"), DATE),
    ]


class RowsToSign(Rows):
    """Rows with two empty boxes at their end; that of the total is as low as any and has none."""

    signing = True

    def make_room(self, height: float) -> None:
        super().make_room(height + (TALL - 1) * self.leading if self.signing else height)

    def piece(self, cells: Sequence[Sequence[Line]]) -> None:
        top = self.sheet.y
        if not self.signing:
            super().piece(cells)
            return
        super().piece([*cells[:-2], NOTHING, NOTHING])
        for head, x in list(zip(self.heads, self.places, strict=True))[-2:]:
            self.sheet.box(x, self.sheet.y + PAD, head.width, top - self.sheet.y - 2 * PAD, "#ffffff", EDGE)

    def total(self, texts: Sequence[str]) -> None:
        self.signing = False
        super().total(texts)


def officers(sheet: Sheet) -> None:
    """Where the paying officer and the witness sign."""
    say, width = sheet.voice.say, (sheet.width - 60) / 2
    sheet.need(OFFICERS)
    sheet.y -= 62
    words = sheet.lines(say("Name, signature, date"), width, 8)
    for x, who in ((0.0, say("Paid by the paying officer")), (width + 60, say("In the presence of the witness"))):
        lines = sheet.lines(who, width, SIZE, bold=True)
        sheet.rule(sheet.y, INK, 0.75, x, width)
        with sheet.marked("P", [*lines, *words]):
            sheet.block(lines, x, sheet.y - 4, SIZE, INK, width=width)
            sheet.block(words, x, sheet.y - 4 - sheet.leading(SIZE) * len(lines), 8, MUTED, width=width)
    sheet.y -= 34


# What the passenger list shares


def written(voice: Voice, money: Money) -> str:
    """With the decimals of its currency, on one line."""
    amount = money.amount.quantize(Decimal(1).scaleb(-decimals(money.currency)))
    return f"{voice.amount(amount)}{NBSP}{money.currency}"


def totals(money: Iterator[Money]) -> list[Money]:
    """One sum for each currency."""
    sums: dict[str, Decimal] = {}
    for one in money:
        sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.amount
    return [Money(sums[currency], currency) for currency in sorted(sums)]


def widest(sheet: Sheet, texts: Sequence[str], size: float = SIZE) -> float:
    """Points that the longest of these takes on one line in the bold face, so that it is never broken."""
    return max(sheet.line(text, bold=True).width for text in texts) * size + 0.1
