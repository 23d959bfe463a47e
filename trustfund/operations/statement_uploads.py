"""A bank's file between its preview and its confirmation: sealed for a day, looked at as often as wanted, booked once.

Until it is confirmed it is housekeeping: no event tells of it, and whoever chose the file may drop it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from trustfund.core.mandate import Mandate
from trustfund.core.refusal import NotHere, Refused, Stale
from trustfund.extensions import db
from trustfund.models.fund import mandate_on
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.models.statements import BankStatement, ColumnMapping, StatementUpload
from trustfund.operations.import_files import whole_file
from trustfund.operations.operation import Done, Operation, done_before, form_of, housekeeping
from trustfund.operations.statement_checks import Told, looked_at
from trustfund.operations.statements import Waits, book, exact
from trustfund.services import chance, statements, storage
from trustfund.services.statements import Mapping, Statement
from trustfund.services.statements.child import LARGEST
from trustfund.services.statements.columns import table
from trustfund.services.statements.decoding import of_columns

KEPT = timedelta(days=1)
HEAD = 64 * 1024  # bytes of a CSV in which its headings and the lines of a guess stand
HEADINGS = 40  # lines among which the headings are looked for
SAMPLES = 3


@dataclass
class Looked:
    """What a file would record. ``refused``: why nothing of it can be, until somebody says more, or at all."""

    upload: StatementUpload
    is_csv: bool = False
    mapping: Mapping | None = None
    remembered: bool = False
    statements: list[Told] = field(default_factory=list)
    matched: dict[Waits, list[int]] = field(default_factory=dict)
    refused: Refused | None = None

    @property
    def new(self) -> int:
        return sum(len(one.new) for one in self.statements)

    @property
    def known(self) -> int:
        return sum(one.known for one in self.statements)

    @property
    def adds(self) -> bool:
        """Whether there is anything to confirm: a statement without a line is kept for its balances."""
        return bool(self.matched) or any(not one.repeated for one in self.statements)


def take(name: str, content: bytes, *, by: Account, at: datetime) -> str:
    """Check a file in the limited child and keep it for its preview; what is no statement at all is refused at once."""
    person, owner = by.reference, by.id
    mapping = ""
    if len(content) <= LARGEST and statements.is_csv(content):
        chosen = _known(content) or _guess(content)
        mapping = chosen.as_json() if chosen else ""
    else:
        statements.read(content)
    stored, reference = storage.keep(person, content), chance.reference("U")
    with housekeeping():
        db.session.add(
            StatementUpload(
                reference=reference,
                account_id=owner,
                name=name[:120],
                stored=stored,
                digest=hashlib.sha256(content).hexdigest(),
                bank_account="",
                mapping=mapping,
                at=at,
            )
        )
    return reference


def waiting(account: Account) -> list[StatementUpload]:
    """The files that an officer chose and has not confirmed, the latest first."""
    mine = select(StatementUpload).where(StatementUpload.account_id == account.id)
    return list(db.session.scalars(mine.order_by(StatementUpload.id.desc()).limit(20)))


def look(reference: str, account: Account, mandate: Mandate) -> Looked:
    """What a file would record as things stand; nothing is written."""
    upload = _own(reference, account.id)
    content = storage.fetch(account.reference, upload.stored)
    looked = Looked(upload, is_csv=statements.is_csv(content))
    session = db.session()
    if looked.is_csv:
        looked.mapping = Mapping.from_json(upload.mapping) if upload.mapping else _guess(content)
        looked.remembered = looked.mapping is not None and _known(content) == looked.mapping
    try:
        read = statements.read(content, _completed(session, mandate, looked.mapping, upload.bank_account))
        looked.statements = looked_at(session, mandate, read, upload.bank_account)
        looked.matched = exact(session, looked.statements)[0]
    except Refused as refused:
        looked.refused = refused
    return looked


def arrange(reference: str, account: Account, *, bank_account: str, mapping: Mapping | None) -> None:
    """The officer says whose account it is, and which column is what."""
    owner = account.id
    with housekeeping():
        upload = _own(reference, owner)
        upload.bank_account = bank_account
        if mapping:
            upload.mapping = mapping.as_json()


def drop(reference: str, account: Account) -> None:
    """The officer does not want it: row and file go."""
    owner = account.id
    with housekeeping():
        upload = _own(reference, owner)
        stored = upload.stored
        db.session.delete(upload)
    storage.remove(stored)


def forget(at: datetime) -> int:
    """The worker takes away what nobody confirmed within a day."""
    old = select(StatementUpload.stored).where(StatementUpload.at < at - KEPT)
    gone = list(db.session.scalars(old))
    if gone:
        with housekeeping():
            db.session.execute(delete(StatementUpload).where(StatementUpload.stored.in_(gone)))
        for stored in gone:
            storage.remove(stored)
    return len(gone)


def version(session: Session) -> int:
    """The last entry that brought a statement: a preview holds as long as none came after it."""
    return session.scalar(select(func.max(BankStatement.seq))) or 0


def confirm(reference: str, *, seen: int, by: str, at: datetime, key: str | None = None) -> Done:
    """Book all of a file or nothing, an entry a statement; the columns of a CSV are remembered by its headings.

    ``seen``: the version of the preview. The key stands in the first entry.
    """
    upload, content = _content(reference, by)
    mapping = Mapping.from_json(upload.mapping) if upload and upload.mapping else None
    read: Sequence[Statement] = ()
    if upload:  # read before the lock: nobody else waits for it
        mandate = mandate_on(db.session(), at.date())
        read = statements.read(content, _completed(db.session(), mandate, mapping, upload.bank_account))
    with whole_file("statement.imported", by=by, at=at, dry_run=False) as op:
        form = form_of(by, "statement.imported", {"reference": reference, "seen": seen}) if key else ""
        if key and (done := done_before(op, key, form)):
            return done
        op.permit("statement.imported")
        if upload is None:
            raise Refused("This file was recorded or removed already. Nothing has been changed.")
        if version(op.session()) != seen:
            raise Stale("Another statement came in since you opened the page. Look at this file again.")
        first = op.next_seq
        looked = looked_at(op.session(), op.mandate, read, upload.bank_account)
        book(op, looked, upload.digest, spends={"key": key, "form": form} if key else None)
        if op.next_seq == first:
            raise Refused("Every line of this file is known already. Nothing has been changed.")
        if mapping:
            _remember(op, content, mapping)
        op.session.execute(delete(StatementUpload).where(StatementUpload.reference == reference))
        stored = upload.stored
    storage.remove(stored)
    event = db.session.execute(select(Event.seq, Event.subject, Event.hash).where(Event.seq == first)).one()
    return Done(event.seq, event.subject, event.hash)


def headings(content: bytes, mapping: Mapping | None) -> tuple[list[str], list[list[str]]]:
    """The names that can be chosen for columns, and the first lines below them; numbers where there are no names."""
    separator, header = (mapping.separator, mapping.header) if mapping else (_separator(content), 1)
    rows: list[tuple[int, list[str]]] = []
    try:
        for line, cells in table(_head(content), separator):
            if line >= header and any(cell.strip() for cell in cells):
                rows.append((line, [cell.strip() for cell in cells]))
            if len(rows) > SAMPLES:
                break
    except Refused:
        return [], []
    below = [cells for _, cells in rows]
    if not below:
        return [], []
    if header:
        return below[0], below[1:]
    return [str(n) for n in range(1, len(below[0]) + 1)], below[:SAMPLES]


def columns_of(upload: StatementUpload, account: Account, mapping: Mapping | None) -> tuple[list[str], list[list[str]]]:
    return headings(storage.fetch(account.reference, upload.stored), mapping)


def separator_of(upload: StatementUpload, account: Account) -> str:
    """What most probably stands between the columns of a CSV."""
    return _separator(storage.fetch(account.reference, upload.stored))


def _own(reference: str, account_id: int) -> StatementUpload:
    found = db.session.scalars(
        select(StatementUpload).where(StatementUpload.reference == reference, StatementUpload.account_id == account_id)
    ).one_or_none()
    if found is None:
        raise NotHere("There is no such thing here.")
    return found


def _content(reference: str, by: str) -> tuple[StatementUpload | None, bytes]:
    """The file as it was kept, apart from the session; None where it is recorded or dropped."""
    upload = db.session.scalar(
        select(StatementUpload)
        .join(Account, Account.id == StatementUpload.account_id)
        .where(StatementUpload.reference == reference, Account.reference == by)
    )
    if upload is None:
        return None, b""
    db.session.expunge(upload)
    return upload, storage.fetch(by, upload.stored)


def _completed(session: Session, mandate: Mandate, mapping: Mapping | None, chosen: str) -> Mapping | None:
    """A CSV that does not say its account and currency is of the one that was chosen, or of the only one there is."""
    accounts = [one for one in mandate.bank_accounts if chosen in ("", one.code)]
    if mapping is None or len(accounts) != 1:
        return mapping
    [account] = accounts
    if not (mapping.account or mapping.own_account):
        last = (
            select(BankStatement.account_number)
            .where(BankStatement.bank_account == account.code)
            .order_by(BankStatement.id.desc())
        )
        mapping = replace(mapping, own_account=session.scalar(last.limit(1)) or account.code)
    if not (mapping.currency or mapping.own_currency):
        mapping = replace(mapping, own_currency=account.currency)
    return mapping


def _head(content: bytes) -> str:
    """The first lines of a CSV."""
    first = content[:HEAD]
    return of_columns(first if len(content) <= HEAD else first[: first.rfind(b"\n") + 1])


def _separator(content: bytes) -> str:
    first = _head(content).partition("\n")[0]
    return max(",;\t|", key=first.count)


def _guess(content: bytes) -> Mapping | None:
    try:
        return statements.guess(_head(content))
    except Refused:
        return None


def _digests(content: bytes) -> list[str]:
    """Of each of the first lines, among which the headings are."""
    return [_digest(line) for line in _head(content).split("\n")[:HEADINGS] if line.strip()]


def _digest(line: str) -> str:
    return hashlib.sha256(("trustfund-headings/1\n" + " ".join(line.split())).encode()).hexdigest()


def _known(content: bytes) -> Mapping | None:
    """What an officer said of a file with the same headings."""
    found = select(ColumnMapping.mapping).where(ColumnMapping.headings.in_(_digests(content)))
    said: Sequence[str] = db.session.scalars(found.order_by(ColumnMapping.at.desc()).limit(1)).all()
    return Mapping.from_json(said[0]) if said else None


def _remember(op: Operation, content: bytes, mapping: Mapping) -> None:
    """Where the file has headings; one without would be taken for every other."""
    lines = _head(content).split("\n")
    if not mapping.header or mapping.header > len(lines) or op.account is None:
        return
    row = op.session.get(ColumnMapping, _digest(lines[mapping.header - 1]))
    if row is None:
        row = ColumnMapping(headings=_digest(lines[mapping.header - 1]))
        op.session.add(row)
    row.mapping, row.account_id, row.at = mapping.as_json(), op.account.id, op.at
    op.session.flush()
