"""Nepal has a seat at the first round, and names another delegate for it: an officer has still to confirm."""

from datetime import date, datetime

from trustfund.core.lifecycle import GIVEN_BACK
from trustfund.demonstration.applicants import note_paper
from trustfund.demonstration.cast import MISSION
from trustfund.demonstration.story import Story, at
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.awards import Award
from trustfund.operations import applications, missions, nominations, screening
from trustfund.services.documents import checked

ROUND = "N1"
GOES = {"given_names": "Anil", "family_name": "Gurung", "gender": "M", "date_of_birth": date(1979, 8, 9)}
COMES = {"given_names": "Mina", "family_name": "Shrestha", "gender": "F", "date_of_birth": date(1985, 2, 26)}
"""The second applies when the seats are given already: late, and only for this one. Both are invented."""
WORKS = {"position": "Counsellor", "organisation": "Ministry of Foreign Affairs", "home_city": "Kathmandu"}


def tell(story: Story, refs: dict[str, str]) -> None:
    """Both are nominated with their notes verbales, send their applications, and are accepted."""
    public: list[str] = []

    def applies(person: dict[str, object], note: str, now: datetime) -> None:
        by = refs["mission"]
        names = {name: str(person[name]) for name in ("given_names", "family_name")}
        email = f"nepal-{names['family_name'].lower()}@example.org"
        reference = nominations.nominate(ROUND, email, **names, position=WORKS["position"], by=by, at=now).on
        paper = checked("note-verbale.pdf", note_paper())
        missions.attach_note([reference], paper, note=note, day=now.date(), by=by, at=now)
        account = _of(reference).account
        assert account, "a delegate who is nominated has one"
        applications.save(reference, account, {**person, **WORKS, "state": MISSION, "email": email}, now)
        applications.submit(reference, by=account.reference, at=now)
        screening.accept(reference, seen=_of(reference).seq, by=refs["screening"], at=now)
        public.append(_of(reference).public)

    def asks(now: datetime) -> None:
        seat = _seat()
        if seat:
            found = seat.application
            missions.ask_replacement(found.reference, successor=public[-1], seen=found.seq, by=refs["mission"], at=now)

    story.on(at("2017-12-12", 15), lambda now: applies(GOES, "NV/2017/311 (example)", now))
    story.on(at("2018-01-24", 9, 30), lambda now: applies(COMES, "NV/2018/17 (example)", now))
    story.on(at("2018-01-24", 12, 30), asks)


def _seat() -> Award | None:
    """The first seat of Nepal at the round."""
    db.session.rollback()
    found = db.select(Award).where(Award.meeting == ROUND, Award.state == MISSION, Award.stage.not_in(GIVEN_BACK))
    return db.session.scalars(found.order_by(Award.position).limit(1)).unique().first()


def _of(reference: str) -> Application:
    db.session.rollback()
    return db.session.query(Application).filter_by(reference=reference).populate_existing().one()
