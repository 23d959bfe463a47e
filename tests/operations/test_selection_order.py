"""Who is a candidate of the first round, and who stands where."""

import pytest
from sqlalchemy import update

from tests import builders as b
from tests import journeys as j
from tests import seats
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.operations import offers, screening
from trustfund.operations.candidates import earlier_seats
from trustfund.operations.meetings import frame_of

pytestmark = pytest.mark.usefixtures("office")
on_both = pytest.mark.usefixtures("both_apps")


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
