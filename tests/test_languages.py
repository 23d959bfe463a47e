"""Every language of the fund is whole: each sentence said, in its own typography, with the same things in it."""

import dataclasses
import io
import re
import string
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from babel.messages.catalog import Message
from flask_babel import force_locale

from tests import builders as b
from trustfund import i18n
from trustfund.core.refusal import SENSE
from trustfund.reports import draw_pdf, menu
from trustfund.reports.draw import draw, voice
from trustfund.reports.snapshot import snapshot
from trustfund.translations.__main__ import ROOT, catalogue, empty, extracted, kept, learned

LANGUAGES = sorted(set(i18n.LANGUAGES) - {"en"})
MAY_DROP = {"Dear {name},": {"name"}}
"""French greets “Madame, Monsieur,”: it names nobody whose gender it does not know."""

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SAME_EVERYWHERE = re.compile(
    r"trustfund( rank)?|\.json|CSV|JSON|PDF|python3|--anchors anchors\.txt|(verifier|record)\.(py|jsonl)|&\w+;"
)
"""Names of files, programs and formats, which no language translates."""


def sides(message: Message) -> list[tuple[str, str]]:
    """(English, translation) of a sentence, or of each of its plural forms."""
    if not message.pluralizable:
        return [(str(message.id), str(message.string))]
    one, many = message.id
    return [(one, message.string[0]), *((many, form) for form in message.string[1:])]


def key(message: Message) -> str:
    return message.context + SENSE + message.id if message.context else str(message.id)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def translated(language: str) -> list[Message]:
    return [message for message in kept(language) if message.id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_every_sentence_of_the_product_and_no_other(language):
    fresh = {(m.context, m.id) for m in extracted() if m.id}
    known = {(m.context, m.id) for m in translated(language)}
    assert len(fresh) > 500
    assert (fresh - known, known - fresh) == (set(), set()), "run: python -m trustfund.translations"
    assert empty(language) == []
    assert [m.id for m in translated(language) if m.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_stands_as_the_program_that_keeps_it_writes_it(language):
    assert catalogue(language).read_text(encoding="utf-8") == learned(language), "run: python -m trustfund.translations"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_product_says_what_stands_in_the_catalogue_and_not_the_english(language):
    for message in translated(language):
        if not message.pluralizable:
            assert i18n._text(language, key(message)) == message.string


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_the_same_things_as_the_english_sentence(language):
    for message in translated(language):
        for english, said in sides(message):
            has, needs = placeholders(said), placeholders(english)
            assert needs - has <= MAY_DROP.get(english, set()), said
            assert has - needs <= ({"n"} if message.pluralizable else set()), said


def test_english_keeps_the_house_rules():
    texts = [text for m in extracted() if m.id for text in ([m.id] if isinstance(m.id, str) else m.id)]
    wrong = re.compile(r"'|%|!|\bplease\b|\bsorry\b|\bsystem\b|\bapolog", re.IGNORECASE)
    assert [text for text in texts if wrong.search(text)] == []  # “%” is “per cent”, so no sentence is a format of %


def test_french_spaces_and_apostrophes_are_french():
    before, joined, after = r" [:;!?%»]", r"[^\W_][;!?»]|[^\W_]:(?=\s|$)|\d%", r"«(?!\u00a0)"
    wrong = re.compile(rf"{before}|{joined}|{after}|['\"]|\d \d{{3}}\b")
    assert [said for m in translated("fr") for _, said in sides(m) if wrong.search(said)] == []


def test_french_writes_figures_dates_and_hours_as_the_un_does(app):
    with force_locale("fr"):
        assert i18n.amount(Decimal("2931.22")) == "2\u00a0931,22"
        assert i18n.rate("0.899400") == "0,899400"
        assert i18n.per_cent(Decimal("13.0")) == "13\u00a0%"
        assert (i18n.day(date(2018, 1, 10)), i18n.day(date(2018, 5, 1))) == ("10 janvier 2018", "1er mai 2018")
        assert i18n.instant("2018-01-24T09:05:00+00:00") == "24 janvier 2018, 9\u00a0h\u00a005\u00a0UTC"
        said = i18n.say("{first} to {last}", first=date(2018, 5, 1), last=date(2018, 6, 2))
        assert said == "Du 1er mai 2018 au 2 juin 2018"


def test_one_english_word_in_two_senses_is_two_words_in_french(app):
    with force_locale("fr"):
        assert (i18n.say("Agreed"), i18n.say("amount" + SENSE + "Agreed")) == ("Convenue", "Convenu")
    assert i18n.say("amount" + SENSE + "Agreed") == "Agreed"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_page_says_nothing_that_translators_were_not_given(template):
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    read = re.sub(r"<[^>]*>|\baria-\w+=", " ", text)
    heard = " ".join(re.findall(r"(?:aria-label|title|alt)=\"([^\"]*)\"", text))
    assert re.findall(r"[^\W\d_]{2,}|[:;!?%]", SAME_EVERYWHERE.sub("", f"{read} {heard}")) == []


ONE_BAR_A_LINE = ("fund-status", "source-and-use-of-funds")
"""Reports whose figure has a bar a month, or one a line, however many donors there are."""


@pytest.mark.parametrize("entry", menu.MENU, ids=lambda entry: entry.name)
def test_a_report_says_only_sentences_that_translators_were_given(app, entry):
    donors = [b.donor(f"Donor {n}") for n in range(9)]  # more than a figure has bars: the rest is “All others”
    salma = b.officer("Salma Idrissi", "paying")
    for n, donor in enumerate(donors):
        pledge = b.contributions.announce_pledge(
            donor, amount="50000.00", currency="USD", purpose="travel", by=salma, at=b.AT
        )
        b.agreement(pledge.on, salma)
        b.deposit(pledge.on, salma, bank=f"LU-{n}")
    said, given = set(), {key(m) for m in extracted() if not m.pluralizable} | {"", "USD"}

    def say(sentence, /, **values):
        said.add(sentence)
        return i18n.say(sentence, **values)

    with snapshot() as taken:
        report = entry.build(taken)
    with force_locale("fr"):
        draw_pdf.draw_pdf(report, dataclasses.replace(voice("fr"), say=say))
    assert len(said) > 10
    assert said - given == set()
    assert not report.figure or "All others" in said or entry.name in ONE_BAR_A_LINE


def test_a_french_report_has_the_funds_french_name_and_legal_basis_from_the_mandate(app):
    with snapshot() as taken:
        report = menu.find("journal").build(taken)
        fund = taken.mandate.fund
    for language in ("fr", "en"):
        with force_locale(language), pikepdf.open(io.BytesIO(draw(report, "pdf", language))) as pdf:
            assert str(pdf.docinfo.Subject) == fund.name[language]
    assert report.own("legal_basis", "fr") == fund.legal_basis["fr"] != fund.legal_basis["en"]
    assert report.as_data()["fund"] == fund.name["en"], "the digest is the same in every language"
