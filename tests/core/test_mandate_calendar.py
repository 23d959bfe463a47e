"""The calendar in a mandate file: how a wrong one is refused, with line and reason."""

import tomllib

import pytest

from tests.core.mandates import TEXT
from trustfund.core.calendar import Calendar
from trustfund.core.mandate import MandateError, load

START = TEXT.index("# 9. The calendar")
N1 = TEXT.index('code = "N1"')
C = TEXT.index('code = "C"\n')
P2 = TEXT.index('code = "P2"')
T1 = TEXT.index('code = "T1"')


def entry_at(text: str, line: int) -> str:
    """The [[entry]] of a file in which a line stands."""
    lines = text.splitlines(keepends=True)
    before, after = "".join(lines[:line]), "".join(lines[line:])
    return before[before.rindex("[[") :] + after.partition("\n[[")[0]


@pytest.mark.parametrize(
    ("after", "old", "new", "says"),
    [
        (N1, 'kind = "negotiation-round"', 'kind = "round"', "the kind of a meeting must be one of: thematic-session"),
        (N1, 'phase = "III"', 'phase = "IV"', "There is no phase IV"),
        (N1, 'phase = "III"\n', "", "the phase of a meeting is missing"),
        (N1, 'authority = "A/RES/71/280, para. 28"', 'authority = "custom"', "must name a paragraph"),
        (
            N1,
            'city = { en = "New York", fr = "New York" }',
            'city = "New York"',
            "the city of a meeting must be a table",
        ),
        (N1, 'country = "USA"', 'country = "XKX"', "must be a State; “XKX” is none"),
        (N1, 'zone = "America/New_York"', 'zone = "America/New York"', "must be a zone of IANA"),
        (N1, 'zone = "America/New_York"', 'zone = "America"', "must be a zone of IANA"),
        (N1, 'zone = "America/New_York"', 'zone = "../etc/passwd"', "must be a zone of IANA"),
        (N1, "2018-02-20, 2018-02-22", "2018-02-22, 2018-02-20", "the days of N1 must stand in order, each once"),
        (N1, "2018-02-20, 2018-02-22", "2018-02-20, 2018-02-20", "the days of N1 must stand in order, each once"),
        (N1, "days = [2018-02-20, 2018-02-22, 2018-02-23]", "days = []", "the days of N1 must not be empty"),
        (N1, "[2018-02-20, 2018-02-22, 2018-02-23]", '["20 February"]', "a day of N1 must be a day without quotation"),
        (N1, "2018-02-22, ", "", "N1 takes 2 days, but 3 were laid down; a change names its document. (A/RES/71/280"),
        (N1, "to = 2018-03-01", "to = 2018-02-01", "must end later than that, not on 2018-02-01"),
        (N1, "days = 3", "days = 0", "must be a whole number from 1 to 366"),
        (N1, "2018-02-23]", "2018-02-23]\nhalf_days = 7", "must be a whole number from 1 to 6"),
        (N1, "2018-02-23]", '2018-02-23]\nchair = "PGA"', "“chair” is not known here"),
        (P2, "2017-12-06]", "2017-12-06]\nhalf_days = 5", "P2 takes 2.5 days, but 3 were laid down"),
        (P2, 'country = "MEX"\n', 'country = "PER"\n', "P2 takes place in PER, but was laid down for MEX"),
        (
            C,
            'changed = ["days", "place"]',
            'changed = ["days"]',
            "C takes place in Marrakech, but was laid down for New",
        ),
        (C, 'changed = ["days", "place"]', 'changed = ["date"]', "must be one of: days, place; “date” is not known"),
        (C, 'document = "A/RES/72/244"', 'document = " "', "the document of a change must be a text"),
        (T1, "T00:00:00", " ", "must be a day and a time without offset, for example 2017-05-05T23:59:59"),
        (T1, "T00:00:00", "T00:00:00Z", "must be a day and a time without offset"),
        (T1, "closes = 2017-04-16", "closes = 2017-05-08", "The call of T1 must open before it closes"),
        (START, 'code = "II"', 'code = "I"', "a phase named “I” stands in the file twice"),
        (START, "days_at_most = 12", "days_at_most = 11", "at most 11 in all were laid down. (A/RES/71/280, para. 16)"),
        (
            START,
            'kind = "stocktaking"',
            'kind = "hearing"',
            "a line of the programme named “hearing” stands in the file",
        ),
    ],
)
def test_a_wrong_calendar_is_refused_with_line_and_reason(after, old, new, says):
    at = TEXT.index(old, after)
    wrong = TEXT[:at] + new + TEXT[at + len(old) :]
    with pytest.raises(MandateError) as refused:
        load(wrong)
    assert says in refused.value.reason
    assert (new or 'code = "N1"') in entry_at(wrong, refused.value.line)


def test_a_fault_of_all_meetings_of_a_kind_stands_at_the_line_of_the_programme():
    wrong = TEXT.replace("days_at_most = 12", "days_at_most = 11")
    with pytest.raises(MandateError) as refused:
        load(wrong)
    assert wrong.splitlines()[refused.value.line - 1 : refused.value.line + 1] == [
        "[[programme]]",
        'kind = "thematic-session"',
    ]


def test_a_meeting_that_stands_twice_is_refused():
    again = TEXT[TEXT.index("[[meetings]]", C - 20) :]
    with pytest.raises(MandateError, match="a meeting named “C” stands in the file twice"):
        load(TEXT + "\n" + again)


def test_a_consultation_comes_with_the_document_that_convened_it():
    consultation = """
[[meetings]]
code = "A1"
kind = "additional-consultation"
phase = "III"
name = { en = "Additional consultation", fr = "Consultation supplémentaire" }
authority = "A/RES/71/280, para. 29"
document = "Letter of the co-facilitators, 19 April 2018"
city = { en = "New York", fr = "New York" }
country = "USA"
zone = "America/New_York"
days = [2018-05-02]
half_days = 1
"""
    added = load(TEXT + consultation).meeting("A1")
    assert (added.document, added.half_days, added.window) == ("Letter of the co-facilitators, 19 April 2018", 1, None)
    with pytest.raises(MandateError, match=r"A1 needs the document that convened it\. \(A/RES/71/280, para\. 29\)"):
        load(TEXT + consultation.replace('document = "Letter of the co-facilitators, 19 April 2018"\n', ""))


def test_a_mandate_from_before_the_calendar_has_no_meetings():
    old = load(TEXT[:START])
    assert (old.calendar, old.meetings) == (Calendar(), ())


def test_a_programme_without_meetings_is_refused():
    until = TEXT.index("[[meetings]]")
    with pytest.raises(MandateError, match=r"the file has \[\[phases\]\] but no \[\[meetings\]\]"):
        load(TEXT[:until])


def test_the_meetings_in_the_file_stand_in_no_other_order_in_the_mandate_than_by_their_days():
    written = [meeting["code"] for meeting in tomllib.loads(TEXT)["meetings"]]
    assert written != [meeting.code for meeting in load(TEXT).meetings]
    assert sorted(written) == sorted(meeting.code for meeting in load(TEXT).meetings)
