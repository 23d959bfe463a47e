"""The worker: sends the outbox. `serve` and `make demo` start one beside the server."""

import logging
import signal
import threading

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from trustfund.extensions import db
from trustfund.services import mail

log = logging.getLogger(__name__)


def run(app: Flask, every: float = 2.0) -> None:
    """Work until SIGTERM or SIGINT; what was taken is finished first."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with app.app_context():
        while not stop.is_set():
            try:
                mail.send_pending()
            except SQLAlchemyError:
                log.exception("the worker could not reach the database; it tries again")
                db.session.rollback()
            stop.wait(every)
