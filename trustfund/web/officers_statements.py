"""Bank statements: which came in, and a file of the bank on its way from the upload to the books."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.exceptions import RequestEntityTooLarge

from trustfund.core.mandate import Mandate
from trustfund.core.matching import SAYS, Movement, Reason
from trustfund.core.money import minor
from trustfund.core.refusal import Refused, sentence
from trustfund.extensions import db
from trustfund.i18n import say, told
from trustfund.models.fund import mandate_on
from trustfund.models.statements import BankStatement, StatementLine
from trustfund.operations import statement_uploads, suspense
from trustfund.operations.matching import IN_SUSPENSE
from trustfund.operations.statement_uploads import Looked
from trustfund.services import clock
from trustfund.services.statements.child import LARGEST
from trustfund.web.forms import ReadForm
from trustfund.web.officers import PAGE, bp, tell
from trustfund.web.officers_selections import why_not
from trustfund.web.paging import page_of
from trustfund.web.statement_forms import ArrangementForm, FileForm

SHOWN = 50  # lines of a file that are shown before it is booked
ROOM = 64 * 1024  # bytes of the form around the file


class ConfirmForm(ReadForm):
    """Nothing to fill in: the file that was looked at is booked."""


@bp.get("/statements")
def statements() -> str:
    return _page(FileForm(formdata=None))


@bp.post("/statements")
def upload_statement() -> Any:
    request.max_content_length = LARGEST + ROOM
    try:
        form = FileForm()
        valid = form.validate_on_submit()
        sent = request.files.get("statement")
    except RequestEntityTooLarge:
        form = FileForm(formdata=None)
        form.statement.errors = [say("This file has more than 20 MB. Export a shorter time from the bank.")]
        return _page(form), 413
    if why := why_not("statement.imported"):
        form.form_errors.append(why)
    elif valid and not (sent and sent.filename):
        form.statement.errors = [say("Choose a file.")]
    elif valid and sent:
        try:
            found = statement_uploads.take(
                sent.filename or "", sent.read(LARGEST + 1), by=current_user.account, at=clock.now()
            )
            return redirect(url_for(".statement_read", reference=found))
        except Refused as refused:
            if refused.field != "file":
                raise
            form.statement.errors = [told(refused)]
    return _page(form), form.status


@bp.get("/statements/files/<ref:reference>")
def statement_read(reference: str) -> str:
    return _read_page(statement_uploads.look(reference, current_user.account, _mandate()))


@bp.post("/statements/files/<ref:reference>/columns")
def arrange_statement(reference: str) -> Any:
    """Whose account it is, and what the columns are; then the file is looked at again."""
    looked = statement_uploads.look(reference, current_user.account, _mandate())
    form = _arrangement(looked, sent=True)
    if not form.validate_on_submit():
        return _read_page(looked, form), form.status
    chosen = form.bank_account.data if form.bank_account.data in _codes() else ""
    mapping = form.mapping(looked.mapping) if looked.is_csv else None
    statement_uploads.arrange(reference, current_user.account, bank_account=chosen, mapping=mapping)
    return redirect(url_for(".statement_read", reference=reference))


@bp.post("/statements/files/<ref:reference>/confirmation")
def confirm_statement(reference: str) -> Any:
    form = ConfirmForm()
    if form.validate_on_submit() and (done := form.attempt(statement_uploads.confirm, reference, seen=form.seen)):
        tell(say(sentence("The file is booked: entry {seq} of the record."), seq=done.seq), *_what_next())
        return redirect(url_for(".bank_statement", reference=done.on))
    return _read_page(statement_uploads.look(reference, current_user.account, _mandate()), confirm=form), form.status


@bp.post("/statements/files/<ref:reference>/removal")
def drop_statement(reference: str) -> Any:
    form = FileForm()
    if form.validate_on_submit():
        statement_uploads.drop(reference, current_user.account)
        tell(say("The file is removed; nothing of it was recorded."))
        return redirect(url_for(".statements"))
    return _page(form), form.status


def _what_next() -> tuple[str, str]:
    if n := suspense.how_many(db.session()):
        return url_for(".suspense_lines"), say("Lines that wait to be explained: {n}", n=n)
    return "", ""


def _page(form: FileForm) -> str:
    """What came in, newest first; how many lines of each statement, and how many of them wait."""
    page = page_of(select(BankStatement, BankStatement.id.label("id")), BankStatement.id, PAGE, newest_first=True)
    listed = [row[0] for row in page.rows]
    counted = select(StatementLine.statement_id, func.count().label("n")).group_by(StatementLine.statement_id)
    counted = counted.where(StatementLine.statement_id.in_([one.id for one in listed]))
    session = db.session()
    return render_template(
        "officers/statements.html",
        form=form,
        page=page,
        statements=listed,
        lines={row.statement_id: row.n for row in session.execute(counted)},
        waits={row.statement_id: row.n for row in session.execute(counted.where(*IN_SUSPENSE))},
        waiting=suspense.how_much(session),
        files=statement_uploads.waiting(current_user.account),
        why=why_not("statement.imported"),
    )


def _read_page(looked: Looked, form: ArrangementForm | None = None, confirm: ConfirmForm | None = None) -> str:
    confirm = confirm or ConfirmForm(formdata=None)
    confirm.version.data = str(statement_uploads.version(db.session()))
    names, below = [], []
    if looked.is_csv:
        names, below = statement_uploads.columns_of(looked.upload, current_user.account, looked.mapping)
    shown = _shown(looked)
    entries = {entry for one in shown for entry in one["entries"]}
    offered = [one["offer"] for one in shown if one["offer"]]
    entries |= {entry.key for offer in offered for entry in offer.entries}
    return render_template(
        "officers/statement_read.html",
        looked=looked,
        form=form or _arrangement(looked),
        confirm=confirm,
        names=names,
        below=below,
        refused=told(looked.refused) if looked.refused else "",
        asks_account=len(_codes()) > 1,
        shown=shown,
        hidden_lines=sum(one.lines for one in looked.statements) - len(shown),
        deeds=suspense.deeds_of(db.session(), entries),
        exactly=SAYS[Reason.BANK_REFERENCE],
        tell=told,
        why=why_not("statement.imported"),
    )


def _shown(looked: Looked) -> list[dict[str, Any]]:
    """The first lines of the file, each with the entry that it is or may be; of a known one nothing is asked."""
    found: list[dict[str, Any]] = []
    for n, one in enumerate(looked.statements):
        numbers = {id(line): number for number, (_, line) in enumerate(one.new, 1)}
        for line in one.said.lines[: SHOWN - len(found)]:
            found.append({"statement": one, "line": line, "file": n, "number": numbers.get(id(line)), "offer": None})
    matched = {(line.file, line.number): entries for line, entries in looked.matched.items()}
    accounts: dict[Any, suspense.Open] = {}
    for row in found:
        one, line = row["statement"], row["line"]
        row["entries"] = matched.get((row["file"], row["number"]), [])
        if row["number"] and not row["entries"] and line.amount:
            row["movement"] = Movement(
                f"{row['file']} {row['number']}",
                line.booking_day,
                minor(line.amount, line.currency),
                line.bank_reference,
                f"{line.reference} {line.text}",
                line.name,
            )
            account = one.bank_account, one.said.currency
            there = accounts.setdefault(account, suspense.Open(db.session(), *account))
            there.from_file.append(row["movement"])
    for row in found:
        if "movement" in row:
            offers = accounts[row["statement"].bank_account, row["statement"].said.currency].offers(row["movement"])
            row["offer"] = offers[0] if offers else None
    return found


def _arrangement(looked: Looked, *, sent: bool = False) -> ArrangementForm:
    mapping = looked.mapping
    data = {name: getattr(mapping, name) for name in mapping.__dataclass_fields__} if mapping else {}
    data["bank_account"] = looked.upload.bank_account
    if looked.is_csv and mapping is None:  # as its first lines are shown
        data["separator"] = statement_uploads.separator_of(looked.upload, current_user.account)
    form = ArrangementForm(data=data) if sent else ArrangementForm(formdata=None, data=data)
    names: list[str] = []
    if looked.is_csv:
        names, _ = statement_uploads.columns_of(looked.upload, current_user.account, mapping)
    else:  # only a CSV has columns
        for field in form.how:
            field.validators = ()
    return form.offer(_mandate().bank_accounts, names)


def _codes() -> list[str]:
    return [account.code for account in _mandate().bank_accounts]


def _mandate() -> Mandate:
    return mandate_on(db.session(), clock.today())
