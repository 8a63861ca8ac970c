"""Call an ASGI application without a socket: what a server and the network do to a call, as far as a client can tell.

A certification of the reference partner costs a fraction of what it does over sockets, so that every fault and every
variant can be tried in the time that tests may take.  What only bytes on a wire can show declares ``wire`` in the
catalogue and is served over a socket.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import httpcore
import httpx

from certification.client.addresses import AddressGuard

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Scope

HOST = "127.0.0.1"
PORT = 8765
"""Stands in the addresses of pages; nothing listens there."""

SERVER_ERROR = b"Internal Server Error"
"""What uvicorn says for an application that ended, or raised, before it answered."""

LARGEST_ANSWER = 8_000_000
"""A client hangs up long before; an application that never ends is told so here."""


class InMemory(httpx.BaseTransport):
    """An httpx transport to ``app``, which handles all calls in one event loop, as a server does.

    The loop has no thread of its own: a call runs it until it has its answer, and calls that come meanwhile are handled in it
    as well.  To pass each call to another thread and back would cost more than to answer it.

    Hosts and ports other than the application's are out of reach, private addresses are refused, and an answer that takes
    longer than ``seconds`` is a timeout; the errors are those of the network's transport.
    """

    def __init__(self, app: ASGIApp, seconds: float, port: int = PORT) -> None:
        """Make the event loop; it runs while there are calls."""
        self._app, self._seconds, self._port = app, seconds, port
        self._guard = AddressGuard(HOST)
        self._loop = asyncio.new_event_loop()
        self._turn = threading.Condition()
        self._running = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Have the application answer ``request``; the answer's body is there already."""
        self._reach(request.url)
        exchange = _Exchange(bytes(request.read()))
        if not self._answered(exchange.handle(self._app, self._scope(request))):
            message = "timed out"
            raise httpcore.ReadTimeout(message)
        return exchange.response(request.method)

    def close(self) -> None:
        """End what still runs in the loop; a second time does nothing."""
        if not self._loop.is_closed():
            self._loop.run_until_complete(_cancel_others())
            self._loop.close()

    def _answered(self, handling: Coroutine[Any, Any, None]) -> bool:
        """Run ``handling`` to its end, and return whether that came in time."""
        with self._turn:
            idle, self._running = not self._running, True
        if not idle:
            return self._answered_beside(asyncio.run_coroutine_threadsafe(handling, self._loop))
        try:
            task = self._loop.create_task(handling)
            self._run({task}, self._seconds)
        finally:
            self._rest()
        return _ended(task)

    def _answered_beside(self, handled: Future[None]) -> bool:
        """Wait for what another thread runs, and run it here when that thread has its own answer first."""
        end = time.monotonic() + self._seconds
        handled.add_done_callback(self._wake)
        with self._turn:
            self._turn.wait_for(lambda: handled.done() or not self._running, self._seconds)
            if handled.done() or self._running:
                return _ended(handled)
            self._running = True
        try:
            self._run({asyncio.wrap_future(handled, loop=self._loop)}, max(0.0, end - time.monotonic()))
        finally:
            self._rest()
        return _ended(handled)

    def _run(self, awaited: set[Any], seconds: float) -> None:
        self._loop.run_until_complete(asyncio.wait(awaited, timeout=seconds))

    def _rest(self) -> None:
        with self._turn:
            self._running = False
            self._turn.notify_all()

    def _wake(self, _handled: Future[None]) -> None:
        with self._turn:
            self._turn.notify_all()

    def _reach(self, url: httpx.URL) -> None:
        host, port = url.host.lower().rstrip("."), url.port or (443 if url.scheme == "https" else 80)
        ours = host in {HOST, "localhost"} or host.endswith(".localhost")
        if not ours:
            self._guard.check(host)
            message = f"{host} is out of reach"
            raise httpcore.ConnectError(message)
        if port != self._port or url.scheme != "http":
            message = f"nothing listens on port {port}"
            raise httpcore.ConnectError(message)

    def _scope(self, request: httpx.Request) -> Scope:
        path, _, query = request.url.raw_path.partition(b"?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": unquote_to_bytes(path).decode("utf-8", "replace"),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": (HOST, 50_000),
            "server": (HOST, self._port),
            "state": {},
        }


def _ended(handled: Future[None] | asyncio.Task[None]) -> bool:
    """Return whether ``handled`` came to its end; it is given up when not."""
    if handled.done():
        return True
    handled.cancel()
    return False


@dataclass
class _Exchange:
    """One request body, and what the application said to it."""

    body: bytes
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    size: int = 0
    complete: bool = False

    async def handle(self, app: ASGIApp, scope: Scope) -> None:
        unread = [self.body]

        async def receive() -> Message:
            if unread:
                return {"type": "http.request", "body": unread.pop(), "more_body": False}
            # The client stays until it has the answer.
            await asyncio.Event().wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status, self.headers = message["status"], [*message.get("headers", ())]
                return
            chunk = message.get("body", b"")
            self.size += len(chunk)
            if self.size > LARGEST_ANSWER:
                raise ConnectionResetError
            self.chunks.append(chunk)
            self.complete = not message.get("more_body", False)

        try:
            await app(scope, receive, send)
        except Exception:  # noqa: BLE001 - a server survives whatever an application raises
            self.complete = False
        if not self.status:
            self.status, self.headers = 500, [(b"content-type", b"text/plain; charset=utf-8")]
            self.chunks, self.complete = [SERVER_ERROR], True

    def response(self, method: str) -> httpx.Response:
        """Return what a client makes of the answer."""
        headers = [*self.headers]
        lengths = [int(value) for name, value in headers if name.lower() == b"content-length"]
        if not lengths and self.status not in {204, 304}:
            headers.append((b"transfer-encoding", b"chunked"))
        if method == "HEAD" or self.status in {204, 304}:
            body = _Body([], None, complete=True)
        else:
            body = _Body(self.chunks, lengths[0] if lengths else None, complete=self.complete)
        return httpx.Response(self.status, headers=headers, stream=body, extensions={"http_version": b"HTTP/1.1"})


class _Body(httpx.SyncByteStream):
    def __init__(self, chunks: list[bytes], expected: int | None, *, complete: bool) -> None:
        self._chunks, self._expected, self._complete = chunks, expected, complete

    def __iter__(self) -> Iterator[bytes]:
        received = 0
        for chunk in self._chunks:
            received += len(chunk)
            if chunk:
                yield chunk
        if not self._complete or (self._expected is not None and received != self._expected):
            message = "peer closed connection without sending complete message body"
            if self._expected is not None:
                message += f" (received {received} bytes, expected {self._expected})"
            raise httpcore.RemoteProtocolError(message)


async def _cancel_others() -> None:
    tasks: list[asyncio.Task[Any]] = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
