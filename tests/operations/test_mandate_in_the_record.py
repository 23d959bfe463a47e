"""The record holds the mandate; a file changes it only with a document and a second person. On both databases."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.conftest import NOW
from trustfund.commands.fund import init
from trustfund.core.mandate import MandateError, load
from trustfund.core.refusal import NotDesignated, NotHere, Refused, SeparationOfDuties
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.fund import MandateVersion, mandate_on
from trustfund.models.record import Event, head_of
from trustfund.operations import fund, people, record

TEXT = fund.shipped_mandate("a-res-71-280")
CHANGED = TEXT.replace("late_until = { value = 21", "late_until = { value = 14")
EFFECTIVE = date(2018, 2, 1)

pytestmark = pytest.mark.usefixtures("both_apps")


@pytest.fixture
def officers():
    return b.officer("Salma Idrissi", "paying"), b.officer("Rafael Haldane", "certifying")


@pytest.fixture
def changed_file(tmp_path):
    (tmp_path / "changed.toml").write_text(CHANGED, encoding="utf-8")
    return str(tmp_path / "changed.toml")


def amended(by, confirmed_by, text=CHANGED, symbol="A/RES/72/244", effective=EFFECTIVE):
    return fund.amend_mandate(text, symbol=symbol, effective=effective, confirmed_by=confirmed_by, by=by, at=b.AT)


def head() -> int:
    db.session.rollback()
    return head_of(db.session())[0]


def runs(app, *args):
    """`trustfund init` in this process."""
    db.session.rollback()
    result = app.test_cli_runner().invoke(init, args)
    db.session.rollback()
    return result


# A new fund


def test_the_first_two_entries_are_the_key_and_the_mandate_with_its_text_and_digest():
    key, adopted = (json.loads(body) for body in db.session.scalars(select(Event.body).order_by(Event.seq).limit(2)))
    assert key["do"] == "key.introduced"
    assert [adopted[what] for what in ("do", "on", "by", "to")] == ["mandate.adopted", "mandate", SYSTEM, "in-force"]
    assert adopted["data"]["text"] == TEXT
    assert adopted["data"]["digest"] == load(TEXT).digest
    assert adopted["data"]["symbol"] == "A/RES/71/280"


def test_init_again_changes_nothing(both_apps):
    before = head()
    again = runs(both_apps)
    assert (again.exit_code, again.output) == (0, "The fund is set up.\n")
    assert head() == before
    assert record.verify(full=True).faults == []


def test_after_that_the_record_holds_and_not_the_file(both_apps, monkeypatch):
    monkeypatch.setattr(fund, "shipped_mandate", lambda name: CHANGED)
    assert mandate_on(db.session(), NOW.date()).setting("late_until") == 21


# A changed file


def test_init_with_a_changed_file_shows_the_difference_and_changes_nothing(both_apps, changed_file):
    before = head()
    said = runs(both_apps, "--mandate", changed_file)
    assert said.exit_code == 1
    lines = said.output.splitlines()
    assert any(line.startswith("-late_until = { value = 21") for line in lines)
    assert any(line.startswith("+late_until = { value = 14") for line in lines)
    assert "Nothing was changed" in said.output
    assert head() == before


def test_init_amends_with_a_symbol_and_two_persons(both_apps, changed_file, officers):
    said = runs(
        both_apps,
        "--mandate",
        changed_file,
        "--amend",
        "A/RES/72/244",
        "--effective",
        "2018-02-01",
        "--by",
        "salma@example.org",
        "--confirmed-by",
        "rafael@example.org",
    )
    assert (said.exit_code, said.output) == (0, f"The amendment is recorded: entry {head()}.\n")
    body = json.loads(db.session.scalar(select(Event.body).order_by(Event.seq.desc())))
    assert (body["do"], body["by"], body["data"]["confirmed_by"]) == ("mandate.amended", *officers)
    assert [body["data"][what] for what in ("symbol", "effective", "text")] == ["A/RES/72/244", "2018-02-01", CHANGED]
    assert runs(both_apps, "--mandate", changed_file).output == "The fund is set up.\n"


def test_a_symbol_without_two_persons_changes_nothing(both_apps, changed_file, officers):
    before = head()
    for persons in ([], ["--by", "salma@example.org"], ["--confirmed-by", "salma@example.org"]):
        assert runs(both_apps, "--mandate", changed_file, "--amend", "A/RES/72/244", *persons).exit_code == 2
    assert head() == before


def test_a_wrong_file_is_refused_with_line_and_reason_before_anything_is_done(both_apps, tmp_path):
    before = head()
    wrong = TEXT.replace('base = "expenditure"', 'base = "deposits"')
    line = wrong.splitlines().index('base = "deposits"') + 1
    (tmp_path / "wrong.toml").write_text(wrong, encoding="utf-8")
    said = runs(both_apps, "--mandate", str(tmp_path / "wrong.toml"))
    assert isinstance(said.exception, MandateError)
    assert str(said.exception) == (
        f"line {line}: the base of a fee must be one of: deposit, expenditure; “deposits” is not known"
    )
    assert head() == before


def test_a_file_that_is_not_there_is_refused_by_name():
    with pytest.raises(Refused, match=r"There is no mandate file nowhere\.toml: No such file"):
        fund.shipped_mandate("nowhere.toml")


# An amendment


def test_an_amendment_holds_from_its_day_and_the_days_before_keep_the_old_text(officers):
    amended(*officers)
    db.session.rollback()
    assert mandate_on(db.session(), date(2018, 1, 31)).setting("late_until") == 21
    assert mandate_on(db.session(), EFFECTIVE).setting("late_until") == 14
    assert fund.recorded_mandate() == CHANGED
    assert record.verify(full=True).faults == []


def test_of_two_amendments_for_one_day_the_later_holds(officers):
    amended(*officers)
    amended(*officers, text=CHANGED.replace("value = 14", "value = 7"))
    assert mandate_on(db.session(), EFFECTIVE).setting("late_until") == 7


def test_a_day_before_the_first_mandate_has_the_first(officers):
    assert mandate_on(db.session(), date(2016, 1, 1)).setting("late_until") == 21


def test_nobody_confirms_their_own_amendment(officers):
    with pytest.raises(SeparationOfDuties):
        amended(officers[0], officers[0])
    kept = db.session.scalars(select(Event).order_by(Event.seq.desc())).first()
    assert (kept.action, kept.actor, kept.subject) == ("mandate.refused", officers[0], "")
    assert "late_until" not in kept.body
    assert fund.recorded_mandate() == TEXT


@pytest.mark.parametrize("role", ["administrator", "auditor", "delegate", "officer"])
def test_the_second_person_is_one_who_could_amend_too(officers, role):
    with pytest.raises(SeparationOfDuties):
        amended(officers[0], b.account(role, "Somebody Else"))
    assert fund.recorded_mandate() == TEXT


def test_a_second_person_who_is_nobody_or_suspended_confirms_nothing(officers):
    with pytest.raises(NotHere):
        amended(officers[0], "A-22222222")
    people.suspend_account(officers[1], by=SYSTEM, at=b.AT)
    with pytest.raises(SeparationOfDuties):
        amended(*officers)


@pytest.mark.parametrize("role", ["administrator", "auditor", "delegate", "officer"])
def test_who_has_no_designation_amends_nothing(officers, role):
    with pytest.raises(NotDesignated):
        amended(b.account(role, "Somebody Else"), officers[0])


def test_the_head_amends_with_an_officer(officers):
    amended(b.account("head", "Second Head"), officers[0])
    assert fund.recorded_mandate() == CHANGED


@pytest.mark.parametrize("symbol", ["", "  ", "A/RES/" + "7" * 60])
def test_an_amendment_names_the_document_that_decided_it(officers, symbol):
    with pytest.raises(Refused, match="names the document"):
        amended(*officers, symbol=symbol)
    assert db.session.scalars(select(MandateVersion)).one().symbol == "A/RES/71/280"


def test_an_amendment_whose_text_is_wrong_is_refused_with_its_line(officers):
    before = head()
    with pytest.raises(MandateError, match=r"line \d+: "):
        amended(*officers, text=TEXT.replace("rate = 0.13", "rate = 13"))
    assert head() == before
