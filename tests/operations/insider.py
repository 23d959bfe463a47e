"""What somebody with the database's own rights can do: get round the guards, change rows, and put the guards back."""

import json
import sqlite3

from sqlalchemy import select

from trustfund.core.verifier import event_hash
from trustfund.extensions import db
from trustfund.models.record import Event

CUT = (
    "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
    "DELETE FROM rate WHERE day = '2017-06-30'",
    "UPDATE head SET seq = seq - 1, hash = (SELECT hash FROM event WHERE seq = (SELECT max(seq) FROM event))",
)
"""The last entry is gone without a trace, where it was a rate."""


def changes(*statements: str) -> None:
    """Run statements past guards and foreign keys; afterwards the guards stand as before."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        connection = sqlite3.connect(str(db.engine.url.database))
        standing = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for statement in (
            *(f"DROP TRIGGER {name}" for name, _ in standing),
            *statements,
            *(sql for _, sql in standing),
        ):
            connection.execute(statement)
        connection.commit()
        connection.close()
    else:
        with db.engine.connect() as ours:
            ours.exec_driver_sql("SET session_replication_role = replica")
            for statement in statements:
                ours.exec_driver_sql(statement.replace("%", "%%"))
            ours.exec_driver_sql("SET session_replication_role = origin")
            ours.commit()


def drops(guard: str, table: str) -> None:
    db.session.rollback()
    with db.engine.connect() as ours:
        ours.exec_driver_sql(f"DROP TRIGGER {guard}" + ("" if db.engine.dialect.name == "sqlite" else f" ON {table}"))
        ours.commit()


def place_of(action: str) -> int:
    """The number of the last entry of an action."""
    db.session.rollback()
    return db.session.scalars(select(Event.seq).where(Event.action == action).order_by(Event.seq.desc())).first()


def rewritten(old: str, new: str) -> list[str]:
    """Statements that put ``new`` for ``old`` into every body and chain the record anew, with the old signatures."""
    db.session.rollback()
    statements, prev = [], "0" * 64
    for event in db.session.execute(select(Event.seq, Event.body).order_by(Event.seq)):
        body = event.body.replace(old, new)
        digest = event_hash(prev, event.seq, body)
        quoted = body.replace("'", "''")
        statements.append(
            f"UPDATE event SET body = '{quoted}', prev = '{prev}', hash = '{digest}' WHERE seq = {event.seq}"
            if body != event.body or statements or old in event.body
            else "SELECT 1"
        )
        prev = digest
    return [*statements, f"UPDATE head SET hash = '{prev}'"]


def appended(sig: str, key_id: str, **said: object) -> list[str]:
    """Statements that add one entry more, chained as it should be."""
    db.session.rollback()
    last = db.session.scalars(select(Event).order_by(Event.seq.desc())).first()
    seq, body = (
        last.seq + 1,
        json.dumps(
            json.loads(last.body) | {"seq": last.seq + 1, "post": [], "from": None, "to": None, "key": None} | said,
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        ),
    )
    read, digest = json.loads(body), event_hash(last.hash, seq, body)
    return [
        "INSERT INTO event (seq, at, actor, action, subject, body, prev, hash, sig, key_id) VALUES "
        f"({seq}, '{read['at']}', '{read['by']}', '{read['do']}', '{read['on']}', '{body}', '{last.hash}', '{digest}', "
        f"'{sig}', '{key_id}')",
        f"UPDATE head SET seq = {seq}, hash = '{digest}'",
    ]
