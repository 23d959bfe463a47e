"""Who may not do two things on one award: four eyes and more (rules of the fund, 7; Financial Rules 105.5 and 105.6).

Pages, operations and the guards of the database read this one table.
"""

from collections.abc import Iterable

from trustfund.core.refusal import SeparationOfDuties, sentence

ACTS = ("travel", "bank", "certify", "approve", "pay", "attend", "prepare", "settle")
"""What a person did on an award: travels, entered the bank details, certified, approved, paid, confirmed the
attendance, prepared the settlement, approved the settlement."""

BARRED = frozenset(
    frozenset(pair)
    for pair in (
        ("certify", "approve"),
        ("certify", "pay"),
        ("approve", "pay"),
        ("bank", "approve"),
        ("bank", "pay"),
        ("prepare", "settle"),
        ("attend", "prepare"),
        ("attend", "settle"),
        *(("travel", act) for act in ("certify", "approve", "pay", "attend", "prepare", "settle")),
    )
)
"""Pairs of acts that one person never does on one award."""

SAID = {
    ("certify", "approve"): sentence("You certified this award; another officer must approve it."),
    ("certify", "pay"): sentence("You certified this award; another officer must pay it."),
    ("approve", "certify"): sentence("You approved this award; another officer must certify it."),
    ("approve", "pay"): sentence("You approved this award; another officer must pay it."),
    ("pay", "certify"): sentence("You paid on this award; another officer must certify it."),
    ("pay", "approve"): sentence("You paid on this award; another officer must approve it."),
    ("bank", "approve"): sentence("You entered the bank details of this award; another officer must approve it."),
    ("bank", "pay"): sentence("You entered the bank details of this award; another officer must pay it."),
    ("approve", "bank"): sentence("You approved this award; another person must enter its bank details."),
    ("pay", "bank"): sentence("You paid on this award; another person must enter its bank details."),
    ("prepare", "settle"): sentence("You prepared this settlement; another officer must approve it."),
    ("settle", "prepare"): sentence("You approved a settlement of this award; another officer must prepare it."),
    ("attend", "prepare"): sentence("You confirmed the attendance; another officer must prepare the settlement."),
    ("attend", "settle"): sentence("You confirmed the attendance; another officer must approve the settlement."),
    ("prepare", "attend"): sentence("You prepared the settlement; another officer must confirm the attendance."),
    ("settle", "attend"): sentence("You approved the settlement; another officer must confirm the attendance."),
}
TWICE = sentence("You approved this award already; a second approving officer must approve it too.")
TRAVELLER = sentence("This is your own journey; an officer of the fund must do this.")


def barred(done: Iterable[str], act: str, *, twice: bool = False) -> str:
    """Why a person who did these acts on an award cannot do this one: a sentence; empty where nothing bars it.

    ``twice``: whether the person approved in this round already, where two persons must.
    """
    if act == "approve" and twice:
        return TWICE
    for earlier in done:
        if frozenset((earlier, act)) in BARRED:
            return SAID.get((earlier, act), TRAVELLER)
    return ""


def check(done: Iterable[str], act: str, *, twice: bool = False) -> None:
    """Refused where one person would do two things that two must do."""
    if why := barred(done, act, twice=twice):
        raise SeparationOfDuties(why)


def bars_in_sql(done: str, act: str) -> str:
    """The same pairs as a condition on two columns, for the guards of the database."""
    pairs = sorted(tuple(sorted(pair)) for pair in BARRED)
    return " OR ".join(
        f"({done} = '{one}' AND {act} = '{other}')" for pair in pairs for one, other in (pair, reversed(pair))
    )
