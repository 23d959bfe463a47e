"""Awards of Hind, Mele and Kwame at the officers' door: what somebody did already, and what a page shows of it."""

from sqlalchemy import insert, select

from tests import journeys as j
from tests import seats
from tests.builders import PASSWORD
from tests.web.visitor import Visitor
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.awards import Award
from trustfund.operations import people

CERTIFICATION, ATTENDANCE = "/officers/meetings/N1/certification", "/officers/meetings/N1/attendance"


def done(house, step, who="hind", **more):
    """A step that somebody has done already."""
    with house.at_work():
        return step(house.things[who], **more)


def until(house, step, who="hind"):
    with house.at_work():
        j.until(step, house.things[who])


def path(house, who="hind"):
    return f"/officers/awards/{house.things[who]}"


def award(house, who="hind"):
    with house.at_work():
        found = j.award(house.things[who])
        return found.stage, found.seq


def seat(house, who="hind"):
    with house.at_work():
        return j.award(house.things[who]).seat


def also(house, who, function):
    """A second function of an officer."""
    with house.at_work():
        seats.designated(who, function, at=j.OFFERED)


def colleague(house, name, function, state=""):
    """A browser of another officer."""
    with house.at_work():
        j.colleague(name, function, state)
        people.set_password(people.account_of(f"{name.lower()}@example.org"), PASSWORD)
        db.session.rollback()
    return Visitor(house.app, f"{name.lower()}@example.org")


def disabled(page):
    return [button["text"] for button in page.all("button") if button.get("aria-disabled") == "true"]


def rows(page):
    return [" ".join(row["text"].split()) for row in page.all("tr")][1:]


def headings(page):
    return [one["text"] for one in page.all("summary")]


def by_hand(visitor, page, address, **fields):
    """Sent by a person who does not care what the page offers."""
    token = page.form()[1]["csrf_token"]
    return visitor.open(address, method="POST", data={"csrf_token": token, "key": "k" * 32, **fields})


def many(house, n):
    """So many more awards that wait for certification, of applications of their own."""
    with house.at_work():
        award, application = Award.__table__, Application.__table__
        known = db.session.execute(select(application).join(award, award.c.application_id == application.c.id)).all()
        of_award = db.session.execute(select(award).where(award.c.reference == house.things["hind"])).one()._asdict()
        for i in range(n):
            seen = {"id": 1000 + i, "public": f"N1-X{i:03}", "reference": f"T-XX{i:06}"}
            db.session.execute(insert(application).values(known[i % len(known)]._asdict() | seen))
            new = {"id": 1000 + i, "seat": f"N1-X{i:03}", "reference": f"W-XX{i:06}", "application_id": 1000 + i}
            waits = {"stage": "accepted", "account_id": None, "person": ""}
            db.session.execute(insert(award).values(of_award | new | waits))
        db.session.commit()


def certified_page(house, officer):
    return officer.send(officer.open(path(house)), "/certification")


def tasks(page):
    """What a desk gives its own officer to do: words -> address."""
    mine = [a for a in page.all("a") if "tasks" in a["within"] and "others" not in a["within"]]
    return {a["text"]: a["href"].replace("&amp;", "&") for a in mine if a.get("class") != "btn"}
