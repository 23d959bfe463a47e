"""A report with hostile and foreign names, a receipt, and a voice to draw them in."""

from datetime import date
from decimal import Decimal

from trustfund.core.refusal import SENSE
from trustfund.reports.draw_receipt import Receipt
from trustfund.reports.report import Column, ControlTotal, Kind, Report, Voice

ARABIC, CHINESE, MARKUP, FORMULA = "صندوق الأمل (مؤسسة)", "中国人民对外友好协会", "Smith & Sons <b>Ltd</b>", "=1+1"
GIFTS = [
    (ARABIC, "private", "KWD", Decimal("1000.125"), Decimal("3310.14")),
    (CHINESE, "ngo", "CNY", Decimal("60000.00"), Decimal("9200.11")),
    (MARKUP, "private", "USD", Decimal("-450.00"), Decimal("-450.00")),
    (FORMULA, "individual", "JPY", Decimal("2500000"), Decimal("22321.43")),
    ("Norway", "state", "USD", Decimal("0.00"), Decimal("0.00")),
]
USD = Decimal("34381.68")  # the sum of the last column


def voice(language="en", right_to_left=False, **sentences):
    def say(key, **values):
        said = sentences.get(key, key).rpartition(SENSE)[2]
        return said.format(**values) if values else said

    return Voice(
        language,
        say,
        amount=lambda d: f"{d:,}" if d >= 0 else f"({-d:,})",
        day=lambda d: f"{d.day} {d:%B %Y}",
        right_to_left=right_to_left,
    )


def report(rows=None, **changes):
    if rows is None:
        rows = [(donor, kind, date(2017, 10, 4), currency, amount, usd) for donor, kind, currency, amount, usd in GIFTS]
    columns = [
        Column("donor", "Donor", width=2),
        Column("kind", "Kind", Kind.WORD),
        Column("date", "Value date", Kind.DATE),
        Column("currency", "Currency", Kind.CODE),
        Column("amount", "Amount", Kind.MONEY),
        Column("usd", "US dollars", Kind.MONEY, total=True),
    ]
    return Report(
        **{
            "name": "status-of-contributions",
            "title": "Status of contributions",
            "answers": "What has come in?",
            "fund": "Voluntary trust fund",
            "legal_basis": "A/RES/71/280, paragraph 31",
            "period_from": date(2017, 4, 3),
            "period_to": date(2017, 12, 31),
            "as_at": date(2018, 1, 24),
            "currency": "USD",
            "rate_source": "ECB month end",
            "columns": columns,
            "rows": rows,
            "control_totals": [ControlTotal("Adds up", "Agreed − received", Decimal("-0.01"), Decimal("0.00"))],
            "head_seq": 48217,
            "head_hash": "9f3c71ab04de" + "0" * 52,
            "version": "0.1.0",
            "words": {"private": "Private", "ngo": "NGO", "state": "State"},
        }
        | changes
    )


def receipt(**changes):
    return Receipt(
        **{
            "number": "R-2017-0042",
            "fund": "Voluntary trust fund",
            "legal_basis": "A/RES/71/280, paragraph 31",
            "donor": "Swiss Confederation",
            "amount": "100,000.00",
            "currency": "CHF",
            "usd": Decimal("100167.58"),
            "rate": "0.998327",
            "rate_day": date(2017, 9, 30),
            "rate_source": "ECB month end",
            "value_date": date(2017, 10, 4),
            "bank_reference": "20171004-0099",
            "document": "VTF-2017-0004",
            "part": "",
            "earmark_words": "Travel",
            "recorded_at": "2017-10-05 09:14:22 UTC",
            "seq": 4711,
            "hash": "9f3c71ab04de" + "0" * 52,
            "public_url": "https://fund.example.org",
        }
        | changes
    )


def many(rows):
    day = date(2017, 10, 4)
    return [(f"Donor {i}", "state", day, "USD", Decimal(i), Decimal(i).scaleb(-2)) for i in range(rows)]
