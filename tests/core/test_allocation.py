"""Money meets the order: whose seat is proposed and who waits (rules of the fund, 4)."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.candidates import candidate, order
from tests.core.random_records import CATEGORIES, DEFAULT_PRIORITY, DEFAULT_STEPS, record_by
from trustfund.core.allocation import allocate
from trustfund.core.priority import Candidate
from trustfund.core.selection import decided

RECORDS = st.randoms(use_true_random=False).map(lambda chance: record_by(chance, at_most=14))
CENTS = st.integers(0, 2_000_000)
POTS = st.sampled_from([*CATEGORIES, None, "free"])
usual = settings(deadline=None, max_examples=60)

AMINA = candidate("Amina", completed="2018-01-01")
FATOU = candidate("Fatou", completed="2018-01-02", charge="5000.00")
GRACE = candidate("Grace", completed="2018-01-03")
BORAN = candidate("Boran", category="developing")
"""Three LDC delegates, of whom Fatou is dear, and one of another country, who stands a step below them."""


def outcomes(*people: Candidate, money: str, when_short: str = "same-step", **earmarked: str) -> dict[str, str]:
    """Name -> outcome. Money tied to a category is given by its name, to the meeting as ``meeting``."""
    places = order(*people)
    allocation = allocate(
        places,
        spendable=Decimal(money),
        when_short=when_short,
        earmarked={None if name == "meeting" else name: Decimal(amount) for name, amount in earmarked.items()},
    )
    return {place.candidate.reference: outcome for place, outcome in zip(places, allocation.outcomes, strict=True)}


def test_a_charge_that_fits_to_the_cent_is_proposed_and_one_cent_less_is_not_enough():
    assert outcomes(AMINA, money="1000.00") == {"Amina": "proposed"}
    assert outcomes(AMINA, money="999.99") == {"Amina": "waiting"}


@pytest.mark.parametrize(
    ("when_short", "grace", "boran"),
    [("same-step", "proposed", "waiting"), ("skip", "proposed", "proposed"), ("stop", "waiting", "waiting")],
)
def test_when_fatou_s_journey_does_not_fit_others_may_or_may_not_be_proposed(when_short, grace, boran):
    assert outcomes(AMINA, FATOU, GRACE, BORAN, money="3000.00", when_short=when_short) == {
        "Amina": "proposed",
        "Fatou": "waiting",
        "Grace": grace,
        "Boran": boran,
    }


def test_the_step_of_the_first_that_does_not_fit_counts_not_that_of_a_later_one():
    dear = candidate("Grace", completed="2018-01-03", charge="4000.00")
    last = candidate("Maya", completed="2018-01-04")
    assert outcomes(AMINA, FATOU, dear, last, BORAN, money="3000.00") == {
        "Amina": "proposed",
        "Fatou": "waiting",
        "Grace": "waiting",
        "Maya": "proposed",
        "Boran": "waiting",
    }


def test_the_step_counts_even_where_the_mandate_does_not_rank_by_it():
    places = order(FATOU, GRACE, BORAN, criteria=["country-category", "earliest-complete", "draw"])
    assert allocate(places, spendable=Decimal("3000.00"), earmarked={}, when_short="same-step").outcomes == [
        "waiting",
        "proposed",
        "waiting",
    ]


def test_a_journey_that_costs_nothing_waits_too_after_the_fund_stopped():
    free = candidate("Grace", completed="2018-01-03", charge="0.00")
    assert outcomes(FATOU, free, money="0.00", when_short="stop") == {"Fatou": "waiting", "Grace": "waiting"}
    assert outcomes(free, FATOU, money="0.00", when_short="skip") == {"Grace": "proposed", "Fatou": "waiting"}


def test_a_held_seat_takes_nothing_because_its_money_is_committed():
    held = candidate("Held", charge="9000.00", held=1)
    assert outcomes(held, AMINA, money="1000.00") == {"Held": "held", "Amina": "proposed"}


def test_over_quota_is_not_funded_however_much_money_there_is():
    three = [candidate(name, "TCD", completed=f"2018-01-0{n}") for n, name in enumerate(["Amina", "Fatou", "Grace"], 1)]
    assert outcomes(*three, money="1000000.00") == {"Amina": "proposed", "Fatou": "proposed", "Grace": "over-quota"}


def test_money_tied_to_the_ldcs_pays_no_other_country_and_stays_visible():
    places = order(BORAN)
    allocation = allocate(places, spendable=Decimal("999.99"), earmarked={"LDC": Decimal("5000.00")}, when_short="skip")
    assert allocation.outcomes == ["waiting"]
    assert (str(allocation.spent), str(allocation.left)) == ("0.00", "5999.99")


def test_the_earmark_of_the_category_is_taken_before_that_of_the_meeting():
    """Amina's journey leaves the meeting's 1,000.00 to Boran, who could not use what is tied to LDCs."""
    assert outcomes(AMINA, BORAN, money="0.00", LDC="1000.00", meeting="1000.00") == {
        "Amina": "proposed",
        "Boran": "proposed",
    }


def test_a_charge_is_taken_from_all_three_together():
    both = {"Amina": "proposed", "Boran": "proposed"}
    assert outcomes(AMINA, BORAN, money="1000.00", LDC="300.00", meeting="700.00") == both
    assert outcomes(AMINA, BORAN, money="999.99", LDC="300.00", meeting="700.00") == both | {"Boran": "waiting"}


def test_spent_and_left_are_all_pots_together():
    allocation = allocate(
        order(AMINA, FATOU),
        spendable=Decimal("6000.00"),
        when_short="stop",
        earmarked={"LDC": Decimal("50.25"), None: Decimal("0.75"), "developing": Decimal("8.00")},
    )
    assert (str(allocation.spent), str(allocation.left)) == ("6000.00", "59.00")


# What holds for everybody


@given(RECORDS)
@usual
def test_no_more_is_spent_than_there_is_and_of_no_pot_more_than_it_holds(record):
    data = decided(record).as_data()
    charges = {one["reference"]: one for one in record["candidates"]}
    spent = dict.fromkeys(CATEGORIES, Decimal(0))
    for one in (charges[row["reference"]] for row in data["result"] if row["outcome"] == "proposed"):
        spent[one["category"]] += Decimal(one["charge"])
    beyond_earmarks = sum(max(Decimal(0), spent[category] - pot(record, category)) for category in CATEGORIES)
    assert beyond_earmarks <= pot(record, None) + Decimal(record["spendable"])
    assert Decimal(data["spent"]) == sum(spent.values())
    assert Decimal(data["left"]) == sum(
        (pot(record, tied) for tied in (*CATEGORIES, None)), Decimal(record["spendable"])
    ) - sum(spent.values())


@given(RECORDS, CENTS, POTS)
@usual
def test_where_the_fund_stops_more_money_never_takes_a_seat_away(record, cents, into):
    record = by(record, "stop")
    assert seats(record) <= seats(with_more(record, cents, into))


@given(RECORDS, CENTS, POTS, st.sampled_from(["same-step", "skip"]))
@usual
def test_where_it_goes_on_more_money_takes_no_seat_ahead_of_the_first_waiting_place(record, cents, into, when_short):
    record = by(record, when_short)
    result = decided(record).as_data()["result"]
    first_waiting = next((row["position"] for row in result if row["outcome"] == "waiting"), len(result) + 1)
    ahead = {row["reference"] for row in result if row["outcome"] == "proposed" and row["position"] < first_waiting}
    assert ahead <= seats(with_more(record, cents, into))


@given(RECORDS, CENTS)
@usual
def test_where_the_fund_stops_a_second_run_with_the_rest_of_the_money_gives_the_seats_of_one_with_all_of_it(
    record, cents
):
    """Under the default rules, where each State has one category; the money that comes later is free."""
    categories = {one["state"]: one["category"] for one in record["candidates"]}
    record = {
        **by(record, "stop", priority=DEFAULT_PRIORITY, steps=DEFAULT_STEPS),
        "candidates": [{**one, "category": categories[one["state"]]} for one in record["candidates"]],
    }
    first = decided(record).as_data()
    kept = {row["reference"]: row["position"] for row in first["result"] if row["outcome"] in ("held", "proposed")}
    second = {
        **with_more(rest_of_the_money(record, first), cents, "free"),
        "candidates": [
            one | {"held": kept[one["reference"]]} if one["reference"] in kept else one for one in record["candidates"]
        ],
    }
    at_once = decided(with_more(record, cents, "free")).as_data()
    again = decided(second).as_data()
    assert [row["reference"] for row in again["result"]] == [row["reference"] for row in at_once["result"]]
    assert kept.keys() | seats(second) == {
        row["reference"] for row in at_once["result"] if row["outcome"] in ("held", "proposed")
    }
    assert again["left"] == at_once["left"]


def by(record: dict, when_short: str, **rules: object) -> dict:
    return {**record, "rules": {**record["rules"], "when_cash_falls_short": when_short, **rules}}


def with_more(record: dict, cents: int, into: str | None) -> dict:
    more = Decimal(cents) / 100
    if into == "free":
        return {**record, "spendable": f"{Decimal(record['spendable']) + more:.2f}"}
    return {**record, "earmarked": [*record.get("earmarked", []), {"category": into, "amount": f"{more:.2f}"}]}


def seats(record: dict) -> set[str]:
    result = decided(record).as_data()["result"]
    return {row["reference"] for row in result if row["outcome"] == "proposed"}


def pot(record: dict, tied_to: str | None) -> Decimal:
    pots = record.get("earmarked", [])
    return sum((Decimal(one["amount"]) for one in pots if one["category"] == tied_to), Decimal(0))


def rest_of_the_money(record: dict, decision: dict) -> dict:
    """What the proposed seats left in each pot: their category's is taken first, the meeting's next, the free last."""
    category = {one["reference"]: one["category"] for one in record["candidates"]}
    charge = {one["reference"]: Decimal(one["charge"]) for one in record["candidates"]}
    rest = {tied: pot(record, tied) for tied in (*CATEGORIES, None)} | {"free": Decimal(record["spendable"])}
    for row in decision["result"]:
        if row["outcome"] == "proposed":
            due = charge[row["reference"]]
            for source in (category[row["reference"]], None, "free"):
                taken = min(rest[source], due)
                rest[source], due = rest[source] - taken, due - taken
    return {
        **record,
        "spendable": str(rest.pop("free")),
        "earmarked": [{"category": tied, "amount": str(amount)} for tied, amount in rest.items()],
    }
