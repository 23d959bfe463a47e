"""What became of an application that was sent: withdrawn, sent back, refused, accepted, and its place in a run."""

from datetime import UTC, datetime

import pytest

from tests import builders as b
from tests.web.applying import begun, filled, kept, screened, submitted
from trustfund.extensions import db
from trustfund.models.selections import PlaceRow, Selection
from trustfund.operations import screening


def test_a_withdrawn_application_asks_for_no_seat_and_another_can_be_begun(house, aissata):
    at = filled(aissata)
    submitted(aissata, at)
    page = aissata.open(f"{at}/withdrawal")
    assert page.words("h1") == "Withdraw this application?"
    aissata.send(page)
    ended = aissata.open(at)
    assert ended.words("h1") == "You withdrew this application"
    assert "instead of your name" not in ended.text
    assert begun(aissata) != at
    assert house.faults() == []


def test_a_draft_that_was_never_sent_is_erased_and_the_record_knows_nothing(house, aissata):
    at, before = filled(aissata), house.events()
    page = aissata.fill(f"{at}/withdrawal")
    assert page.location == "/delegates/"
    assert aissata.open(at).status == 404
    assert house.events() == before


def test_somebody_who_saw_an_older_state_does_not_withdraw(house, aissata):
    at = filled(aissata)
    submitted(aissata, at)
    page = aissata.open(f"{at}/withdrawal")
    screened(house, at, screening.accept)
    late = aissata.send(page)
    assert late.status == 409
    assert "has changed since you opened the page" in late.refusal
    assert kept(house, at).stage == "accepted"


def test_changes_asked_are_shown_with_the_officers_words_and_sent_again(house, aissata):
    at = filled(aissata)
    submitted(aissata, at)
    screened(house, at, screening.ask_for_changes, words="The date of the note is not that of the letter.")
    page = aissata.open(at)
    assert page.words("h1") == "The fund asks you for a change"
    assert "The date of the note is not that of the letter." in page.words("bdi")
    assert "31 January 2018, 14:00 (UTC)" in page.words("p")
    assert "26 January 2018" not in page.text, "only the deadline that counts is told"
    assert "Changes asked" in aissata.open("/delegates/").words("td")
    assert "An officer looks at it" in submitted(aissata, at).words("strong")
    assert house.faults() == []


def test_a_proposed_refusal_is_shown_with_its_rules_and_its_days(house, aissata):
    at = filled(aissata)
    submitted(aissata, at)
    screened(house, at, screening.propose_refusal, codes=["travel-needed"], words="You live in New York.")
    page = aissata.open(at)
    assert page.words("h1") == "A refusal of your application is proposed"
    assert "You live in New York." in page.words("bdi")
    assert "Travel needed (fund practice)" in page.words("li")
    assert "Your permanent mission can answer until 31 January 2018." in page.words("p")
    assert not page.all("form", action=f"{at}/reopening")


def test_who_was_accepted_reads_when_seats_are_given(house, aissata):
    at = filled(aissata)
    submitted(aissata, at)
    screened(house, at, screening.accept)
    page = aissata.open(at)
    assert page.words("h1") == "Your application stands for a seat"
    assert "Seats are given on 12 February 2018." in page.words("p")


def test_who_was_accepted_on_a_promise_that_was_not_kept_reads_which_rule_keeps_the_seat_away(house, aissata):
    at = filled(aissata, file=False, note_to_follow="y")
    submitted(aissata, at)
    screened(house, at, screening.accept)
    house.stands_at(datetime(2018, 2, 13, 9, tzinfo=UTC))
    says = (
        "The note verbale of the Government has not arrived with its reference, its date and its file. [Fund practice]"
    )
    assert says in aissata.open(at).words("li")


@pytest.mark.parametrize(
    ("outcome", "title", "says"),
    [
        ("proposed", "A seat is proposed for you", "The seat is kept for you until 22 February 2018."),
        ("waiting", "You are on the waiting list", "It needs 8,412.60 USD more than is left."),
        ("over-quota", "Your State has more delegates than the fund can pay", "Place 3 of 3"),
    ],
)
def test_the_outcome_is_that_of_the_latest_kept_run(house, aissata, outcome, title, says):
    at = filled(aissata)
    submitted(aissata, at)
    screened(house, at, screening.accept)
    run(house, at, 1, "kept", "held")
    run(house, at, 2, "kept", outcome)
    run(house, at, None, "preview", "held")
    page = aissata.open(at)
    assert page.words("h1") == title
    assert says in page.words("p")
    assert "Place 3 of 3 in the selection of 12 February 2018." in page.words("p")
    assert page.all("a", href="/selections/N2#p3")
    assert title in aissata.open("/delegates/").words("td")


def test_who_is_not_in_the_latest_run_has_no_place_from_an_earlier_one(house, aissata):
    at = filled(aissata)
    submitted(aissata, at)
    screened(house, at, screening.accept)
    run(house, at, 1, "kept", "proposed")
    run(house, at, 2, "kept", "proposed", public="N2-ELSE")
    assert aissata.open(at).words("h1") == "Your application stands for a seat"


def run(house, at, number, stage, outcome, public=""):
    """A run of N2 in which the application has the third place."""
    public = public or kept(house, at).public
    with house.at_work():
        made = Selection(
            reference=f"S-2222222{number or 9}",
            meeting="N2",
            run=number,
            stage=stage,
            text="{}",
            digest="0" * 64,
            annex="{}",
            made_at=b.AT,
            kept_at=datetime(2018, 2, 12, 9, tzinfo=UTC),
            answer_by=b.date(2018, 2, 22),
            seq=1,
        )
        db.session.add(made)
        db.session.flush()
        for position, called in enumerate(("N2-AAAA", "N2-BBBB", public), 1):
            db.session.add(
                PlaceRow(
                    selection_id=made.id,
                    position=position,
                    public=called,
                    state="BFA",
                    region="African Group",
                    category="LDC",
                    gender="F",
                    n=1,
                    step=0,
                    outcome=outcome,
                    charge=293122,
                    left_over=0,
                    missing=841260,
                    compared="[]",
                )
            )
        db.session.commit()
