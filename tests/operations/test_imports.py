"""Files come in whole or not at all, and each line once, on both databases."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests import builders as b
from trustfund.extensions import db
from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.models.record import Event, head_of, in_the_bank, pots
from trustfund.operations import imports, record
from trustfund.operations.imports import BadFile, Imported

HEADER = "kind,donor,donor_type,country,date,amount,currency,document,earmark,bank_reference,note\n"
NORWAY = "deposit,Norway,state,NOR,2017-06-12,100.00,USD,N1,,B1,\n"

pytestmark = pytest.mark.usefixtures("both_apps")


@pytest.fixture
def file(tmp_path):
    """A contributions file, or a rates file, of these lines."""

    def write(*lines, header=HEADER, encoding="utf-8"):
        path = tmp_path / "file.csv"
        path.write_bytes((header + "".join(lines)).encode(encoding))
        return path

    return write


def imported(path, **how) -> Imported:
    db.session.rollback()
    return imports.import_contributions(path, at=b.AT, **({"as_agreed": True} | how))


def faults(path, **how) -> list[str]:
    """What is wrong with a file; nothing of it was booked."""
    before = head()
    with pytest.raises(BadFile) as bad:
        imported(path, **how)
    assert head() == before
    assert db.session.scalar(select(func.count()).select_from(Donor)) == 0
    return bad.value.faults


def head() -> int:
    db.session.rollback()
    return head_of(db.session())[0]


# The real file


@pytest.fixture
def real(shared):
    return shared / "data" / "contributions_ocha_2016.csv"


def test_138_real_deposits_are_booked_to_the_cent_and_a_second_time_adds_nothing(real):
    assert imported(real) == Imported(booked=138, known=0)
    after = head()
    assert imported(real) == Imported(booked=0, known=138)
    assert head() == after
    assert in_the_bank(db.session()) == Decimal("711265219.42")
    assert sum(pot.came_in for pot in pots(db.session(), Decimal(0)).values()) == Decimal("711265219.42")
    assert db.session.scalar(select(func.count()).select_from(Deposit)) == 138
    assert record.verify().faults == []


def test_one_bad_line_of_138_is_named_and_nothing_is_booked(real, tmp_path):
    lines = real.read_text().splitlines(keepends=True)
    lines[79] = (
        lines[79].replace(".", ",,", 1)
        if "." not in lines[79].split(",")[5]
        else lines[79].replace(lines[79].split(",")[5], "twelve", 1)
    )
    (tmp_path / "bad.csv").write_text("".join(lines))
    assert faults(tmp_path / "bad.csv") == [
        "line 80: “twelve” is not an amount. Use digits and a point, without separators, for example 50000.00."
    ]


def test_a_dry_run_checks_every_line_and_books_nothing(real):
    before = head()
    assert imported(real, dry_run=True) == Imported(booked=138, known=0)
    assert head() == before
    assert db.session.scalar(select(func.count()).select_from(Deposit)) == 0
    assert imported(real) == Imported(booked=138, known=0)


# How a file may be written


@pytest.mark.parametrize(
    "written",
    [
        HEADER + NORWAY,
        "\ufeff" + HEADER + NORWAY,
        (HEADER + NORWAY).replace(",", ";"),
        (HEADER + NORWAY).replace("\n", "\r\n"),
        (HEADER + NORWAY).rstrip("\n"),
        HEADER + "\n" + NORWAY + "\n ,,,,,,,,,,\n",
    ],
)
def test_a_file_is_read_however_its_program_wrote_it(file, written):
    assert imported(file(header=written)) == Imported(1, 0)
    assert db.session.scalar(select(Deposit.amount)) == 10000


def test_columns_may_stand_in_any_order_and_the_line_is_the_same_line(file):
    assert imported(file(NORWAY)) == Imported(1, 0)
    turned = "".join(",".join(reversed(line.split(","))) + "\n" for line in (HEADER + NORWAY).splitlines())
    assert imported(file(header=turned)) == Imported(0, 1)


def test_a_line_after_quoted_newlines_is_called_by_its_number_in_the_file(file):
    quoted = 'deposit,"Norway\nand\nmore",state,NOR,2017-06-12,100.00,USD,N1,,B1,"a ""note"", quoted"\n'
    assert faults(file(quoted, NORWAY.replace("100.00", "-1"))) == [
        "line 5: “-1” is not an amount. Use digits and a point, without separators, for example 50000.00."
    ]
    assert imported(file(quoted)) == Imported(1, 0)
    assert db.session.scalar(select(Donor.name)) == "Norway and more"


def test_names_in_every_script_come_through(file):
    names = {"مؤسسة النيل", "国际基金"}
    assert imported(file(*(NORWAY.replace("Norway", name).replace("B1", name) for name in names))).booked == 2
    assert set(db.session.scalars(select(Donor.name))) == names


# What is refused, with its line

WRONG = (
    ("deposit", "gift", "“gift” is not a kind of contribution"),
    ("Norway", " ", "A donor has a name"),
    ("Norway", "N" * 201, "A donor has a name of at most 200 characters"),
    ("state", "State", "“State” is not a kind of donor"),
    ("NOR", "Norway", "“Norway” is not a country code of three letters"),
    ("NOR", "no", "“no” is not a country code"),
    ("NOR", "", "A State as donor has its country code"),
    ("2017-06-12", "12.6.2017", "“12.6.2017” is not a date"),
    ("2017-06-12", "2017-02-29", "“2017-02-29” is not a date"),
    ("2017-06-12", "20170612", "“20170612” is not a date"),
    ("2017-06-12", "2017-W24-1", "“2017-W24-1” is not a date"),
    ("2017-06-12", "2018-01-25", "2018-01-25 lies ahead"),
    ("USD", "XBT", "XBT is not a currency of ISO 4217"),
    ("USD", "usd", "usd is not a currency"),
    ("USD", "", "– is not a currency"),
    ("USD", "EUR", "There is no rate for EUR on 2017-06-12"),
    ("100.00", "100.001", "100.001 has more decimals than USD has: 2"),
    ("100.00", "1e2", "“1e2” is not an amount"),
    ("100.00", "1'000.00", "is not an amount"),
    ("100.00", "-100.00", "“-100.00” is not an amount"),
    ("100.00", "0.00", "The amount is zero"),
    ("100.00", "٣", "“٣” is not an amount"),
    ("100.00", "NaN", "“NaN” is not an amount"),
    ("100.00", "99999999999999.00", "is larger than any contribution can be"),
    ("N1", "", "Enter the symbol of the agreement"),
    ("N1", "N" * 121, "Enter the symbol of the agreement"),
    (",N1,,", ",N1,lunch,", "“lunch” is not an earmark"),
    ("B1", "", "Enter the bank’s reference"),
    ("B1", "B" * 81, "Enter the bank’s reference"),
)


def test_a_wrong_value_is_named_with_its_line(file):
    for changed, to, why in WRONG:
        [fault] = faults(file(NORWAY.replace(changed, to, 1)))
        assert fault.startswith("line 2: ")
        assert why in fault


def test_every_bad_line_is_named_not_only_the_first(file):
    bad = NORWAY.replace("100.00", "x"), NORWAY.replace("USD", "XXX")
    found = faults(file(NORWAY, *bad, NORWAY.replace("B1", "B4")))
    assert [fault.partition(":")[0] for fault in found] == ["line 3", "line 4"]


def test_a_bank_reference_stands_once_in_a_file_and_once_in_the_books(file):
    assert faults(file(NORWAY, NORWAY.replace("100.00", "5.00"))) == [
        "line 3: The bank reference B1 stands on an earlier line of this file."
    ]
    imported(file(NORWAY))
    with pytest.raises(BadFile) as bad:
        imported(file(NORWAY.replace("100.00", "5.00")))
    assert bad.value.faults[0].startswith("line 2: The bank reference B1 is recorded already, as receipt R-")


def test_a_rate_that_would_burst_the_books_is_refused(file):
    b.rate("EUR", "0.000000000001", "2017-06-01")
    [fault] = faults(file(NORWAY.replace("100.00,USD", "9999999999999.00,EUR")))
    assert "is larger than any contribution can be" in fault


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("kind,donor\n", "line 1: the columns are kind, donor; they should be kind, donor, donor_type"),
        (HEADER.replace("note", "notes"), "line 1: the columns are"),
        (HEADER.replace("note", "kind"), "line 1: the columns are"),
        ("", "line 1: the columns are"),
    ],
)
def test_a_file_with_other_columns_is_refused(file, header, why):
    assert faults(file(NORWAY, header=header))[0].startswith(why)


def test_an_empty_file_is_refused_and_one_of_a_header_adds_nothing(file):
    assert faults(file(header=""))[0].startswith("line 1: the columns are missing")
    assert imported(file()) == Imported(0, 0)


def test_a_line_with_too_many_or_too_few_columns_is_named(file):
    assert faults(file(NORWAY, "deposit,Norway\n")) == ["line 3: it has 2 columns; the header has 11."]


def test_a_quotation_that_never_ends_is_refused(file):
    assert faults(file('deposit,"Norway\n'))[0].startswith("line ")


def test_a_file_that_is_no_utf_8_is_refused_with_the_byte(file):
    assert faults(file(NORWAY.replace("Norway", "Norvège"), encoding="latin-1")) == [
        f"file.csv is not UTF-8 text (byte {len(HEADER) + len('deposit,Norv') + 1})."
    ]
    assert "is not UTF-8 text" in faults(file(NORWAY, encoding="utf-16"))[0]


def test_a_huge_file_is_refused_before_it_is_read(file, monkeypatch):
    monkeypatch.setattr(imports, "LARGEST", 100)
    assert faults(file(NORWAY)) == ["file.csv is larger than 64 MB. Split it."]


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path):
    assert "No such file" in faults(tmp_path / "nowhere.csv")[0]
    assert "directory" in faults(tmp_path)[0]


# Which line is which


def test_two_equal_lines_are_two_facts_and_each_is_known_again(file):
    pledge = NORWAY.replace("deposit", "pledge").replace(",N1,,B1,", ",,,,")
    assert imported(file(pledge, pledge), as_agreed=False) == Imported(2, 0)
    assert imported(file(pledge, pledge), as_agreed=False) == Imported(0, 2)
    assert imported(file(pledge, pledge, pledge), as_agreed=False) == Imported(1, 2)


def test_a_longer_file_adds_only_what_is_new_and_spaces_make_no_new_line(file):
    imported(file(NORWAY))
    assert imported(file(NORWAY.replace("Norway", " Norway "), NORWAY.replace("B1", "B2"))) == Imported(1, 1)


def test_a_pledge_its_agreement_and_its_deposits_meet_by_donor_and_document(file):
    pledge, agreement = NORWAY.replace("deposit", "pledge"), NORWAY.replace("deposit", "agreement")
    first, second = NORWAY.replace("100.00", "40.00"), NORWAY.replace("100.00", "60.00").replace("B1", "B2")
    assert imported(file(pledge, agreement, first, second), as_agreed=False) == Imported(4, 0)
    assert db.session.execute(select(Pledge.state, Pledge.agreed, Pledge.received)).all() == [
        ("fully-paid", 10000, 10000)
    ]
    assert record.verify().faults == []


def test_a_deposit_that_meets_no_agreement_is_unapplied_and_cannot_be_spent(file):
    imported(file(NORWAY), as_agreed=False)
    assert in_the_bank(db.session()) == Decimal("100.00")
    assert pots(db.session(), Decimal(0))[""].spendable == 0
    assert db.session.scalar(select(Event.state_to).order_by(Event.seq.desc())) == "unapplied"


def test_an_agreement_is_recorded_once_and_in_its_pledge_s_currency(file):
    agreement = NORWAY.replace("deposit", "agreement")
    assert "recorded once" in faults(file(agreement, agreement.replace("100.00", "50.00")), as_agreed=False)[0]
    b.rate("EUR", "0.9", "2017-06-01")
    assert "this line differs" in faults(file(agreement, NORWAY.replace("USD", "EUR")), as_agreed=False)[0]


def test_a_date_before_the_fund_is_accepted_and_flagged(file):
    imported(file(NORWAY.replace("2017-06-12", "2016-12-31")))
    assert '"flag":"before-start"' in db.session.scalar(select(Event.body).order_by(Event.seq.desc()))


def test_the_name_of_a_person_who_gives_does_not_enter_the_record(file):
    imported(file(NORWAY.replace("Norway,state,NOR", "Ana Example,individual,")))
    assert not [body for body in db.session.scalars(select(Event.body)) if "Ana" in body]
