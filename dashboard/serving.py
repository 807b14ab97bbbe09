"""What stands between the pages and the network.

Headers that keep other sites from framing or redirecting a page, numbers of the server closed to
strangers, and a place where an operator asks whether there is a data set to show.
"""

from __future__ import annotations

import logging
import os
import re
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import data

# What may run and load is not told here: the framework's page has a script of its own in its text.
POLICY = {"object-src": "'none'", "base-uri": "'self'", "form-action": "'self'", "frame-ancestors": "'self'"}
HEADERS = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
}
METRICS = "/_stcore/metrics"
SESSION = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HIDDEN = "[session]"


class Guard:
    """Middleware: our headers on every answer, and no numbers of the server unless OGI_METRICS=1 opens them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = partial(_tell, send)
        if scope["path"].rstrip("/").endswith(METRICS) and os.environ.get("OGI_METRICS") != "1":
            await PlainTextResponse("closed", 404)(scope, receive, told)
        else:
            await self._app(scope, receive, told)


async def _tell(send: Send, message: Message) -> None:
    if message["type"] == "http.response.start":
        MutableHeaders(scope=message).update(HEADERS)
    await send(message)


async def ready(_: Request) -> JSONResponse:
    """200 and the version where there is a whole data set to show, 503 and the reason where there is none."""
    try:
        found = await run_in_threadpool(data.load, data.home())
    except data.DamagedError as damage:
        return JSONResponse({"ready": False, "reason": damage.key}, 503)
    return JSONResponse({"ready": True, "version": found.version, "damaged": found.damage is not None})


def hide_sessions() -> None:
    """Keep ids of sessions out of every log of this process: who knows one can take the session up."""
    before = logging.getLogRecordFactory()

    def factory(*given: object, **named: object) -> logging.LogRecord:
        record = before(*given, **named)
        record.msg = _hidden(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_hidden, record.args))
        return record

    logging.setLogRecordFactory(factory)


def _hidden(value: Any) -> Any:
    return SESSION.sub(HIDDEN, value) if isinstance(value, str) else value


# Streamlit finds the application by its text, `st.App(…)` in app.py; these are what it is given.
MIDDLEWARE, ROUTES = (Middleware(Guard),), (Route("/ready", ready),)
