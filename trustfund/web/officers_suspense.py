"""The lines of a bank statement: which entry of the books each is, and those that wait until somebody explains them."""

from typing import Any

from flask import redirect, render_template, url_for
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from trustfund.core.lifecycle import FOLLOWS
from trustfund.core.refusal import NotHere, sentence
from trustfund.extensions import db
from trustfund.i18n import say
from trustfund.models.contributions import Donor, Pledge
from trustfund.models.statements import BankStatement, StatementLine
from trustfund.operations import explanations, matching, suspense
from trustfund.operations.matching import IN_SUSPENSE
from trustfund.operations.suspense import Open
from trustfund.web.confirming import confirmed
from trustfund.web.forms import query
from trustfund.web.officers import PAGE, bp, tell
from trustfund.web.officers_selections import why_not
from trustfund.web.paging import page_of
from trustfund.web.pledge_form import donor_choices
from trustfund.web.statement_forms import MatchForm, RecordForm, UndoForm

LINES = 50  # of a statement, on one page
NUMBER = "<int(max=999999999):number>"


@bp.get("/statements/suspense")
def suspense_lines() -> str:
    """All that waits, oldest first, each with the likeliest explanation."""
    typed = query("q", 80)
    found = suspense.lines().where(*IN_SUSPENSE)
    page = page_of(found.where(suspense.said(typed)) if typed else found, StatementLine.id, PAGE)
    opened: dict[tuple[str, str], Open] = {}
    best = {}
    for row in page.rows:
        account = row.bank_account, row.currency
        offers = opened.setdefault(account, Open(db.session(), *account)).offers(suspense.as_movement(row))
        best[row.id] = offers[0] if offers else None
    entries = [entry.key for offer in best.values() if offer for entry in offer.entries]
    return render_template(
        "officers/suspense.html",
        q=typed,
        page=page,
        best=best,
        waiting=suspense.how_much(db.session()),
        deeds=suspense.deeds_of(db.session(), entries),
        form=MatchForm(formdata=None),
        why=why_not("line.matched"),
    )


@bp.get("/statements/<ref:reference>")
def bank_statement(reference: str) -> str:
    one = _statement(reference)
    page = page_of(suspense.lines(reference), StatementLine.id, LINES)
    matches = suspense.matches_of(db.session(), [row.id for row in page.rows])
    return render_template(
        "officers/bank_statement.html",
        one=one,
        page=page,
        matches=matches,
        deeds=suspense.deeds_of(db.session(), [entry for pairs in matches.values() for entry, _ in pairs]),
    )


@bp.get(f"/statements/<ref:reference>/{NUMBER}")
def bank_line(reference: str, number: int) -> str:
    return _line_page(line_of(reference, number))


@bp.post(f"/statements/<ref:reference>/{NUMBER}/match")
def match_line(reference: str, number: int) -> Any:
    row, form = line_of(reference, number), MatchForm()
    chosen = "\n".join(dict.fromkeys([suspense.name_of(row), *(form.lines.data or [])]))
    if form.validate_on_submit() and (
        done := form.attempt(matching.match, chosen, entries="\n".join(form.entries.data or []))
    ):
        return to_the_next(say("The line is matched: entry {seq} of the record.", seq=done.seq), reference)
    return _line_page(row, match=form), form.status


@bp.post(f"/statements/<ref:reference>/{NUMBER}/record")
@confirmed(then=sentence("Then the line is recorded."))
def record_line(reference: str, number: int) -> Any:
    """What the books do not have yet: recorded and matched in one."""
    row, form = line_of(reference, number), RecordForm()
    form.offer(row.amount > 0, donor_choices())
    if form.pledge.data:
        form.kind.choices, form.kind.data = [("deposit", "")], "deposit"
    if form.validate_on_submit() and _whose(form):
        done = form.attempt(
            explanations.record,
            suspense.name_of(row),
            kind=form.kind.data,
            about=form.pledge.data or form.donor.data or "",
            bank_reference=form.bank_reference.data or "",
            seen=form.seen,
        )
        if done:
            return to_the_next(
                say("The line is recorded and matched: entry {seq} of the record.", seq=done.seq), reference
            )
    form.offer(row.amount > 0, donor_choices())
    return _line_page(row, record=form), form.status


@bp.post(f"/statements/<ref:reference>/{NUMBER}/undoing")
def undo_match(reference: str, number: int) -> Any:
    row, form = line_of(reference, number), UndoForm()
    if form.validate_on_submit() and (done := form.attempt(matching.undo, suspense.name_of(row), seen=form.seen)):
        tell(say("The match is undone: entry {seq} of the record. The line waits again.", seq=done.seq))
        return redirect(url_for(".bank_line", reference=reference, number=number))
    return _line_page(row, undo=form), form.status


def _whose(form: RecordForm) -> bool:
    """A deposit that waits is some donor's."""
    if form.kind.data == "unapplied" and form.donor.data not in {value for value, _ in form.donor.choices if value}:
        form.donor.errors = [say("Choose the donor.")]
        return False
    return True


def to_the_next(said: str, reference: str) -> Any:
    """To the next line that waits, or where none does back to the statement."""
    tell(said)
    if suspense.how_many(db.session()):
        return redirect(url_for(".suspense_lines"))
    return redirect(url_for(".bank_statement", reference=reference))


def _statement(reference: str) -> BankStatement:
    found = db.session.scalar(select(BankStatement).where(BankStatement.reference == reference))
    if found is None:
        raise NotHere("There is no such thing here.")
    return found


def line_of(reference: str, number: int) -> Any:
    found = db.session.execute(suspense.lines(reference).where(StatementLine.number == number)).one_or_none()
    if found is None:
        raise NotHere("There is no such thing here.")
    return found


def _line_page(
    row: Any,
    match: MatchForm | None = None,
    record: RecordForm | None = None,
    undo: UndoForm | None = None,
) -> str:
    """The line, and what it is or may be."""
    session, typed = db.session(), query("q", 80)
    session.rollback()  # after a deed that was refused, what stands now
    matches = suspense.matches_of(session, [row.id]).get(row.id, [])
    there, line = Open(session, row.bank_account, row.currency), suspense.as_movement(row)
    waits = not matches and row.amount != 0
    offers = there.offers(line) if waits else []
    found = there.search(typed, line) if waits and typed else []
    near, others = (there.near(line), there.beside(line)) if waits else ([], [])
    every = [*(entry for offer in offers for entry in offer.entries), *found, *near]
    owed = _owed([entry.key for entry in every if entry.owed])
    if record is None:
        record = RecordForm(formdata=None).offer(row.amount > 0, donor_choices() if waits else [])
        record.bank_reference.data = explanations.reference_of(row, row.statement)
    return render_template(
        "officers/bank_line.html",
        line=row,
        name=suspense.name_of(row),
        waits=waits,
        matches=matches,
        offers=offers,
        found=found,
        near=near,
        others=others,
        q=typed,
        deeds=suspense.deeds_of(session, [*(entry.key for entry in every), *(entry for entry, _ in matches)]),
        versions={one.reference: (one.seq, one.state) for one in owed},
        shared={one.of: one for one in owed if one.several},
        match=match or MatchForm(formdata=None),
        record=record,
        undo=undo or UndoForm(formdata=None),
        why={deed: why_not(deed) for deed in ("line.matched", "deposit.recorded", "charge.recorded", "match.undone")},
    )


def _owed(pledges: list[Any]) -> list[Any]:
    """Of pledges that are owed: version, state and donor; ``several``: whether it and others of its donor take money of
    this currency."""
    if not pledges:
        return []
    takes, other = FOLLOWS["deposit.recorded"][0], aliased(Pledge)
    same = (other.donor_id == Pledge.donor_id, other.currency == Pledge.currency, other.id != Pledge.id)
    several = Pledge.state.in_(takes) & exists().where(*same, other.state.in_(takes))
    rows = select(
        Pledge.reference, Pledge.seq, Pledge.state, several.label("several"), Donor.reference.label("of"), Donor.name
    )
    return list(db.session.execute(rows.join(Donor).where(Pledge.reference.in_(pledges)).order_by(Pledge.id)))
