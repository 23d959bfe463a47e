"""What several commands take: a day."""

from datetime import date

import click


class Day(click.ParamType):
    """A day as 2017-06-12."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            if len(str(value)) != 10:
                raise ValueError
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}” is not a date; use year-month-day, for example 2017-06-12.", param, ctx)


DAY = Day()
