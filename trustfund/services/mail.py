"""Mail: written into the outbox in the deed's own transaction, sent by the worker."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import ColumnElement, select, update

from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.services import clock, returned_mail
from trustfund.services.mail_html import html_of

LONGEST_LINE = 998  # bytes (RFC 5322)


class Unsure(Exception):
    """The server was lost after it began to take a mail: nobody knows whether it went."""


class Server(smtplib.SMTP):
    """A mail server that tells a mail it refused from one of which it said nothing."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            return super().data(msg)
        except smtplib.SMTPDataError:
            raise  # it answered: it has not taken it
        except (OSError, smtplib.SMTPServerDisconnected) as lost:
            raise Unsure from lost


def send_pending(limit: int = 50) -> int:
    """Hand over what waits, each marked before it goes, so that a crash never sends one twice. How many went."""
    sent = 0
    for _ in range(limit):
        mail = _next()
        if mail is None or not _write(mail, Mail.taken_at.is_(None), taken_at=clock.real_now()):
            break
        try:
            _hand_over(mail)
        except Unsure:
            continue  # as after a crash: it stays unsure until an officer says so
        except Exception as failure:  # whatever one mail holds, the next ones go
            _write(mail, failure=f"{type(failure).__name__}: {failure}"[:200])
        else:
            _write(mail, sent_at=clock.real_now())
            sent += 1
    return sent


def _next() -> Mail | None:
    """The oldest that waits, read and let go: no transaction stays open while a server is spoken to."""
    mail = db.session.scalars(select(Mail).where(Mail.taken_at.is_(None)).order_by(Mail.id).limit(1)).first()
    if mail:
        db.session.expunge(mail)
    db.session.rollback()
    return mail


def _write(mail: Mail, *unless: ColumnElement[bool], **values: object) -> bool:
    """Written in a transaction that waits its turn from its first statement; whether the mail was still so."""
    db.session.connection(execution_options={"write": True})
    written = db.session.execute(update(Mail).where(Mail.id == mail.id, *unless).values(**values))
    db.session.commit()
    return written.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def _hand_over(mail: Mail) -> None:
    target = current_app.config["MAIL"]
    message = _message(mail)
    if target.startswith("file:"):
        folder = Path(target.removeprefix("file:"))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{mail.id:06d}.eml").write_bytes(bytes(message))
        return
    url = urlsplit(target)
    server = Server(url.hostname or "localhost", url.port or 25, timeout=30)
    try:
        if url.scheme == "smtps" or server.has_extn("starttls") or url.port == 587:
            server.starttls(context=ssl.create_default_context())
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
    finally:  # however it says goodbye, what it has taken is sent
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _message(mail: Mail) -> EmailMessage:
    message = EmailMessage()
    host = urlsplit(current_app.config["PUBLIC_URL"]).hostname or "localhost"
    message["From"] = current_app.config.get("MAIL_FROM", f"trustfund@{host}")
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = returned_mail.message_id(mail.id, host)
    html = html_of(mail.text, mail.subject, mail.language)
    message.set_content(mail.text, cte=_encoding(mail.text))
    message.add_alternative(html, subtype="html", cte=_encoding(html))
    message["Content-Language"] = mail.language  # after the content, which takes such headers away
    return message


def _encoding(text: str) -> str:
    """Lines stay whole, so that a link is copied from a file as it is; but none longer than a server must take."""
    longest = max(len(line.encode()) for line in text.split("\n"))
    return "8bit" if longest <= LONGEST_LINE else "quoted-printable"
