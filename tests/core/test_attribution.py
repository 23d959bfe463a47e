"""Who bears what the fund used: by earmark first, pro rata for the rest, to the cent."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from trustfund.core.attribution import NOBODY, Books, Gift, Share, added, attributed, over_years

LUX, NOR, FIJ = "P-LUX", "P-NOR", "P-FIJ"
GIFTS = {LUX: Gift("LUX", ""), NOR: Gift("NOR", "category:LDC"), FIJ: Gift("FIJ", "")}


def year(**books: object) -> Books:
    return Books(**books)  # type: ignore[arg-type]


def shared(*years: Books, gifts: dict[str, Gift] = GIFTS) -> list[dict[str, Share]]:
    """From 2017 on: what each contribution did in each year."""
    return [dict(one.shares) for one in attributed(gifts, dict(enumerate(years, 2017))).values()]


def spent(shares: dict[str, Share]) -> dict[str, int]:
    return {who: share.spent for who, share in shares.items()}


def test_an_earmarked_gift_bears_what_its_pot_used_and_the_others_the_rest_pro_rata():
    (only,) = shared(
        year(received={LUX: 7000, NOR: 5000, FIJ: 3000}, spent={"travel": {"": 1001, "category:LDC": 400}})
    )
    assert spent(only) == {LUX: 701, NOR: 400, FIJ: 300}
    assert {who: share.unspent for who, share in only.items()} == {LUX: 6299, NOR: 4600, FIJ: 2700}


def test_what_a_pot_used_beyond_its_own_gifts_is_borne_by_those_not_earmarked_and_then_by_all():
    (only,) = shared(
        year(received={LUX: 100, NOR: 50, FIJ: 100}, spent={"travel": {"category:LDC": 60, "meeting:N1": 20}})
    )
    assert spent(only) == {LUX: 15, NOR: 50, FIJ: 15}
    (covered,) = shared(year(received={LUX: 100, NOR: 50}, spent={"travel": {"": 120}}))
    assert spent(covered) == {LUX: 100, NOR: 20}


def test_who_gives_later_bears_nothing_of_earlier_years_and_nobody_pays_more_than_it_gave():
    first, second = shared(
        year(received={LUX: 1000}, spent={"travel": {"": 900}}),
        year(received={FIJ: 1000}, spent={"travel": {"": 550}}),
    )
    assert spent(first) == {LUX: 900}
    assert spent(second) == {LUX: 50, FIJ: 500}
    assert second[LUX].unspent == 50
    assert over_years([first[LUX], second[LUX]]) == Share(received=1000, travel=950)


def test_interest_and_charges_go_to_those_who_hold_the_pot_and_a_fee_to_its_own_deposit():
    (only,) = shared(
        year(
            received={LUX: 7000, NOR: 5000, FIJ: 3000},
            fees={NOR: 50},
            came_in={"interest": {"": 100}, "charges": {"": -10}, "exchange": {"category:LDC": -7}},
        )
    )
    assert only[LUX] == Share(received=7000, interest=70, charges=-7)
    assert only[FIJ] == Share(received=3000, interest=30, charges=-3)
    assert only[NOR] == Share(received=5000, fees=50, exchange=-7)


def test_what_comes_back_of_an_earlier_year_goes_to_those_who_had_borne_it():
    _, second = shared(
        year(received={LUX: 1000}, spent={"travel": {"": 400}}),
        year(received={FIJ: 1000}, spent={"travel": {"": -30}}),
    )
    assert spent(second) == {LUX: -30, FIJ: 0}


def test_a_refund_by_all_deposits_leaves_nobody_with_less_than_nothing():
    """Luxembourg's money was used first; at the closing both get back the same share of what they gave."""
    _, last = shared(
        year(received={LUX: 1000}, spent={"travel": {"": 900}}),
        year(received={FIJ: 1000}, refunded={("LUX", ""): 550, ("FIJ", ""): 550}),
    )
    assert {who: (share.refunded, share.evened, share.unspent) for who, share in last.items()} == {
        LUX: (550, 450, 0),
        FIJ: (550, -450, 0),
    }


def test_interest_before_any_deposit_is_nobodys_and_is_used_like_free_money():
    first, second = shared(year(came_in={"interest": {"": 10}}), year(received={LUX: 90}, spent={"travel": {"": 50}}))
    assert first == {NOBODY: Share(interest=10)}
    assert spent(second) == {NOBODY: 5, LUX: 45}


POTS = st.sampled_from(["", "travel", "meeting:N1", "category:LDC"])
CENTS = st.dictionaries(POTS, st.integers(0, 10_000), max_size=4)
REFERENCES = [f"P-{n}" for n in range(6)]


@st.composite
def funds(draw: st.DrawFn) -> tuple[dict[str, Gift], dict[int, Books]]:
    """Up to six contributions over up to four years; what is used was in the fund, as the database sees to it."""
    gifts = {one: Gift(f"D-{draw(st.integers(0, 3))}", draw(POTS)) for one in REFERENCES}
    years, left = {}, 0
    for number in range(2017, 2017 + draw(st.integers(1, 4))):
        books = Books(
            received=draw(st.dictionaries(st.sampled_from(REFERENCES), st.integers(0, 10_000))),
            came_in={"interest": draw(CENTS)},
            spent={"travel": draw(CENTS), "support": draw(CENTS), "activities": draw(CENTS)},
        )
        left += _whole(books.received) + _whole(books.came_in["interest"])
        while (used := sum(_whole(by_pot) for by_pot in books.spent.values())) > left:
            books = replace(books, spent={k: {e: n // 2 for e, n in p.items()} for k, p in books.spent.items()})
        left -= used
        years[number] = books
    return gifts, years


def _whole(parts: dict[str, int]) -> int:
    return sum(parts.values())


@settings(max_examples=150, deadline=None)
@given(funds())
def test_over_all_contributions_every_year_adds_up_to_the_books_and_nobody_pays_what_it_does_not_hold(made):
    gifts, years = made
    held: Counter[str] = Counter()
    for number, one in attributed(gifts, years).items():
        whole, books = added(one.shares.values()), years[number]
        assert whole.received == _whole(books.received)
        assert whole.interest == _whole(books.came_in["interest"])
        assert (whole.travel, whole.support, whole.activities) == tuple(map(_whole, books.spent.values()))
        assert whole.evened == 0
        for who, share in one.shares.items():
            assert (share.opening, share.unspent >= 0) == (held[who], True)
        held = Counter({who: share.unspent for who, share in one.shares.items()})
