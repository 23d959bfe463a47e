"""The official receipt of a contribution: one page for the donor, which anyone can check against the record."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from trustfund.reports import parts
from trustfund.reports.report import Voice, code_of, grouped
from trustfund.reports.sheet import MUTED, Sheet


@dataclass(frozen=True)
class Receipt:
    """What was received and how it stands in the record. Texts are in the reader's language and drawn as they come."""

    number: str
    fund: str
    legal_basis: str
    donor: str
    amount: str  # in its currency, as the reader's language writes it: 100,000.00
    currency: str
    usd: Decimal
    rate: str  # units of the currency for one USD, as the language writes them
    rate_day: date
    rate_source: str
    value_date: date
    bank_reference: str
    document: str  # the agreement
    part: str  # Part 1 of 2 of the deposit of …; empty where it is the whole
    earmark_words: str
    recorded_at: str
    seq: int
    hash: str  # of the entry of the deposit, whose number is ``seq``
    public_url: str


def draw_receipt(receipt: Receipt, voice: Voice) -> bytes:
    """One A4 page in the reader's language; the same bytes for the same receipt and voice."""
    say = voice.say
    sheet = Sheet(voice, say("Receipt {number}", number=receipt.number), about=receipt.fund)
    sheet.y -= 20
    parts.title(sheet, receipt.fund, say("Receipt"))
    parts.pairs(sheet, [(say("Number"), receipt.number), (say("Legal basis"), receipt.legal_basis)], 10, 4)
    amount(sheet, receipt)
    parts.pairs(sheet, contribution(receipt, voice), 10, 4)
    code = code_of(receipt.seq, receipt.hash)
    parts.stamp(
        sheet,
        [
            (say("Entry of the record"), f"{receipt.seq} · {' '.join(grouped(receipt.hash))}"),
            (say("Recorded at"), receipt.recorded_at),
            (say("Code to check"), code),
        ],
        say(
            "Type this code at {url} and the record answers whether this paper is still true.",
            url=f"{receipt.public_url}/proof",
        ),
        at_foot=True,
    )
    return sheet.finish(foot=code)


def amount(sheet: Sheet, receipt: Receipt) -> None:
    """From whom, how much: the two lines for which the paper exists."""
    say = sheet.voice.say
    sheet.y -= 44
    sheet.paragraph(say("Received from {donor}", donor=receipt.donor), 16)
    sheet.y -= 2
    money = f"{receipt.amount}\xa0{receipt.currency}"
    sheet.paragraph(money, min(36, sheet.width / sheet.line(money, bold=True).width), bold=True)
    if receipt.currency != "USD":
        sheet.paragraph(
            say(
                "{usd} USD at {rate} {currency} for 1 USD, the rate of {day} ({source}).",
                usd=sheet.voice.amount(receipt.usd),
                rate=receipt.rate,
                currency=receipt.currency,
                day=sheet.voice.day(receipt.rate_day),
                source=receipt.rate_source,
            ),
            10,
            color=MUTED,
        )
    sheet.y -= 44


def contribution(receipt: Receipt, voice: Voice) -> parts.Pairs:
    """For what, when, and under which reference of the bank."""
    return [
        (voice.say("Agreement"), receipt.document),
        (voice.say("Given for"), receipt.earmark_words),
        (voice.say("Value date"), voice.day(receipt.value_date)),
        (voice.say("Reference of the bank"), receipt.bank_reference),
        *([(voice.say("Part"), receipt.part)] if receipt.part else []),
    ]
