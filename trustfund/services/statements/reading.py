"""Which reader a file needs, and what it makes of it; in this process, whatever that costs (see the package's read)."""

from trustfund.services.statements import camt053, columns, decoding, headings, mt940
from trustfund.services.statements.columns import Mapping
from trustfund.services.statements.statement import Statement, numbered


def understood(content: bytes, mapping: str = "") -> tuple[Statement, ...]:
    """The statements of a file, or ``Refused`` with the line and what would be right. ``mapping``: JSON, for a CSV."""
    kind = decoding.kind_of(content)
    if kind == "camt":
        return numbered(camt053.read(decoding.of_xml(content)))
    if kind == "swift":
        return numbered(mt940.read(decoding.of_swift(content)))
    text = decoding.of_columns(content)
    chosen = Mapping.from_json(mapping) if mapping.strip() else headings.guess(text)
    return numbered(columns.read(text, chosen))
