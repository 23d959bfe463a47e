"""Amna of Sudan and the seat that she is proposed at the first round: her browser, her claim and its files."""

from datetime import UTC, datetime
from io import BytesIO

from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests import journeys as j
from tests import seats
from tests.builders import PASSWORD
from tests.web.visitor import Visitor
from trustfund.extensions import db
from trustfund.operations import people

OFFERED = datetime(2018, 1, 25, 10, tzinfo=UTC)
PEOPLE = (("Amna Eltayeb", "SDN"), ("Mele Losa", "FJI"))
REPORT = "I spoke for the African Group on capacity-building.\nMy ministry takes the draft to Parliament."


class Seat:
    """An award, the browser of its delegate, and its addresses."""

    def __init__(self, house, reference, who):
        self.house, self.reference = house, reference
        house.stands_at(OFFERED)
        self.person = Visitor(house.app, f"{who}@example.org")
        self.at = f"/delegates/awards/{reference}"

    def open(self, page=""):
        return self.person.open(f"{self.at}{page}")

    def until(self, step):
        with self.house.at_work():
            j.until(step, self.reference)
        return self

    @property
    def award(self):
        with self.house.at_work():
            return j.award(self.reference)

    @property
    def application(self):
        with self.house.at_work():
            return j.award(self.reference).application.reference


def seated():
    """The award of Amna; there is money for her and for Mele."""
    _, public = seats.decided_by_two(PEOPLE, "40000.00")
    for name, _ in PEOPLE:
        people.set_password(people.account_of(f"{name.split()[0].lower()}@example.org"), PASSWORD)
    found = j.of_seat(public[0]).reference
    db.session.remove()
    return found


def claimed(seat, **typed):
    """The page of the claim filled in, and the answer to “Calculate”."""
    return seat.person.send(seat.open("/claim"), step="calculate", **{"report": REPORT} | typed)


def sent(seat, **typed):
    check = claimed(seat, **typed)
    assert check.status == 200, check.problems
    return seat.person.send(check, step="send", declared="y")


def upload(seat, **files):
    """Choose files on the page of the claim, where the report is typed already, and keep them."""
    action, fields = seat.open("/claim").form()
    files = {name: FileStorage(BytesIO(content), f"{name}.png") for name, content in files.items()}
    boundary, body = encode_multipart(fields | {"step": "files", "report": REPORT} | files)
    return seat.person.open(action, method="POST", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def picture():
    made = BytesIO()
    Image.new("RGB", (40, 20), "white").save(made, "PNG")
    return made.getvalue()
