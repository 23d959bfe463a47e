"""What people upload: Awa Traoré's passport and note verbale are taken, and what only looks like them is refused."""

import io
import json
import struct
import time
import zlib
from functools import cache, partial
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import ExifTags, Image
from reportlab.pdfgen.canvas import Canvas

from trustfund.core.refusal import Refused
from trustfund.services import apart, document_check, documents
from trustfund.services.documents import checked

GPS = 0x8825


@pytest.fixture(autouse=True)
def patience(monkeypatch) -> None:
    """The largest documents take seconds where others share the machine; what is measured is what they are told."""
    monkeypatch.setattr(documents, "PATIENCE", 60)


def note_verbale(pages: int = 2) -> bytes:
    paper = io.BytesIO()
    canvas = Canvas(paper, invariant=1)
    for page in range(pages):
        canvas.drawString(72, 720, f"Note verbale 17/418, page {page + 1}")
        canvas.showPage()
    canvas.save()
    return paper.getvalue()


def changed(change, **how) -> bytes:
    """The note verbale after somebody did something to it."""
    paper = io.BytesIO()
    with pikepdf.open(io.BytesIO(note_verbale())) as pdf:
        change(pdf)
        pdf.save(paper, **how)
    return paper.getvalue()


def with_root(**entries) -> bytes:
    return changed(lambda pdf: [pdf.Root.__setattr__(key, value) for key, value in entries.items()])


def by_hand(*things: bytes) -> bytes:
    """A PDF of one page and these objects, the first of which is object 4."""
    paper, places = b"%PDF-1.4\n", []
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << >> >>"
    for thing in (b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, *things):
        places.append(b"%010d 00000 n \n" % len(paper))
        paper += b"%d 0 obj\n%s\nendobj\n" % (len(places), thing)
    rows = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, b"".join(places))
    end = b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, len(paper))
    return paper + rows + end


def picture(form: str, image: Image.Image, **how) -> bytes:
    paper = io.BytesIO()
    image.save(paper, form, **how)
    return paper.getvalue()


def photograph(width: int = 1200, height: int = 800) -> Image.Image:
    """A passport: red on the left, grey noise on the right."""
    noise = Image.effect_noise((width, height), 60).convert("RGB")
    noise.paste((200, 0, 0), (0, 0, width // 2, height))
    return noise


def from_a_telephone() -> bytes:
    """A photograph taken with the camera turned, and the place where it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # to be shown turned to the right
    exif[ExifTags.Base.Model] = "Telephone of Awa"
    exif[GPS] = {ExifTags.GPS.GPSLatitudeRef: "N", ExifTags.GPS.GPSLatitude: (12.0, 39.0, 0.0)}
    return picture("JPEG", photograph(), exif=exif, comment=b"Bamako")


def png_of(*chunks: tuple[bytes, bytes]) -> bytes:
    written = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + written


def header(width: int, height: int, colours: int = 2) -> tuple[bytes, bytes]:
    """Of a picture in red, green and blue; colours 6: with transparency."""
    return b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0)


GREY = (b"IDAT", zlib.compress(bytes(100 * 301)))


@cache
def zeros(megabytes: int = 201) -> bytes:
    """More than two hundred times smaller."""
    return zlib.compress(bytes(megabytes * 1_000_000), 1)


def opened(document: documents.Document) -> Image.Image:
    return Image.open(io.BytesIO(document.content))


def looping(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Kids = Array([pdf.Root.Pages])


def streams_of_zeros(pdf: pikepdf.Pdf) -> None:
    for megabytes in (201, 70):
        stream = pikepdf.Stream(pdf, zeros(megabytes))
        stream.Filter = Name.FlateDecode
        pdf.Root[f"/Zeros{megabytes}"] = pdf.make_indirect(stream)


def attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["virus.exe"] = b"MZ"


def linked(action: pikepdf.Object, pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)])


def script_by_reference(pdf: pikepdf.Pdf) -> None:
    linked(Dictionary(S=pdf.make_indirect(Name.JavaScript)), pdf)


def without_pages(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[:]


def on_opening(**action) -> bytes:
    return with_root(OpenAction=Dictionary(**action))


def script() -> bytes:
    return on_opening(S=Name.JavaScript, JS=String("app.alert('Bamako')"))


def script_in_figures() -> bytes:
    """Behind a link, its name written as the format allows, in as many bytes."""
    return changed(partial(linked, Dictionary(S=Name.JavaScriptSpelt))).replace(
        b"/JavaScriptSpelt", b"/#4aavaScrip#74 "
    )


def script_in_a_compressed_stream() -> bytes:
    paper = io.BytesIO()
    with pikepdf.open(io.BytesIO(script())) as pdf:
        pdf.save(paper, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in paper.getvalue()
    return paper.getvalue()


def locked(**passwords: str) -> bytes:
    return changed(lambda _: None, encryption=pikepdf.Encryption(**passwords))


WEB = b"<html><script>alert(1)</script>"
END = (b"IEND", b"")
REFUSED = {
    "nothing": (bytes, "is empty"),
    "one byte too many": (lambda: b"%PDF-" + bytes(5 * 1024 * 1024 - 4), "has 5.1 MB; at most 5 MB"),
    "a text named .pdf": (lambda: b"Dear Sir or Madam,\n", "is not a PDF, JPEG or PNG"),
    "a page of the web before a PDF": (lambda: WEB + note_verbale(), "is not a PDF, JPEG or PNG"),
    "a page of the web behind a PDF": (lambda: note_verbale() + WEB, "damaged or cut off"),
    "a PDF cut off": (lambda: note_verbale()[:900], "damaged or cut off"),
    "a PDF cut off, with an end": (lambda: note_verbale()[:900] + b"\n%%EOF\n", "damaged or cut off"),
    "a PDF whose table is elsewhere": (lambda: note_verbale().replace(b"startxref\n", b"startxref\n9"), "damaged"),
    "a PDF of no page": (partial(changed, without_pages), "damaged or cut off"),
    "a PDF whose pages loop": (partial(changed, looping), "damaged or cut off"),
    "a PDF of 80 pages": (partial(note_verbale, 80), "has more than 50 pages"),
    "a PDF of 51 pages": (partial(note_verbale, 51), "has more than 50 pages"),
    "a password to open": (partial(locked, user="a", owner="b"), "protected by a password"),
    "a password to change": (partial(locked, user="", owner="b"), "protected by a password"),
    "a script when it opens": (script, "holds a script"),
    "a script in a compressed stream": (script_in_a_compressed_stream, "holds a script"),
    "a script spelt in figures": (script_in_figures, "holds a script"),
    "a script apart from its key": (partial(changed, script_by_reference), "holds a script"),
    "an action when it closes": (lambda: with_root(AA=Dictionary(WC=Dictionary(S=Name.URI))), "holds a script"),
    "an address when it opens": (partial(on_opening, S=Name.URI, URI=String("http://un.example")), "holds a script"),
    "a page, then an address": (partial(on_opening, S=Name.GoTo, Next=Dictionary(S=Name.URI)), "holds a script"),
    "a program behind a link": (partial(changed, partial(linked, Dictionary(S=Name.Launch))), "holds a script"),
    "another file inside": (partial(changed, attached), "holds a script"),
    "a file beside a page": (partial(by_hand, b"<< /UF (virus.exe) /EF << /F 4 0 R >> >>"), "holds a script"),
    "a form of XFA": (lambda: with_root(AcroForm=Dictionary(XFA=String("<xdp/>"))), "holds a script"),
    "streams of 271 MB": (partial(changed, streams_of_zeros), "unfolds to far more"),
    "a picture of 60,000 × 60,000": (lambda: png_of(header(60_000, 60_000), GREY, END), "more than 50 million pixels"),
    "a picture of less than it says": (lambda: png_of(header(7000, 7000), GREY, END), "damaged or cut off"),
    "a picture with a note of 200 MB": (
        lambda: png_of(header(100, 100), (b"zTXt", b"Title\0\0" + zeros()), GREY, END),
        "damaged or cut off",
    ),
    "a photograph cut off": (lambda: from_a_telephone()[:20_000], "damaged or cut off"),
    "the beginning of a picture": (lambda: b"\xff\xd8\xff", "damaged or cut off"),
}


@pytest.mark.parametrize(("made", "says"), REFUSED.values(), ids=REFUSED)
def test_a_document_is_refused_in_words_that_name_it_and_what_is_wrong(made, says):
    with pytest.raises(Refused) as refused:
        checked("passport.pdf", made())
    assert says in str(refused.value)
    assert "“passport.pdf”" in str(refused.value)
    assert refused.value.field == "file"


def at_the_second_page(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Array([pdf.pages[1].obj, Name.Fit])


TAKEN = {
    "of two pages": (note_verbale, 2),
    "of 50 pages": (partial(note_verbale, 50), 50),
    "that begins at a page": (partial(changed, at_the_second_page), 2),
    "that goes to a page": (partial(on_opening, S=Name.GoTo, D=String("page.1")), 2),
    "that writes of scripts": (lambda: with_root(Own=String("a word like /JavaScript or /AA")), 2),
    "with a link": (partial(changed, partial(linked, Dictionary(S=Name.URI, URI=String("http://un.example")))), 2),
    "that counts its bytes apart": (partial(by_hand, b"<< /Length 5 0 R >>\nstream\nq Q\nendstream", b"3"), 1),
}


@pytest.mark.parametrize(("made", "pages"), TAKEN.values(), ids=TAKEN)
def test_a_pdf_is_kept_byte_for_byte(made, pages):
    content = made()
    document = checked("Note verbale.pdf", content)
    assert document == documents.Document("Note verbale.pdf", "application/pdf", content, pages)


def test_a_picture_that_unfolds_further_than_it_says_is_taken_as_far_as_it_says():
    assert opened(checked("scan.png", png_of(header(100, 100), (b"IDAT", zeros()), END))).size == (100, 100)


def test_a_photograph_is_turned_upright_and_forgets_where_it_was_taken():
    sent = from_a_telephone()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)
    document = checked("C:\\fakepath\\IMG_0418.JPEG", sent)
    seen = opened(document)
    assert (document.name, document.media_type, document.pages) == ("IMG_0418.JPEG", "image/jpeg", 1)
    assert seen.size == (800, 1200)
    assert seen.getpixel((400, 100))[0] > 180 > seen.getpixel((400, 100))[1] + 100  # what was on the left is on top
    assert dict(seen.getexif()) == {}
    assert not {"exif", "comment"} & set(seen.info)
    assert not any(word in document.content for word in (b"Awa", b"Bamako", b"Exif"))


def test_a_large_photograph_is_made_smaller():
    document = checked("passport.jpg", picture("JPEG", Image.new("RGB", (8000, 6000), "teal")))
    assert opened(document).size == (3000, 2250)


def test_a_signature_keeps_its_transparent_paper_and_loses_its_notes():
    notes = Image.Exif()
    notes[ExifTags.Base.Model] = "Scanner of Awa"
    ink = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    ink.paste((0, 0, 120, 255), (50, 40, 250, 60))
    document = checked("signature.png", picture("PNG", ink, exif=notes))
    assert (document.media_type, opened(document).mode) == ("image/png", "RGBA")
    assert opened(document).getpixel((0, 0))[3] == 0
    assert b"Awa" not in document.content


def test_a_transparent_photograph_stays_a_png_unless_that_is_larger_than_what_may_be_sent():
    """A noise of 256 greys, one of them transparent, has four bytes a pixel when it is drawn anew."""
    small, large = Image.effect_noise((300, 200), 90), Image.effect_noise((2500, 1600), 90)
    colourful = Image.merge("RGBA", [small, small.rotate(90), small.rotate(180), small])
    assert checked("stamp.png", picture("PNG", colourful)).media_type == "image/png"
    sent = picture("PNG", large.convert("P"), transparency=128)
    document = checked("stamp.png", sent)
    assert len(sent) < document_check.LARGEST
    assert (document.name, opened(document).mode, opened(document).size) == ("stamp.jpg", "RGB", (2500, 1600))


def test_a_scan_of_few_colours_stays_a_png_and_a_photograph_becomes_a_jpeg():
    assert checked("scan.png", picture("PNG", Image.new("1", (100, 100)))).name == "scan.png"
    document = checked("scan.PNG", picture("PNG", photograph().effect_spread(3)))
    assert (document.name, document.media_type, opened(document).format) == ("scan.jpg", "image/jpeg", "JPEG")


def test_a_grey_scan_in_16_bits_stays_as_dark_as_it_is():
    grey = Image.new("I;16", (10, 10), 30_000)
    assert opened(checked("scan.png", picture("PNG", grey))).getpixel((5, 5)) == 30_000 // 256


def test_the_largest_picture_that_may_be_sent_fits_into_the_memory_of_the_check():
    sent = png_of(header(10_000, 5_000, 6), (b"IDAT", zeros()), END)
    assert opened(checked("wall.png", sent)).size == (3000, 1500)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\Users\\Awa\\passport.pdf", "passport.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("note\r\n\x00 verbale\x1b.pdf", "note verbale.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
        ("re\u0301sume\u0301.PDF", "résumé.PDF"),
        ("نامه\u200cها.pdf", "نامه\u200cها.pdf"),
        ("scan.jpeg", "scan.pdf"),
        ("v1.2", "v1.2.pdf"),
        ("", "document.pdf"),
        ("/", "document.pdf"),
        (".pdf", "pdf.pdf"),
        ("é" * 200 + ".pdf", "é" * 116 + ".pdf"),
    ],
)
def test_a_name_is_short_visible_and_ends_as_what_the_file_is(name, kept):
    assert documents.named(documents.last_part(name), "application/pdf") == kept


FLOOD = "while True: sys.stdout.buffer.write(bytes(1 << 20))"
LIMIT = f"sys.path.insert(0, {str(documents.PROGRAM.parent)!r}); import document_check; document_check.limit()"
CHILDREN = {
    "crashes": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "says nothing": "",
    "says garbage": "print('<html>')",
    "says a number": "print(5)",
    "says a list": "print('[]')",
    "says a depth": "print('[' * 100_000)",
    "says an unknown reason": 'print(\'{"reason": "beautiful"}\')',
    "says a list as reason": "print('{\"reason\": []}')",
    "says no page": 'print(\'{"media_type": "application/pdf", "pages": 0}\')',
    "says a word for pages": 'print(\'{"media_type": "application/pdf", "pages": "2"}\')',
    "says half a page": 'print(\'{"media_type": "application/pdf", "pages": 1.5}\')',
    "says another kind": 'print(\'{"media_type": "text/html", "pages": 1}\\nx\')',
    "says a picture and gives none": 'print(\'{"media_type": "image/png", "pages": 1}\')',
    "says yes and fails": 'print(\'{"media_type": "application/pdf", "pages": 1}\'); sys.exit(1)',
    "floods": f"{LIMIT}\n{FLOOD}",
    "takes memory": f"{LIMIT}\nbytearray(600 << 20)",
}
SLOW = {
    "sleeps": "import time; time.sleep(60)",
    "turns in a circle": "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: 1",
}


def ends_with(monkeypatch, tmp_path: Path, program: str) -> str:
    """What the person reads whose document takes over the check and does this."""
    (tmp_path / "child.py").write_text(f"import sys\nsys.stdin.buffer.read()\n{program}\n")
    monkeypatch.setattr(documents, "PROGRAM", tmp_path / "child.py")
    with pytest.raises(Refused) as refused:
        checked("passport.pdf", note_verbale())
    return str(refused.value)


@pytest.mark.parametrize("program", CHILDREN.values(), ids=CHILDREN)
def test_whatever_the_check_does_the_person_gets_a_sentence(monkeypatch, tmp_path, program):
    assert "is damaged or cut off" in ends_with(monkeypatch, tmp_path, program)


@pytest.mark.parametrize("program", SLOW.values(), ids=SLOW)
def test_a_document_that_takes_too_long_is_given_up(monkeypatch, tmp_path, program):
    monkeypatch.setattr(documents, "PATIENCE", 2)
    started = time.monotonic()
    assert "takes too long" in ends_with(monkeypatch, tmp_path, program)
    assert time.monotonic() - started < 20


def test_the_check_works_under_its_limits_and_without_what_the_server_knows(monkeypatch, tmp_path):
    monkeypatch.setenv("TRUSTFUND_SECRET_KEY", "the server's own")
    limits = "[resource.getrlimit(what)[1] for what, _ in document_check.LIMITS]"
    program = f"import json, os, resource, sys\n{LIMIT}\nprint(json.dumps([dict(os.environ), {limits}]))"
    (tmp_path / "child.py").write_text(program)
    environment, found = json.loads(apart.asked(tmp_path / "child.py", b"", patience=60)[1])
    assert "TRUSTFUND_SECRET_KEY" not in environment
    assert found == [512 << 20, 5, 16 << 20, 32, 0]


def test_every_reason_of_the_check_has_its_sentence():
    source = Path(document_check.__file__).read_text(encoding="utf-8")
    reasons = {reason for reason in documents.SENTENCES if f'"{reason}"' in source}
    assert set(documents.SENTENCES) - reasons == {"empty", "large", "slow"}


def test_the_check_loads_nothing_of_ours(tmp_path):
    program = f"{LIMIT}\ndocument_check.examined({note_verbale()!r})\nprint(*sys.modules)"
    (tmp_path / "child.py").write_text(f"import sys\n{program}\n")
    loaded = apart.asked(tmp_path / "child.py", b"", patience=60)[1].decode().split()
    assert "pikepdf" in loaded
    assert not {"flask", "sqlalchemy", "trustfund"} & set(loaded)
