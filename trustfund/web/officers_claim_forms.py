"""What officers fill in on a claim: adjustments, why not, what is asked, what came back, what is written off."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wtforms import StringField, TextAreaField

from trustfund.core.money import major
from trustfund.core.refusal import Refused, sentence
from trustfund.i18n import say, told
from trustfund.models.awards import Award
from trustfund.operations import claims as claim_deeds
from trustfund.operations import debts, proposals, settlements
from trustfund.operations.operation import Done
from trustfund.web import bank_lines
from trustfund.web.forms import AtMost, Needed
from trustfund.web.officers_award_forms import REASON, USD, AwardForm
from trustfund.web.officers_selections import PROPOSED

ROWS = range(1, 6)
"""So many adjustments fit on a page."""


class AdjustmentsForm(AwardForm):
    """Up to five rows of what, how much and why; an empty row says nothing."""

    def rows(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"what_{n}"], self[f"usd_{n}"], self[f"reason_{n}"]) for n in ROWS]

    def typed_rows(self) -> list[dict[str, str]]:
        names = ("what", "usd", "reason")
        rows = [
            {name: (field.data or "").strip() for name, field in zip(names, row, strict=True)} for row in self.rows()
        ]
        return [row for row in rows if any(row.values())]

    def reach(self) -> int:
        """The last row with something in it, or wrong in it."""
        return max(
            (n for n, row in zip(ROWS, self.rows(), strict=True) if any(f.data or f.errors for f in row)), default=0
        )

    def validate(self, extra_validators: Any = None) -> bool:
        return super().validate(extra_validators) and None not in [self._row(n) for n in ROWS]

    def _row(self, n: int) -> Any:
        """An adjustment; empty where the row is; None where it says no adjustment, and its field says why."""
        what, usd, reason = (self[f"{name}_{n}"] for name in ("what", "usd", "reason"))
        if not any((field.data or "").strip() for field in (what, usd, reason)):
            return {}
        for field, missing in ((what, WHAT), (usd, AMOUNT), (reason, REASON)):
            if not (field.data or "").strip():
                field.errors = [*field.errors, say(missing)]
        if any(field.errors for field in (what, usd, reason)):
            return None
        try:
            return settlements.adjustment(what.data, usd.data, reason.data)
        except Refused as refused:
            field = {"what": what, "reason": reason}.get(refused.field, usd)
            field.errors = [told(refused)]
            return None

    def adjustments(self) -> list[Any]:
        return [row for row in map(self._row, ROWS) if row]

    def given(self) -> dict[str, Any]:
        return {"adjustments": json.dumps(self.typed_rows(), ensure_ascii=False)}

    def show(self, adjustments: list[Any]) -> None:
        for n, row in zip(ROWS, adjustments, strict=False):
            self[f"what_{n}"].data, self[f"reason_{n}"].data = row["what"], row["reason"]
            self[f"usd_{n}"].data = f"{major(row['usd'], 'USD')}"


WHAT = sentence("Write what is added or taken away.")
AMOUNT = sentence("Enter the amount, with a minus where it is taken away, for example -41.20.")

for _n in ROWS:
    for _field in (
        (f"what_{_n}", StringField(sentence("What"), validators=[AtMost(120)], render_kw={"autocomplete": "off"})),
        (f"usd_{_n}", StringField(sentence("USD, with a minus where it is taken away"), render_kw=USD)),
        (f"reason_{_n}", StringField(sentence("Reason"), validators=[AtMost(2000)], render_kw={"autocomplete": "off"})),
    ):
        setattr(AdjustmentsForm, *_field)


class RejectionForm(AwardForm):
    reason = TextAreaField(
        sentence("Why is it not approved?"), id="rejection-reason", validators=[Needed(REASON)], render_kw={"rows": 3}
    )
    typed = ("reason",)


class ReturnForm(AwardForm):
    reason = TextAreaField(
        sentence("What should the traveller send or change?"),
        id="return-reason",
        description=sentence("The traveller reads these words as you write them."),
        validators=[Needed(sentence("Write what is asked."))],
        render_kw={"rows": 3},
    )
    typed = ("reason",)


class RecoveryForm(AwardForm):
    amount = StringField(
        sentence("Amount received, USD"),
        validators=[Needed(sentence("Enter the amount, for example 41.20."))],
        render_kw=USD,
    )
    value_date = bank_lines.value_date()
    bank_account = bank_lines.account()
    bank_reference = bank_lines.reference()
    typed = ("amount", "value_date", "bank_account", "bank_reference")

    def offer(self, award: Award) -> None:
        self.bank_account.choices = bank_lines.dollar_accounts()


class WriteOffForm(AwardForm):
    document = StringField(
        sentence("Document"),
        description=sentence("The authority for it, for example, Write-off advice 2018/1"),
        validators=[Needed(sentence("Enter the document of the authority.")), AtMost(120)],
    )
    reason = TextAreaField(
        sentence("Reason"),
        id="write-off-reason",
        description=sentence("Say why: a second officer reads it before confirming."),
        validators=[Needed(REASON), AtMost(2000)],
        render_kw={"rows": 3},
    )


@dataclass(frozen=True)
class Step:
    """A deed on a claim or a debt: its form, what does it, and what is said once it is done."""

    action: str
    form: type[AwardForm]
    deed: Callable[..., Done]
    said: str


STEPS = {
    "settlement": Step(
        "settlement.prepared",
        AdjustmentsForm,
        settlements.prepare,
        sentence("The settlement is prepared: entry {seq} of the record. Another officer approves it."),
    ),
    "approval": Step(
        "settlement.approved",
        AwardForm,
        settlements.approve,
        sentence("The settlement is approved: entry {seq} of the record. The traveller is told."),
    ),
    "rejection": Step(
        "settlement.declined",
        RejectionForm,
        settlements.decline,
        sentence("The settlement is not approved: entry {seq} of the record. It can be prepared again."),
    ),
    "return": Step(
        "claim.returned",
        ReturnForm,
        claim_deeds.send_back,
        sentence("The claim is sent back: entry {seq} of the record. The traveller is told."),
    ),
    "recoveries": Step(
        "recovery.recorded",
        RecoveryForm,
        debts.recover,
        sentence("The recovery is recorded: entry {seq} of the record."),
    ),
    "write-off": Step("debt.written-off", WriteOffForm, proposals.propose, PROPOSED),
}
