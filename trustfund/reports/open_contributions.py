"""Contributions as open data: no sign-in, no names of individuals. Columns last for ever."""

from trustfund.core.refusal import sentence, sentence_in
from trustfund.reports.contributions import standings
from trustfund.reports.report import Column, Kind, Report
from trustfund.reports.snapshot import Snapshot

COLUMNS = (
    Column("donor", sentence("Donor")),
    Column("donor_type", sentence("Kind"), Kind.WORD),
    Column("country", sentence("Country"), Kind.CODE),
    Column("document", sentence("Agreement"), Kind.CODE),
    Column("earmark", sentence("For"), Kind.WORD),
    Column("stage", sentence("Stage"), Kind.WORD),
    Column("announced_on", sentence("Announced on"), Kind.DATE),
    Column("currency", sentence("Currency"), Kind.CODE),
    Column("announced", sentence_in("amount", "Announced"), Kind.MONEY),
    Column("agreed", sentence_in("amount", "Agreed"), Kind.MONEY),
    Column("received", sentence_in("amount", "Received"), Kind.MONEY),
    Column("agreed_usd", sentence("Agreed, USD"), Kind.MONEY, total=True),
    Column("received_usd", sentence("Received, USD"), Kind.MONEY, total=True),
    Column("outstanding_usd", sentence("Outstanding, USD"), Kind.MONEY, total=True),
)


def build(snapshot: Snapshot) -> Report:
    return snapshot.report(
        name="contributions",
        title=sentence("Contributions"),
        answers=sentence("Who gave what"),
        columns=COLUMNS,
        rows=[tuple(getattr(s, c.key) for c in COLUMNS) for s in standings(snapshot)],
        control_totals=(),
    )
