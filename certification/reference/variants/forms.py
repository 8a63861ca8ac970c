"""Other correct forms of answers: status codes, headers, encodings and JSON layouts."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Variant
from certification.reference.faults.tools import (
    CONNECT,
    CONNECTORS,
    EXPIRE,
    RESET,
    TEST,
    Change,
    answers,
    bytes_as,
    convert,
    header,
    is_first,
    of,
    put,
    rebuild,
    status,
)
from certification.reference.front import Front
from certification.reference.messages import Refusal
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from certification.reference.messages import Answer, Call

ERRORS = range(400, 600)
EVERYTHING = range(200, 600)
SLOWNESS = 0.04
LONG_ID = 512
PATIENCE = 150


def _compressed(name: str, function: Callable[[bytes], bytes]) -> Change:
    """Return the change to a compressed body, for callers who take that."""

    def change(call: Call, answer: Answer) -> None:
        if name in call.headers.get("accept-encoding", ""):
            answer.raw = function(answer.payload())
            answer.headers["content-encoding"] = name

    return change


def _layout(**options: Any) -> Change:
    def change(_call: Call, answer: Answer) -> None:
        answer.raw = json.dumps(answer.content, **options).encode()

    return change


def _nulls(_call: Call, answer: Answer) -> None:
    answer.content.setdefault("connection_id", None)
    answer.content.setdefault("oauth_redirect_uri", None)


def _empty(_call: Call, answer: Answer) -> None:
    answer.raw = b""
    answer.headers.pop("content-type")


def _is_hook(call: Call) -> bool:
    return call.operation in {RESET, EXPIRE}


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


class Numbered(Partner):
    """Numbers its connections, and sends the numbers as text."""

    last = 0

    def new_connection_id(self, call: Call) -> str:
        self.last += 1
        return str(self.last)


class LongIds(Partner):
    """Has ids that carry more than a number."""

    def new_connection_id(self, call: Call) -> str:
        return super().new_connection_id(call).ljust(LONG_ID, "x")


class MarkedIds(Partner):
    """Has ids with characters that mean something in addresses."""

    def new_connection_id(self, call: Call) -> str:
        return f"conn:{super().new_connection_id(call)}/a+b=="


class SpokenIds(Partner):
    """Has ids with letters beyond ASCII."""

    def new_connection_id(self, call: Call) -> str:
        return f"Verknüpfung {super().new_connection_id(call)}"


def _all(name: str, title: str, change: Change, statuses: range = EVERYTHING) -> Variant:
    return Variant(name, title, (answers(change, None, statuses),))


def _connect(name: str, title: str, change: Change, advisories: str = "") -> Variant:
    return Variant(name, title, (answers(change, of(CONNECT)),), {}, advisories)


JSON_TYPE = "application/json"

ANSWERS = (
    Variant("status-201", "A first connect answers 201.", (answers(status(201), is_first),)),
    _connect(
        "extra-fields", "Answers have fields that the model lacks.", put(tenant="t-1", trace={"id": 1, "tags": []})
    ),
    _all("errors-extra-fields", "Errors have fields that the model lacks.", put(request_id="r-1", code=17), ERRORS),
    _all(
        "errors-with-messages",
        "Errors explain themselves to the user, in other letters too.",
        put(display_message="Das hat nicht geklappt – 申し訳ありません。"),
        ERRORS,
    ),
    _all(
        "errors-bare",
        "Errors have a reason and nothing else.",
        rebuild(lambda content: {"error_reason": content["error_reason"]}),
        ERRORS,
    ),
    Variant(
        "errors-null-messages",
        "Messages without text are null.",
        (answers(put(display_message=None, debugging_message=None), None, ERRORS),),
        {},
        "ruling 6",
    ),
    _connect("null-fields", "Optional fields without a value are null.", _nulls, "ruling 6"),
    Variant(
        "connectors-null-token",
        "The last page's token is null.",
        (answers(lambda _call, answer: answer.content.setdefault("pagination_token", None), of(CONNECTORS)),),
        {},
        "ruling 6",
    ),
    Variant(
        "test-null-message",
        "Tests without a message have null.",
        (answers(convert("test_results", lambda rows: [{**row, "message": None} for row in rows]), of(TEST)),),
        {},
        "ruling 6",
    ),
    Variant("hooks-empty", "Hooks answer without a body.", (answers(_empty, _is_hook),)),
    Variant(
        "hooks-text",
        "Hooks answer OK in plain text.",
        (answers(lambda _call, answer: answer.replace_raw(200, "OK", "text/plain"), _is_hook),),
    ),
    Variant("ids-numbers", "Connection ids are numbers, as text.", (Numbered,)),
    Variant("ids-long", "Connection ids are very long.", (LongIds,)),
    Variant("ids-marks", "Connection ids hold colon, slash, plus and equals sign.", (MarkedIds,)),
    Variant("ids-letters", "Connection ids hold blanks and letters beyond ASCII.", (SpokenIds,)),
)

HTTP = (
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
    Variant("slow", "Every answer takes 40 ms.", (Slow,)),
    Variant(
        "throttled", "Every 150th request is asked to come back in a second.", (Throttled,), {}, "429 with Retry-After"
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
)

LAYOUTS = (
    _all("json-pretty", "JSON is indented.", _layout(indent=4, ensure_ascii=False)),
    _all("json-compact", "JSON has no blanks.", _layout(separators=(",", ":"))),
    _all("json-sorted", "Keys are sorted.", _layout(sort_keys=True)),
    _all(
        "json-escaped",
        "All letters beyond ASCII, and slashes, are escaped.",
        bytes_as(lambda body: json.dumps(json.loads(body)).replace("/", "\\/").encode()),
    ),
    _all("json-line-break", "A line break follows the JSON.", bytes_as(lambda body: b"\r\n " + body + b"\r\n")),
)

VARIANTS = ANSWERS + HTTP + LAYOUTS
