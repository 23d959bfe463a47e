"""What is owed by a claim: prepared by one officer, approved by another, paid, recovered or written off.

On 6 March 2018 Hind's claim waits to be prepared and Mele's settlement, by Rafael, for approval; Bikash has not
claimed, and Kwame waits for an advance.
"""

import json
from datetime import timedelta

import pytest

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.reports.reading import words_of
from tests.web.counting import statements
from tests.web.house import WHO, opened
from tests.web.seated import BIKASH, HIND, KWAME, MELE, furnished_with
from trustfund.extensions import db
from trustfund.models.awards import Settlement
from trustfund.operations import record
from trustfund.operations.allowances import record_provision
from trustfund.web import officers_claims

STEPS = {HIND: j.claimed, MELE: j.prepared, BIKASH: j.attended, KWAME: j.ticketed}
LATER = b.datetime(2018, 3, 30, 10, tzinfo=b.UTC)
TAKEN = {"what_1": "Breakfasts", "usd_1": "-41.20", "reason_1": "The hotel gave them."}


@pytest.fixture(scope="session")
def claimed(furnished, tmp_path_factory):
    return furnished_with(furnished, tmp_path_factory.mktemp("claimed") / "instance", STEPS)


@pytest.fixture
def house(claimed, tmp_path):
    yield from opened(claimed, tmp_path / "instance", j.SETTLED)


def path(house, name):
    return f"/officers/awards/{house.things[name]}/settlement"


def stage(house, name):
    with house.at_work():
        return j.award(house.things[name]).stage


def settlements(house, name):
    with house.at_work():
        kept = j.award(house.things[name])
        found = db.session.query(Settlement).filter_by(award_id=kept.id).order_by(Settlement.number)
        return [(s.stage, s.entitled, s.advance, json.loads(s.adjustments)["adjustments"]) for s in found]


def approve(house, name, who="approving officer"):
    visitor = house.visitor(who)
    return visitor, visitor.fill(path(house, name), "/approval")


def owing(house, name=HIND):
    """A settled award whose traveller owes 41.20, and a paying officer who looks at it."""
    house.visitor("certifying officer").fill(path(house, name), "/settlement", **TAKEN)
    assert approve(house, name)[1].status == 302
    return house.visitor("paying officer")


# What waits


def test_the_queue_says_what_waits_for_whom_and_how_late_it_is(house):
    page = house.visitor("certifying officer").open("/officers/claims")
    assert page.words("h1") == "2 claims wait for the fund"
    assert [heading.partition(" (")[0] for heading in (e["text"] for e in page.all("h2"))] == [
        "To prepare",
        "To approve",
    ]
    house.stands_at(LATER)
    page = house.visitor("certifying officer").open("/officers/claims")
    with house.at_work():
        due = j.award(house.things[BIKASH]).claim_due
    assert f"{(LATER.date() - due).days} days late" in page.text


def test_an_empty_queue_says_what_will_come(quiet_house):
    page = quiet_house.known("certifying officer").open("/officers/claims")
    assert page.words("h1") == "No claim and no debt is open"
    assert "once a traveller submits it" in page.text


def test_debts_stand_in_the_queue_with_what_is_owed(house):
    owing(house)
    page = house.visitor("paying officer").open("/officers/claims")
    row = next(e["text"] for e in page.all("tr") if HIND in e["text"])
    assert "41.20" in row


def test_a_queue_that_is_long_is_read_page_by_page(house, monkeypatch):
    monkeypatch.setattr(officers_claims, "SHOWN", 1)
    house.stands_at(LATER)
    with house.at_work():
        for award in db.session.query(j.Award).all():  # as if nobody had claimed
            award.stage, award.claim_due = "travelled", LATER.date() - timedelta(days=award.id)
        everybody = {a.reference for a in db.session.query(j.Award).all()}
        db.session.commit()
    rafael = house.visitor("certifying officer")
    page, seen = rafael.open("/officers/claims"), []
    assert "Overdue (1+)" in page.words("h2")
    address = page.all("a", href="/officers/claims?queue=overdue")[0]["href"]
    while address:
        page = rafael.open(address)
        seen += [code["text"] for code in page.all("span") if code["text"] in everybody]
        address = page.all("a", rel="next")[0]["href"] if page.all("a", rel="next") else ""
    assert len(seen) == len(everybody) > 1
    assert set(seen) == everybody


def test_new_bank_details_do_not_make_an_overdue_claim_forgotten(house):
    house.stands_at(LATER)
    with house.at_work():
        award = j.award(house.things[BIKASH])
        award.stage, award.resumes = "accepted", "travelled"
        db.session.commit()
    assert house.things[BIKASH] in house.visitor("certifying officer").open("/officers/claims?queue=overdue").text


def test_a_claim_is_found_by_person_state_and_reference(house):
    rafael = house.visitor("certifying officer")
    for typed in ("tayeb", "sudan", house.things[HIND].lower()):
        page = rafael.open("/officers/claims", query_string={"q": typed})
        assert [e["text"].partition("W-")[0] for e in page.all("tr")[1:]] == ["Hind Tayeb Sudan"]
    assert rafael.open("/officers/claims?q=zzz").words("h2") == "No claim is like this"


@pytest.mark.parametrize("who", WHO)
def test_the_pages_of_claims_open_to_the_office_alone(house, who):
    office = "officer" in who or who == "head"
    for address in ("/officers/claims", path(house, HIND)):
        page = house.visitor(who).open(address)
        assert page.status == (200 if office else 302 if who == "nobody" else 403)


# Prepared by one


def test_the_page_shows_the_claim_and_line_by_line_what_is_owed(house):
    page = house.visitor("certifying officer").open(path(house, HIND))
    assert page.words("h1") == "Hind Tayeb: nothing would be owed on either side"
    assert "Daily subsistence" in page.text
    assert "4 nights" in page.text
    assert "19 February 2018 to 23 February 2018" in page.text
    assert "Less the advance" in page.text


def test_what_the_meeting_gave_is_told_beside_what_others_gave(house):
    with house.at_work(), seats.on(j.SETTLED):
        given, by = {"2018-02-20": ["lunch"], "2018-02-22": ["lunch"]}, seats.who("Ines")
        record_provision("N1", factor="", transport=False, given=given, seen_number=0, by=by, at=j.SETTLED)
    page = house.visitor("certifying officer").open(path(house, HIND))
    assert "lunch on 20 and 22 February 2018" in page.words("dd")
    assert "less 12 per cent for lunch on 22 February 2018, given by the meeting" in page.words("td")
    settled = house.visitor("certifying officer").open(path(house, MELE))
    assert "Given by the meeting" not in settled.words("dt"), "it was prepared before"


def test_calculating_shows_the_effect_and_records_nothing(house):
    rafael, before = house.visitor("certifying officer"), house.events()
    page = rafael.open(path(house, HIND))
    fields = {**page.form("/settlement")[1], **TAKEN}
    answer = rafael.open(f"{path(house, HIND)}/calculation", method="POST", data=fields)
    assert answer.status == 200
    assert answer.words("h1") == "Hind Tayeb would owe the fund 41.20 USD"
    assert "With these adjustments, not recorded yet" in answer.text
    assert answer.form("/settlement")[1]["usd_1"] == "-41.20"
    assert house.events() == before


def test_a_prepared_settlement_is_calculated_anew_beside_what_stands(house):
    rafael = house.visitor("certifying officer")
    fields = {**rafael.open(path(house, MELE)).form("/settlement")[1], **TAKEN}
    answer = rafael.open(f"{path(house, MELE)}/calculation", method="POST", data=fields)
    assert answer.words("h1") == "Mele Losa would owe the fund 41.20 USD"
    assert [adjustments for *_, adjustments in settlements(house, MELE)] == [[]]


def test_a_settlement_is_prepared_with_its_adjustments_once(house):
    rafael = house.visitor("certifying officer")
    page = rafael.open(path(house, HIND))
    answers = [rafael.send(page, "/settlement", **TAKEN) for _ in range(2)]
    assert [a.location for a in answers] == [path(house, HIND)] * 2
    [(kept, entitled, advance, adjustments)] = settlements(house, HIND)
    assert (kept, entitled - advance) == ("prepared", -4120)
    assert adjustments == [{"what": "Breakfasts", "usd": -4120, "reason": "The hotel gave them."}]


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"what_2": "Taxi"}, "usd_2", "Enter the amount, with a minus"),
        ({"usd_1": "12.00", "reason_1": "Shown."}, "what_1", "Write what is added"),
        ({"what_1": "Taxi", "usd_1": "12,00", "reason_1": "Shown."}, "usd_1", "“12,00” is not an amount"),
        ({"what_1": "Taxi", "usd_1": "0", "reason_1": "Shown."}, "usd_1", "The amount is zero"),
        ({"what_1": "Taxi", "usd_1": "12.00"}, "reason_1", "Write the reason"),
    ],
)
def test_an_adjustment_without_its_parts_comes_back_to_its_field(house, typed, field, says):
    page = house.visitor("certifying officer").fill(path(house, HIND), "/settlement", **typed)
    assert page.status == 422
    assert page.problems[field].startswith(says)
    assert {name: page.form("/settlement")[1][name] for name in typed} == typed
    assert settlements(house, HIND) == []


def test_adjustments_never_take_away_more_than_there_is(house):
    page = house.visitor("certifying officer").fill(path(house, HIND), "/settlement", **{**TAKEN, "usd_1": "-99999.00"})
    assert page.status == 422
    assert "take away more than the traveller is entitled to" in page.refusal


def test_who_confirmed_the_attendance_reads_why_another_prepares(house):
    page = house.visitor("screening officer").open(path(house, HIND))
    assert "You confirmed the attendance; another officer must prepare the settlement." in page.text
    assert "May do it: " in page.text
    assert [e for e in page.all("button") if "aria-disabled" in e]


def test_a_claim_is_sent_back_with_what_is_asked(house):
    rafael = house.visitor("certifying officer")
    assert rafael.fill(path(house, HIND), "/return").problems == {"return-reason": "Write what is asked."}
    assert rafael.fill(path(house, HIND), "/return", reason="Send the boarding pass.").status == 302
    page = rafael.open(path(house, HIND))
    assert stage(house, HIND) == "travelled"
    assert "Send the boarding pass." in page.text


# Approved by another


def test_who_prepared_cannot_approve_and_nothing_changes(house):
    with house.at_work():
        seats.designated("Rafael", "approving", at=j.SETTLED)
    rafael = house.visitor("certifying officer")
    page = rafael.open(path(house, MELE))
    assert "You prepared this settlement; another officer must approve it." in page.text
    assert "May do it: " in page.text
    token = page.form("/rejection")[1]
    forced = rafael.open(f"{path(house, MELE)}/approval", method="POST", data=token)
    assert forced.status == 409
    assert "You prepared this settlement; another officer must approve it." in forced.refusal
    assert stage(house, MELE) == "claimed"


@pytest.mark.parametrize("who", ["paying officer", "screening officer", "officer without designation"])
def test_who_is_not_designated_for_approving_cannot(house, who):
    visitor = house.visitor(who)
    token = visitor.open(path(house, MELE))
    assert [e for e in token.all("button") if "aria-disabled" in e]


def test_a_settlement_is_approved_once_by_double_click_replay_and_two_tabs(house):
    lise = house.visitor("approving officer")
    page, tab = lise.open(path(house, MELE)), lise.open(path(house, MELE))
    first, again = lise.send(page, "/approval"), lise.send(page, "/approval")
    assert [first.status, again.status] == [302, 302]
    late = lise.send(tab, "/approval")
    assert late.status == 409
    assert "has changed since you opened the page" in late.refusal
    assert "What changed since:" in late.text
    with house.at_work():
        assert record.verify().faults == []


def test_what_was_prepared_anew_is_not_approved_by_an_old_page(house):
    lise = house.visitor("approving officer")
    page = lise.open(path(house, MELE))
    assert house.visitor("certifying officer").fill(path(house, MELE), "/settlement", **TAKEN).status == 302
    assert lise.send(page, "/approval").status == 409
    assert stage(house, MELE) == "claimed"
    fresh = lise.open(path(house, MELE))
    assert fresh.words("h1") == "Mele Losa would owe the fund 41.20 USD"


def test_a_settlement_that_is_not_approved_is_prepared_again(house):
    lise = house.visitor("approving officer")
    assert lise.fill(path(house, MELE), "/rejection", reason="The visa is not shown.").status == 302
    page = house.visitor("certifying officer").open(path(house, MELE))
    assert "Prepare the settlement" in page.words("h2")
    assert [kept for kept, *_ in settlements(house, MELE)] == ["declined"]


def test_the_statement_is_a_paper_once_it_is_approved(house):
    address = path(house, MELE).replace("settlement", "statement.pdf")
    assert house.visitor("head").open(address).status == 404
    lise, _ = approve(house, MELE)
    assert "Take the statement, PDF" in lise.open(path(house, MELE)).text
    paper = house.visitor("head").open(address)
    assert paper.type == "application/pdf"
    assert "Mele Losa" in words_of(paper.data)


def test_what_the_fund_owes_is_paid_by_another_page(house):
    given = {"what_1": "Taxi", "usd_1": "30.00", "reason_1": "By the receipt."}
    house.visitor("certifying officer").fill(path(house, MELE), "/settlement", **given)
    lise, _ = approve(house, MELE)
    page = lise.open(path(house, MELE))
    assert page.words("h1") == "The fund owes Mele Losa 30.00 USD"
    due = house.visitor("paying officer").open("/officers/payments?method=cash")
    assert next(e["text"] for e in due.all("tr") if MELE in e["text"]).split()[-1] == "30.00"


# What is owed to the fund


def test_a_recovery_closes_the_award_and_is_recorded_once(house):
    salma = owing(house)
    page = salma.open(path(house, HIND))
    back = {"value_date__day": "6", "value_date__month": "3", "value_date__year": "2018", "bank_reference": "NB-1"}
    answers = [salma.send(page, "/recoveries", amount="41.20", **back) for _ in range(2)]
    assert [a.status for a in answers] == [302, 302]
    assert stage(house, HIND) == "closed"
    assert salma.open(path(house, HIND)).words("h1") == "Hind Tayeb: settled and closed"


def test_a_part_leaves_the_rest_due_and_too_much_is_refused_at_its_field(house):
    salma = owing(house)
    back = {"value_date__day": "6", "value_date__month": "3", "value_date__year": "2018"}
    much = salma.fill(path(house, HIND), "/recoveries", amount="50.00", bank_reference="NB-1", **back)
    assert much.status == 422
    assert much.problems == {"amount": "The traveller owes 41.20; no more is recovered."}
    assert salma.fill(path(house, HIND), "/recoveries", amount="11.20", bank_reference="NB-1", **back).status == 302
    assert salma.open(path(house, HIND)).words("h1") == "Hind Tayeb owes the fund 30.00 USD"


def test_a_debt_is_written_off_by_two_officers_never_by_one(house):
    owing(house)
    lise = house.visitor("approving officer")
    sent = lise.fill(path(house, HIND), "/write-off", document="Write-off advice 2018/1", reason="The person moved.")
    assert sent.status == 302
    assert "A write-off waits for a second officer." in lise.open(path(house, HIND)).text
    own = lise.open("/officers/proposals")
    assert "You proposed this; another officer must confirm it." in own.text
    rafael = house.visitor("certifying officer")
    seen = rafael.open("/officers/proposals")
    assert "Write off the debt of a traveller: Hind Tayeb, award" in seen.words("h2")
    assert "The traveller owes today, US dollars" in seen.words("dt")
    assert "Write-off advice 2018/1" in seen.text
    assert rafael.send(seen, "/confirmation").status == 302
    assert stage(house, HIND) == "closed"
    with house.at_work():
        assert record.verify().faults == []


def test_a_write_off_needs_document_and_reason(house):
    owing(house)
    page = house.visitor("approving officer").fill(path(house, HIND), "/write-off")
    assert page.status == 422
    assert set(page.problems) == {"document", "write-off-reason"}


def test_the_pages_of_claims_send_as_many_statements_for_many_as_for_one(house):
    rafael = house.visitor("certifying officer")
    two = statements(rafael, "/officers/claims")
    plain = statements(rafael, path(house, HIND))
    house.visitor("certifying officer").fill(path(house, HIND), "/settlement", **TAKEN)
    house.stands_at(LATER)
    assert statements(rafael, "/officers/claims") <= two
    assert statements(rafael, path(house, HIND)) <= plain + 1


def test_the_page_of_payments_sends_as_many_statements_for_many_settled_claims_as_for_one(house):
    salma, more = house.visitor("paying officer"), {"what_1": "Taxi", "usd_1": "30.00", "reason_1": "By the receipt."}

    def settled(name):
        house.visitor("certifying officer").fill(path(house, name), "/settlement", **more)
        assert approve(house, name)[1].status == 302
        return statements(salma, "/officers/payments?method=cash")

    one, two = settled(MELE), settled(HIND)
    assert two <= one + 1, "one more for the rate of the first payment by bank"
