"""A letter comes with a pledge or later, is refused in words, and goes out only to who may read it."""

from io import BytesIO

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.services.test_documents import note_verbale
from tests.web.house import PAYS
from trustfund.extensions import db
from trustfund.models.contributions import Letter, Pledge

TERMS = {"amount": "100.00", "currency": "USD", "purpose": "travel"}


def sent(visitor, at, content=None, name="letter.pdf", **typed):
    """The form of a page with a file, as a browser sends it."""
    action, fields = visitor.open(at).form()
    content = note_verbale() if content is None else content
    fields |= typed | {"file": FileStorage(BytesIO(content), name, "file", "application/octet-stream")}
    boundary, body = encode_multipart(fields)
    return visitor.open(action, method="POST", data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def letters_on(page):
    return [a["href"] for a in page.all("a") if "/letters/L-" in a["href"]]


def test_a_donor_sends_its_letter_with_the_pledge_and_those_who_may_take_it_away(house):
    donor = house.visitor("donor")
    pledge = sent(donor, "/donors/pledges/new", **TERMS).location
    (letter,) = letters_on(donor.open(pledge))
    answer = donor.open(letter)
    assert answer.data == note_verbale()
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=letter.pdf")
    assert house.visitor("another donor").open(letter).status == 404
    salma, board = house.visitor(PAYS), house.visitor("auditor")
    (theirs,) = letters_on(salma.open(pledge.replace("/donors/", "/officers/")))
    assert salma.open(theirs).data == note_verbale()
    (entry,) = [
        a["href"] for a in board.open("/auditors/entries?action=letter.added").all("a") if "entries/" in a["href"]
    ]
    (theirs,) = letters_on(board.open(entry))
    assert board.open(theirs).data == note_verbale()
    for nobody in ("delegate", "mission", "administrator"):
        assert house.visitor(nobody).open(letter).status == 403
    assert house.faults() == []


def test_the_letter_comes_later_too_from_an_officer(house):
    salma, pledge = house.visitor(PAYS), f"/officers/pledges/{house.things['paid']}"
    assert f"{pledge}/letters" in [a["href"] for a in salma.open(pledge).all("a")]
    page = salma.fill(f"{pledge}/letters")
    assert page.problems == {"file": "Choose the file of the letter."}
    assert sent(salma, f"{pledge}/letters").location == pledge
    assert len(letters_on(salma.open(pledge))) == 1


def test_a_pledge_with_a_letter_that_cannot_be_taken_is_not_announced_and_what_was_typed_stays(house):
    donor, before = house.visitor("donor"), house.events()
    page = sent(donor, "/donors/pledges/new", b"GIF89a", **TERMS)
    assert page.status == 422
    assert page.problems["file"].startswith("The file “letter.pdf” is not a PDF, JPEG or PNG.")
    assert page.form()[1]["amount"] == "100.00"
    page = sent(donor, "/donors/pledges/new", b"%PDF-" + bytes(9 * 1024 * 1024), **TERMS)
    assert page.problems["file"].startswith("The file “letter.pdf” has 9.1 MB; at most 5 MB can be sent.")
    assert page.form()[1]["amount"] == "100.00"
    page = sent(donor, "/donors/pledges/new", **TERMS | {"amount": "1e5"})
    assert page.problems["file"] == "The letter was not kept, because of what is said above. Choose it once more."
    assert house.events() == before


def test_the_same_page_sent_twice_keeps_one_pledge_and_one_letter(house):
    salma = house.visitor(PAYS)
    action, fields = salma.open("/officers/pledges/new").form()
    for _ in range(2):
        content = {"file": FileStorage(BytesIO(note_verbale()), "letter.pdf", "file", "application/pdf")}
        boundary, body = encode_multipart(fields | TERMS | content | {"donor": house.things["luxembourg's donor"]})
        kind = f'multipart/form-data; boundary="{boundary}"'
        assert salma.open(action, method="POST", data=body, content_type=kind).status == 302
    with house.at_work():
        assert (db.session.query(Pledge).count(), db.session.query(Letter).count()) == (4, 1)
    assert house.faults() == []
