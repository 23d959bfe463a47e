"""What goes over the wire goes compressed, so that a page is light on a slow line."""

import gzip
from functools import lru_cache

from flask import Flask, Response, g, request

SMALL = 500  # bytes below which it is not worth it
KINDS = ("text/", "application/json", "image/svg+xml")


def init_app(app: Flask) -> None:
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    """Compress what is text and holds no secret.

    A page with a token of a form stays as it is: compressed beside words of the reader it could be guessed (BREACH).
    """
    if not response.content_type.startswith(KINDS):
        return response
    response.vary.add("Accept-Encoding")
    streamed = response.is_streamed and request.endpoint != "static"
    if (
        response.status_code != 200
        or streamed
        or "csrf_token" in g
        or "Range" in request.headers
        or request.accept_encodings["gzip"] <= 0
    ):
        return response
    response.direct_passthrough = False
    plain = response.get_data()
    if len(plain) < SMALL:
        return response
    response.set_data(_kept(plain) if request.endpoint == "static" else gzip.compress(plain, 6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    if tag := response.get_etag()[0]:
        response.set_etag(tag, weak=True)
    return response


@lru_cache(maxsize=16)
def _kept(plain: bytes) -> bytes:
    return gzip.compress(plain, 9, mtime=0)
