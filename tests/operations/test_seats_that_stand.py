"""A seat stands or it does not, and its money, its place and its person follow: never more seats than money."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import builders as b
from tests import seats
from trustfund.core.refusal import Refused, SeparationOfDuties
from trustfund.extensions import db
from trustfund.models.mail import Mail
from trustfund.models.people import Account
from trustfund.models.record import pots
from trustfund.operations import applications, proposals, record, screening
from trustfund.operations.candidates import earlier_seats
from trustfund.operations.meetings import frame_of

RESERVE = Decimal("0.15")


@pytest.fixture
def office(app):
    """Officers, and 8,000 dollars in the bank: money for two seats of 2,000 to 4,000 each."""
    seats.officers()
    seats.paid_in("8000.00")
    seats.allotted("90000.00")


def charged(reference: str) -> Decimal:
    places = [place for place in seats.places(reference) if place.outcome == "proposed"]
    return Decimal(sum(place.charge for place in places)) / 100


def held(reference: str) -> set[str]:
    return {place.state for place in seats.places(reference) if place.outcome == "held"}


def spendable(day) -> Decimal:  # type: ignore[no-untyped-def]
    db.session.rollback()
    return sum((pot.spendable for pot in pots(db.session(), RESERVE, day).values()), Decimal(0))


def question(public: str, at=seats.THE_DAY_AFTER) -> None:  # type: ignore[no-untyped-def]
    one = seats.application(public)
    with seats.on(at):
        screening.propose_refusal(
            one.reference, codes=["file-complete"], words="A page is cut.", seen=one.seq, by=seats.who("Ines"), at=at
        )


def test_a_term_that_ended_frees_the_seat_with_its_money(office):
    for name, state in (("Amna E", "SDN"), ("Bikash T", "NPL"), ("Mele L", "FJI")):
        seats.delegate(name, state)
    seats.closed()
    first = seats.kept(seats.previewed())
    after = seats.THE_DAY + timedelta(days=13)
    again = seats.kept_by_two(seats.previewed(at=after), at=after)
    assert held(again) == set()
    waited = {place.state for place in seats.places(first) if place.outcome == "waiting"}
    assert waited == {place.state for place in seats.places(again)} != set()  # who did not answer is not asked again
    assert charged(again) <= Decimal("6956.52")  # 8,000 less the reserve: never the sum of both
    assert spendable(after.date()) >= 0


def test_within_the_term_the_seat_is_held_and_only_the_rest_of_the_money_is_used(office):
    for name, state in (("Amna E", "SDN"), ("Bikash T", "NPL"), ("Mele L", "FJI")):
        seats.delegate(name, state)
    seats.closed()
    first = seats.kept(seats.previewed())
    again = seats.kept_by_two(seats.previewed(at=seats.THE_DAY_AFTER))
    assert held(again) == {place.state for place in seats.places(first) if place.outcome == "proposed"}
    assert charged(first) + charged(again) <= Decimal("6956.52")


def test_a_question_of_an_officer_takes_no_seat_away(office):
    amna = seats.delegate("Amna E", "SDN")
    seats.closed()
    seats.kept(seats.previewed())
    question(amna)
    again = seats.kept_by_two(seats.previewed(at=seats.THE_DAY_AFTER))
    assert held(again) == {"SDN"}
    n2 = frame_of(db.session(), "N2", seats.THE_DAY_AFTER.date())
    assert earlier_seats(db.session(), n2, seats.THE_DAY_AFTER) == {}  # it counts once it is approved


def test_a_seat_given_back_frees_its_own_money_at_once(office):
    amna = seats.delegate("Amna E", "SDN")
    seats.delegate("Bikash T", "NPL")
    seats.closed()
    run = seats.kept(seats.previewed())
    left = spendable(seats.THE_DAY.date())
    one = seats.application(amna)
    with seats.on(seats.THE_DAY_AFTER):
        applications.withdraw(one.reference, seen=one.seq, by=one.account.reference, at=seats.THE_DAY_AFTER)
    (hers,) = [place.charge for place in seats.places(run) if place.public == amna]
    assert spendable(seats.THE_DAY.date()) == left + Decimal(hers) / 100
    assert record.verify().faults == []


def test_a_held_seat_keeps_the_status_with_which_it_was_given(office):
    seats.delegate("Kofi M", "GHA")
    seats.closed()
    seats.kept(seats.previewed())
    content = {"fact": "developing", "value": "no", "document": "A/RES/72/999", "effective": "2018-01-24"}
    with seats.on(seats.THE_DAY_AFTER):
        made = proposals.propose(
            "status.amended",
            subject="GHA",
            content=content,
            reason="It was decided.",
            by=seats.who("Rafael"),
            at=seats.THE_DAY_AFTER,
        )
        proposals.confirm(made.on, by=seats.who("Lise"), at=seats.THE_DAY_AFTER)
    (place,) = seats.places(seats.kept_by_two(seats.previewed(at=seats.THE_DAY_AFTER)))
    assert (place.state, place.category, place.outcome) == ("GHA", "developing", "held")


def test_an_earmark_that_few_need_does_not_fill_the_allotment(app):
    """115,000 for LDCs and an allotment of 9,000: Fiji, next in the order, has a seat before Sudan's second."""
    seats.officers()
    seats.paid_in("100000.00")
    seats.paid_in("115000.00", "category:LDC", bank="E-1")
    seats.allotted("9000.00")
    for name, state in (("Amna E", "SDN"), ("Hind T", "SDN"), ("Mele L", "FJI")):
        seats.delegate(name, state)
    seats.closed()
    run = seats.kept(seats.previewed())
    assert seats.outcomes(run) == {"SDN": "proposed", "FJI": "proposed"}


def test_no_seat_is_given_once_the_meeting_has_begun(office):
    seats.delegate("Amna E", "SDN")
    seats.closed()
    with pytest.raises(Refused, match="The meeting has begun"):
        seats.previewed(at=b.datetime(2018, 2, 20, 15, tzinfo=b.UTC))


def test_who_is_kept_out_by_a_rule_is_told_by_which(office):
    """Mele promised a note verbale that never came: in her mail stands the rule with its authority."""
    with seats.on(seats.APPLIED):
        mele = b.account("delegate", "Mele Losa", state="FJI")
        sent = b.application(mele, "N1", seats.APPLIED, note_verbale="", note_verbale_date=None, state="FJI")
        seats.accept(sent, seats.APPLIED)
    seats.closed()
    seats.kept(seats.previewed())
    (text,) = [m.text for m in db.session.scalars(select(Mail)) if "was not ranked" in m.text]
    assert "The note verbale of the Government" in text
    assert "(fund practice)" in text


def test_nobody_moves_a_candidate_of_their_own_state(office):
    amna = seats.delegate("Amna E", "SDN")
    seats.delegate("Bikash T", "NPL")
    seats.closed()
    run = seats.kept(seats.previewed())
    (at,) = [place.position for place in seats.places(run) if place.public == amna]
    ines = db.session.scalars(select(Account).where(Account.email == "ines@example.org")).unique().one()
    ines.state = "SDN"
    db.session.commit()
    with seats.on(seats.THE_DAY_AFTER), pytest.raises(SeparationOfDuties, match="your own State"):
        proposals.propose(
            "override.recorded",
            subject=run,
            content={"public": amna, "to_position": 3 - at},
            reason="She should come.",
            by=seats.who("Ines"),
            at=seats.THE_DAY_AFTER,
        )


def test_a_refusal_names_every_rule_that_fails_whatever_the_officer_chose(office):
    with seats.on(seats.APPLIED):
        mele = b.account("delegate", "Mele Losa", state="FJI")
        sent = b.application(mele, "N1", seats.APPLIED, home_city="New York", state="FJI")
    question(seats.application(sent).public, at=seats.CLOSED)
    codes = seats.application(sent).screenings[-1].codes.split()
    assert codes == ["nominated-by-government", "file-complete", "travel-needed"]
    (text,) = [m.text for m in db.session.scalars(select(Mail)) if "proposes to refuse" in m.text]
    assert "The duty station is New York" in text


def test_who_types_a_colleagues_name_learns_nothing_and_blocks_nobody(office):
    """Bikash types Amna's name and date of birth: he is told nothing, an officer sees it."""
    born = b.date(1979, 3, 27)
    with seats.on(seats.APPLIED):
        amna = b.account("delegate", "Amna Eltayeb", state="SDN")
        hers = b.application(amna, "N1", seats.APPLIED, date_of_birth=born)
        bikash = b.account("delegate", "Bikash Thapa", state="NPL")
        his = b.application(bikash, "N1", seats.APPLIED, date_of_birth=born)
        told = [failure.code for failure in applications.why_not(seats.application(his), seats.APPLIED)]
        assert "not-funded-twice" not in told
        seats.accept(hers, seats.APPLIED)
        with pytest.raises(Refused, match="has an application for N1 already"):
            seats.accept(his, seats.APPLIED)
