"""What can be set in a mandate, and how each value is read. No rule of the fund has such a figure in code, but
for what holds where an older mandate is silent.

The names are those of the rules of the fund, 1 to 8, where each is marked ⚙.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from trustfund.core import mandate_file as read
from trustfund.core.countries import SUBREGIONS
from trustfund.core.donors import KINDS
from trustfund.core.mandate_file import Part, Reader

CATEGORIES = ("LDC", "LLDC/SIDS", "developing", "self-financing")


def _steps(part: Part) -> tuple[tuple[str, int], ...]:
    """The step table: rows of category and n, the how-manieth seat of a State it is."""
    rows: list[tuple[str, int]] = []
    for step in part.items("a step"):
        pair = step.items("the category of a step")
        if len(pair) != 2:
            raise step.fault('a step must be a category and a number, for example ["LDC", 1]')
        category = read.one_of(*CATEGORIES)(pair[0])
        row = category, read.whole(1, 99)(pair[1].called("the number of a step"))
        if row in rows:
            raise step.fault(f"the step {category}, {row[1]} stands in the table twice")
        if (due := 1 + sum(kept[0] == category for kept in rows)) != row[1]:
            raise step.fault(f"the next seat of {category} in the table must be number {due}, not {row[1]}")
        rows.append(row)
    return tuple(rows)


def _groups(part: Part) -> Mapping[str, str]:
    if not isinstance(part.value, dict):
        raise part.fault(f'{part.name} must be a table, for example {{ KIR = "Asia-Pacific Group" }}')
    groups = part.keys(" ".join(part.value), name="the group of {key}")
    return MappingProxyType(
        {
            read.state(replace(group, value=key, name="a State with a group")): read.words(group)
            for key, group in groups.items()
        }
    )


def _deductions(part: Part) -> Mapping[str, Decimal]:
    keys = part.keys("lodging breakfast lunch dinner")
    shares = MappingProxyType({key: read.fraction(share) for key, share in keys.items()})
    if sum(shares.values()) > 1:
        raise part.fault("the deductions of a day must not be more than the whole allowance")
    return shares


NONE: Mapping[str, Reader] = MappingProxyType({})
SOURCE: Mapping[str, Reader] = MappingProxyType({"source": read.words})


def _dated(
    name: str, of: Mapping[str, Reader], *, also: Mapping[str, Reader] = NONE, own: Mapping[str, Reader] = NONE
) -> Reader:
    """A list of amounts in USD, each from a day on. ``of``: keys that say for what; ``also``: keys that every row has
    besides; ``own``: keys that it may have. No two rows are for the same from the same day."""
    table = read.table_of({**of, "usd": read.usd, "from": read.day, **also}, own)

    def rows(part: Part) -> tuple[Mapping[str, object], ...]:
        kept: dict[tuple[object, ...], Mapping[str, object]] = {}
        for item in part.items(name, least=0):
            row = table(item)
            what = (*(row[key] for key in of), row["from"])
            if what in kept:
                raise item.fault(f"{name} for {', '.join(map(str, what))} stands in the list twice")
            kept[what] = row
        return tuple(kept.values())

    return rows


SETTINGS: dict[str, dict[str, Reader]] = {
    "status": {
        "ldc_transition_years": read.whole(0, 10),
        "developing_list": read.one_of("m49-2017", "none"),
        "self_financing_list": read.one_of("none"),  # a dated list, once officers can import one
        "admitted_with_flag": read.list_of(read.state, "a State admitted with a flag"),
        "regional_group_of": _groups,
    },
    "eligibility": {
        "regional_consultations": read.flag,
        "late_until": read.whole(0, 365),
        "host_state_funded": read.flag,
        "days_between_journeys": read.whole(0, 365),
        "working_days_to_answer_refusal": read.whole(0, 60),
    },
    "priority": {
        "steps": _steps,
        "earlier_seats": read.one_of("phase", "process"),
        "days_to_answer_officer": read.whole(0, 60),
        "draw_seed": read.words,
        "draw_value": read.texts,
    },
    "allocation": {
        "allotment_basis": read.one_of("planned-need"),
        "planned_seats": read.whole(1, 1000),
        "days_to_answer_offer": read.whole(0, 60),
        "when_cash_falls_short": read.one_of("same-step", "skip", "stop"),
    },
    "journeys": {
        "arrive_days_before": read.whole(0, 7),
        "leave_days_after": read.whole(0, 7),
        "dsa_factor": read.fraction,
        "deductions": _deductions,
        "dsa_rates": _dated("a daily allowance", {"place": read.words}, also=SOURCE, own={"lodging": read.fraction}),
        "terminal_rates": _dated("a terminal rate", {"place": read.words}, also=SOURCE),
        "planning_fares": _dated(
            "a planning fare", {"subregion": read.one_of(*sorted(SUBREGIONS)), "venue": read.words}
        ),
        "two_quotes_above": read.usd,
        "dearer_charge_share": read.fraction,
    },
    "money": {"advance_share": read.fraction, "days_settings_unchanged_for_surplus": read.whole(0, 365)},
    "contributions": {
        "kinds_checked": read.list_of(read.one_of(*KINDS), "a kind of donor that is checked"),
        "days_from_reminder_to_instalment": read.whole(1, 365),
        "days_from_instalment_to_reminder": read.whole(1, 365),
        "days_between_instalment_reminders": read.whole(1, 365),
    },
    "claims": {"days_to_claim": read.whole(0, 365), "days_between_reminders": read.whole(1, 365)},
    "duties": {
        "two_approvers_above": read.usd,
        "own_state_barred": read.flag,
        "minutes_of_confirmation": read.whole(1, 720),
    },
    "personal_data": {
        "months_to_keep_drafts": read.whole(1, 120),
        "months_to_keep_unfunded": read.whole(1, 240),
        "years_to_keep_funded": read.whole(1, 30),
        "months_to_keep_accounts": read.whole(1, 240),
        "months_to_keep_mail": read.whole(1, 240),
    },
    "calls": {
        "opens_days_before": read.whole(1, 730),
        "closes_days_before": read.whole(1, 730),
        "selection_days_after_closing": read.whole(0, 60),
        "days_for_note_verbale": read.whole(0, 60),
    },
}
"""Every setting that a mandate has (⚙ in the rules of the fund, 1 to 8), by group, and how its value is read."""
WHERE_SILENT: dict[str, object] = {
    "kinds_checked": ("private", "individual"),
    "days_from_reminder_to_instalment": 30,
    "days_from_instalment_to_reminder": 7,
    "days_between_instalment_reminders": 30,
    "months_to_keep_drafts": 6,
    "months_to_keep_unfunded": 24,
    "years_to_keep_funded": 7,
    "months_to_keep_accounts": 24,
    "months_to_keep_mail": 12,
}
"""What holds where a mandate says nothing of a setting: funds were set up before there was one (fund practice)."""


@dataclass(frozen=True, slots=True)
class Setting:
    code: str
    value: Any  # as its reader in SETTINGS gives it
    authority: str


def settings_of(part: Part) -> Mapping[str, Setting]:
    """Every setting. One that there was not yet when the fund was set up may be silent, and so may its group."""
    settings = {code: Setting(code, value, "fund practice") for code, value in WHERE_SILENT.items()}
    silent = [group for group, readers in SETTINGS.items() if readers.keys() <= WHERE_SILENT.keys()]
    needed = [group for group in SETTINGS if group not in silent]
    for group, one in part.keys(" ".join(needed), " ".join(silent), name="the section [settings.{key}]").items():
        for code, keys in _in_group(one, SETTINGS[group]):
            settings[code] = Setting(code, SETTINGS[group][code](keys["value"]), read.authority(keys["authority"]))
            if code == "closes_days_before" and settings[code].value >= settings["opens_days_before"].value:
                raise keys["value"].fault("a call must close after it opens: fewer days before than it opens")
    return MappingProxyType(settings)


def _in_group(group: Part, readers: Mapping[str, Reader]) -> Iterator[tuple[str, dict[str, Part]]]:
    """The settings that a group has, in our order, each with the parts of what it says."""
    needed = " ".join(code for code in readers if code not in WHERE_SILENT)
    silent = " ".join(code for code in readers if code in WHERE_SILENT)
    parts = group.keys(needed, silent, name="the setting {key}")
    return ((code, parts[code].keys("value authority")) for code in readers if code in parts)
