"""The travel authorization: what the fund pays for one journey, at which rates, and what the delegate must do.

The paper is the delegate's; support cost is the fund's own, so it stands in the charge and not in the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from trustfund.core.refusal import sentence, sentence_in
from trustfund.reports import parts
from trustfund.reports.report import Voice, code_of, grouped
from trustfund.reports.sheet import MUTED, Sheet
from trustfund.reports.table import GAP, Head, table

NBSP = "\xa0"
SIZE, GAP_OF_PAIRS = 9.0, 2.6
USD_WIDTH, RULE_SHARE = 78.0, 0.7
STAMP = 110.0  # points that the stamp takes: it never stands on a page of its own
RULES = (
    sentence("Buy no ticket yourself: the fund issues it, and pays back none that you bought."),
    sentence("Once the ticket is issued the journey is not changed. The fund does not pay for changes."),
    sentence("Keep the boarding pass of every flight, and the receipts that your claim needs."),
    sentence("Tell the fund at once if you cannot travel."),
    sentence("Hand in your claim by {day}. After that day the advance is to be paid back, and no new seat is given."),
)


@dataclass(frozen=True)
class Line:
    """What is paid; its rate, date and rule; how much. Texts are in the reader's language."""

    what: str
    rule: str
    usd: Decimal


@dataclass(frozen=True)
class Act:
    """Who signed for it, in which function, on which day."""

    by: str
    function: str
    day: date


@dataclass(frozen=True)
class Proof:
    """The entry of the record that the paper tells, and where it can be checked."""

    seq: int
    hash: str
    recorded_at: str
    public_url: str

    @property
    def code(self) -> str:
        return code_of(self.seq, self.hash)


@dataclass(frozen=True)
class Authorization:
    """One award, approved. Texts are in the delegate's language and drawn as they come."""

    number: str  # the award's reference
    fund: str
    legal_basis: str
    delegate: str
    state: str
    meeting: str
    place: str
    meeting_days: str  # 20, 22 and 23 February 2018
    route: str
    cabin: str  # economy
    arrival: date
    departure: date
    nights: int
    lines: tuple[Line, ...]
    charge: Decimal  # to the fund, support cost included
    advance: Decimal
    advance_how: str  # by bank transfer to the account ending in 0092
    claim_due: date
    earmark_words: str
    run: str  # Run 1, place 8 of 31
    certified: Act
    approved: tuple[Act, ...]  # two above the amount of the mandate
    proof: Proof

    @property
    def cost(self) -> Decimal:
        return sum_of(self.lines)


def draw_authorization(paper: Authorization, voice: Voice) -> bytes:
    """A4, in the language of the voice; the same bytes for the same paper and voice."""
    say = voice.say
    sheet = Sheet(voice, say("Travel authorization {number}", number=paper.number), about=paper.fund)
    opening(sheet, paper)
    sheet.y -= 8
    parts.key_figures(
        sheet,
        [
            (say("Cost of the journey"), usd(voice, paper.cost)),
            (say("Advance before the journey"), usd(voice, paper.advance)),
            (say("Claim due by"), voice.day(paper.claim_due)),
        ],
    )
    journey(sheet, paper)
    parts.heading(sheet, say("What the fund pays"), below=120)
    lines_table(sheet, say("Rate and rule"), paper.lines, say("Cost of the journey"), paper.cost)
    sheet.y -= 6
    sheet.paragraph(
        say(
            "With its programme support cost the journey takes {charge} USD from the fund.",
            charge=voice.amount(paper.charge),
        ),
        8.5,
        color=MUTED,
    )
    if paper.advance:
        parts.heading(sheet, say("Advance before the journey"), below=20)
        sheet.paragraph(f"{usd(voice, paper.advance)}, {paper.advance_how}", SIZE)
    rules(sheet, paper)
    signatures(sheet, paper)
    stamp(sheet, paper.proof)
    return sheet.finish(foot=paper.proof.code)


def opening(sheet: Sheet, paper: Authorization) -> None:
    """Whose journey, to which meeting."""
    say = sheet.voice.say
    parts.title(
        sheet,
        paper.fund,
        say("Travel authorization"),
        say("The fund pays the journey to this meeting as this paper says, and nothing beyond it."),
    )
    pairs(
        sheet,
        [
            (say("Number"), paper.number),
            (say("Delegate"), paper.delegate),
            (say("State"), paper.state),
            (say("Meeting"), f"{paper.meeting}, {paper.place}"),
            (say("Days of the meeting"), paper.meeting_days),
            (say("Legal basis"), paper.legal_basis),
        ],
    )


def journey(sheet: Sheet, paper: Authorization) -> None:
    say, day = sheet.voice.say, sheet.voice.day
    parts.heading(sheet, say("The journey"))
    pairs(
        sheet,
        [
            (say("Route"), paper.route),
            (say("Arrival"), day(paper.arrival)),
            (say("Departure"), day(paper.departure)),
            (say("Nights"), str(paper.nights)),
            (say(sentence_in("of a flight", "Class")), paper.cabin),
        ],
    )


def rules(sheet: Sheet, paper: Authorization) -> None:
    say = sheet.voice.say
    parts.heading(sheet, say("Rules of the journey"), below=90)
    due = sheet.voice.day(paper.claim_due)
    pairs(sheet, [(f"{number}.", say(rule, day=due)) for number, rule in enumerate(RULES, 1)])


def signatures(sheet: Sheet, paper: Authorization) -> None:
    """Who answers for it, and from which money."""
    say = sheet.voice.say
    words = [
        (say("Certified by"), signed(sheet.voice, paper.certified)),
        *((say("Approved by"), signed(sheet.voice, act)) for act in paper.approved),
        (say("Fund"), paper.fund),
        (say("Earmark"), paper.earmark_words),
        (say("Selection"), paper.run),
    ]
    last_pairs(sheet, say("Certified and approved"), words)


# What the statement of settlement shares


def pairs(sheet: Sheet, words: parts.Pairs) -> None:
    parts.pairs(sheet, words, SIZE, GAP_OF_PAIRS)


def last_pairs(sheet: Sheet, words: str, listed: parts.Pairs) -> None:
    """The pairs above the stamp, on one page with it."""
    height = parts.height_of(sheet, listed, SIZE) + GAP_OF_PAIRS * len(listed)
    parts.heading(sheet, words, below=height + STAMP)
    pairs(sheet, listed)


def lines_table(sheet: Sheet, why: str, lines: Sequence[Line], total: str, total_usd: Decimal) -> None:
    """Lines with their rule (headed ``why``), down to the double rule."""
    rest = sheet.width - USD_WIDTH - 2 * GAP
    heads = [
        Head(sheet.voice.say("For what"), rest * (1 - RULE_SHARE)),
        Head(why, rest * RULE_SHARE),
        Head("USD", USD_WIDTH, digits=True),
    ]
    amount = sheet.voice.amount
    rows = [(line.what, line.rule, amount(line.usd)) for line in lines]
    table(sheet, heads, rows, (total, "", amount(total_usd)), size=9)


def signed(voice: Voice, act: Act) -> str:
    """A name in any script keeps its own direction, and the line that of the page, though the name comes first."""
    line = voice.say("{name}, {function}, {day}", name=apart(act.by), function=act.function, day=voice.day(act.day))
    return ("\u200f" if voice.right_to_left else "\u200e") + line


def stamp(sheet: Sheet, proof: Proof) -> None:
    """At the foot of a paper of one page; after the text of a longer one."""
    say = sheet.voice.say
    parts.stamp(
        sheet,
        [
            (say("Entry of the record"), f"{proof.seq} · {' '.join(grouped(proof.hash))}"),
            (say("Recorded at"), proof.recorded_at),
            (say("Code to check"), proof.code),
        ],
        say(
            "Type this code at {url} and the record answers whether this paper is still true.",
            url=f"{proof.public_url}/proof",
        ),
        at_foot=not sheet.pages,
    )


def usd(voice: Voice, amount: Decimal) -> str:
    return f"{voice.amount(amount)}{NBSP}USD"


def apart(name: str) -> str:
    return f"\u2068{name}\u2069"


def sum_of(lines: Sequence[Line]) -> Decimal:
    return sum((line.usd for line in lines), Decimal("0.00"))
