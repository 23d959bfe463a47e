"""Officers and the surplus: the page says whether there is one, refuses with every reason, and each acts once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from tests import builders as b
from tests import seats
from tests import surpluses as s
from tests.web.counting import statements
from tests.web.house import APPROVES, CERTIFIES, PAYS, SCREENS, Furnished, House, furnished_by, opened
from trustfund.extensions import db
from trustfund.models.people import SignIn

FORM = {
    "title": "Report of the stocktaking",
    "text": "What the meeting found.",
    "document": "A/RES/72/244",
    "amount": "10000.00",
}


@pytest.fixture(scope="session")
def wealthy(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """A fund with 50,000 dollars in the bank, its officers, and one person of every other role."""
    return furnished_by(_furnish, sqlite_template, tmp_path_factory.mktemp("wealthy") / "instance", seats.AUTUMN)


def _furnish() -> dict[str, str]:
    s.fund()
    b.officer("Jonas Weber")
    b.account("auditor", "Board of Auditors")
    return {}


@pytest.fixture
def house(wealthy: Furnished, tmp_path: Path):
    """Their house, in January 2019, when every meeting is over."""
    yield from opened(wealthy, tmp_path / "instance", s.AFTER)


def done(house: House, *steps, **terms) -> str:
    """A proposed activity and what was done with it since: its address."""
    with house.at_work():
        reference = s.proposed(**terms)
        for step in steps:
            step(reference)
    return f"/officers/activities/{reference}"


def tomas(house: House):
    """The second approving officer."""
    visitor = house.visitor()
    visitor.sign_in("tomas@example.org")
    return visitor


def result(page) -> list[str]:  # type: ignore[no-untyped-def]
    """The outcome of each of the four tests."""
    return [e["text"] for e in page.all("span") if e["text"] in ("Holds", "Fails")]


# The page of the surplus


def test_the_page_says_how_much_is_left(house: House):
    page = house.visitor(CERTIFIES).open("/officers/surplus")
    assert page.words("h1") == "There is a surplus of 43,478.26 USD"
    assert result(page) == ["Holds"] * 4
    assert page.words("tfoot") == "Left for activities43,478.26"
    assert "43,478.26 left" in page.words("title")


def test_before_the_meetings_there_is_none_and_it_says_by_how_much(house: House):
    with house.on(seats.AUTUMN):
        page = house.visitor(CERTIFIES).open("/officers/surplus")
    assert page.words("h1") == "There is no surplus"
    assert result(page) == ["Holds", "Holds", "Fails", "Holds"]
    assert "is missing" in page.words("td")
    assert "−" in page.words("tfoot")
    assert "Missing" in page.words("text")


def test_without_an_activity_the_page_says_what_will_come(house: House):
    page = house.visitor(PAYS).open("/officers/surplus")
    assert "No activity is proposed" in page.words("h3")


@pytest.mark.parametrize("who", [APPROVES, PAYS, "officer without designation"])
def test_who_may_not_propose_is_told_why(house: House, who: str):
    page = house.visitor(who).open("/officers/surplus")
    (button,) = [e for e in page.all("button") if "Propose the activity" in e["text"]]
    assert button["aria-disabled"] == "true"
    assert not page.all("input", name="title")


def test_the_head_reads_and_proposes_nothing(house: House):
    page = house.visitor("head").open("/officers/surplus")
    assert "Propose" not in page.text
    assert house.visitor("head").open("/officers/surplus", method="POST").status == 403


def test_an_auditor_has_no_such_page(house: House):
    assert house.visitor("auditor").open("/officers/surplus").status == 403


# A proposal


def test_an_officer_proposes_and_sees_the_activity_with_its_support_cost(house: House):
    visitor = house.visitor(SCREENS)
    answer = visitor.fill("/officers/surplus", "/officers/surplus", **FORM)
    assert answer.status == 302
    page = visitor.open(answer.location)
    assert page.words("h1") == "Report of the stocktaking"
    assert "Programme support cost1,300.00Charge to the fund11,300.00" in page.words("table")
    assert "Approvals: 0 of 2." in page.words("p")
    assert "Lise Example and Tomas Example" in page.words("li")
    assert "Report of the stocktaking" in visitor.open("/officers/surplus").words("a")


def test_a_refused_proposal_comes_back_filled_with_every_failing_test(house: House):
    with house.on(seats.CLOSED):
        with house.at_work():
            seats.delegate("Hind Tayeb", "SDN", accepted=False)
            seats.delegate("Kwame Mensah", "GHA")
        answer = house.visitor(SCREENS).fill("/officers/surplus", "/officers/surplus", **FORM)
    assert answer.status == 409
    assert answer.title.startswith("Error:")
    assert "Eligible applications without a seat: 1 (N1: 1)" in answer.refusal
    assert "Applications not decided yet: 1 (N1: 1)" in answer.refusal
    assert "It would charge the fund 11,300.00 USD" in answer.refusal
    assert "is missing" in answer.refusal
    assert f"The attempt is entry {house.events()} of the record" in answer.refusal
    _, fields = answer.form("/officers/surplus")
    assert {name: fields.get(name) for name in ("title", "document", "amount")} == {
        name: FORM[name] for name in ("title", "document", "amount")
    }
    assert FORM["text"] in answer.words("textarea")


def test_an_empty_proposal_says_what_is_missing(house: House):
    before = house.events()
    answer = house.visitor(SCREENS).fill("/officers/surplus", "/officers/surplus")
    assert answer.status == 422
    assert set(answer.problems) == {"title", "text", "document", "amount"}
    wrong = house.visitor(SCREENS).fill("/officers/surplus", "/officers/surplus", **(FORM | {"amount": "much"}))
    assert set(wrong.problems) == {"amount"}
    assert house.events() == before


def test_a_form_that_is_not_ones_own_leads_nowhere(house: House):
    """What is sent past the page comes back without links to fields that are not there."""
    path = done(house)
    for who, to in (("officer without designation", "/officers/surplus"), (PAYS, f"{path}/payments")):
        answer = house.visitor(who).open(to, method="POST")
        assert (answer.status, answer.problems) == (422, {})
    assert "cannot be done with the activity any more, or not yet" in answer.refusal


def test_the_same_form_sent_twice_proposes_once(house: House):
    visitor = house.visitor(SCREENS)
    page = visitor.open("/officers/surplus")
    first, again = (visitor.send(page, "/officers/surplus", **FORM) for _ in range(2))
    assert first.location == again.location


# One activity


def test_two_officers_approve_and_a_third_pays_and_a_fourth_closes(house: House):
    path = done(house)
    answer = house.visitor(APPROVES).fill(path, "/approval")
    assert answer.location == path
    assert "Approvals: 1 of 2." in house.visitor(CERTIFIES).open(path).words("p")
    tomas(house).fill(path, "/approval")
    salma = house.visitor(PAYS)
    page = salma.open(path)
    assert "Of the cost, 10,000.00 USD is not paid yet" in page.words("p")
    assert page.form("/payments")[1]["amount"] == "10000.00"
    typed = {"value_date__day": "15", "value_date__month": "1", "value_date__year": "2019", "bank_reference": "PA-1"}
    assert salma.send(page, "/payments", amount="4000.00", **typed).location == path
    assert "PA-115 January 20194,000.00" in salma.open(path).words("tr")
    assert house.visitor(CERTIFIES).fill(path, "/closing").location == path
    page = house.visitor(CERTIFIES).open(path)
    assert "Closed. 4,000.00 USD was paid of it" in page.words("p")
    assert "Nothing more can be decided here." in page.words("p")
    listed = house.visitor("head").open("/officers/surplus")
    assert "Closed10,000.0011,300.004,000.00" in listed.words("tr")


def test_who_approved_is_told_why_another_must(house: House):
    lise = house.visitor(APPROVES)
    path = done(house)
    page = lise.open(path)
    lise.send(page, "/approval")
    after = lise.open(path)
    (button,) = [e for e in after.all("button") if "Approve 11,300.00 USD" in e["text"]]
    assert button["aria-disabled"] == "true"
    assert "You acted on this activity already" in after.words("p")
    assert "May do it: Tomas Example" in after.words("p")


def test_who_has_another_function_is_told_so_and_sees_no_other_deed(house: House):
    page = house.visitor(PAYS).open(done(house))
    assert "You have no designation in force today for this." in page.words("p")
    assert "Cancel the activity" not in page.text


def test_an_approval_sent_again_from_an_old_page_is_refused_with_what_changed(house: House):
    path = done(house)
    old = tomas(house)
    page = old.open(path)
    house.visitor(APPROVES).fill(path, "/approval")
    answer = old.send(page, "/approval")
    assert answer.status == 409
    assert "This activity has changed since you opened the page" in answer.refusal
    assert "Lise Example" in answer.words("ul")
    assert old.send(answer, "/approval").status == 302


def test_an_approval_is_refused_on_the_page_once_the_surplus_is_gone(house: House):
    path = done(house, at=s.AFTER)
    with house.at_work():
        s.agreed(s.proposed("Briefings", amount="38000.00"))
    page = house.visitor(APPROVES).open(path)
    (button,) = [e for e in page.all("button") if "Approve 11,300.00 USD" in e["text"]]
    assert button["aria-disabled"] == "true"
    assert result(page) == ["Holds", "Holds", "Fails", "Holds"]
    assert "10,761.74 is missing" in page.words("p")


def test_a_payment_that_is_too_large_comes_back_to_its_field(house: House):
    path = done(house, s.agreed)
    typed = {"value_date__day": "15", "value_date__month": "1", "value_date__year": "2019", "bank_reference": "PA-1"}
    answer = house.visitor(PAYS).fill(path, "/payments", amount="10000.01", **typed)
    assert answer.status == 422
    assert "no more was approved" in answer.problems["amount"]
    taken = house.visitor(PAYS).fill(path, "/payments", amount="1.00", **(typed | {"bank_reference": "LU-1"}))
    assert "is recorded already" in taken.problems["bank_reference"]
    assert taken.form("/payments")[1]["amount"] == "1.00"


def test_before_an_approval_or_a_payment_the_password_is_asked_once_more(house: House):
    """Eleven minutes after the sign-in; what was sent waits, and is done once it is given."""
    path = done(house)
    lise = house.visitor(APPROVES)
    page = lise.open(path)
    _forget(house)
    asked = lise.send(page, "/approval")
    assert asked.status == 403
    assert asked.words("h1") == "Confirm that it is you"
    assert lise.send(asked, confirm_password=b.PASSWORD).location == path


def _forget(house: House) -> None:
    """Everybody proved long ago who they are."""
    with house.at_work():
        db.session.execute(update(SignIn).values(confirmed_at=datetime(2000, 1, 1, tzinfo=UTC)))
        db.session.commit()


def test_what_was_not_paid_is_cancelled(house: House):
    path = done(house, s.agreed)
    rafael = house.visitor(CERTIFIES)
    assert rafael.fill(path, "/cancellation").location == path
    assert "Cancelled. Nothing was paid of it." in rafael.open(path).words("p")


@pytest.mark.parametrize("deed", ["approval", "payments", "closing", "cancellation"])
def test_what_is_not_there_is_404(house: House, deed: str):
    assert house.visitor(APPROVES).open("/officers/activities/X-22222222").status == 404
    assert house.visitor(APPROVES).open(f"/officers/activities/X-22222222/{deed}", method="POST").status == 404


def test_the_head_reads_an_activity_and_decides_nothing(house: House):
    path = done(house)
    page = house.visitor("head").open(path)
    assert "Officers decide. You read." in page.words("p")
    assert house.visitor("head").open(f"{path}/approval", method="POST").status == 403


def test_the_pages_make_as_many_statements_for_many_activities_as_for_one(house: House):
    path = done(house, s.agreed, s.paid)
    visitor = house.visitor(CERTIFIES)
    few = [statements(visitor, address) for address in ("/officers/surplus", path)]
    with house.at_work():
        reference = path.rsplit("/", 1)[1]
        for n in range(30):
            s.proposed(f"Activity {n}", amount="10.00")
        other = s.agreed(s.proposed("Much paid", amount="100.00"))
        for n in range(5):
            s.paid(other, "1.00", f"MP-{n}")
    assert reference != other
    many = [statements(visitor, a) for a in ("/officers/surplus", f"/officers/activities/{other}")]
    assert many == few


# Shown apart


def test_the_public_page_tells_activities_apart_only_where_there_are_any(house: House):
    visitor = house.visitor()
    assert "preparatory activities" not in visitor.open("/").words("td")
    done(house, s.agreed)
    assert "of it preparatory activities: 11,300.00" in visitor.open("/").words("td")
    done(house, s.agreed, lambda reference: s.paid(reference, "4000.00"))
    words = visitor.open("/").words("td")
    assert "of it preparatory activities: 4,520.00" in words
    assert "of it preparatory activities: 18,080.00" in words
