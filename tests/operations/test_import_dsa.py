"""Daily allowances come in from a file, exactly as its source has them, on both databases."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from tests import builders as b
from tests.operations import insider
from trustfund.commands import files
from trustfund.core.refusal import NotDesignated
from trustfund.extensions import db
from trustfund.models.allowances import DsaRate
from trustfund.models.record import Event, head_of
from trustfund.operations import record
from trustfund.operations.import_dsa import DSA, book_dsa, import_dsa
from trustfund.operations.import_files import BadFile, lines_of
from trustfund.operations.imports import Imported

pytestmark = pytest.mark.usefixtures("both_apps")

HEADER = "place,currency,rate,from,lodging_share,source\n"
GENEVA = "Geneva,CHF,310.00,2018-03-01,0.60,ICSC circular 2018/3\n"
TOKYO = "Tokyo,JPY,38000,2018-03-01,,ICSC circular 2018/3\n"
KUWAIT = "Kuwait City,KWD,96.125,2018-03-01,1,ICSC circular 2018/3\n"


@pytest.fixture
def file(tmp_path):
    def write(*lines, header=HEADER, encoding="utf-8"):
        path = tmp_path / "dsa.csv"
        path.write_bytes((header + "".join(lines)).encode(encoding))
        return path

    return write


def recorded() -> list[tuple[object, ...]]:
    db.session.rollback()
    columns = DsaRate.place, DsaRate.day, DsaRate.currency, DsaRate.rate, DsaRate.lodging, DsaRate.source
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(DsaRate.place, DsaRate.day))]


def events() -> int:
    db.session.rollback()
    return head_of(db.session())[0]


def faults(path) -> list[str]:
    """What is wrong with a file of which nothing was booked."""
    before = events(), recorded()
    with pytest.raises(BadFile, match="Nothing was booked") as bad:
        import_dsa(path, at=b.AT)
    assert (events(), recorded()) == before
    return bad.value.faults


def test_three_places_are_recorded_in_their_own_minor_units_and_a_second_time_adds_nothing(file):
    path, before = file(GENEVA, TOKYO, KUWAIT), events()
    assert import_dsa(path, at=b.AT, dry_run=True) == Imported(3, 0)
    assert (events(), recorded()) == (before, [])
    assert import_dsa(path, at=b.AT) == Imported(3, 0)
    day, source = date(2018, 3, 1), "ICSC circular 2018/3"
    assert recorded() == [
        ("Geneva", day, "CHF", 31000, "0.60", source),
        ("Kuwait City", day, "KWD", 96125, "1", source),
        ("Tokyo", day, "JPY", 38000, None, source),
    ]
    assert import_dsa(path, at=b.AT) == Imported(0, 3)
    assert events() == before + 3
    actions = db.session.scalars(select(Event.action).where(Event.seq > before))
    assert set(actions) == {"dsa.recorded"}
    assert record.verify(full=True).faults == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_a_file_has_a_bom_or_none_and_commas_or_semicolons(file, encoding, separator):
    lines = HEADER + GENEVA.replace("Geneva", "Saint-Étienne")
    assert import_dsa(file(header=lines.replace(",", separator), encoding=encoding), at=b.AT) == Imported(1, 0)
    assert recorded()[0][0] == "Saint-Étienne"


WRONG = (
    ("Geneva", " ", "names its place"),
    ("Geneva", "G" * 81, "names its place"),
    ("CHF", "SFR", "SFR is not a currency"),
    ("310.00", "0", "The amount is zero"),
    ("310.00", "-310", "“-310” is not an amount"),
    ("310.00", "310.005", "more decimals than CHF"),
    ("310.00", "three", "“three” is not an amount"),
    ("2018-03-01", "1.3.2018", "is not a date"),
    ("0.60", "60", "“60” is no share of lodging"),
    ("0.60", "1.01", "“1.01” is no share of lodging"),
    ("0.60", "60%", "“60%” is no share of lodging"),
    ("0.60", "-0.1", "is no share of lodging"),
    ("ICSC circular 2018/3", " ", "names its source"),
    ("ICSC circular 2018/3", "s" * 81, "names its source"),
)


def test_a_wrong_line_is_named_and_nothing_of_the_file_is_booked(file):
    for changed, to, why in WRONG:
        [fault] = faults(file(TOKYO, GENEVA.replace(changed, to)))
        assert fault.startswith("line 3: "), to
        assert why in fault
    two = faults(file(GENEVA.replace("310.00", "x"), TOKYO, KUWAIT.replace("KWD", "KW")))
    assert [fault[:7] for fault in two] == ["line 2:", "line 4:"]


def test_a_file_that_is_no_table_of_allowances_is_refused(file):
    assert faults(file(header="place,rate\n")) == [
        "line 1: the columns are place, rate; they should be place, currency, rate, from, lodging_share, source."
    ]
    assert faults(file("Geneva,CHF\n")) == ["line 2: it has 2 columns; the header has 6."]
    assert faults(file(GENEVA.replace("Geneva", "Genève"), encoding="latin-1"))[0].startswith("dsa.csv is not UTF-8")


@pytest.mark.parametrize(
    ("changed", "to"), [("310.00", "311.00"), ("CHF", "EUR"), ("0.60", "0.61"), ("0.60", ""), ("2018/3", "2018/4")]
)
def test_another_rate_of_the_same_place_and_day_is_refused_with_what_stands(file, changed, to):
    import_dsa(file(GENEVA), at=b.AT)
    [fault] = faults(file(TOKYO, GENEVA.replace(changed, to)))
    assert fault == (
        "line 3: The allowance of Geneva from 2018-03-01 is recorded as 310.00 CHF, share of lodging “0.60”, source "
        "“ICSC circular 2018/3”. A rate once recorded stays; record another from a later day."
    )


def test_the_same_rate_written_otherwise_is_known_and_a_later_day_is_a_new_rate(file):
    import_dsa(file(GENEVA), at=b.AT)
    same = GENEVA.replace("310.00", "310").replace("0.60", "0.6")
    assert import_dsa(file(same, GENEVA.replace("2018-03-01", "2018-04-01")), at=b.AT) == Imported(1, 1)
    assert [row[1] for row in recorded()] == [date(2018, 3, 1), date(2018, 4, 1)]


def test_a_line_that_stands_twice_in_a_file_is_recorded_once_and_one_that_contradicts_another_is_named(file):
    assert import_dsa(file(GENEVA, GENEVA), at=b.AT) == Imported(1, 1)
    [fault] = faults(file(TOKYO, TOKYO.replace("38000", "38001")))
    assert fault.startswith("line 3: The allowance of Tokyo from 2018-03-01 is recorded as 38,000 JPY")


def lines(*text):
    return lines_of("dsa.csv", (HEADER + "".join(text)).encode(), DSA)


def test_an_officers_import_names_the_officer_and_knows_what_the_server_imported(file):
    import_dsa(file(GENEVA), at=b.AT)
    ines = b.officer("Ines Okafor", "screening")
    assert book_dsa(lines(GENEVA, TOKYO), at=b.AT, by=ines) == Imported(1, 1)
    assert db.session.scalars(select(Event.actor).where(Event.action == "dsa.recorded").order_by(Event.seq)).all() == [
        "system",
        ines,
    ]
    assert record.verify(full=True).faults == []


def test_the_command_reads_on_trial_books_and_knows_what_it_booked(both_apps, file):
    def said(*args) -> tuple[int, str]:
        db.session.rollback()
        result = both_apps.test_cli_runner().invoke(files.dsa, [str(arg) for arg in args])
        return result.exit_code, result.stdout

    path = file(GENEVA, TOKYO)
    assert said(path, "--dry-run") == (0, "2 lines would be booked, 0 known already.\n")
    assert recorded() == []
    assert said(path) == (0, "2 lines booked, 0 known already.\n")
    assert said(path) == (0, "0 lines booked, 2 known already.\n")
    assert said(file(GENEVA.replace("310", "311")))[0] == 1


def test_an_officer_without_designation_imports_nothing_and_the_record_keeps_the_attempt():
    jonas = b.officer("Jonas Weber")
    with pytest.raises(NotDesignated):
        book_dsa(lines(GENEVA), at=b.AT, by=jonas)
    assert recorded() == []
    assert db.session.scalar(select(func.count()).where(Event.action == "dsa.refused", Event.actor == jonas)) == 1


@pytest.mark.parametrize("edit", ["UPDATE dsa_rate SET rate = 1", "DELETE FROM dsa_rate"])
def test_the_database_refuses_to_edit_a_rate(file, edit):
    import_dsa(file(GENEVA), at=b.AT)
    with pytest.raises(DBAPIError, match="dsa_rate is only ever added to"), db.engine.begin() as connection:
        connection.exec_driver_sql(edit)
    assert len(recorded()) == 1


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ("UPDATE dsa_rate SET rate = 32000", "Geneva 2018-03-01 does not say what the record says: rate"),
        ("UPDATE dsa_rate SET currency = 'EUR'", "Geneva 2018-03-01 does not say what the record says: currency"),
        ("UPDATE dsa_rate SET lodging = NULL", "Geneva 2018-03-01 does not say what the record says: lodging"),
        ("UPDATE dsa_rate SET source = 'x'", "Geneva 2018-03-01 does not say what the record says: source"),
        ("UPDATE dsa_rate SET seq = seq + 1", "Geneva 2018-03-01 does not say what the record says: seq"),
        ("UPDATE dsa_rate SET day = '2018-04-01'", "Geneva 2018-04-01 is not in the record"),
        ("DELETE FROM dsa_rate", "Geneva 2018-03-01 is missing, the record has it"),
    ],
)
def test_verify_names_a_rate_that_somebody_changed_behind_the_guards(file, edit, told):
    import_dsa(file(GENEVA), at=b.AT)
    insider.changes(edit)
    assert f"the table dsa_rate: {told}" in record.verify().faults
