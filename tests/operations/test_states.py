"""What was decided about a State is recorded by two officers, and counts from its day."""

from datetime import date, timedelta

import pytest

from tests import builders as b
from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.models.fund import amendments_of, calendar_on, mandate_on
from trustfund.operations import proposals, record, states

pytestmark = pytest.mark.usefixtures("app")

LEAVES = date(2026, 11, 24)
on_both = pytest.mark.usefixtures("both_apps")


@pytest.fixture
def ines(app):
    return b.officer("Ines Okafor", "screening")


@pytest.fixture
def rafael(app):
    return b.officer("Rafael Haldane", "certifying")


@pytest.fixture
def amended(ines, rafael):
    """Records a fact of a State by two officers on a day."""

    def amend(iso3, fact, value, effective, document="A/RES/76/8", at=b.AT):
        content = {"fact": fact, "value": value, "document": document, "effective": effective.isoformat()}
        with b.standing_at(at):
            made = proposals.propose(
                "status.amended", subject=iso3, content=content, reason="It was decided.", by=ines, at=at
            )
            return proposals.confirm(made.on, by=rafael, at=at)

    return amend


def status(iso3, day, known_on=None):
    db.session.rollback()
    known = amendments_of(db.session())
    return states.statuses_on(day, mandate_on(db.session(), b.AT.date()), known, known_on)[iso3]


@on_both
def test_bangladesh_stays_with_a_mark_until_its_graduation_is_recorded(amended):
    before = status("BGD", LEAVES)
    assert (before.category, [str(mark) for mark in before.marks]) == (
        "LDC",
        ["graduation scheduled for 2026-11-24, decision not recorded"],
    )
    amended("BGD", "ldc_to", "2026-11-24", LEAVES)
    after = status("BGD", LEAVES)
    assert (after.category, after.marks) == ("developing", ())
    assert status("BGD", LEAVES - timedelta(days=1)).category == "LDC"
    assert status("NPL", LEAVES).marks != (), "Nepal was not amended"
    assert record.verify(full=True).faults == []


def test_a_decision_keeps_the_status_that_was_known_when_it_was_taken(amended):
    """Equatorial Guinea would be counted again from June 2018: who decided on 24 January could not know."""
    meeting = calendar_on(db.session(), b.AT.date()).meeting("N6")
    amended("GNQ", "ldc_from", "2018-06-01", date(2018, 6, 1), at=b.AT + timedelta(days=30))
    mandate, known = mandate_on(db.session(), b.AT.date()), amendments_of(db.session())
    decided_then = states.statuses(meeting, mandate, known, known_on=b.AT.date())["GNQ"]
    decided_now = states.statuses(meeting, mandate, known)["GNQ"]
    assert (decided_then.category, decided_now.category) == ("developing", "LDC")


@on_both
def test_an_amendment_says_by_which_document_from_when_and_when_it_was_recorded(amended):
    done = amended("KIR", "region", "Asia-Pacific Group", date(2018, 3, 1), document=" Note verbale 3/18 ")
    [row] = states.recorded(db.session(), "KIR")
    assert (row.document, row.effective, row.recorded_on, row.seq) == (
        "Note verbale 3/18",
        date(2018, 3, 1),
        b.AT.date(),
        done.seq,
    )
    assert [status("KIR", day).state.region for day in (date(2018, 2, 28), date(2018, 3, 1))] == [
        "",
        "Asia-Pacific Group",
    ]
    assert states.recorded(db.session(), "TUV") == []


def test_a_later_amendment_stands_over_an_earlier_one(amended):
    amended("NPL", "ldc_scheduled", "2027-01-01", b.AT.date())
    amended("NPL", "ldc_to", "never", b.AT.date())
    assert (status("NPL", date(2030, 1, 1)).category, status("NPL", date(2030, 1, 1)).marks) == ("LDC", ())


@pytest.mark.parametrize(
    ("iso3", "fact", "value", "why"),
    [
        ("FRA", "ldc_to", "2026-11-24", "was no least developed country"),
        ("BGD", "ldc_to", "1960-01-01", "was no least developed country"),
        ("BGD", "lldc", "perhaps", "is not known here"),
        ("BGD", "region", "Asia", "is not known here"),
        ("BGD", "participation", "guest", "is not known here"),
    ],
)
def test_what_cannot_be_a_fact_is_refused(amended, iso3, fact, value, why):
    with pytest.raises(Refused, match=why):
        amended(iso3, fact, value, LEAVES)


def test_a_document_is_short_enough_to_be_printed(amended):
    with pytest.raises(Refused, match="more than 120 characters") as refused:
        amended("BGD", "ldc_to", "2026-11-24", LEAVES, document="x" * 121)
    assert refused.value.field == "document"
