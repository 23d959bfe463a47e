"""A contribution's years in its own currency: what came is exact, and one year begins as the one before ended."""

import random

from trustfund.core.own_currency import own_years


def test_ten_euros_of_eleven_dollars_and_ten_of_twelve_are_spent_at_the_average_of_what_was_there():
    first, second, third = own_years([(1000, 1100), (1000, 1200), (0, 0)], [550, 875, 0])
    assert (first.opening, first.received, first.of(550), first.moves([-550])) == (0, 1000, 500, [-500])
    assert (second.opening, second.received, second.rate) == (500, 1000, (1500, 1750))
    assert (second.moves([25, -900]), second.of(875)) == ([21, -771], 750)
    assert (third.opening, third.rate, third.moves([-875])) == (750, (1500, 1750), [-750])
    assert [year.moved for year in (first, second, third)] == [0, 0, 0]


def test_before_anything_came_nothing_is_said_in_its_currency():
    first, second = own_years([(0, 0), (40, 50)], [0, 50])
    assert (first.rate, first.of(7), first.moves([7])) == (None, 0, [0])
    assert (second.rate, second.moved) == ((40, 50), 0)


def test_where_less_than_nothing_was_left_the_change_of_the_rate_is_told():
    first, second = own_years([(1000, 1000), (1000, 2000)], [-100, 1900])
    assert first.of(-100) == second.opening == -100
    assert (second.rate, second.moved) == ((2000, 3000), 1267 - 900)
    assert second.opening + second.received + second.moved == second.of(1900)


def test_the_column_adds_up_and_nothing_is_left_where_nothing_is_left():
    dice = random.Random(6)
    for _ in range(300):
        received, unspent, moves, left = [], [], [], 0
        for _ in range(4):
            own = dice.choice((0, 0, 1, dice.randrange(1, 10**7)))
            received.append((own, own * dice.randrange(1, 300) // 100))
            there = left + received[-1][1]
            moves.append([dice.randrange(-abs(there) - 1, 50) for _ in range(2)])
            moves[-1].append(-there - sum(moves[-1]) if dice.random() < 0.3 else dice.randrange(0, 10**6))
            left = there + sum(moves[-1])
            unspent.append(left)
        ended = 0
        for year, steps, end in zip(own_years(received, unspent), moves, unspent, strict=True):
            assert year.opening == ended
            ended = year.of(end)
            if year.rate:
                assert year.opening + year.received + year.moved + sum(year.moves(steps)) == ended
            assert ended == 0 or end != 0
