"""Who gives: donors are registered, changed, and, where their kind is checked, accepted by a second officer."""

from sqlalchemy import select

from trustfund.core.completion import folded
from trustfund.core.donors import ACCEPTED_ALREADY, BY_ANOTHER, KINDS, MAY_BE_UNNAMED, NOT_ACCEPTED, PAPERS
from trustfund.core.refusal import NotHere, Refused, SeparationOfDuties, Stale
from trustfund.core.roles import Role
from trustfund.extensions import db
from trustfund.models.contributions import Donor
from trustfund.models.record import Event
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.services import chance

NAMED_BY = ("donor.registered", "donor.changed")
"""The deeds that say who a donor is; who did one of them does not accept it."""


def new_donor(
    op: Operation, name: str, *, type: str, country: str = "", language: str = "en", unnamed: bool = False
) -> Donor:
    """The row of a donor. Where its kind is checked it waits for a second officer, unless a command registers it."""
    name = _name(name)
    if type not in KINDS:
        raise Refused(
            "“{type}” is not a kind of donor. Use state, igo, ngo, private or individual.",
            type=type[:20],
            field="donor_type",
        )
    if country and not (len(country) == 3 and country.isascii() and country.isupper()):
        raise Refused(
            "“{country}” is not a country code of three letters (ISO 3166), for example LUX.",
            country=country[:10],
            field="country",
        )
    if type == "state" and not country:
        raise Refused("A State as donor has its country code, for example LUX.", field="country")
    donor = Donor(
        reference=chance.reference("D"),
        name=name,
        folded=folded(name)[:300],
        type=type,
        country=country,
        language=_language(language),
        unnamed=_unnamed(type, unnamed),
        accepted_seq=None if op.account and _checked(op, type) else op.next_seq,
        seq=op.next_seq,
    )
    op.session.add(donor)
    return donor


def donor_data(op: Operation, donor: Donor) -> dict[str, object]:
    """What the record says of a donor: never an individual's name. ``unchecked``: accepted by a command alone."""
    return {
        "donor": donor.reference,
        "type": donor.type,
        "country": donor.country,
        "name": None if donor.type == "individual" else donor.name,
        "language": donor.language,
        "unnamed": donor.unnamed,
        "accepted": donor.accepted_seq is not None,
        **({"unchecked": True} if not op.account and _checked(op, donor.type) else {}),
    }


def known_already(op: Operation, name: str, *, type: str, country: str) -> None:
    """Refused where the fund knows a donor of this name, kind and country."""
    name = " ".join(name.split())
    same = select(Donor.id).where(Donor.name == name, Donor.type == type, Donor.country == country)
    if op.session.scalar(same) is not None:
        raise Refused("The fund knows {donor} already, of this kind and country.", donor=name, field="donor")


@deed("donor.changed")
def change(op: Operation, reference: str, *, language: str, unnamed: bool, name: str = "", seen: int) -> Fact:
    """The language of its papers, whether it is named in public, and, by an officer, its name.

    A donor whose kind is checked waits for a second officer again where its name changes. ``name``: empty, it stays.
    """
    donor = _own(op, reference)
    _unchanged(donor, seen)
    wanted = {
        "language": _language(language),
        "unnamed": _unnamed(donor.type, unnamed),
        "name": _renamed(op, donor, name),
    }
    changed = [column for column, value in wanted.items() if getattr(donor, column) != value]
    if not changed:
        raise Refused("The donor’s page says all of this already. Nothing has been changed.")
    for column in changed:
        setattr(donor, column, wanted[column])
    if "name" in changed:
        donor.folded = folded(donor.name)[:300]
        donor.accepted_seq = None if _checked(op, donor.type) else donor.accepted_seq
    donor.seq = op.next_seq
    return Fact(on=reference, data={**donor_data(op, donor), "changed": changed})


@deed("donor.accepted")
def accept(op: Operation, reference: str, *, seen: int) -> Fact:
    """A second officer has looked at who gives. From now on agreements and deposits are recorded."""
    donor = op.one(Donor, reference=reference)
    if donor.accepted_seq is not None:
        raise Refused(ACCEPTED_ALREADY)
    if op.by in namers(reference):
        raise SeparationOfDuties(BY_ANOTHER)
    _unchanged(donor, seen)
    donor.accepted_seq = donor.seq = op.next_seq
    return Fact(on=reference, data={"donor": reference})


def namers(reference: str) -> set[str]:
    """Who registered or changed a donor, by the record."""
    found = select(Event.actor).where(Event.subject == reference, Event.action.in_(NAMED_BY))
    return set(db.session.scalars(found))


def accepted(donor: Donor) -> None:
    """Refused while a donor waits for a second officer: nothing is agreed with it, no deposit attached."""
    if donor.accepted_seq is None:
        raise Refused(NOT_ACCEPTED, donor=donor.name)


def _own(op: Operation, reference: str) -> Donor:
    """The donor; to an account of another donor it is not here."""
    donor = op.one(Donor, reference=reference)
    if op.account and op.account.role == Role.DONOR and op.account.donor_id != donor.id:
        raise NotHere("There is no such thing here.")
    return donor


def _unchanged(donor: Donor, seen: int) -> None:
    if donor.seq != seen:
        raise Stale(
            "This donor has changed since you opened the page: entry {entry} of the record. "
            "Look at it again. Nothing has been changed.",
            entry=donor.seq,
        )


def _checked(op: Operation, type: str) -> bool:
    """Whether donors of this kind are accepted by a second officer."""
    return type in op.mandate.setting("kinds_checked")


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 200:
        raise Refused("A donor has a name of at most 200 characters.", field="donor")
    return name


def _renamed(op: Operation, donor: Donor, text: str) -> str:
    name = _name(text) if text.strip() else donor.name
    if name != donor.name:
        if op.account and op.account.role == Role.DONOR:
            raise Refused("An officer of the fund changes the name of a donor.", field="donor")
        known_already(op, name, type=donor.type, country=donor.country)
    return name


def _language(code: str) -> str:
    if code not in PAPERS:
        raise Refused("Choose one of the languages of the fund’s papers.", field="language")
    return code


def _unnamed(type: str, unnamed: bool) -> bool:
    if unnamed and type not in MAY_BE_UNNAMED:
        raise Refused("A State or an intergovernmental organization is always named.", field="unnamed")
    return unnamed
