"""What goes over the wire goes compressed, so that a page is light on a slow line."""

import gzip
import secrets
from functools import lru_cache
from io import BytesIO

from flask import Flask, Response, request

SMALL = 500  # bytes below which it is not worth it
KINDS = ("text/", "application/json", "image/svg+xml")
PADDING = 100
"""Bytes at most of a name without meaning in the head of what is compressed."""


def init_app(app: Flask) -> None:
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    """Compress what is text, unless it is streamed or a part was asked for."""
    if response.status_code == 304:
        response.close()  # the file that is not sent
    if not response.content_type.startswith(KINDS):
        return response
    response.vary.add("Accept-Encoding")
    streamed = response.is_streamed and request.endpoint != "static"
    if (
        response.status_code not in (200, 403, 404, 409, 422)
        or streamed
        or "Range" in request.headers
        or request.accept_encodings["gzip"] <= 0
    ):
        return response
    response.direct_passthrough = False
    plain = response.get_data()
    if len(plain) < SMALL:
        return response
    response.set_data(_kept(plain) if request.endpoint == "static" else _padded(plain))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    if tag := response.get_etag()[0]:
        response.set_etag(tag, weak=True)
    return response


def _padded(plain: bytes) -> bytes:
    """Compressed, and longer by chance: the length of a page tells nobody whether words that came with the address
    also stand in it (BREACH; the way of "Heal the Breach", which Django takes too)."""
    body, name = BytesIO(), secrets.token_hex(PADDING // 2)[: secrets.randbelow(PADDING + 1)]
    with gzip.GzipFile(name, "wb", 6, body, mtime=0) as file:
        file.write(plain)
    return body.getvalue()


@lru_cache(maxsize=16)
def _kept(plain: bytes) -> bytes:
    return gzip.compress(plain, 9, mtime=0)
