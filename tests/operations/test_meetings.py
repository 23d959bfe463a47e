"""An additional consultation in Nairobi enters the calendar by its document and two officers: on both databases."""

from datetime import date

import pytest

from tests import builders as b
from trustfund.core.refusal import NotHere, Refused
from trustfund.extensions import db
from trustfund.models.fund import calendar_on
from trustfund.operations import fund, meetings, proposals, record

pytestmark = pytest.mark.usefixtures("both_apps")

TODAY = b.AT.date()
NAIROBI = {
    "code": "A1",
    "kind": "additional-consultation",
    "phase": "III",
    "name": {"en": "Consultation in Nairobi", "fr": "Consultation à Nairobi"},
    "authority": "A/RES/71/280, para. 29",
    "city": {"en": "Nairobi", "fr": "Nairobi"},
    "country": "KEN",
    "zone": "Africa/Nairobi",
    "days": ["2018-06-14", "2018-06-15"],
    "document": "A/RES/72/310",
}


@pytest.fixture
def ines(both_apps):
    return b.officer("Ines Okafor", "screening")


@pytest.fixture
def rafael(both_apps):
    return b.officer("Rafael Haldane", "certifying")


@pytest.fixture
def add(ines, rafael):
    def added(**other):
        content = NAIROBI | other
        made = proposals.propose(
            "meeting.added", subject=content["code"], content=content, reason="It was convened.", by=ines, at=b.AT
        )
        return proposals.confirm(made.on, by=rafael, at=b.AT)

    return added


def codes() -> list[str]:
    db.session.rollback()
    return [meeting.code for meeting in calendar_on(db.session(), TODAY).meetings]


def test_an_added_consultation_stands_in_the_calendar_in_its_place(add):
    before = codes()
    add()
    after = codes()
    assert sorted([*before, "A1"]) == sorted(after)
    assert after.index("N5") < after.index("A1") < after.index("N6")
    frame = meetings.frame_of(db.session(), "A1", TODAY)
    assert (frame.meeting.city, frame.meeting.first_day) == ("Nairobi", date(2018, 6, 14))
    assert frame.call.closes.isoformat() == "2018-04-30T20:59:59+00:00"
    assert record.verify(full=True).faults == []


def test_before_it_is_confirmed_it_is_in_nobody_s_calendar(ines):
    proposals.propose("meeting.added", subject="A1", content=NAIROBI, reason="It was convened.", by=ines, at=b.AT)
    with pytest.raises(NotHere):
        meetings.frame_of(db.session(), "A1", TODAY)


def test_delegates_apply_for_it_once_its_call_is_open(add):
    add(days=["2018-04-20"], document="A/RES/72/310")
    sent = b.application(b.account("delegate", "Amna Eltayeb"), "A1")
    assert sent.startswith("T-")


@pytest.mark.parametrize("code", ["A1", "N3"])
def test_a_second_meeting_of_the_same_code_is_refused(add, code):
    add()
    with pytest.raises(Refused, match=f"two meetings named {code}"):
        add(code=code, days=["2018-06-28"])


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"document": " "}, "cannot be added"),
        ({"days": ["2018-01-24"]}, "is not ahead"),
        ({"days": []}, "cannot be added"),
        ({"days": ["14 June"]}, "cannot be added"),
        ({"days": ["2018-09-03"]}, "outside its phase"),
        ({"phase": "IV"}, "There is no phase IV"),
        ({"zone": "Nairobi"}, "cannot be added"),
        ({"country": "XYZ"}, "cannot be added"),
        ({"name": {"en": "Only English"}}, "cannot be added"),
        ({"code": "A" * 21}, "at most 20 characters"),
        ({"code": "A 1"}, "cannot be added"),
        ({"kind": "negotiation-round"}, "laid down in the mandate"),
        ({"kind": "regional-consultation"}, "laid down in the mandate"),
        ({"authority": "fund practice"}, "laid down in the mandate"),
    ],
)
def test_what_the_resolution_does_not_allow_is_refused(add, other, why):
    before = codes()
    with pytest.raises(Refused, match=why):
        add(**other)
    assert codes() == before


def test_a_regional_consultation_stands_under_its_own_paragraph(add):
    add(code="R1", kind="regional-consultation", authority="A/RES/71/280, para. 22")
    assert "R1" in codes()


def test_a_day_that_another_meeting_has_is_a_warning_that_an_officer_reads():
    _, [warning] = meetings.looked_at(db.session(), NAIROBI | {"days": ["2018-03-13"]}, TODAY)
    assert str(warning) == "A1 takes place on 2018-03-13, the same day as N2. (A/RES/71/280, para. 29)"
    assert meetings.looked_at(db.session(), NAIROBI, TODAY)[1] == ()


def test_all_meetings_have_the_frame_that_each_has_alone(add, rafael):
    add()
    amended = fund.recorded_mandate().replace("late_until = { value = 21", "late_until = { value = 14")
    fund.amend_mandate(
        amended,
        symbol="A/RES/72/1",
        effective=date(2018, 2, 1),
        by=rafael,
        confirmed_by=b._known("head", "Miriam C"),
        at=b.AT,
    )
    for day in (date(2017, 5, 1), TODAY, date(2018, 3, 1), date(2018, 8, 1)):
        frames = meetings.frames_on(db.session(), day)
        assert list(frames) == [m.code for m in calendar_on(db.session(), day).meetings]
        for code, frame in frames.items():
            alone = meetings.frame_of(db.session(), code, day)
            assert (frame.meeting, frame.call, frame.mandate.digest) == (
                alone.meeting,
                alone.call,
                alone.mandate.digest,
            ), (day, code)
