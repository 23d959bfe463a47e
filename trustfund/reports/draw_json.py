"""A report as canonical JSON, from which its digest is made."""

from trustfund.reports.report import Report


def draw_json(report: Report) -> bytes:
    """UTF-8, sorted keys, no spaces, no newline at the end; amounts are plain strings."""
    return "".join(report.as_json(digest=report.digest)).encode()
