"""A fund to be measured: an officer who pays, pledges that are agreed, and a long table of others."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select, text

from trustfund.app import create_app
from trustfund.core.roles import SYSTEM
from trustfund.demonstration.money import RATES
from trustfund.extensions import db
from trustfund.models.contributions import Pledge
from trustfund.operations import fund, imports, people

NOW = datetime(2018, 1, 24, 14, tzinfo=UTC)
EMAIL, PASSWORD = "salma@example.org", "correct horse battery"


def made(folder: Path, address: str, pledges: int, agreed: int) -> list[tuple[str, int]]:
    """Set up a fund with so many pledges, the first of them agreed by its own deeds: their references and versions."""
    app = create_app({"DATABASE_URL": address, "CLOCK": NOW.isoformat()}, instance=str(folder))
    with app.app_context():
        fund.set_up(fund.shipped_mandate("a-res-71-280"), NOW)
        _officer()
        imports.import_rates(RATES, at=NOW)
        imports.import_contributions(_agreements(folder / "agreements.csv", agreed), at=NOW)
        rows = db.session.execute(select(Pledge.reference, Pledge.seq)).all()
        _fill(pledges)
        db.session.remove()
        db.engine.dispose()
    return [(row.reference, row.seq) for row in rows]


def _officer() -> None:
    refs = {
        name: people.create_account(
            f"{name}@example.org", role=role, name=name.title(), invite=False, by=SYSTEM, at=NOW
        ).on
        for name, role in (("salma", "officer"), ("second", "officer"), ("head", "head"))
    }
    designation = people.make_designation(
        refs["salma"], function="paying", document="ADM/2017/1", from_day=date(2017, 4, 3), by=refs["head"], at=NOW
    )
    people.confirm_designation(designation.on, by=refs["second"], at=NOW)
    people.set_password(people.account_of(EMAIL), PASSWORD)


def _agreements(path: Path, n: int) -> Path:
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(imports.CONTRIBUTIONS)
        out.writerows(
            ("agreement", "Luxembourg", "state", "LUX", "2017-11-15", "1000.00", "EUR", f"Note verbale {i}", "", "", "")
            for i in range(n)
        )
    return path


def _fill(pledges: int) -> None:
    """Copies of the first pledge straight into the table, without their entries."""
    table = Pledge.__table__
    same = ", ".join(column.name for column in table.columns if column.name not in ("id", "reference"))
    with db.engine.begin() as connection:
        connection.execute(
            text(f"""
            INSERT INTO pledge (reference, {same})
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :pledges)
            SELECT 'P-' || (20000000 + n), {same} FROM numbers, pledge
            WHERE pledge.id = 1 AND n > (SELECT count(*) FROM pledge)"""),
            {"pledges": pledges},
        )
        connection.execute(text("ANALYZE pledge"))
