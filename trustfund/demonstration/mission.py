"""The mission of Nepal at work: it nominates two delegates for an open call, sends its note verbale, gives their order,
and endorses one who began alone."""

from datetime import date, datetime

from sqlalchemy import select

from trustfund.core.lifecycle import ALIVE
from trustfund.demonstration.applicants import note_paper
from trustfund.demonstration.cast import MISSION
from trustfund.demonstration.story import Story, at, safely
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.operations import missions, nominations
from trustfund.services.documents import checked

MEETING, STATE = "N3", MISSION
NAMED = (("Sushila", "Adhikari", "First Secretary", "nepal-first"), ("Prakash", "Thapa", "Counsellor", "nepal-second"))


def tell(story: Story, refs: dict[str, str]) -> None:
    """Two nominations, one note for the first of them, and its word for somebody of Nepal who applied alone."""
    by = refs["mission"]
    drafts: list[str] = []

    def nominate(now: datetime) -> None:
        for order, (given, family, position, mail) in enumerate(NAMED, 1):
            named = {"given_names": given, "family_name": family, "position": position, "order": order}
            drafts.append(nominations.nominate(MEETING, f"{mail}@example.org", by=by, at=now, **named).on)

    def send_note(now: datetime) -> None:
        paper = checked("note-verbale.pdf", note_paper())
        missions.attach_note(drafts[:1], paper, note="NV/2018/14 (example)", day=date(2018, 1, 22), by=by, at=now)

    def endorse(now: datetime) -> None:
        alone = db.session.execute(
            select(Application.reference, Application.seq)
            .where(Application.state == STATE, Application.stage.in_(ALIVE), Application.endorsed.is_(None))
            .order_by(Application.id.desc())
            .limit(1)
        ).first()
        if alone:
            nominations.endorse(alone.reference, seen=alone.seq, by=by, at=now)

    story.on(at("2018-01-22", 15), safely(nominate))
    story.on(at("2018-01-23", 15), safely(send_note))
    story.on(at("2018-01-23", 16), safely(endorse))
