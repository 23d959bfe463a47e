"""What is typed into a form is answered in words, is never lost, and becomes one deed or none."""

import pytest

from tests import builders as b
from trustfund.extensions import db
from trustfund.models.contributions import Pledge
from trustfund.models.people import Account

PLEDGE = {
    "amount": "1200.50",
    "currency": "EUR",
    "purpose": "travel",
    "earmark": "travel",
    "expected_on__day": "30",
    "expected_on__month": "6",
    "expected_on__year": "2018",
}


def agreement(house):
    return f"/officers/pledges/{house.things['announced']}"


def test_a_donor_announces_a_pledge_and_sees_it(house):
    done = house.visitor("donor").fill("/donors/pledges/new", **PLEDGE)
    assert done.status == 302
    assert "Pledge of 1,200.50 EUR" in house.visitor("donor").open(done.location).words("h1")


def test_a_form_without_a_true_token_comes_back_filled_and_nothing_happened(house):
    donor, before = house.visitor("donor"), house.events()
    page = donor.fill("/donors/pledges/new", csrf_token="forged", **PLEDGE)
    assert page.status == 422
    assert page.refusal == (
        "This page was open for too long or in another window. Nothing has changed. Send it once more."
    )
    assert page.title.startswith("Error:")
    typed = {name.replace("__", "-"): text for name, text in PLEDGE.items()}
    assert {name: text for name, text in page.form()[1].items() if text and name not in ("csrf_token", "key")} == typed
    assert house.events() == before
    assert donor.send(page).status == 302, "sent once more, it is done"


@pytest.mark.parametrize("without", ["csrf_token", "key", "amount", "expected_on-day", "purpose"])
def test_a_form_of_which_a_part_is_missing_never_breaks(house, without):
    donor = house.visitor("donor")
    page = donor.send(donor.open("/donors/pledges/new"), without=without, **PLEDGE)
    assert page.status == (302 if without in ("key", "expected_on-day") else 422)


def test_a_form_sent_twice_is_one_deed_and_both_see_it(house):
    donor, before = house.visitor("donor"), house.events()
    page = donor.open("/donors/pledges/new")
    first, second = (donor.send(page, **PLEDGE) for _ in range(2))
    assert first.location == second.location
    assert house.events() == before + 1
    other = donor.send(page, **PLEDGE | {"amount": "9.99"})
    assert (other.status, house.events()) == (422, before + 1)
    assert other.refusal.startswith("This page was sent before with other content; that deed stands.")


def test_a_session_that_ended_meanwhile_loses_nothing(house):
    donor = house.visitor("donor")
    page = donor.open("/donors/pledges/new")
    donor.client.delete_cookie("trustfund")
    before = house.events()
    ended = donor.send(page, **PLEDGE)
    assert ended.status == 401
    assert ended.words("h1") == "Your sign-in has ended, nothing has changed"
    assert "What you typed is kept" in ended.refusal
    assert "csrf_token" not in ended.form()[1]
    donor.sign_in("luxembourg@example.org")
    again = donor.send(ended)
    assert again.status == 422
    assert again.form()[1]["amount"] == "1200.50"
    assert house.events() == before
    assert donor.send(again).status == 302
    assert house.events() == before + 1


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"amount": ""}, "amount", "Enter the amount, for example 50000.00."),
        (
            {"amount": "1,000.00"},
            "amount",
            "“1,000.00” is not an amount. Use digits and a point, without separators, for example 50000.00.",
        ),
        ({"amount": "1e5"}, "amount", "“1e5” is not an amount."),
        ({"amount": "−5"}, "amount", "“−5” is not an amount."),
        ({"amount": "-5"}, "amount", "“-5” is not an amount."),
        ({"amount": "0"}, "amount", "The amount is zero."),
        ({"amount": "0.00"}, "amount", "The amount is zero."),
        ({"amount": "١٢٣"}, "amount", "“١٢٣” is not an amount."),
        ({"amount": "50000.001"}, "amount", "50000.001 has more decimals than EUR has: 2."),
        ({"amount": "5.5", "currency": "JPY"}, "amount", "5.5 has more decimals than JPY has: 0."),
        ({"amount": "100000000000000"}, "amount", "100000000000000 is larger than any contribution can be."),
        ({"amount": "9" * 5000}, "amount", "is not an amount"),
        ({"amount": "NaN"}, "amount", "“NaN” is not an amount."),
        ({"amount": "💶"}, "amount", "“💶” is not an amount."),
        ({"currency": "XXX"}, "currency", "XXX is not a currency of ISO 4217."),
        ({"purpose": ""}, "purpose-0", "Choose what the pledge is for."),
        ({"purpose": "holidays"}, "purpose-0", "Choose one of the purposes of the mandate."),
        ({"earmark": "💶"}, "earmark", "“💶” is not an earmark."),
        (
            {"expected_on__day": "31", "expected_on__month": "2", "expected_on__year": "2017"},
            "expected_on-day",
            "This is not a date. Enter day, month and year in figures, for example 30 6 2018.",
        ),
        ({"expected_on__year": "18"}, "expected_on-day", "Write the year with four figures, for example 2018."),
        ({"expected_on__month": "June"}, "expected_on-day", "This is not a date."),
        ({"expected_on__day": "٣"}, "expected_on-day", "This is not a date."),
        ({"expected_on__day": "9999999999"}, "expected_on-day", "This is not a date."),
        ({"expected_on__day": ""}, "expected_on-day", "This is not a date."),
        ({"expected_on__year": "0000"}, "expected_on-day", "This is not a date."),
    ],
)
def test_each_mistake_in_a_pledge_is_one_sentence_at_its_field(quiet_house, typed, field, sentence):
    donor, before = quiet_house.known("donor"), quiet_house.events()
    page = donor.fill("/donors/pledges/new", **PLEDGE | typed)
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert [*page.problems] == [field]
    assert sentence in page.problems[field]
    beside = f"{field.removesuffix('-day').removesuffix('-0')}-e"
    assert page.words("span", id=beside) == f"Error: {page.problems[field]}"
    assert len(page.all("section", tabindex="-1")) == 1, "the summary takes the focus"
    kept = page.form()[1]
    for name, text in typed.items():
        name = name.replace("__", "-")
        if name not in ("currency", "purpose", "earmark"):
            assert kept[name] == text[:10] if "-" in name else kept[name] == text
    assert quiet_house.events() == before


def test_every_mistake_is_told_at_once_in_the_order_of_the_page(quiet_house):
    page = quiet_house.known("donor").fill("/donors/pledges/new", amount="1,000", purpose="", expected_on__day="99")
    assert [*page.problems] == ["amount", "purpose-0", "expected_on-day"]
    assert "3 answers need a change" in page.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"document": ""}, "document"),
        ({"document": "x" * 121}, "document"),
        ({"document": "   "}, "document"),
        ({"day__year": "2019"}, "day-day"),
        ({"day__day": "31", "day__month": "2"}, "day-day"),
        ({"amount": "2.999"}, "amount"),
    ],
)
def test_a_mistake_in_an_agreement_stands_at_its_field(quiet_house, typed, field):
    good = {"document": "NV 1", "day__day": "2", "day__month": "5", "day__year": "2017", "amount": "30000.00"}
    page = quiet_house.known("certifying officer").fill(agreement(quiet_house), "agreement", **good | typed)
    assert page.status == 422
    assert [*page.problems] == [field]


@pytest.mark.parametrize("typed", [{"document": "A\0B"}, {"document": "Note verbale 🕊 №17"}, {"document": "مذكرة ١٧"}])
def test_what_people_write_is_taken_as_it_is_but_for_bytes_that_nobody_types(house, typed):
    officer = house.visitor("certifying officer")
    done = officer.fill(agreement(house), "agreement", day__day="2", day__month="5", day__year="2017", **typed)
    assert done.status == 302
    assert typed["document"].replace("\0", "") in officer.open(done.location).text


def test_what_people_write_is_never_markup(house):
    officer = house.visitor("certifying officer")
    done = officer.fill(
        agreement(house), "agreement", document="<b onclick=x>&amp;", day__day="2", day__month="5", day__year="2017"
    )
    page = officer.open(done.location)
    assert not page.all("b")
    assert "&lt;b onclick=x&gt;&amp;amp;" in page.text


@pytest.mark.parametrize(("path", "who"), [("/sign-in", "nobody"), ("/donors/pledges/new", "donor")])
def test_a_form_of_a_megabyte_is_too_large_and_says_so(quiet_house, path, who):
    page = quiet_house.known(who).fill(path, **{"amount" if who == "donor" else "email": "x" * 1_000_000})
    assert page.status == 413
    assert page.words("h1") == "Too large, nothing has changed"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"[1]"),
        ("application/json", b"{"),
        ("text/plain", b"\xff\xfe"),
        ("multipart/form-data; boundary=x", b"--y"),
        ("multipart/form-data", b""),
        ("application/x-www-form-urlencoded", b"amount=%ff%00&=&&key"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"+"),
    ],
)
def test_a_body_that_is_no_form_is_no_failure(quiet_house, kind, body):
    donor, before = quiet_house.known("donor"), quiet_house.events()
    page = donor.open("/donors/pledges/new", method="POST", data=body, content_type=kind)
    assert page.status == 422
    assert quiet_house.events() == before


def test_who_saw_an_older_version_is_shown_what_changed(house):
    first, second = house.visitor("certifying officer"), house.visitor("paying officer")
    typed = {"day__day": "2", "day__month": "5", "day__year": "2017"}
    late = second.open(agreement(house))
    assert first.fill(agreement(house), "agreement", document="NV 1", **typed).status == 302
    before = house.events()
    page = second.send(late, "agreement", document="NV 2", **typed)
    assert (page.status, house.events()) == (409, before)
    assert "This pledge has changed since you opened the page" in page.refusal
    assert "Nothing has been changed." in page.refusal
    assert "Agreement recorded" in page.words("li")
    assert "Rafael Haldane" in page.words("li")


def test_a_mistake_does_not_make_an_older_version_newer(house):
    first, second = house.visitor("certifying officer"), house.visitor("paying officer")
    path, day = f"/officers/pledges/{house.things['paid']}", {"value_date__month": "6", "value_date__year": "2017"}
    late = second.open(path)
    assert first.fill(path, "deposits", amount="10.00", bank_reference="B-1", value_date__day="12", **day).status == 302
    mistaken = second.send(late, "deposits", amount="10.00", bank_reference="B-2", value_date__day="x", **day)
    assert mistaken.status == 422
    assert second.send(mistaken, "deposits", value_date__day="12").status == 409


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "9" * 5000, "٣"])
def test_a_version_that_is_none_is_an_older_one(quiet_house, version):
    officer = quiet_house.known("certifying officer")
    page = officer.fill(
        agreement(quiet_house),
        "agreement",
        document="NV 1",
        version=version,
        day__day="2",
        day__month="5",
        day__year="2017",
    )
    assert page.status == 409


def test_an_officer_without_designation_is_told_before_and_refused_after(house):
    officer, path = house.visitor("officer without designation"), agreement(house)
    page = officer.open(path)
    assert page.all("button", **{"aria-disabled": "true"})
    assert "An officer with a designation in force records it." in page.words("p", id="why")
    letter = officer.open("/officers/pledges/new")
    assert letter.all("button", **{"aria-disabled": "true"})
    refused = officer.send(letter, donor=house.things["luxembourg's donor"], **PLEDGE)
    assert refused.status == 403
    assert "You have no designation in force today for this." in refused.refusal
    assert "Nothing has been changed." in refused.refusal
    assert f"The attempt is entry {house.events()} of the record." in refused.text


def test_an_officer_books_a_pledge_that_came_by_letter(house):
    officer = house.visitor("screening officer")
    done = officer.fill("/officers/pledges/new", donor=house.things["luxembourg's donor"], **PLEDGE)
    assert done.status == 302
    assert "1,200.50 EUR" in officer.open(done.location).words("h1")


def test_a_letter_of_a_donor_that_is_none_is_a_mistake_at_its_field(quiet_house):
    page = quiet_house.known("screening officer").fill("/officers/pledges/new", donor="D-22222222", **PLEDGE)
    assert page.problems == {"donor": "Choose one of those offered."}


def test_a_deposit_is_not_recorded_on_a_pledge_that_is_only_announced(quiet_house):
    officer = quiet_house.known("paying officer")
    _, fields = officer.open(agreement(quiet_house)).form("agreement")
    page = officer.open(
        f"{agreement(quiet_house)}/deposits",
        method="POST",
        data={"csrf_token": fields["csrf_token"], "version": fields["version"], "key": "k"},
    )
    assert page.status == 422
    assert page.refusal.startswith("A deposit is recorded against an agreement: record the agreement first.")


def test_the_head_makes_a_designation_and_only_a_second_officer_confirms_it(house):
    head = house.visitor("head")
    made = head.fill(
        "/officers/designations",
        "/officers/designations",
        officer=house.things["jonas"],
        function="paying",
        document="ADM/2018/3",
        from_day__day="1",
        from_day__month="1",
        from_day__year="2018",
    )
    assert made.status == 302
    second = house.visitor("screening officer")
    waiting = second.open("/officers/designations")
    assert "Waits for a second officer" in waiting.text
    assert "confirmation" not in house.visitor("officer without designation").open("/officers/designations").text
    assert second.send(waiting, "confirmation").status == 302
    assert "Designated today for: Paying." in house.visitor("officer without designation").open("/officers/").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"function": "ruling"}, "function"),
        ({"officer": "A-22222222"}, "officer"),
        ({"document": ""}, "document"),
        ({"document": "x" * 200}, "document"),
        ({"from_day__day": ""}, "from_day-day"),
        ({"to_day__day": "40"}, "to_day-day"),
        ({"to_day__day": "1", "to_day__month": "1", "to_day__year": "2017"}, "to_day-day"),
    ],
)
def test_a_mistake_in_a_designation_stands_at_its_field(quiet_house, typed, field):
    good = {"document": "ADM/1", "from_day__day": "1", "from_day__month": "1", "from_day__year": "2018"}
    page = quiet_house.known("head").fill("/officers/designations", "/officers/designations", **good | typed)
    assert (page.status, [*page.problems]) == (422, [field])
    assert page.title.startswith("Error:")


def test_a_confirmation_without_a_true_token_is_refused_on_the_page(house):
    with house.at_work():
        b.people.make_designation(
            house.things["jonas"],
            function="paying",
            document="ADM/1",
            from_day=b.date(2018, 1, 1),
            by=house.things["miriam"],
            at=b.AT,
        )
    page = house.visitor("screening officer").fill("/officers/designations", "confirmation", csrf_token="forged")
    assert page.status == 422
    assert "Nothing has changed." in page.refusal


def test_an_administrator_makes_an_account_and_sees_it(house):
    admin = house.visitor("administrator")
    done = admin.fill("/administrators/accounts/new", email="New.Person@Example.org", name="New Person", role="auditor")
    assert done.status == 302
    page = admin.open(done.location)
    assert "new.person@example.org" in page.text
    assert "A link to set the password is on its way" in page.words("div", role="status")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": "a b@example.org"}, "email"),
        ({"email": "x" * 300 + "@example.org"}, "email"),
        ({"email": "amna@example.org"}, "email"),
        ({"name": "x" * 141}, "name"),
        ({"role": "king"}, "role"),
        ({"role": "donor"}, "donor"),
        ({"role": "mission"}, "state"),
        ({"language": "tlh"}, "language"),
        ({"donor": "D-22222222"}, "donor"),
        ({"state": "NEPAL"}, "state"),
    ],
)
def test_a_mistake_in_an_account_stands_at_its_field(quiet_house, typed, field):
    good = {"email": "new@example.org", "role": "auditor"}
    page = quiet_house.known("administrator").fill("/administrators/accounts/new", **good | typed)
    assert (page.status, [*page.problems]) == (422, [field])


@pytest.mark.parametrize("without", ["email", "name", "role", "language", "donor", "state"])
def test_an_account_of_which_a_part_is_missing_never_breaks(house, without):
    admin = house.visitor("administrator")
    page = admin.send(
        admin.open("/administrators/accounts/new"), without=without, email="n@example.org", role="auditor"
    )
    assert page.status in (302, 422)


def test_an_administrator_finds_accounts_by_how_they_stand_and_reads_what_may_be_done(house):
    admin = house.visitor("administrator")
    made = admin.fill(
        "/administrators/accounts/new", email="new@example.org", name="New Person", role="auditor"
    ).location
    other = f"/administrators/accounts/{house.things['luxembourg']}"

    def found(standing):
        rows = [row["text"] for row in admin.open(f"/administrators/?standing={standing}").all("tr")[1:]]
        return {row.partition("@")[0].split()[-1]: row for row in rows}

    assert any("New Person" in row and row.endswith("Send the link again") for row in found("invited").values())
    assert not any("New Person" in row for row in found("active").values())
    assert admin.open(made).words("button").count("Send a new password link") == 1
    done = admin.open(admin.fill(other, "suspend").location)
    assert "The account is suspended and signed out: entry " in done.words("div", role="status")
    assert any("luxembourg@example.org" in row for row in found("suspended").values())
    ended = admin.open(admin.fill(other, "end").location)
    assert "Nothing more can be done with it." in ended.words("p")
    assert any("luxembourg@example.org" in row for row in found("ended").values())


def test_nobody_changes_their_own_account(house):
    admin = house.visitor("administrator")
    own = f"/administrators/accounts/{house.things['dele']}"
    _, fields = admin.open(f"/administrators/accounts/{house.things['amna']}").form("suspend")
    page = admin.open(f"{own}/suspend", method="POST", data=fields)
    assert page.status == 409
    assert "Nobody changes the standing of their own account. Nothing has been changed." in page.refusal


def test_what_was_refused_left_no_row_behind(house):
    with house.at_work():
        before = db.session.query(Pledge).count(), db.session.query(Account).count()
    house.visitor("donor").fill("/donors/pledges/new", **PLEDGE | {"amount": "x"})
    house.visitor("administrator").fill("/administrators/accounts/new", email="x")
    with house.at_work():
        assert (db.session.query(Pledge).count(), db.session.query(Account).count()) == before
