"""Runs the partner on a loopback socket, says when it is ready, and ends without a trace when asked to."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, Any, cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

    from starlette.types import ASGIApp

STDIN = 0


class Http10Protocol(H11Protocol):
    """Answers as an HTTP/1.0 server does: its version in the status line, and the connection closed."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Put the older version into what is written to ``transport``."""
        super().connection_made(cast("asyncio.Transport", _Http10Transport(transport)))


class _Http10Transport:
    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._transport.write(data.replace(b"HTTP/1.1 ", b"HTTP/1.0 ", 1) if data.startswith(b"HTTP/1.1 ") else data)


class Server(uvicorn.Server):
    """A uvicorn server that prints one line once it accepts connections."""

    def __init__(self, config: uvicorn.Config, ready_line: str) -> None:
        super().__init__(config)
        self._ready_line = ready_line

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then say so."""
        await super().startup(sockets)
        print(self._ready_line, flush=True)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on SIGINT and SIGTERM as on any other wish to end; uvicorn would raise the signal once more."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        yield


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes a free one."""
    # asyncio sets TCP_NODELAY only on sockets made with the protocol's number; without it an answer takes 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def server_config(app: ASGIApp, http_version: str) -> uvicorn.Config:
    """Return how ``app`` is served: quietly, with nothing in the answers that it did not put there."""
    return uvicorn.Config(
        app,
        http=Http10Protocol if http_version == "1.0" else H11Protocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="critical",  # an answer cut off on purpose is an error to uvicorn, and nobody may be reading
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
    )


def base_url(listener: socket.socket, prefix: str) -> str:
    """Return the address below which the partner answers on ``listener``."""
    host, port = listener.getsockname()[:2]
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return f"http://{authority}{prefix}"


def serve(
    app: ASGIApp,
    listener: socket.socket,
    prefix: str,
    *,
    http_version: str,
    exit_with_stdin: bool,
    name: str = "reference partner",
) -> None:
    """Serve ``app`` on ``listener`` until a signal, or the end of standard input when asked for, ends it.

    ``name`` is what the ready line calls it.
    """
    config = server_config(app, http_version)
    server = Server(config, f"{name} ready at {base_url(listener, prefix)}")
    if exit_with_stdin:
        threading.Thread(target=_watch_stdin, args=(server,), daemon=True).start()
    server.run(sockets=[listener])


def _watch_stdin(server: uvicorn.Server) -> None:
    # os.read takes no lock: a buffered read would hold one that the interpreter needs to end.
    with contextlib.suppress(OSError):
        while os.read(STDIN, 65536):
            pass
    server.should_exit = True


def warn(message: str) -> None:
    """Say something to the person at the terminal; standard output belongs to the ready line."""
    print(message, file=sys.stderr, flush=True)
