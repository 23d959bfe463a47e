"""The demonstration's preparatory activities, paid from a surplus (A/RES/71/280, para. 31).

There is one for a few days only: after the seats of the stocktaking meeting are given and before the first round opens.
"""

from datetime import datetime

from trustfund.demonstration.money import EXAMPLE, People
from trustfund.demonstration.story import Deed, Story, at, safely
from trustfund.extensions import db
from trustfund.models.activities import Activity
from trustfund.operations import activities

SEMINAR = (
    "Seminar for the co-facilitators on data about migration",
    "Two days with statistical offices of all regions, before the stocktaking. All figures are examples.",
    "Concept note 2017/3",
    "32000.00",
)
TRANSLATION = (
    "Translation of the summaries of the thematic sessions",
    "Into the six official languages, for the delegations that prepare the first round. All figures are examples.",
    "Concept note 2017/4",
    "18500.00",
)
PAID = (("2017-11-24", "20000.00"), ("2017-12-15", "11240.00"))
"""What the seminar really cost."""


def tell(story: Story, people: People) -> None:
    """One is agreed by two officers, paid and closed; the other had one agreement when the surplus was over."""
    seminar: list[str] = []
    translation: list[str] = []
    first, second = people["approving"], people["approving2"]
    story.on(at("2017-11-13", 10), _proposed(seminar, SEMINAR, people["certifying"]))
    story.on(at("2017-11-13", 15), _agreed(seminar, first))
    story.on(at("2017-11-14", 9), _agreed(seminar, second))
    story.on(at("2017-11-14", 11), _proposed(translation, TRANSLATION, people["screening"]))
    story.on(at("2017-11-15", 10), _agreed(translation, first))
    for n, (day, amount) in enumerate(PAID, 1):
        story.on(at(day, 11), _paid(seminar, amount, n, people["paying"]))
    story.on(at("2017-12-19", 10), _closed(seminar, people["certifying"]))


def _proposed(made: list[str], about: tuple[str, str, str, str], by: str) -> Deed:
    title, text, document, amount = about

    def deed(now: datetime) -> None:
        done = activities.propose(
            EXAMPLE.format(title), text=text, document=EXAMPLE.format(document), amount=amount, by=by, at=now
        )
        made.append(done.on)

    return safely(deed)


def _agreed(made: list[str], by: str) -> Deed:
    return _then(made, lambda reference, now: activities.approve(reference, seen=_seen(reference), by=by, at=now))


def _paid(made: list[str], amount: str, n: int, by: str) -> Deed:
    return _then(
        made,
        lambda reference, now: activities.pay(
            reference,
            seen=_seen(reference),
            amount=amount,
            value_date=now.date(),
            bank_reference=f"SEMINAR-{n}",
            by=by,
            at=now,
        ),
    )


def _closed(made: list[str], by: str) -> Deed:
    return _then(made, lambda reference, now: activities.close(reference, seen=_seen(reference), by=by, at=now))


def _then(made: list[str], do) -> Deed:  # type: ignore[no-untyped-def]
    """With an activity that was proposed; where there was no surplus, nothing follows."""
    return safely(lambda now: do(made[0], now) if made else None)


def _seen(reference: str) -> int:
    db.session.rollback()
    return int(db.session.query(Activity.seq).filter_by(reference=reference).scalar())
