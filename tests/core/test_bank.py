"""Bank details as people type them."""

import pytest

from trustfund.core.bank import IBAN_LENGTHS, account_number, bic, iban, is_iban
from trustfund.core.refusal import Refused

EXAMPLES = """
AD1200012030200359100100 AE070331234567890123456 BE68539007547034 BI4210000100010000332045181
BR1800360305000010009795493C1 CH9300762011623852957 DE89370400440532013000 EG380019000500000000263180002
FR1420041010050500013M02606 GB29NWBK60161331926819 KW81CBKU0000000000001234560101 LC55HEMM000100010012001200023015
MR1300020001010000123456753 MT84MALT011000012345MTLCAST001S MU17BOMM0101101030300200000MUR NO9386011117947
PS92PALS000000000400123456702 SD8811123456789012 TL380080012345678910157 TN5910006035183598478831
"""
REGISTRY = EXAMPLES.split()
"""Examples that the registry of IBANs gives, digits only and with letters, 15 to 32 characters long."""


def refused(check, text):
    with pytest.raises(Refused) as told:
        check(text)
    return told.value


@pytest.mark.parametrize("example", REGISTRY)
def test_the_registry_s_own_examples_are_ibans(example):
    assert iban(example) == account_number(example) == example
    assert is_iban(example)


@pytest.mark.parametrize("example", REGISTRY)
def test_one_character_mistyped_is_always_found(example):
    for place in range(2, len(example)):
        other = "7" if example[place] != "7" else "8"
        assert "check digits" in str(refused(iban, example[:place] + other + example[place + 1 :]))


@pytest.mark.parametrize("example", REGISTRY)
def test_two_neighbours_changed_for_each_other_are_found(example):
    for i in range(4, len(example) - 1):
        if example[i] != example[i + 1]:
            assert refused(iban, example[:i] + example[i + 1] + example[i] + example[i + 2 :]).field == "account"


@pytest.mark.parametrize(
    "typed",
    [
        "de89 3704 0044 0532 0130 00",
        "DE89-3704-0044-0532-0130-00",
        "IBAN DE89 3704 0044 0532 0130 00",
        "\u200eDE89\u00a03704\u202f0044 0532 0130 00\n",
    ],
)
def test_an_iban_typed_for_reading_is_kept_in_one_spelling(typed):
    assert iban(typed) == account_number(typed) == "DE89370400440532013000"


def test_an_iban_that_is_too_short_says_how_long_it_should_be():
    told = refused(iban, "NO93 8601 1117 94")
    assert (told.field, str(told)) == (
        "account",
        "An IBAN of NO has 15 characters; this one has 14. Compare it with a bank statement.",
    )


def test_a_country_without_ibans_is_named():
    assert "code US" in str(refused(iban, "US64 SVBK US6S 3300 9586 71"))


@pytest.mark.parametrize(
    "typed", ["", "DE", "89DE370400440532013000", "ДЕ89370400440532013000", "DE٨٩370400440532013000"]
)
def test_what_does_not_begin_like_an_iban_is_none(typed):
    assert "This is not an IBAN" in str(refused(iban, typed))


def test_check_digits_that_no_bank_gives_out_are_refused_although_the_remainder_is_right():
    """00, 01 and 99 leave the same remainder as 97, 98 and 02."""
    given_out, never = "GB98MIDL07009312345678", "GB01MIDL07009312345678"
    assert iban(given_out) == given_out
    assert int("".join(str(int(c, 36)) for c in never[4:] + never[:4])) % 97 == 1
    assert "check digits" in str(refused(iban, never))


def test_the_table_has_the_countries_of_the_registry():
    assert len(IBAN_LENGTHS) == 89
    assert (min(IBAN_LENGTHS.values()), max(IBAN_LENGTHS.values())) == (15, 33)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0012 3456 789", "00123456789"),  # Nepal: zeros in front are digits like others
        ("12-3456-0012345-00", "12-3456-0012345-00"),  # New Zealand: the hyphens belong to it
        ("sn08 sn01 0015 2000 0485 0000 3035", "SN08SN0100152000048500003035"),  # Senegal: not in the registry
        ("GB-1", "GB-1"),
        ("1" * 34, "1" * 34),
    ],
)
def test_an_account_without_iban_is_kept_as_the_bank_writes_it(typed, kept):
    assert account_number(typed) == kept
    assert not is_iban(kept)


def test_an_account_that_begins_like_an_iban_must_be_one():
    assert "check digits" in str(refused(account_number, "DE89 3704 0044 0532 0130 01"))
    assert "this one has 21" in str(refused(account_number, "DE89 3704 0044 0532 0130 0"))
    assert not is_iban("DE89370400440532013001")


def test_an_account_number_too_long_or_of_other_signs_is_refused():
    assert str(refused(account_number, "1" * 35)) == ("An account number has at most 34 characters; this one has 35.")
    for typed in ("", "  ", "SAVINGS", "12345 & 6", "١٢٣٤٥"):
        told = refused(account_number, typed)
        assert (told.field, "has digits" in str(told)) == ("account", True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("nwbk gb 2l", "NWBKGB2L"), ("NWBKGB2LXXX", "NWBKGB2L"), ("DEUTDEFF500", "DEUTDEFF500"), ("HIMANPKA", "HIMANPKA")],
)
def test_a_bic_is_kept_in_one_spelling(typed, kept):
    assert bic(typed) == kept


@pytest.mark.parametrize("typed", ["", "NWBKGB2", "NWBKGB2L5", "NWBK2B2L", "NWBKGB2L50000", "NWBKGB2É"])
def test_what_is_no_bic_is_refused(typed):
    told = refused(bic, typed)
    assert (told.field, "8 or 11 characters" in str(told)) == ("bic", True)
