"""Selection and beneficiaries: what the kept runs say, and that both agree with the published records."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from tests import seats
from tests.reports.reading import built, sheets, words_of
from tests.reports.samples import voice
from trustfund.operations import proposals, screening
from trustfund.reports import audit_trail, beneficiaries, selection
from trustfund.reports.draw_csv import draw_csv
from trustfund.reports.draw_pdf import draw_pdf
from trustfund.reports.draw_xlsx import draw_xlsx
from trustfund.reports.menu import MENU
from trustfund.reports.report import Report
from trustfund.reports.snapshot import snapshot


@pytest.fixture
def a_round(app: Flask) -> str:
    """Money for two of three: Sudan and Haiti have seats, Ghana waits."""
    seats.officers()
    seats.paid_in("20000.00")
    seats.allotted("6500.00")
    for name, state, gender in (("Amna E", "SDN", "F"), ("Guerda D", "HTI", "F"), ("Kwame M", "GHA", "M")):
        seats.delegate(name, state, gender=gender)
    seats.closed()
    return seats.kept(seats.previewed())


def drawn(report, **days: date) -> Report:  # type: ignore[no-untyped-def]
    with snapshot(**days) as taken:
        return report.build(taken)


def rows_of(report: Report) -> list[dict[str, object]]:
    return [dict(zip([c.key for c in report.columns], row, strict=True)) for row in report.rows]


def test_every_place_of_the_run_stands_in_its_order_with_the_reason(a_round: str):
    rows = rows_of(drawn(selection))
    record = json.loads(seats.run(a_round).text)
    assert [(r["place"], r["reference"], r["outcome"], r["ahead_of_next_by"]) for r in rows] == [
        (r["position"], r["reference"], r["outcome"], r["ahead_of_next_by"]) for r in record["result"]
    ]
    assert [r["state"] for r in rows][-1] == "Ghana"


def test_charges_agree_with_the_published_record(a_round: str):
    report = drawn(selection)
    (control,) = report.control_totals
    assert control.holds
    assert control.value == Decimal(json.loads(seats.run(a_round).text)["spent"])
    assert all(control.holds for control in drawn(beneficiaries).control_totals)


def test_the_states_that_had_seats_are_counted_by_gender(a_round: str):
    rows = {r["iso3"]: r for r in rows_of(drawn(beneficiaries))}
    assert {iso3: (r["applications"], r["seats"], r["women"], r["men"]) for iso3, r in rows.items()} == {
        "GHA": (1, 0, 0, 0),
        "HTI": (1, 1, 1, 0),
        "SDN": (1, 1, 1, 0),
    }
    assert rows["GHA"]["charge_usd"] == 0


def test_a_reader_has_the_names_of_states_in_french_and_a_machine_in_english(a_round: str):
    for report in (drawn(selection), drawn(beneficiaries)):
        assert "Soudan" in words_of(draw_pdf(report, voice("fr")))
        assert "Sudan" in words_of(draw_pdf(report, voice()))
        assert "Haïti" in [value for row in sheets(draw_xlsx(report, voice("fr")))[0].values for value in row]
        for text in ("".join(report.as_json()), draw_csv(report).decode()):
            assert "Haiti" in text
            assert "Haïti" not in text


def test_who_is_not_in_the_list_has_no_region_and_no_category(a_round: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(selection, "beside", lambda kept: [("refused", "N1-AAAA", ["file-complete"])])
    refused = rows_of(drawn(selection))[-1]
    assert (refused["reference"], refused["region"], refused["category"]) == ("N1-AAAA", None, None)
    assert "No regional group" not in words_of(draw_pdf(drawn(selection), voice()))


def moved(run: str) -> str:
    """Ines and Rafael move the last candidate to the first place, the day after; who it is."""
    last = seats.places(run)[-1]
    with seats.on(seats.THE_DAY_AFTER):
        made = proposals.propose(
            "override.recorded",
            subject=run,
            content={"public": last.public, "to_position": 1},
            reason="The delegate chairs the round.",
            by=seats.who("Ines"),
            at=seats.THE_DAY_AFTER,
        )
        proposals.confirm(made.on, by=seats.who("Rafael"), at=seats.THE_DAY_AFTER)
    return last.public


def moves(**days: date) -> dict[object, object]:
    return {r["reference"]: (r["place"], r["moved_to"]) for r in rows_of(drawn(selection, **days)) if r["moved_to"]}


def test_who_was_moved_by_two_officers_is_told_beside_the_computed_place(a_round: str):
    ghana = moved(a_round)
    assert moves() == {ghana: (3, 1)}
    assert [c.key for c in selection.COLUMNS if c.on_page][-1] == "moved_to"
    report = drawn(beneficiaries)
    assert {r["iso3"]: r["moved"] for r in rows_of(report)} == {"GHA": 1, "HTI": 0, "SDN": 0}
    assert report.totals["moved"] == 1


def test_a_move_counts_from_the_day_on_which_it_was_recorded(a_round: str):
    ghana = moved(a_round)
    assert moves(as_at=date(2018, 1, 23)) == {}
    assert moves(to_day=date(2018, 1, 23)) == {}
    assert moves(as_at=date(2018, 1, 24)) == {ghana: (3, 1)}
    assert drawn(beneficiaries, as_at=date(2018, 1, 23)).totals["moved"] == 0


def test_the_last_day_that_there_is_can_be_asked_for(a_round: str):
    """Every report of the menu takes it; those by the day of the entry tell everything."""
    asked = {"from_day": date(1, 1, 1), "to_day": date(9999, 12, 31), "as_at": date(9999, 12, 31)}
    for entry in MENU:
        assert built(entry.name, **asked).as_at == date(9999, 12, 31)
    assert len(drawn(selection, **asked).rows) == 3
    assert len(drawn(audit_trail, **asked).rows) == len(drawn(audit_trail).rows) > 3


def test_a_day_before_the_run_was_kept_knows_nothing_of_it(a_round: str):
    assert drawn(selection, as_at=date(2018, 1, 22)).rows == []
    assert len(drawn(selection, as_at=date(2018, 1, 23)).rows) == 3


def test_no_report_names_a_person(a_round: str):
    text = f"{drawn(selection).rows}{drawn(beneficiaries).rows}"
    assert not [name for name in ("Amna", "Guerda", "Kwame", "example.org") if name in text]


def test_who_was_refused_stands_there_with_each_rule_and_its_authority(app: Flask):
    """Guerda travels from New York, where the meeting is, and her file is cut: two rules, two rows."""
    seats.officers()
    seats.paid_in("20000.00")
    seats.allotted("6500.00")
    guerda = seats.delegate("Guerda D", "HTI", accepted=False, home_city="New York")
    one = seats.application(guerda)
    with seats.on(seats.APPLIED):
        screening.propose_refusal(
            one.reference,
            codes=["file-complete"],
            words="A page is cut.",
            seen=one.seq,
            by=seats.who("Ines"),
            at=seats.APPLIED,
        )
    later = seats.CLOSED + timedelta(days=5)
    with seats.on(later):
        seen = seats.application(guerda).seq
        screening.confirm_refusal(one.reference, seen=seen, by=seats.who("Rafael"), at=later)
    seats.closed()
    seats.kept(seats.previewed())
    rows = [(r["reference"], r["outcome"], r["failed_rule"], r["authority"]) for r in rows_of(drawn(selection))]
    assert rows == [
        (guerda, "refused", "file-complete", "fund practice"),
        (guerda, "refused", "travel-needed", "fund practice"),
    ]
