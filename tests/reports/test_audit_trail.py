"""Audit trail: who did what, when."""

from datetime import date

from sqlalchemy import select

from tests.reports.reading import built, told
from trustfund.extensions import db
from trustfund.models.record import Event


def test_every_entry_of_the_record_is_told_in_its_order(fund):
    trail = built("audit-trail")
    events = db.session.execute(select(Event.seq, Event.actor, Event.action, Event.hash).order_by(Event.seq)).all()
    assert told(trail, "entry", "by", "action", "hash") == [
        (str(e.seq), e.actor, e.action, e.hash[:16]) for e in events
    ]
    assert trail.head_seq == len(events)


def test_the_states_before_and_after_a_deed_are_told(fund):
    assert [row for row in told(built("audit-trail"), "action", "from", "to") if row[0] == "deposit.recorded"] == [
        ("deposit.recorded", "agreed", "fully-paid"),
        ("deposit.recorded", "agreed", "part-paid"),
    ]


def test_a_period_has_the_entries_recorded_in_it(fund):
    first = built("audit-trail", to_day=date(2017, 4, 3))
    assert told(first, "action") == [("key.introduced",), ("mandate.adopted",)]
    assert len(built("audit-trail", from_day=date(2017, 4, 4)).rows) == built("audit-trail").head_seq - 2


def test_no_name_and_no_address_of_a_person_is_in_it(fund):
    everything = " ".join(str(value) for row in built("audit-trail").rows for value in row)
    for person in ("Haddad", "Salma", "Omar", "example.org"):
        assert person not in everything
