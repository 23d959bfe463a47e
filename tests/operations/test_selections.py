"""Seats of the first round are given by rule: closed, previewed, kept and published."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests import builders as b
from tests import seats
from tests.conftest import ROOT
from tests.operations.selecting import taken
from trustfund.core.refusal import NotDesignated, Refused, SeparationOfDuties, Stale
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.models.record import Event
from trustfund.operations import proposals, record, selections

pytestmark = pytest.mark.usefixtures("office")
on_both = pytest.mark.usefixtures("both_apps")


def last_event():
    db.session.rollback()
    return db.session.scalars(select(Event).order_by(Event.seq.desc()).limit(1)).one()


def test_a_run_is_made_only_after_the_deadline():
    seats.allotted()
    seats.delegate("Amna", "SDN")
    with pytest.raises(Refused, match="once the call has closed"):
        seats.previewed(at=seats.APPLIED)


def test_a_run_is_made_only_once_the_public_value_is_recorded():
    seats.allotted()
    with pytest.raises(Refused, match="its public value is recorded"):
        seats.previewed()


def test_a_run_is_made_only_with_an_allotment():
    seats.closed()
    with pytest.raises(Refused, match="no allotment yet"):
        seats.previewed()


@pytest.mark.parametrize("value", ["", "  ", "1.1973\n1", "9" * 81])
def test_the_public_value_is_one_short_line(value):
    with seats.on(seats.CLOSED), pytest.raises(Refused, match="as its source has it"):
        selections.close_call("N1", value=value, by=seats.who("Ines"), at=seats.CLOSED)


def test_the_public_value_is_recorded_after_the_deadline_and_once():
    with pytest.raises(Refused, match="open until its deadline"):
        seats.closed(at=seats.APPLIED)
    seats.closed()
    with pytest.raises(Refused, match="recorded already"):
        seats.closed()


def test_a_preview_shows_the_order_and_decides_nothing(four):
    preview = seats.previewed()
    order = list(seats.outcomes(preview))
    assert ({*order[:2]}, order[2:]) == ({"SDN", "NPL"}, ["FJI", "GHA"])
    assert seats.run(preview).stage == "preview"
    assert taken(preview) == {}
    assert selections.kept_runs(db.session(), "N1") == []
    assert last_event().action == "selection.previewed"


@on_both
def test_one_officer_keeps_the_first_run_on_the_day_that_the_call_named(four):
    kept = seats.run(seats.kept(seats.previewed()))
    assert (kept.stage, kept.run, kept.reason, kept.answer_by) == ("kept", 1, "", b.date(2018, 2, 2))
    assert (kept.made_by.name, kept.kept_by.name) == ("Ines Example", "Ines Example")
    assert last_event().seq == kept.seq


def test_the_day_is_that_of_the_city_of_the_meeting(four):
    late_evening = seats.THE_DAY.replace(hour=4) + timedelta(days=1)  # 23:00 in New York
    assert seats.run(seats.kept(seats.previewed(at=late_evening), at=late_evening)).stage == "kept"


@pytest.mark.parametrize("days", [-1, 1])
def test_on_another_day_one_officer_alone_cannot_keep_it_and_the_record_says_who_tried(four, days):
    day = seats.THE_DAY + timedelta(days=days)
    preview = seats.previewed(at=day)
    with pytest.raises(SeparationOfDuties, match="not the day that the call named"):
        seats.kept(preview, at=day)
    assert seats.run(preview).stage == "preview"
    assert last_event().action == "selection.refused"


@on_both
def test_on_another_day_two_officers_keep_it_with_a_reason(four):
    preview = seats.previewed(at=seats.THE_DAY_AFTER)
    kept = seats.run(seats.kept_by_two(preview))
    assert (kept.stage, kept.run, kept.reason) == ("kept", 1, "A seat fell free.")
    assert kept.kept_by.name == "Rafael Example"


def test_who_proposed_to_keep_it_cannot_confirm_it(four):
    preview = seats.previewed(at=seats.THE_DAY_AFTER)
    with seats.on(seats.THE_DAY_AFTER):
        made = proposals.propose(
            "selection.kept", subject=preview, content={}, reason="Late.", by=seats.who("Ines"), at=seats.THE_DAY_AFTER
        )
        assert seats.run(preview).stage == "preview"
        with pytest.raises(SeparationOfDuties):
            proposals.confirm(made.on, by=seats.who("Ines"), at=seats.THE_DAY_AFTER)


def test_an_officer_who_pays_cannot_preview_or_keep(four):
    preview = seats.previewed()
    with seats.on(seats.THE_DAY):
        for deed, about in ((selections.preview, "N1"), (selections.keep, preview)):
            with pytest.raises(NotDesignated):
                deed(about, by=seats.who("Salma"), at=seats.THE_DAY)


@on_both
def test_anybody_gets_the_same_bytes_from_the_published_record(four, app, tmp_path):
    published = seats.run(seats.kept(seats.previewed())).text
    (tmp_path / "N1.json").write_text(published, encoding="utf-8")
    again = subprocess.run(
        [sys.executable, "-m", "trustfund.cli", "rank", str(tmp_path / "N1.json")],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert again.stdout == published.encode()
    assert app.test_client().get("/open/selections/N1.json").data == published.encode()
    assert app.test_client().get("/open/selections/N1.json?run=1").data == published.encode()
    assert app.test_client().get("/open/selections/N1.json?run=2").status_code == 404


@on_both
def test_the_database_refuses_to_edit_a_kept_run(four):
    seats.kept(seats.previewed())
    db.session.rollback()
    for statement in (
        "UPDATE selection SET digest = 'x'",
        "UPDATE selection SET text = 'x', stage = 'kept'",
        "DELETE FROM selection",
        "UPDATE place SET outcome = 'proposed'",
        "DELETE FROM place",
    ):
        try:
            with db.engine.begin() as connection:
                connection.execute(text(statement))
        except DBAPIError:
            continue
        pytest.fail(f"the database took: {statement}")


def test_a_preview_is_stale_once_another_application_was_accepted(four):
    waiting = seats.delegate("Jean", "HTI", at=seats.CLOSED, accepted=False)
    preview = seats.previewed()
    seats.accept(seats.application(waiting).reference, seats.THE_DAY)
    with pytest.raises(Stale, match="Make a new one"):
        seats.kept(preview)
    assert seats.run(preview).stage == "preview"


def test_no_run_is_kept_while_an_application_waits_for_screening(four):
    seats.delegate("Jean", "HTI", at=seats.CLOSED, accepted=False)
    preview = seats.previewed()
    assert seats.annex(preview)["unscreened"] == 1
    with pytest.raises(Refused, match="1 applications"):
        seats.kept(preview)


def test_nobodys_name_is_in_the_record_the_annex_or_an_event(four):
    kept = seats.run(seats.kept(seats.previewed()))
    bodies = db.session.scalars(select(Event.body).where(Event.seq > 30)).all()
    told = [kept.text, kept.annex, *bodies, json.dumps([p.compared for p in seats.places(kept.reference)])]
    for name in ("Amna", "Bikash", "Litia", "Kofi", "Khartoum", "example.org", "1980-01"):
        assert not any(name in words for words in told), name


def test_each_delegate_is_told_the_outcome_when_the_run_is_kept_and_not_before(four):
    preview = seats.previewed()
    said = select(Mail.recipient).where(Mail.subject.contains("The selection for N1"))
    assert db.session.scalars(said).all() == []
    seats.kept(preview)
    assert {to.partition("@")[0] for to in db.session.scalars(said)} == {"amna", "bikash", "litia", "kofi"}


@on_both
def test_the_record_verifies_after_a_run_is_kept(four):
    seats.kept(seats.previewed())
    db.session.rollback()
    assert record.verify().faults == []
