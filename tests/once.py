"""What every application of the tests would work out anew is worked out once: addresses, templates, statements.

Each depends on the code alone, never on a test: applications, databases and folders stay one a test. On our machine it
is half of the time of a test with a database.
"""

import gc
import os
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from werkzeug.routing import Rule

from trustfund import app as product
from trustfund.core import verifier
from trustfund.extensions import db

_rules: dict[tuple[object, ...], Rule] = {}
_COMPILED = {"_parts", "_trace", "_converters", "arguments", "_build", "_build_unknown"}
_engines: dict[str, Engine] = {}
_statements: dict[Any, Any] = {}


def create_app(settings: dict[str, Any], instance: str) -> Flask:
    """The product's own, on the statements that were compiled for earlier applications on the same kind of database."""
    app = product.create_app(settings, instance=instance)
    with app.app_context():
        db.engine.dialect = _engines.setdefault(db.engine.name, db.engine).dialect
        db.engine.update_execution_options(compiled_cache=_statements)
    return app


class Address(Rule):
    """What Werkzeug compiles of an address depends on its text and defaults; it is half a millisecond of each."""

    def compile(self) -> None:
        what = (self.rule, self.subdomain, repr(self.defaults), self.merge_slashes, self.build_only)
        known = _rules.setdefault(what, self)
        if known is self:
            super().compile()
        else:
            vars(self).update({name: value for name, value in vars(known).items() if name in _COMPILED})


class Templates(BytecodeCache):
    """Compiled templates by name and digest of their text."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


gc.freeze()  # what was imported stays; it is not looked through again and again
gc.set_threshold(20_000, 20, 20)
verifier.signature_holds = lru_cache(100_000)(verifier.signature_holds)  # 4 ms; it depends on its bytes alone
Flask.url_rule_class = Address
Flask.jinja_options = {"bytecode_cache": Templates()}


def in_memory(room: int = 2**31) -> str | None:
    """A folder in memory with room for the tests' databases: they need not wait for a disk. A container's is small."""
    folder = Path("/dev/shm")
    return str(folder) if os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > room else None
