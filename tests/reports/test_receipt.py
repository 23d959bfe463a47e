"""The receipt of a contribution."""

from decimal import Decimal

from tests.reports.reading import opened, words_of
from tests.reports.samples import receipt, voice
from trustfund.reports.draw_receipt import draw_receipt


def test_a_receipt_says_what_was_given_at_which_rate_and_how_to_check_it():
    pdf = draw_receipt(receipt(), voice())
    said = words_of(pdf)
    for words in (
        "Received from Swiss Confederation",
        "0.998327 CHF",
        "100,167.58 USD",
        "4711 9f3c 71ab 04de",
        "Type this code at https://fund.example.org/proof",
    ):
        assert words in said
    with opened(pdf) as file:
        assert len(file.pages) == 1


def test_a_receipt_in_dollars_needs_no_rate():
    assert "for 1 USD" not in words_of(draw_receipt(receipt(currency="USD", usd=Decimal("100000.00")), voice()))
