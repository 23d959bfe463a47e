"""How many statements a page sends to the database: the same, however long its list."""

from tests.counting import counted


def statements(visitor, path):
    """How many statements a page needs, when it is opened for the second time."""
    assert visitor.open(path).status == 200
    with counted() as sent:
        visitor.open(path)
    return len(sent)
