"""Officers register, find, change and accept donors; a donor chooses its papers' language and whether it is named."""

from datetime import timedelta

import pytest

from tests import builders as b
from tests.web.awarded import tasks
from tests.web.counting import statements
from tests.web.house import APPROVES, CERTIFIES, PAYS, SCREENS
from trustfund.core.roles import SYSTEM
from trustfund.operations import contributions
from trustfund.services import clock as now_of

LINDQVIST = {"donor_type": "private", "country": "CHE", "donor": "Fondation Élan", "language": "fr", "unnamed": "y"}


def registered(house, who=PAYS, **typed):
    """The address of a donor's page, made by an officer."""
    done = house.visitor(who).fill("/officers/donors/new", **LINDQVIST | typed)
    assert done.status == 302, done.problems
    return done.location


def foundation(house, name="Example Foundation", type="ngo"):
    """The browser of a donor that may choose; its reference."""
    with house.at_work():
        one = contributions.register_donor(name, type=type, country="GBR", by=SYSTEM, at=b.AT).on
        b.account("donor", name, donor=one, password=True)
    return house, one


def names(page):
    return [a["text"] for a in page.all("a") if a["href"].startswith("/officers/donors/D-")]


def test_a_donor_is_registered_on_the_way_to_its_first_pledge_and_a_second_officer_accepts_it(house):
    salma = house.visitor(PAYS)
    assert "/officers/donors/new" in [a["href"] for a in salma.open("/officers/pledges/new").all("a")]
    nobody = salma.fill("/officers/pledges/new", amount="10.00", currency="USD")
    assert list(nobody.problems) == ["donor", "purpose-0"]
    at = registered(house)
    page = salma.open(at)
    assert page.words("h1") == "Fondation Élan waits to be accepted"
    assert next(e for e in page.all("button") if e.get("aria-disabled"))["text"] == "Accept the donor"
    letter = next(a["href"] for a in page.all("a") if "/pledges/new" in a["href"])
    assert salma.open(letter).form()[1]["donor"] == at.split("/")[-1]
    pledge = salma.fill(letter, amount="100.00", currency="USD", purpose="travel").location
    page = salma.open(pledge)
    assert "The donor is not accepted yet." in page.text
    assert not [f for f in page.seen.forms if f["action"].endswith("/agreement")]
    rafael = house.visitor(CERTIFIES)
    (waits,) = [href for text, href in tasks(rafael.open("/officers/")).items() if text.startswith("One donor waits")]
    assert names(rafael.open(waits)) == ["Fondation Élan"]
    done = rafael.fill(at, "/acceptance")
    page = rafael.open(done.location)
    assert page.words("h1") == "Fondation Élan"
    assert "Donor accepted" in page.text
    assert [f for f in salma.open(pledge).seen.forms if f["action"].endswith("/agreement")]
    assert house.faults() == []


def test_who_signed_in_long_ago_says_first_who_it_is_and_then_the_donor_is_accepted(house, monkeypatch):
    at, rafael, start = registered(house), house.visitor(CERTIFIES), now_of.real_now()
    page, before = rafael.open(at), house.events()
    monkeypatch.setattr(now_of, "real_now", lambda: start + timedelta(minutes=20))
    asked = rafael.send(page, "/acceptance")
    assert (asked.status, asked.words("h1"), house.events()) == (403, "Confirm that it is you", before)
    assert rafael.send(asked, confirm_password=b.PASSWORD).status == 302
    assert rafael.open(at).words("h1") == "Fondation Élan"


def test_who_registered_it_is_told_so_and_the_attempt_is_kept(house):
    at, rafael = registered(house, CERTIFIES), house.visitor(CERTIFIES)
    page = rafael.open(at)
    assert "You registered or changed this donor" in page.text
    assert not [f for f in page.seen.forms if f["action"].endswith("/acceptance")]
    assert "One donor waits to be accepted" not in tasks(rafael.open("/officers/"))
    _, fields = house.visitor(APPROVES).open(at).form("/acceptance")
    fields["csrf_token"] = rafael.open(f"{at}/change").form()[1]["csrf_token"]
    page = rafael.open(f"{at}/acceptance", method="POST", data=fields)
    assert page.status == 409
    assert "You registered or changed this donor" in page.refusal
    assert "Refused: donor" in rafael.open(at).text


def test_a_donor_is_found_by_its_name_without_case_and_accents(house):
    registered(house)
    salma = house.visitor(PAYS)
    for typed in ("elan", "ÉLAN fondation", "CHE", "che"):
        assert names(salma.open(f"/officers/donors?q={typed}")) == ["Fondation Élan"], typed
    assert names(salma.open("/officers/donors?kind=state")) == ["Norway", "Luxembourg"]
    page = salma.open("/officers/donors?q=nobody")
    assert page.words("h2") == "No donor is like this"
    assert names(salma.open("/officers/pledges?q=elan")) == []  # it has no pledge


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"donor_type": "state", "country": "", "unnamed": ""}, "country"),
        ({"donor": ""}, "donor"),
        ({"donor_type": "igo"}, "unnamed"),
        ({"donor_type": "yacht club"}, "donor_type-0"),
        ({"country": "XXX"}, "country"),
    ],
)
def test_a_mistake_comes_back_at_its_field(house, wrong, field):
    before = house.events()
    page = house.visitor(SCREENS).fill("/officers/donors/new", **LINDQVIST | wrong)
    assert (page.status, [*page.problems]) == (422, [field])
    assert page.form()[1]["language"] == "fr"
    assert house.events() == before


def test_a_state_is_called_by_its_country_and_known_once(house):
    sent = {"donor_type": "state", "country": "PER", "donor": "", "language": "en"}
    visitor = house.visitor(SCREENS)
    page = visitor.send(visitor.open("/officers/donors/new"), **sent)
    assert visitor.open(page.location).words("h1") == "Peru"
    page = visitor.send(visitor.open("/officers/donors/new"), **sent)
    assert page.problems == {"donor": "The fund knows Peru already, of this kind and country."}


def test_an_officer_changes_a_donor_and_a_checked_one_waits_again_under_a_new_name(house):
    at, salma = registered(house), house.visitor(PAYS)
    house.visitor(APPROVES).fill(at, "/acceptance")
    page = salma.open(f"{at}/change")
    assert page.form()[1]["donor"] == "Fondation Élan"
    assert salma.send(page, language="en").location == at
    assert salma.open(at).words("h1") == "Fondation Élan"
    salma.fill(f"{at}/change", donor="Fondation Lindqvist")
    assert salma.open(at).words("h1") == "Fondation Lindqvist waits to be accepted"
    assert house.faults() == []


@pytest.mark.parametrize(("who", "at"), [("donor", "/donors/account"), (PAYS, "/officers/donors/{}/change")])
def test_what_has_changed_meanwhile_is_told_and_can_be_sent_once_more(house, who, at):
    visitor, at = house.visitor(who), at.format(house.things["luxembourg's donor"])
    page = visitor.open(at)
    visitor.fill(at, language="fr")
    refused = visitor.send(page, key="of another page", language="en")
    assert (refused.status, refused.form()[1]["language"]) == (409, "en")
    assert "This donor has changed since you opened the page" in refused.refusal
    assert visitor.send(refused).status == 302


def test_a_donor_chooses_its_language_and_not_to_be_named(house):
    foundation(house)
    from tests.web.visitor import Visitor

    example = Visitor(house.app, "example@example.org")
    page = example.open("/donors/account")
    assert page.words("h1") == "Your papers are in English, and you are named in public"
    assert example.send(page, language="fr", unnamed="y").location == "/donors/account"
    page = example.open("/donors/account")
    assert page.words("h1") == "Your papers are in French, and you are not named in public"
    assert example.send(page).refusal.startswith("The donor’s page says all of this already.")
    assert house.faults() == []


def test_a_state_chooses_its_language_and_is_always_named(house):
    donor = house.visitor("donor")
    page = donor.open("/donors/account")
    assert "unnamed" not in page.text
    assert donor.send(page, language="fr", unnamed="y").status == 302
    assert donor.open("/donors/account").words("h1") == "Your papers are in French, and you are named in public"


def test_the_pages_need_as_many_statements_however_much_there_is(quiet_house, full_house):
    for path in ("/officers/donors", "/officers/donors/{}"):
        few, many = (
            statements(house.known(PAYS), path.format(house.things["luxembourg's donor"]))
            for house in (quiet_house, full_house)
        )
        assert many == few
    luxembourg = full_house.things["luxembourg's donor"]
    page = full_house.known(PAYS).open(f"/officers/donors/{luxembourg}")
    assert "All its pledges" in page.text


def test_nobody_else_reads_an_unnamed_donor(house):
    """Every page that anybody can open, and those of another donor, with a private donor's money in the books."""
    with house.at_work():
        one = contributions.register_donor(
            "Hidden Hand Ltd", type="private", country="GBR", unnamed=True, by=SYSTEM, at=b.AT
        ).on
        salma = house.things["salma"]
        pledge = contributions.announce_pledge(
            one, amount="500.00", currency="USD", purpose="travel", by=salma, at=b.AT
        ).on
        b.agreement(pledge, salma, "500.00", day=b.date(2017, 7, 3))
        b.deposit(pledge, salma, "500.00", day=b.date(2017, 7, 4), bank="H-1")
    said = {}
    for who, blueprint in (("nobody", "public"), ("another donor", "donors"), ("delegate", "delegates")):
        visitor = house.visitor(who)
        for rule in house.app.url_map.iter_rules():
            if rule.endpoint.startswith(f"{blueprint}.") and "GET" in rule.methods and "token" not in rule.arguments:
                known = {"format": "csv", "code": "N1", "part": "you", "reference": pledge}
                path = house.app.url_map.bind("").build(rule.endpoint, {a: known.get(a, 1) for a in rule.arguments})
                for address in (path, path.replace(".csv", ".json")):
                    said[who, address] = visitor.open(address).data.decode(errors="replace")
    assert ("nobody", "/open/contributions.json") in said
    assert "500.00" in said["nobody", "/open/contributions.csv"]
    assert [where for where, text in said.items() if "Hidden Hand" in text] == []
