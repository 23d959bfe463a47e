"""A report on paper: to print, to hear and to check."""

import re
from decimal import Decimal

from tests.reports.reading import elements, opened, words_of
from tests.reports.samples import ARABIC, FORMULA, GIFTS, MARKUP, many, receipt, report, voice
from trustfund.reports.draw_pdf import draw_pdf
from trustfund.reports.draw_receipt import draw_receipt
from trustfund.reports.report import Bar, Column, Figure, Kind
from trustfund.reports.sheet import Sheet


def test_every_font_is_embedded_and_helvetica_is_not_there():
    for pdf in (draw_pdf(report(), voice()), draw_receipt(receipt(donor=ARABIC), voice())):
        assert b"Helvetica" not in pdf
        with opened(pdf) as file:
            fonts = [f for page in file.pages for f in page.Resources.Font.values()]
            assert fonts
            assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_a_pdf_says_its_title_and_language_and_can_be_heard():
    with opened(draw_pdf(report(), voice("fr", **{"Status of contributions": "État des contributions"}))) as file:
        assert (str(file.Root.Lang), bool(file.Root.ViewerPreferences.DisplayDocTitle)) == ("fr", True)
        assert file.open_metadata()["dc:title"] == str(file.docinfo.Title) == "État des contributions"
        document = [str(element.S) for element in elements(file.Root.StructTreeRoot.K[0])]
    assert document[0] == "/Document"
    assert document.count("/H1") == 1
    assert document.count("/TR") == 1 + len(GIFTS) + 1 + 2  # head, rows, total; control totals
    assert document.count("/TD") == (len(GIFTS) + 1) * 5 + 4
    assert document.count("/TH") == 6 + len(GIFTS) + 1 + 6


def test_every_marked_content_is_found_from_its_page():
    with opened(draw_pdf(report(many(200)), voice())) as file:
        for page, parents in zip(file.pages, list(file.Root.StructTreeRoot.ParentTree.Nums)[1::2], strict=True):
            marks = [int(m) for m in re.findall(rb"/MCID (\d+)", page.Contents.read_bytes())]
            assert marks == [int(parent.K) for parent in parents] == list(range(len(parents)))


def test_names_in_any_script_are_printed_as_typed():
    said = words_of(draw_pdf(report(), voice()))
    assert ARABIC in said
    assert MARKUP in said
    assert FORMULA in said
    assert "(450.00)" in said


def test_a_control_total_that_fails_says_so():
    said = words_of(draw_pdf(report(), voice(**{"≠ does not hold": "FAILS", "= holds": "HOLDS"})))
    assert "FAILS" in said
    assert "HOLDS" not in said


def test_a_figure_is_drawn_and_described():
    chart = Figure(
        "Norway has paid in full",
        ("received", "outstanding"),
        (
            Bar("Norway", (Decimal("10.00"), Decimal("0.00"))),
            Bar("Nobody", (Decimal("0.00"), Decimal("-1.00"))),
        ),
    )
    with opened(draw_pdf(report(figure=chart), voice())) as file:
        figures = [kid for kid in file.Root.StructTreeRoot.K[0].K if kid.S == "/Figure"]
        assert [str(figure.Alt) for figure in figures] == ["Norway has paid in full"]


def test_a_right_to_left_report_is_the_mirror():
    words = {"Status of contributions": "حالة التبرعات", "Donor": "الجهة المانحة"}
    pdf = draw_pdf(report(), voice("ar", right_to_left=True, **words))
    assert "حالة التبرعات" in words_of(pdf)
    with opened(pdf) as file:
        assert file.Root.ViewerPreferences.Direction == "/R2L"


def test_a_long_listing_has_every_row_and_as_many_pages_as_it_needs():
    pdf = draw_pdf(report(many(3000)), voice())
    with opened(pdf) as file:
        pages = len(file.pages)
        shown = [page.Contents.read_bytes() for page in file.pages]
    assert 60 < pages < 80
    assert [page.count(b"(Value date)") for page in shown] == [int(b"(Donor " in page) for page in shown]
    said = words_of(pdf)
    assert all(f" Donor {i} " in said for i in range(3000))
    assert f"Page {pages} of {pages}" in said


def test_a_listing_of_more_than_200_pages_is_not_tagged():
    with opened(draw_pdf(report(many(12000)), voice())) as file:
        assert len(file.pages) > 200
        assert "/StructTreeRoot" not in file.Root


def test_a_text_longer_than_a_page_goes_on_on_the_next():
    long = " ".join(f"word{i}" for i in range(4000))
    said = words_of(draw_pdf(report([(long, "state", None, "USD", None, Decimal("1.00"))]), voice()))
    assert all(f"word{i}" in said for i in range(4000))


def test_an_empty_report_says_that_nothing_was_booked():
    assert "Nothing was booked in this period." in words_of(draw_pdf(report([]), voice()))


def test_a_total_never_stands_alone_on_its_page():
    for rows in range(20, 75):
        with opened(draw_pdf(report(many(rows), control_totals=()), voice())) as file:
            last = [page.Contents.read_bytes() for page in file.pages if b"(Total)" in page.Contents.read_bytes()][-1]
        assert b"(Donor " in last, rows


def test_a_name_too_long_for_its_line_ends_in_dots():
    sheet = Sheet(voice(), "Status", about="Fund")
    assert sheet.first_line("United Kingdom of Great Britain and Northern Ireland", 80, 8).runs == (
        ("NotoSans-Regular", "United Kingdom of…"),
    )
    assert sheet.first_line("Norway", 80, 8).runs == (("NotoSans-Regular", "Norway"),)


def test_a_report_without_a_period_says_so():
    assert "Everything up to the as-at day" in words_of(draw_pdf(report(period_from=None, period_to=None), voice()))
    assert "Until 31 December 2017" in words_of(draw_pdf(report(period_from=None), voice()))
    assert "From 3 April 2017" in words_of(draw_pdf(report(period_to=None), voice()))


def test_a_meeting_is_called_by_its_code():
    rows = [("Norway", "meeting:N1", None, "USD", None, None)]
    assert " N1 " in words_of(draw_pdf(report(rows), voice()))


def test_type_grows_smaller_before_a_column_is_left_out():
    columns = [Column(f"c{i}", f"Amount {i}", Kind.MONEY) for i in range(14)]
    wide = report([tuple(Decimal(f"123456{i:02}.00") for i in range(14))], columns=columns)
    said = words_of(draw_pdf(wide, voice()))
    assert all(f"12,345,6{i:02}.00" in said for i in range(14))
