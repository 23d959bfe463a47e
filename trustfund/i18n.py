"""How the product speaks: sentences in the reader's language, amounts and dates as the UN writes them.

The English sentence is the key; what varies stands in it as {name}. Pages call ``_``, which escapes values, and
``_in(sense, sentence)`` where one English word has two senses (``sentence_in`` marks such a word in a table).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, has_request_context, request, session
from flask_babel import force_locale, get_locale
from flask_login import current_user
from markupsafe import Markup, escape

from trustfund.core.money import Money, decimals
from trustfund.core.refusal import SENSE, Refused, sentence_in

NBSP = "\u00a0"
FOLDER = Path(__file__).parent / "translations"
LANGUAGES = {"en": "English", "fr": "Français"}
"""Languages that are complete; a new one is a catalogue and a line here."""


def init_app(app: Flask) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(FOLDER)
    app.extensions["babel_instance"] = None
    from trustfund.extensions import babel

    babel.init_app(app, locale_selector=_choose)
    app.jinja_env.globals.update(
        _=_in_page,
        _in=_sense_in_page,
        _n=_plural_in_page,
        language=language,
        right_to_left=right_to_left,
        languages=LANGUAGES,
    )
    app.jinja_env.filters.update(
        amount=amount,
        money=money,
        day=day,
        month=month,
        instant=instant,
        number=number,
        place=place,
        per_cent=per_cent,
        rate=rate,
        list_of=list_of,
        apart=apart,
    )


def say(sentence: str, /, **values: object) -> str:
    """A sentence in the reader's language. Values are written as that language writes them."""
    return _text(language(), sentence).format(**{k: shown(v) for k, v in values.items()})


def said_in(code: str) -> Callable[..., str]:
    """``say`` for a reader of a given language, outside a page (mail, papers)."""

    def in_language(sentence: str, /, **values: object) -> str:
        with force_locale(code):
            return say(sentence, **values)

    return in_language


def in_words(texts: Mapping[str, str]) -> str:
    """A text of the mandate in the reader's language, or in English."""
    return in_words_of(language(), texts)


def in_words_of(code: str, texts: Mapping[str, str]) -> str:
    """The same for a reader of a given language, outside a page."""
    return texts.get(code) or texts["en"]


def told(refused: Refused) -> str:
    """A refusal in the reader's language."""
    return say(refused.sentence, **{k: v for k, v in refused.values.items() if k != "seq"})


def language() -> str:
    locale = get_locale()
    return locale.language if locale else "en"


def right_to_left() -> bool:
    return Locale.parse(language()).text_direction == "rtl"


def amount(value: Decimal) -> str:
    """2931.22 -> 2,931.22; 2 931,22 in French; a minus is −. Decimals as they are given."""
    sign, whole, fraction = "−" if value < 0 else "", *f"{abs(value):f}".partition(".")[::2]
    group, point = (",", ".") if language() == "en" else (NBSP, "," if language() in ("fr", "es", "ru") else ".")
    grouped = f"{int(whole):,}".replace(",", group)
    return sign + grouped + (point + fraction if fraction else "")


def money(value: Decimal, currency: str = "USD") -> Markup:
    """An amount with its currency, kept together and apart from the direction of the text around it."""
    places = Decimal(1).scaleb(-decimals(currency))
    return Markup("<bdi>{}{}{}</bdi>").format(amount(value.quantize(places)), NBSP, currency)


def apart(text: object) -> Markup:
    """A name or symbol kept apart from the direction of the text around it."""
    return Markup("<bdi>{}</bdi>").format(text)


def number(value: int) -> str:
    return amount(Decimal(value))


def per_cent(value: Decimal | float) -> str:
    """13%, as tables have it; 13 % where a space belongs before the sign."""
    return f"{value:.0f}{NBSP if language() in ('fr', 'es') else ''}%"


def rate(units: str) -> str:
    """Units of a currency for one USD, with every digit that its source gave."""
    return amount(Decimal(units))


def list_of(texts: Iterable[object], style: Literal["standard", "or"] = "standard") -> str:
    """certifying, approving and paying; or with "or"."""
    return format_list([str(text) for text in texts], style, language())


def place(digest: str, groups: int = 3) -> str:
    """The first digits of a hash, in groups of four, as papers print them."""
    return " ".join(digest[i : i + 4] for i in range(0, 4 * groups, 4))


def day(value: date | str | None) -> str:
    """10 January 2018; 1er mai 2018."""
    if not value:
        return ""
    value = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    text = format_date(value, "d MMMM y", locale=language())
    return f"1er{text[1:]}" if language() == "fr" and value.day == 1 else text


def month(text: str) -> str:
    """2018-01 -> January 2018; janvier 2018. Any other text as it is."""
    if len(text) == 7 and text[4] == "-" and f"{text[:4]}{text[5:]}".isdecimal():
        return format_date(date.fromisoformat(f"{text}-01"), "MMMM y", locale=language())
    return text


def instant(value: datetime | str) -> str:
    """24 January 2018, 14:00 UTC; 24 janvier 2018, 14 h 00 UTC."""
    value = datetime.fromisoformat(value) if isinstance(value, str) else value
    time = f"{value.hour}{NBSP}h{NBSP}{value:%M}" if language() == "fr" else f"{value:%H:%M}"
    return f"{day(value.date())}, {time}{NBSP}UTC"


def shown(value: object) -> object:
    """A value inside a sentence."""
    if isinstance(value, Money):
        return _as_typed(f"{amount(value.amount)}{NBSP}{value.currency}")
    if isinstance(value, Decimal):
        return _as_typed(amount(value))
    if isinstance(value, datetime):
        return instant(value)
    return day(value) if isinstance(value, date) else value


def _as_typed(text: str) -> str:
    """Figures in a sentence that is read from the right: kept in their own order by two signs that nobody sees."""
    return f"\u2066{text}\u2069" if right_to_left() else text


def _in_page(sentence: str, /, **values: Any) -> Markup:
    text = _escaped(language(), sentence)
    return text.format(**{k: shown(v) for k, v in values.items()}) if values else text


@lru_cache(maxsize=4096)
def _escaped(code: str, sentence: str) -> Markup:
    return Markup(escape(_text(code, sentence)))  # noqa: S704 (escaped here)


def _sense_in_page(sense: str, sentence: str, /, **values: Any) -> Markup:
    return _in_page(sentence_in(sense, sentence), **values)


def _plural_in_page(one: str, many: str, n: int, /, **values: Any) -> Markup:
    text = _catalogue(language()).ngettext(one, many, n) if language() != "en" else (one if n == 1 else many)
    return Markup(escape(text)).format(n=number(n), **{k: shown(v) for k, v in values.items()})  # noqa: S704


def _text(code: str, sentence: str) -> str:
    said = sentence if code == "en" or not sentence else str(_catalogue(code).gettext(sentence))
    return said.rpartition(SENSE)[2]


@lru_cache(maxsize=8)
def _catalogue(code: str) -> Translations:
    """The catalogue as translators write it: read once, 35 ms, so that no compiled copy can be missing or old."""
    compiled = BytesIO()
    with (FOLDER / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=code, abort_invalid=True))
    compiled.seek(0)
    return Translations(compiled)


def _choose() -> str:
    """?lang= sticks; else what the person chose before, else the account's, else the browser's."""
    if not has_request_context():
        return "en"
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        if session.get("language") != asked:
            session["language"] = asked
        return asked
    if session.get("language") in LANGUAGES:
        return str(session["language"])
    if current_user and current_user.is_authenticated and current_user.account.language in LANGUAGES:
        return str(current_user.account.language)
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"
