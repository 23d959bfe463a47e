"""Status of contributions: who agreed, paid and owes what, to the cent and by value date."""

from datetime import date

from sqlalchemy import select

from tests import builders as b
from tests import seats
from tests.reports.reading import built, controls, told, totals
from trustfund.extensions import db
from trustfund.models.contributions import Pledge
from trustfund.operations import imports, pledges, proposals, unapplied

AMOUNTS = ("agreed_usd", "received_usd", "difference_usd", "outstanding_usd")
HOLDS = ["Adds up", "Agrees with the books", "Agrees with the bank"]


def status(**asked):
    return built("status-of-contributions", **asked)


def test_every_pledge_stands_with_what_is_paid_and_owed(fund):
    assert [row[1:] for row in told(status(), "donor", "stage", "announced", *AMOUNTS)] == [
        ("announced", "500.00", "0.00", "0.00", "0.00", "0.00"),
        ("fully-paid", "50000.00", "54171.00", "56320.00", "2149.00", "0.00"),
        ("part-paid", "20000.00", "20000.00", "16000.00", "0.00", "4000.00"),
    ]
    assert totals(status()) == ["74171.00", "72320.00", "2149.00", "0.00", "4000.00"]


def test_the_control_totals_agree_with_the_books_and_the_bank(fund):
    assert controls(status()) == [
        ("Adds up", "0.00", True),
        ("Agrees with the books", "4000.00", True),
        ("Agrees with the bank", "72320.00", True),
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
    assert [holds for _, _, holds in controls(autumn)] == [True, True, True]


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
    assert totals(status())[3:] == ["4000.00", "0.00"]
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
