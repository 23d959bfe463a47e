"""How far long work is, on a terminal."""

import sys
from collections.abc import Callable

import click


class Progress:
    """A bar on a terminal, once the work is long enough to wait for. ``least``: from how many steps on."""

    def __init__(self, label: str, least: int = 2000):
        self._label, self._least = label, least

    def __enter__(self) -> Callable[[int, int], None]:
        self._bar = None
        return self._step

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def _step(self, n: int, of: int) -> None:
        if of < self._least or not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = click.progressbar(length=of, label=self._label, file=click.get_text_stream("stderr"))
        if n % (self._least // 4) == 0 or n == of:
            self._bar.length = of
            self._bar.update(n - self._bar.pos)
