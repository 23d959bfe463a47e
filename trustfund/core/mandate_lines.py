"""Where things stand in a mandate file, so that a fault is told with its line. tomllib has read the text before."""

import re

Path = tuple[str | int, ...]


_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*|[\[\]{},=\n]|[^\s\[\]{},=\"'#]+",
    re.DOTALL,
)


def lines_of(text: str) -> dict[Path, int]:
    """The line of every table, key and list element: path -> line, from 1. Elements of a list count from 0."""
    found: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}  # [[tables]] so far
    table: Path = ()  # of the last header
    opened: list[tuple[Path, bool]] = []  # brackets and braces that are open: their path, and whether it is a list
    at: Path | None = None  # of the value that is read; None where a key or a header is read
    key: list[str] = []
    header, line, last = 0, 1, 0  # header: brackets of it seen
    for match in _TOKEN.finditer(text):
        mark, line, last = match[0], line + text.count("\n", last, match.start()), match.start()
        if mark == "\n":
            at, header = (at, header) if opened else (None, 0)
        elif mark[0] == "#":
            pass
        elif at is not None and mark not in "]},":
            found.setdefault(at, line)
            if mark in "[{":
                opened.append((at, mark == "["))
                at = (*at, 0) if mark == "[" else None
        elif opened and mark in "]}":
            at = opened.pop()[0]
        elif opened and mark == ",":
            at = _next(at) if opened[-1][1] and at else None
        elif mark == "=":
            at, key = (*(opened[-1][0] if opened else table), *key), []
            _note(found, at, line)
        elif mark == "[":
            header += 1
        elif mark == "]":
            table, key = (_opened(key, header == 2, counts), []) if key else (table, [])
            _note(found, table, line)
        else:
            key += [mark[1:-1]] if mark[0] in "\"'" else [word for word in mark.split(".") if word]
    return found


def _next(element: Path) -> Path:
    last = element[-1]
    assert isinstance(last, int)
    return (*element[:-1], last + 1)


def _note(found: dict[Path, int], path: Path, line: int) -> None:
    for length in range(1, len(path) + 1):
        found.setdefault(path[:length], line)


def _opened(key: list[str], many: bool, counts: dict[Path, int]) -> Path:
    """The path of the table that a header opens; ``[a.b]`` after ``[[a]]`` belongs to the last a."""
    path: Path = ()
    for n, word in enumerate(key, 1):
        path = (*path, word)
        if many and n == len(key):
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, counts[path] - 1)
    return path
