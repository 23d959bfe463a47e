"""The program that opens an uploaded document: a child process with little memory and little time.

What a stranger sends may be made to break what opens it; then this process ends, and the server only reads how.
``documents.py`` starts it by its path, so it imports the standard library, pikepdf and Pillow, nothing of ours.
In: the document. Out: a line of JSON, ``{"media_type": …, "pages": …}`` or ``{"reason": …}``, and a picture anew.
"""

import contextlib
import io
import json
import re
import resource
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

MB = 1024 * 1024
LARGEST = 5 * MB  # of a document, and of a picture as it is written anew
MOST_PAGES = 50
MOST_PIXELS = 50_000_000
LONGER_SIDE = 3000  # pixels: an A4 page at 250 dots an inch
MOST_UNFOLDED = 256 * MB  # of all streams of a PDF together

LIMITS = (
    (resource.RLIMIT_AS, 512 * MB),  # holds a picture of 50 million pixels with transparency, twice
    (resource.RLIMIT_CPU, 5),  # seconds
    (resource.RLIMIT_FSIZE, 16 * MB),
    (resource.RLIMIT_NOFILE, 32),
    (resource.RLIMIT_CORE, 0),  # a core would be a copy of somebody's passport
)

STARTS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}

ACTIVE_KEYS = {"/JS", "/JavaScript", "/AA", "/XFA", "/EF", "/EmbeddedFiles", "/RichMedia", "/RichMediaContent"}
ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition"}
ACTIVE_SUBTYPES = {"/RichMedia", "/FileAttachment", "/Screen", "/Movie", "/Sound", "/3D"}
ACTIVE_NAMES = {"/S": ACTIVE_ACTIONS, "/Subtype": ACTIVE_SUBTYPES, "/Type": {"/EmbeddedFile"}}
"""What acts by itself or hides another file (ISO 32000-1, 7.11.4, 12.6, 12.7.8 and 13)."""

SUSPECT = re.compile(
    rb"/(?:%s)(?![A-Za-z0-9])"
    % b"|".join(name[1:].encode() for name in sorted(ACTIVE_KEYS.union({"/OpenAction"}, *ACTIVE_NAMES.values())))
)


class Wrong(Exception):
    """The document cannot be taken; the reason is a word that ``documents.SENTENCES`` knows."""


def main() -> None:
    limit()
    answer, picture = examined(sys.stdin.buffer.read(LARGEST + 1))
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + picture)


def limit() -> None:
    for what, most in LIMITS:
        allowed = resource.getrlimit(what)[1]
        most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(what, (most, most))


def examined(content: bytes) -> tuple[dict[str, Any], bytes]:
    """What the document is, or the reason why it cannot be taken."""
    media_type = next((kind for start, kind in STARTS.items() if content.startswith(start)), "")
    try:
        if media_type == "application/pdf":
            return {"media_type": media_type, "pages": pages_of_pdf(content)}, b""
        if media_type:
            media_type, picture = drawn_anew(content)
            return {"media_type": media_type, "pages": 1}, picture
    except Wrong as wrong:
        return {"reason": str(wrong)}, b""
    except MemoryError:
        return {"reason": "unfolds"}, b""
    except ImportError:
        raise  # our fault, not the document's: the server's log shows it
    except Exception:
        return {"reason": "damaged"}, b""
    return {"reason": "unknown"}, b""


def pages_of_pdf(content: bytes) -> int:
    """How many pages a PDF has that does nothing but show them. A file that needs repair is refused:
    another reader might repair it to something else."""
    import pikepdf

    if not content.rstrip(b"\0\t\n\r ").endswith(b"%%EOF"):
        raise Wrong("damaged")  # cut off, or something else is glued behind it
    try:
        pdf = pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Wrong("encrypted") from None
    if pdf.is_encrypted:
        raise Wrong("encrypted")
    pages = len(pdf.pages)
    if not 0 < pages <= MOST_PAGES:
        raise Wrong("pages" if pages else "damaged")
    unfolded = 0
    for thing in (pdf.trailer, *pdf.objects):
        if isinstance(thing, pikepdf.Stream):
            with contextlib.suppress(pikepdf.PdfError):  # a picture, which stays as it is
                unfolded += memoryview(thing.get_stream_buffer()).nbytes
            thing = thing.stream_dict
        if unfolded > MOST_UNFOLDED:
            raise Wrong("unfolds")
        if isinstance(thing, pikepdf.Object) and SUSPECT.search(thing.unparse(resolved=True)) and is_active(thing):
            raise Wrong("active")
    return pages


def is_active(thing: Any) -> bool:
    """Whether an object of a PDF, or a part of it, acts by itself or hides a file."""
    import pikepdf

    if isinstance(thing, pikepdf.Name):
        return any(str(thing) in names for names in ACTIVE_NAMES.values())  # a name apart from its key: a hiding place
    for part in parts(thing):
        for key, value in part.items():
            named = str(value) if isinstance(value, pikepdf.Name) else ""
            if key in ACTIVE_KEYS or named in ACTIVE_NAMES.get(key, ()):
                return True
            if key == "/OpenAction" and isinstance(value, pikepdf.Dictionary) and not only_turns_to_a_page(value):
                return True
    return False


def only_turns_to_a_page(action: Any) -> bool:
    """What LibreOffice and LaTeX write into every PDF."""
    return "/Next" not in action and ("/S" not in action or action["/S"] == "/GoTo")


def parts(thing: Any) -> Iterator[Any]:
    """The dictionaries of an object; those it only points to are objects of their own."""
    import pikepdf

    waiting = [thing]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary):
            yield part
            waiting += [value for value in part.values() if not getattr(value, "is_indirect", False)]
        elif isinstance(part, pikepdf.Array):
            waiting += [value for value in part if not getattr(value, "is_indirect", False)]


def drawn_anew(content: bytes) -> tuple[str, bytes]:
    """A picture the right way up, at most 3000 pixels long, with nothing of the file but what one sees."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own limit follows
    picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
    if picture.width * picture.height > MOST_PIXELS:
        raise Wrong("pixels")
    was_png = picture.format == "PNG"
    picture.draft(None, (LONGER_SIDE, LONGER_SIDE))  # a large JPEG is read at a half or a quarter
    if picture.mode == "I;16":  # grey in 16 bits, which Pillow would cut off at 255
        picture = picture.point(lambda grey: grey / 256)
    mode = "RGBA" if picture.has_transparency_data else "L" if picture.mode in ("1", "L", "I;16") else "RGB"
    if picture.mode != mode:
        picture = picture.convert(mode)
    picture.thumbnail((LONGER_SIDE, LONGER_SIDE))
    with contextlib.suppress(Exception):  # notes of a camera that nobody can read turn nothing
        picture = ImageOps.exif_transpose(picture)
    picture.info = {}
    if was_png and (mode == "RGBA" or picture.getcolors(256)) and len(png := written(picture, "PNG")) <= LARGEST:
        return "image/png", png
    if mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    return "image/jpeg", written(picture, "JPEG", quality=85)


def written(picture: "Image.Image", form: str, **how: Any) -> bytes:
    paper = io.BytesIO()
    picture.save(paper, form, **how)
    return paper.getvalue()


if __name__ == "__main__":
    main()
