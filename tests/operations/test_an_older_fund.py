"""A fund whose mandate is older than what is said there of contributions goes on, and takes the amended mandate."""

import re

import pytest

from tests import builders as b
from tests.conftest import NOW
from tests.operations.backups import backed_up, restored
from tests.operations.banked import sound
from trustfund.core.mandate_settings import WHERE_SILENT
from trustfund.extensions import db
from trustfund.models.fund import mandate_on
from trustfund.operations import contributions, fund, reminders
from trustfund.services.clock import clock

TEXT = fund.shipped_mandate("a-res-71-280")
OLDER = re.sub(r"(?m)^\[settings\.contributions\]\n(.+\n)*|^# An account may also.*\n", "", TEXT)


@pytest.fixture
def older(new):
    """An instance whose mandate is older than instalments, reminders and the check of donors."""
    with new.app_context(), clock().at(NOW):
        fund.set_up(OLDER, NOW)
        yield new


def said() -> dict[str, object]:
    db.session.rollback()
    return {code: mandate_on(db.session(), NOW.date()).setting(code) for code in WHERE_SILENT}


def test_it_is_restored_works_and_is_amended(older, instance, request, file):
    assert "contributions" not in OLDER.split("[settings.money]")[1].split("[settings.claims]")[0]
    b.luxembourg_paid()
    backed_up(file)
    kind = "postgresql" if "postgresql" in request.node.name else "sqlite"
    with restored(file, instance(kind, older)), clock().at(NOW):
        assert sound()
        assert said() == WHERE_SILENT
        assert reminders.remind(NOW) == 0
        lise = b.officer("Lise Moreau", "approving")
        private = contributions.register_donor("Aurora AG", type="private", by=lise, at=b.AT).on
        assert contributions.pledge_of(_announced(private, lise)).donor.accepted_seq is None, (
            "a second officer accepts it"
        )
        every = TEXT.replace(
            "between_instalment_reminders = { value = 30", "between_instalment_reminders = { value = 15"
        )
        rafael = b.officer("Rafael Haldane", "certifying")
        fund.amend_mandate(every, symbol="A/RES/72/249", effective=NOW.date(), confirmed_by=lise, by=rafael, at=b.AT)
        assert said() == WHERE_SILENT | {"days_between_instalment_reminders": 15}
        assert sound()


def _announced(donor: str, by: str) -> str:
    deed = contributions.announce_pledge
    return deed(donor, amount="10.00", currency="USD", purpose="travel", by=by, at=b.AT).on
