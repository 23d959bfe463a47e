"""Exceptions: each kind of deed that went another way is told, by the deeds themselves, and no other."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.operations.test_import_applications import AWA
from tests.reports.money_story import HELD, lived, posted
from tests.reports.reading import built, told
from trustfund.core.mandate import Mandate
from trustfund.core.refusal import NotDesignated, SeparationOfDuties
from trustfund.operations import awards, contributions, donors, imports, people, proposals
from trustfund.operations import months as months  # its deed is proposed by name
from trustfund.operations.import_applications import import_lines
from trustfund.reports import exceptions


def told_exceptions(**asked: date) -> set[tuple[str, str]]:
    return set(told(built("exceptions", **asked), "exception", "subject"))


def kinds() -> list[str]:
    return [row[0] for row in told(built("exceptions"), "exception")]


def test_who_did_not_come_is_an_exception_from_that_day_on(app: Flask):
    story = lived()
    assert told(built("exceptions"), "exception", "deed", "subject") == [("no-show", "award.missed", story["bikash"])]
    assert told_exceptions(as_at=HELD - timedelta(days=1)) == set()
    assert told_exceptions(from_day=HELD) == {("no-show", story["bikash"])}
    assert told_exceptions(from_day=HELD + timedelta(days=1)) == set()


def test_attempts_that_were_refused_are_exceptions(app: Flask):
    j.fund()
    (hind,) = j.seated(("Hind Tayeb", "SDN"))
    j.certified(j.accepted(hind))
    with pytest.raises(NotDesignated):
        j.approved(hind, by="Ines")
    assert kinds() == ["refused-designation"]
    with seats.on(j.APPROVED):
        made = proposals.propose(
            "allotment.changed",
            subject="N1",
            content={"amount": "10.00", "basis": "decided", "document": "Advice"},
            reason="A try.",
            by=seats.who("Lise"),
            at=j.APPROVED,
        )
        with pytest.raises(SeparationOfDuties):
            proposals.confirm(made.on, by=seats.who("Lise"), at=j.APPROVED)
        proposals.confirm(made.on, by=seats.who("Rafael"), at=j.APPROVED)
    with pytest.raises(awards.NotEnoughMoney):
        j.approved(hind)
    assert kinds() == ["refused-designation", "refused-duties", "allotment-changed", "refused-money"]
    refused = told(built("exceptions"), "exception", "deed", "subject", "by")[-1]
    assert refused == ("refused-money", "award.approved", hind, seats.who("Lise"))


def test_a_dearer_award_new_bank_details_and_a_certification_taken_back_are_exceptions(app: Flask):
    j.fund()
    (hind,) = j.seated(("Hind Tayeb", "SDN"))
    j.quoted(j.accepted(hind), "1500.00", choose=True)
    j.certified(hind, reason="No cheaper flight is left.")
    assert kinds() == ["dearer"]
    j._do(awards.withdraw_certification, hind, seats.who("Rafael"), j.CERTIFIED, reason="A slip.")
    j.certified(hind, reason="No cheaper flight is left.")
    j.with_bank(hind, at=j.CERTIFIED)
    assert kinds() == ["dearer", "certification-withdrawn", "dearer", "sent-back"]


def test_an_award_with_two_approvals_for_its_amount_alone_is_none(app: Flask, monkeypatch: pytest.MonkeyPatch):
    usual = Mandate.setting
    monkeypatch.setattr(
        Mandate,
        "setting",
        lambda self, name: Decimal(100) if name == "two_approvers_above" else usual(self, name),
    )
    j.fund()
    (hind,) = j.seated(("Hind Tayeb", "SDN"))
    j.certified(j.accepted(hind))
    assert j.award(hind).approvals_needed == 2
    assert kinds() == []


def test_a_settlement_with_adjustments_is_an_exception_and_one_without_is_none(app: Flask):
    j.fund()
    hind, bikash = j.seated(("Hind Tayeb", "SDN"), ("Bikash Thapa", "NPL"))
    for step in j.STEPS[: j.STEPS.index(j.claimed) + 1]:
        for one in (hind, bikash):
            step(one)
    less = json.dumps([{"what": "Hotel", "usd": "-10.00", "reason": "Paid by the host."}])
    j.prepared(hind, adjustments=less)
    j.prepared(bikash)
    assert told_exceptions() == {("adjusted", hind)}


def test_a_later_run_and_a_move_by_two_officers_are_exceptions_and_the_first_run_is_none(app: Flask):
    seats.officers()
    seats.paid_in("20000.00")
    seats.allotted("6500.00")
    for name, state in (("Amna E", "SDN"), ("Guerda D", "HTI"), ("Kwame M", "GHA")):
        seats.delegate(name, state)
    seats.closed()
    first = seats.kept(seats.previewed())
    assert kinds() == []
    later = seats.kept_by_two(seats.previewed(at=seats.THE_DAY_AFTER))
    assert told_exceptions() == {("later-run", later)}
    assert told(built("exceptions"), "by", "second") == [(seats.who("Rafael"), seats.who("Ines"))]
    assert first != later


def test_what_is_dated_back_typed_or_posted_late_is_an_exception(app: Flask):
    rafael, lise = b.officer("Rafael Haldane", "certifying"), b.officer("Lise Moreau", "approving")
    salma = b.officer("Salma Idrissi", "paying")
    b.agreement(pledge := b.pledge(b.account("donor", "Luxembourg", donor=b.donor())), salma, "50000.00")
    b.deposit(pledge, salma, "1000.00", date(2017, 3, 31), "LU-0")
    assert kinds() == ["before-start"]
    import_lines([(2, AWA | {"completed_at": "2018-01-10T09:00:00Z"})], at=b.AT)
    assert kinds() == ["before-start", "back-dated"]
    made = proposals.propose("month.closed", subject="month:2017-06", content={}, reason="Over.", by=rafael, at=b.AT)
    proposals.confirm(made.on, by=lise, at=b.AT)
    b.deposit(pledge, salma, "1000.00", date(2017, 6, 12), "LU-1")
    assert kinds() == ["before-start", "back-dated", "posted-late"]


def test_a_designation_that_a_command_made_in_two_names_says_so(app: Flask):
    miriam = b.account("head", "Miriam Castellanos")
    rafael, lise = b.officer("Rafael Haldane", "certifying"), b.account("officer", "Lise Moreau")
    said = {"function": "approving", "document": "Memo 1", "from_day": b.AT.date(), "at": b.AT}
    made = people.make_designation(lise, **said, by_command=True, by=miriam)
    people.confirm_designation(made.on, by_command=True, by=rafael, at=b.AT)
    assert kinds() == ["by-command", "by-command"]


def test_a_private_donor_that_a_command_or_a_file_brought_says_so_and_one_that_two_officers_took_does_not(app: Flask):
    rafael, lise = b.officer("Rafael Haldane", "certifying"), b.officer("Lise Moreau", "approving")
    b.donor()
    waiting = contributions.register_donor("Ana Example", type="individual", by=rafael, at=b.AT)
    donors.accept(waiting.on, seen=waiting.seq, by=lise, at=b.AT)
    assert kinds() == []
    known = b.donor("Example Remittances Ltd", "private", "")
    line = dict.fromkeys(imports.CONTRIBUTIONS, "") | {
        "kind": "pledge",
        "donor": "Another Ltd",
        "donor_type": "private",
    }
    line |= {"date": "2017-06-01", "amount": "9.00", "currency": "USD"}
    imports.book_contributions([(2, line)], at=b.AT)
    assert kinds() == ["donor-by-command", "donor-by-command"]
    assert told(built("exceptions"), "subject")[0] == (known,)


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        ("override", "override.recorded"),
        ("status-amended", "status.amended"),
        ("replaced", "award.replaced"),
        ("cancelled", "award.cancelled"),
        ("payment-failed", "payment.failed"),
        ("written-off", "debt.written-off"),
        ("contribution-written-off", "contribution.written-off"),
        ("account-reset", "account.reset"),
        ("mandate-amended", "mandate.amended"),
    ],
)
def test_some_deeds_are_exceptions_whatever_they_say(app: Flask, kind: str, action: str):
    posted(action)
    assert kinds() == [kind]


def test_every_kind_of_exception_is_proved_here():
    proved = {"no-show", "refused-designation", "refused-duties", "refused-money", "allotment-changed", "dearer"}
    proved |= {"certification-withdrawn", "sent-back", "adjusted", "later-run", "before-start", "back-dated"}
    proved |= {"posted-late", "override", "status-amended", "replaced", "cancelled", "payment-failed", "written-off"}
    proved |= {"contribution-written-off", "by-command", "donor-by-command"}
    assert {word for word, _, _ in exceptions.EXCEPTIONS} == proved | {"account-reset", "mandate-amended"}
