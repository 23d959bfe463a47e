"""Who did what about a thing, as its page tells it: every entry of the record, the attempts that were refused too."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from trustfund.extensions import db
from trustfund.i18n import say
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.reports import words


@dataclass(frozen=True)
class Done:
    """An entry. ``more``: approvals given and needed, or what was paid; ``why``: its author's words."""

    seq: int
    at: str
    action: str
    who: str
    more: str = ""
    why: str = ""

    @property
    def refused(self) -> bool:
        return self.action.endswith(".refused")


def entries_about(subject: str) -> Sequence[Any]:
    """In their order, each with the name and e-mail address of the account that did it, where there is one."""
    return db.session.execute(
        select(Event.seq, Event.at, Event.action, Event.actor, Event.body, Account.name, Account.email)
        .outerjoin(Account, Account.reference == Event.actor)
        .where(Event.subject == subject)
        .order_by(Event.seq)
    ).all()


def who_did(entry: Any, instead: str = "") -> str:
    """``instead``: a name for whoever has none in the account."""
    return str(entry.name or instead or entry.email or say(words.actor(entry.actor)))


def data_of(entry: Any) -> dict[str, Any]:
    return dict(json.loads(entry.body)["data"])


def approvals_in(data: Mapping[str, Any]) -> str:
    """How far the approvals have come, where more than one is needed."""
    if data.get("needed", 1) > 1:
        return say("{given} of {needed} approvals", given=data["approvals"], needed=data["needed"])
    return ""
