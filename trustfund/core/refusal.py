"""How the fund says no: one clear sentence, never a bare False.

The English sentence is the key of its translations; what varies stands in it as ``{name}``.
"""


class Refused(Exception):
    """The fund refuses a deed. ``sentence`` names what is refused, why, and what has not changed.

    ``rule`` is a stable word. A refusal whose rule is kept (see KEPT) becomes an event of its own
    in the record; a mistake in a form does not.
    """

    rule = "form"
    status = 422

    def __init__(self, sentence: str, /, *, field: str = "", **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values
        self.field = field

    def __str__(self) -> str:
        return self.sentence.format(**self.values)


class SeparationOfDuties(Refused):
    """Two persons were needed and one came (Fund practice; Financial Rules 105.5 and 105.6)."""

    rule = "separation-of-duties"
    status = 409


class NotEnoughMoney(Refused):
    """The deed would spend more than the money in the bank allows (rules of the fund, 6)."""

    rule = "money"
    status = 409


class NotDesignated(Refused):
    """The account has no right to this deed today: wrong role, or no designation in force."""

    rule = "designation"
    status = 403


class Masked(Refused):
    """What is sealed is shown to who says why, and was not said yet. ``application``, ``what``: where to say it."""

    rule = "masked"
    status = 403


class Stale(Refused):
    """What the person saw has changed since."""

    rule = "stale"
    status = 409


class NotHere(Refused):
    """There is no such thing, or it belongs to somebody else; the fund does not say which."""

    rule = "not-here"
    status = 404


class Busy(Refused):
    """Somebody else's deed takes too long; nothing was changed, the same request can be sent again."""

    rule = "busy"
    status = 503


KEPT = frozenset({"separation-of-duties", "money", "designation"})
"""Rules whose refusals are kept in the record: an auditor wants to see who tried."""


def sentence(text: str) -> str:
    """Marks a sentence that stands in a table, so that translators find it."""
    return text


SENSE = "\x04"
"""Stands between a sense and its word in a key, as in gettext's own files."""


def sentence_in(sense: str, text: str) -> str:
    """Marks a word that has two senses in English: “Agreed” of a pledge and of an amount are two words in French."""
    return sense + SENSE + text
