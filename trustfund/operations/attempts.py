"""Attempts to prove who one is, with a password or a code: the failed ones are counted, in the database, for all."""

import hmac
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, select

from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.models.people import SignInFailure

FAILURE_WINDOW = timedelta(minutes=15)


class Attempt:
    """One attempt for an account, from a network address. It is counted inside the caller's housekeeping."""

    def __init__(self, email: str, address: str, now: datetime):
        self.now, self._account = now, counter("account", email)
        self._limits = {
            self._account: current_app.config["FAILURES_PER_ACCOUNT"],
            counter("address", address): current_app.config["FAILURES_PER_ADDRESS"],
        }

    def allow(self) -> None:
        """Refused where too many failed within the last quarter of an hour."""
        for counted, limit in self._limits.items():
            if failures(counted, self.now) >= limit:
                raise Refused("Too many sign-ins failed. Wait 15 minutes and try again.")

    def succeeded(self) -> None:
        db.session.execute(delete(SignInFailure).where(SignInFailure.counted == self._account))

    def failed(self) -> None:
        db.session.add_all([SignInFailure(counted=counted, at=self.now) for counted in self._limits])
        db.session.execute(delete(SignInFailure).where(SignInFailure.at < self.now - 4 * FAILURE_WINDOW))


def failures(counted: str, now: datetime) -> int:
    return (
        db.session.scalar(
            select(func.count()).where(SignInFailure.counted == counted, SignInFailure.at > now - FAILURE_WINDOW)
        )
        or 0
    )


def counter(what: str, value: str) -> str:
    """What stands for a value of which nothing may be read in the database."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return f"{what}:{hmac.new(secret, value.encode(), 'sha256').hexdigest()[:40]}"
