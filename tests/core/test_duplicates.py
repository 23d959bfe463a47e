"""Who may be the same person: Mohamed and Muhammad, Awa Traoré with and without her second name, and who is not."""

import random
from dataclasses import replace
from datetime import date

import pytest

from trustfund.core.completion import folded
from trustfund.core.duplicates import REASON, STRENGTHS, Person, alike, likeness

BORN = date(1979, 3, 11)
AWA = Person("Awa Traoré", BORN, "BFA", passport="m1", email="awa@example.org", telephone="+226 70 12", account="A-1")
NOBODY = Person("Bikash Gurung", date(1980, 5, 1), "NPL", "m2", "bikash@example.org", "+977 1", "A-2")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Awa Traoré", "TRAORE Awa"),
        ("Awa Traoré", "Awa Marie Traoré"),
        ("Mohamed Hussein", "Muhammad Husayn"),
        ("Youssouf Oumar", "Yusuf Omar"),
        ("Said Ali", "Saeed Ali"),
        ("Abdel Rahman Diallo", "Abderrahman Diallo"),
        ("Ahmed Al-Masri", "Ahmad Masri"),
        ("Jennifer Okonkwo", "Jenifer Okonkow"),
        ("Søren Łukasz", "Soren Lukasz"),
        ("Мария Иванова", "Иванова Мария"),
        ("Suharto", "Soeharto"),
    ],
)
def test_two_spellings_of_one_name_are_alike(one, other):
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Awa Traoré", "Awa Ouédraogo"),
        ("Ali Omar", "Ali Osman"),
        ("Awa Traoré", "Awa"),
        ("Maria João Silva", "Maria José Santos"),
        ("Li Na", "Lu Na"),
        ("", "Awa"),
        ("- -", "- -"),
        ("Al", "El"),
    ],
)
def test_other_names_are_not_alike(one, other):
    assert not alike(one, other)
    assert not alike(other, one)


@pytest.mark.parametrize(
    ("other", "strength", "reasons"),
    [
        (replace(NOBODY, passport="m1"), "certain", ("passport",)),
        (replace(NOBODY, account="A-1"), "certain", ("account",)),
        (Person("Traore Awa", BORN, "MLI"), "likely", ("same-name", "same-birth")),
        (Person("Awa Marie Traore", date(1979, 11, 3), "BFA"), "likely", ("like-name", "swapped-birth", "state")),
        (Person("Awa Traoré", date(1978, 3, 11), "BFA"), "possible", ("same-name", "near-birth", "state")),
        (Person("Awa Traoré", None, "BFA"), "possible", ("same-name", "state")),
        (replace(NOBODY, email="AWA@example.org"), "possible", ("email",)),
        (replace(NOBODY, telephone="+22670 12"), "possible", ("telephone",)),
    ],
)
def test_a_likeness_names_each_reason_from_the_strongest(other, strength, reasons):
    for found in (likeness(AWA, other), likeness(other, AWA)):
        assert found
        assert (found.strength, found.reasons) == (strength, reasons)


@pytest.mark.parametrize(
    "other",
    [
        NOBODY,
        Person("Awa Traoré", date(1985, 6, 2), "BFA"),
        Person("Awa Traoré", None, "MLI"),
        Person("Awa Marie Traoré", None, "BFA"),
        Person("Bikash Gurung", BORN, "BFA"),
        Person("", None, ""),
    ],
)
def test_people_of_one_name_or_one_birthday_are_told_apart(other):
    assert likeness(AWA, other) is None
    assert likeness(other, AWA) is None


def test_what_a_file_brought_with_one_address_of_a_ministry_is_not_one_person():
    one, other = (replace(who, email="ministry@example.org", account="") for who in (AWA, NOBODY))
    assert likeness(one, other) is None


def test_any_two_are_alike_both_ways_and_who_is_spelt_alike_is_always_found():
    chance = random.Random(7)
    syllables = ["mo", "ha", "med", "ou", "Tra", "oré", "al-", "el ", "yy", "Ww", "ß", "李", "علي", "'", "İ", "k", "9"]

    def name():
        return " ".join("".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(chance.randint(1, 4)))

    def person():
        born = chance.choice([None, date(1980, chance.randint(1, 12), chance.randint(1, 12))])
        return Person(name(), born, chance.choice(["", "BFA"]), chance.choice(["", "m"]), chance.choice(["", "a@b"]))

    for _ in range(3000):
        one, other = person(), person()
        there, back = likeness(one, other), likeness(other, one)
        assert there == back
        assert there is None or (there.strength in STRENGTHS and set(there.reasons) <= set(REASON))
        again = replace(one, names=" ".join(reversed(one.names.upper().split())), born=BORN)
        if folded(again.names) == folded(one.names) != "":
            assert likeness(replace(one, born=BORN), again)
