"""Mail that a server took and returned later: reports of delivery (RFC 3464) that lie in a Maildir, where the mail
server puts what comes to the fund's own address. The mail then stands as failed, with what its server said.

A report names the mail by its Message-ID, in which stands a mark that only the fund can make: a stranger's letter
changes nothing. A report is removed once it was read: it holds an address.
"""

import email
import email.policy
import hmac
import logging
import re
from email.message import EmailMessage
from pathlib import Path

from flask import current_app
from sqlalchemy import update

from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.services import keys

log = logging.getLogger(__name__)

MOST = 200  # letters read at a time
LARGEST = 1024 * 1024  # bytes of a report
_ID = re.compile(r"<mail-(\d{1,9})-([0-9a-f]{20})@")


def message_id(number: int, host: str) -> str:
    """By which a report names the mail again."""
    return f"<mail-{number}-{_mark(number)}@{host}>"


def read() -> int:
    """Mark each mail of which a report says that it failed; how many. Other letters are left, as seen, for people."""
    folder = current_app.config["RETURNED_MAIL"]
    if not folder:
        return 0
    done = 0
    for path in sorted(Path(folder, "new").glob("*"))[:MOST]:
        try:
            number, said = _report(path) if path.stat().st_size <= LARGEST else (0, "")
            if number and _failed(number, said):
                done += 1
                path.unlink()
            else:
                path.rename(Path(folder, "cur", f"{path.name}:2,S"))
        except OSError:
            log.exception("a letter in the folder of returned mail could not be read")
    return done


def _report(path: Path) -> tuple[int, str]:
    """Number of the mail that failed and what its server said; 0 where the letter is no such report."""
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    if letter.get_content_type() != "multipart/report":
        return 0, ""
    number, said = 0, ""
    for part in letter.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            said = said or _said(part)
        elif kind in ("text/rfc822-headers", "message/rfc822"):
            number = number or _number(part)
    return (number, said) if said else (0, "")


def _said(part: EmailMessage) -> str:
    """Status and words of the first recipient whom the mail did not reach; a delay is no failure yet."""
    for fields in part.get_payload():  # type: ignore[union-attr]
        if str(fields.get("Action", "")).strip().lower() == "failed":  # type: ignore[union-attr]
            words = [str(fields.get(name, "")) for name in ("Status", "Diagnostic-Code")]  # type: ignore[union-attr]
            return " ".join(" ".join(words).split()) or "failed"
    return ""


def _number(part: EmailMessage) -> int:
    content = part.get_payload(decode=False)
    text = content if isinstance(content, str) else "".join(str(one) for one in content)
    found = _ID.search(text)
    return int(found[1]) if found and hmac.compare_digest(found[2], _mark(int(found[1]))) else 0


def _mark(number: int) -> str:
    return keys.mark_of(f"\0mail {number}".encode())[:20]


def _failed(number: int, said: str) -> bool:
    db.session.rollback()
    db.session.connection(execution_options={"write": True})
    known = update(Mail).where(Mail.id == number, Mail.taken_at.is_not(None))
    written = db.session.execute(known.values(sent_at=None, failure=f"returned: {said}"[:200]))
    db.session.commit()
    return bool(written.rowcount)  # type: ignore[attr-defined]
