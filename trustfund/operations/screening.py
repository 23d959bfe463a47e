"""Officers look at applications: accept, ask for changes, propose a refusal that another officer confirms."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from trustfund.core import lifecycle
from trustfund.core.countries import STATES
from trustfund.core.eligibility import CALLED, Failure
from trustfund.core.refusal import NotHere, Refused, SeparationOfDuties, sentence
from trustfund.core.working_days import working_days_after
from trustfund.extensions import db
from trustfund.i18n import said_in
from trustfund.models.applications import Application, Screening
from trustfund.models.people import Account
from trustfund.operations.applications import submission, unchanged
from trustfund.operations.assessment import canonical_instant, failures_of
from trustfund.operations.meetings import Frame, frame_of
from trustfund.operations.offers import give_back
from trustfund.operations.operation import Fact, Operation, deed
from trustfund.operations.outbox import letter_of, post
from trustfund.services import keys

LONGEST = 2000  # characters of an officer's words


@deed("application.accepted")
def accept(op: Operation, reference: str, *, seen: int) -> Fact:
    """The file is in order: it stands for a seat. Refused while a rule fails, with what it says."""
    case = _seen(op, reference, seen, "application.accepted")
    return _done(op, case.application, "application.accepted", "accepted")


@deed("changes.asked")
def ask_for_changes(op: Operation, reference: str, *, words: str, seen: int) -> Fact:
    """The file goes back to its person with an officer's words; an answer within the days keeps its place."""
    case = _seen(op, reference, seen, "changes.asked")
    asked, words = case.application, _words(words)
    asked.asked_at = op.recorded_at
    fact = _done(op, asked, "changes.asked", "changes-asked", words=words)
    assert asked.account is not None
    post(
        asked.account,
        sentence("The fund asks for a change in your application"),
        sentence(
            "An officer of the fund has looked at your application {public} and asks:\n\n{words}\n\n"
            "Answer within {days} days under “My applications”: your application then keeps its place."
        ),
        public=asked.public,
        words=words,
        days=case.frame.mandate.setting("days_to_answer_officer"),
    )
    return fact


@deed("completion.confirmed")
def confirm_completion(op: Operation, reference: str, *, seen: int) -> Fact:
    """A second officer confirms the instant that a file brought (rules of the fund, 7: back-dated imports)."""
    confirmed = _seen(op, reference, seen, "completion.confirmed").application
    assert op.account is not None
    confirmed.completion_confirmed_by_id = op.account.id
    fact = _done(op, confirmed, "completion.confirmed", "submitted")
    return Fact(
        fact.on, fact.before, fact.after, data={**fact.data, "completed_at": canonical_instant(confirmed.completed_at)}
    )


@deed("refusal.proposed")
def propose_refusal(op: Operation, reference: str, *, codes: Iterable[str], words: str, seen: int) -> Fact:
    """Name every rule that fails. The applicant has some working days to answer before another officer confirms."""
    case = _seen(op, reference, seen, "refusal.proposed")
    refused, named = case.application, set(codes)
    known = [rule.code for rule in case.frame.mandate.eligibility]
    if not named or named - set(known):
        raise Refused("Choose the rules that the application fails.", field="codes")
    named |= {failure.code for failure in case.failed}  # none hides another
    chosen = [code for code in known if code in named]
    words = _words(words)
    fact = _done(op, refused, "refusal.proposed", "refusal-proposed", codes=chosen, words=words)
    until = _answer_by(case.frame, op.today)
    if refused.account:
        post(
            refused.account,
            sentence("A refusal of your application is proposed"),
            sentence(
                "An officer proposes to refuse your application {public}:\n\n{rules}\n\n{words}\n\n"
                "You can answer until {day}. Another officer then decides."
            ),
            public=refused.public,
            rules=rules_told(case.failed, chosen, case.frame, refused.account.language),
            words=words,
            day=until,
        )
    as_it_is = submission(refused) if fact.before == "changes-asked" else {}  # its person may have changed it since
    return Fact(fact.on, fact.before, fact.after, data={**as_it_is, **fact.data, "answer_by": until.isoformat()})


@deed("refusal.confirmed")
def confirm_refusal(op: Operation, reference: str, *, seen: int) -> Fact:
    """Another officer confirms, once the days to answer are over."""
    case = _seen(op, reference, seen, "refusal.confirmed")
    refused, proposed = case.application, case.proposed
    assert proposed is not None
    codes = proposed.codes.split()
    give_back(op, refused)
    fact = _done(op, refused, "refusal.confirmed", "refused", codes=codes)
    if refused.account:
        post(
            refused.account,
            sentence("Your application was refused"),
            sentence(
                "The fund has refused your application {public}:\n\n{rules}\n\n{words}\n\n"
                "The letter as a paper:\n{letter}"
            ),
            public=refused.public,
            letter=letter_of(refused.account, reference),
            rules=rules_told(case.failed, codes, case.frame, refused.account.language),
            words=proposed.words,
        )
    return fact


@deed("refusal.declined")
def decline_refusal(op: Operation, reference: str, *, words: str, seen: int) -> Fact:
    """Another officer does not confirm: the application waits for screening again."""
    kept = _seen(op, reference, seen, "refusal.declined").application
    return _done(op, kept, "refusal.declined", "submitted", words=_words(words))


def rules_told(failed: Iterable[Failure], codes: Iterable[str], frame: Frame, language: str) -> str:
    """Each failing rule on a line of a letter: what it says against the application, and its authority."""
    say, authority = said_in(language), {rule.code: rule.authority for rule in frame.mandate.eligibility}
    lines, told = [], set()
    for failure in failed:
        values = {name: say(str(value)) if name == "what" else value for name, value in failure.values.items()}
        if values.get("state") in STATES:
            values["state"] = STATES[str(values["state"])].name_on(frame.meeting.first_day, language)
        lines.append(f"– {say(failure.sentence, **values)} ({say(failure.authority)})")
        told.add(failure.code)
    lines += [f"– {say(CALLED[code])} ({say(authority[code])})" for code in codes if code not in told]
    return "\n".join(lines)


class Case:
    """An application before an officer: whether each deed can be done with it, and why not."""

    def __init__(self, session: Session, application: Application, *, today: date, at: datetime):
        self.application, self.today, self.at = application, today, at
        self._session = session

    @cached_property
    def frame(self) -> Frame:
        return frame_of(self._session, self.application.meeting, self.today)

    @cached_property
    def failed(self) -> tuple[Failure, ...]:
        return failures_of(self._session, self.application, self.at, by_name=True)

    @cached_property
    def proposed(self) -> Screening | None:
        """The refusal that was proposed last."""
        acts = [act for act in self.application.screenings if act.act == "refusal.proposed"]
        return acts[-1] if acts else None

    @property
    def answer_by(self) -> date | None:
        """The last day on which the applicant can answer the proposed refusal."""
        return _answer_by(self.frame, self.proposed.at.date()) if self.proposed else None

    def check(self, action: str, account: Account | None) -> None:
        """Refused where the deed cannot be done: by its stage, by its own condition, by who asks."""
        lifecycle.check(action, self.application.stage)
        barred = self.frame.mandate.setting("own_state_barred")
        if barred and account and account.state and account.state == self.application.state:
            raise SeparationOfDuties(
                "This application is of your own State; another officer acts on it. Nothing has been changed."
            )
        if action in _CONDITIONS:
            _CONDITIONS[action](self, account)

    def why_not(self, action: str, account: Account) -> Refused | None:
        """What a page says beside a button that would be refused; None where the deed can be done."""
        try:
            self.check(action, account)
        except Refused as refused:
            return refused
        return None


def sent(reference: str) -> Application:
    """An application for an officer's eyes, for reading; a draft that was never sent is nobody else's."""
    found = db.session.scalars(select(Application).where(Application.reference == reference)).unique().one_or_none()
    if found is None or not found.seq:
        raise NotHere("There is no such thing here.")
    return found


def _can_be_accepted(case: Case, account: Account | None) -> None:
    application = case.application
    if application.completion_typed and application.completion_confirmed_by_id is None:
        raise Refused(
            "A file brought the instant at which this application was complete; an officer confirms it first. "
            "Nothing has been changed."
        )
    if application.completion_typed and account and application.completion_confirmed_by_id == account.id:
        raise SeparationOfDuties(
            "You confirmed when this application was complete; another officer accepts it. Nothing has been changed."
        )
    if len(case.failed) == 1:
        raise Refused(case.failed[0].sentence, **case.failed[0].values)
    if case.failed:
        raise Refused(
            "This application fails more than one rule: {codes}. Nothing has been changed.",
            codes=", ".join(dict.fromkeys(failure.code for failure in case.failed)),
        )


def _somebody_can_answer(case: Case, _: Account | None) -> None:
    if case.application.account is None:
        raise Refused("A file brought this application: nobody can answer here. Ask the mission.", field="words")


def _completion_waits(case: Case, _: Account | None) -> None:
    if not case.application.completion_typed or case.application.completion_confirmed_by_id is not None:
        raise Refused("Nothing waits for a confirmation here. Nothing has been changed.")


def _by_another(case: Case, account: Account | None) -> None:
    assert case.proposed is not None, "the stage says that a refusal is proposed"
    if account is None or case.proposed.by_id == account.id:
        raise SeparationOfDuties("You proposed this refusal; another officer decides. Nothing has been changed.")


def _by_another_in_time(case: Case, account: Account | None) -> None:
    _by_another(case, account)
    until = case.answer_by
    if until and case.today <= until:
        raise Refused(
            "The applicant can answer until {day}; the refusal is confirmed after it. Nothing has been changed.",
            day=until,
        )


_CONDITIONS: dict[str, Callable[[Case, Account | None], None]] = {
    "application.accepted": _can_be_accepted,
    "changes.asked": _somebody_can_answer,
    "completion.confirmed": _completion_waits,
    "refusal.confirmed": _by_another_in_time,
    "refusal.declined": _by_another,
}


def _answer_by(frame: Frame, proposed_on: date) -> date:
    return working_days_after(proposed_on, frame.mandate.setting("working_days_to_answer_refusal"))


def _seen(op: Operation, reference: str, seen: int, action: str) -> Case:
    """The application that the officer saw, where the deed can be done."""
    found = op.one(Application, alone=True, reference=reference)
    if found.stage == "draft" and not found.seq:
        raise Refused("This application was not sent yet. Nothing has been changed.")
    unchanged(found, seen)
    case = Case(op.session(), found, today=op.today, at=op.at)
    case.check(action, op.account)
    return case


def _done(
    op: Operation, application: Application, act: str, stage: str, *, codes: Iterable[str] = (), words: str = ""
) -> Fact:
    before, application.stage, application.seq = application.stage, stage, op.next_seq
    assert op.account is not None
    op.session.add(
        Screening(
            application_id=application.id,
            act=act,
            codes=" ".join(codes),
            words=words,
            by_id=op.account.id,
            at=op.recorded_at,
            seq=op.next_seq,
        )
    )
    data: dict[str, object] = {"public": application.public}
    if codes:
        data["codes"] = list(codes)
    if words:
        data["words"] = keys.seal_of(application.person, words.encode())
    return Fact(on=application.reference, before=before, after=stage, data=data)


def _words(text: str) -> str:
    if not text.strip() or len(text) > LONGEST:
        raise Refused("Write what the applicant should know, in at most {n} characters.", n=LONGEST, field="words")
    return text.strip()
