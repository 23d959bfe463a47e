"""Every file of ../shared/data/statements is taken, with its lines and sums, or refused with a sentence that says why.

The files are those of other people's tests; some are parts of statements, and of some the balances were made up.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from trustfund.core.refusal import Refused
from trustfund.services import statements
from trustfund.services.statements import identity
from trustfund.services.statements.reading import understood

TAKEN = {
    "bsp__csv_european_decimals.csv": (1, 3, {"EUR": "2260.94"}),
    "bsp__multicurrency.xml": (2, 3, {"EUR": "750.25", "USD": "-99.99"}),
    "bsp__no_namespace.xml": (1, 1, {"GBP": "250.00"}),
    "bsp__sample.sta": (1, 2, {"EUR": "1170.25"}),
    "bsp__sample_statement.csv": (1, 2, {"EUR": "1300.00"}),
    "genkgo__camt053.v2.multi.statement.xml": (2, 2, {"EUR": "1.85"}),
    "php-mt940__Abn__sample.sta": (4, 5, {"EUR": "23853.22"}),
    "php-mt940__Bunq__sample.sta": (1, 111, {"EUR": "-26.67"}),
    "wolph__ASNB__mt940.txt": (31, 8, {"EUR": "56.94"}),
    "wolph__betterplace__with_binary_character.sta": (2, 4, {"EUR": "-179066.75"}),
    "wolph__mBank__mt940.sta": (1, 3, {"PLN": "0.03"}),
    "wolph__self-provided__transaction_details_wrapped.sta": (1, 1, {"EUR": "-6.00"}),
}
"""File -> statements, lines, sum of the movements in each currency."""

REFUSED = {
    "bsp__camt053_garbled_amount.xml": "Line 17, Stmt 1/Ntry 1/Amt: “12..34” is not an amount.",
    "derived__mt940_bad_date.sta": "Line 8, :61: “991345” is not a day of the calendar.",
    "derived__truncated.xml": "Line 152: the XML is damaged or cut off here.",
    "derived__xxe_file.xml": "The file defines entities of its own (DOCTYPE).",
    "genkgo__camt053.v2.minimal.xml": "Line 54, Stmt 1/Bal CLBD: an amount in SEK in a statement in EUR.",
    "genkgo__camt053.v2.wrong.xml": "The file holds no statement (<Stmt>).",
    "genkgo__camt053.v4.xml": "Line 74, Stmt 1/Bal CLBD: an amount in SEK in a statement in EUR.",
    "genkgo__camt053.v8.xml": "Line 74, Stmt 1/Bal CLBD: an amount in SEK in a statement in EUR.",
    "genkgo__camt054.v8.xml": "The file is a camt.054, not a bank statement.",
    "php-mt940__Ing__sample.sta": "Line 31: in statement 100 of account 0000000000, the opening balance of 0.00 and "
    "movements of 7.15 make 7.15 EUR, but its closing balance is 3.47: a difference of -3.68.",
    "wolph__betterplace__empty_entry_date.sta": "Line 1: the statement that begins here has no :25:.",
    "wolph__cmxl__account_identification_legacy.sta": "Line 1: the statement that begins here has no :60F:.",
    "wolph__cmxl__statement_line.sta": "Line 1: the statement that begins here has no :25:.",
    "wolph__jejik__knab.sta": "Line 20: in statement 999/1 of account 123456789, the opening balance of 3058.98 and "
    "movements of -6760.00 make -3701.02 EUR, but its closing balance is 798.98: a difference of 4500.00.",
    "wolph__self-provided__empty_non_swift.sta": "Line 1: the statement that begins here has no :25:.",
    "wolph__self-provided__mt942.sta": "Line 4: this is an MT942, not a bank statement.",
}
"""File -> the beginning of what is said."""


@pytest.fixture(scope="session")
def folder(shared: Path) -> Path:
    return shared / "data/statements"


def test_every_file_stands_in_one_of_the_tables(folder: Path):
    assert {path.name for path in folder.iterdir()} == set(TAKEN) | set(REFUSED)


@pytest.mark.parametrize("name", list(TAKEN))
def test_a_file_of_a_real_bank_is_taken_with_its_lines_and_sums(folder: Path, name: str):
    read = understood((folder / name).read_bytes())
    sums: dict[str, Decimal] = {}
    for statement in read:
        if statement.lines:
            sums[statement.currency] = sums.get(statement.currency, Decimal(0)) + statement.movements
    lines = [line for statement in read for line in statement.lines]
    assert (len(read), len(lines), {code: str(total) for code, total in sums.items()}) == TAKEN[name]
    assert len({identity(line) for line in lines}) == len(lines)


@pytest.mark.parametrize("name", list(REFUSED))
def test_a_file_that_is_no_whole_statement_is_refused_in_a_sentence(folder: Path, name: str):
    with pytest.raises(Refused) as refused:
        understood((folder / name).read_bytes())
    assert str(refused.value).startswith(REFUSED[name])
    assert refused.value.field == "file"


@pytest.mark.parametrize(
    "name", ["bsp__multicurrency.xml", "php-mt940__Bunq__sample.sta", "bsp__csv_european_decimals.csv"]
)
def test_the_process_that_reads_it_says_the_same(folder: Path, name: str):
    content = (folder / name).read_bytes()
    assert statements.read(content) == understood(content)


def test_the_process_that_reads_it_refuses_in_the_same_words(folder: Path):
    content = (folder / "php-mt940__Ing__sample.sta").read_bytes()
    with pytest.raises(Refused) as near:
        understood(content)
    with pytest.raises(Refused) as far:
        statements.read(content)
    assert (far.value.sentence, far.value.values) == (near.value.sentence, near.value.values)
