"""How many statements a page sends to the database: the same, however long its list."""

from sqlalchemy import event

from trustfund.extensions import db


def statements(house, visitor, path):
    """How many statements a page needs, when it is opened for the second time."""
    counted = []
    assert visitor.open(path).status == 200
    with house.at_work():
        engine = db.engine

    def count(connection, cursor, statement, *_):
        counted.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        visitor.open(path)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(counted)
