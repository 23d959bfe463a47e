"""What one officer proposes is done when another confirms it, and not before."""

import pytest
from sqlalchemy import func, select

from tests import builders as b
from trustfund.core.refusal import NotDesignated, NotHere, Refused, SeparationOfDuties
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.models.selections import AddedMeeting, AmendmentRow, Proposal
from trustfund.operations import allotments, proposals, record

pytestmark = pytest.mark.usefixtures("app")

CONTENT = {"fact": "ldc_to", "value": "2026-11-24", "document": "A/RES/76/8", "effective": "2026-11-24"}
REASON = "The Assembly decided it, and Dhaka wrote to us."
on_both = pytest.mark.usefixtures("both_apps")


@pytest.fixture
def ines(app):
    return b.officer("Ines Okafor", "screening")


@pytest.fixture
def rafael(app):
    return b.officer("Rafael Haldane", "certifying")


def propose(by, action="status.amended", subject="BGD", reason=REASON, key=None, **content):
    return proposals.propose(action, subject=subject, content=CONTENT | content, reason=reason, by=by, at=b.AT, key=key)


def rows() -> tuple[int, ...]:
    db.session.rollback()
    return tuple(
        db.session.scalar(select(func.count()).select_from(table))
        for table in (Event, AmendmentRow, AddedMeeting, Mail, Proposal)
    )


def stage(reference: str) -> str:
    db.session.rollback()
    return db.session.scalars(select(Proposal.stage).where(Proposal.reference == reference)).one()


def last() -> tuple[str, str]:
    return tuple(db.session.execute(select(Event.action, Event.actor).order_by(Event.seq.desc()).limit(1)).one())


def test_a_proposal_does_nothing_but_wait(ines):
    events, amendments, meetings, mails, waiting = rows()
    made = propose(ines)
    assert rows() == (events + 1, amendments, meetings, mails, waiting + 1)
    assert last() == ("proposal.made", ines)
    assert [p.reference for p in proposals.waiting()] == [made.on]
    assert record.verify(full=True).faults == []


@on_both
def test_another_officer_confirms_and_it_is_done(ines, rafael):
    made = propose(ines).on
    done = proposals.confirm(made, by=rafael, at=b.AT)
    assert done.on == "state:BGD"
    assert stage(made) == "confirmed"
    assert db.session.scalars(select(AmendmentRow.value)).one() == "2026-11-24"
    assert last() == ("status.amended", rafael)
    assert (proposals.waiting(), [p.reference for p in proposals.decided()]) == ([], [made])
    assert record.verify(full=True).faults == []


@on_both
def test_who_proposed_it_does_not_confirm_it_and_the_attempt_is_kept(ines):
    made = propose(ines).on
    with pytest.raises(SeparationOfDuties, match="You proposed this"):
        proposals.confirm(made, by=ines, at=b.AT)
    assert (stage(made), last()) == ("waiting", ("status.refused", ines))
    assert rows()[1] == 0


@on_both
def test_it_is_decided_once(ines, rafael):
    confirmed, declined = propose(ines).on, propose(ines).on
    proposals.confirm(confirmed, by=rafael, at=b.AT)
    proposals.decline(declined, by=rafael, at=b.AT)
    before = rows()
    for made in (confirmed, declined):
        for deed in (proposals.confirm, proposals.decline):
            with pytest.raises(Refused, match="confirmed or declined already"):
                deed(made, by=rafael, at=b.AT)
    assert rows() == before


def test_a_declined_one_is_never_done(ines, rafael):
    made = propose(ines).on
    proposals.decline(made, by=rafael, at=b.AT)
    assert (stage(made), rows()[1]) == ("declined", 0)
    assert record.verify(full=True).faults == []


def test_who_proposed_it_can_take_it_back(ines):
    made = propose(ines).on
    proposals.decline(made, by=ines, at=b.AT)
    assert stage(made) == "declined"


def test_what_could_not_be_done_is_refused_at_once_and_leaves_nothing(ines):
    before = rows()
    for content, field in (
        ({"fact": "capital"}, "fact"),
        ({"value": "soon"}, "value"),
        ({"document": " "}, "document"),
        ({"effective": "24.11.2026"}, "effective"),
    ):
        with pytest.raises(Refused) as refused:
            propose(ines, **content)
        assert refused.value.field == field
    with pytest.raises(Refused, match="There is no State"):
        propose(ines, subject="XYZ")
    assert rows() == before


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001])
def test_it_gives_its_reason(ines, reason):
    with pytest.raises(Refused, match="Give the reason") as refused:
        propose(ines, reason=reason)
    assert refused.value.field == "reason"


def test_it_is_judged_by_the_facts_of_the_day_on_which_it_is_confirmed(ines, rafael):
    """Two officers propose the same meeting; once it stands, the other proposal cannot be done any more."""
    content = {
        "code": "A1",
        "kind": "additional-consultation",
        "phase": "III",
        "name": {"en": "Consultation", "fr": "Consultation"},
        "authority": "A/RES/71/280, para. 29",
        "city": {"en": "Nairobi", "fr": "Nairobi"},
        "country": "KEN",
        "zone": "Africa/Nairobi",
        "days": ["2018-06-14"],
        "document": "A/RES/72/310",
    }
    one, two = (
        proposals.propose("meeting.added", subject="A1", content=content, reason=REASON, by=by, at=b.AT).on
        for by in (ines, rafael)
    )
    proposals.confirm(one, by=rafael, at=b.AT)
    with pytest.raises(Refused, match="two meetings named A1"):
        proposals.confirm(two, by=ines, at=b.AT)
    assert stage(two) == "waiting"


def test_only_officers_with_a_designation_for_the_deed_propose_confirm_and_decline(ines, rafael):
    made = propose(ines).on
    for by in (b.account("officer", "Jonas Weber"), b._known("head", "Miriam Castellanos")):
        for deed in (proposals.confirm, proposals.decline):
            with pytest.raises(NotDesignated):
                deed(made, by=by, at=b.AT)
        with pytest.raises(NotDesignated):
            propose(by)
    assert stage(made) == "waiting"


def test_who_may_not_do_the_deed_neither_proposes_confirms_nor_declines_it(ines, rafael):
    """Screening fixes no allotment."""
    content = {"amount": "90000.00", "basis": allotments.BASES[1], "document": "Allotment advice 2018/3"}
    made = proposals.propose("allotment.changed", subject="N2", content=content, reason=REASON, by=rafael, at=b.AT).on
    for deed in (proposals.confirm, proposals.decline):
        with pytest.raises(NotDesignated):
            deed(made, by=ines, at=b.AT)
    with pytest.raises(NotDesignated):
        proposals.propose("allotment.changed", subject="N2", content=content, reason=REASON, by=ines, at=b.AT)
    assert (stage(made), len(proposals.waiting())) == ("waiting", 1)


@on_both
def test_a_form_sent_twice_proposes_once(ines):
    first, again = propose(ines, key="k1"), propose(ines, key="k1")
    assert (again.seq, again.again) == (first.seq, True)
    assert len(proposals.waiting()) == 1


def test_what_is_not_there_is_not_here(rafael):
    for deed in (proposals.confirm, proposals.decline):
        with pytest.raises(NotHere):
            deed("V-22222222", by=rafael, at=b.AT)


def test_the_record_holds_the_content_and_only_a_seal_of_the_reason(ines, rafael):
    proposals.confirm(propose(ines).on, by=rafael, at=b.AT)
    told = " ".join(db.session.scalars(select(Event.body)))
    assert "A/RES/76/8" in told
    assert "Dhaka" not in told
    assert "Okafor" not in told


@on_both
def test_what_waits_for_an_officer_are_the_proposals_of_others(ines, rafael):
    propose(ines)
    accounts = {a.reference: a for a in db.session.scalars(select(Account)).unique()}
    [waiting] = proposals.waiting()
    assert "You proposed this" in str(proposals.why_not(waiting, accounts[ines]))
    assert proposals.why_not(waiting, accounts[rafael]) is None
