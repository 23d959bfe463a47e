"""Files come in: all of a file or nothing, one event a line, every bad line named; the same file twice adds nothing."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from trustfund.core.money import rate_of
from trustfund.core.refusal import Refused
from trustfund.core.roles import SYSTEM
from trustfund.extensions import db
from trustfund.models.contributions import Donor, Pledge
from trustfund.models.record import Event
from trustfund.operations import agreements, receivables
from trustfund.operations.donors import donor_data, new_donor
from trustfund.operations.fund import record_rate
from trustfund.operations.import_files import BadFile, Line, day_of, lines_of, source_of, whole_file
from trustfund.operations.operation import Fact, Operation

LARGEST = 64 * 1024 * 1024
CONTRIBUTIONS = (
    "kind",
    "donor",
    "donor_type",
    "country",
    "date",
    "amount",
    "currency",
    "document",
    "earmark",
    "bank_reference",
    "note",
)
RATES = ("currency", "per_usd", "from", "source")


@dataclass(frozen=True)
class Imported:
    """How many lines were booked, and how many were known already. ``new``: the numbers of those booked."""

    booked: int
    known: int
    new: tuple[int, ...] = field(default=(), compare=False)


def import_contributions(
    path: Path,
    *,
    at: datetime,
    as_agreed: bool = False,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Pledges, agreements and deposits. ``as_agreed`` books agreement and deposit of a deposit line together."""
    lines = read(path, CONTRIBUTIONS)
    return book_contributions(lines, at=at, as_agreed=as_agreed, dry_run=dry_run, progress=progress)


def book_contributions(
    lines: list[tuple[int, Line]],
    *,
    at: datetime,
    as_agreed: bool = False,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Numbered lines of contributions, from whatever they were read."""
    book = Contributions(as_agreed)
    return book_all(lines, "contribution", book.line, at=at, dry_run=dry_run, progress=progress)


def import_rates(
    path: Path, *, at: datetime, dry_run: bool = False, progress: Callable[[int, int], None] | None = None
) -> Imported:
    """Rates of exchange, units per USD from a day on."""
    return book_rates(read(path, RATES), at=at, dry_run=dry_run, progress=progress)


def book_rates(
    lines: list[tuple[int, Line]],
    *,
    at: datetime,
    by: str = SYSTEM,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    earlier: dict[tuple[str, date, str], Decimal] = {}

    def book(op: Operation, line: Line) -> tuple[str, Fact | None]:
        what, per_usd = (line["currency"], day_of(line["from"]), source_of(line)), rate_of(line["per_usd"])
        if what in earlier and earlier[what] != per_usd:
            raise Refused(
                "Another rate of {currency} on {day} stands on an earlier line.", currency=what[0], day=what[1]
            )
        fact = None if what in earlier else record_rate(op, what[0], per_usd, what[1], what[2])
        earlier[what] = per_usd
        return "rate.recorded", fact

    return book_all(lines, "rate", book, at=at, by=by, dry_run=dry_run, progress=progress)


class Contributions:
    """Books the lines of a contributions file. A pledge, its agreement and its deposits meet by donor and document."""

    def __init__(self, as_agreed: bool):
        self.as_agreed = as_agreed
        self._donors: dict[tuple[str, str, str], Donor] = {}
        self._pledges: dict[tuple[str, str], Pledge] = {}
        self._seen: set[str] = set()

    def line(self, op: Operation, line: Line) -> tuple[str, Fact]:
        kinds = {"pledge": self._pledge, "agreement": self._agreement, "deposit": self._deposit}
        if line["kind"] not in kinds:
            raise Refused(
                "“{kind}” is not a kind of contribution. Use pledge, agreement or deposit.", kind=line["kind"][:20]
            )
        action, fact = kinds[line["kind"]](op, line)
        donor = self._donor(op, line)
        if donor.seq == op.next_seq:  # the line made its donor known
            fact = Fact(fact.on, fact.before, fact.after, fact.post, {**fact.data, "registers": donor_data(op, donor)})
        return action, fact

    def _pledge(self, op: Operation, line: Line) -> tuple[str, Fact]:
        if self._known_pledge(op, line):
            raise Refused(
                "{donor} has a pledge under {document} already.", donor=line["donor"], document=line["document"]
            )
        return "pledge.announced", receivables.announced(self._new_pledge(op, line))

    def _agreement(self, op: Operation, line: Line) -> tuple[str, Fact]:
        pledge = self._known_pledge(op, line)
        before = pledge.state if pledge else None
        receivables.lifecycle.check("agreement.recorded", before)
        pledge = pledge or self._new_pledge(op, line)
        self._same_terms(pledge, line)
        return "agreement.recorded", self._agree(op, pledge, line, before)

    def _deposit(self, op: Operation, line: Line) -> tuple[str, Fact]:
        pledge = self._known_pledge(op, line)
        before, agreed_now = pledge.state if pledge else None, None
        if pledge and (pledge.agreed or self.as_agreed):
            self._same_terms(pledge, line)
        if self.as_agreed and not (pledge and (pledge.owed or pledge.state == "conditional")):
            pledge = pledge or self._new_pledge(op, line)
            agreed_now = self._agree(op, pledge, line, before)
        applied = pledge if pledge and pledge.agreed else None
        reference = line["bank_reference"].strip()
        if reference in self._seen:
            raise Refused("The bank reference {reference} stands on an earlier line of this file.", reference=reference)
        fact = receivables.deposit(
            op,
            self._donor(op, line),
            applied,
            amount=line["amount"],
            currency=line["currency"],
            value_date=day_of(line["date"]),
            bank_reference=reference,
            bank_account=op.mandate.bank_accounts[0].code,
            earmark=receivables.earmark_of(line["earmark"]),
            before=before if applied else None,
            agreed_now=agreed_now,
        )
        self._seen.add(reference)
        return "deposit.recorded", fact

    def _agree(self, op: Operation, pledge: Pledge, line: Line, before: str | None) -> Fact:
        return agreements.agree(
            op, pledge, document=line["document"], day=day_of(line["date"]), amount=line["amount"], before=before
        )

    def _new_pledge(self, op: Operation, line: Line) -> Pledge:
        pledge = receivables.new_pledge(
            op,
            self._donor(op, line),
            amount=line["amount"],
            currency=line["currency"],
            purpose=op.mandate.purposes[0].code,
            earmark=line["earmark"],
            day=day_of(line["date"]),
            document=line["document"],
        )
        self._pledges[pledge.donor.reference, pledge.document] = pledge
        return pledge

    def _known_pledge(self, op: Operation, line: Line) -> Pledge | None:
        donor, document = self._donor(op, line), line["document"].strip()
        if not document:
            return None
        known = self._pledges.get((donor.reference, document))
        if known is None and donor.id is not None:
            known = (
                op.session.scalars(
                    select(Pledge).where(Pledge.donor_id == donor.id, Pledge.document == document).order_by(Pledge.id)
                )
                .unique()
                .first()
            )
            if known:
                self._pledges[donor.reference, document] = known
        return known

    def _donor(self, op: Operation, line: Line) -> Donor:
        key = " ".join(line["donor"].split()), line["donor_type"], line["country"]
        if key not in self._donors:
            name, type_, country = key
            found = op.session.scalars(
                select(Donor).where(Donor.name == name, Donor.type == type_, Donor.country == country)
            ).first()
            self._donors[key] = found or new_donor(op, name, type=type_, country=country)
        return self._donors[key]

    def _same_terms(self, pledge: Pledge, line: Line) -> None:
        if (pledge.currency, pledge.earmark) != (line["currency"], line["earmark"].strip()):
            raise Refused(
                "The pledge under {document} is in {currency} with earmark “{earmark}”; this line differs.",
                document=pledge.document,
                currency=pledge.currency,
                earmark=pledge.earmark,
            )


def read(path: Path, columns: tuple[str, ...]) -> list[tuple[int, Line]]:
    """The lines of a file with their numbers: UTF-8, BOM or not, comma or semicolon; BadFile says what is wrong."""
    try:
        if path.stat().st_size > LARGEST:
            raise BadFile([(0, Refused("{name} is larger than 64 MB. Split it.", name=path.name))])
        return lines_of(path.name, path.read_bytes(), columns)
    except OSError as error:
        raise BadFile([(0, Refused("{name}: {reason}.", name=path, reason=error.strerror))]) from error


def book_all(
    lines: list[tuple[int, Line]],
    what: str,
    book: Callable[[Operation, Line], tuple[str, Fact | None]],
    *,
    at: datetime,
    by: str = SYSTEM,
    dry_run: bool,
    progress: Callable[[int, int], None] | None,
) -> Imported:
    """Book every line that the record does not hold yet, in one transaction. ``by``: who may do each line's deed."""
    faults: list[tuple[int, Refused]] = []
    new: list[int] = []
    known = 0
    keys = _keys(what, [line for _, line in lines])
    with whole_file(f"{what}.recorded", by=by, at=at, dry_run=dry_run) as op:
        held = _held(op, what)
        for n, ((number, line), key) in enumerate(zip(lines, keys, strict=True)):
            if progress:
                progress(n + 1, len(lines))
            if key in held:
                known += 1
                continue
            try:
                action, fact = book(op, line)
            except Refused as refused:
                faults.append((number, refused))
                continue
            if fact is None:
                known += 1
                continue
            op.permit(action)
            op.append(action, fact, key=key)
            new.append(number)
        if faults:
            raise BadFile(faults)
    return Imported(len(new), known, tuple(new))


def _keys(what: str, lines: list[Line]) -> list[str]:
    """A line's identity: all its columns, and the how-manieth of its kind it is in the file."""
    seen: dict[str, int] = {}
    keys = []
    for line in lines:
        content = "\x1f".join(f"{column}={line[column].strip()}" for column in sorted(line))
        seen[content] = seen.get(content, 0) + 1
        keys.append(f"{what}:" + hashlib.sha256(f"{content}\x1f{seen[content]}".encode()).hexdigest())
    return keys


def _held(op: Operation, what: str) -> set[str]:
    return set(db.session.scalars(select(Event.key).where(Event.actor == op.by, Event.key.startswith(f"{what}:"))))
