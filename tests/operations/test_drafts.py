"""A draft keeps what is personal under its person's key, on either database, and erased it leaves nothing behind."""

import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import select, update

from tests import builders as b
from trustfund.core.refusal import Refused, Stale
from trustfund.extensions import db
from trustfund.models.applications import Application, Document
from trustfund.operations import applications, people, record
from trustfund.operations.application_bank import bank_of, keep_bank
from trustfund.operations.application_files import files_of
from trustfund.operations.operation import housekeeping
from trustfund.operations.passports import mark_of, number_of
from trustfund.services.documents import Document as Checked

PAGE = Checked("page.jpg", "image/jpeg", b"\xff\xd8", 1)


def test_passport_and_account_are_sealed_and_a_new_state_has_a_new_mark(both_apps):
    reference, account = _begun()
    applications.save(reference, account, {"state": "BFA", "passport_number": "a 123-4321"}, b.AT)
    keep_bank(reference, account, holder="Awa", account="123-45", bic="", bank="A bank", country="BF", currency="USD")
    applications.save(reference, account, {"state": "MLI"}, b.AT)
    own = applications.own(reference, account)
    assert (number_of(own), own.passport_mark) == ("A1234321", mark_of("A1234321", "MLI"))
    assert (bank_of(own)["account"], own.bank_masked) == ("123-45", "•••• 45")


def test_an_erased_draft_takes_its_files_of_every_kind_with_it(both_apps):
    reference, account = _begun()
    for kind in ("note-verbale", "passport", "visa", "bank-form"):
        applications.keep_document(reference, account, PAGE, b.AT, kind=kind)
    assert len(files_of(applications.own(reference, account))) == 4
    applications.discard(reference, account)
    assert db.session.query(Document).count() == 0
    assert not [one for one in Path(current_app.config["STORAGE"]).rglob("*") if one.is_file()]


def test_what_was_changed_since_it_was_shown_is_neither_sent_nor_overwritten(both_apps):
    reference, account = _begun()
    applications.save(reference, account, b.ANSWERS, b.AT)
    own = applications.own(reference, account)
    by, all_seen, seen = account.reference, applications.seal_of_all(own), applications.seal_of_answers(own)
    applications.keep_document(reference, account, PAGE, b.AT)
    with pytest.raises(Stale):
        applications.submit(reference, seen=all_seen, by=by, at=b.AT)
    applications.save(reference, account, {"position": "Counsellor"}, b.AT, seen=seen)
    with pytest.raises(Stale):
        applications.save(reference, account, {"position": "Coun"}, b.AT, seen=seen)
    own = applications.own(reference, account)
    assert own.position == "Counsellor"
    applications.submit(reference, seen=applications.seal_of_all(own), by=by, at=b.AT)


def test_nothing_is_kept_with_an_application_that_was_sent_meanwhile(both_apps):
    reference, account = _begun()
    with _meanwhile(both_apps, reference, stage="submitted"), pytest.raises(Refused, match="was sent"):
        applications.save(reference, account, {"given_names": "Somebody else"}, b.AT)
    with _meanwhile(both_apps, reference), pytest.raises(Refused, match="was sent"):
        applications.keep_document(reference, account, PAGE, b.AT)
    assert applications.own(reference, account).given_names == ""


def test_what_is_sent_is_sealed_as_it_was_saved_meanwhile(both_apps):
    reference, account = _begun()
    applications.save(reference, account, b.ANSWERS, b.AT)
    by = account.reference
    with _meanwhile(both_apps, reference, home_city="Bobo-Dioulasso"):
        applications.submit(reference, by=by, at=b.AT)
    assert applications.own(reference, account).home_city == "Bobo-Dioulasso"
    assert record.verify().faults == []


@contextmanager
def _meanwhile(app, reference, **changes):
    """Somebody else's transaction changes the row, and is over a moment later."""
    held, number = threading.Event(), db.session.query(Application.id).filter_by(reference=reference).scalar()

    def change():
        with app.app_context(), housekeeping():
            db.session.execute(select(Application.id).where(Application.id == number).with_for_update())
            if changes:
                db.session.execute(update(Application).where(Application.id == number).values(**changes))
            held.set()
            time.sleep(0.3)

    other = threading.Thread(target=change)
    other.start()
    assert held.wait(10)
    yield
    other.join()


def _begun():
    b.account("delegate", "Awa Example")
    account = people.account_of("awa@example.org")
    return applications.begin(account, "N2", b.AT).reference, account
