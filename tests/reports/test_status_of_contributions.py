"""Status of contributions: who agreed, paid and owes what, to the cent and by value date."""

from datetime import date

from sqlalchemy import select

from tests import builders as b
from tests import seats
from tests.reports.reading import built, controls, told, totals, words_of
from trustfund.extensions import db
from trustfund.models.contributions import Pledge
from trustfund.operations import imports, pledges, proposals, unapplied
from trustfund.reports.draw import draw

AMOUNTS = ("agreed_usd", "received_usd", "difference_usd", "outstanding_usd")
AGES = ("not_due_usd", "days_0_90_usd", "days_91_180_usd", "days_181_365_usd", "over_365_days_usd")
HOLDS = ["Adds up", "Agrees with the books", "Agrees with the bank", "Ages add up"]


def status(**asked):
    return built("status-of-contributions", **asked)


def test_every_pledge_stands_with_what_is_paid_and_owed(fund):
    assert [row[1:] for row in told(status(), "donor", "stage", "announced", *AMOUNTS)] == [
        ("announced", "500.00", "0.00", "0.00", "0.00", "0.00"),
        ("fully-paid", "50000.00", "54171.00", "56320.00", "2149.00", "0.00"),
        ("part-paid", "20000.00", "20000.00", "16000.00", "0.00", "4000.00"),
    ]
    assert totals(status())[:5] == ["74171.00", "72320.00", "2149.00", "0.00", "4000.00"]


def test_the_control_totals_agree_with_the_books_and_the_bank(fund):
    assert controls(status()) == [
        ("Adds up", "0.00", True),
        ("Agrees with the books", "4000.00", True),
        ("Agrees with the bank", "72320.00", True),
        ("Ages add up", "4000.00", True),
    ]


def test_an_individual_is_told_by_reference_and_not_betrayed_by_the_order(fund):
    donors = [row[0] for row in told(status(), "donor")]
    assert donors[0].startswith("D-")  # Zahra Haddad would stand last
    assert donors[1:] == ["Luxembourg", "Norway"]


def test_as_at_a_day_only_what_has_happened_by_its_value_date_is_told(fund):
    before = status(as_at=date(2017, 6, 11))
    assert told(before, "donor", "stage", *AMOUNTS) == [
        ("Luxembourg", "agreed", "54171.00", "0.00", "0.00", "54171.00")
    ]
    assert {holds for _, _, holds in controls(before)} == {True}
    assert told(status(as_at=date(2017, 6, 12)), "stage", "received_usd") == [("fully-paid", "56320.00")]


def test_an_agreement_older_than_its_announcement_is_not_left_out_of_its_own_day(fund):
    assert told(status(as_at=date(2017, 5, 2)), "donor", "agreed_usd") == [("Luxembourg", "54171.00")]


def test_a_period_tells_what_moved_in_it_and_what_is_owed_at_its_end(fund):
    autumn = status(from_day=date(2017, 6, 1), to_day=date(2017, 10, 31))
    assert told(autumn, "donor", "stage", *AMOUNTS, "days_past_due") == [
        ("Luxembourg", "fully-paid", "0.00", "56320.00", "2149.00", "0.00", ""),
        ("Norway", "agreed", "20000.00", "0.00", "0.00", "20000.00", "31"),
    ]
    assert {holds for _, _, holds in controls(autumn)} == {True}


def test_what_was_settled_before_the_period_is_not_told(fund):
    assert [row[0] for row in told(status(from_day=date(2017, 7, 1), to_day=date(2017, 12, 31)), "donor")] == ["Norway"]


def test_what_is_owed_since_before_the_period_is_told(fund):
    assert told(status(from_day=date(2018, 1, 1)), "donor", "received_usd", "outstanding_usd")[-1] == (
        "Norway",
        "0.00",
        "4000.00",
    )


def test_days_past_due_count_from_the_day_it_was_expected(fund):
    assert [row[0] for row in told(status(), "days_past_due")] == ["", "", "116"]
    assert told(status(as_at=date(2017, 9, 30)), "days_past_due")[1] == ("",)


def test_what_is_owed_grows_old_from_column_to_column(fund):
    """Of Norway’s 20,000 that were due on 30 September 2017, 4,000 are still owed."""

    def age(day):
        return next(row[1:] for row in told(status(as_at=day), "donor", *AGES) if row[0] == "Norway")

    nil = "0.00"
    assert age(date(2017, 9, 29)) == ("20000.00", nil, nil, nil, nil)
    assert age(date(2017, 9, 30)) == (nil, "20000.00", nil, nil, nil)
    assert age(date(2017, 12, 29)) == (nil, "4000.00", nil, nil, nil)
    assert age(date(2017, 12, 30)) == (nil, nil, "4000.00", nil, nil)
    assert age(date(2018, 4, 1)) == (nil, nil, nil, "4000.00", nil)
    assert age(date(2018, 10, 1)) == (nil, nil, nil, nil, "4000.00")


def test_each_instalment_has_its_own_age_and_the_first_unpaid_one_is_due(fund):
    """Portugal agreed 900 euros in thirds and paid 400: 200 of the second third and all of the last are owed."""
    rosa = b.officer("Rosa Pires", "paying")
    thirds = [(date(2017, 6, 1), "300.00"), (date(2017, 12, 1), "300.00"), (date(2018, 6, 1), "300.00")]
    portugal = b.pledge(
        b.account("donor", "Portugal", donor=b.donor("Portugal", country="PRT")), "900.00", "EUR", instalments=thirds
    )
    b.agreement(portugal, rosa, "900.00")
    b.deposit(portugal, rosa, "400.00", bank="PT-1")
    report = status()
    keys = ("due_on", "days_past_due", *AGES, "outstanding_usd")
    row = next(row for donor, *row in told(report, "donor", *keys) if donor == "Portugal")
    assert tuple(row) == ("2017-12-01", "54", "325.03", "216.68", "0.00", "0.00", "0.00", "541.71")
    assert [name for name, _, holds in controls(report) if holds] == HOLDS


def test_the_second_figure_has_what_was_pledged_and_received_by_the_end_of_each_month(fund):
    """Luxembourg agreed in May and paid in June, Norway in July and in November; Ms Haddad announced in January."""
    (drawn,) = status().further
    assert [(bar.label, *map(str, bar.values)) for bar in drawn.bars] == [
        ("2017-05", "0.00", "54171.00"),
        ("2017-06", "56320.00", "0.00"),
        *((f"2017-{month:02}", "56320.00", "17851.00") for month in (7, 8, 9, 10)),
        ("2017-11", "72320.00", "1851.00"),
        ("2017-12", "72320.00", "1851.00"),
        ("2018-01", "72320.00", "2351.00"),
    ]
    later = status(as_at=date(2018, 12, 31)).further[0].bars
    assert [bar.label for bar in later][:3] == ["2017-06", "2017-09", "2017-12"]  # of a longer story one a quarter


def test_its_paper_has_both_figures_and_the_ages_in_a_table_of_their_own(fund):
    words = words_of(draw(status(), "pdf", "en"))
    for said in ("Received and outstanding by donor", "Pledged and received by the end of each period", "2017-11"):
        assert said in words
    first, ages = words.split("Further columns of the same rows")
    assert "More than 365 days, USD" in ages
    assert "16,000.00" in first
    assert "16,000.00" not in ages
    assert ages.count("4,000.00") >= 2  # outstanding, and how old it is


def test_money_above_the_agreement_is_due_to_the_donor_and_the_controls_still_hold(fund):
    ada = b.officer("Ada Lindqvist", "paying")
    portugal = b.pledge(b.account("donor", "Portugal", donor=b.donor("Portugal", country="PRT")), "1000.00")
    b.agreement(portugal, ada, "1000.00")
    b.deposit(portugal, ada, "1250.00", bank="PT-1")
    assert told(status(), "donor", *AMOUNTS)[-1] == ("Portugal", "1000.00", "1000.00", "0.00", "0.00")
    assert controls(status())[2] == ("Agrees with the bank", "73320.00", True)


def test_a_deposit_without_an_agreement_is_in_the_bank_and_in_no_row(fund, tmp_path):
    file = tmp_path / "contributions.csv"
    file.write_text(",".join(imports.CONTRIBUTIONS) + "\ndeposit,Fiji,state,FJI,2017-12-01,70.00,USD,,,FJ-1,\n")
    imports.import_contributions(file, at=b.AT)
    assert totals(status())[1] == "72320.00"
    assert [name for name, _, holds in controls(status()) if holds] == HOLDS


def test_the_figure_has_the_largest_first_and_the_sums_of_the_rows(fund):
    bars = status().figure.bars
    assert [(bar.label, [str(value) for value in bar.values]) for bar in bars] == [
        ("Luxembourg", ["56320.00", "0.00"]),
        ("Norway", ["16000.00", "4000.00"]),
    ]


def test_what_is_written_off_is_told_and_no_longer_outstanding(fund):
    written_off()
    told_now = told(status(), "donor", "stage", "received_usd", "written_off_usd", "outstanding_usd")
    assert told_now[-1] == ("Norway", "written-off", "16000.00", "4000.00", "0.00")
    assert totals(status())[3:] == ["4000.00", *["0.00"] * 6]
    assert [name for name, _, holds in controls(status()) if holds] == HOLDS
    before = status(as_at=date(2018, 1, 23))
    assert told(before, "stage", "outstanding_usd")[-1] == ("part-paid", "4000.00")
    this_year = status(from_day=date(2018, 1, 1))
    assert told(this_year, "donor", "written_off_usd", "outstanding_usd")[-1] == ("Norway", "4000.00", "0.00")
    assert [name for name, _, holds in controls(this_year) if holds] == HOLDS


def written_off():
    """Rafael and Lise write off the fifth that Norway owes."""
    norway = db.session.scalars(select(Pledge.reference).where(Pledge.state == "part-paid")).one()
    content = {"document": "Advice 1", "version": b.version(norway)}
    rafael, lise = b.officer("Rafael Haldane", "certifying"), b.officer("Lise Moreau", "approving")
    made = proposals.propose(
        "contribution.written-off", subject=norway, content=content, reason="It will not come.", by=rafael, at=b.AT
    )
    proposals.confirm(made.on, by=lise, at=b.AT)


def test_a_withdrawn_pledge_stays_in_the_register_and_is_not_among_what_is_announced(fund):
    def announced():
        return {row[0]: row[1] for row in told(built("fund-status"), "line", "all")}.get("announced")

    assert announced() == "500.00"
    haddad = db.session.scalars(select(Pledge.reference).where(Pledge.state == "announced")).one()
    pledges.withdraw(haddad, seen=b.version(haddad), by=seats.who("Omar"), at=b.AT)
    assert told(status(), "stage", "outstanding_usd")[0] == ("withdrawn", "0.00")
    assert announced() == "0.00"
    assert told(status(as_at=date(2018, 1, 23)), "stage") == [("fully-paid",), ("part-paid",)]


def test_a_deposit_counts_as_received_once_it_is_attached(fund, tmp_path):
    file = tmp_path / "contributions.csv"
    file.write_text(",".join(imports.CONTRIBUTIONS) + "\ndeposit,Norway,state,NOR,2017-12-01,4100.00,USD,,,NO-2,\n")
    imports.import_contributions(file, at=b.AT)
    (waits,) = unapplied.waiting()
    norway = waits.suggestions[0].pledge
    unapplied.attach(waits.deposit.reference, pledge=norway.reference, seen=norway.seq, by=seats.who("Omar"), at=b.AT)
    assert told(status(), "donor", "stage", "received_usd", "outstanding_usd")[-1] == (
        "Norway",
        "fully-paid",
        "20000.00",
        "0.00",
    )
    assert [name for name, _, holds in controls(status()) if holds] == HOLDS
