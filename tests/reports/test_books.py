"""Journal and trial balance: both sides of every entry, to the cent, and all accounts add to zero."""

from datetime import date

from tests.reports.reading import built, controls, told, totals


def test_the_journal_has_both_sides_of_every_entry_in_the_order_of_the_record(fund):
    journal = built("journal")
    assert told(journal, "value_date", "action", "account", "currency", "amount", "debit", "credit") == [
        ("2017-05-02", "agreement.recorded", "contributions-receivable", "EUR", "50000.00", "54171.00", ""),
        ("2017-05-02", "agreement.recorded", "voluntary-contributions", "EUR", "-50000.00", "", "54171.00"),
        ("2017-06-12", "deposit.recorded", "cash:main", "EUR", "50000.00", "56320.00", ""),
        ("2017-06-12", "deposit.recorded", "contributions-receivable", "EUR", "-50000.00", "", "54171.00"),
        ("2017-06-12", "deposit.recorded", "exchange-difference", "USD", "-2149.00", "", "2149.00"),
        ("2017-07-03", "agreement.recorded", "contributions-receivable", "USD", "20000.00", "20000.00", ""),
        ("2017-07-03", "agreement.recorded", "voluntary-contributions", "USD", "-20000.00", "", "20000.00"),
        ("2017-11-06", "deposit.recorded", "cash:main", "USD", "16000.00", "16000.00", ""),
        ("2017-11-06", "deposit.recorded", "contributions-receivable", "USD", "-16000.00", "", "16000.00"),
    ]
    assert totals(journal) == ["146491.00", "146491.00"]
    assert controls(journal) == [("Adds up", "0.00", True)]


def test_the_journal_of_a_period_has_its_value_dates_only(fund):
    june = built("journal", from_day=date(2017, 6, 1), to_day=date(2017, 6, 30))
    assert {day for (day,) in told(june, "value_date")} == {"2017-06-12"}
    assert totals(june) == ["56320.00", "56320.00"]


def test_the_trial_balance_has_every_account_and_currency_and_adds_to_zero(fund):
    balance = built("trial-balance")
    assert told(balance, "account", "kind", "currency", "amount", "debit", "credit") == [
        ("cash:main", "asset", "EUR", "50000.00", "56320.00", ""),
        ("cash:main", "asset", "USD", "16000.00", "16000.00", ""),
        ("contributions-receivable", "asset", "EUR", "0.00", "", ""),
        ("contributions-receivable", "asset", "USD", "4000.00", "4000.00", ""),
        ("voluntary-contributions", "revenue", "EUR", "-50000.00", "", "54171.00"),
        ("voluntary-contributions", "revenue", "USD", "-20000.00", "", "20000.00"),
        ("exchange-difference", "revenue", "USD", "-2149.00", "", "2149.00"),
    ]
    assert totals(balance) == ["76320.00", "76320.00"]
    assert controls(balance) == [("Adds up", "0.00", True)]


def test_the_trial_balance_as_at_a_day_knows_nothing_later(fund):
    assert totals(built("trial-balance", as_at=date(2017, 6, 11))) == ["54171.00", "54171.00"]
