"""Aïssata of Burkina Faso applies for the second round: what she types page by page, and what an officer does then."""

from io import BytesIO

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests import builders as b
from tests.services.test_documents import note_verbale
from tests.web.visitor import Visitor
from trustfund.extensions import db
from trustfund.models.applications import Application

YOU = {
    "given_names": "Aïssata",
    "family_name": "Ouédraogo",
    "gender": "F",
    "date_of_birth__day": "27",
    "date_of_birth__month": "3",
    "date_of_birth__year": "1979",
    "email": "aissata@example.org",
    "position": "First Secretary",
    "organisation": "Ministère des affaires étrangères",
}
NOMINATION = {
    "state": "BFA",
    "note_verbale": "MFA/112",
    "note_verbale_date__day": "8",
    "note_verbale_date__month": "1",
    "note_verbale_date__year": "2018",
    "government_order": "1",
}
JOURNEY = {"home_city": "Ouagadougou", "fare": "1240.00", "fare_currency": "EUR"}


def delegate(house, name, state=""):
    with house.at_work():
        b.account("delegate", name, state=state, password=True)
        db.session.remove()
    return Visitor(house.app, f"{name.split()[0].lower()}@example.org")


def begun(visitor, meeting="N2"):
    """The address of a new application."""
    return visitor.send(visitor.open("/delegates/"), "/applications", meeting=meeting).location


def filled(visitor, meeting="N2", file=True, **answers):
    """The address of an application with everything typed on its pages."""
    at = begun(visitor, meeting)
    assert visitor.fill(f"{at}/you", **YOU).location == f"{at}/nomination"
    assert visitor.fill(f"{at}/nomination", **NOMINATION | answers).location == f"{at}/journey"
    assert visitor.fill(f"{at}/journey", **JOURNEY).location == f"{at}/documents"
    if file:
        assert upload(visitor, at).location == f"{at}/payment"
    return at


def upload(visitor, at, content=None, name="note verbale.pdf", kind="note_verbale"):
    action, fields = visitor.open(f"{at}/documents").form()
    file = FileStorage(BytesIO(note_verbale() if content is None else content), name)
    boundary, body = encode_multipart(fields | {kind: file})
    return visitor.open(action, method="POST", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def submitted(visitor, at):
    sent = visitor.fill(f"{at}/check", declared="y")
    assert sent.location == at, sent.refusal
    return visitor.open(at)


def kept(house, at):
    with house.at_work():
        return db.session.query(Application).filter_by(reference=at.rpartition("/")[2]).one()


def screened(house, at, deed, **more):
    """What the screening officer did with an application."""
    with house.at_work():
        found = kept(house, at)
        deed(found.reference, seen=found.seq, by=house.things["ines"], at=house.app.extensions["clock"].now(), **more)
        db.session.remove()
