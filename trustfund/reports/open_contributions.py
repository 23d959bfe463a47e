"""Contributions as open data: no sign-in, no names of individuals or of donors who asked for that. Columns last for
ever; new ones stand at the end."""

from collections.abc import Sequence
from dataclasses import replace

from trustfund.core.refusal import sentence, sentence_in
from trustfund.reports.contributions import Standing, standings
from trustfund.reports.pledged_and_received import over_time
from trustfund.reports.report import Column, Kind, Report
from trustfund.reports.snapshot import Snapshot
from trustfund.reports.status_of_contributions import by_donor

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
    Column("outstanding", sentence("Outstanding"), Kind.MONEY),
    Column("pledged_usd", sentence("Pledged, USD"), Kind.MONEY, total=True),
)
UNNAMED = sentence("A private donor")
"""How a donor stands here that asked not to be named, or that no second officer has accepted yet."""


def build(snapshot: Snapshot) -> Report:
    return told(snapshot, standings(snapshot))


def told(snapshot: Snapshot, known: Sequence[Standing]) -> Report:
    """What everybody may know of these contributions, and the same drawn: over time, and by donor."""
    shown = public(known)
    by_name = by_donor(shown)
    return snapshot.report(
        name="contributions",
        title=sentence("Contributions"),
        answers=sentence("Who gave what"),
        columns=COLUMNS,
        rows=[tuple(getattr(s, c.key) for c in COLUMNS) for s in shown],
        control_totals=(),
        figure=over_time(snapshot, known),
        further=(by_name,) if by_name else (),
    )


def public(known: Sequence[Standing]) -> list[Standing]:
    """Whoever asked not to be named stands last, without what would tell who it is, in an order that no name made."""
    named = [s for s in known if not s.unnamed]
    unnamed = [replace(s, donor=UNNAMED, giver="", country="", document="") for s in known if s.unnamed]
    return named + sorted(unnamed, key=lambda s: (s.announced_on, s.currency, repr(s)))
