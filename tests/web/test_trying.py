"""Trying the demonstration as its people: two walks by buttons alone."""

import pyotp
import pytest
from sqlalchemy import select, update

from tests import builders as b
from tests.web.counting import statements
from tests.web.visitor import Page, Visitor
from trustfund import demonstration
from trustfund.demonstration.walks import WALKS
from trustfund.extensions import db
from trustfund.models.awards import Award
from trustfund.models.people import Account, SignIn
from trustfund.models.record import head_of
from trustfund.operations import contributions, people, second_factor
from trustfund.services import clock

PLEDGE = {"amount": "1200.00", "currency": "EUR", "purpose": "travel", "earmark": ""}
PASSWORDS = {email.partition("@")[0]: password for _, email, password in demonstration.accounts(1)}


@pytest.fixture
def demo(serve, made):
    return serve(made)


def press(visitor: Visitor, step: str = "", person: str = "", changed: dict[str, str] | None = None) -> Page:
    """The button of a step, or of a person in the table of accounts; ``changed``: what somebody forged in its form."""
    buttons = [form for form in visitor.open("/try").seen.forms if form["in main"]]
    (button,) = (
        form["fields"]
        for form in buttons
        if (form["fields"].get("step") == step if step else form["fields"]["person"] == person)
        and ("step" in form["fields"]) == bool(step)
    )
    return visitor.open("/try/sign-in", method="POST", data=button | (changed or {}))


def strip(page: Page) -> str:
    return page.words("aside", **{"class": "demo"})


def states(page: Page) -> dict[str, str]:
    """Title of a step -> how it is drawn: empty for done, now, next."""
    titles, steps = (
        [e for tag, e in page.seen.elements if tag == wanted and "walk" in e["within"]] for wanted in ("strong", "li")
    )
    return {title["text"]: step.get("class", "") for title, step in zip(titles, steps, strict=True)}


def test_a_button_signs_in_like_any_other_sign_in_and_opens_the_page_of_the_step(demo):
    visitor, before = Visitor(demo.app), demo.events()
    page = press(visitor, "pledge.announce")
    assert (page.status, page.location) == (302, "/donors/pledges/new")
    assert visitor.open(page.location).words("h1") == "Announce a pledge"
    assert demo.sign_ins() == 1
    assert demo.events() == before, "a sign-in is no deed"


def test_the_next_button_signs_out_who_was_there(demo):
    visitor = Visitor(demo.app)
    press(visitor, "pledge.announce")
    press(visitor, "pledge.verify")
    assert visitor.open("/auditors/").status == 200
    assert visitor.open("/donors/").status == 403
    with demo.at_work():
        ended = db.session.scalars(select(SignIn).where(SignIn.ended_at.is_not(None))).one()
        assert ended.account.email == "donor@example.org"


def test_a_visitor_of_the_call_has_no_account(demo):
    visitor = Visitor(demo.app)
    press(visitor, person="auditor")
    page = press(visitor, "delegate.meeting")
    assert page.location == "/meetings/N2"
    assert visitor.open("/auditors/").status == 302
    assert strip(visitor.open("/meetings/N2")).endswith("Done? Go on to the next step")


def test_who_is_refused_stays_who_he_was(demo):
    visitor = Visitor(demo.app)
    press(visitor, person="auditor")
    page = press(visitor, person="suspended")
    assert page.status == 422
    assert "the account is not active" in page.refusal
    assert visitor.open("/auditors/").status == 200


def test_no_other_password_than_the_printed_one_opens_an_account(demo):
    with demo.at_work():
        people.set_password(people.account_of("head@example.org"), b.PASSWORD)
    visitor = Visitor(demo.app)
    assert press(visitor, person="head").status == 422
    assert visitor.open("/officers/").status == 302


def test_a_second_factor_is_not_passed_over(demo):
    with demo.at_work():
        head = people.account_of("head@example.org")
        second_factor.begin(head)
        code = pyotp.TOTP(second_factor.begun(head)).now()
        second_factor.put_in_force(code=code, by=head.reference, at=clock.now())
        db.session.rollback()
    visitor = Visitor(demo.app)
    page = press(visitor, person="head")
    assert page.status == 422
    assert "Sign in with its password and a code." in page.refusal
    assert visitor.open("/officers/").status == 302


def test_a_form_from_elsewhere_signs_nobody_in(demo):
    visitor = Visitor(demo.app)
    page = press(visitor, "pledge.agree", changed={"csrf_token": "of another site"})
    assert page.status == 422
    assert "Send it once more" in page.refusal
    assert demo.sign_ins() == 0


@pytest.mark.parametrize("person", ["amna", "head@example.org", "dji-058", "system", "\0", "x" * 3000])
def test_only_people_of_the_printed_list_can_be_tried(demo, person):
    visitor = Visitor(demo.app)
    assert press(visitor, "pledge.agree", changed={"person": person}).status in (422, 302)
    assert demo.sign_ins() == 0


@pytest.mark.parametrize("step", [f"{walk.name}.{step.name}" for walk in WALKS.values() for step in walk.steps])
def test_every_step_has_a_page_that_opens_to_its_person_from_the_first_minute(demo, step):
    visitor, (walk, _, name) = Visitor(demo.app), step.partition(".")
    followed = name == "answer" and any("own-answer" in str(f["fields"]) for f in visitor.open("/try").seen.forms)
    page = press(visitor, f"{walk}.own-answer" if followed else step)
    assert visitor.open(page.location).status == 200, page.location


def test_a_step_whose_seat_nobody_has_leads_to_the_list(demo):
    with demo.at_work():
        db.session.execute(update(Award).values(stage="declined"))
        db.session.commit()
    visitor = Visitor(demo.app)
    forged = {"step": "delegate.own-answer", "person": "delegate"}
    assert press(visitor, "delegate.answer", changed=forged).location == "/delegates/"
    assert press(visitor, "delegate.certify").location == "/officers/awards?meeting=H4"


@pytest.mark.parametrize(
    "step", ["pledge", "pledge.", "pledge.own-answer", "nowhere.agree", "//example.com", "pledge.agree.x", "\0"]
)
def test_a_step_that_is_not_there_leads_to_the_desk(demo, step):
    visitor = Visitor(demo.app)
    assert press(visitor, "pledge.agree", changed={"step": step}).location == "/officers/"


def test_what_was_done_is_seen_in_the_fund_by_every_newcomer(demo):
    page = Visitor(demo.app).open("/try")
    assert states(page)["A donor announces a pledge"] == "now", "the pledges of the story are not the newcomer's"
    with demo.at_work():
        donor = people.account_of("donor@example.org").reference
        pledge = contributions.announce_pledge(**PLEDGE, expected_on=None, by=donor, at=clock.now()).on
        db.session.rollback()
    newcomer = Visitor(demo.app)
    page = newcomer.open("/try")
    assert list(states(page).values())[:3] == ["", "now", "next"]
    assert press(newcomer, "pledge.agree").location == f"/officers/pledges/{pledge}"
    assert press(newcomer, "pledge.receipt").location == f"/donors/pledges/{pledge}"


def test_what_leaves_no_trace_is_done_in_the_browser_that_looked(demo):
    visitor = Visitor(demo.app)
    title = "Anybody reads the call"
    assert states(visitor.open("/try"))[title] == "now"
    press(visitor, "delegate.meeting")
    assert states(visitor.open("/try"))[title] == ""
    assert press(visitor, "pledge.proof").location == "/auditors/"
    assert states(visitor.open("/try"))["An auditor checks the receipt"] == ""
    press(visitor, "pledge.announce")
    assert states(visitor.open("/try"))["An auditor checks the receipt"] == "next", "with a pledge its walk begins anew"
    assert states(Visitor(demo.app).open("/try"))[title] == "now"


def test_the_strip_says_who_one_is_what_to_do_and_the_way_back(demo):
    visitor = Visitor(demo.app)
    press(visitor, "pledge.deposit")
    page = visitor.open("/officers/")
    assert "You try it as Salma Idrissi." in strip(page)
    assert PASSWORDS["paying"] in strip(page)
    assert page.all("a", href="/try#pledge-now")
    (leave,) = (form["fields"] for form in page.seen.forms if form["action"] == "/sign-out")
    visitor.open("/sign-out", method="POST", data=leave)
    assert visitor.open("/").all("a", href="/try#pledge-now"), "who signs out still finds the way back"
    visitor.sign_in("auditor@example.org", PASSWORDS["auditor"])
    assert "You try it as" not in strip(visitor.open("/auditors/")), "an ordinary sign-in ends the walk"


def test_a_walk_stays_in_the_language_in_which_it_began(demo):
    visitor = Visitor(demo.app)
    press(visitor, "delegate.screen")  # Inès Okafor reads French
    assert visitor.open("/officers/").all("html")[0]["lang"] == "en"


def test_the_page_asks_the_same_number_of_statements_however_much_was_tried(demo):
    visitor = Visitor(demo.app)
    before = statements(visitor, "/try")
    with demo.at_work():
        donor = people.account_of("donor@example.org").reference
        for _ in range(5):
            contributions.announce_pledge(**PLEDGE, expected_on=None, by=donor, at=clock.now())
        db.session.rollback()
    assert statements(visitor, "/try") - before in (0, 1)
    assert before < 16


def test_every_account_of_the_list_stands_in_the_table_with_its_password(demo):
    page = Visitor(demo.app).open("/try")
    told = page.words("td")
    assert all(password in told for password in PASSWORDS.values())
    with demo.at_work():
        for email, name in db.session.execute(select(Account.email, Account.name)):
            assert (email.partition("@")[0] in PASSWORDS) == (name in page.words("th")), email


def test_the_record_knows_nothing_of_who_tried_it(demo):
    visitor = Visitor(demo.app)
    for person in PASSWORDS:
        press(visitor, person=person)
    with demo.at_work():
        assert head_of(db.session())[0] == demonstration.here.made_here().seq
    assert demo.faults() == []
