"""Who acts for the fund: designations, made by the head, confirmed by a second officer, from a day to a day."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import SelectField, StringField

from trustfund.core.refusal import sentence
from trustfund.core.roles import Function, Role
from trustfund.extensions import db
from trustfund.i18n import say
from trustfund.models.people import Account, Designation
from trustfund.operations import people
from trustfund.reports import words
from trustfund.web.forms import AtMost, DateField, DeedForm, Needed, Offered
from trustfund.web.officers import bp


class DesignationForm(DeedForm):
    officer = SelectField(sentence("Officer"), validators=[Offered()], validate_choice=False)
    function = SelectField(sentence("Function"), validators=[Offered()], validate_choice=False)
    document = StringField(
        sentence("Document"), validators=[Needed(sentence("Enter the document of the designation.")), AtMost(120)]
    )
    from_day = DateField(sentence("From"))
    to_day = DateField(sentence("To, the last day (optional)"), optional=True)

    def offer(self) -> "DesignationForm":
        """Fill in what can be chosen, in the reader's language."""
        officers = db.session.scalars(
            select(Account).where(Account.role == Role.OFFICER, Account.ended_at.is_(None)).order_by(Account.name)
        ).unique()
        self.officer.choices = [(a.reference, a.name or a.email) for a in officers]
        self.function.choices = [(f.value, say(words.FUNCTION[f])) for f in Function]
        return self


@bp.get("/designations")
def designations() -> str:
    return _page()


@bp.post("/designations")
def make_designation() -> Any:
    form = DesignationForm().offer()
    if form.validate_on_submit() and (
        done := form.attempt(
            people.make_designation,
            form.officer.data,
            function=form.function.data,
            document=form.document.data,
            from_day=form.from_day.data,
            to_day=form.to_day.data,
        )
    ):
        flash(
            say(
                "The designation is made: entry {seq} of the record. It holds once a second officer has confirmed it.",
                seq=done.seq,
            )
        )
        return redirect(url_for(".designations"))
    return _page(form), form.status


@bp.post("/designations/<ref:reference>/confirmation")
def confirm_designation(reference: str) -> Any:
    return _deed(
        people.confirm_designation, reference, sentence("The designation is confirmed: entry {seq} of the record.")
    )


@bp.post("/designations/<ref:reference>/end")
def end_designation(reference: str) -> Any:
    return _deed(people.end_designation, reference, sentence("The designation has ended: entry {seq} of the record."))


def _page(form: DesignationForm | None = None, keyed: DeedForm | None = None) -> str:
    rows = (
        db.session.scalars(
            select(Designation)
            .order_by(Designation.id.desc())
            .options(
                joinedload(Designation.account), joinedload(Designation.made_by), joinedload(Designation.confirmed_by)
            )
        )
        .unique()
        .all()
    )
    return render_template(
        "officers/designations.html",
        form=form or DesignationForm(formdata=None).offer(),
        rows=sorted(rows, key=lambda d: bool(d.confirmed_by_id or d.ended_on)),  # what waits stands first
        keyed=keyed or DeedForm(formdata=None),
    )


def _deed(deed: Any, reference: str, said: str) -> Any:
    form = DeedForm()
    if form.validate_on_submit() and (done := form.attempt(deed, reference)):
        flash(say(said, seq=done.seq))
        return redirect(url_for(".designations"))
    return _page(keyed=form), form.status
