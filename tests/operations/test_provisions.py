"""What a meeting provides to those who come, and what that takes off their allowance; on both databases."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tests import builders as b
from tests.operations import insider
from trustfund.core.costs import allowance
from trustfund.core.refusal import NotDesignated, NotHere, Refused, Stale
from trustfund.extensions import db
from trustfund.models.allowances import ProvisionRow
from trustfund.models.record import Event
from trustfund.operations import allowances, record
from trustfund.operations.allowances import Provision, dsa_rates_for, provision_of, record_provision
from trustfund.operations.meetings import frame_of

pytestmark = pytest.mark.usefixtures("both_apps")

TODAY = date(2018, 3, 16)


@pytest.fixture
def ines(both_apps) -> str:
    return b.officer("Ines Okafor", "screening")


def provide(by: str, meeting: str = "N1", seen: int = 0, at: datetime = b.AT, key: str | None = None, **what: object):
    terms = {"factor": "", "transport": False, "given": {"2018-02-20": ["lunch"]}}
    return record_provision(meeting, seen_number=seen, by=by, at=at, key=key, **(terms | what))


def standing(meeting: str = "N1") -> Provision:
    db.session.rollback()
    return provision_of(db.session(), meeting)


def test_a_meeting_provides_nothing_until_somebody_says_so():
    assert standing() == Provision(None, False, {}, 0, 0)


def test_an_officer_says_what_a_meeting_provides_and_the_latest_stands(ines):
    given = {"2018-02-23": ["dinner", "lunch", "lunch"], "2018-02-20": ["lodging", "breakfast"], "2018-02-22": []}
    first = provide(ines, factor="0.5", transport=True, given=given)
    assert standing() == Provision(
        Decimal("0.50"),
        True,
        {date(2018, 2, 20): ("lodging", "breakfast"), date(2018, 2, 23): ("lunch", "dinner")},
        1,
        first.seq,
    )
    second = provide(ines, seen=1, given={})
    assert standing() == Provision(None, False, {}, 2, second.seq)
    assert standing("N2") == Provision()
    subjects = db.session.scalars(select(Event.subject).where(Event.action == "provision.recorded")).all()
    assert subjects == ["meeting:N1", "meeting:N1"]
    contents = db.session.scalars(select(ProvisionRow.content).order_by(ProvisionRow.number)).all()
    assert contents[0] == (
        '{"factor":"0.50","given":{"2018-02-20":["lodging","breakfast"],"2018-02-23":["lunch","dinner"]},'
        '"transport":true}'
    )
    assert record.verify(full=True).faults == []


@pytest.mark.parametrize(
    ("typed", "kept"), [("", None), ("1", "1.00"), ("0", "0.00"), ("0.7", "0.70"), ("1.00", "1.00")]
)
def test_a_factor_is_kept_with_two_decimals(ines, typed, kept):
    provide(ines, factor=typed)
    factor = standing().factor
    assert (None if factor is None else str(factor)) == kept


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"factor": "1.01"}, "from 0 to 1.00"),
        ({"factor": "0.755"}, "from 0 to 1.00"),
        ({"factor": "-0.5"}, "from 0 to 1.00"),
        ({"factor": "half"}, "from 0 to 1.00"),
        ({"given": {"2018-02-21": ["lunch"]}}, "2018-02-21 is no day of this meeting"),
        ({"given": {"tomorrow": []}}, "tomorrow is no day of this meeting"),
        ({"given": {"2018-02-20": ["supper"]}}, "lodging, breakfast, lunch or dinner"),
    ],
)
def test_what_no_meeting_provides_is_refused(ines, what, says):
    with pytest.raises(Refused, match=says):
        provide(ines, **what)
    assert standing() == Provision()


def test_who_read_an_older_provision_is_told_that_it_changed(ines):
    provide(ines)
    with pytest.raises(Stale, match="Another officer has recorded"):
        provide(ines, factor="0.50")
    with pytest.raises(Refused, match="This is what stands already"):
        provide(ines, seen=1)
    assert standing().number == 1


def test_the_same_form_sent_twice_is_one_deed(ines):
    first = provide(ines, key="k")
    again = provide(ines, key="k")
    assert (again.seq, again.again) == (first.seq, True)


def test_only_those_who_screen_or_certify_say_what_a_meeting_provides():
    lise = b.officer("Lise Aubert", "approving")
    with pytest.raises(NotDesignated):
        provide(lise)
    rafael = b.officer("Rafael Haldane", "certifying")
    provide(rafael)
    with pytest.raises(NotHere):
        provide(rafael, meeting="N9")


def test_lunch_on_the_two_days_of_a_meeting_reduces_two_nights(ines):
    provide(ines, given={"2018-02-22": ["lunch"], "2018-02-20": ["lunch"]}, factor="0.75")
    stands, frame = standing(), frame_of(db.session(), "N1", TODAY)
    wanted = allowances.planned_nights(frame.meeting.days, frame.mandate)
    lines = allowance(
        "New York",
        wanted,
        dsa_rates_for(db.session(), "New York", wanted, frame.mandate, TODAY),
        factor=stands.factor,
        deductions=frame.mandate.setting("deductions"),
        given=stands.given,
    )
    assert [(line.day.day, line.quantity, str(line.usd)) for line in lines] == [
        (19, 1, "288.00"),
        (20, 1, "253.44"),
        (21, 1, "288.00"),
        (22, 1, "253.44"),
    ]


@pytest.mark.parametrize("edit", ["UPDATE provision SET content = '{}'", "DELETE FROM provision"])
def test_the_database_refuses_to_edit_what_was_provided(ines, edit):
    provide(ines)
    with pytest.raises(DBAPIError, match="provision is only ever added to"), db.engine.begin() as connection:
        connection.exec_driver_sql(edit)
    assert standing().number == 1


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ("UPDATE provision SET content = '{}'", "N1 1 does not say what the record says: content"),
        ("UPDATE provision SET seq = 1", "N1 1 does not say what the record says: seq"),
        ("UPDATE provision SET number = 2", "N1 2 is not in the record"),
        ("DELETE FROM provision", "N1 1 is missing, the record has it"),
    ],
)
def test_verify_names_a_provision_that_somebody_changed_behind_the_guards(ines, edit, told):
    provide(ines)
    insider.changes(edit)
    assert f"the table provision: {told}" in record.verify().faults
