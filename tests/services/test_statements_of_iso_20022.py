"""camt.053: of any version, in any namespace and envelope; other messages are named, and nothing outside is opened."""

import re
from decimal import Decimal

import pytest

from tests.services.bank_files import camt, line, statement
from trustfund.core.refusal import Refused
from trustfund.services.statements import Statement
from trustfund.services.statements.reading import understood

TEXT = camt(statement(line(), line("-5.00", name="Hotel")))


def read(text: str, encoding: str = "utf-8") -> tuple[Statement, ...]:
    return understood(text.encode(encoding))


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def test_the_namespace_the_prefix_and_an_envelope_do_not_matter():
    whole = read(TEXT)
    body = TEXT[TEXT.index("<Document") :]
    for text in (
        re.sub(' xmlns="[^"]+"', "", TEXT),
        camt(*whole, version=13),
        camt(*whole, prefix="ns2"),
        f"<Envelope><AppHdr><MsgDefIdr>camt.053</MsgDefIdr></AppHdr>{body}</Envelope>",
        body,
        TEXT.replace("</Stmt>", "<!-- <Stmt> --><AddtlStmtInf/></Stmt>"),
    ):
        assert read(text) == whole


def test_a_file_is_of_the_encoding_that_it_declares():
    whole = read(TEXT.replace("Hotel", "Hôtel"))
    for declared, encoding in [
        ("UTF-8", "utf-8"), ("UTF-8", "utf-8-sig"), ("utf-16", "utf-16"), ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"), ("ISO-8859-1", "latin-1"), ("windows-1252", "cp1252"),
    ]:  # fmt: skip
        text = TEXT.replace("Hotel", "Hôtel").replace('"UTF-8"', f'"{declared}"')
        assert read(text, encoding) == whole, (declared, encoding)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("UTF-8", "latin-1"), ("US-ASCII", "utf-8"), ("UTF-16", "utf-8"), ("UTF-8", "utf-16"), ("UTF-7", "utf-7")],
)
def test_a_file_that_is_not_what_it_declares_is_refused(declared: str, encoding: str):
    with pytest.raises(Refused, match="written in"):
        read(TEXT.replace("Hotel", "Hôtel").replace('"UTF-8"', f'"{declared}"'), encoding)


def test_only_booked_entries_count_and_zeros_behind_the_decimals_do_not():
    entry = re.search("<Ntry>.*?</Ntry>", TEXT)
    assert entry
    pending = entry[0].replace("BOOK", "PDNG")
    more = TEXT.replace("</Stmt>", pending + "</Stmt>").replace("56320.00<", "56320.00000<")
    assert read(more) == read(TEXT)


def test_a_batch_is_one_line_with_the_texts_of_all_and_the_name_of_none():
    two = re.search("<TxDtls>.*?</TxDtls>", TEXT)
    assert two
    [one] = read(changed(two[0], two[0].replace("Grant", "First") + two[0].replace("Grant", "Second")))
    assert (one.lines[0].text, one.lines[0].name, one.lines[0].amount) == ("First Second", "", Decimal("56320.00"))


def test_a_party_in_the_wrong_role_is_taken_if_it_is_not_us():
    theirs = "<Cdtr><Nm>Norway</Nm></Cdtr><CdtrAcct><Id><IBAN>NO9386011117947</IBAN></Id></CdtrAcct>"
    [one] = read(changed("<Dbtr><Nm>Norway</Nm></Dbtr>", theirs))
    assert (one.lines[0].name, one.lines[0].counterparty) == ("Norway", "NO9386011117947")
    [one] = read(changed("<Dbtr><Nm>Norway</Nm></Dbtr>", theirs.replace("NO9386011117947", one.account)))
    assert (one.lines[0].name, one.lines[0].counterparty) == ("", "")


def test_a_structured_reference_is_text_and_a_returned_payment_is_marked():
    reference = "<RmtInf><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf><RtrInf/>"
    [one] = read(changed("<RmtInf><Ustrd>Grant</Ustrd></RmtInf>", reference))
    assert (one.lines[0].text, one.lines[0].reversal, one.lines[1].reversal) == ("RF18539007547034", True, False)


def test_other_names_of_the_balances_before_and_after():
    assert read(TEXT.replace("OPBD", "PRCD")) == read(TEXT)
    assert read(TEXT.replace("OPBD", "ITBD")) == read(TEXT)
    assert read(TEXT.replace("OPBD", "ITBD").replace("CLBD", "ITBD")) == read(TEXT)


def test_a_file_cut_off_anywhere_is_refused():
    for end in range(1, len(TEXT) - 1):
        with pytest.raises(Refused):
            read(TEXT[:end])


@pytest.mark.parametrize(
    "amount", ["1e5", "٣", "NaN", "1,5,0", "12..34", "-5", "+5", "", " ", "1000000000000000", "5<x/>6"]
)
def test_an_amount_that_is_not_exact_is_refused_with_its_entry(amount: str):
    with pytest.raises(Refused, match="Line 2, Stmt 1/Ntry 1/Amt: "):
        read(
            changed("56320.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Rvsl", f"{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Rvsl")
        )


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        ("56415.00", "56420.00", r"make 56,?415\.00 USD, but its closing balance is .*: a difference of 5\.00"),
        ("<Cd>OPBD</Cd>", "<Cd>OPAV</Cd>", r"lacks a balance \(<Bal>\): OPBD"),
        ("<Cd>CLBD</Cd>", "<Cd>CLAV</Cd>", r"lacks a balance \(<Bal>\): CLBD"),
        ("<Acct>", "<Acct/><Other>", "damaged"),
        ("<IBAN>CH5604835012345678009</IBAN>", "", "names no account"),
        ('Ccy="USD">5.00', 'Ccy="EUR">5.00', "Line 3, Stmt 1/Ntry 2: an amount in EUR in a statement in USD"),
        ('Ccy="USD">5.00', 'Ccy="XYZ">5.00', "“XYZ” is not a currency"),
        ('<Amt Ccy="USD">5.00', "<Amt>5.00", "“” is not a currency"),
        ("DBIT", "PLUS", "“PLUS” is not a side"),
        ("2018-01-24</Dt></BookgDt>", "2018-02-30</Dt></BookgDt>", "Ntry 1/BookgDt: “2018-02-30” is not a day"),
        ("2018-01-24T09:00:00", "24.01.2018", "Ntry 1/ValDt: “24.01.2018” is not a day"),
        ("BkToCstmrStmt", "BkToCstmrAcctRpt", "damaged|camt.052"),
        ("<GrpHdr/>", "<GrpHdr>&b;</GrpHdr>", "Line 2: the XML is damaged"),
        ("<GrpHdr/>", "<GrpHdr>" + "<a>" * 70, "stand in one another"),
        ('<?xml version="1.0" encoding="UTF-8"?>', "<!DOCTYPE Document>", "DOCTYPE"),
    ],
)
def test_what_is_no_whole_statement_is_refused_in_a_sentence(old: str, new: str, because: str):
    with pytest.raises(Refused, match=because):
        read(changed(old, new))


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("<Document><BkToCstmrAcctRpt/></Document>", "is a camt.052, not a bank statement"),
        ("<Document><BkToCstmrDbtCdtNtfctn/></Document>", "is a camt.054, not a bank statement"),
        ("<Document><CstmrCdtTrfInitn/></Document>", "is a pain.001, not a bank statement"),
        ("<Document><BkToCstmrStmt/></Document>", "holds no statement"),
        ("<html><body>Sign in</body></html>", "begins with <html>"),
        ("<Document><Stmt/></Document>", "begins with <Document>"),
        ("<r>" + "<a/>" * 2000 + "</r>", "begins with <r>"),
    ],
)
def test_another_message_is_named(text: str, because: str):
    with pytest.raises(Refused, match=because):
        read(text)
