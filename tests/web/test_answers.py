"""What goes wrong is answered with a page, a reference that the log has too, and the right number."""

import json
import logging
import os
import re
from pathlib import Path

import pytest
from sqlalchemy import text

from trustfund import logs
from trustfund.core.refusal import Busy
from trustfund.extensions import db


def broken(*args, **kwargs):
    raise RuntimeError("the roof fell in")


def busy(*args, **kwargs):
    raise Busy("Another deed takes longer than usual. Nothing has been changed; send the same page again in a moment.")


@pytest.fixture
def log(caplog):
    """The lines of the log as they are written."""

    def lines():
        return [json.loads(line) for line in written]

    written = []

    class Keep(logging.Handler):
        def emit(self, record):
            written.append(logs.JsonFormatter().format(record))

    keep, ours = Keep(), logging.getLogger("trustfund")
    ours.addHandler(keep)
    yield lines
    ours.removeHandler(keep)


def test_a_failure_shows_the_reference_under_which_the_log_has_it(house, monkeypatch, log):
    monkeypatch.setattr("trustfund.web.fund.state", broken)
    page = house.visitor().open("/")
    assert page.status == 500
    assert page.words("h1") == "The fund’s server failed, nothing has changed"
    assert "fell in" not in page.text
    line = log()[-1]
    assert line["reference"] == page.all("span", **{"class": "code"})[-1]["text"]
    assert "the roof fell in" in line["traceback"]
    assert (line["method"], line["path"], line["level"]) == ("GET", "/", "error")


def test_a_failure_after_a_deed_was_begun_leaves_nothing(house, monkeypatch):
    donor, before = house.visitor("donor"), house.events()
    page = donor.open("/donors/pledges/new")
    monkeypatch.setattr("trustfund.operations.contributions.announced", broken)
    assert donor.send(page, amount="1.00", purpose="travel").status == 500
    assert house.events() == before
    monkeypatch.undo()
    assert donor.send(page, amount="1.00", purpose="travel").status == 302


@pytest.mark.parametrize("who", ["nobody", "donor"])
def test_without_a_database_the_page_still_comes(house, who, log):
    visitor = house.visitor(who)
    visitor.open("/donors/")
    with house.at_work():
        db.session.execute(text("DROP TABLE sign_in"))
        db.session.execute(text("DROP TABLE balance"))
        db.session.commit()
    page = visitor.open("/" if who == "nobody" else "/donors/")
    assert page.status == 500
    assert page.words("h1") == "The fund’s server failed, nothing has changed"
    assert log()[-1]["reference"] in page.text


def test_who_must_wait_is_told_to_send_it_again_and_when(house, monkeypatch):
    donor = house.visitor("donor")
    page = donor.open("/donors/pledges/new")
    monkeypatch.setattr("trustfund.operations.contributions.new_pledge", busy)
    answer = donor.send(page, amount="1.00", purpose="travel")
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "2"
    assert answer.words("h1") == "Not done yet, nothing has changed"
    assert "send the same page again" in answer.refusal
    monkeypatch.undo()
    assert donor.send(page, amount="1.00", purpose="travel").status == 302


def test_a_lock_that_another_holds_is_503_and_not_500(house):
    import fcntl

    donor = house.visitor("donor")
    page = donor.open("/donors/pledges/new")
    house.app.config["LOCK_SECONDS"] = 0.05
    with open(Path(house.app.instance_path) / "write.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert donor.send(page, amount="1.00", purpose="travel").status == 503
    assert donor.send(page, amount="1.00", purpose="travel").status == 302


def test_a_page_of_another_role_says_so(quiet_house):
    page = quiet_house.known("donor").open("/officers/")
    assert (page.status, page.words("h1")) == (403, "This page belongs to another role")


@pytest.mark.parametrize(
    ("who", "path", "status", "says"),
    [
        ("nobody", "/nowhere", 404, "This page is not here"),
        ("nobody", "/sign-out", 405, "This address only takes a form, nothing has changed"),
        ("donor", "/officers/", 403, "This page belongs to another role"),
    ],
)
def test_a_page_that_says_no_says_what_to_do_and_has_one_way_on_and_its_reference(quiet_house, who, path, status, says):
    page = quiet_house.known(who).open(path)
    assert (page.status, page.words("h1")) == (status, says)
    assert page.title.startswith(says)
    assert page.words("h2") == "What you can do"
    assert [a["href"] for a in page.all("a") if "btn" in a.get("class", "")] == ["/" if who == "nobody" else "/desk"]
    assert re.fullmatch(r"[0-9a-f]{10}", page.all("span", **{"class": "code"})[-1]["text"])


def test_healthz_is_well_while_all_is_well(quiet_house):
    page = quiet_house.visitor().open("/healthz")
    assert (page.status, json.loads(page.text)) == (200, {"status": "ok", "reason": ""})


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        ("DROP TRIGGER {guard}", "guards missing: {guard}"),
        ("DROP TABLE head", "the database does not answer (OperationalError)"),
    ],
)
def test_healthz_is_503_with_the_reason(house, harm, reason):
    with house.at_work():
        guard = db.session.scalar(text("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"))
        db.session.execute(text(harm.format(guard=guard)))
        db.session.commit()
    page = house.visitor().open("/healthz")
    assert (page.status, json.loads(page.text)["reason"]) == (503, reason.format(guard=guard))


def test_the_log_of_a_server_is_one_object_a_line(house, capsys):
    house.app.testing = False
    ours = logging.getLogger("trustfund")
    kept = ours.handlers, ours.propagate, ours.level
    try:
        logs.init_app(house.app)
        logging.getLogger("trustfund.web").error("a\nb %s", "ć")
    finally:
        ours.handlers, ours.propagate, _ = kept
        ours.setLevel(kept[2])
    line = json.loads(capsys.readouterr().err)
    assert (line["says"], line["level"], line["from"]) == ("a\nb ć", "error", "trustfund.web")


def test_an_answer_names_no_software(quiet_house):
    page = quiet_house.visitor().open("/")
    assert not re.search(r"werkzeug|python|flask", str(page.headers), re.I)
    assert os.getcwd() not in page.text
