"""Rates of exchange come in from a file, exactly as its source wrote them, on both databases."""

import pytest
from sqlalchemy import func, select

from tests import builders as b
from trustfund.extensions import db
from trustfund.models.fund import RateRow
from trustfund.models.record import head_of
from trustfund.operations import imports, record
from trustfund.operations.imports import BadFile, Imported

pytestmark = pytest.mark.usefixtures("both_apps")

HEADER = "currency,per_usd,from,source\n"
EURO = f"EUR,0.929800,2017-01-31,{b.SOURCE}\n"


@pytest.fixture
def file(tmp_path):
    def write(line):
        path = tmp_path / "rates.csv"
        path.write_text(HEADER + line)
        return path

    return write


def test_the_rates_of_two_years_are_recorded_once_exactly_as_written(shared):
    path = shared / "data" / "rates_2017_2018.csv"
    lines = len(path.read_text().splitlines()) - 1
    before = head_of(db.session())
    assert imports.import_rates(path, at=b.AT, dry_run=True) == Imported(lines, 0)
    assert head_of(db.session()) == before
    assert imports.import_rates(path, at=b.AT) == Imported(lines, 0)
    assert imports.import_rates(path, at=b.AT) == Imported(0, lines)
    euro = select(RateRow.per_usd).where(RateRow.currency == "EUR").order_by(RateRow.day)
    assert db.session.scalar(euro) == "0.929800"
    assert record.verify().faults == []


WRONG = (
    ("EUR", "EURO", "EURO is not a currency"),
    ("0.929800", "0", "“0” is not a rate"),
    ("0.929800", "-1", "“-1” is not a rate"),
    ("0.929800", "0,93", "it has 5 columns"),
    ("2017-01-31", "31/01/2017", "is not a date"),
    (b.SOURCE, " ", "names its source"),
    (b.SOURCE, "s" * 81, "names its source"),
)


def test_a_wrong_rate_is_named_with_its_line(file):
    for changed, to, why in WRONG:
        with pytest.raises(BadFile) as bad:
            imports.import_rates(file(EURO.replace(changed, to)), at=b.AT)
        [fault] = bad.value.faults
        assert fault.startswith("line 2: ")
        assert why in fault
    assert db.session.scalar(select(func.count()).select_from(RateRow)) == 0


def test_a_rate_is_never_replaced(file):
    imports.import_rates(file(EURO), at=b.AT)
    with pytest.raises(BadFile, match="Nothing was booked") as bad:
        imports.import_rates(file(EURO.replace("0.929800", "0.93")), at=b.AT)
    assert bad.value.faults == [
        "line 2: The rate of EUR on 2017-01-31 is recorded as 0.929800; a rate is never replaced."
    ]
    assert imports.import_rates(file(EURO.replace("0.929800", "0.9298")), at=b.AT) == Imported(0, 1)
