"""The worker: sends the outbox and does what the day does. `serve` and `make demo` start one beside the server."""

import itertools
import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.services import clock, mail, returned_mail

log = logging.getLogger(__name__)


ROUNDS = 30
"""The tasks of the day are done at the first round and then at every 30th: once a minute."""


def run(app: Flask, daily: Callable[[datetime], object], every: float = 2.0) -> None:
    """Work until SIGTERM or SIGINT; what was taken is finished first. ``daily``: what is due by the fund's clock."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with app.app_context():
        for round_ in itertools.count():
            if stop.is_set():
                break
            try:
                if round_ % ROUNDS == 0:
                    daily(clock.now())
                    returned_mail.read()
                mail.send_pending()
            except (SQLAlchemyError, Refused):
                log.exception("the worker could not reach the database; it tries again")
                db.session.rollback()
            stop.wait(every)
