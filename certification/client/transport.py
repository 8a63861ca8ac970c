"""The network under the client: pooled HTTP/1.1 connections, a deadline for each call, and nothing sent twice unseen.

httpx bounds each read, not a whole answer: a partner that drips a byte a second would hold a call for ever.  Here every
socket operation is given what is left of the call's own deadline.

A request leaves in one piece.  Where a kept connection turns out to be closed before anything of the request was written,
a new one is opened; after that a request is never sent again, because nobody can tell whether the partner acted on it
(RFC 9110, 9.2.2).
"""

from __future__ import annotations

import os
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from certification.client.addresses import AddressGuard

KEEP_SECONDS = 1.0
"""How long an idle connection is kept: short, so that one that the partner is about to close is rarely picked."""

MAX_STALE = 25
"""So many kept connections may turn out to be closed in one call; the pool keeps fewer."""

LATE_SECONDS = 0.05
"""How long a body that leaves late on purpose stays behind its headers."""


class StaleConnectionError(Exception):
    """The kept connection was closed by the partner before anything was written to it."""


class Deadline(threading.local):
    """What the current call of this thread may still take, how its request leaves, and over which connection."""

    end: float = float("inf")
    connected: bool = False
    """Whether a connection was opened for this call."""
    stale: bool = False
    """Whether a kept connection was found closed, so that another one was taken."""
    late_body: bool = False

    def start(self, seconds: float, *, late_body: bool = False) -> None:
        """Begin a call that may take ``seconds``."""
        self.end = time.monotonic() + seconds
        self.connected = self.stale = False
        self.late_body = late_body

    def left(self, error: type[Exception]) -> float:
        """Return the seconds left; raises ``error`` when there are none."""
        left = self.end - time.monotonic()
        if left <= 0:
            message = "the time for the whole answer is used up"
            raise error(message)
        return left

    @property
    def connection(self) -> str:
        """Over which connection the call went: ``new``, ``kept``, or ``renewed`` after a kept one was found closed."""
        if self.stale:
            return "renewed"
        return "new" if self.connected else "kept"


class _Stream(httpcore.NetworkStream):
    """A connection that keeps what is written until something is read, so that a request leaves in one piece."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline
        self._pending: list[bytes] = []

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        self._flush()
        return self._stream.read(max_bytes, self._deadline.left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._pending.append(buffer)

    def _flush(self) -> None:
        if not self._pending:
            return
        pieces, self._pending = self._pending, []
        kept = not self._deadline.connected
        if kept and self._stream.get_extra_info("is_readable"):
            raise StaleConnectionError
        if self._deadline.late_body and len(pieces) > 1:
            self._put(pieces[0], first_on_kept=kept)
            time.sleep(LATE_SECONDS)
            self._put(b"".join(pieces[1:]), first_on_kept=False)
        else:
            self._put(b"".join(pieces), first_on_kept=kept)

    def _put(self, data: bytes, *, first_on_kept: bool) -> None:
        try:
            self._stream.write(data, self._deadline.left(httpcore.WriteTimeout))
        except httpcore.WriteError:
            if first_on_kept:
                # The system took nothing of it: the connection was closed already.
                raise StaleConnectionError from None
            # A server may refuse a request before it has read it all, and say so: its answer is read next.
            return

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        self._flush()
        left = self._deadline.left(httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, deadline: Deadline, guard: AddressGuard | None) -> None:
        self._deadline, self._guard = deadline, guard
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        del timeout
        self._deadline.connected = True
        # Connecting to the address that was checked, not to the name, keeps a second look-up from leading elsewhere.
        targets = self._guard.check(host) if self._guard else [host]
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for target in targets:
            try:
                left = self._deadline.left(httpcore.ConnectTimeout)
                stream = self._plain.connect_tcp(target, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class PooledTransport(httpx.BaseTransport):
    """An httpx transport over one httpcore pool.

    ``keep_alive`` False closes each connection after its answer; ``guard`` restricts the addresses that are connected
    to; ``proxy`` is one of the environment's.  Errors are httpcore's.
    """

    def __init__(
        self,
        deadline: Deadline,
        *,
        keep_alive: bool = True,
        guard: AddressGuard | None = None,
        proxy: httpcore.Proxy | None = None,
    ) -> None:
        """Open nothing yet; connections are made when they are needed."""
        self._deadline = deadline
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls_context(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
            max_connections=40,
            max_keepalive_connections=20 if keep_alive else 0,
            keepalive_expiry=KEEP_SECONDS,
            network_backend=_Backend(deadline, guard),
            proxy=proxy,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` once; returns the answer with its body still to be read."""
        for _ in range(MAX_STALE):
            try:
                answer = self._pool.handle_request(_core_request(request))
            except StaleConnectionError:
                self._deadline.stale = True
            else:
                return httpx.Response(
                    answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
                )
        message = "each connection was closed before the request could be sent"
        raise httpcore.ConnectError(message)

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class GuardedTransport(httpx.BaseTransport):
    """Opens pages wherever they lead, each host by its own way: through the environment's proxy, or guarded and direct.

    Behind a proxy it is the proxy that connects.  Addresses written into a URL, and names that this machine can look up,
    are refused all the same; what a name means that only the proxy knows is the proxy's to decide.
    """

    def __init__(self, deadline: Deadline, guard: AddressGuard) -> None:
        """Open nothing yet."""
        self._deadline, self._guard = deadline, guard
        self._direct = PooledTransport(deadline, guard=guard)
        self._by_proxy: dict[str, PooledTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``; raises RefusedAddressError where it must not go."""
        address = proxy_address(request.url.scheme, request.url.host)
        if address is None:
            return self._direct.handle_request(request)
        self._guard.check(request.url.host)
        if address not in self._by_proxy:
            self._by_proxy[address] = PooledTransport(self._deadline, proxy=proxy_at(address))
        return self._by_proxy[address].handle_request(request)

    def close(self) -> None:
        """Close all connections."""
        for transport in (self._direct, *self._by_proxy.values()):
            transport.close()


@cache
def _tls_context(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    """Return what checks certificates, with the authorities that the environment names; reading them takes a while."""
    return httpx.create_ssl_context()


def _core_request(request: httpx.Request) -> httpcore.Request:
    url = request.url
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=request.stream,
        extensions={},
    )


def proxy_address(
    scheme: str,
    host: str,
    proxies: Callable[[], dict[str, str]] = getproxies,
    bypassed: Callable[[str], object] = proxy_bypass,
) -> str | None:
    """Return the address of the environment's proxy for ``host``, or None: this machine is always reached directly."""
    address = proxies().get(scheme)
    if not address or bypassed(host) or host in {"localhost", "127.0.0.1", "::1"}:
        return None
    return address if "://" in address else f"http://{address}"


def proxy_at(address: str) -> httpcore.Proxy:
    """Return the proxy at ``address``, with the user and password that stand in it."""
    url = httpx.URL(address)
    auth = (unquote(url.username), unquote(url.password)) if url.username or url.password else None
    return httpcore.Proxy(str(url.copy_with(username=None, password=None)), auth=auth)
