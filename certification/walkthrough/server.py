"""Serve the page on this machine only."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from socket import socket

from starlette.types import ASGIApp

from certification.foundation.errors import CannotStart, Problem
from certification.reference.server import Server, listen, server_config
from certification.walkthrough.app import create_app
from certification.walkthrough.walk import Walk

HOST = "127.0.0.1"
MAX_PORT = 65_535
WAITING = 64
"""So many connections may wait for their turn."""


@dataclass(frozen=True)
class Opened:
    """The page, ready to be served."""

    app: ASGIApp
    listener: socket
    url: str
    """Its whole address, token included: whoever has it may use the page."""

    def serve(self, ready: str) -> None:
        """Serve until a signal ends it; the line ``ready`` is printed once it answers."""
        Server(server_config(self.app, "1.1"), ready).run(sockets=[self.listener])


def open_page(walk: Walk, images: Path, port: int = 0) -> Opened:
    """Take ``port`` (0 for a free one) for the page of ``walk``; raises :class:`CannotStart` when somebody has it."""
    if not 0 <= port <= MAX_PORT:
        raise _port_problem(port, f"ports go from 0 to {MAX_PORT}")
    try:
        listener = listen(HOST, port)
    except OSError as error:
        raise _port_problem(port, error.strerror or str(error)) from None
    listener.listen(WAITING)
    taken: int = listener.getsockname()[1]
    token = token_urlsafe(24)
    return Opened(create_app(walk, token, taken, images), listener, f"http://{HOST}:{taken}/{token}/")


def show(url: str, opens: Callable[[str], bool] = webbrowser.open) -> bool:
    """Open ``url`` in the browser of the desktop; returns whether there is one."""
    desktop = sys.platform in {"darwin", "win32"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    try:
        return bool(desktop) and opens(url)
    except (OSError, webbrowser.Error):
        return False


def _port_problem(port: int, why: str) -> CannotStart:
    what = f"the port cannot be used ({why})."
    return CannotStart([Problem(f"--port={port}", what, "Name another one, or leave it out to take a free one.")])
