"""Faults between content and bytes: media types, encodings, broken JSON, gateways and proxies."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    CONNECT,
    DELETE,
    Change,
    answers,
    blocks,
    bytes_as,
    error,
    errors,
    header,
    html,
    is_first,
    is_sign_in,
    of,
    understands,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from certification.reference.messages import Answer, Call, Json

FAMILY = "wire"

LARGE_REQUEST = 2048


def _connect(name: str, title: str, *changes: Change) -> Fault:
    return Fault(f"connect-{name}", FAMILY, title, tuple(answers(change, of(CONNECT)) for change in changes))


def _insert(text: bytes) -> Change:
    """Return the change that puts ``text`` in front of the last brace."""
    return bytes_as(lambda body: body[:-1] + text + body[-1:])


def _drop_media_type(_call: Call, answer: Answer) -> None:
    answer.headers.pop("content-type", None)


def _half(_call: Call, answer: Answer) -> None:
    body = answer.payload()
    answer.raw = body[: len(body) // 2]


def _lone_surrogate(_call: Call, answer: Answer) -> None:
    answer.raw = json.dumps({**answer.content, "user_status": answer.content["user_status"] + "\ud83d"}).encode()


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


MEDIA_TYPES = (
    _connect("content-type-text", "Connect answers JSON as text/plain.", header("content-type", "text/plain")),
    _connect("content-type-html", "Connect answers JSON as text/html.", header("content-type", "text/html")),
    _connect("content-type-missing", "Connect answers without a Content-Type.", _drop_media_type),
    _connect("html-page", "Connect answers with the product's sign-in page.", html(200, "Sign in")),
    Fault(
        "sign-in-html-page",
        FAMILY,
        "A sign-in answers with the page instead of its address.",
        (answers(html(200, "Welcome back"), is_sign_in),),
    ),
)

ENCODINGS = (
    _connect("utf-16", "Connect answers in UTF-16.", bytes_as(lambda body: body.decode().encode("utf-16"))),
    _connect("byte-order-mark", "A byte-order mark precedes the JSON.", bytes_as(lambda body: b"\xef\xbb\xbf" + body)),
    _connect("invalid-utf-8", "A name in Latin-1 stands in the UTF-8 answer.", _insert(b', "note": "Zo\xeb"')),
    _connect("lone-surrogate", "A text is cut in the middle of an emoji.", _lone_surrogate),
    _connect("json-in-string", "The JSON is encoded twice.", bytes_as(lambda body: json.dumps(body.decode()).encode())),
    _connect("json-twice", "The answer holds the JSON twice.", bytes_as(lambda body: body + body)),
    _connect(
        "python-syntax",
        "The answer is printed, not serialized.",
        bytes_as(lambda body: repr(json.loads(body)).encode()),
    ),
    _connect("nan", "A duration without a value is sent as NaN.", _insert(b', "seconds": NaN')),
    _connect("duplicate-key", "A merge of two objects repeats user_status.", _insert(b', "user_status": "existing"')),
    _connect(
        "warning-before-json",
        "The runtime prints a warning before the JSON.",
        bytes_as(lambda body: b"Deprecated: in connect.php\n" + body),
    ),
    _connect("xssi-prefix", "A framework guards JSON with a prefix.", bytes_as(lambda body: b")]}',\n" + body)),
    _connect("half-json", "The answer ends in the middle.", _half),
    _connect("gzip-claimed", "A header says gzip, the body is plain.", header("content-encoding", "gzip")),
    _connect("gzip-unlabelled", "The body is gzip, no header says so.", bytes_as(gzip.compress)),
)

GATEWAYS = (
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
)

FAULTS = MEDIA_TYPES + ENCODINGS + GATEWAYS
