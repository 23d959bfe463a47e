"""Keeps a program running: one that dies is started again. `serve` keeps its worker so.

A process of its own, because the server's master takes in every child that ends and would not tell us.
"""

import logging
import signal
import subprocess
import sys
import threading
import time

from trustfund import logs

log = logging.getLogger("trustfund.services.keeper")

PAUSE, LONGEST = 1.0, 60.0
"""Seconds before a program that died is started again: doubled each time that it did not outlive the longest."""


def keep(command: list[str]) -> int:
    """Run ``command`` again and again until SIGTERM or SIGINT, which it is passed; then its last exit code."""
    stop, running, pause = threading.Event(), [], PAUSE

    def end(*_: object) -> None:
        stop.set()
        for process in running:
            process.send_signal(signal.SIGTERM)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    while True:
        started = time.monotonic()
        with subprocess.Popen(command) as process:  # noqa: S603 (our own command line)
            running[:] = [process]
            if stop.is_set():
                end()
            code = process.wait()
        if stop.is_set():
            return code
        pause = PAUSE if time.monotonic() - started > LONGEST else min(pause * 2, LONGEST)
        log.error("%s ended with %s; it is started again in %g s", command[-1], code, pause)
        stop.wait(pause)


if __name__ == "__main__":
    logs.to_stderr()
    sys.exit(keep(sys.argv[1:]))
