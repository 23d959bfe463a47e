"""The States: what each is on a day, what was recorded about it, and how an amendment is proposed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import func, select
from wtforms import SelectField, StringField, TextAreaField

from trustfund.core.completion import folded
from trustfund.core.countries import STATES, State
from trustfund.core.country_status import Status, status_on
from trustfund.core.refusal import NotHere, sentence
from trustfund.core.roles import may
from trustfund.extensions import db
from trustfund.i18n import day as in_full
from trustfund.i18n import language, say
from trustfund.models.fund import amendments_of, mandate_on
from trustfund.models.selections import Proposal
from trustfund.operations import proposals
from trustfund.operations import states as operations
from trustfund.operations.meetings import frames_on
from trustfund.reports import words
from trustfund.services import clock
from trustfund.web.apply_forms import state_choices
from trustfund.web.forms import AtMost, DateField, DeedForm, Needed, Offered, query
from trustfund.web.officers import bp
from trustfund.web.paging import Page

FACT = {
    "ldc_to": sentence("Graduation, decided"),
    "ldc_scheduled": sentence("Graduation, scheduled only"),
    "ldc_from": sentence("Least developed country since"),
    "lldc": sentence("Landlocked developing country"),
    "sids": sentence("Small island developing State"),
    "developing": sentence("Developing country"),
    "region": sentence("Regional group"),
    "participation": sentence("Participation"),
}
MEMBER = {
    "member-state": sentence("Member State of the United Nations"),
    "observer-state": sentence("Observer State, member of specialized agencies"),
    "specialized-agencies": sentence("Member of specialized agencies only"),
}
SHOWN = 50
"""States on a page of the list."""
WORD = {"yes": sentence("Yes"), "no": sentence("No"), "never": sentence("Never"), **MEMBER, **words.REGION}
"""Words of a fact's value; all else is a day."""


@dataclass(frozen=True)
class Line:
    """A State as the list shows it."""

    name: str
    status: Status
    amendments: int


@bp.get("/states")
def states() -> str:
    """All States with their category today; filtered by it, searched by code or name."""
    today, category, typed = clock.today(), query("category"), query("q")
    mandate, known = mandate_on(db.session(), today), amendments_of(db.session())
    statuses = operations.statuses_on(today, mandate, known)
    lines = [
        Line(name, statuses[iso3], sum(a.state == iso3 for a in known))
        for iso3, name in state_choices(today)
        if category in ("", statuses[iso3].category) and _like(STATES[iso3], typed)
    ]
    page = _page(lines)
    return render_template(
        "officers/states.html",
        lines=page.rows,
        page=page,
        found=len(lines),
        least=sum(one.category == "LDC" for one in statuses.values()),
        all=len(statuses),
        category=category,
        q=typed,
        today_=today,
    )


def _page(lines: list[Line]) -> Page:
    """The part of the list for which the address line asks, from the code of a State: names are ordered by language."""
    codes = [line.status.state.iso3 for line in lines]
    after, before = query("after"), query("before")
    first = codes.index(after) + 1 if after in codes else 0
    if before in codes:
        first = max(0, codes.index(before) - SHOWN)
    last = first + SHOWN
    return Page(
        lines[first:last],
        codes[last - 1] if last < len(codes) else None,
        codes[first] if 0 < first < len(codes) else None,
    )


@bp.get("/states/<iso3>")
def state(iso3: str) -> str:
    return _state_page(_known(iso3))


class AmendmentForm(DeedForm):
    fact = SelectField(sentence("What was decided?"), validators=[Offered()], validate_choice=False)
    value = StringField(
        sentence("What it becomes"),
        description=sentence(
            "A graduation: its day, for example 2026-11-24, or never. An entry: its day. All else: yes or no, or the "
            "group or participation as the field offers it."
        ),
        validators=[Needed(sentence("Enter what the fact becomes.")), AtMost(40)],
        render_kw={"autocomplete": "off", "list": "values"},
    )
    document = StringField(
        sentence("Document that decided it"),
        description=sentence("For example, A/RES/76/8"),
        validators=[Needed(sentence("Enter the symbol of the document.")), AtMost(120)],
    )
    effective = DateField(sentence("Holds from"), description=sentence("For example, 24 11 2026"))
    reason = TextAreaField(
        sentence("Reason"),
        description=sentence("The second officer reads it."),
        validators=[Needed(sentence("Write why the fund records this.")), AtMost(2000)],
        render_kw={"rows": 3},
    )

    def offer(self) -> "AmendmentForm":
        self.fact.choices = [(code, say(name)) for code, name in FACT.items()]
        return self


@bp.post("/states/<iso3>/amendments")
def propose_amendment(iso3: str) -> Any:
    found, form = _known(iso3), AmendmentForm().offer()
    if form.validate_on_submit():
        assert form.effective.data is not None
        content = {
            "fact": form.fact.data,
            "value": form.value.data.strip(),
            "document": form.document.data.strip(),
            "effective": form.effective.data.isoformat(),
        }
        reason = form.reason.data
        if done := form.attempt(proposals.propose, "status.amended", subject=iso3, content=content, reason=reason):
            flash(
                say("The amendment is proposed: entry {seq} of the record. Another officer confirms it.", seq=done.seq)
            )
            return redirect(url_for(".proposals"))
    return _state_page(found, form), form.status


def value_in_words(value: str) -> str:
    """A value of an amendment: a day, or one of the words that ``core.country_amendments`` reads."""
    if value in WORD:
        return say(WORD[value])
    try:
        return in_full(date.fromisoformat(value))
    except ValueError:
        return value


def _state_page(found: State, form: AmendmentForm | None = None) -> str:
    today = clock.today()
    asked = _day(query("on")) or today
    known = amendments_of(db.session())
    frames = frames_on(db.session(), today)
    waiting = db.session.scalar(
        select(func.count()).where(
            Proposal.deed == "status.amended", Proposal.subject == found.iso3, Proposal.stage == "waiting"
        )
    )
    return render_template(
        "officers/state.html",
        name=found.name_on(asked, language()),
        asked=asked,
        status=status_on(found, asked, mandate_on(db.session(), asked).setting, amendments=known),
        at_meetings=[
            (frame.meeting, status_on(found, frame.meeting.first_day, frame.mandate.setting, amendments=known))
            for frame in frames.values()
        ],
        recorded=operations.recorded(db.session(), found.iso3),
        waiting=waiting,
        form=form or AmendmentForm(formdata=None).offer(),
        fact=FACT,
        member=MEMBER,
        values={code: name for code, name in WORD.items() if code},
        value_in_words=value_in_words,
        may_propose=may("status.amended", current_user.role, current_user.account.functions_on(today)),
    )


def _known(iso3: str) -> State:
    if iso3 not in STATES:
        raise NotHere("There is no such thing here.")
    return STATES[iso3]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _like(found: State, typed: str) -> bool:
    wanted = folded(typed).split()
    names = folded(found.iso3, *found.names.values()).split()
    return all(any(name.startswith(word) for name in names) for word in wanted) and bool(wanted or not typed)
