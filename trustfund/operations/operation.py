"""The one write path. Web, commands, imports and jobs all do deeds through here.

A deed takes references, never loaded objects. The read transaction ends, the lock is taken, and only then anything is
read; then the key of the form is looked up, permission checked, the deed run, one event appended, the head moved, all
committed. Housekeeping (sign-in, counters, mail) is an ordinary transaction without event or lock.
"""

import fcntl
import functools
import inspect
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import joinedload

from trustfund.core import record
from trustfund.core.closing import redated
from trustfund.core.ledger import Posting
from trustfund.core.mandate import Mandate
from trustfund.core.refusal import KEPT, Busy, NotDesignated, NotHere, Refused, sentence
from trustfund.core.roles import SYSTEM, Role, may
from trustfund.core.verifier import canonical, event_hash
from trustfund.extensions import db
from trustfund.models.closings import Closed, closed_by
from trustfund.models.fund import mandate_on
from trustfund.models.people import Account
from trustfund.models.record import Head
from trustfund.services import clock, keys

Row = TypeVar("Row")


@dataclass(frozen=True)
class Fact:
    """What a deed tells the record: about what, from which state to which, which entry, which data."""

    on: str
    before: str | None = None
    after: str | None = None
    post: Sequence[Posting] = ()
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """A deed that happened: its place in the record. ``again``: it had happened already under this key."""

    seq: int
    on: str
    hash: str
    again: bool = False


class Operation:
    """What a deed works with while it holds the lock."""

    def __init__(self, by: str, at: datetime):
        self.session = db.session
        self.by, self.at = by, at
        self.seq, self.hash, self._last_at = self._head()
        self.recorded_at = max(clock.now(), self._last_at) if self._last_at else clock.now()
        self._events: list[dict[str, Any]] = []
        self._postings: list[dict[str, Any]] = []

    @property
    def today(self) -> date:
        return self.recorded_at.date()

    @property
    def next_seq(self) -> int:
        """The place that the event of this deed will have."""
        return self.seq + 1

    @functools.cached_property
    def mandate(self) -> Mandate:
        return mandate_on(self.session(), self.today)

    @functools.cached_property
    def account(self) -> Account | None:
        """Who acts, read under the lock; None for the system."""
        if self.by == SYSTEM:
            return None
        found = self.session.scalars(_ACTOR, {"by": self.by}).unique().one_or_none()
        if found is None or found.standing != "active":
            raise NotDesignated("This account is not active, so it can do nothing. Nothing has been changed.")
        return found

    def one(self, model: type[Row], *, alone: bool = False, **by: object) -> Row:
        """The row of these values, as it stands under the lock; refused as not here if there is none.

        ``alone``: housekeeping, which needs no lock, changes it too, and waits meanwhile.
        """
        asked = select(model).filter_by(**by).execution_options(populate_existing=True)
        asked = asked.with_for_update(of=model) if alone else asked
        found = self.session.scalars(asked).unique().one_or_none()
        if found is None:
            raise NotHere("There is no such thing here.")
        return found

    def permit(self, action: str) -> None:
        """Refused unless the actor's role, or a designation in force today, allows the deed."""
        if self.account is None:
            return
        functions = self.account.functions_on(self.today)
        if not may(action, Role(self.account.role), functions):
            raise NotDesignated(
                "You have no designation in force today for this. The head of the fund makes one, a second officer "
                "confirms it. Nothing has been changed."
            )

    def append(self, action: str, fact: Fact, *, key: str | None = None, form: str = "") -> Done:
        """Add one event; it is written, and the last one signed, when the deed ends."""
        fact = self._in_open_month(fact) if fact.post else fact
        seq, at = self.seq + 1, record.instant(self.recorded_at)
        data = {**fact.data, "form": form} if form else fact.data
        body = record.body_of(
            seq,
            at,
            self.by,
            action,
            on=fact.on,
            key=key,
            before=fact.before,
            after=fact.after,
            post=fact.post,
            data=data,
        )
        digest = event_hash(self.hash, seq, body)
        self._events.append(
            {
                "seq": seq,
                "at": at,
                "actor": self.by,
                "action": action,
                "subject": fact.on,
                "key": key,
                "state_from": fact.before,
                "state_to": fact.after,
                "body": body,
                "prev": self.hash,
                "hash": digest,
                "sig": None,
                "key_id": None,
            }
        )
        self._postings += [
            {
                "seq": seq,
                "line": n,
                "account": p.account,
                "currency": p.currency,
                "amount": p.amount,
                "usd": p.usd,
                "day": p.day,
                "earmark": p.earmark,
            }
            for n, p in enumerate(fact.post)
        ]
        self.seq, self.hash = seq, digest
        return Done(seq, fact.on, digest)

    def write(self) -> None:
        """Postings first, then the events that close them, then the head: the order that the guards ask for."""
        if not self._events:
            return
        last = self._events[-1]
        last["key_id"], last["sig"] = keys.sign(self.hash)
        self.session.flush()
        if self._postings:
            self.session.execute(insert(_POSTING), self._postings)
        self.session.execute(insert(_EVENT), self._events)
        self.session.execute(update(_HEAD).values(seq=self.seq, hash=self.hash))

    @functools.cached_property
    def _closed(self) -> Closed:
        """What was closed before this operation."""
        return closed_by(self.session(), self.seq)

    def _in_open_month(self, fact: Fact) -> Fact:
        """A closed month takes no posting: a late fact goes to the next, with its own day (rules of the fund, 6)."""
        if self._closed.fund:
            raise Refused("The fund is closed: its books take no entry any more. Nothing has been changed.")
        post, own = redated(fact.post, self._closed.month)
        return replace(fact, post=post, data={**fact.data, "own_day": own}) if own else fact

    def _head(self) -> tuple[int, str, datetime | None]:
        head = self.session.execute(_LAST).one()
        return head.seq, head.hash, record.moment(head.at) if head.at else None


_EVENT, _POSTING, _HEAD = (db.metadata.tables[name] for name in ("event", "posting", "head"))
_ACTOR = select(Account).where(Account.reference == bindparam("by")).options(joinedload(Account.designations))
_LAST = select(_HEAD.c.seq, _HEAD.c.hash, _EVENT.c.at).outerjoin_from(_HEAD, _EVENT, _EVENT.c.seq == _HEAD.c.seq)


def deed(action: str) -> Callable[[Callable[..., Fact]], Callable[..., Done]]:
    """Makes a function (op, …) -> Fact into a deed: called with ``by=``, ``at=`` and ``key=`` it does it whole.

    ``by`` is the reference of an account, ``at`` the moment of arrival, which decides deadlines; the event's own time
    is set under the lock. ``key`` is spent by a deed that happened: again with the same content it shows the first
    result, with other content it is refused.
    """

    def make(function: Callable[..., Fact]) -> Callable[..., Done]:
        names = list(inspect.signature(function).parameters)[1:]

        @functools.wraps(function)
        def do(*args: Any, by: str, at: datetime, key: str | None = None, **kwargs: Any) -> Done:
            content = dict(zip(names, args, strict=False)) | kwargs
            try:
                with writing(by=by, at=at) as op:
                    form = form_of(by, action, content) if key else ""
                    if key and (done := done_before(op, key, form)):
                        return done
                    op.permit(action)
                    return op.append(action, function(op, *args, **kwargs), key=key or None, form=form)
            except Refused as refused:
                keep_refusal(refused, action, on=_reference(args), by=by, at=at)
                raise

        return do

    return make


@contextmanager
def writing(*, by: str, at: datetime) -> Iterator[Operation]:
    """The lock, an operation under it, and at the end all of it written and committed, or nothing."""
    session = db.session
    with _lock():
        try:
            op = Operation(by, at)
            yield op
            op.write()
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def housekeeping() -> Iterator[None]:
    """An ordinary transaction for what is no deed: sign-ins, counters, links, drafts."""
    session = db.session
    _forget_what_was_read()
    try:
        session.connection(execution_options={"write": True})
        yield
        session.commit()
    except DBAPIError as error:
        session.rollback()
        raise _busy_or(error) from error
    except BaseException:
        session.rollback()
        raise


def keep_refusal(refused: Refused, action: str, *, on: str, by: str, at: datetime) -> None:
    """Refusals of duties, money and designation become an event of their own, after the rollback."""
    if refused.rule not in KEPT or by == SYSTEM:
        return
    with writing(by=by, at=at) as op:
        done = op.append(
            action.partition(".")[0] + ".refused", Fact(on=on, data={"deed": action, "rule": refused.rule})
        )
    refused.values["seq"] = done.seq


@contextmanager
def _lock() -> Iterator[None]:
    """One deed at a time. PostgreSQL: the head row; SQLite: a file, so that writers queue in the order they came."""
    session, seconds = db.session, current_app.config["LOCK_SECONDS"]
    _forget_what_was_read()
    try:
        if db.engine.dialect.name == "sqlite":
            with _file_lock(Path(current_app.instance_path) / "write.lock", seconds):
                session.connection(execution_options={"write": True})
                yield
        else:
            session.execute(text(f"SET LOCAL lock_timeout = '{int(seconds * 1000)}ms'"))
            session.execute(select(Head.seq).with_for_update())
            yield
    except DBAPIError as error:
        session.rollback()
        raise _busy_or(error) from error


def _forget_what_was_read() -> None:
    db.session.rollback()
    db.session.expire_all()  # without a transaction, as after a commit, the rollback alone forgets nothing


@contextmanager
def _file_lock(path: Path, seconds: float) -> Iterator[None]:
    handle, until = os.open(path, os.O_RDWR | os.O_CREAT, 0o600), time.monotonic() + seconds
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Busy(_BUSY) from None
                time.sleep(0.002)
        yield
    finally:
        os.close(handle)


_WAITED = ("55P03", "40P01")  # PostgreSQL: lock not available, deadlock
_BUSY = sentence(
    "Another deed takes longer than usual. Nothing has been changed; send the same page again in a moment."
)


def _busy_or(error: DBAPIError) -> Exception:
    waited = "is locked" in str(error.orig) or getattr(error.orig, "sqlstate", "") in _WAITED
    return Busy(_BUSY) if isinstance(error, OperationalError) and waited else error


def _reference(args: Sequence[object]) -> str:
    """What a refused deed was about, if it is a reference: a name or an address of a person never enters the record."""
    first = str(args[0]) if args else ""
    return first if re.fullmatch(r"[A-Z]-[2-9A-Z]{8}", first) else ""


def form_of(by: str, action: str, content: Mapping[str, object]) -> str:
    """The content of a form as the record shows it: an HMAC under the key of the person who sent it."""
    plain = {name: None if value is None else str(value) for name, value in content.items()}
    return keys.seal_of(by, canonical({"do": action, "form": plain}).encode())


def done_before(op: Operation, key: str, form: str) -> Done | None:
    earlier = op.session.execute(
        select(*(_EVENT.c[name] for name in ("seq", "subject", "hash", "body"))).where(
            _EVENT.c.actor == op.by, _EVENT.c.key == key
        )
    ).one_or_none()
    if earlier is None:
        return None
    if json.loads(earlier.body)["data"].get("form") != form:
        raise Refused(
            "This page was sent before with other content; that deed stands. Open the page again to do another."
        )
    return Done(earlier.seq, earlier.subject, earlier.hash, again=True)
