"""What a donor's money did, as a paper: the figures of its page, which anyone can check against the record."""

from collections.abc import Sequence
from decimal import Decimal

from trustfund.core.refusal import sentence, sentence_in
from trustfund.i18n import in_words, number, per_cent
from trustfund.reports import parts, words
from trustfund.reports.figure import figure
from trustfund.reports.report import Voice, code_of, grouped
from trustfund.reports.sheet import MUTED, Sheet
from trustfund.reports.table import GAP, Head, table
from trustfund.reports.what_it_did import HOW, Told

AT_MEETINGS = ((sentence("Meeting"), 0.4), (sentence("First day"), 0.2))
OF_PLEDGES = ((sentence("Agreement"), 0.24), (sentence("For"), 0.2))
STAMP = 140.0  # points of what stands at the end, so that the stamp is never alone on its page
COUNTED = (sentence_in("people", "Delegates"), sentence("Of them LDC"), sentence("Delegate-days"))


def draw_results(told: Told, name: str, fund: str, voice: Voice) -> bytes:
    """A4, in the language of the voice; the same bytes for the same figures and voice. ``name``: of the donor."""
    say = voice.say
    sheet = Sheet(voice, say("What your contribution did"), about=fund)
    parts.title(sheet, fund, say("What your contribution did"), finding(told, voice))
    parts.pairs(
        sheet, [(say("Donor"), name), (say("Period"), period(told, voice)), (say("Figures"), standing(told, voice))], 9
    )
    parts.key_figures(
        sheet,
        [
            (say(COUNTED[0]), voice.amount(told.counted.delegates)),
            (say("Of least developed countries"), per_cent(told.counted.ldc_share)),
            (say("Delegate-days"), voice.amount(told.counted.days)),
            (say("Unspent, USD"), voice.amount(told.left)),
        ],
    )
    if told.figure:
        figure(sheet, told.figure)
        at_meetings(sheet, told)
    if told.pledges:
        money(sheet, told)
    if len(told.pledges) > 1:
        of_pledges(sheet, told)
    parts.heading(sheet, say("How this is reckoned"), below=STAMP)
    for line in HOW:
        sheet.paragraph(say(line), 8.5, color=MUTED)
        sheet.y -= 2
    code = code_of(*told.head)
    parts.stamp(
        sheet,
        [
            (say("Head of the record"), f"{told.head[0]} · {' '.join(grouped(told.head[1]))}"),
            (say("Code to check"), code),
        ],
    )
    return sheet.finish(foot=code)


def finding(told: Told, voice: Voice) -> str:
    """What came of it, in one sentence."""
    if not told.reached:
        return voice.say("Your money has brought no delegate to a meeting yet.")
    return voice.say(
        "Your money brought {delegates} delegates to meetings, for {days} days in all.",
        delegates=told.counted.delegates,
        days=told.counted.days,
    )


def period(told: Told, voice: Voice) -> str:
    return str(told.year) if told.year else voice.say("Until {last}", last=voice.day(told.as_at))


def standing(told: Told, voice: Voice) -> str:
    """Whether the figures can still change."""
    if told.year is None:
        return voice.say("So far: the figures grow with the record.")
    if told.final_since is None:
        return voice.say("Not final until December {year} is closed.", year=str(told.year))
    return voice.say("Final since entry {entry} of the record.", entry=number(told.final_since))


def at_meetings(sheet: Sheet, told: Told) -> None:
    voice = sheet.voice
    parts.heading(sheet, voice.say("Whom it brought to which meeting"), below=80)
    rows = [
        (
            f"{one.meeting.code}, {in_words(one.meeting.name)}",
            voice.day(one.meeting.first_day),
            *_numbers(voice, one.counted.delegates, one.counted.ldc, one.counted.days),
        )
        for one in told.meetings
    ]
    whole = told.counted
    total = (voice.say("Total"), "", *_numbers(voice, whole.delegates, whole.ldc, whole.days))
    table(sheet, _heads(sheet, AT_MEETINGS, COUNTED), rows, total)


def money(sheet: Sheet, told: Told) -> None:
    voice = sheet.voice
    parts.heading(sheet, voice.say("From what came in to what is left"), below=120)
    heads = [
        Head(voice.say("Line"), sheet.width * 0.7 - GAP),
        Head(voice.say("US dollars"), sheet.width * 0.3 - GAP, digits=True),
    ]
    rows = [(voice.say(line), voice.amount(usd)) for line, usd in told.money]
    table(sheet, heads, rows, (voice.say("Unspent"), voice.amount(told.left)))
    if told.difference:
        sheet.y -= 3
        sheet.paragraph(voice.say(told.of_rates, amount=voice.amount(abs(told.difference))), 8.5, color=MUTED)


def of_pledges(sheet: Sheet, told: Told) -> None:
    voice = sheet.voice
    parts.heading(sheet, voice.say("By contribution"), below=80)
    rows = [
        (
            one.document,
            voice.say(words.earmark(one.earmark)),
            *_numbers(voice, one.spent, one.left, one.counted.delegates, one.counted.days),
        )
        for one in told.pledges
    ]
    amounts = (sentence("Spent, USD"), sentence("Unspent, USD"), COUNTED[0], COUNTED[2])
    whole = _numbers(voice, told.spent, told.left, told.counted.delegates, told.counted.days)
    table(sheet, _heads(sheet, OF_PLEDGES, amounts), rows, (voice.say("Total"), "", *whole))


def _heads(sheet: Sheet, texts: Sequence[tuple[str, float]], digits: Sequence[str]) -> list[Head]:
    """Texts by their share of the width, and columns of digits that share the rest."""
    say, rest = sheet.voice.say, 1 - sum(share for _, share in texts)
    return [Head(say(label), share * sheet.width - GAP) for label, share in texts] + [
        Head(say(label), rest / len(digits) * sheet.width - GAP, digits=True) for label in digits
    ]


def _numbers(voice: Voice, *values: Decimal) -> list[str]:
    return [voice.amount(value) for value in values]
