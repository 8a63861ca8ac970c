"""The product's own clock, which a test can put forward instead of waiting."""

from __future__ import annotations

import time


class Clock:
    """Seconds since the product started, and whatever was added by hand."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self.added = 0.0

    def now(self) -> float:
        """Return how many seconds have passed as the product sees it."""
        return time.monotonic() - self._start + self.added

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass at once."""
        self.added += seconds
