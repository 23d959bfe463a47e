"""What was mailed while accounts and designations were made and ended."""

from sqlalchemy import select

from trustfund.extensions import db
from trustfund.models.mail import Mail


def mails() -> list[tuple[str, str]]:
    return [tuple(mail) for mail in db.session.execute(select(Mail.recipient, Mail.subject).order_by(Mail.id))]
