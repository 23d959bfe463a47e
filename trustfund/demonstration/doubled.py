"""Lists of missions of Bhutan name three who look alike: two of one name, whom an officer judges to be two persons, and
one of them again in another spelling, whom nobody has compared yet."""

from datetime import datetime

from sqlalchemy import select

from trustfund.demonstration.story import Story, at
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.operations import double_rulings, import_applications

ROUND = "N2"
ALIKE = (("Karma", "Dorji", "1981-03-14"), ("Karma", "Dorji", "1981-05-14"), ("KARMA", "Dorjee", "1981-03-14"))
"""All invented."""


def tell(story: Story, by: str) -> None:
    """``by``: the screening officer."""

    def listed(now: datetime) -> None:
        lines = [
            dict.fromkeys(import_applications.APPLICATIONS, "")
            | {
                "external_reference": f"BTN/{ROUND}/example-{n}",
                "meeting": ROUND,
                "state": "BTN",
                "given_names": given,
                "family_name": family,
                "gender": "M",
                "date_of_birth": born,
                "email": f"bhutan-{n}@example.org",
                "position": "Desk officer",
                "organisation": "Ministry of Foreign Affairs",
                "note_verbale": f"NV/BTN/{410 + n}",
                "note_verbale_date": "2018-01-15",
                "home_city": "Thimphu",
                "fare_currency": "USD",
            }
            for n, (given, family, born) in enumerate(ALIKE, 1)
        ]
        import_applications.import_lines(list(enumerate(lines, 2)), at=now)

    def judged(now: datetime) -> None:
        mails = [f"bhutan-{n}@example.org" for n in (1, 2)]
        found = select(Application.reference).where(Application.email.in_(mails)).order_by(Application.id)
        first, second = db.session.scalars(found).all()
        double_rulings.rule_out(first, other=second, reason="mission", by=by, at=now)

    story.on(at("2018-01-22", 17), listed)
    story.on(at("2018-01-23", 17), judged)
