"""The application that its own person looks at, or still fills in."""

from datetime import timedelta

from sqlalchemy import select

from trustfund.core import lifecycle
from trustfund.core.refusal import NotHere, Refused, sentence
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.mail import Mail
from trustfund.models.people import Account
from trustfund.operations.operation import housekeeping
from trustfund.operations.outbox import page_of, post
from trustfund.services import clock

EDITABLE = ("draft", "changes-asked")


def own(reference: str, account: Account) -> Application:
    """A person's own application, for reading; somebody else's is not here."""
    return _owned(reference, account.id)


def editable(reference: str, owner: int, *, lock: bool = True) -> Application:
    """One's own while it can be changed; nobody sends or changes it meanwhile. ``owner``: the number of the account.

    ``lock``: not where one only looks, outside of housekeeping.
    """
    found = _owned(reference, owner, lock=lock)
    if lifecycle.possible("application.reopened", found.stage):
        raise Refused("This application was sent. Open it again to change it. Nothing has been changed.")
    if found.stage not in EDITABLE:
        raise Refused("This application can no longer be changed. Nothing has been changed.")
    return found


def mail_way_back(reference: str, account: Account) -> None:
    """A mail with the link to a draft; whoever asks again within the hour has it already."""
    address = page_of(account.role, f"applications/{reference}")
    with housekeeping():
        draft = _owned(reference, account.id)
        since = clock.real_now() - timedelta(hours=1)
        had = select(Mail.id).where(
            Mail.recipient == account.email, Mail.created_at > since, Mail.text.contains(f"{address}\n")
        )
        if draft.account and draft.stage in EDITABLE and not db.session.scalar(had.limit(1)):
            post(
                draft.account,
                sentence("Come back to your application"),
                sentence(
                    "Your application {public} for the meeting {meeting} is kept, and not sent yet. Go on with it "
                    "here:\n{address}"
                ),
                public=draft.public,
                meeting=draft.meeting,
                address=address,
            )


def _owned(reference: str, owner: int, *, lock: bool = False) -> Application:
    asked = select(Application).where(Application.reference == reference)
    if lock:
        asked = asked.with_for_update(of=Application).execution_options(populate_existing=True)
    found = db.session.scalars(asked).unique().one_or_none()
    if found is None or found.account_id != owner:
        raise NotHere("There is no such thing here.")
    return found
