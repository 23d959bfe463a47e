"""What the database itself refuses, on SQLite and PostgreSQL, from one definition.

The record is only ever added to, one entry after the other, each summing to zero; INSERT OR REPLACE slips past
guards against UPDATE and DELETE, so the order is guarded too. ``install`` runs after every migration (batch mode drops
triggers silently); ``missing`` is asked at every start and by `trustfund verify`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, PrimaryKeyConstraint, UniqueConstraint, text

from trustfund.core import duties
from trustfund.core.lifecycle import ENDED, SEATED
from trustfund.core.surplus import APPROVALS
from trustfund.extensions import db
from trustfund.models import personal


@dataclass(frozen=True)
class Guard:
    """Refuses ``when`` (a statement kind) on ``table`` if ``condition`` holds; ``does`` acts instead of refusing."""

    name: str
    when: str
    table: str
    condition: str = "1 = 1"
    says: str = ""
    does: str = ""


DECIDED = (
    "place",
    "set_aside",
    "override",
    "allotment",
    "closing",
    "amendment",
    "added_meeting",
    "screening",
    "application_note",
    "unmasking",
    "double_ruling",
    "erasure",
    "dsa_rate",
    "provision",
    "act",
    "bank_details",
    "recovery",
    "payment_order",
    "activity_act",
    "activity_payment",
    "agreement_draft",
    "notice",
    "letter",
)
"""Tables whose rows are decisions: made once, then only read."""
CLOSINGS = ("closed_month", "fund_closing", "closed_fund", "refund", "bank_line")
"""Tables of closings: decided too, and each row is made by the entry that it names."""
STATEMENTS = ("bank_statement", "statement_line", "line_match", "match_undone")
"""Tables of what the bank says: a line is never changed, its match is a row of its own, made once."""
AGREED = ("approved", "closed")
"""Stages of an activity of which money is used."""
_LAST = "(SELECT coalesce(max(seq), 0) FROM event)"


def _there(table: str) -> str:
    """Whether a row is there already by one of the keys of its table, which INSERT OR REPLACE would take away first."""
    keys = (key for key in db.metadata.tables[table].constraints if isinstance(key, ONE_OF_A_KIND))
    same = sorted(" AND ".join(f"{table}.{column.name} = NEW.{column.name}" for column in key.columns) for key in keys)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {' OR '.join(same)})"


_ANOTHER = "other.seq <> NEW.seq AND other.id NOT IN (SELECT match_id FROM match_undone)"
"""A match of an earlier entry that holds still."""
ONE_OF_A_KIND = (PrimaryKeyConstraint, UniqueConstraint)


def _but_erased(table: str) -> str:
    """Any change, but that what tells of a person is emptied, and nothing else, once that person was erased."""
    held = personal.of_table(table)
    if not held:
        return "1 = 1"
    told = {name for one in held for name in one.blank}
    kept = [column.name for column in db.metadata.tables[table].columns if column.name not in told]
    same = [f"coalesce(OLD.{name} = NEW.{name}, OLD.{name} IS NULL AND NEW.{name} IS NULL)" for name in kept]
    empty = [f"length(NEW.{name}) = 0" for name in sorted(told)]
    whose = held[0].path.whose.replace(f"{table}.", "OLD.")
    erased = f"coalesce({whose} IN (SELECT person FROM erasure), 1 = 0)"
    return f"NOT ({' AND '.join((*same, *empty, erased))})"


_APPEND_ONLY = tuple(
    Guard(
        f"{table}_no_{verb.lower()}",
        f"BEFORE {verb}",
        table,
        condition=_but_erased(table) if verb == "UPDATE" else "1 = 1",
        says=f"{table} is only ever added to",
    )
    for table, verbs in (
        ("event", ("UPDATE", "DELETE")),
        ("posting", ("UPDATE", "DELETE")),
        ("head", ("DELETE",)),
        ("balance", ("DELETE",)),
        ("selection", ("DELETE",)),
        *((table, ("UPDATE", "DELETE")) for table in (*DECIDED, *CLOSINGS, *STATEMENTS)),
    )
    for verb in verbs
)
GUARDS = (
    *_APPEND_ONLY,
    Guard("event_in_order", "BEFORE INSERT", "event", f"NEW.seq <> {_LAST} + 1", "an event follows the last one"),
    Guard(
        "event_adds_up",
        "BEFORE INSERT",
        "event",
        "(SELECT coalesce(sum(usd), 0) FROM posting WHERE posting.seq = NEW.seq) <> 0",
        "an entry sums to zero",
    ),
    Guard("posting_before_event", "BEFORE INSERT", "posting", f"NEW.seq <= {_LAST}", "an entry is closed by its event"),
    Guard(
        "posting_into_balance",
        "AFTER INSERT",
        "posting",
        does="""
        INSERT INTO balance (account, currency, earmark, amount, usd)
        VALUES (NEW.account, NEW.currency, NEW.earmark, NEW.amount, NEW.usd)
        ON CONFLICT (account, currency, earmark)
        DO UPDATE SET amount = balance.amount + excluded.amount, usd = balance.usd + excluded.usd""",
    ),
    Guard("head_once", "BEFORE INSERT", "head", "EXISTS (SELECT 1 FROM head)", "there is one head"),
    Guard(
        "head_moves_on",
        "BEFORE UPDATE",
        "head",
        f"NEW.seq <= OLD.seq OR NEW.seq <> {_LAST} OR NEW.hash <> (SELECT hash FROM event WHERE event.seq = NEW.seq)",
        "the head is the last event",
    ),
    Guard(
        "act_by_another",
        "BEFORE INSERT",
        "act",
        "EXISTS (SELECT 1 FROM act WHERE act.award_id = NEW.award_id AND act.by_id = NEW.by_id "
        f"AND ({duties.bars_in_sql('act.act', 'NEW.act')}))",
        "one person never does both on one award",
    ),
    Guard(
        "award_approved_by_enough",
        "BEFORE UPDATE",
        "award",
        f"OLD.stage NOT IN {SEATED} AND NEW.stage IN {SEATED} AND (OLD.stage <> 'certified' OR "
        "NEW.approvals_needed < OLD.approvals_needed OR NEW.approvals_needed < 1 OR (SELECT count(*) FROM act WHERE "
        "act.award_id = NEW.id AND act.round = NEW.round AND act.act = 'approve') < NEW.approvals_needed)",
        "an award is approved by as many officers as its amount needs",
    ),
    Guard(
        "activity_approved_by_enough",
        "BEFORE UPDATE",
        "activity",
        f"OLD.stage NOT IN {AGREED} AND NEW.stage IN {AGREED} AND (OLD.stage <> 'proposed' OR (SELECT count(*) "
        f"FROM activity_act WHERE activity_act.activity_id = NEW.id AND activity_act.act = 'approve') < {APPROVALS})",
        "an activity is approved by two officers",
    ),
    Guard(
        "pledge_ended",
        "BEFORE UPDATE",
        "pledge",
        f"OLD.state IN {ENDED}",
        "a pledge that is withdrawn or written off stays as it is",
    ),
    Guard(
        "deposit_attached_once",
        "BEFORE UPDATE",
        "deposit",
        "OLD.pledge_id IS NOT NULL AND (NEW.pledge_id IS NULL OR NEW.pledge_id <> OLD.pledge_id)",
        "a deposit is attached to one pledge",
    ),
    Guard("selection_once_kept", "BEFORE UPDATE", "selection", "OLD.stage = 'kept'", "a kept run is never edited"),
    Guard(
        "posting_into_open_month",
        "BEFORE INSERT",
        "posting",
        "EXISTS (SELECT 1 FROM closed_month WHERE closed_month.seq < NEW.seq "  # but what closes it posts into it
        "AND closed_month.month >= substr(CAST(NEW.day AS TEXT), 1, 7))",
        "a closed month takes no posting",
    ),
    Guard(
        "posting_into_open_fund",
        "BEFORE INSERT",
        "posting",
        "EXISTS (SELECT 1 FROM closed_fund)",
        "a closed fund takes no posting",
    ),
    *(
        Guard(f"{table}_by_entry", "BEFORE INSERT", table, f"NEW.seq <> {_LAST} + 1", f"{table} goes with its entry")
        for table in CLOSINGS
    ),
    *(
        Guard(f"{table}_once", "BEFORE INSERT", table, _there(table), f"{table} is only ever added to")
        for table in ("selection", *DECIDED, *CLOSINGS, *STATEMENTS)
    ),
    Guard("erasure_by_entry", "BEFORE INSERT", "erasure", f"NEW.seq <= {_LAST}", "erasure goes with its entry"),
    *(  # a file may hold many statements, each with an entry of its own, and all are written together
        Guard(f"{table}_by_entry", "BEFORE INSERT", table, f"NEW.seq <= {_LAST}", f"{table} goes with its entry")
        for table in STATEMENTS
    ),
    Guard(
        "line_match_once_each",
        "BEFORE INSERT",
        "line_match",
        f"EXISTS (SELECT 1 FROM line_match AS other WHERE other.line_id = NEW.line_id AND {_ANOTHER}) OR "
        f"EXISTS (SELECT 1 FROM line_match AS other WHERE other.entry = NEW.entry AND {_ANOTHER} "
        "AND other.bank_account = NEW.bank_account AND other.currency = NEW.currency)",
        "a line and an entry are matched once",
    ),
)
TRUNCATE = ("event", "posting", "head", "balance", "selection", *DECIDED, *CLOSINGS, *STATEMENTS)


def install(connection: Connection) -> None:
    """Make the guards anew, as they are defined here."""
    for statement in _statements(connection.dialect.name):
        connection.execute(text(statement.replace(":", r"\:")))


def missing(connection: Connection) -> list[str]:
    """Names of guards that are not there, not enabled, or not as defined here."""
    there = _sqlite_texts(connection) if connection.dialect.name == "sqlite" else _postgresql_texts(connection)
    wanted = _wanted(connection.dialect.name)
    return [name for name, definition in wanted.items() if there.get(name) != definition]


def _statements(dialect: str) -> Iterator[str]:
    for guard in GUARDS:
        if dialect == "sqlite":
            yield f"DROP TRIGGER IF EXISTS {guard.name}"
            yield _sqlite(guard)
        else:
            yield f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}"
            body = _function(guard)
            yield f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
            yield _postgresql(guard.name, guard.when, guard.table, "ROW")
    if dialect != "sqlite":
        for table in TRUNCATE:
            name, body = _truncate(table)
            yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
            yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
            yield _postgresql(name, "BEFORE TRUNCATE", table, "STATEMENT")


def _wanted(dialect: str) -> dict[str, str]:
    if dialect == "sqlite":
        return {g.name: _plain(_sqlite(g)) for g in GUARDS}
    wanted = {g.name: _plain(_postgresql(g.name, g.when, g.table, "ROW") + _function(g)) for g in GUARDS}
    for table in TRUNCATE:
        name, body = _truncate(table)
        wanted[name] = _plain(_postgresql(name, "BEFORE TRUNCATE", table, "STATEMENT") + body)
    return wanted


def _sqlite(guard: Guard) -> str:
    action = guard.does or f"SELECT RAISE(ABORT, '{guard.says}')"
    return f"CREATE TRIGGER {guard.name} {guard.when} ON {guard.table} WHEN {guard.condition} BEGIN {action}; END"


def _postgresql(name: str, when: str, table: str, level: str) -> str:
    return f"CREATE TRIGGER {name} {when} ON {table} FOR EACH {level} EXECUTE FUNCTION {name}()"


def _function(guard: Guard) -> str:
    row = "OLD" if "DELETE" in guard.when else "NEW"
    action = guard.does or f"RAISE EXCEPTION '{guard.says}'"
    return f" BEGIN IF {guard.condition} THEN {action}; END IF; RETURN {row}; END "


def _truncate(table: str) -> tuple[str, str]:
    return f"{table}_no_truncate", f" BEGIN RAISE EXCEPTION '{table} is only ever added to'; END "


def _sqlite_texts(connection: Connection) -> dict[str, str]:
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    return {name: _plain(sql) for name, sql in rows}


def _postgresql_texts(connection: Connection) -> dict[str, str]:
    rows = connection.execute(
        text(
            "SELECT t.tgname, pg_get_triggerdef(t.oid), p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND pg_table_is_visible(t.tgrelid)"
        )
    )
    return {name: _plain(re.sub(r" ON \w+\.", " ON ", trigger) + source) for name, trigger, source in rows}


def _plain(sql: str) -> str:
    return " ".join(sql.split())
