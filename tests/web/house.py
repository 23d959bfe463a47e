"""A house of the doors: an application with people in it, furnished once and copied for each test."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import Flask

from tests.builders import PASSWORD
from tests.conftest import FAST, NOW
from tests.once import create_app
from tests.web.visitor import Visitor
from trustfund.extensions import db
from trustfund.models.people import Account, SignIn
from trustfund.models.record import head_of
from trustfund.operations import people, record
from trustfund.services.clock import clock

WHO = {
    "nobody": "",
    "donor": "luxembourg",
    "another donor": "norway",
    "delegate": "amna",
    "mission": "nepal",
    "officer without designation": "jonas",
    "screening officer": "ines",
    "certifying officer": "rafael",
    "approving officer": "lise",
    "paying officer": "salma",
    "head": "miriam",
    "auditor": "board",
    "administrator": "dele",
}
"""A person of every role and function, by the name of the address at example.org."""
SCREENS, CERTIFIES, APPROVES, PAYS = "screening officer", "certifying officer", "approving officer", "paying officer"


@dataclass
class House:
    """An application with people in it, and the references of the things they have."""

    app: Flask
    things: dict[str, str]
    _in: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self, who: str = "nobody", language: str = "en") -> Visitor:
        """A browser of its own, signed in as one of WHO."""
        return Visitor(self.app, f"{WHO[who]}@example.org" if WHO[who] else "", language)

    def known(self, who: str) -> Visitor:
        """The same browser each time, for tests that only look."""
        if who not in self._in:
            self._in[who] = self.visitor(who)
        return self._in[who]

    def at_work(self):
        """For what is prepared or looked up behind the pages."""
        return self.app.app_context()

    def on(self, instant: datetime) -> AbstractContextManager[None]:
        """What is opened and sent at another instant."""
        return self.app.extensions["clock"].at(instant)

    def stands_at(self, instant: datetime) -> None:
        """From now on it is another instant."""
        self.app.extensions["clock"]._set = instant

    def events(self) -> int:
        with self.at_work():
            return head_of(db.session())[0]

    def sign_ins(self) -> int:
        with self.at_work():
            return db.session.query(SignIn).count()

    def faults(self) -> list[str]:
        with self.at_work():
            return record.verify(full=True).faults


Furnished = tuple[Path, dict[str, str]]


def furnished_by(furnish: Callable[[], dict[str, str]], empty: Path, folder: Path, at: datetime = NOW) -> Furnished:
    """A copy of an instance with what somebody made in it, all at one instant; everybody there can sign in."""
    shutil.copytree(empty, folder)
    app = create_app(FAST, instance=str(folder))
    with app.app_context(), clock().at(at):
        things = furnish()
        for account in db.session.query(Account).all():
            people.set_password(account, PASSWORD)
        db.session.remove()
        db.engine.dispose()
    return folder, things


def opened(furnished: Furnished, folder: Path, at: datetime = NOW) -> Iterator[House]:
    """A copy of it, in which it is that instant."""
    shutil.copytree(furnished[0], folder)
    house = House(create_app(FAST, instance=str(folder)), dict(furnished[1]))
    with house.on(at):
        yield house
    with house.at_work():
        db.engine.dispose()
