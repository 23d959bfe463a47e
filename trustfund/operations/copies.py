"""The tables of people, money and mandate repeat what the events say: fold the events, name each row that differs.

Names and addresses of persons, passwords and sign-ins stand only in the tables; the record cannot vouch for them.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Select, String, case, null, select, type_coerce
from sqlalchemy.orm import Session, aliased

from trustfund.models.contributions import Deposit, Donor, Pledge
from trustfund.models.fund import MandateVersion, RateRow
from trustfund.models.people import Account, Designation, SecondFactor
from trustfund.operations import (
    copies_activities,
    copies_agreements,
    copies_allowances,
    copies_awards,
    copies_closings,
    copies_contributions,
    copies_donors,
    copies_doubles,
    copies_erased,
    copies_instalments,
    copies_journeys,
    copies_nominations,
    copies_notes,
    copies_sealed,
    copies_selections,
    copies_statements,
    copies_unmasking,
)

Row = dict[str, Any]
Body = Mapping[str, Any]


class Copies:
    """Reads the events in order. ``tables``: table -> reference -> the row as the record has it."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, Row]] = {table: {} for table in (*_TABLES, copies_sealed.SEALS)}

    def read(self, event: Mapping[str, Any]) -> None:
        reader, other = _READERS.get(event["action"]), _OTHERS.get(event["action"])
        if reader or other:
            try:
                body = json.loads(event["body"])
                if reader:
                    reader(self, body, body["data"])
                elif other:
                    other(self.tables, body, body["data"])
            except (ValueError, KeyError, TypeError):
                pass  # the verifier names the entry

    def differences(self, session: Session) -> Iterator[str]:
        """A sentence for each row that does not say what its events say."""
        for table, statement in _TABLES.items():
            expected = self.tables[table]
            kept = {
                str(row["reference"]): {name: _plain(value) for name, value in row.items() if name != "reference"}
                for row in session.execute(statement).mappings()
            }
            for reference in sorted(expected.keys() | kept.keys()):
                if reference not in kept:
                    yield f"the table {table}: {reference} is missing, the record has it"
                elif reference not in expected:
                    yield f"the table {table}: {reference} is not in the record"
                elif wrong := [
                    name for name, value in kept[reference].items() if expected[reference].get(name) != value
                ]:
                    yield f"the table {table}: {reference} does not say what the record says: {', '.join(wrong)}"
        yield from copies_selections.undecided(session)
        yield from copies_sealed.unsealed(session, self.tables)
        yield from copies_notes.unsealed(session, self.tables)
        yield from copies_unmasking.unsealed(session, self.tables)
        yield from copies_erased.unsealed(session, self.tables)
        yield from copies_closings.late(session)
        yield from copies_journeys.unsealed(session, self.tables)
        yield from copies_journeys.impossible(session)
        yield from copies_activities.unsealed(session, self.tables)
        yield from copies_statements.unsealed(session, self.tables)

    def _pledge(self, body: Body, data: Body) -> None:
        self._registers(body, data)
        self._announced(body, data)
        copies_instalments.set_out(self.tables, body, data)

    def _agreement(self, body: Body, data: Body) -> None:
        self._registers(body, data)
        if "condition" in data:
            copies_instalments.promised(self.tables, body, data)
        else:
            self._agreed(body, data)

    def _deposit(self, body: Body, data: Body) -> None:
        self._registers(body, data)
        pledge = None if body["on"] == data["deposit"] else body["on"]
        one_of = {"part": data.get("part", 1), "parts": data.get("parts", 1)}
        common = one_of | {"pledge": pledge, "attached_seq": None, "seq": body["seq"]}
        self.tables["deposit"][data["deposit"]] = common | {
            name: data[name]
            for name in (
                "donor",
                "value_date",
                "bank_account",
                "bank_reference",
                "currency",
                "amount",
                "usd",
                "per_usd",
                "rate_day",
                "rate_source",
                "difference_usd",
            )
        }
        if pledge:
            if "agreement" in data:
                self._agreed(body, data["agreement"])
            copies_contributions.applied(self.tables, body, data)

    def _announced(self, body: Body, data: Body) -> None:
        self.tables["pledge"][body["on"]] = {
            "announced_on": data["day"],
            "expected_on": data.get("expected_on"),
            "state": body["to"],
            "agreed_on": None,
            "agreed": 0,
            "agreed_usd": 0,
            "received": 0,
            "received_usd": 0,
            "released_usd": 0,
            "written_off": 0,
            "refunded": 0,
            "seq": body["seq"],
        }
        self.tables["pledge"][body["on"]] |= copies_instalments.UNCONDITIONAL | {
            name: data[name] for name in ("donor", "document", "purpose", "earmark", "currency", "amount")
        }

    def _agreed(self, body: Body, data: Body) -> None:
        if body["on"] not in self.tables["pledge"]:  # a file may begin with the agreement
            self._announced(body, data)
        row = self.tables["pledge"][body["on"]]
        row["agreed"] += data["amount"]
        row["agreed_usd"] += data["usd"]
        row |= {"document": data["document"], "agreed_on": data["day"], "state": body["to"], "seq": body["seq"]}
        copies_instalments.set_out(self.tables, body, data)

    def _registers(self, body: Body, data: Body) -> None:
        if "registers" in data:
            copies_donors.registered(self.tables, body, data["registers"])

    def _rate(self, body: Body, data: Body) -> None:
        self.tables["rate"][f"{data['currency']} {data['day']} {data['source']}"] = {
            "per_usd": data["per_usd"],
            "seq": body["seq"],
        }

    def _mandate(self, body: Body, data: Body) -> None:
        self.tables["mandate_version"][str(body["seq"])] = {
            name: data[name] for name in ("effective", "symbol", "digest")
        }

    def _account(self, body: Body, data: Body) -> None:
        self.tables["account"][body["on"]] = {
            "role": data["role"],
            "donor": data["donor"],
            "state": data["state"],
            "suspended_at": None,
            "ended_at": None,
            "seq": body["seq"],
        }

    def _standing(self, body: Body, data: Body) -> None:
        row = self.tables["account"][body["on"]]
        if body["to"] == "ended":
            row["ended_at"] = body["at"]
        else:
            row["suspended_at"] = body["at"] if body["to"] == "suspended" else None
        row["seq"] = body["seq"]

    def _reset(self, body: Body, data: Body) -> None:
        self.tables["account"][body["on"]]["seq"] = body["seq"]
        self._factor_removed(body, data)

    def _factor_set(self, body: Body, data: Body) -> None:
        self.tables["second_factor"][body["on"]] = {}  # that there is one: its secret is not in the record

    def _factor_removed(self, body: Body, data: Body) -> None:
        self.tables["second_factor"].pop(body["on"], None)
        for designation in data["designations"]:
            self.tables["designation"][designation]["confirmed_by"] = None

    def _designation(self, body: Body, data: Body) -> None:
        self.tables["designation"][body["on"]] = {
            "made_by": body["by"],
            "confirmed_by": None,
            "ended_on": None,
            "seq": body["seq"],
        } | {name: data[name] for name in ("officer", "function", "from_day", "to_day", "document")}

    def _confirmed(self, body: Body, data: Body) -> None:
        self.tables["designation"][body["on"]] |= {"confirmed_by": body["by"], "seq": body["seq"]}

    def _ended(self, body: Body, data: Body) -> None:
        self.tables["designation"][body["on"]] |= {"ended_on": body["at"][:10], "seq": body["seq"]}


_READERS = {
    "pledge.announced": Copies._pledge,
    "agreement.recorded": Copies._agreement,
    "deposit.recorded": Copies._deposit,
    "rate.recorded": Copies._rate,
    "mandate.adopted": Copies._mandate,
    "mandate.amended": Copies._mandate,
    "account.created": Copies._account,
    "account.suspended": Copies._standing,
    "account.reinstated": Copies._standing,
    "account.ended": Copies._standing,
    "account.reset": Copies._reset,
    "second-factor.set": Copies._factor_set,
    "second-factor.removed": Copies._factor_removed,
    "designation.made": Copies._designation,
    "designation.confirmed": Copies._confirmed,
    "designation.ended": Copies._ended,
}


def _as_kept(column: Any) -> Any:
    """A day or an instant as the database has it, even where it is none: then it differs."""
    return type_coerce(column, String).label(column.key)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)


_maker, _second = aliased(Account), aliased(Account)
_KEPT = {
    "donor": select(
        Donor.reference,
        case((Donor.type == "individual", null()), else_=Donor.name).label("name"),
        case((Donor.type == "individual", null()), else_=Donor.folded).label("folded"),
        Donor.type,
        Donor.country,
        Donor.language,
        Donor.unnamed,
        Donor.accepted_seq,
        Donor.seq,
    ),
    "pledge": select(
        Pledge.reference,
        Donor.reference.label("donor"),
        Pledge.document,
        Pledge.purpose,
        Pledge.earmark,
        Pledge.currency,
        Pledge.amount,
        _as_kept(Pledge.announced_on),
        _as_kept(Pledge.expected_on),
        Pledge.state,
        _as_kept(Pledge.agreed_on),
        Pledge.agreed,
        Pledge.agreed_usd,
        Pledge.received,
        Pledge.received_usd,
        Pledge.released_usd,
        Pledge.written_off,
        Pledge.refunded,
        Pledge.condition,
        _as_kept(Pledge.condition_met_on),
        Pledge.promised,
        Pledge.seq,
    ).outerjoin(Donor, Donor.id == Pledge.donor_id),
    "deposit": select(
        Deposit.reference,
        Donor.reference.label("donor"),
        Pledge.reference.label("pledge"),
        _as_kept(Deposit.value_date),
        Deposit.bank_account,
        Deposit.bank_reference,
        Deposit.currency,
        Deposit.amount,
        Deposit.usd,
        Deposit.per_usd,
        _as_kept(Deposit.rate_day),
        Deposit.rate_source,
        Deposit.difference_usd,
        Deposit.part,
        Deposit.parts,
        Deposit.attached_seq,
        Deposit.seq,
    )
    .outerjoin(Donor, Donor.id == Deposit.donor_id)
    .outerjoin(Pledge, Pledge.id == Deposit.pledge_id),
    "rate": select(
        (RateRow.currency + " " + type_coerce(RateRow.day, String) + " " + RateRow.source).label("reference"),
        RateRow.per_usd,
        RateRow.seq,
    ),
    "mandate_version": select(
        MandateVersion.seq.label("reference"),
        _as_kept(MandateVersion.effective),
        MandateVersion.symbol,
        MandateVersion.digest,
    ),
    "account": select(
        Account.reference,
        Account.role,
        Donor.reference.label("donor"),
        Account.state,
        _as_kept(Account.suspended_at),
        _as_kept(Account.ended_at),
        Account.seq,
    ).outerjoin(Donor, Donor.id == Account.donor_id),
    "second_factor": select(Account.reference)
    .join(SecondFactor, SecondFactor.account_id == Account.id)
    .where(SecondFactor.confirmed_at.is_not(None)),
    "designation": select(
        Designation.reference,
        Account.reference.label("officer"),
        Designation.function,
        _as_kept(Designation.from_day),
        _as_kept(Designation.to_day),
        Designation.document,
        _maker.reference.label("made_by"),
        _second.reference.label("confirmed_by"),
        _as_kept(Designation.ended_on),
        Designation.seq,
    )
    .outerjoin(Account, Account.id == Designation.account_id)
    .outerjoin(_maker, _maker.id == Designation.made_by_id)
    .outerjoin(_second, _second.id == Designation.confirmed_by_id),
}
"""Table -> its rows, with the references of what they point to. Columns are called as in the tables above."""
_OTHERS = copies_selections.READERS | copies_allowances.READERS | copies_closings.READERS | copies_awards.READERS
_OTHERS |= copies_activities.READERS | copies_contributions.READERS | copies_statements.READERS
_OTHERS |= copies_donors.READERS | copies_erased.READERS
_OTHERS |= copies_instalments.READERS | copies_doubles.READERS
_OTHERS |= copies_agreements.READERS | copies_notes.READERS | copies_nominations.READERS | copies_unmasking.READERS
_TABLES: dict[str, Select[Any]] = (
    _KEPT | copies_selections.KEPT | copies_allowances.KEPT | copies_closings.KEPT | copies_awards.KEPT
)
_TABLES |= (
    copies_erased.KEPT | copies_activities.KEPT | copies_statements.KEPT | copies_donors.KEPT | copies_instalments.KEPT
)
_TABLES |= (
    copies_agreements.KEPT | copies_notes.KEPT | copies_nominations.KEPT | copies_unmasking.KEPT | copies_doubles.KEPT
)
