"""The application is put together here: settings, extensions, doors, error pages, commands."""

import logging
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import inspect
from werkzeug.middleware.proxy_fix import ProxyFix

from trustfund import config, i18n, logs
from trustfund.extensions import csrf, db, login, migrate
from trustfund.models import engine, guards
from trustfund.services import clock, keys
from trustfund.web import doors, errors, pages, weight


class NotReady(RuntimeError):
    """Here is no fund that can be served."""


class MissingGuards(NotReady):
    """A guard of the record is not there: somebody took it away, or a migration was not run."""


def create_app(overrides: dict[str, Any] | None = None, instance: str | None = None) -> Flask:
    """An application over the instance folder (TRUSTFUND_INSTANCE, else ./instance)."""
    app = Flask(
        "trustfund",
        instance_path=instance or config.instance_folder(),
        instance_relative_config=True,
        template_folder=str(config.ROOT / "templates"),
        static_folder=str(Path(__file__).parent / "static"),
        static_url_path="/static",
    )
    config.configure(app, overrides)
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    app.config.setdefault("SECRET_KEY", None)
    app.config["SECRET_KEY"] = app.config["SECRET_KEY"] or keys.session_key(Path(app.config["KEYS"]))
    if hops := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    logs.init_app(app)
    clock.init_app(app)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(config.ROOT / "migrations"))
    with app.app_context():
        engine.prepare(db.engine, app.config["LOCK_SECONDS"])
    login.init_app(app)
    csrf.init_app(app)
    i18n.init_app(app)
    pages.init_app(app)
    errors.init_app(app)
    weight.init_app(app)
    doors.init_app(app)
    return app


def served_app() -> Flask:
    """The application for a server: it does not start over a record whose guards are missing."""
    app = create_app()
    with app.app_context():
        check()
    logging.getLogger(__name__).info("started")
    return app


def check() -> None:
    """What must be there before anything is served: a fund, its guards, a key that signs."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("head"):
            raise NotReady("There is no fund here yet. Run “trustfund init” first.")
        gone = guards.missing(connection)
    keys.sign("0" * 64)
    if gone:
        raise MissingGuards(
            f"Guards of the record are missing or changed: {', '.join(gone)}. Run “trustfund verify”, find out who "
            "did it, then “trustfund init” makes them anew."
        )
