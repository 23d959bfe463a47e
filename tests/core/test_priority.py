"""Who is funded first when the fund cannot fund everyone (rules of the fund, 3)."""

from hashlib import sha256

import pytest

from tests.core.candidates import candidate, names, order, told
from tests.core.random_records import CATEGORIES

BY_GENDER = ["gender-balance", "earliest-complete", "draw"]


# Each criterion, alone between two people


def test_an_ldc_delegate_comes_before_an_earlier_delegate_of_another_country():
    early = candidate("Boran", category="developing", completed="2018-01-01")
    ldc = candidate("Amina", category="LDC", completed="2018-01-09")
    assert told(order(early, ldc)) == [("Amina", "step"), ("Boran", None)]


def test_the_second_of_an_ldc_comes_after_the_first_of_a_small_island_and_before_the_first_of_another_country():
    first, second = candidate("Amina", "TCD"), candidate("Fatou", "TCD", completed="2018-01-11")
    island, other = candidate("Sione", category="LLDC/SIDS"), candidate("Boran", category="developing")
    assert told(order(other, second, island, first)) == [
        ("Amina", "step"),
        ("Sione", "step"),
        ("Fatou", "step"),
        ("Boran", None),
    ]


def test_a_file_completed_late_comes_after_one_in_time_whatever_the_region_gender_or_state_say():
    late = candidate("Amina", on_time=False, gender="F")
    in_time = candidate("Boran", region="Asia-Pacific Group", earlier_seats=9, completed="2018-01-20")
    assert told(order(late, in_time)) == [("Boran", "on-time"), ("Amina", None)]


def test_a_state_with_fewer_earlier_seats_comes_first():
    often, once = candidate("Amina", earlier_seats=2), candidate("Boran", earlier_seats=1, completed="2018-01-20")
    assert told(order(often, once)) == [("Boran", "least-funded-state"), ("Amina", None)]


def test_a_region_without_a_seat_comes_before_one_that_has_one():
    first, second = candidate("Amina"), candidate("Boran", completed="2018-01-11")
    asian = candidate("Maya", region="Asia-Pacific Group", completed="2018-01-12")
    assert told(order(first, second, asian)) == [
        ("Amina", "earliest-complete"),
        ("Maya", "regional-balance"),
        ("Boran", None),
    ]


def test_seats_of_a_region_are_counted_by_its_states_that_apply():
    """After one seat each, Africa stands at one of three States and Asia-Pacific at one of two."""
    africa = [candidate(name, completed=f"2018-01-1{n}") for n, name in enumerate(["Amina", "Boran", "Chanda"])]
    asia = [
        candidate(name, region="Asia-Pacific Group", completed=f"2018-01-0{n}")
        for n, name in enumerate(["Maya", "Noor"], 1)
    ]
    places = order(*africa, *asia)
    assert told(places) == [
        ("Maya", "earliest-complete"),
        ("Amina", "earliest-complete"),
        ("Boran", "regional-balance"),
        ("Noor", "regional-balance"),
        ("Chanda", None),
    ]
    assert places[1].values == (africa[0].completed_at, africa[1].completed_at)
    assert places[3].values == (1, 2, 2, 3)


def test_a_state_counts_once_however_many_of_its_people_apply():
    """After one seat each, Africa stands at one of one State and Asia-Pacific at one of two."""
    amina, fatou = candidate("Amina", "TCD", completed="2018-01-01"), candidate("Fatou", "TCD", completed="2018-01-03")
    asia = [
        candidate(name, region="Asia-Pacific Group", completed=f"2018-01-0{day}")
        for name, day in (("Maya", 2), ("Noor", 4))
    ]
    assert names(order(amina, fatou, *asia, criteria=["regional-balance", "earliest-complete", "draw"])) == [
        "Amina",
        "Maya",
        "Noor",
        "Fatou",
    ]


def test_one_seat_of_three_states_is_as_much_as_two_of_six():
    few = [candidate(f"F{n}", f"F{n}X", completed=f"2018-01-0{n}") for n in (1, 2, 3)]
    many = [candidate(f"M{n}", f"M{n}X", region="Asia-Pacific Group", completed=f"2018-01-1{n}") for n in range(6)]
    assert names(order(*many, *few)) == ["F1", "M0", "M1", "F2", "M2", "M3", "F3", "M4", "M5"]


def test_a_seat_counts_for_its_region_and_category_together():
    """Amina's seat is one of Africa's LDCs: it does not put Africa's other countries behind Asia's."""
    ldc = candidate("Amina")
    african = candidate("Boran", category="developing", completed="2018-01-11")
    asian = candidate("Maya", region="Asia-Pacific Group", category="developing", completed="2018-01-12")
    assert told(order(asian, african, ldc)) == [("Amina", "step"), ("Boran", "earliest-complete"), ("Maya", None)]


def test_after_a_man_a_woman_comes_before_an_earlier_man():
    elias = candidate("Elias", gender="M", completed="2018-01-01")
    boran = candidate("Boran", gender="M", completed="2018-01-02")
    places = order(elias, boran, candidate("Amina", gender="F", completed="2018-01-09"), criteria=BY_GENDER)
    assert told(places) == [("Elias", "earliest-complete"), ("Amina", "gender-balance"), ("Boran", None)]
    assert places[1].values == (0, 1)


def test_a_reason_of_gender_tells_how_many_women_and_men_had_seats_before_whoever_gains_by_it():
    held = [
        candidate(name, gender=gender, held=n)
        for n, (name, gender) in enumerate([("Grace", "F"), ("Noor", "F"), ("Elias", "M"), ("Kim", None)], 1)
    ]
    dawit, amina = candidate("Dawit", gender="M", completed="2018-01-09"), candidate("Amina", gender="F")
    assert order(*held, amina, dawit, criteria=BY_GENDER)[4] == (dawit, 1, 1, "gender-balance", (2, 1))


def test_somebody_who_does_not_say_stands_between_the_gender_with_fewer_seats_and_that_with_more():
    held = [candidate("Elias", gender="M", held=1), candidate("Dawit", gender="M", held=2)]
    boran = candidate("Boran", gender="M", completed="2018-01-02")
    kim, amina = candidate("Kim", completed="2018-01-03"), candidate("Amina", gender="F", completed="2018-01-04")
    assert told(order(*held, boran, kim, amina, criteria=BY_GENDER))[2:] == [
        ("Amina", "gender-balance"),
        ("Kim", "gender-balance"),
        ("Boran", None),
    ]


def test_the_file_that_was_complete_first_comes_first_even_by_a_millionth_of_a_second():
    first = candidate("Boran", completed="2018-01-10T09:00:00.000001")
    second = candidate("Amina", completed="2018-01-10T09:00:00.000002")
    assert told(order(second, first)) == [("Boran", "earliest-complete"), ("Amina", None)]


def test_a_draw_decides_between_equals_and_another_seed_draws_anew():
    """The SHA-256 of "example:Amina" begins 790b, of "example:Boran" 03e3; with "other" 087b and 3b60."""
    amina, boran = candidate("Amina"), candidate("Boran")
    assert told(order(amina, boran)) == [("Boran", "draw"), ("Amina", None)]
    assert told(order(amina, boran, seed="other")) == [("Amina", "draw"), ("Boran", None)]


def test_a_mandate_may_put_the_first_seat_of_every_state_before_any_second():
    first, second = candidate("Amina", "TCD"), candidate("Fatou", "TCD", completed="2018-01-11")
    other = candidate("Boran", category="developing", completed="2018-01-20")
    assert told(order(first, second, other, criteria=["seat-of-state", "earliest-complete", "draw"])) == [
        ("Amina", "earliest-complete"),
        ("Boran", "seat-of-state"),
        ("Fatou", None),
    ]


def test_a_mandate_may_put_the_categories_in_their_order():
    people = [
        candidate(category, f"{n}XX", category=category, completed=f"2018-01-1{n}")
        for n, category in enumerate(reversed(CATEGORIES))
    ]
    assert told(order(*people, criteria=["country-category", "draw"])) == [
        ("LDC", "country-category"),
        ("LLDC/SIDS", "country-category"),
        ("developing", "country-category"),
        ("self-financing", None),
    ]


# The how-manieth of its State


@pytest.mark.parametrize(
    ("second", "first"),
    [
        ({}, {"held": 7, "on_time": False}),
        ({"on_time": False, "government_order": 1}, {"government_order": 2}),
        ({"completed": "2018-01-01"}, {"government_order": 4}),
        ({"government_order": 2, "completed": "2018-01-01"}, {"government_order": 1}),
        ({"government_order": 1, "completed": "2018-01-02"}, {"government_order": 1, "completed": "2018-01-01"}),
        ({"completed": "2018-01-02"}, {"completed": "2018-01-01"}),
        ({}, {}),  # SHA-256 of "example:Boran" is smaller than of "example:Amina"
    ],
)
def test_a_state_s_own_order_is_held_in_time_the_government_s_order_complete_first_and_the_draw(second, first):
    places = order(candidate("Amina", "TCD", **second), candidate("Boran", "TCD", **first))
    assert {place.candidate.reference: place.n for place in places} == {"Boran": 1, "Amina": 2}


# Held seats


def test_held_seats_come_first_in_the_order_of_their_earlier_positions_and_need_no_reason():
    places = order(
        candidate("Amina"),
        candidate("Boran", category="developing", held=9),
        candidate("Elias", category="self-financing", held=2),
    )
    assert told(places) == [("Elias", None), ("Boran", None), ("Amina", None)]


def test_held_seats_count_for_region_and_gender():
    held = candidate("Elias", gender="M", held=1)
    boran = candidate("Boran", gender="M", completed="2018-01-01")
    maya = candidate("Maya", region="Asia-Pacific Group", gender="M", completed="2018-01-02")
    amina = candidate("Amina", gender="F", completed="2018-01-03")
    assert told(order(held, boran, maya, amina)) == [
        ("Elias", None),
        ("Maya", "regional-balance"),
        ("Amina", "gender-balance"),
        ("Boran", None),
    ]


def test_a_held_seat_makes_the_next_of_its_state_the_second():
    people = candidate("Amina", "TCD", held=1), candidate("Fatou", "TCD"), candidate("Sione", category="LLDC/SIDS")
    assert told(order(*people)) == [("Amina", None), ("Sione", "step"), ("Fatou", None)]


# Over quota


def test_over_quota_stands_after_all_others_and_says_so():
    three = [candidate(name, "TCD", completed=f"2018-01-0{n}") for n, name in enumerate(["Amina", "Fatou", "Grace"], 1)]
    last = candidate("Rich", category="self-financing", on_time=False, earlier_seats=9)
    places = order(*three, last)
    assert told(places)[1:] == [("Fatou", "step"), ("Rich", "over-quota"), ("Grace", None)]
    assert [place.step for place in places] == [1, 3, 7, None]
    assert places[2].values == (1, 3)


def test_among_those_over_quota_the_same_rule_holds_and_the_counts_go_on():
    """Amina's place over quota counts: after it no gender has more, so Boran comes before Fatou."""
    elias = candidate("Elias", gender="M")
    boran, dawit, amina, fatou = (
        candidate(name, category="developing", gender=gender, completed=f"2018-01-1{n}")
        for n, (name, gender) in enumerate([("Boran", "M"), ("Dawit", "M"), ("Amina", "F"), ("Fatou", "F")])
    )
    assert told(order(elias, boran, dawit, amina, fatou, steps=[("LDC", 1)], criteria=BY_GENDER)) == [
        ("Elias", "over-quota"),
        ("Amina", "gender-balance"),
        ("Boran", "earliest-complete"),
        ("Fatou", "gender-balance"),
        ("Dawit", None),
    ]


def test_without_a_step_table_everybody_is_over_quota():
    assert [place.step for place in order(candidate("Amina"), candidate("Boran"), steps=[])] == [None, None]


def test_over_quota_stands_last_even_where_the_mandate_does_not_rank_by_steps():
    late, over = candidate("Amina", on_time=False), candidate("Boran", category="developing")
    assert told(order(over, late, criteria=["on-time", "draw"], steps=[("LDC", 1)])) == [
        ("Amina", "over-quota"),
        ("Boran", None),
    ]


def test_a_held_seat_that_would_be_over_quota_now_stays_first():
    assert names(order(candidate("Amina"), candidate("Boran", held=1), steps=[])) == ["Boran", "Amina"]


def test_nobody_applied():
    assert list(order()) == []


# What is shown of the order


@pytest.mark.parametrize(
    ("first", "second", "criterion", "values"),
    [
        ({}, {"category": "LLDC/SIDS"}, "step", (1, 2)),
        ({}, {"on_time": False}, "on-time", (0, 1)),
        ({"earlier_seats": 2}, {"earlier_seats": 5}, "least-funded-state", (2, 5)),
        ({}, {"category": "self-financing"}, "country-category", (0, 3)),
        ({"state": "TCD"}, {"state": "TCD"}, "seat-of-state", (1, 2)),
    ],
)
def test_a_place_tells_its_own_value_and_that_of_the_next(first, second, criterion, values):
    places = order(candidate("Boran", **first), candidate("Amina", **second), criteria=[criterion, "draw"])
    assert (places[0].ahead_of_next_by, places[0].values) == (criterion, values)


def test_a_draw_is_told_by_both_numbers():
    places = order(candidate("Amina"), candidate("Boran"))
    assert places[0].values == tuple(sha256(f"example:{name}".encode()).hexdigest() for name in ("Boran", "Amina"))


def test_a_part_of_the_order_is_a_list_of_its_places_and_the_last_has_no_values():
    people = [candidate(name, completed=f"2018-01-0{n}") for n, name in enumerate(["Amina", "Boran", "Chanda"], 1)]
    places = order(*people)
    assert names(places[1:]) == ["Boran", "Chanda"]
    assert places[1:] == [places[1], places[-1]]
    assert (places[-1].candidate, places[-1].values) == (people[2], None)
