"""Other correct HTTP: encodings, framing, header names, methods, patience."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Variant
from certification.reference.faults.tools import Change, answers, header
from certification.reference.front import Front
from certification.reference.messages import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from certification.reference.messages import Answer, Call

EVERYTHING = range(200, 600)
SLOWNESS = 0.003
PATIENCE = 300
FEW_REFUSALS = 12
JSON_TYPE = "application/json"

SECURITY_HEADERS = {
    "strict-transport-security": "max-age=63072000; includeSubDomains; preload",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "x-request-id": "7b1c0a52-58a4-4d0b-9a39-0f6b3c5f1c11",
    **{f"x-trace-{number}": f"value {number}" for number in range(40)},
}


def _compressed(name: str, function: Callable[[bytes], bytes]) -> Change:
    """Return the change to a compressed body, for callers who take that."""

    def change(call: Call, answer: Answer) -> None:
        if name in call.headers.get("accept-encoding", ""):
            answer.raw = function(answer.payload())
            answer.headers["content-encoding"] = name

    return change


class Chunked:
    """Sends bodies in two pieces, with no length announced."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, and drop the length."""

        async def pieces(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [(name, value) for name, value in message["headers"] if name != b"content-length"]
                await send({**message, "headers": headers})
                return
            body = message.get("body", b"")
            await send({**message, "body": body[: len(body) // 2], "more_body": True})
            await send({**message, "body": body[len(body) // 2 :]})

        await self._app(scope, receive, pieces)


class CapitalHeaders:
    """Writes header names as people do."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request under other header names."""

        async def renamed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [(name.title(), value) for name, value in message["headers"]]}
            await send(message)

        await self._app(scope, receive, renamed)


def _methods(code: int, body: bytes, media_type: bytes) -> Any:
    """Return a framework that answers unknown methods in its own way."""

    class Framework:
        def __init__(self, app: ASGIApp) -> None:
            self._app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            refused = False

            async def own(message: Message) -> None:
                nonlocal refused
                if message["type"] == "http.response.start" and message["status"] == 405:
                    refused = True
                    headers = [(b"content-type", media_type), (b"content-length", str(len(body)).encode())]
                    message = {**message, "status": code, "headers": headers}
                elif refused:
                    message = {**message, "body": body}
                await send(message)

            await self._app(scope, receive, own)

    return Framework


class Slow(Front):
    """Takes its time."""

    async def respond(self, call: Call) -> Answer:
        await asyncio.sleep(SLOWNESS)
        return await super().respond(call)


class Throttled(Front):
    """Asks for a pause now and then."""

    count = 0

    async def respond(self, call: Call) -> Answer:
        self.count += 1
        if self.count % PATIENCE:
            return await super().respond(call)
        answer = Refusal(429, "general_error", "too many requests").answer()
        answer.headers["retry-after"] = "1"
        return answer


class ThrottledUntil(Throttled):
    """Says by the clock when to come back."""

    async def respond(self, call: Call) -> Answer:
        answer = await super().respond(call)
        if answer.status == 429:
            answer.headers["retry-after"] = formatdate(time.time() + 1, usegmt=True)
        return answer


class RefusalsThrottled(Front):
    """Asks for a pause after every few wrong credentials, lest somebody guesses."""

    count = 0

    def authorize(self, call: Call) -> None:
        try:
            super().authorize(call)
        except Refusal:
            self.count += 1
            if self.count % FEW_REFUSALS == 0:
                raise Refusal(429, "general_error", "too many wrong credentials") from None
            raise

    def refuse(self, call: Call, refusal: Refusal) -> Answer:
        answer = super().refuse(call, refusal)
        if answer.status == 429:
            answer.headers["retry-after"] = "1"
        return answer


class RefusesBeforeReading:
    """Answers 401 to a call without Authorization before it reads the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the headers first."""
        names = {name for name, _value in scope["headers"]}
        if b"authorization" in names or "/app/" in scope["path"]:
            await self._app(scope, receive, send)
            return
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"error_reason": "unauthorized"}'})


def _all(name: str, title: str, change: Change, statuses: range = EVERYTHING) -> Variant:
    return Variant(name, title, (answers(change, None, statuses),))


def _many_headers(_call: Call, answer: Answer) -> None:
    answer.headers.update(SECURITY_HEADERS)


VARIANTS = (
    _all("gzip", "Answers are gzip.", _compressed("gzip", gzip.compress)),
    _all("deflate", "Answers are deflate.", _compressed("deflate", zlib.compress)),
    Variant("chunked", "Answers are chunked.", (Chunked,)),
    Variant(
        "http-1-0",
        "The server speaks HTTP/1.0.",
        (answers(header("connection", "close"), None, EVERYTHING),),
        http_version="1.0",
        wire=True,
    ),
    _all("connection-close", "Every TCP connection is closed after one answer.", header("connection", "close")),
    Variant("header-names", "Header names have capitals.", (CapitalHeaders,)),
    _all(
        "cookie",
        "A load balancer sets a cookie that nobody needs.",
        header("set-cookie", "lb=node-1; Path=/; HttpOnly"),
    ),
    _all(
        "content-type-charset",
        "The media type carries a charset.",
        header("content-type", f"{JSON_TYPE}; charset=utf-8"),
    ),
    _all(
        "content-type-compact",
        "The charset follows without a blank, in capitals.",
        header("content-type", f"{JSON_TYPE};charset=UTF-8"),
    ),
    _all("content-type-capitals", "The media type has capitals.", header("content-type", "Application/JSON")),
    _all(
        "content-type-parameter",
        "The media type carries another parameter.",
        header("content-type", f'{JSON_TYPE}; profile="v2"; charset="utf-8"'),
    ),
    Variant("slow", "Every answer takes 3 ms.", (Slow,)),
    Variant(
        "throttled", "Every 300th request is asked to come back in a second.", (Throttled,), {}, "429 with Retry-After"
    ),
    Variant(
        "method-page",
        "A wrong method gets the framework's page.",
        (_methods(405, b"<h1>Method not allowed</h1>", b"text/html"),),
    ),
    Variant(
        "method-detail",
        "A wrong method gets the framework's JSON.",
        (_methods(405, b'{"detail":"Method Not Allowed"}', b"application/json"),),
    ),
    Variant(
        "method-not-found", "A path is not found under a wrong method.", (_methods(404, b"Not Found", b"text/plain"),)
    ),
    _all("headers-many", "Answers carry security headers and forty more.", _many_headers),
    Variant("refuses-before-reading", "A call without credentials is refused unread.", (RefusesBeforeReading,)),
    Variant("throttled-until", "A pause is asked for until a date.", (ThrottledUntil,), {}, "429 with Retry-After"),
    Variant(
        "refusals-throttled",
        "Every twelfth wrong credentials are asked to come back.",
        (RefusalsThrottled,),
        {},
        "429 with Retry-After",
    ),
)
