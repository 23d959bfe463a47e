"""A candidate of a kept run is moved by two officers, beside the run."""

import pytest
from sqlalchemy import select

from tests import seats
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.models.selections import Override
from trustfund.operations import proposals

pytestmark = pytest.mark.usefixtures("office")
on_both = pytest.mark.usefixtures("both_apps")


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
