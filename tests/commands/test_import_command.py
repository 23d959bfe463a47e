"""`trustfund import`: all of a file or nothing; every bad line named."""

import pytest

HEADER = "kind,donor,donor_type,country,date,amount,currency,document,earmark,bank_reference,note"
RATES = "currency,per_usd,from,source\nEUR,0.923003,2017-04-28,ECB\nEUR,0.8877841,2017-05-31,ECB\n"


@pytest.fixture
def file(tmp_path):
    """A file of these lines, by its name."""

    def write(*lines):
        (tmp_path / "in.csv").write_text("\n".join(lines))
        return str(tmp_path / "in.csv")

    return write


def deposit(number, amount="100.00"):
    return f"deposit,Luxembourg,state,LUX,2017-06-12,{amount},USD,NV {number},,LU-{number},"


def test_rates_once_twice_and_on_trial(instance, trustfund, file):
    name = file(RATES)
    assert trustfund("import", "rates", name, "--dry-run").out == "2 lines would be booked, 0 known already.\n"
    assert trustfund("import", "rates", name).out == "2 lines booked, 0 known already.\n"
    assert trustfund("import", "rates", name).out == "0 lines booked, 2 known already.\n"


def test_contributions_tell_what_is_in_the_bank(instance, trustfund, file):
    told = trustfund("import", "contributions", file(HEADER, deposit(1), deposit(2, "1200.50")), "--as-agreed")
    assert told == (0, "2 lines booked, 0 known already.\nIn the bank: 1,300.50 USD.\n", "")


def test_a_trial_books_nothing(instance, trustfund, file):
    before = trustfund("anchors").out
    told = trustfund("import", "contributions", file(HEADER, deposit(1)), "--as-agreed", "--dry-run")
    assert told.out == "1 lines would be booked, 0 known already.\nIn the bank: 0.00 USD.\n"
    assert trustfund("anchors").out == before


def test_every_bad_line_is_named_and_nothing_is_booked(instance, trustfund, file):
    before = trustfund("anchors").out
    told = trustfund(
        "import", "contributions", "--as-agreed", file(HEADER, deposit(1), deposit(2, "much"), deposit(3), deposit(3))
    )
    assert (told.code, told.out) == (1, "")
    assert [line.partition(":")[0] for line in told.err.splitlines()] == ["line 3", "line 5", "Nothing was booked."]
    assert trustfund("anchors").out == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            "currency,per_usd\nEUR,1\n",
            "line 1: the columns are currency, per_usd; they should be currency, per_usd, from, source.",
        ),
        ("", "line 1: the columns are missing; they should be currency, per_usd, from, source."),
        (RATES + "EUR,1\n", "line 4: it has 2 columns; the header has 4."),
        (RATES + 'EUR,"1,2017-06-30,ECB\n', "line "),
    ],
)
def test_a_file_that_is_no_table(instance, trustfund, file, content, says):
    told = trustfund("import", "rates", file(content))
    assert told.code == 1
    assert told.err.startswith(says)
    assert told.err.endswith("\nNothing was booked.\n")


def test_a_file_that_is_no_text(instance, trustfund, tmp_path):
    (tmp_path / "in.csv").write_bytes(b"\xff\xfe\x00")
    assert trustfund("import", "rates", str(tmp_path / "in.csv")).err == (
        "in.csv is not UTF-8 text (byte 1).\nNothing was booked.\n"
    )


@pytest.mark.parametrize(
    ("name", "says"), [("nowhere.csv", "File 'nowhere.csv' does not exist"), ("/", "File '/' is a directory")]
)
def test_no_file_is_wrong_use(instance, refused, name, says):
    assert refused("import", "rates", name) == (
        2,
        f"Invalid value for 'FILE': {says}. See “trustfund import rates --help”.",
    )
