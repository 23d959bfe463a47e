"""Amna's code: it shows where her application stands, and ends with the next one, and with her key."""

import pytest

from tests import builders as b
from trustfund.core.refusal import NotHere, Refused
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.operations import applications, lookup, people
from trustfund.services import keys

PLACE = "192.0.2.7"
NOT_TOGETHER = "do not belong together"


@pytest.fixture
def amna(both_apps):
    return b.account("delegate", "Amna Eltayeb", state="SDN")


def sent(amna):
    """Her application, and the code that went with the mail."""
    reference = b.application(amna, sent=False)
    done = applications.submit(reference, by=amna, at=b.AT)
    return reference, lookup.code_of(amna, reference, done.seq)


def test_each_sending_and_each_new_code_ends_the_one_before(amna):
    reference, first = sent(amna)
    assert lookup.found(reference, first, PLACE).reference == reference
    applications.reopen(reference, by=amna, at=b.AT)
    done = applications.submit(reference, by=amna, at=b.AT)
    second = lookup.code_of(amna, reference, done.seq)
    third = lookup.renew(reference, people.account_of("amna@example.org"))
    assert len({first, second, third}) == 3
    for ended in (first, second, ""):
        with pytest.raises(Refused, match=NOT_TOGETHER):
            lookup.found(reference, ended, PLACE)
    assert lookup.found(reference, f" {third[:4].lower()}-{third[4:]} ", PLACE).reference == reference


def test_a_stranger_shuts_nobody_out_elsewhere_until_very_many_are_wrong(amna, both_apps, monkeypatch):
    reference, code = sent(amna)
    monkeypatch.setitem(both_apps.config, "FAILURES_PER_ACCOUNT", 2)
    monkeypatch.setitem(both_apps.config, "FAILURES_PER_ADDRESS", 4)

    def wrong(place):
        for says in (NOT_TOGETHER, NOT_TOGETHER, "Wait 15 minutes"):
            with pytest.raises(Refused, match=says):
                lookup.found(reference, "22222222", place)

    wrong("198.51.100.1")
    assert lookup.found(reference, code, PLACE).reference == reference
    wrong("198.51.100.2")
    with pytest.raises(Refused, match="Wait 15 minutes"):
        lookup.found(reference, code, PLACE)


def test_nobody_renews_the_code_of_another(amna):
    reference, code = sent(amna)
    b.account("delegate", "Binta Diallo", state="SEN")
    with pytest.raises(NotHere):
        lookup.renew(reference, people.account_of("binta@example.org"))
    assert lookup.found(reference, code, PLACE)


def test_with_the_persons_key_the_code_is_gone_and_no_key_is_made_anew(amna):
    reference, code = sent(amna)
    (keys.folder() / "people" / f"{amna}.key").unlink()
    with pytest.raises(Refused, match=NOT_TOGETHER):
        lookup.found(reference, code, PLACE)
    assert not keys.knows(amna)


def test_a_draft_that_was_never_sent_is_shown_to_nobody(amna):
    reference = b.application(amna, sent=False)
    db.session.rollback()
    assert db.session.query(Application).filter_by(reference=reference).one().lookup == ""
    with pytest.raises(Refused, match=NOT_TOGETHER):
        lookup.found(reference, "", PLACE)
