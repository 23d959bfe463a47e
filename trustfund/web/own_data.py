"""What is held about a person, downloaded by that person: one archive, written while it is sent."""

import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, stream_with_context
from flask_login import current_user

from trustfund.core.refusal import Refused, sentence
from trustfund.i18n import say, told
from trustfund.operations.outbox import public_address
from trustfund.operations.own_data import File, Held, held_about
from trustfund.services import clock, storage
from trustfund.web.confirming import confirmed
from trustfund.web.forms import Form
from trustfund.web.own_account import bp

READ_ME = (
    sentence("This is everything that the fund holds about you on {day}."),
    sentence(
        "your-data.json has it as tables: your account and applications, and what was decided, paid and written. Any "
        "editor of text opens it."
    ),
    sentence(
        "Passport numbers and bank accounts stand there in clear, and the files as you sent them. Keep this archive "
        "where nobody else reads it, and delete it when you have read it."
    ),
    sentence("“unmasking” says to which officer your passport or your bank details were shown, when and why."),
    sentence(
        "“entries” are the entries of the record about you: place, day and deed. The record knows you by a reference "
        "alone."
    ),
    sentence(
        "Other people stand here by their references. Amounts are whole hundredths of US dollars, or of the smallest "
        "unit of the currency that stands beside them. Instants are UTC."
    ),
    sentence("How long it is kept, and how to ask that it be erased: {address}"),
)
LONGEST = 80  # characters of a name, its end with what kind it is


@bp.route("/personal-data", methods=["GET", "POST"])
@confirmed(then=sentence("Then the download of your data begins."))
def own_data() -> Any:
    form = Form()
    if not form.validate_on_submit():
        return render_template("account/personal_data.html", form=form), form.status if form.is_submitted() else 200
    return Response(
        stream_with_context(archive(held_about(current_user.account))),
        mimetype="application/zip",
        headers={"Content-Disposition": 'attachment; filename="your-data.zip"', "Cache-Control": "no-store"},
    )


def archive(held: Held) -> Iterator[bytes]:
    """The archive in pieces: one file at a time is in memory, and none of it in clear on the disk."""
    sent = _Sent()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(_entry("read-me.txt"), _read_me())
        places = {}
        for one in held.files:
            yield sent.taken()
            places[one.reference] = _put(file, one)
        file.writestr(_entry("your-data.json"), _as_json(held, places))
    yield sent.taken()


def _read_me() -> str:
    values = {"day": clock.today(), "address": public_address("personal-data")}
    return "\r\n\r\n".join(say(text, **values) for text in READ_ME) + "\r\n"


def _put(file: zipfile.ZipFile, one: File) -> str:
    """Where in the archive a file lies, or the sentence why it does not."""
    try:
        content = storage.fetch(one.person, one.stored)
    except Refused as refused:
        return told(refused)
    place = f"files/{one.reference}-{safe(one.name)}"
    file.writestr(_entry(place), content)
    return place


def _as_json(held: Held, places: dict[str, str]) -> bytes:
    for name in ("document", "letter"):
        for row in held.tables[name]:
            row["stored"] = places[row["reference"]]
    whole = held.tables | {"entries": held.entries}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def safe(name: str) -> str:
    """A name that no system takes for a folder, a device or a command, in whatever script it was."""
    kept = "".join(c if c.isalnum() or c in "._-" else "_" for c in unicodedata.normalize("NFC", name))
    return re.sub("_+", "_", kept)[-LONGEST:]


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, clock.now().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


class _Sent(io.RawIOBase):
    """What was written and not sent yet; it does not go back, so the archive says sizes after each file."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def taken(self) -> bytes:
        piece, self._pieces = b"".join(self._pieces), []
        return piece
