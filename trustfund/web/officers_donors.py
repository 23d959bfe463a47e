"""Donors for the officers: the list, one donor's page, and how one is registered, changed and accepted."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import Select, and_, func, or_, select
from wtforms import RadioField, SelectField, StringField

from trustfund.core.completion import folded
from trustfund.core.countries import STATES
from trustfund.core.donors import BY_ANOTHER, KINDS, MAY_BE_UNNAMED, PAPERS
from trustfund.core.refusal import NotHere, sentence
from trustfund.core.roles import may
from trustfund.extensions import db
from trustfund.i18n import LANGUAGES, language, say
from trustfund.models.contributions import Deposit, Donor, Letter, Pledge
from trustfund.models.people import Account
from trustfund.operations import contributions
from trustfund.operations import donors as who_gives
from trustfund.reports import words
from trustfund.services import clock
from trustfund.web.apply_forms import state_choices
from trustfund.web.confirming import confirmed
from trustfund.web.donor_papers import papers_of
from trustfund.web.donors_account import PapersForm
from trustfund.web.forms import AtMost, DeedForm, Needed, Offered, ReadForm, ToldForm, query, refusal_in
from trustfund.web.history import Done, entries_about, who_did
from trustfund.web.officers import PAGE, bp, may_record, tell
from trustfund.web.paging import page_of

WAITS = "waiting"
"""The one stage of donors that the list can be asked for."""


@bp.get("/donors")
def donors() -> str:
    """Newest first, 25 a page from a key, each with what came of it in USD."""
    typed, kind, stage = query("q"), query("kind"), query("stage")
    received = select(func.coalesce(func.sum(Pledge.received_usd), 0)).where(Pledge.donor_id == Donor.id)
    pledges = select(func.count()).select_from(Pledge).where(Pledge.donor_id == Donor.id)
    found = select(
        Donor.id,
        Donor.reference,
        Donor.name,
        Donor.type,
        Donor.country,
        Donor.unnamed,
        Donor.accepted_seq,
        pledges.scalar_subquery().label("pledges"),
        received.scalar_subquery().label("received_usd"),
    )
    if kind in KINDS:
        found = found.where(Donor.type == kind)
    if stage == WAITS:
        found = found.where(Donor.accepted_seq.is_(None))
    if typed:
        found = _like(found, typed)
    return render_template(
        "officers/donors.html",
        q=typed,
        kind=kind,
        stage=stage,
        page=page_of(found, Donor.id, PAGE, newest_first=True),
        waits=WAITS,
    )


def _like(found: Select[Any], typed: str) -> Select[Any]:
    """A reference or a country; or each word, without case and accents, stands in the name."""
    named = [Donor.folded.contains(word, autoescape=True) for word in folded(typed).split()]
    known = or_(Donor.reference == typed.upper(), Donor.country == typed.upper())
    return found.where(or_(known, and_(*named)) if named else known)


class DonorForm(DeedForm):
    """Its fields are called as the columns of the file of contributions."""

    donor_type = RadioField(
        sentence("Kind"), validators=[Needed(sentence("Choose the kind of donor.")), Offered()], validate_choice=False
    )
    country = SelectField(
        sentence("Country"),
        validators=[Offered()],
        validate_choice=False,
        description=sentence("Of a State, itself; of others, where they have their seat. It may be left open."),
    )
    donor = StringField(
        sentence("Name"),
        description=sentence("As the donor calls itself. The name of a State comes from its country."),
        validators=[AtMost(200)],
        render_kw={"autocomplete": "off", "maxlength": 200},
    )
    language = RadioField(
        sentence("Language of the papers"), validators=[Offered()], validate_choice=False, default="en"
    )
    unnamed = PapersForm.unnamed

    def offer(self) -> "DonorForm":
        """Fill in what can be chosen, in the reader's language."""
        self.donor_type.choices = [(code, say(words.DONOR_TYPE[code])) for code in KINDS]
        self.country.choices = [("", say("No country")), *state_choices(clock.today())]
        self.language.choices = [(code, LANGUAGES[code]) for code in PAPERS]
        return self

    @property
    def name(self) -> str:
        """What was typed; a State is called as its country."""
        of = STATES.get(self.country.data or "") if self.donor_type.data == "state" else None
        return of.name_on(clock.today()) if of else self.donor.data or ""


@bp.route("/donors/new", methods=["GET", "POST"])
def new_donor() -> Any:
    form = DonorForm().offer()
    if form.validate_on_submit() and (
        done := form.attempt(
            contributions.register_donor,
            form.name,
            type=form.donor_type.data,
            country=form.country.data or "",
            language=form.language.data,
            unnamed=bool(form.unnamed.data),
        )
    ):
        flash(say("The donor is registered: entry {seq} of the record.", seq=done.seq))
        return redirect(url_for(".donor", reference=done.on))
    page = render_template("officers/new_donor.html", form=form, may_record=may_record())
    return page, form.status if form.is_submitted() else 200


class AcceptForm(ToldForm, ReadForm):
    """One button."""


@bp.get("/donors/<ref:reference>")
def donor(reference: str) -> str:
    return _page(reference)


@bp.post("/donors/<ref:reference>/acceptance")
@confirmed(then=sentence("Then the donor is accepted."))
def accept_donor(reference: str) -> Any:
    donor_of(reference)
    form = AcceptForm()
    if form.validate_on_submit() and (done := form.attempt(who_gives.accept, reference, seen=form.seen)):
        said = sentence("The donor is accepted: entry {seq} of the record. Its agreements can be recorded.")
        tell(say(said, seq=done.seq))
        return redirect(url_for(".donor", reference=reference))
    return _page(reference, form), form.status


class ChangeForm(PapersForm):
    donor = StringField(
        sentence("Name"),
        validators=[Needed(sentence("Enter the name of the donor.")), AtMost(200)],
        render_kw={"autocomplete": "off", "maxlength": 200},
    )


@bp.route("/donors/<ref:reference>/change", methods=["GET", "POST"])
def change_donor(reference: str) -> Any:
    one = donor_of(reference)
    known = {"donor": one.name, "language": one.language, "unnamed": one.unnamed, "version": str(one.seq)}
    form = ChangeForm(data=known)
    form.offer()
    if form.validate_on_submit() and (
        done := form.attempt(
            who_gives.change,
            reference,
            name=form.donor.data,
            language=form.language.data,
            unnamed=bool(form.unnamed.data),
            seen=form.seen,
        )
    ):
        flash(say("The donor is changed: entry {seq} of the record.", seq=done.seq))
        return redirect(url_for(".donor", reference=reference))
    one = donor_of(reference)
    if form.status == 409:  # it is read anew
        form.version.data = str(one.seq)
    page = render_template(
        "officers/change_donor.html",
        form=form,
        donor=one,
        may_be_unnamed=MAY_BE_UNNAMED,
        may_record=may_record(),
    )
    return page, form.status if form.is_submitted() else 200


def donor_of(reference: str) -> Donor:
    found = db.session.scalars(select(Donor).where(Donor.reference == reference)).one_or_none()
    if found is None:
        raise NotHere("There is no such thing here.")
    return found


PAPER = {"certificate": ".certificate", "statement": ".donor_statement"}
"""Papers of a donor's year, and the page of the officers' door that has them."""


def _page(reference: str, form: AcceptForm | None = None) -> str:
    """Read in a fixed number of statements; of pledges, deposits and letters the newest."""
    one = donor_of(reference)
    pledges, deposits = (
        db.session.scalars(select(of).where(of.donor_id == one.id).order_by(of.id.desc()).limit(PAGE + 1))
        .unique()
        .all()
        for of in (Pledge, Deposit)
    )
    letters = select(Letter).join(Pledge).where(Pledge.donor_id == one.id).order_by(Letter.id.desc()).limit(PAGE)
    accept = form or AcceptForm(formdata=None)
    accept.version.data = str(one.seq)
    return render_template(
        "officers/donor.html",
        donor=one,
        country=STATES[one.country].name_on(clock.today(), language()) if one.country in STATES else one.country,
        pledges=pledges[:PAGE],
        more=len(pledges) > PAGE,
        deposits=deposits[:PAGE],
        letters=db.session.scalars(letters).all(),
        accounts=db.session.scalars(select(Account).where(Account.donor_id == one.id).order_by(Account.id))
        .unique()
        .all(),
        standing=contributions.standing_of(one),
        papers=papers_of(one),
        paper_address=lambda kind, year: url_for(PAPER[kind], reference=reference, year=year),
        history=[Done(e.seq, e.at, e.action, who_did(e)) for e in entries_about(reference)],
        may_record=may_record(),
        accept=accept,
        why_not=_why_not(one),
        **refusal_in(form),
    )


def _why_not(one: Donor) -> str:
    """Why this officer does not accept the donor; empty where it can be done."""
    account = current_user.account
    if not may("donor.accepted", account.role, account.functions_on(clock.today())):
        return say("A certifying or approving officer who did not register it accepts it.")
    return say(BY_ANOTHER) if account.reference in who_gives.namers(one.reference) else ""
