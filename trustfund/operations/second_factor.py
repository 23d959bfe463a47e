"""The second factor: a code of six figures that a person's telephone makes anew every half minute (RFC 6238).

It is asked for after the password at sign-in, and again before an act that moves money.
"""

import hmac
from base64 import b32encode
from datetime import datetime, timedelta

import pyotp
from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, select, update

from trustfund.core.refusal import Refused, sentence
from trustfund.core.roles import Role
from trustfund.extensions import db
from trustfund.models.people import Account, SecondFactor, SignIn
from trustfund.operations.attempts import Attempt, counter
from trustfund.operations.operation import Done, Fact, Operation, deed, housekeeping
from trustfund.operations.outbox import post
from trustfund.services import chance, clock, keys, passwords

STEPS_APART = 1  # a telephone's clock may be half a minute wrong
TICKET = timedelta(minutes=5)
NOT_RIGHT = sentence("This code is not right, or it was used already. Wait for the next one and type that.")


class CodeNeeded(Refused):
    """The password is right, but nobody is in yet: a code is missing or wrong. ``ticket`` comes back with the code."""

    def __init__(self, ticket: str):
        super().__init__(NOT_RIGHT, field="code")
        self.ticket = ticket


def begin(account: Account) -> None:
    """Make a new secret, which is not in force before a code of it is proved."""
    sealed = keys.seal(account.reference, chance.raw(20), _stored(account))
    with housekeeping():
        _in_turn(account)
        factor = _kept(account)
        if factor and factor.confirmed_at:
            raise Refused("A second factor is in force. Remove it before you set another. Nothing has been changed.")
        if factor:
            factor.sealed, factor.last_step = sealed, 0
        else:
            db.session.add(SecondFactor(account_id=account.id, sealed=sealed, last_step=0))


def begun(account: Account) -> str | None:
    """The secret that waits for its first code, as telephones read it; None where none waits."""
    factor = _kept(account)
    return _secret(account, factor) if factor and not factor.confirmed_at else None


def in_force(account: Account) -> datetime | None:
    """Since when the account has a second factor."""
    factor = _kept(account)
    return factor.confirmed_at if factor else None


@deed("second-factor.set")
def put_in_force(op: Operation, code: str) -> Fact:
    """The person proves a first code: from now on every sign-in asks for one."""
    account = op.account
    assert account is not None, "a second factor is a person's own"
    _in_turn(account)
    factor = _kept(account)
    if factor is None or factor.confirmed_at:
        raise Refused("No new second factor waits for its first code. Nothing has been changed.")
    step = _step(account, factor, code, clock.real_now())
    if step is None:
        raise Refused(
            "This code does not belong to the picture. See that the clock of your telephone is right, wait for the "
            "next code and type that.",
            field="code",
        )
    factor.last_step, factor.confirmed_at = step, clock.real_now()
    return Fact(on=account.reference)


def remove(*, code: str, password: str, address: str, by: str, at: datetime, key: str | None = None) -> Done:
    """The person removes the second factor, with a code, or without the telephone with the password.

    ``address``: the network address of who asks; failures count like those of sign-ins.
    """
    account = db.session.scalars(select(Account).where(Account.reference == by)).unique().one()
    if in_force(account):  # if not, the deed says so; or it is this form again, and shows the first result
        prove(account, address, code=code, password="" if code else password)
    return _remove("code" if code else "password", by=by, at=at, key=key)


@deed("second-factor.removed")
def _remove(op: Operation, proved_by: str) -> Fact:
    """Without a code it is a reset: designations wait until they are confirmed again (rules of the fund, 7)."""
    account = op.account
    assert account is not None, "a second factor is a person's own"
    if not in_force(account):
        raise Refused("There is no second factor to remove. Nothing has been changed.")
    forget(account)
    waiting = []
    if proved_by != "code":
        waiting = let_designations_wait(
            op,
            account,
            sentence("A second factor was removed without a code"),
            sentence(
                "The second factor of account {reference} was removed by {by} with the password alone. Designations "
                "that wait until they are confirmed again: {n}."
            ),
        )
    post(
        account,
        sentence("Your second factor was removed"),
        sentence(
            "From now on your password alone opens your account with the fund. If it was not you, write to the "
            "secretariat at once."
        ),
    )
    return Fact(on=account.reference, data={"proved_by": proved_by, "designations": waiting})


def forget(account: Account) -> None:
    db.session.execute(delete(SecondFactor).where(SecondFactor.account_id == account.id))


def let_designations_wait(op: Operation, account: Account, subject: str, text: str) -> list[str]:
    """After a reset every designation waits until it is confirmed again, and the auditors are told; which ones."""
    waiting = [d for d in account.designations if d.confirmed_by_id and not d.over(op.today)]
    for designation in waiting:
        designation.confirmed_by = None
    for auditor in op.session.scalars(select(Account).where(Account.role == Role.AUDITOR, Account.ended_at.is_(None))):
        post(auditor, subject, text, reference=account.reference, by=op.by, n=len(waiting))
    return [d.reference for d in waiting]


def matches(account: Account, code: str, now: datetime) -> bool:
    """Whether this is a code of the account's second factor that was never taken before; it is taken with that.

    Inside the caller's housekeeping, and by the server's real time.
    """
    factor = _kept(account)
    step = _step(account, factor, code, now) if factor and factor.confirmed_at else None
    if step is None:
        return False
    taken = (
        update(SecondFactor)
        .where(SecondFactor.account_id == account.id, SecondFactor.last_step < step)
        .values(last_step=step)
    )
    return db.session.execute(taken).rowcount == 1  # type: ignore[attr-defined, no-any-return]


def matches_in_turn(attempt: Attempt, account: Account, code: str) -> bool:
    """``matches``, for an attempt that is counted: of a thousand at the same moment no more than ten are looked at."""
    _in_turn(account)
    attempt.allow()
    return matches(account, code, attempt.now)


def prove(account: Account, address: str, *, code: str, password: str) -> None:
    """A person who is signed in proves once more who it is, with a code or a password. Refused, after counting."""
    attempt = Attempt(account.email, address, clock.real_now())
    attempt.allow()
    good = bool(password) and passwords.matches(password, account.password)
    with housekeeping():
        if code:
            good = matches_in_turn(attempt, account, code)
        if good:
            attempt.succeeded()
        else:
            attempt.failed()
    if not good and code:
        raise Refused(NOT_RIGHT, field="code")
    if not good:
        raise Refused("This is not the password of your account.", field="password")


def confirm(sign_in: SignIn, address: str, *, code: str, password: str) -> None:
    """The person who is signed in proves it anew: where a second factor is set only a code counts."""
    has_factor = in_force(sign_in.account) is not None
    prove(sign_in.account, address, code=code if has_factor else "", password="" if has_factor else password)
    with housekeeping():
        db.session.execute(update(SignIn).where(SignIn.token == sign_in.token).values(confirmed_at=clock.real_now()))


def ticket(account: Account, now: datetime) -> str:
    """Says that the password of an account was typed just now, so that it is not asked for again with the code.

    It is no sign-in and opens nothing: it ends after five minutes, and with the password.
    """
    until = int((now + TICKET).timestamp())
    return f"{until}.{_ticket_seal(account, until)}"


def ticket_holds(text: str, account: Account | None, now: datetime) -> bool:
    until, _, seal = text.partition(".")
    if account is None or not until.isdecimal() or now.timestamp() >= int(until):
        return False
    return hmac.compare_digest(seal, _ticket_seal(account, int(until)))


def _ticket_seal(account: Account, until: int) -> str:
    return counter("ticket", f"{until} {account.reference} {account.password}").removeprefix("ticket:")


def _in_turn(account: Account) -> None:
    """Until this transaction ends, nobody else changes or tries the account's second factor."""
    db.session.execute(select(Account.id).where(Account.id == account.id).with_for_update(key_share=True))


def _kept(account: Account) -> SecondFactor | None:
    return db.session.get(SecondFactor, account.id, populate_existing=True)


def _step(account: Account, factor: SecondFactor, code: str, now: datetime) -> int | None:
    """The half minute, counted from 1970, whose code this is: this one or its neighbours."""
    typed, found = "".join(code.split()).encode(), None
    secret = _secret(account, factor)
    if secret is None:
        return None
    totp = pyotp.TOTP(secret)
    here = int(now.timestamp()) // totp.interval
    for step in range(here - STEPS_APART, here + STEPS_APART + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed):
            found = step
    return found


def _secret(account: Account, factor: SecondFactor) -> str | None:
    """None where it cannot be opened: the key of the person was destroyed, or somebody altered the row."""
    try:
        return b32encode(keys.unseal(account.reference, factor.sealed, _stored(account))).decode()
    except (FileNotFoundError, InvalidTag):
        return None


def _stored(account: Account) -> str:
    return f"second factor of {account.reference}"
