"""The program that reads a bank's file: a child process with little memory and little time.

A file may be made to break what reads it; then this process ends, and the server only reads how. In: a line of JSON
(the mapping of a CSV or null) and the file. Out: one JSON, the statements or the refusal.
"""

import gc
import json
import resource
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

MB = 1024 * 1024
LARGEST = 20 * MB

LIMITS = (
    (resource.RLIMIT_AS, 240 * MB),
    (resource.RLIMIT_CPU, 20),  # seconds, should the shorter limit (pace.py) fail
    (resource.RLIMIT_FSIZE, 64 * MB),
    (resource.RLIMIT_NOFILE, 32),
    (resource.RLIMIT_CORE, 0),
)


def main() -> None:
    limit()
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    from trustfund.services.statements.pace import PACE

    PACE.keep()
    from trustfund.core.refusal import Refused
    from trustfund.services.statements.answer import told
    from trustfund.services.statements.reading import understood

    answer: dict[str, Any]
    mapping = sys.stdin.buffer.readline(MB).decode()
    try:
        answer = {"statements": [told(each) for each in understood(sys.stdin.buffer.read(LARGEST + 1), mapping)]}
    except Refused as refused:
        answer = {"refused": refused.sentence, "values": {k: written(v) for k, v in refused.values.items()}}
    except MemoryError:
        answer = {"unfolds": True}
    sys.stdout.write(json.dumps(answer))


def limit() -> None:
    gc.disable()  # nothing here goes in circles, and nothing here lives long
    for what, most in LIMITS:
        allowed = resource.getrlimit(what)[1]
        most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(what, (most, most))


def written(value: object) -> list[object]:
    """A value of a sentence with its kind, so that the reader's language can write it."""
    if isinstance(value, date):
        return ["day", value.isoformat()]
    if isinstance(value, Decimal):
        return ["amount", str(value)]
    return ["plain", value]


if __name__ == "__main__":
    main()
