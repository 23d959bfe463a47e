"""“What your contribution did” as page and paper, the same at the doors of donors and officers."""

from collections.abc import Callable, Sequence

from flask import Response, render_template

from trustfund.extensions import db
from trustfund.i18n import in_words, language
from trustfund.models.contributions import Donor
from trustfund.models.fund import mandate_on
from trustfund.reports.draw import voice
from trustfund.reports.draw_results import draw_results, standing
from trustfund.reports.snapshot import snapshot
from trustfund.reports.what_it_did import HOW, Told, what_it_did
from trustfund.services import clock
from trustfund.web.papers import drawn_for, named

Address = Callable[[int | None, bool], str]
"""Year, or None for all so far, and whether the paper is meant -> an address."""


def results_page(
    donor: Donor, year: int | None, address: Address, crumbs: Sequence[tuple[str, str]], *, own: bool
) -> str:
    """``own``: the donor itself reads it."""
    told = _told(donor, year)
    return render_template(
        "what_it_did.html",
        told=told,
        name=named(donor, clock.today()),
        standing=standing(told, voice(language())),
        address=address,
        way=crumbs,
        how=HOW,
        own=own,
    )


def results_paper(donor: Donor, year: int | None) -> Response:
    """In the language of the donor, whoever takes it."""
    told, fund = _told(donor, year), mandate_on(db.session(), clock.today()).fund
    return drawn_for(
        donor,
        lambda: draw_results(
            told,
            named(donor, clock.today()),
            in_words(fund.name),
            voice(language()),
        ),
        f"results-{donor.reference}-{year or told.as_at}",
    )


def _told(donor: Donor, year: int | None) -> Told:
    with snapshot() as taken:
        return what_it_did(taken, donor.reference, year)
