"""Accounts and designations are made and ended; people sign in and out."""

from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, bindparam, select, update

from trustfund.core.refusal import NotHere, Refused, SeparationOfDuties, sentence
from trustfund.core.roles import Function, Role
from trustfund.extensions import db
from trustfund.models.contributions import Donor
from trustfund.models.people import Account, Designation, PasswordLink, SignIn
from trustfund.models.record import Event
from trustfund.operations import second_factor
from trustfund.operations.attempts import Attempt
from trustfund.operations.operation import Fact, Operation, deed, housekeeping
from trustfund.operations.outbox import post
from trustfund.services import chance, clock, passwords

LINK_HOURS = 72
NOT_IN_AN_ADDRESS = '[],:;<>()"\\'
"""With one of these the header of a mail would name nobody, or somebody else as well."""


def account_made(
    op: Operation,
    email: str,
    *,
    role: str,
    name: str = "",
    language: str = "en",
    donor: str = "",
    state: str = "",
    invite: bool = True,
) -> Fact:
    """An account for a person; ``donor`` is the reference of a donor, ``state`` an ISO alpha-3.

    ``invite``: a mail with a one-time link to set the password goes with it.
    """
    email = address_of(email)
    if op.session.scalar(select(Account.id).where(Account.email == email)):
        raise Refused("There is an account for {email} already.", email=email, field="email")
    gives = op.one(Donor, reference=donor) if donor else None
    if (role == Role.DONOR) != (gives is not None):
        raise Refused("An account of a donor names its donor, and only such an account does.", field="donor")
    if len(state) != 3 and (state or role == Role.MISSION):
        raise Refused(
            "An account of a mission names its State by the three letters of ISO 3166, for example NPL.", field="state"
        )
    account = Account(
        reference=chance.reference("A"),
        role=Role(role),
        email=email,
        name=name.strip(),
        language=language,
        donor=gives,
        state=state or None,
        seq=op.next_seq,
    )
    op.session.add(account)
    if invite:
        send_password_link(account)
    return Fact(
        on=account.reference,
        after="active",
        data={"role": account.role, "donor": donor or None, "state": state or None},
    )


create_account = deed("account.created")(account_made)


@deed("account.suspended")
def suspend_account(op: Operation, reference: str) -> Fact:
    """Stop an account at once; its sign-ins end with it."""
    account = _others_account(op, reference, "active")
    account.suspended_at, account.seq = op.recorded_at, op.next_seq
    _end_sign_ins(account)
    return Fact(on=reference, before="active", after="suspended")


@deed("account.reinstated")
def reinstate_account(op: Operation, reference: str) -> Fact:
    account = _others_account(op, reference, "suspended")
    account.suspended_at, account.seq = None, op.next_seq
    return Fact(on=reference, before="suspended", after="active")


@deed("account.ended")
def end_account(op: Operation, reference: str) -> Fact:
    """End an account for good. What the person did stays in the record."""
    account = _others_account(op, reference, "active", "suspended")
    before, account.ended_at, account.seq = account.standing, op.recorded_at, op.next_seq
    _end_sign_ins(account)
    return Fact(on=reference, before=before, after="ended")


@deed("account.reset")
def reset_account(op: Operation, reference: str) -> Fact:
    """A lost password: a new link goes to the person, the second factor goes, and every designation waits until it is
    confirmed again.

    Told to the person and to the auditors (rules of the fund, 7).
    """
    account = _others_account(op, reference, "active")
    account.password, account.seq = "", op.next_seq
    second_factor.forget(account)
    _end_sign_ins(account)
    _spend_links(PasswordLink.account_id == account.id)
    send_password_link(account)
    waiting = second_factor.let_designations_wait(
        op,
        account,
        sentence("A password was reset"),
        sentence(
            "The password of account {reference} was reset by {by}. Designations that wait until they are "
            "confirmed again: {n}."
        ),
    )
    return Fact(on=reference, before="active", after="active", data={"designations": waiting})


@deed("designation.made")
def make_designation(
    op: Operation,
    reference: str,
    *,
    function: str,
    document: str,
    from_day: date,
    to_day: date | None = None,
    by_command: bool = False,
) -> Fact:
    """The head of the fund designates an officer for a function, from a day to a day. ``by_command``: the keeper of the
    server typed it in that person's name, and the record says so."""
    account = op.one(Account, reference=reference)
    if account.role != Role.OFFICER:
        raise Refused("Only an officer of the fund can be designated.", field="officer")
    if not document.strip() or len(document) > 120:
        raise Refused("A designation names its document.", field="document")
    if to_day and to_day < from_day:
        raise Refused("The last day lies before the first.", field="to_day")
    made = Designation(
        reference=chance.reference("G"),
        account=account,
        function=Function(function),
        from_day=from_day,
        to_day=to_day,
        document=document.strip(),
        made_by=op.account,
        seq=op.next_seq,
    )
    op.session.add(made)
    return Fact(
        on=made.reference,
        after="made",
        data={
            "officer": reference,
            "function": made.function,
            "document": made.document,
            "from_day": from_day.isoformat(),
            "to_day": to_day.isoformat() if to_day else None,
            **({"by_command": True} if by_command else {}),
        },
    )


@deed("designation.confirmed")
def confirm_designation(op: Operation, reference: str, *, by_command: bool = False) -> Fact:
    """A second officer confirms: not the one who made it and not the one it is for."""
    made = op.one(Designation, reference=reference)
    if made.confirmed_by_id is not None or made.ended_on:
        raise Refused("This designation does not wait for a confirmation. Nothing has been changed.")
    assert op.account is not None
    if op.account.id in (made.made_by_id, made.account_id):
        raise SeparationOfDuties(
            "A designation is confirmed by an officer who neither made it nor receives it. Nothing has been changed."
        )
    made.confirmed_by, made.seq = op.account, op.next_seq
    data = {"by_command": True} if by_command else {}
    return Fact(on=reference, before=recorded_state(op, reference), after="confirmed", data=data)


@deed("designation.ended")
def end_designation(op: Operation, reference: str) -> Fact:
    """End a designation today; the officer can do nothing under it from this moment."""
    made = op.one(Designation, reference=reference)
    if made.ended_on:
        raise Refused("This designation has ended already. Nothing has been changed.")
    made.ended_on, made.seq = op.today, op.next_seq
    return Fact(on=reference, before=recorded_state(op, reference), after="ended")


def sign_in(email: str, password: str, address: str, code: str = "", ticket: str = "") -> tuple[Account, str]:
    """The account and the token of a new sign-in. Refused, in one sentence for all reasons, after counting.

    Where a second factor is set the password alone is answered by ``CodeNeeded``, which counts as nothing, neither
    good nor bad; its ``ticket`` stands for the password when the code comes. A wrong password never learns of it.
    """
    email, now = email.strip().lower()[:254], clock.real_now()
    attempt = Attempt(email, address, now)
    attempt.allow()
    account = db.session.scalars(select(Account).where(Account.email == email)).unique().one_or_none()
    if ticket and not password:
        good = second_factor.ticket_holds(ticket, account, now)
        if not good:
            raise Refused("Type your password again: the code has to follow within five minutes.")
    else:
        good = passwords.matches(password, account.password if account else "")
    token, wants_code = "", False
    with housekeeping():
        if good and account and account.standing == "active":
            wants_code = second_factor.in_force(account) is not None
            if not wants_code or (code and second_factor.matches_in_turn(attempt, account, code)):
                token = _begin_sign_in(account, now)
                attempt.succeeded()
        if not token and (code or not wants_code):
            attempt.failed()
    if account and wants_code and not token:
        raise second_factor.CodeNeeded(second_factor.ticket(account, now))
    if account is None or not token:
        raise Refused("The e-mail address and the password do not belong together, or the account is not active.")
    return account, token


def _begin_sign_in(account: Account, now: datetime) -> str:
    token = chance.token()
    db.session.add(SignIn(token=chance.digest(token), account=account, started_at=now, seen_at=now, confirmed_at=now))
    return token


_SIGN_IN = select(SignIn).where(SignIn.token == bindparam("token"))  # made once: every page asks it


def signed_in(token: str) -> SignIn | None:
    """The sign-in of a cookie: one join. None if it ended, is too old, or its account is not active."""
    found = db.session.scalars(_SIGN_IN, {"token": chance.digest(token)}).unique().one_or_none()
    hours = timedelta(hours=current_app.config["SIGN_IN_HOURS"])
    if found is None or found.ended_at or clock.real_now() - found.started_at > hours:
        return None
    return found if found.account.standing == "active" else None


def sign_out(sign_in: SignIn) -> None:
    with housekeeping():
        db.session.execute(update(SignIn).where(SignIn.token == sign_in.token).values(ended_at=clock.real_now()))


def send_password_link(account: Account) -> str:
    """A one-time link, in a mail that goes with the transaction; the address of the page, for the caller."""
    token = chance.token()
    db.session.add(
        PasswordLink(
            token=chance.digest(token), account=account, expires_at=clock.real_now() + timedelta(hours=LINK_HOURS)
        )
    )
    address = f"{current_app.config['PUBLIC_URL']}/password/{token}"
    post(
        account,
        sentence("Set your password"),
        sentence(
            "Open this page within {hours} hours and set the password of your account with the fund:\n\n{address}\n\n"
            "The page works once. If you did not expect this message, do nothing."
        ),
        hours=LINK_HOURS,
        address=address,
    )
    return address


def password_link(token: str) -> PasswordLink | None:
    """The link, if it can still be used."""
    link = db.session.get(PasswordLink, chance.digest(token))
    good = link and not link.used_at and clock.real_now() < link.expires_at and not link.account.ended_at
    return link if good else None


def set_password(account: Account, password: str, link: PasswordLink | None = None) -> None:
    """Set a password; every sign-in of the account ends, and the link is spent."""
    kept, token = passwords.hashed(password), link.token if link else None
    with housekeeping():
        if token and not _spend_links(PasswordLink.token == token):
            raise NotHere("There is no such thing here.")  # another click on the same link was first
        _spend_links(PasswordLink.account_id == account.id)
        db.session.execute(update(Account).where(Account.id == account.id).values(password=kept))
        _end_sign_ins(account)


def account_of(email: str) -> Account:
    """The account of an e-mail address; refused if there is none."""
    found = db.session.scalars(select(Account).where(Account.email == email.strip().lower())).unique().one_or_none()
    if found is None:
        raise Refused("There is no account for {email}.", email=email)
    return found


def _others_account(op: Operation, reference: str, *standings: str) -> Account:
    account = op.one(Account, reference=reference)
    if reference == op.by:
        raise SeparationOfDuties("Nobody changes the standing of their own account. Nothing has been changed.")
    if account.standing not in standings:
        raise Refused(_STANDS[account.standing])
    return account


_STANDS = {
    "active": sentence("This account is active already. Nothing has been changed."),
    "suspended": sentence("This account is suspended already. Nothing has been changed."),
    "ended": sentence("This account is ended already. Nothing has been changed."),
}


def _end_sign_ins(account: Account) -> None:
    db.session.execute(
        update(SignIn)
        .where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))
        .values(ended_at=clock.real_now())
    )


def _spend_links(which: ColumnElement[bool]) -> int:
    """These links open nothing any more; how many still did."""
    return db.session.execute(  # type: ignore[attr-defined, no-any-return]
        update(PasswordLink).where(which, PasswordLink.used_at.is_(None)).values(used_at=clock.real_now())
    ).rowcount


def recorded_state(op: Operation, reference: str) -> str | None:
    """The state in which the record left it: a reset takes a confirmation back, but is an entry about the account."""
    return op.session.scalar(
        select(Event.state_to)
        .where(Event.subject == reference, Event.state_to.is_not(None))
        .order_by(Event.seq.desc())
        .limit(1)
    )


def address_of(email: str) -> str:
    email = email.strip().lower()
    name, at, host = email.rpartition("@")
    odd = any(c.isspace() or ord(c) < 32 or c in NOT_IN_AN_ADDRESS for c in email) or "@" in name
    if odd or not (name and at and "." in host and len(email) <= 254):
        raise Refused(
            "“{email}” is not an e-mail address. For example, name@example.org.", email=email[:80], field="email"
        )
    return email
