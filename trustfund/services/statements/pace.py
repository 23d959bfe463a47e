"""How long the reading of a file may take: a limit that each thousand good lines move on, and nothing else does.

So 50,000 lines of an honest bank are read, and what was made to take long still ends within two seconds of its last
good line. Outside the child process nothing is counted, and nothing ends.
"""

import signal

EACH = 1000  # lines
MOST_SECONDS = 1.6  # of work since the last good lines; the server tells its answer within two
MORE_SECONDS = 0.4  # for each thousand; on a slow machine they need 0.3 as camt.053, half of it as MT940


class Pace:
    """Counts the lines of a file while it is read."""

    def __init__(self) -> None:
        self.lines, self.kept = 0, False

    def keep(self) -> None:
        """From now on this process ends where it falls behind."""
        self.kept = True
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)

    def went_on(self) -> None:
        """Another line was read, and is good."""
        self.lines += 1
        if self.kept and not self.lines % EACH:
            left, _ = signal.getitimer(signal.ITIMER_PROF)
            signal.setitimer(signal.ITIMER_PROF, min(left + MORE_SECONDS, MOST_SECONDS))


PACE = Pace()
"""Of this process: it reads one file."""
