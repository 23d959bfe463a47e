"""The register tells an auditor what is held, who was erased and what was shown, and names nobody."""

import pytest

from tests import builders as b
from tests import journeys as j
from tests import seats
from tests.beginnings import begun
from tests.operations.erased import OF_HER, WHY, erase, paid
from tests.reports.reading import built, controls, told
from trustfund.extensions import db
from trustfund.models.applications import Unmasking
from trustfund.operations import unmasking
from trustfund.reports.words_of_personal_data import KINDS

REGISTER = "personal-data-register"


@pytest.fixture
def award(both_apps):
    return begun(paid)


def held(name="persons"):
    return dict(told(built(REGISTER), "what", name)[: len(KINDS)])


def test_what_is_held_is_told_by_kind_with_its_time_and_no_name(award):
    report = built(REGISTER)
    assert [row[0] for row in told(report, "sort")] == ["held"] * len(KINDS)
    assert [row[0] for row in told(report, "what")] == [*KINDS]
    rows = dict(zip(KINDS, told(report, "persons", "months", "years", "protection"), strict=True))
    assert rows["identity"] == ("2", "24", "7", "apart")
    assert rows["bank"] == ("0", "24", "7", "sealed")
    assert rows["mail"][1:] == ("12", "", "apart")
    assert rows["donor"][2] == "7"
    said = "".join(report.as_json())
    assert [words for words in (*OF_HER, "Nour", "hamid") if words in said] == []


def test_who_was_erased_is_held_no_more_and_stands_by_entry_and_rule(award):
    amna, before = j.delegate_of(award), held()
    done = erase(amna)
    rows = told(built(REGISTER), "sort", "entry", "day", "what", "about", "why", "by")[len(KINDS) :]
    assert rows == [("erased", str(done.seq), f"{j.SETTLED:%Y-%m-%d}", "account", amna, "asked", "system")]
    fewer = {kind for kind in KINDS if int(held()[kind]) == int(before[kind]) - 1}
    assert fewer >= {"account", "identity", "contact", "journey", "words", "mail"}
    assert WHY not in "".join(built(REGISTER).as_json())
    earlier = built(REGISTER, as_at=j.APPROVED.date())
    assert len(earlier.rows) == len(KINDS)
    assert controls(earlier)[0] == ("Persons erased", "0", True)


def test_what_was_shown_stands_with_its_reason_and_a_row_that_is_gone_fails_the_check(award):
    with seats.on(j.SETTLED):
        reference = j.award(award).application.reference
        j.award(award).application.passport_sealed = b"x"
        db.session.commit()
        ines = seats.who("Ines")
        done = unmasking.unmask(reference, what="passport", reason="other", words="She asked.", by=ines, at=j.SETTLED)
    rows = told(built(REGISTER), "sort", "entry", "what", "about", "why", "by")[len(KINDS) :]
    assert rows == [("shown", str(done.seq), "passport", reference, "other", ines)]
    assert controls(built(REGISTER))[1] == ("Sealed data shown", "1", True)
    db.session.add(Unmasking(application_id=1, what="bank", reason="payment", words="", by_id=1, at=b.AT, seq=1))
    db.session.commit()
    assert controls(built(REGISTER))[1] == ("Sealed data shown", "1", False)
