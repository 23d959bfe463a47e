"""Every report reads one state of the fund, prints its head, and changes nothing."""

import json
from datetime import date
from itertools import product

from flask_babel import force_locale
from sqlalchemy import func, select

from tests import builders as b
from tests.counting import counted
from tests.reports.reading import built, csv_rows, told, words_of
from trustfund.extensions import db
from trustfund.models.record import head_of
from trustfund.reports import menu
from trustfund.reports.draw import draw
from trustfund.reports.menu import FORMATS, MENU
from trustfund.reports.snapshot import snapshot

NAMES = [entry.name for entry in MENU]


def test_a_report_drawn_again_is_the_same_file_and_the_record_has_not_grown(fund):
    before = state()
    for name, format in product(NAMES, FORMATS):
        assert draw(built(name), format, "en") == draw(built(name), format, "en"), (name, format)
    assert state() == before


def state():
    """The head and the number of rows of each table."""
    sizes = [db.session.scalar(select(func.count()).select_from(table)) for table in db.metadata.sorted_tables]
    return head_of(db.session()), sizes


def test_a_report_prints_the_head_that_it_was_read_at(fund):
    seq, digest = head_of(db.session())
    reports = [built(name) for name in NAMES]
    b.rate("EUR", "0.85", "2017-11-30")
    for report in reports:
        assert ["# head", f"{seq}:{digest}"] in [row[:2] for row in csv_rows(draw(report, "csv", "en"))]
        assert json.loads(draw(report, "json", "en"))["head"] == {"seq": seq, "hash": digest}
        assert f"{seq} {digest[:4]} {digest[4:8]} {digest[8:12]}" in words_of(draw(report, "pdf", "en"))


def test_what_is_recorded_while_a_report_is_read_is_not_in_it(fund):
    with snapshot() as taken:
        known = menu.find("audit-trail").build(taken).rows
        with fund.app_context():
            b.rate("EUR", "0.85", "2017-11-30")
        assert menu.find("audit-trail").build(taken).rows == known
    assert len(built("audit-trail").rows) == len(known) + 1


def test_a_larger_fund_takes_no_more_queries(fund):
    few = [queries(name) for name in NAMES]
    donor = b.account("donor", "Sweden", donor=b.donor("Sweden", country="SWE"))
    for _ in range(3):
        b.pledge(donor)
    assert [queries(name) for name in NAMES] == few
    most = dict(zip(NAMES, few, strict=True))
    assert most.pop("surplus") <= 110  # it asks who stands at each meeting whose call has opened, however many apply
    assert most.pop("source-and-use-of-funds") <= 20  # it reads the fund status too, with which it must agree
    assert most.pop("personal-data-register") <= 21  # it counts in every table that tells of people
    assert max(most.values()) <= 14


def queries(name):
    """How many statements a report takes, its snapshot included."""
    with counted() as sent:
        built(name)
    return len(sent)


def test_the_day_of_the_last_entry_is_the_as_at_day(fund):
    assert built("journal").as_at == date(2018, 1, 24)
    assert built("journal", as_at=date(2017, 12, 31)).as_at == date(2017, 12, 31)


def test_the_digest_is_the_same_in_french(fund):
    english = [draw(built(name), "json", "en") for name in NAMES]
    with force_locale("fr"):
        assert [draw(built(name), "json", "fr") for name in NAMES] == english


def test_an_empty_fund_has_reports_too(both_apps):
    for name, format in product(NAMES, FORMATS):
        assert draw(built(name), format, "en")
    assert told(built("journal"), "entry") == []
