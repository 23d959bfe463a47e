"""account create, designate, end."""

import sys
from datetime import date

import click
from flask.cli import with_appcontext

from trustfund.commands.options import DAY
from trustfund.core.roles import SYSTEM, Function, Role


@click.group()
def account() -> None:
    """Accounts and dated designations."""


@account.command()
@click.option("--role", required=True, type=click.Choice([r.value for r in Role]))
@click.option("--email", required=True)
@click.option("--name", default="")
@click.option("--language", default="en")
@click.option("--donor", default="", help="Name or reference of the donor.")
@click.option("--donor-type", default="", help="Where the donor is new: state, igo, ngo, private or individual.")
@click.option("--donor-country", default="", help="Where the donor is new: ISO 3166, three letters.")
@click.option("--state", default="", help="ISO 3166, three letters.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def create(
    role: str,
    email: str,
    name: str,
    language: str,
    donor: str,
    donor_type: str,
    donor_country: str,
    state: str,
    password_stdin: bool,
) -> None:
    """Make an account; without --password-stdin a one-time link is mailed and printed."""
    from trustfund.operations import people
    from trustfund.operations.operation import housekeeping
    from trustfund.services import clock, passwords

    password = sys.stdin.readline().rstrip("\n") if password_stdin else ""
    if password_stdin:
        passwords.hashed(password)  # refused before anything is made
    gives = _donor(donor, donor_type, donor_country) if donor else ""
    people.create_account(
        email,
        role=role,
        name=name,
        language=language,
        donor=gives,
        state=state.upper(),
        invite=False,
        by=SYSTEM,
        at=clock.now(),
    )
    made = people.account_of(email)
    if password_stdin:
        people.set_password(made, password)
        click.echo(f"{made.role} {made.email} {made.reference}")
        return
    with housekeeping():
        address = people.send_password_link(made)
    click.echo(f"{made.role} {made.email} {made.reference}\n{address}")


@account.command()
@click.argument("email")
@click.argument("function", type=click.Choice([f.value for f in Function]))
@click.option("--by", required=True, help="E-mail of the head of the fund.")
@click.option("--confirmed-by", required=True, help="E-mail of a second officer.")
@click.option("--document", required=True)
@click.option("--from", "from_day", required=True, type=DAY)
@click.option("--to", "to_day", type=DAY)
@with_appcontext
def designate(
    email: str, function: str, by: str, confirmed_by: str, document: str, from_day: date, to_day: date | None
) -> None:
    """Designate an officer: made by the head of the fund, confirmed by a second officer. The record says that a command
    did it in their names, and the report of exceptions lists it."""
    from trustfund.core.refusal import SeparationOfDuties
    from trustfund.operations import people
    from trustfund.services import clock

    officer, head, second = (people.account_of(e) for e in (email, by, confirmed_by))
    if second.reference in (officer.reference, head.reference) or second.role != Role.OFFICER:
        raise SeparationOfDuties(
            "A designation is confirmed by an officer who neither made it nor receives it. Nothing has been changed."
        )
    at = clock.now()
    made = people.make_designation(
        officer.reference,
        function=function,
        document=document,
        from_day=from_day,
        to_day=to_day,
        by_command=True,
        by=head.reference,
        at=at,
    )
    people.confirm_designation(made.on, by_command=True, by=second.reference, at=at)
    click.echo(f"{officer.email} is designated for {function}: {made.on}.")


@account.command()
@click.argument("email")
@with_appcontext
def end(email: str) -> None:
    """End an account for good; what the person did stays in the record."""
    from trustfund.operations import people
    from trustfund.services import clock

    people.end_account(people.account_of(email).reference, by=SYSTEM, at=clock.now())
    click.echo(f"The account of {email} has ended.")


def _donor(named: str, type_: str, country: str) -> str:
    """The reference of a donor, made known to the fund if it is new and its kind is given."""
    from sqlalchemy import or_, select

    from trustfund.core.refusal import Refused
    from trustfund.extensions import db
    from trustfund.models.contributions import Donor
    from trustfund.operations import contributions
    from trustfund.services import clock

    found = db.session.scalars(select(Donor.reference).where(or_(Donor.reference == named, Donor.name == named))).all()
    if len(found) > 1:
        raise Refused(
            "Several donors are called {name}; use the reference: {references}.",
            name=named,
            references=", ".join(found),
        )
    if found:
        return found[0]
    if not type_:
        raise Refused(
            "The fund does not know {name} yet: add --donor-type, and for a State --donor-country.", name=named
        )
    return contributions.register_donor(named, type=type_, country=country.upper(), by=SYSTEM, at=clock.now()).on
