"""A line of a bank's statement: what every form asks that books one, and the accounts of the fund."""

from wtforms import SelectField, StringField

from trustfund.core.refusal import sentence
from trustfund.extensions import db
from trustfund.i18n import in_words
from trustfund.models.fund import mandate_on
from trustfund.services import clock
from trustfund.web.forms import AtMost, DateField, Needed, Offered

AS_ON_STATEMENT = sentence("As on the bank’s statement. For example, 12 3 2018")


def value_date(says: str = AS_ON_STATEMENT) -> DateField:
    return DateField(sentence("Value date"), description=says)


def account() -> SelectField:
    return SelectField(sentence("Bank account"), validators=[Offered()], validate_choice=False)


def reference() -> StringField:
    return StringField(
        sentence("Bank reference"),
        description=sentence("As on the bank’s statement"),
        validators=[Needed(sentence("Enter the bank’s reference, as on its statement.")), AtMost(80)],
        render_kw={"autocomplete": "off"},
    )


def dollar_accounts() -> list[tuple[str, str]]:
    """Code and name of the fund's accounts in US dollars, in the reader's language."""
    accounts = mandate_on(db.session(), clock.today()).bank_accounts
    return [(a.code, in_words(a.name)) for a in accounts if a.currency == "USD"]
