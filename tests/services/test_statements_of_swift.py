"""MT940: what the banks of several countries do with it, and what is told of a file that is none or not whole."""

from datetime import date
from decimal import Decimal

import pytest

from tests.services.bank_files import line, mt940, statement
from trustfund.core.refusal import Refused
from trustfund.services.statements import Line, Statement
from trustfund.services.statements.reading import understood

HEAD = ":20:STARTUMS\n:25:CH5604835012345678009\n:28C:7/1\n:60F:C180123USD100,\n"


def read(text: str) -> tuple[Statement, ...]:
    return understood(text.encode())


def movement(entry: str, *details: str, closing: str = "C180124USD101,") -> Line:
    """The one line of a statement that begins with 100 dollars."""
    told = "".join(f"{row}\n" for row in details)
    [one] = read(f"{HEAD}:61:{entry}\n{told}:62F:{closing}\n-\n")
    return one.lines[0]


@pytest.mark.parametrize(
    ("mark", "closing", "amount", "reversal"),
    [
        ("C", "C180124USD101,", "1.00", False), ("D", "C180124USD99,", "-1.00", False),
        ("CD", "C180124USD101,", "1.00", False), ("DR", "C180124USD99,", "-1.00", False),
        ("RC", "C180124USD99,", "-1.00", True), ("RD", "C180124USD101,", "1.00", True),
    ],
)  # fmt: skip
def test_a_reversed_credit_goes_out_and_a_letter_of_the_currency_is_no_sign(mark, closing, amount, reversal):
    read_line = movement(f"180124{mark}1,00NTRFNONREF", closing=closing)
    assert (str(read_line.amount), read_line.reversal) == (amount, reversal)


def test_a_returned_payment_is_one_too():
    assert movement("180124C1,00NRTINONREF").reversal


def test_references_stand_before_and_after_two_strokes():
    told = movement("1801240124C1,00NTRFPLEDGE 12//B-1", ":86:Grant of Norway")
    assert (told.reference, told.bank_reference, told.text) == ("PLEDGE 12", "B-1", "Grant of Norway")
    none = movement("1801240124C1,00NTRFNONREF//NONREF")
    assert (none.reference, none.bank_reference) == ("", "")


@pytest.mark.parametrize(
    ("days", "value", "booked"),
    [
        ("1712311231", date(2017, 12, 31), date(2017, 12, 31)), ("1712310102", date(2017, 12, 31), date(2018, 1, 2)),
        ("1801021230", date(2018, 1, 2), date(2017, 12, 30)), ("180124    ", date(2018, 1, 24), date(2018, 1, 24)),
        ("180230", date(2018, 2, 28), date(2018, 2, 28)), ("1602300301", date(2016, 2, 29), date(2016, 3, 1)),
    ],
)  # fmt: skip
def test_an_entry_day_is_of_the_nearest_year_and_the_thirtieth_of_february_its_last_day(days, value, booked):
    told = movement(f"{days}C1,00NTRFNONREF")
    assert (told.value_date, told.booking_day) == (value, booked)


@pytest.mark.parametrize("days", ["181324", "180132", "1801240132", "180231", "000000"])
def test_a_day_that_is_not_in_the_calendar_is_refused_with_its_line(days: str):
    with pytest.raises(Refused, match=r"Line 5, :61: .* is not a day of the calendar"):
        movement(f"{days}C1,00NTRFNONREF")


@pytest.mark.parametrize("amount", ["1e5", "1,5,0", "1.234,5x", "1.00", "1,005", "1000000000000000,", "1,0 0", "1٣,"])
def test_an_amount_that_is_not_exact_is_refused_with_its_line(amount: str):
    with pytest.raises(Refused, match="Line 5, :61: "):
        movement(f"180124C{amount}NTRFNONREF")


@pytest.mark.parametrize("amount", ["٣,", "NaN", "-5,00", ",50", ""])
def test_an_entry_without_an_amount_is_no_movement(amount: str):
    with pytest.raises(Refused, match=r"Line 5, :61: “180124C.*” is not a movement"):
        movement(f"180124C{amount}NTRFNONREF")


@pytest.mark.parametrize(
    ("details", "name", "account", "reference", "text"),
    [
        (
            [":86:166?00GUTSCHRIFT?109310?20EREF+PLEDGE-12?21SVWZ+Beitrag von Norw?22egen?30DNBANOKK?31NO9386011117947",
             "?32UTENRIKSDEPART?33EMENTET?34000"],
            "UTENRIKSDEPARTEMENTET", "NO9386011117947", "PLEDGE-12", "Beitrag von Norw egen",
        ),
        (
            [":86:/TRTP/SEPA/IBAN/NO9386011117947/BIC/DNBANOKK/NAME/NORWAY/REMI/Grant 12/EREF/PLEDGE-12"],
            "NORWAY", "NO9386011117947", "PLEDGE-12", "Grant 12",
        ),
        (
            [":86:/CNTP/NO9386011117947/DNBANOKK/NORWAY///REMI/USTD//Grant 12/EREF/NOTPROVIDED"],
            "NORWAY", "NO9386011117947", "", "Grant 12",
        ),
        (
            [":86:NL25INGB9999999999 norway", "", "Grant 12"],
            "norway", "NL25INGB9999999999", "", "Grant 12",
        ),
        (
            [":86:GRANT", "REK: NL65INGB0123456789/NAAM: NORWAY"],
            "NORWAY", "NL65INGB0123456789", "", "GRANT REK: NL65INGB0123456789/NAAM: NORWAY",
        ),
        (["NL70ABNA0987654321", ":86:/NAME/NORWAY"], "NORWAY", "NL70ABNA0987654321", "", ""),
        ([":NS:01526715", "15NORWAY", "16GRANT"], "", "", "", "526715 NORWAY GRANT"),
    ],
    ids=["German", "Dutch", "Dutch with CNTP", "ASN", "Knab", "Rabobank", "Hungarian"],
)  # fmt: skip
def test_who_paid_and_what_for_is_told_in_the_ways_of_many_banks(details, name, account, reference, text):
    told = movement("1801240124C1,00NTRFNONREF", *details)
    assert (told.name, told.counterparty, told.reference, told.text) == (name, account, reference, text)


def test_a_row_that_is_full_is_cut_within_a_word():
    row = "GRANT OF THE KINGDOM OF NORWAY FOR DELEGATES OF LEAST DEVELOP"
    assert len(":86:" + row) == 65
    assert movement("180124C1,00NTRF", f":86:{row}", "ED COUNTRIES", "2018").text == f"{row}ED COUNTRIES 2018"


def test_a_time_at_the_beginning_of_a_row_is_no_tag():
    told = movement("180124C1,00NTRF", ":86:PAID 2018-01-24T13", ":20:59 AT OSLO")
    assert told.text == "PAID 2018-01-24T13 :20:59 AT OSLO"


def test_pages_of_a_statement_are_one_and_statements_of_several_accounts_are_several():
    first = HEAD + ":61:180124C1,00NTRF\n:62M:C180124USD101,\n-\n"
    second = HEAD.replace("7/1", "7/2").replace("60F:C180123USD100", "60M:C180124USD101")
    second += ":61:180124C2,00NTRF\n:62F:C180124USD103,\n-\n"
    [one] = read(first + second)
    assert (one.number, one.opening, one.closing, len(one.lines)) == ("7/1", Decimal("100.00"), Decimal("103.00"), 2)
    other = second.replace("CH5604835012345678009", "000123")
    assert [each.account for each in read(first + other)] == ["CH5604835012345678009", "000123"]


def test_an_envelope_may_stand_around_each_message_and_the_currency_behind_the_account():
    body = HEAD.replace("678009", "678009USD") + ":62F:C180124USD100,\n"
    for text in (
        f"{{1:F01X}}{{2:O940X}}{{4:\n{body}-}}{{5:}}",
        f"BANK\n940\nBANK\n{body}-",
        f"\x01\n{body}-\x03\n",
        body,
    ):
        [one] = read(text)
        assert (one.account, one.lines) == ("CH5604835012345678009", ())


def test_letters_are_of_utf_8_or_else_of_windows_1252_and_nothing_else():
    text = mt940(statement(line(name="Ångström & Sønner")))
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "latin-1"):
        assert understood(text.encode(encoding))[0].lines[0].name == "Ångström & Sønner"
    for content in (text.encode("utf-16"), text.encode("utf-16-le"), text.encode("cp850").replace(b"n", b"\x81")):
        with pytest.raises(Refused, match="Line"):
            understood(content)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (HEAD, "Line 1: the statement that begins here has no :62F:"),
        (HEAD + ":61:180124C1,00NTRF\n:62F:C180124USD105,\n", r"Line 6: .*make 101\.00 USD.* a difference of 4\.00"),
        (HEAD + ":62F:C180124EUR100,\n", "Line 5, :62F: the closing balance is in EUR, but the opening balance in USD"),
        (HEAD + ":62F:C180124XYZ100,\n", "Line 5, :62F: “XYZ” is not a currency"),
        (HEAD + ":62F:C180124USD1OO,\n", "Line 5, :62F: “C180124USD1OO,” is not an amount"),
        (HEAD + ":62F:C181324USD100,\n", "Line 5, :62F: “181324” is not a day"),
        (HEAD + ":60F:C180123USD7,\n:62F:C180124USD100,\n", "Line 5: a second :60F in one statement"),
        (HEAD.replace(":25:CH5604835012345678009\n", "") + ":62F:C180124USD100,\n", "no :25:"),
        (HEAD.replace(":60F:C180123USD100,\n", "") + ":62F:C180124USD100,\n", "no :60F:"),
        ("{1:F01X}{2:O942XN}{4:\n:20:X\n", "Line 1: this is an MT942, not a bank statement"),
        ("{1:F01X}{2:I103XN}{4:\n:20:X\n", "Line 1: this is an MT103"),
        ("BANK\n942\nBANK\n:20:X\n", "Line 2: this is an MT942"),
        (":20:X\n:25:1\n:34F:EURD0,\n", "Line 3: this is an MT942"),
        ("{1:F01X}\n", "holds no statement"),
    ],
)
def test_what_is_no_whole_statement_is_refused_in_a_sentence(text: str, because: str):
    with pytest.raises(Refused, match=because):
        read(text)


def test_of_a_file_cut_off_anywhere_only_whole_statements_are_taken():
    text = mt940(statement(line()), statement(line("1.00"), opening="0.00", number="8"))
    whole = read(text)
    taken = set()
    for end in range(len(text)):
        try:
            taken.add(read(text[:end]))
        except Refused:
            continue
    assert taken == {whole[:1], whole}
