"""The form by which an agreement is drawn up for signature."""

from wtforms import TextAreaField

from trustfund.core.refusal import sentence
from trustfund.operations.agreements import LONGEST_CONDITION
from trustfund.web.forms import AtMost, ReadForm


class DraftForm(ReadForm):
    """``draft_condition``: named apart from that of the agreement, which stands on the same page."""

    draft_condition = TextAreaField(
        sentence("On a condition? (optional)"),
        description=sentence("Nothing is due until it is met. At most 300 characters."),
        validators=[AtMost(LONGEST_CONDITION)],
        render_kw={"rows": 2},
    )
