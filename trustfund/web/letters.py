"""Letters of pledges on the pages: chosen with a pledge or later, and taken away as a file by who may read them."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import FileField

from trustfund.core.refusal import Refused, sentence
from trustfund.i18n import say, told
from trustfund.models.contributions import Pledge
from trustfund.operations import letters
from trustfund.operations.operation import Done
from trustfund.services import clock
from trustfund.services.document_check import LARGEST
from trustfund.services.documents import Document, checked
from trustfund.web.forms import DeedForm

TAKEN = sentence("A PDF, JPEG or PNG of at most 5 MB. Only its donor, the fund’s officers and auditors can read it.")
AGAIN = sentence("The letter was not kept, because of what is said above. Choose it once more.")


def _file(label: str) -> Any:
    return FileField(label, description=TAKEN, render_kw={"accept": ".pdf,.jpg,.jpeg,.png"})


class WithLetter(DeedForm):
    """A form with which a letter may come. Create it by ``taking``."""

    file = _file(sentence("The letter (optional)"))
    document: Document | None = None

    @classmethod
    def taking(cls, **more: Any) -> Any:
        """The form of this request. A file that is somewhat too large is told at its field, and what was typed kept."""
        if request.mimetype == "multipart/form-data":
            request.max_content_length = 4 * LARGEST
        return cls(**more)

    def validate(self, extra_validators: Any = None) -> bool:
        good, sent = bool(super().validate(extra_validators)), request.files.get("file")
        if sent and sent.filename:
            try:
                self.document = checked(sent.filename, sent.read()) if good else None
            except Refused as refused:
                self.file.errors, good = [told(refused)], False
            else:
                self.file.errors = [] if good else [say(AGAIN)]
        return good

    def attempt(self, deed: Callable[..., Done], *args: Any, **kwargs: Any) -> Done | None:
        done = super().attempt(deed, *args, **kwargs)
        if done is None and self.document and not self.file.errors:
            self.file.errors = [say(AGAIN)]
        return done

    def keep_letter(self, pledge: str) -> None:
        """Keep the letter, if one came, with the pledge that the form has just announced."""
        if self.document:
            key = f"letter:{self.key.data}"[:64] if self.key.data else None
            letters.add(pledge, self.document, by=current_user.account.reference, at=clock.now(), key=key)


class AddForm(WithLetter):
    """A letter alone, which must be chosen."""

    file = _file(sentence("The letter"))

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if not self.document and not self.file.errors:
            self.file.errors = [say("Choose the file of the letter.")]
        return good and self.document is not None


def added(pledge: Pledge, links: Sequence[tuple[str, str]], *, may_record: bool = True) -> Any:
    """The page on which a letter is added to a pledge, the same for its donor and for an officer."""
    form = AddForm.taking()
    if form.validate_on_submit() and (done := form.attempt(letters.add, pledge.reference, form.document)):
        flash(say("The letter is kept: entry {seq} of the record.", seq=done.seq))
        return redirect(url_for(".pledge", reference=pledge.reference))
    page = render_template("add_letter.html", form=form, pledge=pledge, links=links, may_record=may_record)
    return page, form.status if form.is_submitted() else 200


def attached(reference: str) -> Response:
    """A letter to be saved, never to be shown by the browser in the fund's name."""
    letter, content = letters.letter_for(reference, current_user.account)
    response = Response(content, mimetype=letter.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=letter.name)
    return response
