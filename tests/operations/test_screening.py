"""Officers screen what Amna of Sudan and Bikash of Nepal sent for the second round."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import builders as b
from tests.operations import insider
from trustfund.core.refusal import NotDesignated, NotHere, Refused, SeparationOfDuties, Stale
from trustfund.extensions import db
from trustfund.models.applications import Application, Screening
from trustfund.models.mail import Mail
from trustfund.models.people import Account
from trustfund.models.record import Event
from trustfund.operations import applications, record, screening, unmasking
from trustfund.operations.import_applications import APPLICATIONS, import_applications
from trustfund.services.documents import Document

pytestmark = pytest.mark.usefixtures("app")

NOTE = Document("note.pdf", "application/pdf", b"%PDF-1.7 note", 1)
WORDS = "The note verbale names another meeting."
FRIDAY = b.AT + timedelta(days=2)  # 26 January 2018
on_both = pytest.mark.usefixtures("both_apps")


@pytest.fixture
def amna(app):
    return b.account("delegate", "Amna Eltayeb", state="SDN")


@pytest.fixture
def sent(amna):
    """Her application with its note verbale, sent on a Wednesday."""
    draft = b.application(amna, sent=False)
    applications.keep_document(draft, account(amna), NOTE, b.AT)
    applications.submit(draft, by=amna, at=b.AT)
    return draft


@pytest.fixture
def ines(app):
    return b.officer("Ines Okafor", "screening")


@pytest.fixture
def rafael(app):
    return b.officer("Rafael Haldane", "certifying")


def kept(reference: str) -> Application:
    db.session.rollback()
    return db.session.scalars(select(Application).where(Application.reference == reference)).unique().one()


def account(reference: str) -> Account:
    return db.session.scalars(select(Account).where(Account.reference == reference)).unique().one()


def do(deed, reference, by, at=b.AT, **more):
    """An officer does a deed with the page that is true at the moment."""
    with b.standing_at(at):
        return deed(reference, seen=kept(reference).seq, by=by, at=at, **more)


def propose(reference, by, *codes, at=b.AT):
    return do(screening.propose_refusal, reference, by, at, codes=codes or ("nominated-by-government",), words=WORDS)


def imported(tmp_path, completed_at="2018-01-10T09:00:00Z", **more) -> str:
    """The application of Bikash of Nepal, as a file brings it."""
    row = {
        "external_reference": "NPL-1",
        "meeting": "N2",
        "state": "NPL",
        "given_names": "Bikash",
        "family_name": "Gurung",
        "gender": "M",
        "date_of_birth": "1980-05-01",
        "email": "bikash@example.org",
        "position": "Under Secretary",
        "organisation": "Ministry of Law",
        "note_verbale": "NV 7",
        "note_verbale_date": "2018-01-09",
        "completed_at": completed_at,
        "home_city": "Kathmandu",
    } | more
    file = tmp_path / "applications.csv"
    file.write_text(",".join(APPLICATIONS) + "\n" + ",".join(row.get(name, "") for name in APPLICATIONS) + "\n")
    import_applications(file, at=b.AT)
    return db.session.scalars(select(Application.reference).where(Application.account_id.is_(None))).one()


def mails() -> list[tuple[str, str]]:
    return [tuple(row) for row in db.session.execute(select(Mail.recipient, Mail.subject).order_by(Mail.id))]


# Acceptance


@on_both
def test_an_application_that_passes_every_rule_is_accepted(sent, ines):
    do(screening.accept, sent, ines)
    assert kept(sent).stage == "accepted"
    assert record.verify(full=True).faults == []


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"state": "FRA"}, "does not count as a developing country"),
        ({"state": "USA", "home_city": "Washington"}, "more than one rule: developing-country, travel-needed"),
        ({"note_to_follow": False}, "note verbale of the Government has not arrived"),
        ({"position": ""}, "The file is not complete"),
        ({"home_city": "new york"}, "no journey is needed"),
        ({"paid_elsewhere": True}, "Another source pays"),
    ],
)
def test_while_a_rule_fails_it_is_not_accepted_and_the_rule_is_told(amna, ines, answers, says):
    sent = b.application(amna, **answers)
    with pytest.raises(Refused, match=says):
        do(screening.accept, sent, ines)
    assert kept(sent).stage == "submitted"


def test_a_draft_is_nothing_for_an_officer(amna, ines):
    draft = b.application(amna, sent=False)
    with pytest.raises(Refused, match="was not sent yet"):
        do(screening.accept, draft, ines)
    with pytest.raises(NotHere):
        screening.sent(draft)


def test_nobody_screens_without_a_designation_for_it(sent, rafael):
    for by in (rafael, b.account("officer", "Jonas Weber"), b._known("head", "Miriam Castellanos")):
        with pytest.raises(NotDesignated):
            do(screening.accept, sent, by)
    with pytest.raises(NotDesignated):
        propose(sent, rafael)
    assert kept(sent).stage == "submitted"


@on_both
def test_an_officer_of_sudan_does_nothing_with_an_application_of_sudan_and_the_attempt_is_kept(sent, ines, rafael):
    propose(sent, ines)
    for officer in (ines, rafael):
        account(officer).state = "SDN"
    db.session.commit()
    with pytest.raises(SeparationOfDuties, match="your own State"):
        do(screening.decline_refusal, sent, rafael, words="No")
    assert db.session.scalars(select(Event.action).order_by(Event.seq.desc()).limit(1)).one() == "refusal.refused"
    with pytest.raises(SeparationOfDuties, match="your own State"):
        do(screening.ask_for_changes, b.application(b.account("delegate", "Omer Saleh")), ines, words=WORDS)


@on_both
def test_a_page_that_is_stale_decides_nothing(sent, amna, ines):
    read = kept(sent).seq
    applications.reopen(sent, by=amna, at=b.AT)
    applications.submit(sent, by=amna, at=b.AT)
    with pytest.raises(Stale, match=f"entry {kept(sent).seq}"):
        screening.accept(sent, seen=read, by=ines, at=b.AT)
    assert kept(sent).stage == "submitted"


# Changes


@pytest.mark.parametrize(("days", "keeps"), [(7, True), (8, False)])
def test_an_answer_within_seven_days_keeps_the_instant_at_which_the_file_was_complete(sent, amna, ines, days, keeps):
    """Asked on 26 January and answered after the call of the second round has closed, that night."""
    complete, at = kept(sent).completed_at, FRIDAY + timedelta(days=days)
    do(screening.ask_for_changes, sent, ines, at=FRIDAY, words="Write your position in full.")
    assert kept(sent).stage == "changes-asked"
    assert mails()[-1] == ("amna@example.org", "The fund asks for a change in your application")
    with b.standing_at(at):
        applications.submit(sent, by=amna, at=at)
    assert kept(sent).completed_at == (complete if keeps else at)
    assert record.verify().faults == []


def test_a_refusal_of_what_is_being_changed_keeps_what_stands_then(sent, amna, ines):
    do(screening.ask_for_changes, sent, ines, at=FRIDAY, words="Write your position in full.")
    applications.save(sent, account(amna), {"position": "Counsellor", "state": "ERI"}, FRIDAY)
    assert record.verify().faults == []
    propose(sent, ines, at=FRIDAY)
    assert record.verify().faults == []
    insider.changes("UPDATE application SET position = 'Minister'")
    assert record.verify().faults == [f"the table application: {sent} does not hold the answers that were sent"]


@pytest.mark.parametrize("words", ["", "  ", "x" * 2001])
def test_an_officer_writes_what_the_applicant_should_know(sent, ines, words):
    for deed, more in ((screening.ask_for_changes, {}), (screening.propose_refusal, {"codes": ["file-complete"]})):
        with pytest.raises(Refused, match=r"in at most 2\,?000 characters") as refused:
            do(deed, sent, ines, words=words, **more)
        assert refused.value.field == "words"
    assert kept(sent).stage == "submitted"


# Refusal


@on_both
def test_a_refusal_is_proposed_by_one_and_confirmed_by_another_after_five_working_days(sent, ines, rafael):
    propose(sent, ines)  # on Wednesday 24 January: until Wednesday 31
    assert kept(sent).stage == "refusal-proposed"
    for days in (0, 1, 6, 7):
        with pytest.raises(Refused, match="can answer until 2018-01-31"):
            do(screening.confirm_refusal, sent, rafael, at=b.AT + timedelta(days=days))
    do(screening.confirm_refusal, sent, rafael, at=b.AT + timedelta(days=8))
    assert kept(sent).stage == "refused"
    assert [s.act for s in kept(sent).screenings] == ["refusal.proposed", "refusal.confirmed"]
    assert {s.codes for s in kept(sent).screenings} == {"nominated-by-government"}
    assert "– Nominated by the Government (" in db.session.scalars(select(Mail).order_by(Mail.id.desc())).first().text
    assert [subject for _, subject in mails()[-2:]] == [
        "A refusal of your application is proposed",
        "Your application was refused",
    ]
    assert record.verify(full=True).faults == []


def test_who_proposed_a_refusal_neither_confirms_nor_declines_it(sent, ines):
    propose(sent, ines)
    later = b.AT + timedelta(days=8)
    with pytest.raises(SeparationOfDuties, match="another officer decides"):
        do(screening.confirm_refusal, sent, ines, at=later)
    with pytest.raises(SeparationOfDuties, match="another officer decides"):
        do(screening.decline_refusal, sent, ines, at=later, words="I was wrong.")
    assert kept(sent).stage == "refusal-proposed"


def test_a_refusal_that_is_not_confirmed_waits_for_screening_again(sent, ines, rafael):
    propose(sent, ines)
    do(screening.decline_refusal, sent, rafael, words="The note verbale is in order.")
    assert kept(sent).stage == "submitted"
    do(screening.accept, sent, ines)
    assert kept(sent).stage == "accepted"


def test_of_two_proposals_the_last_one_counts(sent, ines, rafael):
    lise = b.officer("Lise Aubert", "screening")
    propose(sent, ines)
    do(screening.decline_refusal, sent, rafael, words="No")
    propose(sent, lise, "travel-needed", at=FRIDAY)
    with pytest.raises(SeparationOfDuties):
        do(screening.confirm_refusal, sent, lise, at=b.AT + timedelta(days=20))
    do(screening.confirm_refusal, sent, ines, at=b.AT + timedelta(days=20))
    assert kept(sent).screenings[-1].codes == "travel-needed"


@pytest.mark.parametrize("codes", [(), ("no-such-rule",), ("file-complete", "no-such-rule")])
def test_a_refusal_names_rules_of_the_mandate(sent, ines, codes):
    with pytest.raises(Refused, match="Choose the rules") as refused:
        do(screening.propose_refusal, sent, ines, codes=codes, words=WORDS)
    assert refused.value.field == "codes"


def test_what_is_refused_stays_refused(sent, amna, ines, rafael):
    propose(sent, ines)
    do(screening.confirm_refusal, sent, rafael, at=b.AT + timedelta(days=8))
    for deed, more in ((screening.accept, {}), (screening.ask_for_changes, {"words": WORDS})):
        with pytest.raises(Refused):
            do(deed, sent, ines, **more)
    with pytest.raises(Refused):
        applications.withdraw(sent, seen=kept(sent).seq, by=amna, at=b.AT)


# Files that bring the instant of completion


@on_both
def test_an_instant_that_a_file_brought_is_confirmed_by_one_and_accepted_by_another(tmp_path, ines):
    lise = b.officer("Lise Aubert", "screening")
    bikash = imported(tmp_path)
    with pytest.raises(Refused, match="an officer confirms it first"):
        do(screening.accept, bikash, ines)
    do(screening.confirm_completion, bikash, ines)
    with pytest.raises(Refused, match="Nothing waits"):
        do(screening.confirm_completion, bikash, lise)
    with pytest.raises(SeparationOfDuties, match="You confirmed"):
        do(screening.accept, bikash, ines)
    do(screening.accept, bikash, lise)
    assert kept(bikash).stage == "accepted"
    assert record.verify(full=True).faults == []


def test_without_an_instant_in_the_file_there_is_nothing_to_confirm(tmp_path, ines):
    bikash = imported(tmp_path, completed_at="")
    with pytest.raises(Refused, match="Nothing waits"):
        do(screening.confirm_completion, bikash, ines)
    do(screening.accept, bikash, ines)


def test_nobody_can_be_asked_about_what_a_file_brought(tmp_path, ines):
    with pytest.raises(Refused, match="nobody can answer here"):
        do(screening.ask_for_changes, imported(tmp_path), ines, words=WORDS)


# What may be seen and what is told


def test_a_document_opens_for_the_head_and_for_designated_officers_only(sent, ines):
    document, day = kept(sent).documents[0].reference, b.AT
    for reader in (ines, b._known("head", "Miriam Castellanos")):
        assert unmasking.document_for(document, account(reader), day)[1] == NOTE.content
    with pytest.raises(NotDesignated):
        unmasking.document_for(document, account(b.officer("Jonas Weber")), day)


def test_a_document_of_a_draft_is_nobody_s_but_its_author_s(sent, amna, ines):
    document = kept(sent).documents[0].reference
    applications.reopen(sent, by=amna, at=b.AT)
    with pytest.raises(NotHere):
        unmasking.document_for(document, account(ines), b.AT)


def test_the_record_holds_no_name_no_address_and_no_words_of_anybody(sent, amna, ines, rafael, tmp_path):
    imported(tmp_path)
    do(screening.ask_for_changes, sent, ines, words="Write your position in full.")
    applications.submit(sent, by=amna, at=b.AT)
    propose(sent, ines)
    do(screening.decline_refusal, sent, rafael, words="It is in order, colleague.")
    do(screening.accept, sent, ines)
    told = " ".join(db.session.scalars(select(Event.body))).casefold()
    private = ["amna", "eltayeb", "bikash", "gurung", "@example.org", "khartoum", "first secretary", "mfa/112"]
    assert [word for word in private if word in told] == []
    assert [w for w in (*db.session.scalars(select(Screening.words)), WORDS) if w and w.casefold() in told] == []
