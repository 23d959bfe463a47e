"""A list of applications as a file: all or nothing, and twice adds nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import builders as b
from tests.operations.insider import place_of
from trustfund.core.refusal import Refused, SeparationOfDuties
from trustfund.extensions import db
from trustfund.models.applications import Application
from trustfund.models.record import Event
from trustfund.operations import record, screening
from trustfund.operations.import_applications import APPLICATIONS, import_applications
from trustfund.operations.imports import BadFile

AWA = {
    "external_reference": "BFA/2018/7",
    "meeting": "N2",
    "state": "BFA",
    "given_names": "Awa",
    "family_name": "Traoré",
    "gender": "F",
    "date_of_birth": "1984-05-17",
    "email": "awa@example.org",
    "position": "Counsellor",
    "organisation": "Ministry of Foreign Affairs",
    "note_verbale": "NV/BFA/18",
    "note_verbale_date": "2018-01-09",
    "government_order": "1",
    "completed_at": "",
    "home_city": "Ouagadougou",
    "fare": "1100.00",
    "fare_currency": "EUR",
}


def file_of(folder: Path, *lines: dict[str, str]) -> Path:
    path = folder / "applications.csv"
    rows = [",".join(APPLICATIONS), *(",".join((AWA | line)[column] for column in APPLICATIONS) for line in lines)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def brought(folder: Path, *lines: dict[str, str]) -> list[Application]:
    import_applications(file_of(folder, *lines), at=b.AT)
    db.session.rollback()
    return list(db.session.scalars(select(Application).order_by(Application.id)).unique())


def test_the_server_gives_the_references_and_keeps_the_files_own(both_apps: Flask, tmp_path: Path):
    (awa,) = brought(tmp_path, {})
    assert (awa.external_reference, awa.stage, awa.completed_at) == ("BFA/2018/7", "submitted", b.AT)
    assert awa.public.startswith("N2-")
    assert awa.reference.startswith("T-")
    assert record.verify().faults == []


def test_the_same_file_twice_adds_nothing(both_apps: Flask, tmp_path: Path):
    path = file_of(tmp_path, {}, {"external_reference": "BFA/2018/8", "given_names": "Moussa", "gender": "M"})
    first, second = import_applications(path, at=b.AT), import_applications(path, at=b.AT)
    assert (first.booked, first.known, second.booked, second.known) == (2, 0, 0, 2)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"meeting": "N9"}, "There is no meeting N9."),
        ({"state": "ZZZ"}, "There is no State “ZZZ”"),
        ({"gender": "X"}, "“X” is no gender of a passport. Use F, M or nothing."),
        ({"date_of_birth": "17.5.1984"}, "“17.5.1984” is not a date."),
        ({"date_of_birth": "2018-W02-3"}, "“2018-W02-3” is not a date."),
        ({"date_of_birth": "1899-12-31"}, "1899-12-31 is no date of birth. Use a day from 1900 to yesterday."),
        ({"date_of_birth": "2018-01-24"}, "2018-01-24 is no date of birth."),
        ({"government_order": "0"}, "“0” is no order of a Government."),
        ({"government_order": "1" * 5000}, "“1111111111” is no order of a Government."),
        ({"completed_at": "2018-01-09"}, "“2018-01-09” is no instant."),
        ({"completed_at": "2018-01-09T09:00:00Z", "home_city": ""}, "something is missing: home_city."),
        ({"completed_at": "2018-02-09T09:00:00Z"}, "which lies ahead."),
        ({"completed_at": "0001-01-01T00:00:00+14:00"}, "“0001-01-01T00:00:00+14:00” is no instant."),
        ({"completed_at": "2017-12-12T09:00:00Z"}, "not complete on 2017-12-12: the call opens on 2017-12-13."),
        ({"email": "awa"}, "“awa” is not an e-mail address."),
        ({"fare_currency": "XXX"}, "XXX"),
        ({"given_names": "A" * 141}, "given_names has at most 140 characters on one line."),
        ({"given_names": "A\x1bB"}, "given_names has a character that cannot be seen: U+001B. Remove it."),
        ({"position": "A\tB"}, "position has a character that cannot be seen: U+0009. Remove it."),
        ({"family_name": "Traor\u202eé"}, "family_name has a character that cannot be seen: U+202E."),
        ({"position": "Coun\u200bsellor"}, "position has a character that cannot be seen: U+200B."),
        ({"home_city": "Ouaga\u2028dougou"}, "home_city has a character that cannot be seen: U+2028."),
        ({"external_reference": "BFA/2018/7"}, "The external reference BFA/2018/7 has an application for N2 already."),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_booked(app: Flask, tmp_path: Path, wrong: dict[str, str], says: str):
    other = {"external_reference": "BFA/2018/9", "given_names": "Salif"}
    with pytest.raises(BadFile) as refused:
        import_applications(file_of(tmp_path, {}, other | wrong), at=b.AT)
    (fault,) = refused.value.faults
    assert fault.startswith("line 3: ")
    assert says in fault
    assert db.session.scalar(select(func.count()).select_from(Application)) == 0


def test_a_name_keeps_the_joiners_of_its_script(app: Flask, tmp_path: Path):
    (awa,) = brought(tmp_path, {"given_names": "علی\u200cرضا", "date_of_birth": "1900-01-01"})
    assert (awa.given_names, str(awa.date_of_birth)) == ("علی\u200cرضا", "1900-01-01")


def test_an_instant_that_the_file_brought_is_confirmed_by_one_officer_and_accepted_by_another(
    both_apps: Flask, tmp_path: Path
):
    (awa,) = brought(tmp_path, {"completed_at": "2018-01-10T09:00:00Z"})
    ines, rafael = b.officer("Ines Okafor", "screening"), b.officer("Rafael Haldane", "certifying", "screening")
    assert awa.completed_at == datetime(2018, 1, 10, 9, tzinfo=UTC)
    with pytest.raises(Refused, match="an officer confirms it first"):
        screening.accept(awa.reference, seen=awa.seq, by=ines, at=b.AT)
    screening.confirm_completion(awa.reference, seen=awa.seq, by=rafael, at=b.AT)
    seen = place_of("completion.confirmed")
    with pytest.raises(SeparationOfDuties, match="another officer"):
        screening.accept(awa.reference, seen=seen, by=rafael, at=b.AT)
    screening.accept(awa.reference, seen=seen, by=ines, at=b.AT)
    db.session.rollback()
    assert db.session.scalar(select(Application.stage)) == "accepted"
    assert record.verify().faults == []


def test_the_record_holds_no_name_and_no_address_of_a_line(app: Flask, tmp_path: Path):
    brought(tmp_path, {})
    body = db.session.scalars(select(Event.body).where(Event.action == "application.imported")).one()
    assert not [word for word in ("Awa", "Traor", "example.org", "Ouagadougou", "1984") if word in body]
