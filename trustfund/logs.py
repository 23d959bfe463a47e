"""Logs: one JSON object a line on stderr, with the reference that the person's page shows."""

import json
import logging
import sys
from datetime import UTC, datetime

from flask import Flask, g, has_request_context, request


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        if has_request_context():
            line |= {"reference": g.get("reference", ""), "method": request.method, "path": request.path}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def init_app(app: Flask) -> None:
    if not app.testing:
        to_stderr(app.config.get("LOG_LEVEL", "WARNING"))


def to_stderr(level: str = "WARNING") -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger("trustfund")
    root.handlers, root.propagate = [handler], False
    root.setLevel(level)
