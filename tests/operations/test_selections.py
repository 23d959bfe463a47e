"""Seats of the first round are given by rule: closed, previewed, kept and published."""

import json
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.conftest import ROOT
from trustfund.core.money import major
from trustfund.core.refusal import NotDesignated, Refused, SeparationOfDuties, Stale
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.mail import Mail
from trustfund.models.record import Event, pots
from trustfund.models.selections import Override, SetAside
from trustfund.operations import allotments, applications, offers, proposals, record, screening, selections
from trustfund.operations.candidates import earlier_seats
from trustfund.operations.meetings import frame_of

pytestmark = pytest.mark.usefixtures("office")
RESERVE = Decimal("0.15")
on_both = pytest.mark.usefixtures("both_apps")


@pytest.fixture
def app(request):
    """SQLite; each database in turn for the tests that are marked ``on_both``."""
    return request.getfixturevalue("both_apps" if "both_apps" in request.fixturenames else "sqlite_app")


@pytest.fixture
def office(app):
    begun(officers_and_money)


def officers_and_money():
    """Officers, and 200,000 dollars in the bank."""
    seats.officers()
    seats.paid_in("200000.00")


@pytest.fixture
def four(office):
    return begun(four_delegates)


def four_delegates():
    """An allotment; delegates of Sudan and Nepal (LDC), Fiji (a small island) and Ghana; the call has closed."""
    seats.allotted()
    found = {
        state: seats.delegate(name, state)
        for name, state in (("Amna", "SDN"), ("Bikash", "NPL"), ("Litia", "FJI"), ("Kofi", "GHA"))
    }
    seats.closed()
    return found


def spendable(day, earmark=""):
    db.session.rollback()
    return pots(db.session(), RESERVE, day)[earmark].spendable


def taken(reference):
    """What a run holds of each pot, in US dollars."""
    found: dict[str, Decimal] = {}
    for row in db.session.scalars(select(SetAside).where(SetAside.selection_id == seats.run(reference).id)):
        found[row.earmark] = found.get(row.earmark, Decimal(0)) + major(row.usd, "USD")
    return found


def charges(reference, *states):
    return sum(major(p.charge, "USD") for p in seats.places(reference) if not states or p.state in states)


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


@on_both
def test_a_kept_run_holds_the_money_of_its_seats_until_their_term_and_no_longer(four):
    before = spendable(b.date(2018, 1, 23))
    kept = seats.kept(seats.previewed())
    asked = charges(kept)
    assert taken(kept) == {"": asked}
    assert spendable(b.date(2018, 1, 23)) == spendable(b.date(2018, 2, 2)) == before - asked
    assert spendable(b.date(2018, 2, 3)) == before


def test_a_run_may_use_what_is_left_of_the_allotment(office):
    seats.allotted("5000.00")
    seats.delegate("Amna", "SDN")
    seats.delegate("Bikash", "NPL")
    seats.closed()
    kept = seats.kept(seats.previewed())
    record_ = json.loads(seats.run(kept).text)
    assert (record_["spendable"], sorted(seats.outcomes(kept).values())) == ("5000.00", ["proposed", "waiting"])
    later = json.loads(seats.run(seats.previewed(at=seats.THE_DAY_AFTER)).text)
    assert later["spendable"] == f"{Decimal('5000.00') - Decimal(record_['spent'])}"


def test_a_run_may_use_what_is_spendable_where_that_is_less_than_the_allotment(office):
    seats.allotted("190000.00")
    seats.closed()
    assert json.loads(seats.run(seats.previewed()).text)["spendable"] == f"{spendable(b.date(2018, 1, 23))}"


@on_both
def test_earmarked_money_is_used_first_and_money_for_travel_before_free_money(office):
    """2,300.00 are 2,000.00 and a reserve: so much is tied to LDCs, to the round, and to travel."""
    for n, earmark in enumerate(("category:LDC", "meeting:N1", "meeting:N2", "travel", "category:LLDC/SIDS")):
        seats.paid_in("2300.00", earmark, bank=f"E-{n}")
    seats.allotted()
    seats.delegate("Amna", "SDN")
    seats.delegate("Bikash", "NPL")
    seats.delegate("Rosa", "GHA")
    seats.closed()
    kept = seats.kept(seats.previewed())
    tied = json.loads(seats.run(kept).text)["earmarked"]
    assert tied == [{"category": "LDC", "amount": "2000.00"}, {"category": None, "amount": "2000.00"}]
    two_thousand = Decimal("2000.00")
    assert taken(kept) == {
        "category:LDC": two_thousand,
        "meeting:N1": two_thousand,
        "travel": two_thousand,
        "": charges(kept) - 3 * two_thousand,
    }


def test_money_tied_to_a_category_fills_the_allotment_only_as_far_as_the_category_asks(office):
    seats.paid_in("115000.00", "category:LDC", bank="E-1")
    seats.allotted("9000.00")
    seats.delegate("Amna", "SDN")
    seats.delegate("Kofi", "GHA")
    seats.closed()
    assert seats.outcomes(seats.previewed()) == {"SDN": "proposed", "GHA": "proposed"}


@on_both
def test_a_later_run_holds_the_seats_of_the_first_and_needs_two_officers(office):
    seats.allotted("5000.00")
    seats.delegate("Amna", "SDN")
    seats.delegate("Bikash", "NPL")
    seats.closed()
    first = seats.kept(seats.previewed())
    proposed = [p.state for p in seats.places(first) if p.outcome == "proposed"]
    second = seats.previewed()
    with pytest.raises(SeparationOfDuties, match="later run"):
        seats.kept(second)
    with seats.on(seats.THE_DAY):
        made = proposals.propose(
            "allotment.changed",
            subject="N1",
            content={"amount": "9000.00", "basis": "decided", "document": "Advice 2"},
            reason="New money.",
            by=seats.who("Rafael"),
            at=seats.THE_DAY,
        )
        proposals.confirm(made.on, by=seats.who("Lise"), at=seats.THE_DAY)
    third = seats.kept_by_two(seats.previewed(at=seats.THE_DAY_AFTER))
    assert seats.outcomes(third) == {proposed[0]: "held", {"SDN": "NPL", "NPL": "SDN"}[proposed[0]]: "proposed"}
    assert seats.run(third).run == 2
    assert seats.annex(third)["since"] == {"run": 1, "held": 1, "proposed": 1, "new": 0, "gone": 0}
    assert taken(third) == {"": charges(third, *set(seats.outcomes(third)) - set(proposed))}


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


@on_both
def test_seats_of_earlier_meetings_count_within_the_phase(four):
    seats.kept(seats.previewed())
    with seats.on(seats.AUTUMN):
        b.officer("Tomas Example", "approving")
    sudan, nepal, fiji = (j.of_seat(four[state]).reference for state in ("SDN", "NPL", "FJI"))
    j.until(j.approved, sudan)  # a seat counts once it is approved
    j.until(j.certified, nepal)
    with seats.on(j.CERTIFIED):
        offers.decline(fiji, seen=j.award(fiji).seq, by=j.delegate_of(fiji), at=j.CERTIFIED)
    day = b.date(2018, 2, 12)
    assert earlier_seats(db.session(), frame_of(db.session(), "N2", day), seats.THE_DAY) == {"SDN": 1}
    assert earlier_seats(db.session(), frame_of(db.session(), "C", day), seats.THE_DAY) == {}
    assert earlier_seats(db.session(), frame_of(db.session(), "N1", day), seats.THE_DAY) == {}


def test_the_second_application_of_one_person_is_not_ranked_and_its_rule_is_named(four):
    again = seats.delegate("Amira", "SDN", at=seats.CLOSED, accepted=False)
    first = seats.application(four["SDN"])
    same = {"folded": first.folded, "date_of_birth": first.date_of_birth, "stage": "accepted"}
    db.session.execute(update(Application).where(Application.public == again).values(**same))
    db.session.commit()
    preview = seats.previewed()
    assert seats.annex(preview)["not_ranked"] == [{"public": again, "codes": ["not-funded-twice"]}]
    assert again not in {p.public for p in seats.places(preview)}
    assert four["SDN"] in {p.public for p in seats.places(preview)}


def test_a_third_delegate_of_a_state_is_over_quota_and_stands_last(four):
    seats.delegate("Maya", "NPL", at=seats.CLOSED)
    seats.delegate("Sita", "NPL", at=seats.CLOSED)
    last = seats.places(seats.previewed())[-1]
    assert (last.state, last.n, last.step, last.outcome) == ("NPL", 3, None, "over-quota")


def test_a_late_file_stands_within_its_step_after_those_on_time(four):
    seats.delegate("Jean", "HTI", at=seats.LATE)
    assert list(seats.outcomes(seats.previewed()))[2:] == ["HTI", "FJI", "GHA"]


def test_a_refused_application_is_listed_by_its_codes_and_a_withdrawn_one_not_at_all(four):
    public = seats.delegate("Jean", "HTI", at=seats.CLOSED, accepted=False)
    reference = seats.application(public).reference
    with seats.on(seats.CLOSED):
        screening.propose_refusal(
            reference,
            codes=["travel-needed", "nominated-by-government"],
            words="The note verbale did not come.",
            seen=seats.application(reference).seq,
            by=seats.who("Ines"),
            at=seats.CLOSED,
        )
    with seats.on(seats.THE_DAY):
        screening.confirm_refusal(
            reference, seen=seats.application(reference).seq, by=seats.who("Rafael"), at=seats.THE_DAY
        )
    preview = seats.previewed()
    assert seats.annex(preview)["refused"] == [
        {"public": public, "codes": ["nominated-by-government", "travel-needed"]}
    ]


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
def test_an_override_by_two_officers_stands_beside_the_run_and_changes_none_of_its_bytes(four):
    kept = seats.kept(seats.previewed())
    before, about = seats.run(kept).text, {"public": four["GHA"], "to_position": 1}
    with seats.on(seats.THE_DAY):
        made = proposals.propose(
            "override.recorded",
            subject=kept,
            content=about,
            reason="Chair of the group.",
            by=seats.who("Ines"),
            at=seats.THE_DAY,
        )
        assert db.session.scalars(select(Override)).all() == []
        proposals.confirm(made.on, by=seats.who("Rafael"), at=seats.THE_DAY)
    db.session.rollback()
    move = db.session.scalars(select(Override)).one()
    assert (move.public, move.position, move.to_position, move.reason) == (four["GHA"], 4, 1, "Chair of the group.")
    assert seats.run(kept).text == before


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ({"public": "N1-ZZZZ", "to_position": 1}, "N1-ZZZZ is not in this run"),
        ({"to_position": 4}, "another place"),
        ({"to_position": 0}, "from 1 to 4"),
        ({"to_position": 5}, "from 1 to 4"),
    ],
)
def test_an_override_moves_a_candidate_of_the_run_to_another_place_of_it(four, about, says):
    kept = seats.kept(seats.previewed())
    with seats.on(seats.THE_DAY), pytest.raises(Refused, match=says):
        proposals.propose(
            "override.recorded",
            subject=kept,
            content={"public": four["GHA"]} | about,
            reason="Chair.",
            by=seats.who("Ines"),
            at=seats.THE_DAY,
        )


def test_a_preview_cannot_have_an_override(four):
    preview = seats.previewed()
    with seats.on(seats.THE_DAY), pytest.raises(Refused, match="Only a run that was kept"):
        proposals.propose(
            "override.recorded",
            subject=preview,
            content={"public": four["GHA"], "to_position": 1},
            reason="Chair.",
            by=seats.who("Ines"),
            at=seats.THE_DAY,
        )


@on_both
def test_the_record_verifies_after_a_run_is_kept(four):
    seats.kept(seats.previewed())
    db.session.rollback()
    assert record.verify().faults == []


@on_both
def test_a_seat_that_its_delegate_gave_back_frees_the_allotment_and_counts_nowhere():
    """Sudan's delegate withdraws after the run: a second run can use the money, later meetings do not count it."""
    seats.allotted("6500.00")
    amna = seats.delegate("Amna Eltayeb", "SDN")
    seats.closed()
    seats.kept(seats.previewed())
    taken = allotments.used(db.session(), "N1", seats.THE_DAY.date())
    with seats.on(seats.THE_DAY_AFTER):
        one = seats.application(amna)
        applications.withdraw(one.reference, seen=one.seq, by=one.account.reference, at=seats.THE_DAY_AFTER)
        db.session.rollback()
        n2 = frame_of(db.session(), "N2", seats.THE_DAY_AFTER.date())
        assert earlier_seats(db.session(), n2, seats.THE_DAY_AFTER) == {}
    assert taken > 0
    assert allotments.used(db.session(), "N1", seats.THE_DAY.date()) == 0
