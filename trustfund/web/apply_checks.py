"""What the pages of an application say to an answer that cannot be right."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from wtforms.validators import StopValidation, ValidationError

from trustfund.core.money import amount_of
from trustfund.core.refusal import Refused
from trustfund.i18n import say, told
from trustfund.operations.people import address_of
from trustfund.services import clock

OLDEST = timedelta(days=366 * 120)
SENSIBLE = timedelta(days=30)
"""How long before a meeting somebody arrives for it, and after it leaves."""


class ByRule:
    """What the core makes of it, or its sentence; nothing typed is another rule's affair."""

    def __init__(self, rule: Callable[[str], object]):
        self.rule = rule

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data:
            return
        try:
            self.rule(field.data)
        except Refused as refused:
            raise ValidationError(told(refused)) from None


class NearMeeting:
    """A day of a journey to the meeting of the page: not long before it, not long after it, and in order."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is None:
            return
        first, last = form.meeting.days[0], form.meeting.days[-1]
        arrival, departure = form.arrives_on, form.leaves_on
        earliest, latest = (first - SENSIBLE, last) if field is arrival else (first, last + SENSIBLE)
        if not earliest <= field.data <= latest:
            raise ValidationError(
                say(
                    "{day} does not go with the meeting: enter a day from {earliest} to {latest}.",
                    day=field.data,
                    earliest=earliest,
                    latest=latest,
                )
            )
        if field is departure and arrival.data and departure.data < arrival.data:
            raise ValidationError(say("The day of departure lies before the day of arrival."))


class Born:
    """A day on which somebody who travels was born."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data and not (field.data.year > 1900 and field.data < clock.today()):
            raise ValidationError(say("Enter a date of birth after 1900 and before today. Look at the year again."))


class NotAhead:
    """A day that has begun somewhere on earth, and lies in a person's lifetime."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is None:
            return
        if field.data > clock.today() + timedelta(days=1):
            raise ValidationError(say("{day} lies ahead. Enter a day that is over.", day=field.data))
        if field.data < clock.today() - OLDEST:
            raise ValidationError(say("{day} lies too far back. Look at the year again.", day=field.data))


class UnlessFollows:
    """Needed, unless the note verbale is said to follow."""

    def __init__(self, sentence: str):
        self.sentence = sentence

    def __call__(self, form: Any, field: Any) -> None:
        if not (form.note_to_follow.data or field.data or any(getattr(field, "parts", ()))):
            raise StopValidation(say(self.sentence))


class Address:
    def __call__(self, form: Any, field: Any) -> None:
        try:
            address_of(field.data)
        except Refused as refused:
            raise ValidationError(told(refused)) from None


class Order:
    """A whole number from 1 on, or nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        if isinstance(field.data, str):
            raise ValidationError(say("Enter the order as a number in figures, for example 1, or leave it empty."))


class InItsCurrency:
    """An amount above zero in the currency beside it, or nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data:
            return
        if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,3})?", field.data):
            raise ValidationError(
                say(
                    "“{text}” is not an amount. Use digits and a point, without separators, for example {example}.",
                    text=field.data,
                    example="1240.00",
                )
            )
        if not field.data.strip("0."):
            raise ValidationError(say("Leave it empty, or write what the journey costs."))
        if not form.fare_currency.data:
            raise ValidationError(say("Choose the currency of this figure."))
        try:
            amount_of(field.data, form.fare_currency.data)
        except Refused as refused:
            raise ValidationError(told(refused)) from None
