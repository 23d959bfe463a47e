"""One door to the drawers: a report in a format and a language."""

from trustfund.core.refusal import Refused
from trustfund.i18n import amount, day, right_to_left, say
from trustfund.reports.menu import FORMATS
from trustfund.reports.report import Report, Voice

MIME = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def voice(language: str) -> Voice:
    """How a drawer speaks: ``language`` is that of the page, or of ``force_locale`` around the drawing."""
    return Voice(language, say, amount, day, right_to_left())


def draw(report: Report, format: str, language: str) -> bytes:
    """The bytes of a report; csv and json are the same in every language."""
    if format == "csv":
        from trustfund.reports.draw_csv import draw_csv

        return draw_csv(report)
    if format == "json":
        from trustfund.reports.draw_json import draw_json

        return draw_json(report)
    if format == "xlsx":
        from trustfund.reports.draw_xlsx import draw_xlsx

        return draw_xlsx(report, voice(language))
    if format == "pdf":
        from trustfund.reports.draw_pdf import draw_pdf

        return draw_pdf(report, voice(language))
    raise Refused(
        "“{format}” is not a form of this report. Use {formats}.", format=format[:10], formats=", ".join(FORMATS)
    )
