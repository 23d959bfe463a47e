"""Kinds of columns that several tables share."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.types import TypeDecorator

from trustfund.core import record

Whole = BigInteger().with_variant(Integer, "sqlite")
"""64-bit whole numbers: minor units, places in the record. SQLite's INTEGER has 64 bits and makes a rowid of a key."""


class Instant(TypeDecorator[datetime]):
    """An instant, kept as the record writes it: UTC text with milliseconds, the same on every database."""

    impl = String(24)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        return None if value is None else record.instant(value)

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        return None if value is None else record.moment(value)
