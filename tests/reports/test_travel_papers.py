"""The papers of a journey: authorization, settlement, the list to sign for cash, the list for the travel agent."""

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest

from tests.conftest import missing
from tests.reports.reading import elements, opened, words_of
from tests.reports.samples import ARABIC, voice
from trustfund.core.money import Money
from trustfund.reports import typeset
from trustfund.reports.draw_authorization import Act, Authorization, Line, Proof, draw_authorization, signed
from trustfund.reports.draw_claim import Statement, draw_claim
from trustfund.reports.draw_passengers import Passenger, PassengerList, draw_passengers
from trustfund.reports.draw_signatures import Cash, SignatureList, draw_signatures

FUND = "Voluntary trust fund for the intergovernmental conference"
PROOF = Proof(48217, "9f3c71ab04de" + "0" * 52, "24 January 2018, 14:00\xa0UTC", "https://fund.example.org")
SALEH = "أمل عبد الله صالح"
FARE = Line("Ticket", "Cheapest of 2 quotes, 16 January 2018", Decimal("1240.00"))
ALLOWANCE = (
    Line("Allowance, 2 nights from 19 February", "400.00 a night in New York, less 12% for lunch", Decimal("704.00")),
    Line("Allowance, 1 night, 21 February", "400.00 a night in New York, rate of 1 February 2018", Decimal("400.00")),
)
TERMINAL = (
    Line("Terminal expenses in New York", "2 trips at 78.00, rate of 1 June 2023", Decimal("156.00")),
    Line("Terminal expenses at home", "2 trips at 47.00, rate of 1 June 2023", Decimal("94.00")),
)
VISA = Line("Visa", "Against the receipt of the embassy", Decimal("0.00"))
AUTHORIZATION = Authorization(
    number="N1-M4TD",
    fund=FUND,
    legal_basis="A/RES/71/280, paragraph 31",
    delegate="Sunita Gurung",
    state="Nepal",
    meeting="Negotiation round 1 (N1)",
    place="New York",
    meeting_days="20 and 21 February 2018",
    route="Kathmandu – New York – Kathmandu",
    cabin="Economy",
    arrival=date(2018, 2, 19),
    departure=date(2018, 2, 22),
    nights=3,
    lines=(FARE, *ALLOWANCE, *TERMINAL, VISA),
    charge=Decimal("2931.22"),
    advance=Decimal("1354.00"),
    advance_how="by bank transfer to the account ending in 0092",
    claim_due=date(2018, 3, 8),
    earmark_words="Least developed countries",
    run="Run 1, place 8 of 31",
    certified=Act("Rafael Haldane", "certifying officer", date(2018, 1, 24)),
    approved=(Act("Lise Aubert", "approving officer", date(2018, 1, 25)),),
    proof=PROOF,
)
STATEMENT = Statement(
    number="N1-M4TD-C",
    award="N1-M4TD",
    fund=FUND,
    delegate="Sunita Gurung",
    state="Nepal",
    meeting="Negotiation round 1 (N1)",
    place="New York",
    first_day=date(2018, 2, 18),
    last_day=date(2018, 2, 22),
    entitlement=(*ALLOWANCE, *TERMINAL, Line("Visa", "Receipt of 29 January 2018", Decimal("160.00"))),
    adjustments=(
        Line("Lunch of 21 February", "It was given by the host, as the meeting's page says", Decimal("-48.00")),
    ),
    advances=(Line("Advance", "Paid on 30 January 2018, P-N1-M4TD-1", Decimal("1354.00")),),
    how="By bank transfer to the account ending in 0092.",
    prepared=Act("Rafael Haldane", "certifying officer", date(2018, 3, 5)),
    approved=Act("Lise Aubert", "approving officer", date(2018, 3, 6)),
    proof=PROOF,
)
GURUNG = Cash("Sunita Gurung", "Nepal", "N1-M4TD", Money(Decimal("1354.00")))
SIGNATURES = SignatureList(
    order="O-2018-0007",
    fund=FUND,
    meeting="Negotiation round 1 (N1)",
    place="New York",
    day=date(2018, 2, 20),
    people=(
        GURUNG,
        Cash(SALEH, "Yemen", "N1-YE01", Money(Decimal("1102.40"))),
        Cash("Awa Traoré & Fils <b>", "Burkina Faso", "N1-7KQ2", Money(Decimal("640"), "EUR")),
    ),
)
PASSENGER = Passenger(
    award="N1-M4TD",
    family_name="Gurung",
    given_names="Sunita Devi",
    born=date(1979, 5, 3),
    passport="PA1234417",
    route="Kathmandu – Doha – New York – Doha – Kathmandu",
    arrival=date(2018, 2, 19),
    departure=date(2018, 2, 22),
    cabin="Economy",
    price=Money(Decimal("1240.00")),
)
PASSENGERS = PassengerList(
    order="O-2018-0008",
    fund=FUND,
    meeting="Negotiation round 1 (N1)",
    place="New York",
    meeting_days="20 and 21 February 2018",
    passengers=(
        PASSENGER,
        replace(PASSENGER, award="N1-YE01", family_name=SALEH, given_names="", price=Money(Decimal("1315.50"))),
    ),
)
PASSWORD = "seven seats, one gold"


def table_of(pdf):
    """How many cells each row of the tables has, heads included."""
    with opened(pdf) as file:
        return [len(row.K) for row in elements(file.Root.StructTreeRoot.K[0]) if row.S == "/TR"]


def text_of(pdf, password=""):
    """What a reader copies from the pages."""
    tool = shutil.which("pdftotext")
    if not tool:
        missing("pdftotext", "apt-get install poppler-utils")
    asked = [tool, "-layout", "-upw", password, "-", "-"]
    return " ".join(subprocess.run(asked, input=pdf, capture_output=True, check=True).stdout.decode().split())


def pages(pdf):
    with opened(pdf) as file:
        return len(file.pages)


def test_an_authorization_says_what_is_paid_at_which_rate_and_who_answers_for_it():
    said = words_of(draw_authorization(AUTHORIZATION, voice()))
    for words in (
        "Travel authorization",
        "N1-M4TD",
        "Sunita Gurung",
        "Nepal",
        "20 and 21 February 2018",
        "Economy",
        "Cheapest of 2 quotes, 16 January 2018",
        "400.00 a night in New York, less 12% for lunch",
        "2 trips at 47.00, rate of 1 June 2023",
        "Least developed countries",
        "Run 1, place 8 of 31",
        "Rafael Haldane, certifying officer, 24 January 2018",
        "Lise Aubert, approving officer, 25 January 2018",
        "48217 9f3c 71ab 04de",
        "Type this code at https://fund.example.org/proof",
    ):
        assert words in said, words


def test_an_authorization_adds_up_and_support_cost_is_no_line_of_the_delegate():
    text = text_of(draw_authorization(AUTHORIZATION, voice()))
    assert "Cost of the journey 2,594.00" in text
    assert "takes 2,931.22 USD from the fund" in text
    assert "337.22" not in text


def test_an_authorization_says_how_the_advance_comes_and_what_the_delegate_must_do():
    text = text_of(draw_authorization(AUTHORIZATION, voice()))
    assert "1,354.00 USD, by bank transfer to the account ending in 0092" in text
    assert "1. Buy no ticket yourself" in text
    assert "5. Hand in your claim by 8 March 2018." in text


def test_without_an_advance_nothing_is_said_about_how_it_comes():
    said = words_of(draw_authorization(replace(AUTHORIZATION, advance=Decimal("0.00"), advance_how=""), voice()))
    assert said.count("Advance before the journey") == 1


def test_a_second_approving_officer_is_named_too():
    both = (*AUTHORIZATION.approved, Act("Tomás Brandt", "head of the fund", date(2018, 1, 26)))
    text = text_of(draw_authorization(replace(AUTHORIZATION, approved=both), voice()))
    assert "Lise Aubert, approving officer, 25 January 2018" in text
    assert "Tomás Brandt, head of the fund, 26 January 2018" in text


def test_an_authorization_speaks_the_language_of_the_delegate():
    french = voice("fr", **{"Travel authorization": "Autorisation de voyage", "Route": "Itinéraire"})
    pdf = draw_authorization(AUTHORIZATION, french)
    assert "Autorisation de voyage" in text_of(pdf)
    with opened(pdf) as file:
        assert str(file.Root.Lang) == "fr"


def test_a_name_in_arabic_is_printed_as_typed_on_every_paper():
    papers = (
        draw_authorization(
            replace(AUTHORIZATION, delegate=ARABIC, certified=replace(AUTHORIZATION.certified, by=SALEH)), voice()
        ),
        draw_claim(replace(STATEMENT, delegate=ARABIC, prepared=replace(STATEMENT.prepared, by=SALEH)), voice()),
    )
    for pdf in papers:
        said = words_of(pdf)
        assert ARABIC in said
        assert f"{SALEH}, certifying officer, " in said
    assert SALEH in words_of(draw_signatures(SIGNATURES, voice()))


def test_a_line_that_begins_with_an_arabic_name_still_runs_as_the_page_does():
    arabic, french = (
        Act(SALEH, "agent certificateur", date(2018, 1, 24)),
        voice("fr", **{"Certified by": "Certifié par"}),
    )
    (line,) = typeset.lines(signed(french, arabic), 99.0)
    assert line.runs[-1] == ("NotoSans-Regular", ", agent certificateur, 24 January 2018")


def test_an_authorization_can_be_read_from_right_to_left():
    pdf = draw_authorization(AUTHORIZATION, voice("ar", right_to_left=True, **{"Route": "خط السير"}))
    assert "خط السير" in words_of(pdf)


def test_the_stamp_of_a_paper_never_stands_alone():
    for more in range(8):
        lines = (*ALLOWANCE, *[Line(f"Line {i}", "Rule", Decimal("1.00")) for i in range(more)])
        papers = (
            draw_authorization(replace(AUTHORIZATION, lines=lines), voice()),
            draw_claim(replace(STATEMENT, entitlement=lines), voice()),
        )
        for pdf in papers:
            with opened(pdf) as file:
                last = file.pages[-1].Contents.read_bytes()
            assert b"Code to check" in last
            assert b"Approved by" in last, more


def test_a_settlement_says_that_the_fund_owes_the_delegate():
    text = text_of(draw_claim(STATEMENT, voice()))
    assert "The fund owes you 112.00 USD By bank transfer to the account ending in 0092." in text
    for words in (
        "Entitlement 1,514.00",
        "Lunch of 21 February It was given by the host, as the meeting's page says (48.00)",
        "Advance Paid on 30 January 2018, P-N1-M4TD-1 (1,354.00)",
        "The fund owes you 112.00",
        "18 February 2018 to 22 February 2018",
        "Rafael Haldane, certifying officer, 5 March 2018",
        "48217 9f3c 71ab 04de",
    ):
        assert words in text, words


def test_a_settlement_says_that_the_delegate_owes_the_fund():
    text = text_of(draw_claim(replace(STATEMENT, entitlement=ALLOWANCE), voice()))
    assert "You owe the fund 298.00 USD" in text
    assert "You owe the fund 298.00 Prepared" in text
    assert "The fund owes you" not in text


def test_a_settlement_in_which_nobody_owes_anything_says_so():
    even = replace(STATEMENT, entitlement=(*ALLOWANCE, *TERMINAL), adjustments=())
    assert "Nothing is owed on either side 0.00 USD" in text_of(draw_claim(even, voice()))


def test_a_signature_list_has_a_row_to_sign_for_each_person_and_a_sum_for_each_currency():
    pdf = draw_signatures(SIGNATURES, voice())
    assert table_of(pdf) == [6] * 5  # head, three persons, total
    with opened(pdf) as file:
        boxes = file.pages[0].Contents.read_bytes().count(b" re B ")
    assert boxes == 6  # signature and date, for each person and not for the total
    text = text_of(pdf)
    for words in (
        "Payment order O-2018-0007",
        "Negotiation round 1 (N1), New York",
        "Sunita Gurung Nepal N1-M4TD 1,354.00 USD",
        "Awa Traoré & Fils <b> Burkina Faso N1-7KQ2 640.00 EUR",
        "Total 640.00 EUR 2,456.40 USD",
        "Paid by the paying officer",
        "In the presence of the witness",
    ):
        assert words in text, words


def test_yen_have_no_decimals_and_dinars_three_on_the_list():
    people = (replace(GURUNG, money=Money(Decimal(150000), "JPY")), replace(GURUNG, money=Money(Decimal("9.5"), "KWD")))
    text = text_of(draw_signatures(replace(SIGNATURES, people=people), voice()))
    assert "150,000 JPY" in text
    assert "9.500 KWD" in text


def test_every_person_of_a_long_list_has_room_to_sign():
    people = tuple(replace(GURUNG, name=f"Delegate {i}", award=f"N1-{i:04}") for i in range(60))
    pdf = draw_signatures(replace(SIGNATURES, people=people), voice())
    said = words_of(pdf)
    assert all(f"N1-{i:04}" in said for i in range(60))
    assert 6 <= pages(pdf) <= 9
    assert "Total" in said


def test_the_paying_officer_never_signs_on_a_page_without_a_person():
    for rows in range(1, 24):
        people = tuple(replace(GURUNG, award=f"N1-{i:04}") for i in range(rows))
        with opened(draw_signatures(replace(SIGNATURES, people=people), voice())) as file:
            last = file.pages[-1].Contents.read_bytes()
        assert b"witness" in last
        assert b"(N1-00" in last, rows


def test_a_passenger_list_opens_only_with_its_password():
    pdf = draw_passengers(PASSENGERS, voice(), PASSWORD)
    for wrong in ("", "seven seats"):
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(BytesIO(pdf), password=wrong)
    assert b"Gurung" not in pdf
    text = text_of(pdf, PASSWORD)
    for words in (
        "Gurung Sunita Devi 3 May 1979 PA1234417",
        "19 February 2018",
        "N1-M4TD 1,240.00 USD",
        "Total 2,555.50 USD",
        "Passengers 2",
    ):
        assert words in text, words


def test_a_passenger_list_is_encrypted_with_aes_256():
    with pikepdf.open(BytesIO(draw_passengers(PASSENGERS, voice(), PASSWORD)), password=PASSWORD) as file:
        assert (file.encryption.R, file.encryption.bits) == (6, 256)
        assert {str(m) for m in (file.encryption.stream_method, file.encryption.string_method)} == {
            "EncryptionMethod.aesv3"
        }
        assert file.Root.Lang == "en"


def test_a_passenger_list_is_never_sent_open():
    with pytest.raises(AssertionError):
        draw_passengers(PASSENGERS, voice(), "")


@pytest.mark.parametrize(
    ("draw", "paper"),
    [(draw_authorization, AUTHORIZATION), (draw_claim, STATEMENT), (draw_signatures, SIGNATURES)],
)
def test_the_same_paper_gives_the_same_bytes_and_has_title_language_and_tags(draw, paper):
    pdf = draw(paper, voice())
    assert pdf == draw(paper, voice())
    with opened(pdf) as file:
        assert (str(file.Root.Lang), bool(file.Root.MarkInfo.Marked)) == ("en", True)
        assert str(file.docinfo.Title) == file.open_metadata()["dc:title"] != ""
        roles = [str(element.S) for element in elements(file.Root.StructTreeRoot.K[0])]
    assert roles.count("/H1") == 1
    assert "/Table" in roles
