"""The contributions journal: every way by which money of donors is agreed, comes and goes back, to the cent."""

from datetime import date

from sqlalchemy import select

from tests import builders as b
from tests import seats
from tests.operations import insider, pledged
from tests.reports.reading import built, controls, told, totals
from trustfund.extensions import db
from trustfund.models.contributions import Pledge
from trustfund.operations import conditions, contributions, imports, overpayments, proposals, unapplied

KEYS = ("value_date", "donor", "what", "currency", "amount", "usd", "difference_usd")
MOVED = ("what", "receivable_usd", "revenue_usd", "cash_usd")
NIL = "0.00"


def journal(**asked):
    return built("contributions-journal", **asked)


def failing(**asked):
    return [name for name, _, holds in controls(journal(**asked)) if not holds]


def test_every_agreement_and_deposit_stands_with_its_rate_and_its_reference_at_the_bank(fund):
    assert told(journal(), *KEYS) == [
        ("2017-05-02", "Luxembourg", "agreed", "EUR", "50000.00", "54171.00", NIL),
        ("2017-06-12", "Luxembourg", "deposit", "EUR", "50000.00", "56320.00", "2149.00"),
        ("2017-07-03", "Norway", "agreed", "USD", "20000.00", "20000.00", NIL),
        ("2017-11-06", "Norway", "deposit", "USD", "16000.00", "16000.00", NIL),
    ]
    assert told(journal(), "document", "rate", "rate_day", "bank_reference")[:2] == [
        ("Note verbale 17/418", "0.923003", "2017-04-28", ""),
        ("Note verbale 17/418", "0.8877841", "2017-05-31", "LU-1"),
    ]
    assert totals(journal()) == ["2149.00", "4000.00", "74171.00", "72320.00"]
    assert controls(journal()) == [
        ("Receivable agrees", "4000.00", True),
        ("Revenue agrees", "74171.00", True),
        ("Cash agrees", "72320.00", True),
    ]


def test_a_period_has_what_was_booked_in_it_and_agrees_with_its_trial_balance(fund):
    june = {"from_day": date(2017, 6, 1), "to_day": date(2017, 6, 30)}
    assert told(journal(**june), "what", "receivable_usd") == [("deposit", "-54171.00")]
    assert failing(**june) == []


def test_agreement_and_deposit_of_one_entry_are_two_rows(fund, tmp_path):
    imported(tmp_path, "deposit,Fiji,state,FJI,2017-06-20,70.00,EUR,NV 1,,FJ-1,", as_agreed=True)
    rows = told(journal(), "entry", *MOVED, "currency", "amount", "bank_reference")[-2:]
    assert rows[0][0] == rows[1][0]
    usd = rows[0][2]
    assert [row[1:] for row in rows] == [
        ("agreed", usd, usd, NIL, "EUR", "70.00", ""),
        ("deposit", f"-{usd}", NIL, usd, "EUR", "70.00", "FJ-1"),
    ]
    assert failing() == []


def test_what_waits_what_is_attached_and_what_is_written_off(fund, tmp_path):
    imported(tmp_path, "deposit,Norway,state,NOR,2017-12-01,3000.00,USD,,,NO-2,")
    norway = reference("part-paid")
    (waits,) = waiting()
    pledged.attach(waits, norway, seats.who("Omar"))
    two = b.officer("Rafael Haldane", "certifying"), b.officer("Lise Moreau", "approving")
    pledged.written_off(norway, two)
    assert told(journal(), *MOVED, "donor", "amount", "bank_reference")[-3:] == [
        ("unapplied", NIL, NIL, "3000.00", "Norway", "3000.00", "NO-2"),
        ("attached", "-3000.00", NIL, NIL, "Norway", "3000.00", "NO-2"),
        ("written-off", "-1000.00", NIL, NIL, "Norway", "1000.00", ""),
    ]
    assert failing() == []


def test_what_is_paid_above_an_agreement_is_agreed_or_goes_back(fund):
    salma, rafael, lise = seats.who("Salma"), b.officer("Rafael Haldane", "certifying"), b.officer("Lise", "approving")
    for n, name in enumerate(("Portugal", "Fiji")):
        pledge = b.pledge(b.account("donor", name, donor=b.donor(name, country="PRT")), "1000.00")
        b.agreement(pledge, salma, "1000.00")
        b.deposit(pledge, salma, "1250.00", bank=f"OVER-{n}")
        if name == "Portugal":
            overpayments.agree(
                pledge, document="Note 5", day=date(2017, 8, 1), seen=b.version(pledge), by=salma, at=b.AT
            )
        else:
            payment = {"bank_account": "main", "bank_reference": "BACK-1", "value_date": "2017-09-01"}
            made = proposals.propose(
                "overpayment.refunded",
                subject=pledge,
                content=payment | {"version": b.version(pledge)},
                reason="They ask for it back.",
                by=rafael,
                at=b.AT,
            )
            proposals.confirm(made.on, by=lise, at=b.AT)
    over = [row for row in told(journal(), *MOVED, "donor", "amount", "bank_reference") if "overpayment" in row[0]]
    assert over == [
        ("overpayment-agreed", NIL, "250.00", NIL, "Portugal", "250.00", ""),
        ("overpayment-refunded", NIL, NIL, "-250.00", "Fiji", "250.00", "BACK-1"),
    ]
    assert failing() == []
    status = built("status-of-contributions")
    assert all(holds for _, _, holds in controls(status))
    assert ("Portugal", "1250.00", "1250.00", NIL) in told(
        status, "donor", "agreed_usd", "received_usd", "outstanding_usd"
    )


def test_a_conditional_agreement_is_booked_on_the_day_its_condition_is_met(fund):
    sweden = conditional()
    assert len(journal().rows) == 4
    conditions.meet(
        sweden, document="Note 9", day=date(2017, 11, 1), seen=b.version(sweden), by=seats.who("Salma"), at=b.AT
    )
    assert told(journal(), *MOVED, "value_date")[-1] == ("condition-met", "900.00", "900.00", NIL, "2017-11-01")
    assert failing() == []


def test_until_then_it_stands_in_the_register_and_nothing_of_it_is_owed(fund):
    conditional()
    keys = ("donor", "stage", "announced", "agreed_usd", "outstanding_usd")
    assert ("Sweden", "conditional", "900.00", NIL, NIL) in told(built("status-of-contributions"), *keys)
    before = built("status-of-contributions", as_at=date(2017, 5, 1))
    assert "Sweden" not in [row[0] for row in told(before, "donor")]


def test_an_individual_stands_by_reference(fund):
    haddad = reference("announced")
    b.agreement(haddad, seats.who("Omar"), "500.00")
    donor = told(journal(), "donor")[-1][0]
    assert donor.startswith("D-")
    assert "Haddad" not in "".join(journal().as_json())


def test_a_posting_that_an_insider_changed_is_seen(fund):
    insider.changes("UPDATE posting SET usd = usd - 100 WHERE account = 'contributions-receivable' AND usd = 2000000")
    assert failing() == ["Receivable agrees"]
    insider.changes("UPDATE posting SET usd = usd - 100 WHERE account = 'cash:main' AND usd = 1600000")
    assert failing() == ["Receivable agrees", "Cash agrees"]


def conditional():
    sweden = b.pledge(b.account("donor", "Sweden", donor=b.donor("Sweden", country="SWE")), "900.00")
    contributions.record_agreement(
        sweden,
        document="Note 7",
        day=date(2017, 10, 2),
        amount="900.00",
        condition="Parliament approves it.",
        seen=b.version(sweden),
        by=seats.who("Salma"),
        at=b.AT,
    )
    return sweden


def imported(folder, line, *, as_agreed=False):
    file = folder / "contributions.csv"
    file.write_text(",".join(imports.CONTRIBUTIONS) + f"\n{line}\n")
    imports.import_contributions(file, as_agreed=as_agreed, at=b.AT)


def waiting():
    return [one.deposit.reference for one in unapplied.waiting()]


def reference(state):
    return db.session.scalars(select(Pledge.reference).where(Pledge.state == state)).one()
