"""What strangers send is opened apart: by a program of ours in a process of its own, which may break without harm."""

import subprocess
import sys
import tempfile
from pathlib import Path


def asked(program: Path, given: bytes, *, patience: float, most: int = -1) -> tuple[int, bytes]:
    """How the program ended, and what it said, of that ``most`` bytes; TimeoutExpired after ``patience`` seconds.

    It writes into a file, so that its own limit on files holds for its answer too.
    """
    with tempfile.TemporaryFile() as answer:
        ended = subprocess.run(  # noqa: S603 (our own program, no word of what was sent among its arguments)
            [sys.executable, "-I", str(program)],
            input=given,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            timeout=patience,
            env={},
            cwd="/",
            check=False,
        )
        answer.seek(0)
        return ended.returncode, answer.read(most)
