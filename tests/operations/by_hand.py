"""What somebody types into the database with its guards standing, and what it says to that."""

from sqlalchemy.exc import DBAPIError

from trustfund.extensions import db


def refuses(*statements: str) -> bool:
    """Whether the database refuses statements, at the latest when they are to stay; otherwise they do."""
    db.session.rollback()
    with db.engine.connect() as connection:
        try:
            for statement in statements:
                connection.exec_driver_sql(statement)
            connection.commit()
        except DBAPIError:
            connection.rollback()  # a COMMIT that was refused leaves SQLite's transaction open
            return True
    return False


def refusal(*statements: str) -> str:
    """The first line of what the database says to statements; empty if it does them, and then they are taken back."""
    db.session.rollback()
    with db.engine.connect() as connection:
        try:
            for statement in statements:
                connection.exec_driver_sql(statement)
        except DBAPIError as refused:
            return str(refused.orig).partition("\n")[0]
        finally:
            connection.rollback()
    return ""


def copied(table: str, verb: str = "INSERT", **other: str) -> str:
    """The statement that puts the rows of a table in once more but for some columns."""
    columns = [c.name for c in db.metadata.tables[table].columns if c.name != "id"]
    values = ", ".join(other.get(name, name) for name in columns)
    return f"{verb} INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}"
