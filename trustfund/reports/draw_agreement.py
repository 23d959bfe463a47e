"""An agreement on a contribution: an exchange of letters, ready to be signed by the fund and by the donor.

Its terms are those of its entry of the record, so that the paper is the same whenever it is drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from trustfund.core.refusal import sentence
from trustfund.reports import parts
from trustfund.reports.draw_authorization import Proof, apart, stamp
from trustfund.reports.report import Voice
from trustfund.reports.sheet import INK, MUTED, Sheet
from trustfund.reports.table import GAP, Head, table

Article = Callable[[Sheet, "Agreement"], None]
SIZE = 9.5
SIGNATURES = 96.0  # points
PAPERS = (
    sentence("a receipt for each deposit, with the code of the record by which anybody can check it;"),
    sentence("a certificate of the deposits of each year, by value date;"),
    sentence("a statement of each year: received, interest, spent and unspent, in dollars and in its own currency;"),
    sentence("each year, what the contribution did: meetings, delegates, and the share of least developed countries."),
)


@dataclass(frozen=True)
class Due:
    """An instalment. ``amount``: with its currency, as the donor's language writes it."""

    number: int
    day: date
    amount: str


@dataclass(frozen=True)
class Agreement:
    """What is agreed. Texts are in the donor's language and drawn as they come."""

    number: str  # MCS00-2018-007
    fund: str
    legal_basis: str
    donor: str
    amount: str  # 50,000.00 EUR
    currency: str
    earmark_words: str
    earmarked: bool
    purpose: str  # in quotation marks where it is a quotation
    authority: str  # A/RES/71/280, para. 31
    expected_on: date | None
    instalments: tuple[Due, ...]
    condition: str
    fees: tuple[str, ...]  # a sentence for each
    reserve: str  # 15%
    rate_source: str
    bank: parts.Pairs  # of the fund's account
    reference: str  # that the donor quotes
    proof: Proof


def draw_agreement(paper: Agreement, voice: Voice) -> bytes:
    """A4, in the language of the voice; the same bytes for the same paper and voice."""
    say = voice.say
    sheet = Sheet(voice, say("Agreement {number}", number=paper.number), about=paper.fund)
    lead = say("An exchange of letters between the fund and {donor}.", donor=apart(paper.donor))
    parts.title(sheet, paper.fund, say("Agreement {number}", number=paper.number), lead)
    parts.pairs(
        sheet,
        [
            (say("Donor"), paper.donor),
            (say("Contribution"), paper.amount),
            (say("Given for"), paper.earmark_words),
            (say("Legal basis"), paper.legal_basis),
            (say("Reference"), paper.reference),
        ],
        SIZE,
        2.6,
    )
    for number, (title, write) in enumerate(_articles(paper), 1):
        parts.heading(sheet, f"{number}. {say(title)}", below=44)
        write(sheet, paper)
    _signatures(sheet, paper)
    stamp(sheet, paper.proof)
    return sheet.finish(foot=paper.proof.code)


def _articles(paper: Agreement) -> list[tuple[str, Article]]:
    """The condition stands in the paper only where there is one."""
    return [
        (sentence("Purpose"), _purpose),
        (sentence("Payment"), _payment),
        *([(sentence("Condition"), _condition)] if paper.condition else []),
        (sentence("Costs and reserve"), _costs),
        (sentence("What the donor receives"), _papers),
        (sentence("Closing of the fund"), _closing),
        (sentence("Signature"), _takes_effect),
    ]


def _purpose(sheet: Sheet, paper: Agreement) -> None:
    say = sheet.voice.say
    _text(sheet, say("The fund uses the contribution as {authority} has it:", authority=paper.authority))
    sheet.y -= 3
    sheet.paragraph(paper.purpose, SIZE, x=18)
    sheet.y -= 3
    if paper.earmarked:
        _text(sheet, say("It is tied to: {what}. It is used for that, and for nothing else.", what=paper.earmark_words))
    else:
        _text(sheet, say("It is not tied to anything more, and is used where the need is greatest."))


def _payment(sheet: Sheet, paper: Agreement) -> None:
    say = sheet.voice.say
    if paper.instalments:
        _text(sheet, say("The donor pays {amount} in these instalments:", amount=paper.amount))
        sheet.y -= 4
        _instalments(sheet, paper)
        sheet.y -= 8
    elif paper.expected_on:
        _text(
            sheet, say("The donor pays {amount} by {day}.", amount=paper.amount, day=sheet.voice.day(paper.expected_on))
        )
    else:
        _text(sheet, say("The donor pays {amount} once this agreement is signed.", amount=paper.amount))
    pay_to(sheet, paper.bank, paper.reference, SIZE)
    sheet.y -= 3
    if paper.currency != "USD":
        _text(
            sheet,
            say(
                "The fund keeps its books in dollars: the agreement at the rate of its day, each deposit at the rate "
                "of its value date ({source}). A difference between them is the fund’s, and nobody pays it.",
                source=paper.rate_source,
            ),
        )
    _text(
        sheet,
        say(
            "Only money that is in the bank can be spent. What is paid above the agreement is due to the "
            "donor until it is agreed too."
        ),
    )


def _instalments(sheet: Sheet, paper: Agreement) -> None:
    say = sheet.voice.say
    width = (sheet.width - 2 * GAP) / 3
    heads = [Head(say("Instalment"), width), Head(say("Due by"), width), Head(say("Amount"), width, digits=True)]
    rows = [(str(one.number), sheet.voice.day(one.day), one.amount) for one in paper.instalments]
    table(sheet, heads, rows, (say("Total"), "", paper.amount), size=9)


def _condition(sheet: Sheet, paper: Agreement) -> None:
    say = sheet.voice.say
    sheet.paragraph(paper.condition, SIZE, x=18)
    sheet.y -= 3
    _text(sheet, say("Until this condition is met nothing is due, and the fund counts on nothing."))


def _costs(sheet: Sheet, paper: Agreement) -> None:
    for fee in paper.fees:
        _text(sheet, fee)
    if paper.reserve:
        _text(
            sheet,
            sheet.voice.say(
                "On top of what may be charged, {reserve} of it is kept in reserve until the fund is closed.",
                reserve=paper.reserve,
            ),
        )


def _papers(sheet: Sheet, paper: Agreement) -> None:
    _text(sheet, sheet.voice.say("The donor receives from the fund:"))
    parts.pairs(sheet, [("–", sheet.voice.say(words)) for words in PAPERS], SIZE)


def _closing(sheet: Sheet, paper: Agreement) -> None:
    say = sheet.voice.say
    _text(
        sheet,
        say(
            "What is unspent when the fund is closed goes back to the donors in proportion to their deposits "
            "in dollars; what is left of an earmark goes first to the donor that gave it."
        ),
    )


def _takes_effect(sheet: Sheet, paper: Agreement) -> None:
    say = sheet.voice.say
    _text(
        sheet,
        say("This agreement holds from the day of the later signature. It is changed by another exchange of letters."),
    )


def _signatures(sheet: Sheet, paper: Agreement) -> None:
    """Where both sign: side by side, on one page."""
    say, width = sheet.voice.say, (sheet.width - 40) / 2
    sheet.need(SIGNATURES)
    sheet.y -= 58
    words = sheet.lines(say("Name, function, signature, date"), width, 8)
    for x, who in ((0.0, say("For the fund")), (width + 40, say("For {donor}", donor=apart(paper.donor)))):
        lines = sheet.lines(who, width, SIZE, bold=True)
        sheet.rule(sheet.y, INK, 0.75, x, width)
        with sheet.marked("P", [*lines, *words]):
            sheet.block(lines, x, sheet.y - 4, SIZE, INK, width=width)
            sheet.block(words, x, sheet.y - 4 - sheet.leading(SIZE) * len(lines), 8, MUTED, width=width)
    sheet.y -= 38


# What the call for an instalment shares


def pay_to(sheet: Sheet, bank: parts.Pairs, reference: str, size: float) -> None:
    """To which account, and what to quote; details of the bank only where the mandate has them."""
    say = sheet.voice.say
    parts.pairs(sheet, [*bank, (say("Reference to quote"), reference)], size, 2.6)
    if len(bank) == 1:
        sheet.y -= 2
        sheet.paragraph(
            say("The fund tells the numbers of the account by letter. Pay to none that came by mail alone."),
            size - 1,
            color=MUTED,
        )


def _text(sheet: Sheet, words: str) -> None:
    sheet.paragraph(words, SIZE, width=sheet.width * 0.94)
    sheet.y -= 3
