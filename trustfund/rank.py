"""rank: a selection record in, the result out. Needs no database and no Flask."""

import sys
from pathlib import Path

from trustfund.core.selection import MalformedRecord, decided, read

USAGE = """Usage: trustfund rank FILE.json

  Decide a published selection record again: the order, the outcomes and the
  reasons, as canonical JSON on stdout. FILE may be - for standard input.
"""


def run(args: list[str]) -> int:
    """0 decided, 1 malformed (the path of the fault on stderr), 2 wrong use."""
    if args in (["--help"], ["-h"]):
        print(USAGE, end="")
        return 0
    if len(args) != 1:
        print(USAGE, end="", file=sys.stderr)
        return 2
    try:
        raw = sys.stdin.buffer.read() if args[0] == "-" else Path(args[0]).read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        print(f"{args[0]} cannot be read: {error.strerror}.", file=sys.stderr)
        return 2
    except UnicodeDecodeError as error:
        print(f"{args[0]}: byte {error.start + 1} is not UTF-8.", file=sys.stderr)
        return 1
    try:
        sys.stdout.buffer.write(decided(read(text)).text().encode())
    except MalformedRecord as fault:
        print(f"{args[0]}: {fault}.", file=sys.stderr)
        return 1
    return 0
