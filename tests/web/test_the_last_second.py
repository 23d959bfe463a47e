"""23:59:59 of the deadline where the meeting is held is on time and the next second is late; both are kept, and both
read so wherever it is told. N2 is held in New York, five hours behind world time."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.globals import _cv_app

from tests import builders as b
from tests.web.applying import filled, submitted
from tests.web.visitor import Visitor
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.operations import people, record
from trustfund.web import papers_applications

LAST, NEXT = datetime(2018, 1, 27, 4, 59, 59, tzinfo=UTC), datetime(2018, 1, 27, 5, tzinfo=UTC)


@pytest.mark.parametrize(("instant", "said"), [(LAST, "on time"), (NEXT, "late")], ids=["last", "next"])
def test_a_second_makes_it_late_on_either_database(both_apps: Flask, monkeypatch, instant: datetime, said: str):
    letters, draw = [], papers_applications.draw_letter
    monkeypatch.setattr(papers_applications, "draw_letter", lambda one, voice: letters.append(one) or draw(one, voice))
    b.account("delegate", "Aissata Ouédraogo", password=True)
    b.officer("Ines Okafor", "screening")
    people.set_password(people.account_of("ines@example.org"), b.PASSWORD)
    db.session.remove()
    outside = _cv_app.set(None)  # each visitor has a context of its own
    try:
        aissata = Visitor(both_apps, "aissata@example.org")
        at = filled(aissata)
        both_apps.extensions["clock"]._set = instant
        assert said in submitted(aissata, at).words("strong")
        assert aissata.open(f"{at}/confirmation.pdf").status == 200
        queue = Visitor(both_apps, "ines@example.org").open("/officers/applications").words("td")
    finally:
        _cv_app.reset(outside)
    assert dict(letters[0].facts)["On time or late"].lower().startswith(said)
    assert ("late" in queue.lower().split()) == (said == "late"), "the queue marks what is late"
    found = db.session.query(Application).one()
    assert (found.stage, found.submitted_at, found.completed_at) == ("submitted", instant, instant)
    assert record.verify().faults == []
