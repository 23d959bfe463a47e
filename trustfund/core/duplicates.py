"""Whether two applications look like one person's, and why (fund practice). Officers judge; nothing is decided here.

Names are read in the letters of one script. Two words are alike if they are the same without case and accents; or
without doubled letters, with ou, oo and w read as u, and ee, ei and y as i (Youssouf, Yusuf); or if they keep the same
three consonants or more in the same order (Mohamed, Muhammad); or if they have five letters or more and one was
changed, left out, added or swapped with its neighbour. Two names are alike if every word of the shorter one is alike a
word of its own in the longer one, whatever the order: two words at least, or as many as the other has; or if they are
alike written as one word (Abdel Rahman, Abderrahman). The articles al and el do not count.

Reasons, from the strongest:
- certain: one passport number, or one account.
- likely: names alike, and one date of birth, or day and month swapped.
- possible: the very same name with a date of birth that is not known, or that differs in day, month or year only, of
  one State; or one e-mail address or telephone number under two accounts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from trustfund.core.completion import folded
from trustfund.core.refusal import sentence

STRENGTHS = ("certain", "likely", "possible")
REASON = {
    "account": sentence("The account is the same."),
    "passport": sentence("The passport number is the same."),
    "same-name": sentence("The name is the same."),
    "like-name": sentence("The name is the same in another spelling, in another order or in part."),
    "same-birth": sentence("The date of birth is the same."),
    "swapped-birth": sentence("Day and month of birth are swapped."),
    "near-birth": sentence("The dates of birth differ only in the day, the month or the year."),
    "state": sentence("The State is the same."),
    "email": sentence("The e-mail address is the same, under another account."),
    "telephone": sentence("The telephone number is the same, under another account."),
}
"""Code -> what an officer reads, in the order in which reasons are told."""
TWO_PERSONS = {
    "passports": sentence("Their passports are of two persons."),
    "mission": sentence("The mission says that they are two persons."),
    "applicants": sentence("The applicants say that they are two persons."),
    "relatives": sentence("They are relatives, or use the contact of one office."),
    "namesakes": sentence("Only their names are alike: date of birth and office are others."),
}
"""Code -> why two applications that look alike are of two persons."""
ARTICLES = frozenset({"al", "el"})
ONE_LETTER = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "w": "u", "y": "i"}
)
VOWELS = frozenset("aeiou")
LONG = 5  # letters from which one slip of the pen is forgiven
SKELETON = 3  # consonants by which a word is known


@dataclass(frozen=True)
class Person:
    """Who asks, by what an application says. ``passport``: a mark that one number always gives; texts may be empty."""

    names: str
    born: date | None = None
    state: str = ""
    passport: str = ""
    email: str = ""
    telephone: str = ""
    account: str = ""


@dataclass(frozen=True)
class Likeness:
    """``strength``: one of STRENGTHS; ``reasons``: codes of REASON."""

    strength: str
    reasons: tuple[str, ...]


def likeness(one: Person, other: Person) -> Likeness | None:
    """Why two look like one person; None where they do not."""
    found = set(_reasons(one, other))
    named, same_state = found & {"same-name", "like-name"}, "state" in found
    if found & {"account", "passport"}:
        strength = "certain"
    elif named and found & {"same-birth", "swapped-birth"}:
        strength = "likely"
    elif ("same-name" in found and same_state and _birth_in_doubt(one, other, found)) or found & {"email", "telephone"}:
        strength = "possible"
    else:
        return None
    return Likeness(strength, tuple(code for code in REASON if code in found))


def still_apart(judged: str, found: str) -> bool:
    """Whether two that were judged to be two persons stay so: nothing stronger has come to speak for one."""
    return STRENGTHS.index(found) >= STRENGTHS.index(judged)


def _reasons(one: Person, other: Person) -> Iterator[str]:
    if one.passport and one.passport == other.passport:
        yield "passport"
    if folded(one.names) and folded(one.names) == folded(other.names):
        yield "same-name"
    elif alike(one.names, other.names):
        yield "like-name"
    if one.born and other.born:
        yield from _of_births(one.born, other.born)
    if one.state and one.state == other.state:
        yield "state"
    if one.account and one.account == other.account:
        yield "account"
    elif one.account or other.account:  # what a file brought often has one address of a ministry for all
        yield from _of_contacts(one, other)


def _of_contacts(one: Person, other: Person) -> Iterator[str]:
    if one.email and one.email.casefold() == other.email.casefold():
        yield "email"
    if digits(one.telephone) and digits(one.telephone) == digits(other.telephone):
        yield "telephone"


def _of_births(one: date, other: date) -> Iterator[str]:
    if one == other:
        yield "same-birth"
    elif one == swapped(other):
        yield "swapped-birth"
    elif (one.year == other.year) + (one.month == other.month) + (one.day == other.day) == 2:
        yield "near-birth"


def _birth_in_doubt(one: Person, other: Person, found: set[str]) -> bool:
    return "near-birth" in found or not (one.born and other.born)


def swapped(born: date) -> date | None:
    """The day with day and month in the other order; None where there is no such day."""
    return date(born.year, born.day, born.month) if born.day <= 12 else None


def digits(telephone: str) -> str:
    """A number as it is dialled."""
    return "".join(c for c in telephone if c.isdecimal())


def alike(one: str, other: str) -> bool:
    """Whether two names may be one person's."""
    mine, theirs = _words(one), _words(other)
    if not mine or not theirs:
        return False
    few, many = sorted((mine, theirs), key=len)
    whole = (len(few) > 1 or len(many) == 1) and _each_has_its_own(few, many)
    return whole or _same_word("".join(mine), "".join(theirs))


def _words(name: str) -> list[str]:
    """The words of a name in their order, without articles unless it has nothing else."""
    words = [folded(word.translate(ONE_LETTER)) for word in name.casefold().replace("-", " ").split()]
    words = [part for word in words for part in word.split()]
    return [word for word in words if word not in ARTICLES] or words


def _each_has_its_own(few: Sequence[str], many: Sequence[str]) -> bool:
    """Whether each word can be given another one that it is like (augmenting paths)."""
    holder: dict[int, int] = {}

    def finds(word: int, tried: set[int]) -> bool:
        for place, candidate in enumerate(many):
            if place in tried or not _same_word(few[word], candidate):
                continue
            tried.add(place)
            if place not in holder or finds(holder[place], tried):
                holder[place] = word
                return True
        return False

    return all(finds(word, set()) for word in range(len(few)))


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    mine, theirs = _sounds(one), _sounds(other)
    if mine == theirs:
        return True
    bones = _skeleton(mine)
    if len(bones) >= SKELETON and bones == _skeleton(theirs):
        return True
    return min(len(mine), len(theirs)) >= LONG and _one_slip(mine, theirs)


def _sounds(word: str) -> str:
    """The word as it sounds, whatever the country whose spelling was taken."""
    for written, heard in (("ou", "u"), ("oo", "u"), ("ee", "i"), ("ei", "i"), ("ph", "f")):
        word = word.replace(written, heard)
    return "".join(_without_repeats(word))


def _without_repeats(letters: Iterable[str]) -> Iterator[str]:
    before = ""
    for letter in letters:
        if letter != before:
            yield letter
        before = letter


def _skeleton(word: str) -> str:
    """The first letter and the consonants after it."""
    return word[:1] + "".join(letter for letter in word[1:] if letter not in VOWELS)


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter was changed, left out, added, or swapped with its neighbour."""
    short, long = sorted((one, other), key=len)
    start = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest, longer = short[start:], long[start:]
    if len(rest) == len(longer):
        return rest[1:] == longer[1:] or (rest[:2] == longer[1::-1] and rest[2:] == longer[2:])
    return rest == longer[1:]
