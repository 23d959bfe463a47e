"""“Is my country eligible?”, what is paid by day, and the note verbale: what somebody reads before an account."""

import re
from datetime import date

import pytest

from tests.counting import counted
from tests.web.test_every_url import _whole
from trustfund.core.countries import STATES, state
from trustfund.core.state_answer import OF_THE_STATE
from trustfund.reports.words import CATEGORY
from trustfund.web.formal_names import of_state
from trustfund.web.public_note_verbale import BLANK
from trustfund.web.state_answers import NO, STILL_OPEN, YES
from trustfund.web.state_search import states_called


@pytest.fixture
def nobody(quiet_house):
    return quiet_house.known("nobody")


def text(page):
    """What is read: no tags, plain blanks."""
    return " ".join(re.sub("<[^>]+>", "", page.text).split())


def test_on_the_page_of_a_meeting_burkina_faso_reads_yes_why_in_which_step_and_its_own_deadline(nobody):
    page = nobody.open("/meetings/N2?state=BFA")
    _whole(page)
    assert "Yes. On 12 March 2018, the first day of the meeting, Burkina Faso is a least developed country." in text(
        page
    )
    assert "since 18 November 1971; no end is recorded." in text(page)
    assert "Its first delegate stands in step 1 of 7. Its second delegate stands in step 3 of 7." in text(page)
    assert "in Ouagadougou (UTC)" in text(page)
    assert "From Burkina Faso about 1,350.00 USD is planned" in text(page)


def test_what_is_paid_stands_there_by_day_with_the_source_and_the_day_of_each_rate(nobody):
    page = text(nobody.open("/meetings/N2"))
    assert "391.00 USD a night, in force since 14 March 2018 (example)." in page
    assert "All of it, 1,745.00 USD, is paid to you before the journey" in page
    assert "so it is not paid to you. Ask for your State above" in page
    assert "About how much, by day" not in text(nobody.open("/meetings/T1"))


@pytest.mark.parametrize(
    ("address", "says", "still_open"),
    [
        (
            "N2?state=DEU",
            "Germany does not count as a developing country.",
            "send delegates and pay their journeys itself",
        ),
        ("C?state=MAR", "No. Morocco is the host State of the meeting", "Its delegates take part at home"),
        ("N2?state=VAT", "Holy See does not count as a developing country.", "The meeting is open to Holy See"),
    ],
)
def test_a_state_that_is_not_eligible_reads_why_and_what_is_still_open(nobody, address, says, still_open):
    page = nobody.open(f"/meetings/{address}")
    assert page.status == 200
    assert says in text(page)
    assert still_open in text(page)
    assert "About how much, by day" not in text(page)


def test_every_rule_that_looks_at_a_state_and_every_category_has_its_answer():
    assert NO.keys() == STILL_OPEN.keys() == {*OF_THE_STATE}
    assert YES.keys() == CATEGORY.keys() - {"none"}


def test_all_meetings_at_once_tell_on_which_of_them_equatorial_guinea_was_least_developed(nobody):
    page = nobody.open("/eligibility?state=GNQ")
    _whole(page)
    assert page.words("h1") == "Equatorial Guinea is eligible for every meeting"
    rows = [e["text"] for e in page.all("tr")]
    assert "Second thematic session T222 May 2017YesLeast developed countryHeld" in rows
    assert "Third thematic session T319 June 2017YesOther developing countryHeld" in rows
    assert page.all("a", href="/meetings/N2?state=GNQ")
    assert nobody.open("/eligibility?state=MAR").words("h1") == "Morocco is eligible for 18 of 19 meetings"
    assert nobody.open("/eligibility?state=DEU").words("h1") == "Germany is eligible for no meeting"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("bfa", "BFA"),
        ("Swaziland", "SWZ"),
        ("eswatini", "SWZ"),
        ("cote d'ivoire", "CIV"),
        ("Буркина-Фасо", "BFA"),
        ("尼泊尔", "NPL"),
        ("tanzania", "TZA"),
        ("UK", "GBR"),
        ("The Gambia", "GMB"),
        ("l’Allemagne", "DEU"),
        ("Ivory Coast", "CIV"),
        ("iran", "IRN"),
    ],
)
def test_a_state_is_found_by_any_name_in_any_language_of_today_or_of_earlier_days(typed, code):
    assert states_called(typed) == [code]


@pytest.mark.parametrize(
    ("typed", "codes", "says"),
    [
        ("Ukra", {"UKR"}, "Do you mean this State?"),
        ("Congo", {"COG", "COD"}, "“Congo” may be one of several States. Choose one."),
    ],
)
def test_what_is_not_the_name_of_one_state_alone_is_a_choice_and_no_answer(nobody, typed, codes, says):
    page = nobody.open("/eligibility", query_string={"state": typed})
    assert page.status == 422
    assert says in page.words("span", id="state-e")
    chosen = {a["href"] for a in page.all("a") if "#eligible" in a["href"]}
    assert chosen == {f"/eligibility?state={code}#eligible" for code in codes}
    assert nobody.open("/eligibility?state=COG").words("h1") == "Congo is eligible for every meeting"


def test_a_word_that_fits_two_states_offers_both_and_one_that_fits_none_says_so_at_the_field(nobody):
    page = nobody.open("/eligibility", query_string={"state": "korea"})
    assert page.status == 422
    assert {a["href"] for a in page.all("a") if "state=" in a["href"] and "lang" not in a["href"]} == {
        "/eligibility?state=KOR#eligible",
        "/eligibility?state=PRK#eligible",
    }
    page = nobody.open("/meetings/N2", query_string={"state": "Atlantis <b>"})
    assert page.status == 422
    assert "No State is called “Atlantis <b>”." in page.words("span", id="state-e")
    assert page.all("input", id="state", value="Atlantis <b>")
    assert page.title.startswith("Error:")


def test_a_signed_in_delegate_need_not_ask_for_the_own_state(quiet_house):
    own = quiet_house.known("mission").open("/eligibility").words("h1")
    assert own == "Nepal is eligible for every meeting"


def test_the_note_verbale_is_in_two_languages_for_a_state_or_with_a_blank_and_can_be_copied(nobody):
    page = nobody.open("/meetings/N2/note-verbale?state=GMB")
    _whole(page)
    assert "The Permanent Mission of the Gambia to the United Nations presents its compliments" in page.words("article")
    assert "Second round of negotiations, New York, 12–15 March 2018." in page.words("article")
    assert f"Position: {BLANK}" in page.words("textarea")
    assert page.all("article", lang="en")
    french = nobody.open("/meetings/N2/note-verbale?state=GMB&form=fr")
    assert french.all("article", lang="fr")
    assert "de la Gambie" in french.words("article")
    assert "12–15 mars 2018" in french.words("article")
    assert "[name of the State]" in nobody.open("/meetings/N2/note-verbale").words("article")
    assert nobody.open("/meetings/XX/note-verbale").status == 404


def test_a_note_of_a_state_that_is_not_eligible_says_so_first(nobody):
    assert "the fund pays it no seat" in text(nobody.open("/meetings/C/note-verbale?state=MAR"))


@pytest.mark.parametrize(
    ("iso3", "english", "french"),
    [
        ("NPL", "of Nepal", "du Népal"),
        ("BHS", "of the Bahamas", "des Bahamas"),
        ("IRN", "of the Islamic Republic of Iran", "de la République islamique d’Iran"),
        ("BOL", "of the Plurinational State of Bolivia", "de l’État plurinational de Bolivie"),
        ("FSM", "of the Federated States of Micronesia", "des États fédérés de Micronésie"),
        ("MKD", "of the former Yugoslav Republic of Macedonia", "de l’ex-République yougoslave de Macédoine"),
        ("HTI", "of Haiti", "d’Haïti"),
        ("MOZ", "of Mozambique", "du Mozambique"),
        ("CIV", "of Côte d’Ivoire", "de la Côte d’Ivoire"),
        ("DZA", "of Algeria", "de l’Algérie"),
    ],
)
def test_a_state_has_its_article_in_a_note(iso3, english, french):
    day = date(2018, 3, 12)
    assert (of_state(state(iso3), day, "en"), of_state(state(iso3), day, "fr")) == (english, french)


def test_no_name_in_a_note_keeps_its_brackets():
    day = date(2024, 3, 12)
    assert not [one for one in STATES.values() for code in ("en", "fr") if re.search(r"[()]", of_state(one, day, code))]


def test_the_pages_ask_the_database_as_often_for_every_state_and_for_none(nobody):
    asked = {}
    for path in ("/meetings/N2", "/eligibility", "/meetings/N2/note-verbale"):
        for word in ("NPL", "GNQ", "USA"):
            with counted() as sent:
                nobody.open(f"{path}?state={word}")
            asked.setdefault(path, set()).add(len(sent))
    assert all(len(numbers) == 1 and max(numbers) <= 16 for numbers in asked.values()), asked


def test_the_home_page_and_the_list_of_meetings_lead_there(nobody):
    for path in ("/", "/meetings", "/meetings/N2"):
        assert nobody.open(path).all("a", href="/eligibility"), path
