"""The passenger list for the travel agent: who flies where and when, as in the passport, behind a password."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pikepdf

from trustfund.core.money import Money
from trustfund.core.refusal import sentence_in
from trustfund.reports import parts
from trustfund.reports.draw_signatures import totals, widest, written
from trustfund.reports.report import Voice
from trustfund.reports.sheet import Sheet
from trustfund.reports.table import GAP, Head, table

SIZE = 8.5


@dataclass(frozen=True)
class Passenger:
    """One journey. Names as in the passport, in its order of the two."""

    award: str
    family_name: str
    given_names: str
    born: date
    passport: str  # its number; empty while it is not known
    route: str
    arrival: date
    departure: date
    cabin: str  # economy
    price: Money


@dataclass(frozen=True)
class PassengerList:
    """What the agent is asked to issue. Texts are in the agent's language."""

    order: str
    fund: str
    meeting: str
    place: str
    meeting_days: str
    passengers: tuple[Passenger, ...]


def draw_passengers(paper: PassengerList, voice: Voice, password: str) -> bytes:
    """A4 lying, encrypted with AES-256. Its bytes differ each time, for so does the key; its pages do not."""
    assert password, "the list is never sent open"
    with pikepdf.open(BytesIO(drawn(paper, voice))) as pdf, BytesIO() as out:
        pdf.save(out, encryption=pikepdf.Encryption(owner=password, user=password, R=6, aes=True, metadata=True))
        return out.getvalue()


def drawn(paper: PassengerList, voice: Voice) -> bytes:
    say = voice.say
    sheet = Sheet(voice, say("Passenger list {order}", order=paper.order), about=paper.fund, landscape=True)
    parts.title(
        sheet,
        paper.fund,
        say("Passenger list"),
        say("Names are as in the passport; arrival and departure are those at the place of the meeting."),
    )
    parts.pairs(
        sheet,
        [
            (say("Payment order"), paper.order),
            (say("Meeting"), f"{paper.meeting}, {paper.place}"),
            (say("Days of the meeting"), paper.meeting_days),
            (say("Passengers"), str(len(paper.passengers))),
        ],
        SIZE,
    )
    sheet.y -= 14
    total = " ".join(written(voice, money) for money in totals(p.price for p in paper.passengers))
    rows = [row(passenger, voice) for passenger in paper.passengers]
    table(sheet, heads(sheet, rows, total), rows, (say("Total"), *[""] * 8, total), size=SIZE)
    return sheet.finish(foot=paper.order)


def row(passenger: Passenger, voice: Voice) -> tuple[str, ...]:
    return (
        passenger.family_name,
        passenger.given_names,
        voice.day(passenger.born),
        passenger.passport,
        passenger.route,
        voice.day(passenger.arrival),
        voice.day(passenger.departure),
        passenger.cabin,
        passenger.award,
        written(voice, passenger.price),
    )


def heads(sheet: Sheet, rows: Sequence[Sequence[str]], total: str) -> list[Head]:
    """Names and route share what is left; everything else stays on one line."""
    say = sheet.voice.say
    shares = {0: 0.28, 1: 0.3, 4: 0.42}
    labels = [
        say("Family name"),
        say("Given names"),
        say("Date of birth"),
        say("Passport"),
        say("Route"),
        say("Arrival"),
        say("Departure"),
        say(sentence_in("of a flight", "Class")),
        say("Award"),
        say("Price"),
    ]
    kept = {
        i: widest(sheet, [*label.split(), *total.split(" ") * (i == 9), *(row[i] for row in rows)], SIZE)
        for i, label in enumerate(labels)
        if i not in shares
    }
    rest = sheet.width - GAP * (len(labels) - 1) - sum(kept.values())
    return [Head(label, kept.get(i) or rest * shares[i], digits=i == 9) for i, label in enumerate(labels)]
