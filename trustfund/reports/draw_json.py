"""A report as canonical JSON, from which its digest is made."""

from trustfund.core.verifier import canonical
from trustfund.reports.report import Report


def draw_json(report: Report) -> bytes:
    """UTF-8, sorted keys, no spaces, no newline at the end; amounts are plain strings."""
    return canonical(report.as_data() | {"digest": report.digest}).encode()
