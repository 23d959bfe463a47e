"""Many awards at once: what waits on the desk, the certification of a meeting, and its attendance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select
from wtforms import HiddenField, SelectMultipleField

from trustfund.core import duties
from trustfund.core.money import major
from trustfund.core.refusal import sentence
from trustfund.core.roles import may
from trustfund.extensions import db
from trustfund.i18n import say, told
from trustfund.models.awards import Act, Award
from trustfund.operations import awards, travel
from trustfund.operations.award_deeds import OWN_STATE, of_own_state
from trustfund.operations.award_standing import ACT_OF, NOT_YOURS
from trustfund.operations.meetings import Frame, frame_of
from trustfund.operations.operation import Done
from trustfund.services import clock
from trustfund.web.award_words import state_of
from trustfund.web.confirming import confirmed
from trustfund.web.forms import ToldForm, refusal_in
from trustfund.web.officers import bp


class ListForm(ToldForm):
    """Awards to be ticked. ``read``: those that the button named; another choice is counted anew before it is done."""

    read = HiddenField()
    awards = SelectMultipleField(sentence("Awards"), validate_choice=False)

    @property
    def ticked(self) -> set[str]:
        return {line.split()[0] for line in self.awards.data or () if line.strip()}


@dataclass(frozen=True)
class Row:
    """An award of a list. ``line``: what the deed takes of it; ``charge`` and ``proposed`` in USD."""

    award: Award
    line: str
    state: str
    charge: Decimal
    proposed: Decimal
    ticked: bool

    @property
    def person(self) -> str:
        return self.award.application.full_name


@dataclass(frozen=True)
class Listed:
    """The awards that can be done together, and those that cannot, each with its reason."""

    rows: list[Row]
    others: list[tuple[Award, str]]

    @property
    def chosen(self) -> list[Row]:
        return [row for row in self.rows if row.ticked]

    @property
    def total(self) -> Decimal:
        return sum((row.charge for row in self.chosen), Decimal("0.00"))


@bp.get("/meetings/<code:code>/certification")
def certification(code: str) -> Any:
    return _certification_page(code)


@bp.post("/meetings/<code:code>/certification")
@confirmed(then=sentence("Then the awards are certified."))
def certify_awards(code: str) -> Any:
    said = sentence("{n} awards are certified, up to entry {seq} of the record. An approving officer comes next.")
    return _done(code, awards.certify_many, said, _certification_page)


@bp.get("/meetings/<code:code>/attendance")
def attendance(code: str) -> Any:
    return _attendance_page(code)


@bp.post("/meetings/<code:code>/attendance")
def confirm_attendances(code: str) -> Any:
    said = sentence(
        "The attendance of {n} delegates is confirmed, up to entry {seq} of the record. Each of them claims next."
    )
    return _done(code, travel.confirm_many, said, _attendance_page)


def _done(code: str, deed: Callable[..., Done], said: str, page: Callable[..., Any]) -> Any:
    """All of the ticked ones, or none; where others are ticked than the button named, it is counted anew first."""
    form = ListForm()
    if form.validate_on_submit():
        if not form.ticked:
            form.awards.errors = [say("Tick at least one award.")]
        elif form.ticked != set((form.read.data or "").split()):
            return page(code, form), 200
        elif done := form.attempt(deed, code, awards="\n".join(form.awards.data)):
            flash(say(said, n=len(form.ticked), seq=done.seq))
            return redirect(url_for(".awards", meeting=code))
    return page(code, form), form.status


def _certification_page(code: str, form: ListForm | None = None) -> str:
    frame, today = frame_of(db.session(), code, clock.today()), clock.today()
    found = awards.to_certify(db.session(), code, today)
    barred = _barred([award for award, _ in found.ready], frame, "award.certified")
    rows = [
        _row(award, frame, f"{award.reference} {award.seq} {journey.digest}", journey.cost.charge, form)
        for award, journey in found.ready
        if award.id not in barred
    ]
    others = [(award, told(why)) for award, why in found.others]
    others += [(award, barred[award.id]) for award, _ in found.ready if award.id in barred]
    return _page("officers/certification.html", frame, Listed(rows, others), "award.certified", form)


def _attendance_page(code: str, form: ListForm | None = None) -> str:
    frame = frame_of(db.session(), code, clock.today())
    found = select(Award).where(Award.meeting == code, Award.stage.in_(("ticketed", "advance-paid")))
    there = list(db.session.scalars(found.order_by(Award.position)).unique())
    barred = _barred(there, frame, "attendance.confirmed")
    rows = [
        _row(award, frame, f"{award.reference} {award.seq}", Decimal(0), form)
        for award in there
        if award.id not in barred
    ]
    others = [(award, barred[award.id]) for award in there if award.id in barred]
    return _page("officers/attendance.html", frame, Listed(rows, others), "attendance.confirmed", form)


def _row(award: Award, frame: Frame, line: str, charge: Decimal, form: ListForm | None) -> Row:
    return Row(
        award,
        line,
        state_of(award, frame.meeting),
        charge,
        major(award.proposed, "USD"),
        form is None or award.reference in form.ticked,
    )


def _barred(found: Sequence[Award], frame: Frame, action: str) -> dict[int, str]:
    """Award -> why this reader cannot do the deed on it; only those that another must do."""
    account, wants = current_user.account, ACT_OF[action]
    mine: dict[int, list[str]] = {}
    done = select(Act.award_id, Act.act).where(Act.by_id == account.id, Act.award_id.in_([one.id for one in found]))
    for row in db.session.execute(done):
        mine.setdefault(row.award_id, []).append(row.act)
    said = {
        award.id: say(OWN_STATE)
        if of_own_state(account.state, award, frame.mandate)
        else say(duties.barred(mine.get(award.id, ()), wants))
        for award in found
    }
    return {key: why for key, why in said.items() if why}


def _page(template: str, frame: Frame, listed: Listed, action: str, form: ListForm | None) -> str:
    recounted = form is not None and form.is_submitted() and not form.errors and not form.refused
    form = form or ListForm(formdata=None)
    form.read.data = " ".join(row.award.reference for row in listed.chosen)
    yours = may(action, current_user.role, current_user.account.functions_on(clock.today()))
    return render_template(
        template,
        frame=frame,
        listed=listed,
        form=form,
        recounted=recounted,
        why="" if yours else say(NOT_YOURS),
        early=frame.meeting.first_day > clock.today(),
        name_of=state_of,
        **refusal_in(form),
    )
