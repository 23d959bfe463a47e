"""Bank details as a person types them: made one spelling, or refused with the sentence that says what is wrong.

A mistyped account is found here, not by the bank a week after the delegate has left. Authority: ISO 13616 (IBAN; the
lengths are those of its registry), ISO 9362 (BIC), ISO 20022 (34 characters for any other account).
"""

import re

from trustfund.core.refusal import Refused

_LENGTHS = {
    15: "NO",
    16: "BE",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
IBAN_LENGTHS: dict[str, int] = {code: length for length, codes in _LENGTHS.items() for code in codes.split()}
"""Country (ISO 3166 alpha-2) -> characters of its IBANs. Other countries have none."""

LONGEST_ACCOUNT = 34

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}", re.ASCII)
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)
_ACCOUNT = re.compile(r"[A-Z0-9./-]*[0-9][A-Z0-9./-]*", re.ASCII)
_GAPS = re.compile(r"[\s\u200b-\u200f\u2060-\u2069\ufeff]+")


def iban(text: str) -> str:
    """DE89370400440532013000 of “de89 3704 0044 0532 0130 00”. Refused unless length and check digits agree."""
    kept = _joined(text).replace("-", "").removeprefix("IBAN")
    if not _IBAN.fullmatch(kept):
        raise Refused(
            "This is not an IBAN: it begins with two letters and two digits, for example DE89 3704 0044 0532 0130 00.",
            field="account",
        )
    length = IBAN_LENGTHS.get(kept[:2])
    if length is None:
        raise Refused(
            "No country with the code {country} has IBANs. Enter the account number as the bank writes it.",
            country=kept[:2],
            field="account",
        )
    if len(kept) != length:
        raise Refused(
            "An IBAN of {country} has {length} characters; this one has {typed}. Compare it with a bank statement.",
            country=kept[:2],
            length=length,
            typed=len(kept),
            field="account",
        )
    if not _check_digits_agree(kept):
        raise Refused(
            "The check digits of this IBAN do not agree with the rest, so a character is mistyped. "
            "Compare it with a bank statement.",
            field="account",
        )
    return kept


def bic(text: str) -> str:
    """NWBKGB2L of “nwbk gb 2l xxx”: eight characters, or eleven where they name a branch."""
    kept = _joined(text)
    if not _BIC.fullmatch(kept):
        raise Refused(
            "This is not a BIC: it has 8 or 11 characters, the fifth and sixth are the country, for example NWBKGB2L.",
            field="bic",
        )
    return kept[:8] if kept.endswith("XXX") and len(kept) == 11 else kept


def account_number(text: str) -> str:
    """An account in one spelling: an IBAN where it begins like one and is as long, else as the bank writes it."""
    kept = _joined(text)
    if _looks_like_iban(kept):
        return iban(kept)
    if len(kept) > LONGEST_ACCOUNT:
        raise Refused(
            "An account number has at most {most} characters; this one has {typed}.",
            most=LONGEST_ACCOUNT,
            typed=len(kept),
            field="account",
        )
    if not _ACCOUNT.fullmatch(kept):
        raise Refused(
            "An account number has digits, and besides them only the letters A to Z, points, hyphens and slashes.",
            field="account",
        )
    return kept


def is_iban(account: str) -> bool:
    """Whether an account in its one spelling is an IBAN."""
    return (
        bool(_IBAN.fullmatch(account))
        and IBAN_LENGTHS.get(account[:2]) == len(account)
        and _check_digits_agree(account)
    )


def _joined(text: str) -> str:
    """Without the gaps that make a number easy to read, and the invisible marks that come with a copied one."""
    return _GAPS.sub("", text).upper()


def _looks_like_iban(text: str) -> bool:
    """The country has IBANs and the text is about as long: one character less or more is a mistyped IBAN."""
    kept = text.replace("-", "").removeprefix("IBAN")
    return bool(_IBAN.fullmatch(kept)) and abs(len(kept) - IBAN_LENGTHS.get(kept[:2], 0)) <= 2


def _check_digits_agree(text: str) -> bool:
    """ISO 7064 MOD 97-10: moved behind, with A as 10 to Z as 35, the number leaves 1. Check digits are 02 to 98."""
    number = "".join(str(int(c, 36)) for c in text[4:] + text[:4])
    return "02" <= text[2:4] <= "98" and int(number) % 97 == 1
