"""Faults of what stands between Databricks and the partner: gateways, proxies, routers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    CONNECT,
    CONNECTORS,
    DELETE,
    RESET,
    answers,
    blocks,
    error,
    errors,
    html,
    is_first,
    of,
    understands,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from certification.reference.messages import Answer, Call, Json

FAMILY = "wire"

LARGE_REQUEST = 2048
# What is sent in one piece is there at once; a body that is sent 50 ms later is not.
LATE = 0.01


def _to_login(_call: Call, answer: Answer) -> None:
    answer.replace_raw(302, "", "text/html")
    answer.headers["location"] = "/app/sign-in"


def _doubles(body: Json) -> None:
    body["workspace_id"] = int(float(body["workspace_id"]))
    user = body["user_info"]
    for name in ("databricks_user_id", "databricks_organization_id"):
        user[name] = int(float(user[name]))


class TrailingSlash:
    """A framework that knows each path with a slash at its end only, and redirects to that."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect API calls; serve what carries the slash."""
        path = scope["path"]
        if scope["method"] == "GET" and "/app/" in path:
            await self._app(scope, receive, send)
        elif path.endswith("/"):
            await self._app({**scope, "path": path.rstrip("/")}, receive, send)
        else:
            location = f"{path}/".encode()
            await send({"type": "http.response.start", "status": 308, "headers": [(b"location", location)]})
            await send({"type": "http.response.body", "body": b""})


class DroppedBody:
    """A proxy that forwards DELETE without its body, which many take for meaningless."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward the request, and no body when it is a DELETE."""

        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        await self._app(scope, nothing if scope["method"] == "DELETE" else receive, send)


class CutOff:
    """A proxy that closes the connection in the middle of an answer to connect."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise the whole body and send half of it."""

        async def cut(message: Message) -> None:
            if message["type"] == "http.response.body" and scope["method"] == "POST":
                body = message.get("body", b"")
                await send({**message, "body": body[: len(body) // 2], "more_body": True})
            else:
                await send(message)

        await self._app(scope, receive, cut)


class LateBodyLost:
    """A server that reads what has come with the headers and takes that for the whole request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request with the body as far as it is there."""
        first = asyncio.ensure_future(receive())
        done, _ = await asyncio.wait({first}, timeout=LATE)
        if not done:
            first.cancel()
        message = first.result() if done else {"type": "http.request", "body": b""}

        async def once() -> Message:
            return {**message, "more_body": False}

        await self._app(scope, once, send)


class LateBodyBreaks:
    """A request log that reads the body before it is there, and fails."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 500 unless the body is there at once."""
        first = asyncio.ensure_future(receive())
        done, _ = await asyncio.wait({first}, timeout=LATE)
        if not done:
            first.cancel()
            await send({"type": "http.response.start", "status": 500, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Internal Server Error"})
            return
        waiting = [first.result()]

        async def replay() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, replay, send)


def _has_media_type(call: Call) -> bool:
    return call.operation is CONNECTORS and "content-type" in call.headers


def _only_methods(*methods: str) -> Any:
    """Return a gateway that knows only ``methods``."""

    class Methods:
        def __init__(self, app: ASGIApp) -> None:
            self._app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            if scope["method"] in methods:
                await self._app(scope, receive, send)
                return
            await send({"type": "http.response.start", "status": 405, "headers": [(b"content-type", b"text/html")]})
            await send({"type": "http.response.body", "body": b"<h1>Method not allowed</h1>"})

    return Methods


FAULTS = (
    Fault("gateway-trailing-slash", FAMILY, "Every path redirects to itself with a slash.", (TrailingSlash,)),
    Fault("gateway-login-redirect", FAMILY, "A refused call is redirected to a login page.", (errors(_to_login, 401),)),
    Fault("gateway-drops-delete-body", FAMILY, "A proxy forwards DELETE without its body.", (DroppedBody,)),
    Fault("gateway-cuts-answers", FAMILY, "A proxy closes the connection halfway through an answer.", (CutOff,)),
    Fault("gateway-no-put", FAMILY, "A proxy lets no PUT through.", (_only_methods("GET", "POST", "DELETE"),)),
    Fault("gateway-no-delete", FAMILY, "A proxy lets no DELETE through.", (_only_methods("GET", "POST", "PUT"),)),
    Fault(
        "gateway-502-large-request",
        FAMILY,
        "A proxy answers 502 in HTML for a request larger than its buffer of 2 kB.",
        (blocks(lambda call: len(call.raw) > LARGE_REQUEST, html(502, "Bad gateway")),),
    ),
    Fault(
        "gateway-javascript-numbers",
        FAMILY,
        "A proxy in JavaScript reads ids as doubles: neighbours above 2^53 become one.",
        (understands(_doubles, of(CONNECT)),),
    ),
    Fault(
        "gateway-html-errors",
        FAMILY,
        "A gateway replaces every error body by its own page.",
        (answers(lambda call, answer: html(answer.status, "Error")(call, answer), None, range(400, 600)),),
    ),
    Fault(
        "gateway-503-first-connect",
        FAMILY,
        "The gateway is out of patience before a first connect is done.",
        (blocks(is_first, html(503, "Service unavailable")),),
    ),
    Fault(
        "delete-connection-as-delete",
        FAMILY,
        "Delete-connection still has the method DELETE of the early text.",
        (blocks(of(DELETE), error(405, "bad_request")),),
    ),
    Fault(
        "gateway-refuses-delete-body",
        FAMILY,
        "A load balancer answers 400 to a DELETE with a body.",
        (blocks(of(RESET), html(400, "Bad Request")),),
    ),
    Fault("late-body-lost", FAMILY, "A body that comes after its headers is lost.", (LateBodyLost,), wire=True),
    Fault(
        "late-body-breaks", FAMILY, "A body that comes after its headers breaks the log.", (LateBodyBreaks,), wire=True
    ),
    Fault(
        "connectors-media-type-refused",
        FAMILY,
        "A GET with a Content-Type is refused with 415.",
        (blocks(_has_media_type, error(415, "bad_request")),),
    ),
    Fault(
        "connectors-empty-json-refused",
        FAMILY,
        "A GET with the Content-Type of JSON is refused for its empty body.",
        (blocks(_has_media_type, error(400, "bad_request", debugging_message="Body cannot be empty")),),
    ),
    Fault(
        "connectors-empty-json-breaks",
        FAMILY,
        "A GET with the Content-Type of JSON breaks the parser of bodies.",
        (blocks(_has_media_type, html(500, "Unexpected end of JSON input")),),
    ),
)
