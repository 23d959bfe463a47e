"""Awa of Burkina Faso asks twice, under two spellings and two accounts; officers are told why it looks so."""

from datetime import date

import pytest
from sqlalchemy import select, text

from tests import builders as b
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.operations.duplicates import candidates, doubles_of
from trustfund.operations.meetings import frames_on

AWA = {"given_names": "Awa", "family_name": "Traoré", "state": "BFA", "date_of_birth": date(1979, 3, 11)}
pytestmark = pytest.mark.usefixtures("both_apps")


def asks(name, meeting="N2", **answers):
    return b.application(b.account("delegate", name, state="BFA"), meeting, **answers)


def doubles(reference, whole=False):
    db.session.rollback()
    one = db.session.scalars(select(Application).where(Application.reference == reference)).unique().one()
    found = doubles_of(db.session(), one, frames_on(db.session(), b.AT.date()))
    return found if whole else [(d.application.reference, d.likeness.strength, d.meets) for d in found]


def test_a_second_account_with_another_spelling_is_found_from_both_sides():
    first = asks("Awa Traore", **AWA)
    second = asks("A Traore", **AWA | {"given_names": "TRAORE Awa", "family_name": "Marie"})
    asks("Salif Ouédraogo", given_names="Salif", family_name="Ouédraogo", state="BFA")
    asks("Not yet sent", sent=False, **AWA)
    assert doubles(first) == [(second, "likely", "meeting")]
    assert doubles(second) == [(first, "likely", "meeting")]


def test_one_passport_number_is_the_surest_sign_and_comes_first():
    first = asks("Awa Traore", **AWA)
    like = asks("A Traore", **AWA | {"date_of_birth": date(1979, 11, 3)})
    other = asks("Salif Ouédraogo", given_names="Salif", family_name="Ouédraogo", state="BFA")
    for reference in (first, other):
        db.session.execute(text("UPDATE application SET passport_mark = 'm' WHERE reference = :r"), {"r": reference})
    db.session.commit()
    assert doubles(first) == [(other, "certain", "meeting"), (like, "likely", "meeting")]


def test_a_crowd_with_one_birthday_does_not_cut_off_the_same_passport(monkeypatch):
    monkeypatch.setattr("trustfund.operations.duplicates.CANDIDATES", 2)
    other = asks("Salif Ouédraogo", given_names="Salif", family_name="Ouédraogo", state="BFA")
    first = asks("Awa Traore", **AWA)
    for name in ("Fatou Sow", "Idrissa Ba"):
        given, family = name.split()
        asks(name, **AWA | {"given_names": given, "family_name": family})
    for reference in (first, other):
        db.session.execute(text("UPDATE application SET passport_mark = 'm' WHERE reference = :r"), {"r": reference})
    db.session.commit()
    assert doubles(first) == [(other, "certain", "meeting")]


def test_one_person_who_asks_openly_for_two_meetings_is_told_only_where_the_journeys_meet():
    """N2 and N3 lie weeks apart; who has two accounts is told all the same."""
    awa = b.account("delegate", "Awa Traore", state="BFA")
    first, later = b.application(awa, **AWA), b.application(awa, "N3", **AWA)
    assert doubles(first) == doubles(later) == []
    hidden = asks("A Traore", "N3", **AWA)
    assert doubles(first) == [(hidden, "likely", "")]
    assert doubles(later) == [(hidden, "likely", "meeting")]


def test_whoever_is_looked_at_is_found_by_an_index_never_by_reading_all():
    reference = asks("Awa Traore", **AWA | {"telephone": "+226 70 12"})
    one = db.session.scalars(select(Application).where(Application.reference == reference)).unique().one()
    one.passport_mark = "m"
    plan = ""
    with db.engine.connect() as connection:
        for query in candidates(one):
            asked = str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))
            if db.engine.dialect.name == "sqlite":
                rows = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + asked)
            else:  # on a table of one row PostgreSQL would read it; it may only combine indexes here
                connection.execute(text("SET enable_seqscan = off; SET enable_indexscan = off"))
                rows = connection.exec_driver_sql("EXPLAIN " + asked.replace("%", "%%"))
            plan += " ".join(str(row[-1]) for row in rows)
    for column in ("passport_mark", "folded", "email", "telephone", "account_id", "date_of_birth"):
        assert f"ix_application_{column}" in plan, plan
