"""The certificate of a year: every deposit of a donor by value date, each with the code of its receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from trustfund.reports import parts
from trustfund.reports.draw_authorization import Proof, apart
from trustfund.reports.report import Voice, grouped
from trustfund.reports.sheet import MUTED, Sheet
from trustfund.reports.table import GAP, Head, table


@dataclass(frozen=True)
class Deposited:
    """A deposit. ``amount``: with its currency, as written; ``rate``: units for 1 USD and the day of the rate."""

    value_date: date
    amount: str
    rate: str
    usd: Decimal
    document: str  # of its agreement; empty while it waits for one
    receipt: str
    code: str


@dataclass(frozen=True)
class Certificate:
    """What came of a donor in a year. ``sums``: of each currency, as written. ``proof``: the last entry when drawn."""

    year: int
    fund: str
    legal_basis: str
    donor: str
    first_day: date
    last_day: date
    deposits: Sequence[Deposited]
    sums: Sequence[str]
    proof: Proof

    @property
    def usd(self) -> Decimal:
        return sum((one.usd for one in self.deposits), Decimal("0.00"))


def draw_certificate(paper: Certificate, voice: Voice) -> bytes:
    """A4 in the language of the voice; the same bytes for the same paper and voice."""
    say, day = voice.say, voice.day
    title = say("Certificate of contributions, {year}", year=str(paper.year))
    sheet = Sheet(voice, f"{title}, {paper.donor}", about=paper.fund)
    parts.title(
        sheet,
        paper.fund,
        title,
        say(
            "The fund certifies that it received from {donor}, from {first} to {last} by value date, what stands "
            "below.",
            donor=apart(paper.donor),
            first=day(paper.first_day),
            last=day(paper.last_day),
        ),
    )
    parts.pairs(sheet, [(say("Legal basis"), paper.legal_basis), (say("Received"), "; ".join(paper.sums))], 9)
    sheet.y -= 10
    _deposits(sheet, paper)
    sheet.y -= 6
    sheet.paragraph(
        say(
            "US dollars at the rate of each value date, as recorded. Each code answers at {url}.",
            url=f"{paper.proof.public_url}/proof",
        ),
        8.5,
        color=MUTED,
    )
    stamp_of_head(sheet, paper.proof)
    return sheet.finish(foot=paper.proof.code)


def _deposits(sheet: Sheet, paper: Certificate) -> None:
    say, amount = sheet.voice.say, sheet.voice.amount
    heads = [
        Head(say("Value date"), 58),
        Head(say("Deposit"), 72, digits=True),
        Head(say("Units for 1 USD"), 64),
        Head("USD", 56, digits=True),
        Head(say("Agreement"), sheet.width - 381 - 6 * GAP),
        Head(say("Receipt"), 52),
        Head(say("Code to check"), 79),
    ]
    rows = [
        (
            sheet.voice.day(one.value_date),
            one.amount,
            one.rate,
            amount(one.usd),
            one.document or say("waits for its agreement"),
            one.receipt,
            one.code,
        )
        for one in paper.deposits
    ]
    table(sheet, heads, rows, (say("Total"), "", "", amount(paper.usd), "", "", ""), size=7.5)


def stamp_of_head(sheet: Sheet, proof: Proof) -> None:
    """How a paper over many entries is checked: by the last entry of the record when it was drawn."""
    say = sheet.voice.say
    parts.stamp(
        sheet,
        [
            (say("Last entry of the record"), f"{proof.seq} · {' '.join(grouped(proof.hash))}"),
            (say("Recorded at"), proof.recorded_at),
            (say("Code to check"), proof.code),
        ],
        say("The paper was drawn at this entry. Type the code at {url}.", url=f"{proof.public_url}/proof"),
    )
