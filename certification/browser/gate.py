"""The gate between the browser and the network: a forward proxy on this machine that decides which addresses a page may reach.

A page is somebody else's program.  It may load what it likes from public addresses; this machine and the networks behind it
it may reach only where the partner itself is there.  What goes through is bounded, and every host that was asked for is kept.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from certification.client.addresses import AddressGuard, RefusedAddressError

MAX_BYTES = 80_000_000
"""Bytes of answers that a visit may load."""

MAX_HEAD = 64_000
MAX_HOSTS = 500
PATIENCE_SECONDS = 30.0
_CHUNK = 1 << 16
_WEB_PORTS = {"http": 80, "https": 443}


class Passage(StrEnum):
    """What became of a request to a host."""

    PASSED = "passed"
    REFUSED = "refused"
    """The address is none that a page may reach."""
    UNREACHABLE = "unreachable"
    TOO_MUCH = "too much"
    """The visit had loaded as much as it may."""


@dataclass(frozen=True, slots=True)
class HostAsked:
    """A host that the page asked for, and whether it got through."""

    host: str
    passage: Passage


class Gate:
    """A proxy on a loopback port; use it in a ``with`` statement."""

    def __init__(self, partner_host: str, *, max_bytes: int = MAX_BYTES) -> None:
        """Let pages reach public addresses, and those where the partner at ``partner_host`` is."""
        self._guard = AddressGuard(partner_host)
        self._left = max_bytes
        self._lock = threading.Lock()
        self._asked: dict[HostAsked, None] = {}
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    @property
    def port(self) -> int:
        """The port that the browser is told."""
        return int(self._listener.getsockname()[1])

    @property
    def asked(self) -> tuple[HostAsked, ...]:
        """The hosts that pages asked for, each outcome once."""
        with self._lock:
            return tuple(self._asked)

    def __enter__(self) -> Self:
        """Begin to listen."""
        threading.Thread(target=self._listen, name="browser-gate", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the port and all that is open."""
        # A thread that waits in accept() is not woken by close() everywhere.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            waiting = list(self._open)
        for each in waiting:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._kept(connection), suppress(OSError, ValueError, UnicodeError):
            connection.settimeout(PATIENCE_SECONDS)
            head, rest = _head(connection)
            line, _, headers = head.partition(b"\r\n")
            method, target, _ = line.decode("ascii").split(" ", 2)
            if method == "CONNECT":
                host, port = _host_and_port(target, 443)
                server = self._reach(host, port, connection)
                if server is not None:
                    connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    self._join(connection, server, rest)
                return
            scheme, _, remainder = target.partition("://")
            authority, slash, path = remainder.partition("/")
            host, port = _host_and_port(authority, _WEB_PORTS.get(scheme, 80))
            server = self._reach(host, port, connection)
            if server is not None:
                # One request each: the browser opens another connection for the next, so that no host can be swapped.
                kept = [
                    each for each in headers.split(b"\r\n") if not each.lower().startswith((b"proxy-", b"connection:"))
                ]
                fresh = b"\r\n".join(
                    [f"{method} {slash}{path or ''} HTTP/1.1".replace("  ", " / ").encode("ascii"), *kept]
                )
                self._join(connection, server, fresh.rstrip(b"\r\n") + b"\r\nConnection: close\r\n\r\n" + rest)

    def _reach(self, host: str, port: int, connection: socket.socket) -> socket.socket | None:
        """Return a connection to ``host``, or tell the browser why there is none."""
        server = None
        if self._left <= 0:
            outcome = Passage.TOO_MUCH
        else:
            outcome, server = self._connect(host, port)
        self._note(host, outcome)
        if server is not None:
            return server
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        return None

    def _connect(self, host: str, port: int) -> tuple[Passage, socket.socket | None]:
        try:
            addresses = self._guard.check(host)
            server = socket.create_connection((addresses[0], port), PATIENCE_SECONDS) if addresses else None
        except RefusedAddressError:
            return Passage.REFUSED, None
        except OSError:
            return Passage.UNREACHABLE, None
        return (Passage.PASSED, server) if server else (Passage.UNREACHABLE, None)

    def _note(self, host: str, passage: Passage) -> None:
        with self._lock:
            if len(self._asked) < MAX_HOSTS:
                self._asked[HostAsked(host[:253], passage)] = None

    def _join(self, browser: socket.socket, server: socket.socket, first: bytes) -> None:
        with self._kept(server):
            server.settimeout(PATIENCE_SECONDS * 4)
            browser.settimeout(PATIENCE_SECONDS * 4)
            server.sendall(first)
            upward = threading.Thread(target=self._pour, args=(browser, server, False), daemon=True)
            upward.start()
            self._pour(server, browser, True)
            with suppress(OSError):
                browser.shutdown(socket.SHUT_RDWR)
            upward.join(PATIENCE_SECONDS)

    def _pour(self, source: socket.socket, target: socket.socket, counted: bool) -> None:  # noqa: FBT001 - a thread's target takes its arguments in order
        with suppress(OSError):
            while chunk := source.recv(_CHUNK):
                if counted:
                    self._left -= len(chunk)
                    if self._left <= 0:
                        break
                target.sendall(chunk)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def _kept(self, connection: socket.socket) -> _Kept:
        return _Kept(connection, self._open, self._lock)


class _Kept:
    """Holds an open socket where it can be closed from outside."""

    def __init__(self, connection: socket.socket, all_open: set[socket.socket], lock: threading.Lock) -> None:
        self._connection, self._open, self._lock = connection, all_open, lock

    def __enter__(self) -> None:
        with self._lock:
            self._open.add(self._connection)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._open.discard(self._connection)
        self._connection.close()


def _head(connection: socket.socket) -> tuple[bytes, bytes]:
    """Return the head of a request, and what was read beyond it."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(_CHUNK)
        if not chunk or len(data) > MAX_HEAD:
            message = "no request"
            raise ValueError(message)
        data += chunk
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


def _host_and_port(authority: str, usual: int) -> tuple[str, int]:
    name, colon, port = authority.rpartition(":")
    if not colon or port.endswith("]"):
        return authority.strip("[]"), usual
    return name.strip("[]"), int(port)
