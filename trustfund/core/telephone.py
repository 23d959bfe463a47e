"""A telephone number of any country, however its person writes it (ITU-T E.164: a plus, at most 15 figures)."""

import re

from trustfund.core.refusal import Refused

LONGEST = 40
_SHAPE = re.compile(r"\+ ?[1-9](?:[ ().-]*[0-9])+", re.ASCII)


def telephone(text: str) -> str:
    """+22670123456 of “+226 70 12-34-56”: one spelling, so that equal numbers are found. Refused without its country,
    or with a figure too many."""
    kept = " ".join(text.split())
    figures = sum(c.isdecimal() for c in kept)
    if not _SHAPE.fullmatch(kept) or not 4 <= figures <= 15 or len(kept) > LONGEST:
        raise Refused(
            "Write the number with + and the code of the country, at most 15 figures, for example +226 70 12 34 56.",
            field="telephone",
        )
    return "+" + "".join(c for c in kept if c.isdecimal())
