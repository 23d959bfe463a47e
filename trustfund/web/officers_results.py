"""Officers look at what contributions did: of all donors in a year, and of one as the donor itself sees it."""

from datetime import date
from functools import partial

from flask import Response, render_template, url_for
from sqlalchemy import select

from trustfund.core.refusal import NotHere
from trustfund.extensions import db
from trustfund.i18n import language, say
from trustfund.models.contributions import Donor
from trustfund.operations.results import years
from trustfund.reports import contribution_results
from trustfund.reports.draw import MIME, draw
from trustfund.reports.report import Report
from trustfund.reports.snapshot import snapshot
from trustfund.web.officers import PAGE, bp
from trustfund.web.results_page import results_page, results_paper


@bp.get("/results")
@bp.get("/results/<int:year>")
def results(year: int | None = None) -> str:
    """All contributions in a year: the last, unless told."""
    known = years(db.session())
    year = known[-1] if year is None else year
    report = _report(year)
    place = [column.key for column in report.columns].index("delegates")
    return render_template(
        "officers/results.html",
        report=report,
        brought=sum(bool(row[place]) for row in report.rows),
        year=year,
        years=known,
        preview=PAGE,
    )


@bp.get("/results/<int:year>.<any(pdf, xlsx, csv):format>")
def results_file(year: int, format: str) -> Response:
    return Response(
        draw(_report(year), format, language()),
        content_type=MIME[format],
        headers={"Content-Disposition": f'attachment; filename="contribution-results-{year}.{format}"'},
    )


@bp.get("/donors/<ref:reference>/results")
@bp.get("/donors/<ref:reference>/results/<int:year>")
def donor_results(reference: str, year: int | None = None) -> str:
    donor = _donor(reference)
    way = [
        (url_for(".donors"), say("Donors")),
        (url_for(".donor", reference=reference), donor.name),
    ]
    return results_page(donor, year, partial(_address, reference), way, own=False)


@bp.get("/donors/<ref:reference>/results.pdf")
@bp.get("/donors/<ref:reference>/results/<int:year>.pdf")
def donor_results_file(reference: str, year: int | None = None) -> Response:
    return results_paper(_donor(reference), year)


def _address(reference: str, year: int | None, paper: bool) -> str:
    return url_for(".donor_results_file" if paper else ".donor_results", reference=reference, year=year)


def _donor(reference: str) -> Donor:
    found = db.session.scalars(select(Donor).where(Donor.reference == reference)).one_or_none()
    if found is None:
        raise NotHere("There is no such thing here.")
    return found


def _report(year: int) -> Report:
    if year not in years(db.session()):
        raise NotHere("There is no such thing here.")
    with snapshot(from_day=date(year, 1, 1), to_day=date(year, 12, 31)) as taken:
        return contribution_results.build(taken)
