"""In no other fund than a demonstration is there any way in like that of trying it."""

import pytest

from tests.conftest import FAST
from tests.once import create_app
from tests.web.house import House
from tests.web.visitor import Visitor
from trustfund import demonstration
from trustfund.demonstration.story import END
from trustfund.extensions import db
from trustfund.operations import people
from trustfund.services import clock


def is_nowhere(house: House, visitor: Visitor) -> None:
    """Nothing answers there, nobody gets in, and no page speaks of it."""
    before = house.sign_ins()
    for path in ("/try", "/try/sign-in"):
        assert visitor.open(path).status == 404
    for sent in ({"person": "head", "step": ""}, {"person": "paying", "step": "pledge.deposit"}, {"person": ""}, {}):
        page = visitor.open("/try/sign-in", method="POST", data=sent)
        assert (page.status, page.words("h1")) == (404, "This page is not here")
    assert house.sign_ins() == before
    assert "/try" not in visitor.open("/").text + visitor.open("/sign-in").text


@pytest.mark.parametrize("who", ["nobody", "donor", "paying officer", "head", "administrator"])
def test_a_fund_does_not_know_these_addresses(quiet_house, who):
    is_nowhere(quiet_house, quiet_house.visitor(who))
    assert not [rule for rule in quiet_house.app.url_map.iter_rules() if rule.rule.startswith("/try")]


def test_a_fund_that_is_served_with_a_set_clock_is_no_demonstration(serve, furnished):
    house = serve(furnished[0])
    is_nowhere(house, house.visitor())
    is_nowhere(house, house.visitor("head"))


def test_a_demonstration_that_lives_in_real_time_lets_nobody_in(serve, made):
    house = serve(made, clock="")
    is_nowhere(house, Visitor(house.app))


def test_the_key_of_the_demonstration_can_be_sent_to_any_fund_and_makes_none(serve, furnished):
    house = serve(furnished[0])
    salma = house.visitor("paying officer")
    with house.at_work():
        with clock.clock().at(END):
            suspended = people.create_account(
                "suspended@example.org", role="officer", name="Petra", invite=False, by="system", at=END
            ).on
        by = people.account_of("dele@example.org").reference
        people.suspend_account(suspended, by=by, at=clock.now(), key="demonstration 1")
        db.session.rollback()
    is_nowhere(house, salma)


def test_a_demonstration_that_was_broken_off_lets_nobody_in(serve, made, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError("no room is left")

    folder = tmp_path / "broken"
    app = create_app(FAST, instance=str(folder))
    monkeypatch.setattr(demonstration.applicants, "tell", full)
    with app.app_context():
        with pytest.raises(OSError, match="no room"):
            demonstration.make(1, 20)
        db.session.remove()
        db.engine.dispose()
    house = serve(folder)
    is_nowhere(house, Visitor(house.app))
