"""CSV: each bank's columns, days and signs, by a guess or a mapping; what can be read in two ways is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.services.bank_files import EUROPEAN, line, statement, table
from trustfund.core.refusal import Refused
from trustfund.services.statements import Mapping, Statement, guess
from trustfund.services.statements.reading import understood

PLAIN = Mapping(day="Date", amount="Amount", own_account="000123", own_currency="USD")
TWO = Mapping(day="Date", debit="Debit", credit="Credit", own_account="000123", own_currency="USD")


def read(text: str, mapping: Mapping | None = None) -> tuple[Statement, ...]:
    return understood(text.encode(), mapping.as_json() if mapping else "")


def amount(printed: str, **how) -> Decimal:
    [one] = read(f'Date,Amount\n2018-01-24,"{printed}"\n', replace(PLAIN, **how))
    return one.lines[0].amount


@pytest.mark.parametrize(
    ("printed", "is_"),
    [
        ("1234.56", "1234.56"), ("1,234.56", "1234.56"), ("1 234.56", "1234.56"), ("1'234.56", "1234.56"),
        ("+7", "7.00"), ("-7.5", "-7.50"), ("−7.50", "-7.50"), ("(1.00)", "-1.00"), ("1.00-", "-1.00"),
        ("1.00 DR", "-1.00"), ("1.00CR", "1.00"), ("USD 12.50", "12.50"), ("0.00", "0.00"),
        ("9999999999999.99", "9999999999999.99"),
    ],
)  # fmt: skip
def test_an_amount_is_exact_with_a_point(printed: str, is_: str):
    assert str(amount(printed)) == is_


@pytest.mark.parametrize(
    ("printed", "is_"),
    [("1.234,56", "1234.56"), ("1 234,56", "1234.56"), ("-4,50", "-4.50"), ("1.234", "1234.00"), ("3", "3.00")],
)
def test_an_amount_is_exact_with_a_comma(printed: str, is_: str):
    assert str(amount(printed, decimal=",")) == is_


@pytest.mark.parametrize(
    "printed",
    [
        "1e5", "٣", "NaN", "1,5,0", "1.234,5x", "12..34", "1,23,456.00", "--1", "-1.00-", "(1.00", "(-1.00)", "- ", "",
        "1.00 DR-", "EUR 1.00", "Infinity", "0x10", "1_000", "1000000000000000", "10000000000000", "1.005", "1.000",
    ],
)  # fmt: skip
@pytest.mark.parametrize("decimal", [".", ","])
def test_what_is_no_exact_amount_is_refused_with_its_line_and_column(printed: str, decimal: str):
    if (printed, decimal) in {("1.000", ","), ("1.005", ",")}:
        printed = printed.replace(".", ",")  # a thousand, in the other way of writing
    with pytest.raises(Refused, match=r"Line 2, Amount: "):
        amount(printed, decimal=decimal)


def test_a_yen_has_no_decimals_and_a_dinar_three():
    assert str(amount("2700", own_currency="JPY")) == "2700"
    assert str(amount("2700.00", own_currency="JPY")) == "2700"
    assert str(amount("1.005", own_currency="KWD")) == "1.005"
    with pytest.raises(Refused, match=r"2700\.50 has more decimals than JPY has: 0"):
        amount("2700.50", own_currency="JPY")
    with pytest.raises(Refused, match="“XYZ” is not a currency"):
        amount("1.00", own_currency="XYZ")


def test_debit_and_credit_stand_in_columns_of_their_own():
    [one] = read("Date,Debit,Credit\n2018-01-24,,56320.00\n2018-01-25,12.00,\n2018-01-26,-3.00,0.00\n", TWO)
    assert [str(each.amount) for each in one.lines] == ["56320.00", "-12.00", "-3.00"]
    for row in ("1.00,2.00", ","):
        with pytest.raises(Refused, match="Line 2, Debit: a line has either a debit or a credit"):
            read(f"Date,Debit,Credit\n2018-01-24,{row}\n", TWO)


def test_a_column_may_hold_the_sign_but_then_the_amount_has_none():
    marked = replace(PLAIN, sign="Af Bij")
    text = "Date,Amount,Af Bij\n2018-01-24,5.00,Af\n2018-01-24,6.00,Bij\n"
    assert [each.amount for each in read(text, marked)[0].lines] == [Decimal("-5.00"), Decimal("6.00")]
    for row in ("-5.00,Af", "5.00,perhaps", "5.00,"):
        with pytest.raises(Refused, match="Line 2, Amount"):
            read(f"Date,Amount,Af Bij\n2018-01-24,{row}\n", marked)


@pytest.mark.parametrize(
    ("printed", "form"),
    [
        ("2018-01-24", "YYYY-MM-DD"), ("2018/1/24", "YYYY-MM-DD"), ("2018-01-24T10:00:00Z", "YYYY-MM-DD"),
        ("20180124", "YYYYMMDD"), ("24.01.2018", "DD.MM.YYYY"), ("24.01.18", "DD.MM.YYYY"), ("24/1/2018", "DD.MM.YYYY"),
        ("01/24/2018", "MM/DD/YYYY"), ("24.01.2018 09:30", "DD.MM.YYYY"),
    ],
)  # fmt: skip
def test_days_are_read_as_the_mapping_says(printed: str, form: str):
    [one] = read(f"Date,Amount\n{printed},1.00\n", replace(PLAIN, date_format=form))
    assert one.lines[0].booking_day == one.lines[0].value_date == date(2018, 1, 24)


@pytest.mark.parametrize("printed", ["2018-02-30", "24.01.2018", "", "2018-13-01", "٢٠١٨-٠١-٢٤", "0000-01-01"])
def test_what_is_no_day_is_refused_with_its_line(printed: str):
    with pytest.raises(Refused, match=r"Line 3, Date: .* is not a day of the calendar"):
        read(f"Date,Amount\n2018-01-24,1.00\n{printed},1.00\n", PLAIN)


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        (
            "Buchungstag;Valuta;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Betrag;Währung;Saldo",
            "01.12.2017;02.12.2017;Norwegen;Gehalt;Beitrag;2.500,00;EUR;5.430,20",
            {"day": "Buchungstag", "value_date": "Valuta", "name": "Auftraggeber/Empfänger", "decimal": ","},
        ),
        (
            '"Buchungstag";"Wertstellung";"Auftraggeber / Begünstigter";"Kontonummer";"Betrag (EUR)";"Kundenreferenz"',
            '"01.12.2017";"01.12.2017";"Norwegen";"DE89370400440532013000";"2500,00";"P-1"',
            {"separator": ";", "counterparty": "Kontonummer", "own_currency": "EUR", "reference": "Kundenreferenz"},
        ),
        (
            '"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","Mededelingen"',
            '"20180124","Noorwegen","NL20INGB0001234567","NL65INGB0123456789","GT","Bij","1234,56","Bijdrage"',
            {"sign": "Af Bij", "date_format": "YYYYMMDD", "account": "Rekening", "name": "Naam / Omschrijving"},
        ),
        (
            "Date;Date de valeur;Libellé;Débit euros;Crédit euros;Solde",
            "03/02/2018;04/02/2018;VIR NORVEGE;;56 320,00;56 320,00",
            {"date_format": "DD.MM.YYYY", "debit": "Débit euros", "credit": "Crédit euros", "text": "Libellé"},
        ),
        (
            "Fecha;Fecha valor;Concepto;Importe;Saldo;Divisa",
            "03-02-2018;04-02-2018;Aportación;1.000,00;1.000,00;EUR",
            {"date_format": "DD.MM.YYYY", "text": "Concepto", "amount": "Importe"},
        ),
        (
            "Transaction Date\tDescription\tType\tAmount\tBalance\tCurrency",
            "01/24/2018\tContribution\tCredit\t56,320.00\t56,320.00\tUSD",
            {"date_format": "MM/DD/YYYY", "separator": "\t", "sign": "Type", "decimal": "."},
        ),
        (
            "Transaction Date,Description,Type,Amount,Currency",
            "24/01/2018,Contribution,Card payment,-56.32,USD",
            {"date_format": "DD.MM.YYYY", "sign": "", "text": "Description"},
        ),
    ],
    ids=["Sparkasse", "DKB", "ING", "French", "Spanish", "tabs", "a type that is no sign"],
)
def test_the_columns_of_many_banks_are_guessed(header: str, rows: str, expected: dict[str, str]):
    found = guess(f"{header}\n{rows}\n")
    assert {name: getattr(found, name) for name in expected} == expected
    [one] = read(f"{header}\n{rows}\n", replace(found, own_account="000123", own_currency=found.own_currency or "USD"))
    assert len(one.lines) == 1


def test_lines_above_the_header_are_passed_over():
    text = "Account statement;;\nFrom 1 to 31 January;;\n\nDate;Amount;Currency\n2018-01-24;1,00;USD\n"
    assert (guess(text).header, guess(text).separator) == (4, ";")
    assert read(text, replace(guess(text), own_account="000123"))[0].lines[0].amount == Decimal("1.00")


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("Date,Amount\n02/03/2018,1.00\n", "whether the day or the month comes first"),
        ("Date;Amount\n2018-01-24;1.000\n", "comma or a point"),
        ("Date;Amount\n2018-01-24;1,000\n", "comma or a point"),
        ("Date;Amount\n2018-01-24;1,50\n2018-01-24;1.50\n", "comma or a point"),
        ("Jour;Somme\n2018-01-24;1\n", "Choose the columns by hand"),
        ("Date,Amount\nyesterday,1.00\n", "not a day"),
        ("nothing at all", "Choose the columns by hand"),
    ],
)
def test_what_can_be_read_in_two_ways_is_not_guessed(text: str, because: str):
    with pytest.raises(Refused, match=because):
        guess(text)


def test_an_iban_that_never_changes_is_our_own():
    text = "Date;Amount;IBAN\n2018-01-24;1,00;DE1\n2018-01-24;1,00;{}\n"
    assert guess(text.format("DE1")).account == "IBAN"
    assert guess(text.format("DE2")).counterparty == "IBAN"


def test_a_balance_that_does_not_run_on_is_refused_with_the_difference():
    rows = table(statement(line("100.00"), line("-40.00"), line("1.00"))).replace("160,00", "150,00")
    with pytest.raises(Refused, match=r"Line 3, Saldo: a balance of 200\.00 and a movement of -40\.00 make 160\.00"):
        read(rows, EUROPEAN)


def test_a_balance_printed_once_a_day_gives_opening_and_closing():
    text = "Date,Amount,Balance\n2018-01-24,1.00,\n2018-01-24,2.00,13.00\n2018-01-25,4.00,\n"
    [one] = read(text, replace(PLAIN, balance="Balance"))
    assert (one.opening, one.closing, one.movements) == (Decimal("10.00"), Decimal("17.00"), Decimal("7.00"))
    [without] = read(text, PLAIN)
    assert (without.opening, without.closing) == (None, None)


def test_lines_are_told_from_the_earliest_even_where_no_balance_says_so():
    [one] = read("Date,Amount\n2018-01-25,2.00\n2018-01-24,1.00\n", PLAIN)
    assert [each.booking_day.day for each in one.lines] == [24, 25]
    assert (one.first_day, one.last_day) == (date(2018, 1, 24), date(2018, 1, 25))


def test_each_account_and_currency_of_a_file_is_a_statement():
    text = "Date,Amount,Account,Currency\n2018-01-24,1.00,A,USD\n2018-01-24,2.00,B,USD\n2018-01-25,3,A,JPY\n"
    both = replace(PLAIN, account="Account", currency="Currency")
    assert [(one.account, one.currency, str(one.movements)) for one in read(text, both)] == [
        ("A", "USD", "1.00"),
        ("B", "USD", "2.00"),
        ("A", "JPY", "3"),
    ]


def test_a_file_without_names_has_numbered_columns():
    by_number = Mapping(day="1", amount="3", text="2", header=0, own_account="000123", own_currency="USD")
    assert read("2018-01-24,Grant,5.00\n", by_number)[0].lines[0].text == "Grant"


@pytest.mark.parametrize(
    ("text", "mapping", "because"),
    [
        ("Date,Amount\n", PLAIN, "a header and no line"),
        ("Date,Sum\n2018-01-24,1.00\n", PLAIN, "Line 1: there is no column “Amount”"),
        ("Date,Amount\n2018-01-24\n", PLAIN, "Line 2 has 1 columns"),
        ('Date,Amount\n2018-01-24,"1.00\n', PLAIN, "Line 2: the quotation marks"),
        ('Date,Amount\n2018-01-24,"1".00\n', PLAIN, "Line 2: the quotation marks"),
        ("Date,Amount\n" + "," * 300, PLAIN, "Line 2: more than 200 columns"),
        ("Date,Amount\n2018-01-24,1.00\n", replace(PLAIN, own_account=""), "account and currency"),
        ("Date,Amount\n2018-01-24,1.00\n", replace(PLAIN, amount=""), "which the amount"),
        ("Date,Amount\n2018-01-24,1.00\n", replace(PLAIN, separator="\0"), "how they are written"),
    ],
)
def test_a_table_that_is_not_as_the_mapping_says_is_refused(text: str, mapping: Mapping, because: str):
    with pytest.raises(Refused, match=because):
        read(text, mapping)


def test_a_mapping_of_another_time_or_hand_is_no_mapping():
    with pytest.raises(ValueError, match="header"):
        Mapping.from_json('{"header": "1"}')
