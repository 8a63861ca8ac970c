"""Wait for a partner to restart: it stops answering and answers again, or a person presses Enter."""

from __future__ import annotations

import select
import socket
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

SECONDS = 0.25
"""Between two looks."""


def until_restart(answers: Callable[[], bool], pressed: Callable[[float], bool]) -> None:
    """Return when the partner, having been away, ``answers`` again, or when Enter was ``pressed`` within a wait."""
    away = False
    while not pressed(SECONDS):
        here = answers()
        if here and away:
            return
        away = not here


def answers(url: str) -> bool:
    """Return whether something listens at ``url``."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "localhost", port), timeout=2).close()
    except OSError:
        return False
    return True


class Keyboard:
    """The keyboard of a person, if there is one."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._there = sys.stdin.isatty()

    def pressed(self, seconds: float) -> bool:
        """Wait for ``seconds`` and return whether Enter was pressed meanwhile."""
        if not self._there:
            time.sleep(seconds)
            return False
        ready, _, _ = select.select([sys.stdin], [], [], seconds)
        return bool(ready) and bool(sys.stdin.readline())
