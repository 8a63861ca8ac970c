"""HTTP around the front desk: routes, bodies, and errors that concern no operation."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router

from certification.reference.messages import Answer, Call, Refusal, bad_request
from certification.reference.operations import Operation
from certification.reference.product.site import Site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from certification.reference.front import Front
    from certification.reference.settings import Settings

# Databricks' requests are a few kilobytes; whatever is larger is not theirs.
LARGEST_BODY = 1_000_000

WELCOME = """\
{name}: the reference partner of the certification suite for Databricks Partner Connect.

It answers these operations, to requests with Basic authentication and the header User-Agent: databricks:

{paths}

User and password are BASIC_USER and BASIC_PASSWORD of its environment; without them it printed others when it started.
To certify it:  pytest --partner-url=<this address>, with the same two variables set
To see faults that can be switched on:  python -m certification.reference --list
"""


class TooLarge(Exception):
    """The body exceeds what any request of Databricks needs."""


class Endpoint:
    """One path of the API and the operations it has by method."""

    def __init__(self, front: Front, operations: Mapping[str, Operation]) -> None:
        self._front = front
        self._operations = operations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer = await self._answer(scope, receive)
        response = Response(answer.payload(), status_code=answer.status, headers=answer.headers)
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        operation = self._operations.get(scope["method"])
        if operation is None:
            return self._wrong_method()
        try:
            raw = await _read(receive)
        except TooLarge:
            return bad_request("the body is larger than any that Databricks sends").answer()
        return await self._front.respond(_call(scope, operation, raw))

    def _wrong_method(self) -> Answer:
        allowed = ", ".join(self._operations)
        answer = Refusal(405, "bad_request", f"this path takes {allowed} only").answer()
        answer.headers["allow"] = allowed
        return answer


def build_app(front: Front) -> ASGIApp:
    """Return the whole partner as one ASGI application."""
    settings = front.settings
    by_path: dict[str, dict[str, Operation]] = {}
    for operation, path in settings.paths.items():
        by_path.setdefault(settings.prefix + path, {})[operation.method] = operation
    routes = [Route(path, Endpoint(front, operations)) for path, operations in by_path.items()]
    roots = dict.fromkeys((settings.prefix or "/", f"{settings.prefix}/"))

    async def introduce(_request: Request) -> Response:
        return PlainTextResponse(welcome(settings))

    routes += [Route(path, introduce) for path in roots if path not in by_path]
    routes += Site(front.partner.product, settings.prefix, _no_such_path).routes()
    return Router(routes, redirect_slashes=False, default=_not_found)


def _call(scope: Scope, operation: Operation, raw: bytes) -> Call:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    client, server = scope.get("client"), scope.get("server")
    return Call(
        operation=operation,
        headers=headers,
        query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        raw=raw,
        peer=f"{client[0]}:{client[1]}" if client else "",
        server_port=server[1] if server else None,
    )


def welcome(settings: Settings) -> str:
    """Return the text for a person who opens the partner's root: the operations, and how to call one by hand."""
    lines = [f"{operation.method:6}  {settings.prefix}{path}" for operation, path in settings.paths.items()]
    return WELCOME.format(name=settings.name, paths="\n".join(f"  {line}" for line in lines))


async def _read(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > LARGEST_BODY:
            raise TooLarge
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _no_such_path() -> Response:
    answer = Refusal(404, "bad_request", "this path is none of the API's").answer()
    return Response(answer.payload(), status_code=answer.status, headers=answer.headers)


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    await _no_such_path()(scope, receive, send)
