"""Where an application stands, told to who has its reference and its code, without signing in.

Nothing of the code stands in the database but a seal under the person's key: with the key the code is gone too.
"""

import hmac

from flask import current_app
from sqlalchemy import delete, or_, select

from trustfund.core.refusal import NotHere, Refused
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.people import Account, SignInFailure
from trustfund.operations.attempts import FAILURE_WINDOW, counter, failures
from trustfund.operations.operation import housekeeping
from trustfund.services import chance, clock, keys

LENGTH = 8
"""Letters and figures of a code: 40 bits, behind a limit of attempts."""


def code_of(person: str, reference: str, seq: int) -> str:
    """The code that goes with what was sent by an entry of the record: made again only with the person's key."""
    return _letters(bytes.fromhex(keys.seal_of(person, f"\0code {reference} {seq}".encode())))


def give(application: Application, seq: int) -> str:
    """A code for what is sent by this entry; the one before shows nothing any more."""
    code = code_of(application.person, application.reference, seq)
    application.lookup = _digest(application, code)
    return code


def renew(reference: str, account: Account) -> str:
    """Another code, for who lost it or showed it to somebody."""
    owner = account.id
    with housekeeping():
        own = db.session.scalars(select(Application).where(Application.reference == reference)).unique().one_or_none()
        if own is None or own.account_id != owner or not own.seq:
            raise NotHere("There is no such thing here.")
        code = _letters(chance.raw(LENGTH))
        own.lookup = _digest(own, code)
    return code


def opens(application: Application, code: str) -> bool:
    """Whether the code shows this application. Where the person was erased none does, and no key is made anew."""
    if not application.lookup or not code or not keys.knows(application.person):
        return False
    return hmac.compare_digest(application.lookup, _digest(application, code))


def found(reference: str, code: str, place: str) -> Application:
    """The application, by either of its references. Refused in one sentence, whichever of the two is wrong.

    ``place``: the network address of who asks. Failures are counted there for the one application, and much higher for
    the place and for the application from everywhere: a stranger elsewhere does not shut its person out.
    """
    reference, code, now = reference.strip().upper()[:40], plain(code), clock.real_now()
    named = or_(Application.reference == reference, Application.public == reference)
    application = db.session.scalars(select(Application).where(named)).unique().first()
    one = application.reference if application else reference  # both its references count as one
    many = current_app.config["FAILURES_PER_ADDRESS"]
    limits = {
        counter("look-up here", f"{place} {one}"): current_app.config["FAILURES_PER_ACCOUNT"],
        counter("look-up", one): many,
        counter("look-up from", place): many,
    }
    if any(failures(counted, now) >= limit for counted, limit in limits.items()):
        raise Refused("Too many codes were wrong. Wait 15 minutes and try again.", field="code")
    if application and application.seq and opens(application, code):
        return application
    with housekeeping():
        db.session.execute(delete(SignInFailure).where(SignInFailure.at < now - 4 * FAILURE_WINDOW))
        db.session.add_all([SignInFailure(counted=counted, at=now) for counted in limits])
    raise Refused("This reference and this code do not belong together.", field="code")


def plain(code: str) -> str:
    """As it was made: people type small letters, and the gap in the middle."""
    return "".join(code.split()).replace("-", "").upper()[:40]


def in_halves(code: str) -> str:
    """``7KQ2 M9XA``: as a person reads it aloud."""
    return f"{code[:4]} {code[4:]}"


def _letters(chance_: bytes) -> str:
    return "".join(chance.ALPHABET[byte % 32] for byte in chance_[:LENGTH])


def _digest(application: Application, code: str) -> str:
    """The zero byte keeps it apart from every text and form that is sealed under the same key."""
    return keys.seal_of(application.person, f"\0look-up {application.reference} {code}".encode())
