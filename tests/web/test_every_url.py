"""Every address as every person: who may open it, and what every answer carries."""

import re
from urllib.parse import urlsplit

import pytest

from tests.web.house import WHO
from trustfund.core.roles import Function, Role
from trustfund.web import doors

ROLE_OF = {
    "donor": Role.DONOR,
    "another donor": Role.DONOR,
    "delegate": Role.DELEGATE,
    "mission": Role.MISSION,
    "head": Role.HEAD,
    "auditor": Role.AUDITOR,
    "administrator": Role.ADMINISTRATOR,
}
THING = {  # what stands for the reference in an address: a thing of Luxembourg's donor
    "donors.pledge": "announced",
    "donors.receipt": "receipt",
    "officers.receipt": "receipt",
    "officers.deposit": "receipt",
    "officers.attach_deposit": "receipt",
    "officers.split_deposit": "receipt",
    "delegates.application": "draft",
    "delegates.page": "draft",
    "delegates.note_verbale": "draft",
    "delegates.documents": "draft",
    "delegates.payment": "draft",
    "delegates.way_back": "draft",
    "delegates.check": "draft",
    "delegates.reopen": "draft",
    "delegates.withdraw": "draft",
    "delegates.confirmation": "draft",
    "delegates.decision_letter": "draft",
    "delegates.new_code": "draft",
    "missions.confirmation": "application",
    "missions.decision_letter": "application",
    "officers.confirmation": "application",
    "officers.decision_letter": "application",
    "delegates.document": "amna's document",
    "delegates.award": "amna's award",
    "delegates.accept_seat": "amna's award",
    "delegates.decline_seat": "amna's award",
    "delegates.bank_details": "amna's award",
    "delegates.authorization": "amna's award",
    "delegates.settlement": "amna's award",
    "delegates.claim": "amna's award",
    "auditors.receipt": "receipt",
    "donors.letter": "letter",
    "officers.letter": "letter",
    "auditors.letter": "letter",
    "officers.donor": "luxembourg's donor",
    "officers.donor_results": "luxembourg's donor",
    "officers.donor_results_file": "luxembourg's donor",
    "officers.change_donor": "luxembourg's donor",
    "officers.accept_donor": "luxembourg's donor",
    "donors.call": "paid",
    "officers.call": "paid",
    "auditors.call": "paid",
    "officers.certificate": "luxembourg's donor",
    "officers.donor_statement": "luxembourg's donor",
    "auditors.certificate": "luxembourg's donor",
    "auditors.donor_statement": "luxembourg's donor",
    "officers.confirm_designation": "designation",
    "officers.end_designation": "designation",
    "missions.application": "nepal's application",
    "missions.endorse": "nepal's application",
    "missions.withdraw_endorsement": "nepal's application",
    "missions.answer_refusal": "nepal's application",
    "missions.replace": "nepal's application",
    "missions.document": "nepal's note",
    "officers.application": "application",
    "officers.document": "document",
    "officers.unmask": "application",
    "officers.double": "application",
    "officers.rule_out_double": "application",
    "officers.reopen_double": "application",
    "officers.accept_application": "application",
    "officers.confirm_completion": "application",
    "officers.ask_for_changes": "application",
    "officers.propose_refusal": "application",
    "officers.confirm_refusal": "application",
    "officers.decline_refusal": "application",
    "officers.note_application": "application",
    "officers.selection": "run",
    "officers.keep_selection": "run",
    "officers.propose_override": "run",
    "officers.award": "award",
    "officers.authorization": "award",
    "officers.certify_award": "award",
    "officers.withdraw_certification": "award",
    "officers.approve_award": "award",
    "officers.authorize_award": "award",
    "officers.issue_ticket": "award",
    "officers.record_quote": "award",
    "officers.choose_quote": "award",
    "officers.change_journey": "award",
    "officers.record_answer": "award",
    "officers.enter_bank": "award",
    "officers.confirm_attendance": "award",
    "officers.record_no_show": "award",
    "officers.cancel_award": "award",
    "officers.replace_delegate": "award",
    "officers.settlement": "award",
    "officers.statement": "award",
    "officers.calculate_settlement": "award",
    "officers.prepare_settlement": "award",
    "officers.approve_settlement": "award",
    "officers.decline_settlement": "award",
    "officers.return_claim": "award",
    "officers.record_recovery": "award",
    "officers.propose_write_off": "award",
    "administrators.account": "luxembourg",
    "administrators.change_account": "luxembourg",
}
GOES_ON = {
    *("public.own_desk", "public.sign_out", "delegates.begin", "delegates.reopen"),
    *("missions.endorse", "delegates.note_verbale", "delegates.way_back"),
}  # answered by another page
GOES_ON |= {"delegates.new_code", "officers.send_again"}
NOT_HERE = {"public.password", "officers.authorization", "officers.statement"}  # known to nobody; not yet issued
NOT_HERE |= {"delegates.confirmation", "missions.confirmation"}  # never sent; of another State
NOT_HERE |= {f"{door}.decision_letter" for door in ("delegates", "missions", "officers")}  # nothing is decided
NOT_HERE |= {"delegates.authorization", "delegates.settlement"}
NOT_HERE |= {"officers.double", "officers.rule_out_double", "officers.reopen_double"}  # the other is a draft
NOT_HERE |= {f"{door}.agreement_paper" for door in ("donors", "officers", "auditors")}  # none is drawn up
NOT_HERE |= {f"{door}.certificate" for door in ("donors", "officers", "auditors")}  # nothing came this year
LUXEMBOURGS = {"donors.pledge", "donors.receipt", "donors.amend_pledge", "donors.withdraw_pledge"}
LUXEMBOURGS |= {"donors.letter", "donors.add_letter", "donors.call", "donors.statement"}
NO_ORDER = {"payment_order", "payment_order_file", "signature_list", "passenger_list", "fail_payment"}
NO_ORDER |= {"activity", "approve_activity", "pay_activity", "close_activity", "cancel_activity"}  # there is no surplus
NO_ORDER |= {"statement_read", "arrange_statement", "bank_statement", "bank_line"}  # no file of a bank came
NO_ORDER |= {"match_line", "record_line", "line_in_parts", "undo_match", "confirm_statement"}


def addresses(house):
    """(endpoint, method, path) of everything that can be opened."""
    adapter = house.app.url_map.bind("")
    for rule in house.app.url_map.iter_rules():
        reference = house.things[THING.get(rule.endpoint, "announced")]
        values = {
            "reference": reference,
            "other": house.things["nepal's application"],
            "filename": "trustfund.css",
            "format": "csv",
            "seq": 1,
            "number": 1,
            "year": 2018,
            "token": "x" * 43,
            "part": "you",
            "what": "passport",
            "name": "status-of-contributions",
            "change": "reset",
            "iso3": "NPL",
            "code": "N1",
        }
        path = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield rule.endpoint, method, path


def role_of(who):
    return ROLE_OF.get(who, Role.OFFICER)


def expected(endpoint, method, who):
    """What the table of rights says that a person is answered, whatever the page is."""
    roles = doors.ACCESS[endpoint]
    if roles and who == "nobody":
        return 401 if method == "POST" and endpoint != "public.sign_out" else 302
    if roles and role_of(who) not in roles:
        return 403
    if endpoint in {"officers.payment_order_file", "officers.signature_list", "officers.passenger_list"} and (
        who != "paying officer"
    ):
        return 403
    if endpoint in NOT_HERE or endpoint.removeprefix("officers.") in NO_ORDER:
        return 404
    if endpoint in GOES_ON or (endpoint == "public.sign_in" and method == "GET" and who != "nobody"):
        return 302
    if who == "another donor" and endpoint in LUXEMBOURGS:
        return 404
    if (endpoint, who) == ("officers.document", "officer without designation"):
        return 403
    return 422 if method == "POST" else 200


def test_the_people_of_the_tests_have_every_role_and_function():
    assert {role_of(who) for who in WHO} == {*Role}
    assert {f"{function} officer" for function in Function} <= {*WHO}


def test_every_address_has_a_declared_right_and_no_right_is_left_over(quiet_house):
    tried = {"trying.page", "trying.sign_in"}  # in the demonstration only: test_trying.py
    assert {rule.endpoint for rule in quiet_house.app.url_map.iter_rules()} == {*doors.ACCESS} - tried


@pytest.fixture(scope="module", params=WHO)
def tour(request, quiet_house):
    """Every address but that of leaving, opened once by a person: who it is, (endpoint, method) -> page, and the
    entries of the record before and after."""
    visitor = quiet_house.known(request.param) if request.param != "nobody" else quiet_house.visitor()
    before = quiet_house.events()
    pages = {
        (endpoint, method): visitor.open(path, method=method)
        for endpoint, method, path in addresses(quiet_house)
        if endpoint != "public.sign_out"
    }
    return request.param, visitor, pages, (before, quiet_house.events())


def test_every_address_opens_to_whom_the_table_says_and_to_nobody_else(tour):
    who, _, pages, (before, after) = tour
    answers = {}
    for (endpoint, method), page in pages.items():
        answers[endpoint, method] = page.status, expected(endpoint, method, who)
        if page.status == 302 and who == "nobody":
            assert page.location == "/sign-in", page.path
    assert {key: status for key, status in answers.items() if status[0] != status[1]} == {}
    assert after == before, "opening pages and sending empty forms is no deed"


def test_every_answer_is_sealed_and_every_page_is_a_whole_page(tour):
    _, visitor, pages, _ = tour
    wrong = visitor.open("/nowhere"), visitor.open("/", method="DELETE"), visitor.open("/donors")
    for page in [*pages.values(), *wrong]:
        _sealed(page)
        if page.type.startswith("text/html") and page.status not in (302, 308):
            _whole(page)


def test_a_route_that_nobody_declared_is_open_to_nobody(house, monkeypatch):
    monkeypatch.delitem(doors.ACCESS, "auditors.record")
    assert house.visitor("auditor").open("/auditors/record").status == 404
    assert house.visitor().open("/auditors/record").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/donors/pledges/P-22222222",
        "/donors/pledges/1",
        "/donors/receipts/R-22222222.pdf",
        "/officers/pledges/P-22222222",
        "/officers/receipts/R-22222222.pdf",
        "/officers/applications/T-22222222",
        "/officers/documents/F-22222222",
        "/officers/states/XYZ",
        "/auditors/receipts/R-22222222.pdf",
        "/auditors/letters/L-22222222",
        "/officers/donors/D-22222222",
        "/auditors/entries/0",
        "/auditors/entries/999999",
        "/auditors/entries/99999999999999999999",
        "/auditors/entries/-1",
        "/auditors/reports/nothing",
        "/auditors/reports/nothing.pdf",
        "/auditors/reports/journal.exe",
        "/administrators/accounts/A-22222222",
        "/open/contributions.xml",
        "/password/",
        "/static/../app.py",
        "/static/",
    ],
)
def test_what_is_not_there_is_404_for_whoever_might_look(quiet_house, path):
    who = {"donors": "donor", "officers": "paying officer", "auditors": "auditor", "administrators": "administrator"}
    page = quiet_house.known(who.get(path.split("/")[1], "nobody")).open(path)
    assert page.status == 404
    assert page.words("h1") == "This page is not here"


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("paying officer", "/officers/pledges/P-22222222/agreement"),
        ("paying officer", "/officers/pledges/P-22222222/deposits"),
        ("paying officer", "/officers/pledges/P-22222222/amendment"),
        ("paying officer", "/officers/pledges/P-22222222/withdrawal"),
        ("certifying officer", "/officers/pledges/P-22222222/write-off"),
        ("paying officer", "/officers/deposits/R-22222222/attachment"),
        ("administrator", "/administrators/accounts/A-22222222/end"),
    ],
)
def test_a_form_for_what_is_not_there_is_404(quiet_house, who, path):
    assert quiet_house.known(who).open(path, method="POST").status == 404


@pytest.mark.parametrize(
    "thing",
    [
        "pledges/{paid}",
        "pledges/{announced}",
        "pledges/{announced}/amendment",
        "pledges/{announced}/withdrawal",
        "receipts/{receipt}.pdf",
        "pledges/{paid}/calls/1.pdf",
        "certificates/2017.pdf",
        "statements/2017.pdf",
    ],
)
def test_somebody_elses_thing_is_not_here(quiet_house, thing):
    path = f"/donors/{thing.format(**quiet_house.things)}"
    assert quiet_house.known("donor").open(path).status == 200
    assert quiet_house.known("another donor").open(path).status == 404


def test_another_donors_desk_says_nothing_of_luxembourg(quiet_house):
    page = quiet_house.known("another donor").open("/donors/")
    assert "Norway" in page.text
    assert "Luxembourg" not in page.text
    assert quiet_house.things["paid"] not in page.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "POST"])
def test_a_wrong_method_is_405_and_says_which_are_right(quiet_house, method):
    page = quiet_house.visitor().open("/", method=method)
    assert page.status == 405
    assert "GET" in page.headers["Allow"]


@pytest.mark.parametrize("who", ["nobody", "donor", "paying officer", "auditor", "administrator"])
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_head_and_options_never_break(quiet_house, who, method):
    for _, _, path in addresses(quiet_house):
        page = quiet_house.known(who).open(path, method=method, headers={"Range": "bytes=0-9"})
        assert page.status < 500, path
        assert not page.data or method == "OPTIONS"


@pytest.mark.parametrize(
    "words",
    [
        "endpoint=x&_method=FOO&_external=1&_scheme=javascript&_anchor=x&values=1&self=1&%ff=%fe",
        "lang=xx&after=1e9",
        "lang=en&lang=fr&after=" + "9" * 40,
        "before=-1&code=%00",
        "q=%00&verify=",
        "q=%25_%5C&zone=%00",
        "about=%00&from=0000-00-00",
        "stage=%00&as_at=0001-01-01",
        "action='&from=9999-12-31&to=0001-01-01",
        pytest.param("q=" + "x" * 5000, id="long"),
    ],
)
def test_no_word_of_the_address_line_breaks_a_page(quiet_house, words):
    for who in ("donor", "delegate", "paying officer", "auditor", "administrator"):
        visitor = quiet_house.visitor(who)
        for endpoint, method, path in addresses(quiet_house):
            if method == "GET" and (
                role_of(who) in doors.ACCESS[endpoint] or (who == "donor" and "public" in endpoint)
            ):
                page = visitor.open(f"{path}?{words}")
                assert page.status < 500, f"{path}?{words} as {who}"
                assert "javascript:" not in page.text


def test_the_link_to_another_language_keeps_the_page_and_its_filters(quiet_house):
    page = quiet_house.known("paying officer").open("/officers/pledges?stage=agreed&q=L%26x&lang=en")
    french = page.all("a", hreflang="fr")[0]["href"]
    assert french == "/officers/pledges?stage=agreed&q=L%26x&lang=fr"


def _sealed(page):
    where = f"{page.path}: {page.status}"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy, where
    assert "frame-ancestors 'none'" in policy, where
    assert "unsafe" not in policy, where
    assert page.headers["X-Content-Type-Options"] == "nosniff", where
    assert page.headers["Referrer-Policy"] == "same-origin", where
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin", where
    assert page.headers["Permissions-Policy"], where
    if not page.path.startswith(("/static", "/open")):
        assert page.headers["Cache-Control"] == "no-store", where


def _whole(page):
    where = f"{page.path}: {page.status}"
    html = page.all("html")[0]
    assert (html["lang"], html["dir"]) == ("en", "ltr"), where
    assert len(page.all("h1")) == 1, where
    assert page.words("h1"), where
    assert len(page.all("main", id="main")) == 1, where
    assert page.all("a", href="#main")[0]["class"] == "skip", where
    assert page.title.removesuffix(" – trustfund").strip() not in ("", "– trustfund"), where
    assert all(one["src"].startswith("/static/") and not one["text"] for one in page.all("script")), where
    assert not page.all("style"), where
    assert not [e for _, e in page.seen.elements if "style" in e or any(a.startswith("on") for a in e)], where
    assert not re.search(r"\{\{|\{%|%\(\w+\)s|>None<|Undefined", page.text), where
    ids = [e["id"] for _, e in page.seen.elements if "id" in e]
    assert len(ids) == len({*ids}), where
    labels = {e.get("for") for e in page.all("label")}
    for tag, e in page.seen.elements:
        if tag in ("input", "select") and e.get("type") not in ("hidden", "radio"):
            assert e["id"] in labels, f"{where}: {e['name']} has no label"
        for described in e.get("aria-describedby", "").split():
            assert described in ids, f"{where}: {described}"
    for link in page.all("a"):
        target = urlsplit(link["href"])
        assert not target.scheme, f"{where}: {link['href']} leaves the site"
        assert target.path or target.fragment in ids, f"{where}: {link['href']}"
