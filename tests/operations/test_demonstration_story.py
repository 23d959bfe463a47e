"""The demonstration fund tells the whole story: somebody is refused by each rule, and every state of an award is seen.

It is made once, with half as many applications as `make demo` has.
"""

import json
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from tests.conftest import FAST
from tests.once import create_app
from tests.operations.erased import rows_that_tell
from trustfund import demonstration
from trustfund.core.eligibility import FAILS
from trustfund.core.lifecycle import AWARD_STAGES
from trustfund.demonstration.money import PLEDGES
from trustfund.demonstration.story import END
from trustfund.extensions import db
from trustfund.models import personal
from trustfund.models.activities import Activity
from trustfund.models.applications import Application, Screening
from trustfund.models.awards import Award, Payment, overdue
from trustfund.models.contributions import AgreementDraft, Deposit, Donor, Letter, Pledge
from trustfund.models.fund import calendar_on
from trustfund.models.record import Event, Posting
from trustfund.models.selections import Override, Proposal, Selection
from trustfund.models.statements import BankStatement, StatementLine
from trustfund.operations import activities, matching, payments, record, results, retention, screening, settlements
from trustfund.reports import bank_reconciliation
from trustfund.reports.snapshot import snapshot
from trustfund.services.clock import clock

TODAY = END.date()


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory):
    app = create_app(FAST, instance=str(tmp_path_factory.mktemp("demonstrated")))
    with app.app_context():
        demonstration.make(1, 200)
        db.session.remove()
        db.engine.dispose()
    return app


@pytest.fixture(autouse=True)
def on_its_day(demonstrated):
    with demonstrated.app_context(), clock().at(END):
        yield
        db.session.remove()
        db.engine.dispose()


def count(column, *conditions):
    """How many rows there are of each value of a column."""
    return Counter(dict(db.session.execute(select(column, func.count()).where(*conditions).group_by(column)).all()))


def told(action):
    """What the record says of every deed of a kind."""
    return [json.loads(body) for body in db.session.scalars(select(Event.body).where(Event.action == action))]


def test_the_record_is_sound():
    assert record.verify().faults == []


def test_donors_are_of_five_kinds_and_one_waits_for_a_second_officer():
    kinds = count(Donor.type)
    assert kinds.total() == 26
    assert set(kinds) == {"state", "igo", "ngo", "private", "individual"}
    waiting = db.session.scalars(select(Donor).where(Donor.accepted_seq.is_(None))).one()
    assert (waiting.name, waiting.type) == ("Example Freight Forwarders", "private")


def test_pledges_are_announced_agreed_part_paid_and_paid_in_many_currencies():
    assert set(count(Pledge.state)) == {"announced", "conditional", "agreed", "part-paid", "fully-paid"}
    assert {"USD", "EUR", "CHF", "SEK", "NOK", "DKK", "GBP", "JPY", "AUD", "CAD"} == set(count(Pledge.currency))


def test_only_invented_donors_are_late():
    late = db.session.scalars(
        select(Donor)
        .join(Pledge, Pledge.donor_id == Donor.id)
        .where(Pledge.expected_on < TODAY, Pledge.state != "fully-paid")
    ).all()
    assert len(late) >= 3
    assert "state" not in {donor.type for donor in late}


def test_one_deposit_waits_for_the_agreement_that_it_belongs_to():
    (waiting,) = db.session.scalars(select(Deposit).where(Deposit.pledge_id.is_(None))).unique()
    assert (waiting.donor.name, waiting.amount, waiting.currency) == ("Diaspora Bridges Example", 100_000, "CAD")


def test_every_agreement_says_that_it_is_an_example():
    agreed = {body["data"]["document"] for body in told("agreement.recorded")}
    assert len(agreed) == sum(bool(pledge.agreed) for pledge in PLEDGES)
    assert all(document.endswith("(example)") for document in agreed)


def test_one_agreement_waits_for_its_condition_and_that_of_another_was_met():
    waiting = db.session.scalars(select(Pledge).where(Pledge.state == "conditional")).unique().one()
    assert (waiting.promised, waiting.agreed, waiting.currency) == (8_000_000, 0, "USD")
    (met,) = told("condition.met")
    assert met["to"] == "agreed"


def test_reminders_were_sent_of_an_instalment_that_is_overdue_and_of_one_that_is_due_soon():
    sent = Counter((body["data"]["due_on"], body["data"]["kind"]) for body in told("reminder.sent"))
    assert sent["2017-10-15", "before"] == 1
    assert sent["2017-10-15", "after"] >= 3
    assert sent["2018-02-15", "before"] == 1


def test_one_agreement_has_its_number_and_is_not_signed_and_a_letter_lies_with_another():
    draft = db.session.scalars(select(AgreementDraft)).one()
    assert (draft.number, draft.pledge.state) == ("MCS00-2018-001", "announced")
    letter = db.session.scalars(select(Letter)).one()
    assert letter.pledge.document == "Note verbale 17/418 (example)"


def test_one_deposit_came_for_two_agreements():
    parts = db.session.scalars(select(Deposit).where(Deposit.parts == 2).order_by(Deposit.part)).unique().all()
    assert [(part.donor.name, part.amount, part.currency) for part in parts] == [
        ("Germany", 13_000_000, "EUR"),
        ("Germany", 5_000_000, "EUR"),
    ]
    assert len({part.pledge_id for part in parts}) == 2


def test_one_overpayment_waits_and_another_was_agreed_after_all():
    over = [pledge for pledge in db.session.scalars(select(Pledge)).unique() if pledge.over]
    assert [(pledge.over, pledge.currency) for pledge in over] == [(50_000, "USD")]
    (agreed,) = told("overpayment.agreed")
    assert (agreed["data"]["amount"], agreed["data"]["currency"]) == (60_000, "GBP")


def test_statements_of_the_bank_are_in_and_three_lines_wait_of_which_an_agreement_explains_one():
    session = db.session()
    lines = session.scalars(select(StatementLine).where(*matching.IN_SUSPENSE).order_by(StatementLine.value_date)).all()
    assert [line.amount for line in lines] == [-4_250, 75_000, 1_800_000]
    assert session.scalar(select(func.count(StatementLine.id))) > 30
    statements = [session.get_one(BankStatement, line.statement_id).reference for line in lines]
    found = [
        matching.suggested(session, matching.called(statement, line.number))
        for statement, line in zip(statements, lines, strict=True)
    ]
    assert [bool(some and some[0].owed) for some in found] == [False, False, True]


def test_the_bank_and_the_books_agree_but_for_items_that_are_named():
    with snapshot() as seen:
        rows = bank_reconciliation.build(seen).rows
    differences = [row for row in rows if row[2] == "difference"]
    assert len(differences) == len({row[1] for row in rows})
    assert {row[7] for row in differences} == {"explained"}


def test_the_bank_never_lent_the_fund_money():
    held = Counter()
    of_the_bank = select(Posting.currency, Posting.amount).where(Posting.account.startswith("cash:"))
    for currency, amount in db.session.execute(of_the_bank.order_by(Posting.seq)):
        held[currency] += amount
        assert held[currency] >= 0


def test_what_each_contribution_did_in_2017_is_final():
    assert results.of_year(db.session(), 2017).final_since
    assert not results.of_year(db.session(), 2018).final_since


def test_applications_come_from_sixty_states_for_every_meeting_whose_call_has_opened():
    assert len(set(count(Application.state, Application.stage != "draft")) - {""}) >= 60
    late_or_held = {"T1", "T2", "T3", "T4", "T5", "T6", "H1", "H2", "H3", "H4", "P2", "N1", "N2", "N3"}
    assert set(count(Application.meeting)) == late_or_held | {"R1"}
    assert {meeting.code for meeting in calendar_on(db.session(), TODAY).meetings} > late_or_held


def test_applications_stand_at_every_stage():
    stages = count(Application.stage)
    assert set(stages) == {
        "draft",
        "submitted",
        "changes-asked",
        "accepted",
        "refusal-proposed",
        "refused",
        "withdrawn",
    }


@pytest.mark.parametrize("rule", FAILS)
def test_somebody_is_refused_by_each_rule(rule):
    confirmed = [body["data"]["codes"] for body in told("refusal.confirmed")]
    assert any(rule in codes for codes in confirmed)


def test_one_refusal_was_declined_and_one_waits_for_the_second_officer():
    acts = count(Screening.act)
    assert acts["refusal.declined"] == 1
    waiting = db.session.scalars(select(Application).where(Application.stage == "refusal-proposed")).unique().all()
    assert any(screening.Case(db.session(), one, today=TODAY, at=END).answer_by < TODAY for one in waiting)


@pytest.mark.parametrize("stage", AWARD_STAGES)
def test_somebody_has_an_award_at_each_stage(stage):
    assert count(Award.stage)[stage]


def test_the_meetings_of_2017_are_settled_but_for_an_overdue_claim_and_what_the_officers_have_at_hand():
    of_2018 = Award.meeting.in_(("N1", "N2", "N3", "H4"))
    left = {"closed", "declined", "lapsed", "cancelled", "no-show"}
    assert count(Award.stage, ~of_2018, Award.stage.not_in(left)) == {"travelled": 1, "claimed": 2, "settled": 2}
    late = db.session.scalars(select(Award).where(overdue(TODAY))).unique().one()
    assert late.advance > 0


def test_one_claim_waits_for_a_first_look_and_one_settlement_for_its_approval():
    claimed = db.session.scalars(select(Award).where(Award.stage == "claimed")).unique()
    assert sorted(settlements.prepared(db.session(), award) is None for award in claimed) == [False, True]


def test_payments_wait_for_each_way_to_be_released():
    for method in ("bank", "cash", "agent"):
        assert payments.due(db.session(), method)


@pytest.mark.parametrize(
    "deed",
    [
        "award.replaced",
        "replacement.requested",
        "double.ruled-out",
        "certification.withdrawn",
        "claim.returned",
        "settlement.declined",
        "recovery.recorded",
        "debt.written-off",
        "completion.confirmed",
        "allotment.changed",
        "month.closed",
    ],
)
def test_a_deed_that_is_not_done_every_day_was_done(deed):
    assert told(deed)


def test_a_payment_came_back_and_was_made_again_and_the_reversal_names_it():
    failed = db.session.scalars(select(Payment).where(Payment.stage == "failed")).one()
    (reversal,) = told("payment.failed")
    assert reversal["data"]["payment"] == failed.reference
    again = select(Payment).where(Payment.award_id == failed.award_id, Payment.kind == failed.kind)
    assert db.session.scalars(again.where(Payment.stage == "paid")).one().usd == failed.usd


def test_there_are_two_runs_of_one_meeting_and_a_preview_of_today():
    runs = db.session.scalars(select(Selection)).unique().all()
    assert ("P2", 2) in {(run.meeting, run.run) for run in runs if run.stage == "kept"}
    previews = [run for run in runs if run.stage == "preview"]
    assert [(run.meeting, run.made_at.date()) for run in previews] == [("H4", TODAY)]


def test_one_override_was_confirmed_by_a_second_officer_and_another_waits():
    assert db.session.scalar(select(func.count()).select_from(Override)) == 1
    waiting = db.session.scalars(select(Proposal).where(Proposal.stage == "waiting")).unique()
    assert sorted(proposal.deed for proposal in waiting) == ["meeting.added", "override.recorded"]


def test_an_activity_was_agreed_by_two_and_paid_from_a_surplus_and_another_waits_for_the_second():
    paid, waits = db.session.scalars(select(Activity).order_by(Activity.id))
    assert (paid.stage, len(paid.payments)) == ("closed", 2)
    assert Counter(act.act for act in paid.acts) == {"propose": 1, "approve": 2, "pay": 1}
    assert waits.stage == "proposed"
    assert Counter(act.act for act in waits.acts) == {"propose": 1, "approve": 1}


def test_today_there_is_no_surplus_any_more():
    waits = db.session.scalars(select(Activity).where(Activity.stage == "proposed")).one()
    failing = {test.code for test in activities.tests_for(db.session(), waits, END) if not test.holds}
    assert "no-one-without-a-seat" in failing


def test_an_officer_could_not_approve_twice_and_the_refusal_is_kept():
    assert [body["data"] for body in told("award.refused")] == [
        {"deed": "award.approved", "rule": "separation-of-duties"}
    ]


def test_the_clock_stops_when_the_rounds_have_come_so_far():
    last = db.session.scalar(select(Event.at).order_by(Event.seq.desc()).limit(1))
    assert last <= "2018-01-24T14:00:00"
    calls = set(count(Application.meeting, Application.stage.in_(("draft", "submitted"))))
    assert calls == {"N2", "N3"}
    assert date(2018, 1, 24) == TODAY


def test_twelve_years_later_most_are_erased_of_every_table_and_the_record_still_verifies():
    """The last of this file: the fund is another afterwards."""
    before = rows_that_tell()
    at = datetime(2030, 1, 1, tzinfo=UTC)
    with clock().at(at):
        kept = retention.run(at)
    gone = {person.reference for person, _ in kept.erased}
    assert len(gone) > 100
    told = {table for table, persons in before.items() if persons & gone}
    assert told == {held.table for held in personal.HELD} - NOT_IN_THE_STORY
    assert {table: persons & gone for table, persons in rows_that_tell().items() if persons & gone} == {}
    assert record.verify().faults == []


NOT_IN_THE_STORY = {"letter", "application_note"}
"""Tables that tell nothing of anybody who is over the time in the demonstration."""
