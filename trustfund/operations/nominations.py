"""The word of a permanent mission: it nominates and endorses the delegates of its own State, or takes its word back.

Its word prevails over the note verbale that a delegate sent alone. The record keeps who said what of which one.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from trustfund.core import lifecycle
from trustfund.core.completion import folded
from trustfund.core.countries import STATES
from trustfund.core.refusal import NotHere, Refused, sentence
from trustfund.core.roles import Role
from trustfund.models.applications import Application
from trustfund.models.awards import Award
from trustfund.models.people import Account
from trustfund.operations import passports
from trustfund.operations.answers import LARGEST_TEXTS, seal_of_answers
from trustfund.operations.applications import public_reference, takes_files, unchanged
from trustfund.operations.assessment import kept
from trustfund.operations.completing import complete
from trustfund.operations.drafts import EDITABLE
from trustfund.operations.meetings import Frame, frame_of
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.outbox import post
from trustfund.operations.people import account_made, address_of
from trustfund.services import chance

LAST_ORDER = 999
SAME_PLACE = sentence("Two delegates have the same place. Give each a place of its own. Nothing has been changed.")
TAKEN_BACK = sentence("Your mission took its nomination of {public} back: endorse it first. Nothing has been changed.")


@deed("nomination.made")
def nominate(
    op: Operation,
    code: str,
    email: str,
    *,
    given_names: str,
    family_name: str,
    position: str = "",
    order: int | None = None,
    language: str = "en",
) -> Fact:
    """Name a delegate for a meeting: a draft is made in the person's name, and a mail asks to complete it.

    Who applies for this meeting already is endorsed instead; nothing is doubled. ``language``: that of the mail to
    somebody whom the fund does not know yet.
    """
    mission, frame = _mission(op), frame_of(op.session(), code, op.today)
    takes_files(frame, op.at)
    in_order(order)
    person = _person(op, address_of(email), _called(given_names, family_name), language, mission)
    found = _application(op, person, frame)
    if found is None:
        found = Application(
            reference=chance.reference("T"),
            public=public_reference(frame.meeting),
            account=person,
            meeting=frame.meeting.code,
            stage="draft",
            given_names=given_names,
            family_name=family_name,
            folded=folded(given_names, family_name)[:300],
            email=person.email,
            language=person.language,
            begun_at=op.at,
            seq=0,
        )
        op.session.add(found)
    elif found.state not in ("", mission.state):
        raise Refused(
            "This person applies for this meeting for another State. Nothing has been changed.", field="email"
        )
    elif found.endorsed is False:
        raise Refused(TAKEN_BACK, public=found.public, field="email")
    if order:
        _place_free(op, mission, found.meeting, {order}, besides={found.reference})
    if found.state != mission.state:
        found.state = mission.state or ""
        passports.mark_again(found)
    found.position = found.position or position
    found.government_order = order or found.government_order
    speak(found, mission, endorsed=True)
    complete(op, found)
    if found.stage == "draft":
        _invite(found, person, frame, frame.call.closes if frame.call.on_time(op.at) else frame.call.late_until)
    else:
        _tell_endorsed(found)
    return told(op, found, endorsed=True, account=person.reference)


@deed("application.endorsed")
def endorse(op: Operation, reference: str, *, seen: int) -> Fact:
    """The mission confirms that its Government nominates this person, also one who began alone."""
    found, mission = seen_own(op, reference, seen, "application.endorsed")
    if found.endorsed:
        raise Refused("Your mission has endorsed this application already. Nothing has been changed.")
    speak(found, mission, endorsed=True)
    _tell_endorsed(found)
    return told(op, found, endorsed=True)


@deed("endorsement.withdrawn")
def withdraw_endorsement(op: Operation, reference: str, *, seen: int) -> Fact:
    """The mission takes its word back: the application now fails the rule of nomination, whatever note is there."""
    found, mission = seen_own(op, reference, seen, "endorsement.withdrawn")
    if found.endorsed is False:
        raise Refused("Your mission has withdrawn its word already. Nothing has been changed.")
    if _committed(op, found):
        raise Refused(
            "The journey of this delegate is certified already. Name another delegate in the same place, or write to "
            "the fund: an officer cancels the award. Nothing has been changed."
        )
    speak(found, mission, endorsed=False)
    if found.account:
        post(
            found.account,
            sentence("Your mission no longer endorses your application"),
            sentence(
                "The permanent mission of your State has told the fund that it does not nominate you for the meeting "
                "{meeting} (application {public}). Its word prevails: the application can have no seat unless the "
                "mission endorses it again. Ask your mission."
            ),
            public=found.public,
            meeting=found.meeting,
        )
    return told(op, found, endorsed=False)


@deed("government-order.set")
def set_order(op: Operation, code: str, *, orders: Mapping[str, int | None], seen: Mapping[str, int]) -> Fact:
    """The order of priority of a State's delegates for a meeting: an entry for each that changes.

    ``orders``: reference -> place, 1 for the first, None for none; two have never the same. ``seen``: reference ->
    version.
    """
    given = [order for order in orders.values() if order is not None]
    for order in given:
        in_order(order)
    if len({*given}) < len(given):
        raise Refused(SAME_PLACE)
    _place_free(op, _mission(op), code, {*given}, besides=set(orders))
    changed = []
    for reference in sorted(orders):
        found, _ = seen_own(op, reference, seen.get(reference, -1), "government-order.set")
        if found.meeting != code:
            raise NotHere("There is no such thing here.")
        if found.government_order != orders[reference]:
            found.government_order = orders[reference]
            changed.append(found)
    if not changed:
        raise Refused("The order is as it was. Nothing has been changed.")
    for found in changed[:-1]:
        op.append("government-order.set", told(op, found))
    return told(op, changed[-1])


def own(op: Operation, reference: str) -> tuple[Application, Account]:
    """An application of the mission's own State that was sent, or that the mission nominated; others are not here."""
    mission, found = _mission(op), op.one(Application, alone=True, reference=reference)
    if not seen_by(found, mission):
        raise NotHere("There is no such thing here.")
    return found, mission


def seen_by(application: Application, mission: Account) -> bool:
    """Whether a mission sees an application: of its State, and spoken for or with the fund. What its author still
    writes alone, also to change what was sent, is its author's."""
    with_the_fund = bool(application.seq) and application.stage not in EDITABLE
    return bool(mission.state) and application.state == mission.state and bool(with_the_fund or application.mission_id)


def seen_own(op: Operation, reference: str, seen: int, action: str) -> tuple[Application, Account]:
    """The same as the mission saw it, in a stage where the deed can be done."""
    found, mission = own(op, reference)
    unchanged(found, seen)
    lifecycle.check(action, found.stage)
    return found, mission


def speak(application: Application, mission: Account, *, endorsed: bool) -> None:
    application.mission_id, application.endorsed = mission.id, endorsed


def told(op: Operation, application: Application, **more: object) -> Fact:
    """An entry about an application that stays where it is. What was sent is sealed anew; of a draft that was never
    sent there is no seal yet."""
    data: dict[str, object] = {**kept(application), "order": application.government_order, **more}
    if not application.seq:
        return Fact(on=application.reference, data=data)
    op.session.flush()
    files = sorted([*application.documents, *application.attachments], key=lambda one: one.id)
    data |= {"seal": seal_of_answers(application), "files": [{"kind": one.kind, "seal": one.seal} for one in files]}
    application.seq = op.next_seq
    return Fact(on=application.reference, before=application.stage, after=application.stage, data=data)


def in_order(order: int | None) -> None:
    if order is not None and not 0 < order <= LAST_ORDER:
        raise Refused("Enter the order as a number from 1 on, or leave it empty.", field="order")


def _place_free(op: Operation, mission: Account, code: str, places: set[int], *, besides: set[str]) -> None:
    """No other delegate of the State whom the mission sees, and who can still have a seat, has one of these places."""
    others = select(Application).where(
        Application.meeting == code,
        Application.state == mission.state,
        Application.stage.in_(("draft", *lifecycle.ALIVE)),
        Application.government_order.in_(places),
        Application.reference.not_in(besides),
    )
    if any(seen_by(one, mission) for one in op.session.scalars(others).unique()):
        raise Refused(SAME_PLACE, field="order")


def _mission(op: Operation) -> Account:
    if op.account is None or op.account.state not in STATES:
        raise NotHere("There is no such thing here.")
    return op.account


def _called(given_names: str, family_name: str) -> str:
    """As an account is called: no name is cut, so where both are too long for it, the given names alone."""
    both = f"{given_names} {family_name}".strip()
    return both if len(both) <= LARGEST_TEXTS["given_names"] else given_names


def _person(op: Operation, email: str, name: str, language: str, mission: Account) -> Account:
    """The account of a delegate: the one that the address has, or a new one with a link to set its password."""
    found = op.session.scalars(select(Account).where(Account.email == email)).unique().one_or_none()
    if found is None:
        made = account_made(op, email, role=Role.DELEGATE, name=name, language=language, state=mission.state or "")
        op.append("account.created", made)
        return op.one(Account, reference=made.on)
    if found.role != Role.DELEGATE or found.standing != "active":
        raise Refused(
            "Nobody can be nominated under {email}. Use another address of this person.", email=email, field="email"
        )
    return found


def _application(op: Operation, person: Account, frame: Frame) -> Application | None:
    alive = ("draft", *lifecycle.ALIVE)
    return (
        op.session.scalars(
            select(Application)
            .where(Application.account_id == person.id, Application.meeting == frame.meeting.code)
            .where(Application.stage.in_(alive))
            .order_by(Application.id)
        )
        .unique()
        .first()
    )


def _tell_endorsed(application: Application) -> None:
    if application.account:
        post(
            application.account,
            sentence("Your mission endorses your application"),
            sentence(
                "The permanent mission of your State endorses your application {public} for the meeting {meeting}."
            ),
            public=application.public,
            meeting=application.meeting,
        )


def _invite(application: Application, person: Account, frame: Frame, until: datetime) -> None:
    state = STATES[application.state].name_on(frame.meeting.first_day, person.language)
    post(
        person,
        sentence("Your Government nominates you"),
        sentence(
            "The permanent mission of {state} nominates you for the meeting {meeting}. Your application {public} is "
            "under “My applications”: complete your part and submit it by {day}. Until then it asks for no seat."
        ),
        state=state,
        meeting=application.meeting,
        public=application.public,
        day=until.astimezone(ZoneInfo(frame.call.zone)).date(),
    )


def _committed(op: Operation, application: Application) -> bool:
    award = op.session.scalars(
        select(Award).where(Award.application_id == application.id, Award.stage.not_in(lifecycle.GIVEN_BACK))
    ).first()
    return award is not None and (award.committed or award.stage not in ("proposed", "accepted"))
