"""The network under the caller: one pooled HTTP/1.1 transport with a deadline for each call and a guard on addresses.

httpx bounds each read, not a whole answer: a partner that drips a byte a second would hold a call for ever.  Here every
socket operation is given what is left of the call's own deadline.  And a redirect_uri comes from the partner: it is
fetched only when it leads to a public address, or to where the partner itself lives.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx


class RefusedAddressError(Exception):
    """The URL leads to an address that this suite does not visit; the message names it."""


class Deadline(threading.local):
    """What the current call of this thread may still take, and whether it opened a connection."""

    end: float = float("inf")
    connected: bool = False

    def start(self, seconds: float) -> None:
        """Begin a call that may take ``seconds``."""
        self.end = time.monotonic() + seconds
        self.connected = False

    def left(self, error: type[Exception]) -> float:
        """Return the seconds left; raises ``error`` when there are none."""
        left = self.end - time.monotonic()
        if left <= 0:
            message = "the time for the whole answer is used up"
            raise error(message)
        return left


class AddressGuard:
    """Decides which addresses may be visited for the partner at ``host``."""

    def __init__(self, host: str) -> None:
        """Resolve the partner's own addresses; an unresolvable partner has none."""
        self._own = frozenset(_addresses(host))
        self._own_loopback = any(ipaddress.ip_address(address).is_loopback for address in self._own)

    def check(self, host: str) -> list[str]:
        """Return the addresses of ``host``, all of which may be visited; raises RefusedAddressError otherwise."""
        found = _addresses(host)
        for text in found:
            address = ipaddress.ip_address(text)
            mapped = getattr(address, "ipv4_mapped", None) or address
            own = text in self._own or (mapped.is_loopback and self._own_loopback)
            if not own and (not mapped.is_global or mapped.is_multicast):
                message = f"{host} is {text}, which is not a public address, and the partner is not there"
                raise RefusedAddressError(message)
        return found


def _addresses(host: str) -> list[str]:
    if host.lower().rstrip(".").endswith(".localhost"):
        # Browsers take these names for this machine (RFC 6761) whatever the resolver says.
        host = "localhost"
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._stream.read(max_bytes, self._deadline.left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._stream.write(buffer, self._deadline.left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
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
        targets = (self._guard.check(host) if self._guard else None) or [host]
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

    ``keep_alive`` False closes each connection after its answer; ``guard`` restricts the addresses; ``proxied`` takes
    the proxy of the environment for hosts other than loopback.  Errors are httpcore's.
    """

    def __init__(
        self,
        deadline: Deadline,
        *,
        keep_alive: bool = True,
        guard: AddressGuard | None = None,
        proxy_for: str | None = None,
    ) -> None:
        """Open nothing yet; connections are made when they are needed."""
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=40,
            max_keepalive_connections=20 if keep_alive else 0,
            # Short, so that a connection that the partner is about to close is rarely picked.
            keepalive_expiry=2.0,
            network_backend=_Backend(deadline, guard),
            proxy=_environment_proxy(proxy_for),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``; returns the answer with its body still to be read."""
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions={},
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


def _environment_proxy(url: str | None) -> httpcore.Proxy | None:
    if url is None:
        return None
    parts = httpx.URL(url)
    address = getproxies().get(parts.scheme)
    if not address or proxy_bypass(parts.host) or parts.host in {"localhost", "127.0.0.1", "::1"}:
        return None
    return httpcore.Proxy(address)
