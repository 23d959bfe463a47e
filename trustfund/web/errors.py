"""When something cannot be done: the page says what, why, and what can be done; the log has the same reference."""

import logging

from flask import Flask, Response, g, make_response, render_template, request
from flask_login import AnonymousUserMixin
from werkzeug.exceptions import HTTPException

from trustfund.core.refusal import Refused
from trustfund.extensions import db
from trustfund.i18n import told

log = logging.getLogger(__name__)

SEALED = ("passport_number", "holder", "account", "bic")


def init_app(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def signed_out() -> Response:
    """A form came after its sign-in had ended: the page keeps what was typed until the person is back.

    But no password and no code, nor what is kept sealed: the number of a passport, a bank account.
    """
    secret = ("csrf_token", "password", "confirm_password", "confirm_code", *SEALED)
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in secret]
    return _page("signed_out.html", 401, kept=kept)


def _refused(refused: Refused) -> Response:
    if refused.status == 404:
        return _page("404.html", 404)
    log.info("refused: %s", refused)
    response = _page("refused.html", refused.status, why=told(refused), entry=refused.values.get("seq"))
    if refused.status == 503:
        response.headers["Retry-After"] = "2"
    return response


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    response = _page("404.html" if code == 404 else "error.html", code)
    if code == 405 and (allowed := getattr(error, "valid_methods", None)):
        response.headers["Allow"] = ", ".join(allowed)
    return response


def _broken(error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    db.session.rollback()
    g.setdefault("_login_user", AnonymousUserMixin())  # where the sign-in itself cannot be read, the page still comes
    return _page("error.html", 500)


def _page(template: str, status: int, **values: object) -> Response:
    page = render_template(f"errors/{template}", status=status, reference=g.get("reference", ""), **values)
    return make_response(page, status)
