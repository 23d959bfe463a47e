"""The papers of contributions: agreement, call, certificate and yearly statement."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.reports.reading import opened, words_of
from tests.reports.samples import ARABIC, voice
from trustfund.reports.draw_agreement import Agreement, Due, draw_agreement
from trustfund.reports.draw_authorization import Proof
from trustfund.reports.draw_call import Call, draw_call
from trustfund.reports.draw_certificate import Certificate, Deposited, draw_certificate
from trustfund.reports.draw_yearly_statement import Line, Section, YearlyStatement, draw_yearly_statement

FUND = "Voluntary trust fund for the intergovernmental conference"
BASIS = "A/RES/71/280, paragraph 31"
PROOF = Proof(4711, "9f3c71ab04de" + "0" * 52, "24 January 2018, 14:00\xa0UTC", "https://fund.example.org")
BANK = (("Account of the fund", "Main account (USD)"),)
AGREEMENT = Agreement(
    number="MCS00-2018-007",
    fund=FUND,
    legal_basis=BASIS,
    donor="Luxembourg",
    amount="50,000.00 EUR",
    currency="EUR",
    earmark_words="Least developed countries",
    earmarked=True,
    purpose="to finance the travel of representatives of developing countries",
    authority="A/RES/71/280, para. 31",
    expected_on=date(2018, 6, 30),
    instalments=(),
    condition="",
    fees=("Programme support cost: 13% of what is spent.",),
    reserve="15%",
    rate_source="ECB month end",
    bank=BANK,
    reference="P-2345ABCD",
    proof=PROOF,
)
CALL = Call(
    number=2,
    of=3,
    fund=FUND,
    legal_basis=BASIS,
    donor="Luxembourg",
    document="MCS00-2018-007",
    agreed_on=date(2018, 2, 1),
    earmark_words="Not earmarked",
    due_on=date(2018, 9, 1),
    amount="20,000.00 EUR",
    paid="5,000.00 EUR",
    owed="15,000.00 EUR",
    settled=False,
    as_at=date(2018, 7, 1),
    bank=BANK,
    reference="P-2345ABCD",
    proof=PROOF,
)
JUNE = Deposited(
    value_date=date(2017, 6, 12),
    amount="50,000.00 EUR",
    rate="0.8877841, 31 May 2017",
    usd=Decimal("56320.00"),
    document="Note verbale 17/418",
    receipt="R-2345ABCD",
    code="17 9f3c 71ab 04de",
)
CERTIFICATE = Certificate(
    year=2017,
    fund=FUND,
    legal_basis=BASIS,
    donor="Luxembourg",
    first_day=date(2017, 1, 1),
    last_day=date(2017, 12, 31),
    deposits=[JUNE, replace(JUNE, amount="10.00 USD", usd=Decimal("10.00"), rate="", document="")],
    sums=["50,000.00 EUR", "10.00 USD"],
    proof=PROOF,
)
SECTION = Section(
    document="Note verbale 17/418",
    agreed_on=date(2017, 5, 2),
    earmark_words="Not earmarked",
    currency="EUR",
    rate="0.887784",
    stands=(Line("Agreed", "50,000.00", Decimal("54171.00")), Line("Received", "-40,000.00", Decimal("-45056.00"))),
    outstanding=Line("Outstanding", "10,000.00", Decimal("9115.00")),
    did=(Line("Received", "40,000.00", Decimal("45056.00")), Line("Travel", "-887.78", Decimal("-1000.00"))),
    unspent=Line("Unspent at the end", "39,112.22", Decimal("44056.00")),
    sums=tuple(map(Decimal, ("0.00", "45056.00", "0.00", "0.00", "-1000.00", "44056.00"))),
)
STATEMENT = YearlyStatement(
    year=2017,
    fund=FUND,
    legal_basis=BASIS,
    donor="Luxembourg",
    last_day=date(2017, 12, 31),
    final_since=None,
    sections=[SECTION, replace(SECTION, document="Letter 2", currency="USD", rate="")],
    proof=PROOF,
)
DRAWN = [
    (draw_agreement, AGREEMENT),
    (draw_call, CALL),
    (draw_certificate, CERTIFICATE),
    (draw_yearly_statement, STATEMENT),
]


@pytest.mark.parametrize(("draw", "paper"), DRAWN, ids=lambda one: getattr(one, "__name__", ""))
def test_every_paper_is_the_same_each_time_carries_its_code_and_takes_any_name(draw, paper):
    pdf = draw(paper, voice())
    assert draw(paper, voice()) == pdf
    said = words_of(pdf)
    assert "4711 9f3c 71ab 04de" in said
    assert "https://fund.example.org/proof" in said
    assert ARABIC in words_of(draw(replace(paper, donor=ARABIC), voice("ar", right_to_left=True)))


def test_an_agreement_states_purpose_payment_costs_reports_and_closing_with_room_for_two_signatures():
    said = words_of(draw_agreement(AGREEMENT, voice()))
    for words in (
        "Agreement MCS00-2018-007",
        "to finance the travel of representatives",
        "A/RES/71/280, para. 31",
        "It is tied to: Least developed countries",
        "The donor pays 50,000.00 EUR by 30 June 2018.",
        "Programme support cost: 13% of what is spent.",
        "15% of it is kept in reserve",
        "a certificate of the deposits of each year",
        "in proportion to their deposits",
        "For the fund",
        "Luxembourg",
        "P-2345ABCD",
    ):
        assert words in said
    assert "Condition" not in said


def test_an_agreement_names_its_instalments_and_its_condition():
    parts = (Due(1, date(2018, 3, 1), "20,000.00 EUR"), Due(2, date(2018, 9, 1), "30,000.00 EUR"))
    said = words_of(draw_agreement(replace(AGREEMENT, instalments=parts, condition="The budget is adopted."), voice()))
    for words in ("1 March 2018", "30,000.00 EUR", "The budget is adopted.", "nothing is due", "7. Signature"):
        assert words in said


def test_a_call_says_how_much_by_when_to_which_account_and_what_to_quote():
    pdf = draw_call(CALL, voice())
    said = words_of(pdf)
    for words in (
        "Call for instalment 2 of 3",
        "Due by 1 September 2018",
        "15,000.00 EUR",
        "5,000.00 EUR",
        "Main account (USD)",
        "P-2345ABCD",
        "Pay to none that came by mail alone",
    ):
        assert words in said
    with opened(pdf) as file:
        assert len(file.pages) == 1


def test_a_call_prints_the_numbers_of_the_account_where_the_mandate_has_them():
    said = words_of(draw_call(replace(CALL, bank=(*BANK, ("Account number", "CH93 0076 2011 6238 5295 7"))), voice()))
    assert "CH93 0076 2011 6238 5295 7" in said
    assert "by mail alone" not in said


def test_an_instalment_that_is_paid_is_not_called_for():
    said = words_of(draw_call(replace(CALL, owed="0.00 EUR", paid="20,000.00 EUR", settled=True), voice()))
    assert "Paid in full" in said
    assert "Where to pay" not in said


def test_a_certificate_lists_each_deposit_with_its_receipt_and_adds_up_in_dollars():
    said = words_of(draw_certificate(CERTIFICATE, voice()))
    for words in ("from 1 January 2017 to 31", "50,000.00 EUR; 10.00 USD", "56,330.00", "17 9f3c 71ab"):
        assert words in said
    assert "waits for its" in said, "a deposit without an agreement is certified too, and said to be without"


def test_a_statement_shows_each_contribution_in_its_own_currency_beside_dollars_and_all_together():
    said = words_of(draw_yearly_statement(STATEMENT, voice()))
    for words in (
        "Not final until December is closed",
        "39,112.22",
        "44,056.00",
        "88,112.00",
        "0.887784 EUR for 1 USD",
    ):
        assert words in said
    final = words_of(draw_yearly_statement(replace(STATEMENT, final_since=4700), voice()))
    assert "Final since entry 4700 of the record" in final
