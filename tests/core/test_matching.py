"""What a line of the bank's statement may be: every reason of the rules, and what comes first."""

from datetime import date

import pytest

from trustfund.core.matching import Entry, Movement, Reason, exact, forms, runs, same_name, suggestions, words_of

DAY = date(2018, 1, 24)


def line(amount: int = 100, key: object = "line", **more) -> Movement:
    return Movement(**{"key": key, "day": DAY, "amount": amount} | more)


def entry(amount: int = 100, key: object = 1, day: date = date(2017, 11, 6), **more) -> Entry:
    return Entry(key=key, day=day, amount=amount, **more)


def best(said: Movement, *entries: Entry, others=()) -> list[tuple[tuple[object, ...], set[Reason]]]:
    return [(one.entries, set(one.reasons)) for one in suggestions(said, entries, others)]


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("P-7KQ2M9XA", "our pledge P-7KQ2M9XA of may"),
        ("P-7KQ2M9XA", "P7KQ2 M9XA"),
        ("P-7KQ2M9XA", "pledge:p.7kq2/m9xa"),
        ("CH/2017/00418", "CH 2017 418"),
        ("00012345", "payment 12345"),
        ("12345", "payment 0012345"),
        ("Note verbale 17/418", "NV 17-0418"),
        ("Note verbale 17/418", "note verbale no 17418"),
        ("Décision 7/2017", "DECISION 7 2017"),
    ],
)
def test_a_reference_is_found_without_its_blanks_signs_zeros_and_accents(reference, words):
    assert forms([reference]) & runs(words)


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("12345", "payment 1234567"),
        ("12345", "9912345"),
        ("418", "418"),
        ("A/RES/2017", "of the year 2017"),
        ("P-7KQ2M9XA", "P-7KQ2M9XB"),
        ("", "anything"),
    ],
)
def test_what_is_too_short_or_part_of_another_number_is_no_reference(reference, words):
    assert not forms([reference]) & runs(words)


def called(donor: str, payer: str) -> bool:
    return same_name(words_of(donor), words_of(payer), set())


@pytest.mark.parametrize(
    ("donor", "payer"),
    [
        ("Norway", "ROYAL MINISTRY OF FINANCE, NORWAY"),
        ("Côte d’Ivoire", "COTE D IVOIRE"),
        ("Zahra Haddad", "HADDAD Zahra"),
        ("Government of Luxembourg", "LUXEMBOURG"),
    ],
)
def test_a_name_is_known_without_accents_case_and_order(donor, payer):
    assert called(donor, payer)


def test_other_names_are_not_taken_for_a_donors():
    assert not called("Norway", "Norwegian Bank")
    assert not called("", "Norway")
    assert not called("Government of Luxembourg", "of")
    assert not called("Norway", "")


def test_each_reason_is_told_and_the_better_ones_come_first():
    said = line(bank_reference="B-1", words="for 17/41800", name="NORWAY")
    assert best(
        said,
        entry(key=1),
        entry(key=2, day=DAY),
        entry(key=3, name="Norway"),
        entry(key=4, references=("Letter 17/41800",)),
        entry(key=5, bank_reference=" B-1 "),
        entry(key=6, amount=99, bank_reference="B-1"),
        entry(key=7, amount=-100, bank_reference="B-1"),
    ) == [
        ((5,), {Reason.BANK_REFERENCE, Reason.AMOUNT}),
        ((4,), {Reason.REFERENCE, Reason.AMOUNT}),
        ((3,), {Reason.NAME, Reason.AMOUNT}),
        ((2,), {Reason.DAY, Reason.AMOUNT}),
        ((1,), {Reason.AMOUNT}),
    ]


def test_of_equal_reasons_the_nearer_day_comes_first():
    later, earlier = entry(key=1, day=date(2017, 12, 1)), entry(key=2, day=date(2017, 11, 1))
    assert [keys for keys, _ in best(line(), earlier, later)] == [(1,), (2,)]


def test_a_contribution_is_suggested_by_what_is_owed_or_by_name_with_another_amount():
    assert best(
        line(name="Norway"),
        entry(key="P-1", amount=100, name="Norway", owed=True),
        entry(key="P-2", amount=500, name="Norway", owed=True),
        entry(key="P-3", amount=100, owed=True),
        entry(key="P-4", amount=500, owed=True),
    ) == [
        (("P-1",), {Reason.NAME, Reason.OWED}),
        (("P-2",), {Reason.NAME}),
        (("P-3",), {Reason.OWED}),
    ]


def test_one_line_is_a_whole_payment_order():
    paid = [entry(key=n, amount=-10, group="O-1", references=("O-1234567",)) for n in range(30)]
    [(keys, reasons)] = best(line(-300, words="O-1234567"), *paid, entry(key=99, amount=-290))
    assert (keys, reasons) == (tuple(range(30)), {Reason.REFERENCE, Reason.SUM})


def test_one_line_is_the_few_deposits_of_one_donor_that_make_its_sum():
    gifts = [entry(key=n, amount=amount, name="Fiji") for n, amount in enumerate((30, 70, 55))]
    assert best(line(name="FIJI"), *gifts, entry(key=9, amount=45)) == [((0, 1), {Reason.NAME, Reason.SUM})]


def test_several_lines_are_one_entry():
    others = [line(40, key="b", name="Norway"), line(25, key="c", name="Norway"), line(60, key="d")]
    said = line(60, key="a", name="Norway")
    [found] = suggestions(said, [entry(amount=100, name="Norway")], [said, *others])
    assert (found.lines, found.entries, found.reasons) == (("a", "b"), (1,), (Reason.NAME, Reason.SUM))


def test_exact_is_only_what_no_other_line_or_entry_could_be():
    lines = [line(key=n, bank_reference=r) for n, r in enumerate(("A", "B", "B", "C", "", "D"))]
    entries = [entry(key=k, bank_reference=r) for k, r in (("a", "A"), ("b", "B"), ("c", "C"), ("c2", "C"), ("n", ""))]
    assert exact(lines, [*entries, entry(101, key="d", bank_reference="D")]) == [(0, "a")]


def test_of_a_long_text_and_many_entries_only_so_many_are_tried():
    long = " ".join(str(n) for n in range(100_000, 130_000))
    assert len(runs(long)) < 5_000
    many = [entry(key=n, amount=n + 1, day=DAY) for n in range(2_000)]
    assert len(suggestions(line(10_000, words=long), many)) <= 10
