"""What a mission does for its delegates, and what is then kept of them."""

from datetime import date

from sqlalchemy import select

from tests import builders as b
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.mail import Mail
from trustfund.operations import missions, nominations, record
from trustfund.services.documents import Document as Checked

NOTE = Checked("note.pdf", "application/pdf", b"%PDF-1.7 note", 1)


def kept(reference: str) -> Application:
    db.session.rollback()
    return db.session.scalars(select(Application).where(Application.reference == reference)).unique().one()


def mails() -> list[tuple[str, str]]:
    return [tuple(row) for row in db.session.execute(select(Mail.recipient, Mail.subject).order_by(Mail.id))]


def nominate(by, email="osman@example.org", **more):
    named = {"given_names": "Osman", "family_name": "Idris", "position": "Counsellor", "order": 1} | more
    return nominations.nominate("N2", email, by=by, at=b.AT, **named)


def endorse(reference, by, at=b.AT):
    return nominations.endorse(reference, seen=kept(reference).seq, by=by, at=at)


def attach(references, by, at=b.AT):
    return missions.attach_note(references, NOTE, note="MFA/9", day=date(2018, 1, 20), by=by, at=at)


def sound() -> bool:
    return record.verify(full=True).faults == []
