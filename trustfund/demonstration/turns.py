"""The turns that some of the demonstration's contributions take: paid together or too high, drawn up, reminded of."""

from datetime import date, datetime, timedelta
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from trustfund.demonstration.money import EXAMPLE, Made, People, seen
from trustfund.demonstration.story import END, Deed, Story, at
from trustfund.operations import agreement_drafts, contributions, letters, overpayments, parts, reminders
from trustfund.services.documents import checked

GERMANY = "Germany"
TOGETHER = {
    "Arrangement of the Foreign Office of 21 August 2017": "130000.00",
    "Arrangement of the Ministry for Development of 21 August 2017": "50000.00",
}
"""One deposit for two agreements: the document of each, and its part."""
WAITS = ("Example Freight Forwarders", "private", "NLD")
"""A donor whom no second officer has looked at."""
FIRST_MONDAY = date(2017, 5, 1)


def tell(story: Story, made: Made, donors: People, people: People) -> None:
    """Each on its day. The pledges are those of pledges.csv."""
    certifying = people["certifying"]
    story.on(at("2017-10-05", 12), _together(made, donors[GERMANY], people["paying"]))
    story.on(
        at("2017-11-02", 10),
        _agreed_after_all(made["Example Remittances Ltd", "Grant letter of 2 October 2017"], certifying),
    )
    story.on(at("2017-11-03", 10), _with_its_letter(made["Luxembourg", "Note verbale 17/418"], people["Luxembourg"]))
    story.on(at("2018-01-19", 10), _drawn_up(made["Luxembourg", "30000.00"], certifying))
    story.on(at("2018-01-22", 11), _waits_to_be_accepted(people["screening"]))
    day = FIRST_MONDAY
    while day < END.date():
        story.on(at(day, 7), reminders.remind)
        day += timedelta(days=7)
    story.on(at(END.date(), 7), reminders.remind)


def _together(made: Made, donor: str, by: str) -> Deed:
    def deed(now: datetime) -> None:
        pledges = {made[GERMANY, document][0]: amount for document, amount in TOGETHER.items()}
        parts.record_in_parts(
            donor,
            parts=pledges,
            amount="180000.00",
            value_date=now.date(),
            bank_reference=f"GE-{now:%Y-%m-%d}",
            bank_account="main",
            seen=max(map(seen, pledges)),
            by=by,
            at=now,
        )

    return deed


def _agreed_after_all(made: list[str], by: str) -> Deed:
    """More came than was agreed, and the donor writes that all of it is meant."""
    return lambda now: overpayments.agree(
        made[0],
        document=EXAMPLE.format("Letter of 30 October 2017"),
        day=now.date(),
        seen=seen(made[0]),
        by=by,
        at=now,
    )


def _with_its_letter(made: list[str], by: str) -> Deed:
    return lambda now: letters.add(made[0], checked("note-verbale-17-418.pdf", _letter()), by=by, at=now)


def _drawn_up(made: list[str], by: str) -> Deed:
    """It has its number and is not signed yet."""
    return lambda now: agreement_drafts.draw_up(made[0], seen=seen(made[0]), by=by, at=now)


def _waits_to_be_accepted(by: str) -> Deed:
    name, kind, country = WAITS

    def deed(now: datetime) -> None:
        donor = contributions.register_donor(name, type=kind, country=country, by=by, at=now).on
        contributions.announce_pledge(
            donor,
            amount="12000.00",
            currency="EUR",
            purpose="travel",
            expected_on=date(2018, 3, 31),
            by=by,
            at=now,
        )

    return deed


def _letter() -> bytes:
    written = BytesIO()
    canvas = Canvas(written, invariant=1)
    canvas.drawString(72, 760, "Note verbale 17/418 (example of a demonstration; no document of a Government)")
    canvas.save()
    return written.getvalue()
