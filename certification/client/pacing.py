"""How the suite spares a partner: the limits of a run, the requests counted, the waiting that a 429 asks for, patience.

What is decided here follows from the recorded exchanges alone, so that ``verify`` comes to the same decisions.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from certification.evidence.exchange import Exchange
from certification.evidence.recorder import DiskFull
from certification.evidence.steps import Act
from certification.foundation.errors import CannotProceed
from certification.foundation.retry_after import read_retry_after

PATIENCE = 3
"""So many calls in a row without an answer, and an endpoint is left alone for the rest of the run."""

SLOW_SECONDS = 10.0
MAX_SLOW_SECONDS = 600.0
"""What answers of more than ``SLOW_SECONDS`` may take together before their endpoint is left alone."""

MAX_WAITS = 6
"""So often one call is sent while the partner answers 429."""

MIN_WAIT_SECONDS = 0.05
MAX_WAIT_SECONDS = 60.0
"""What one call may wait in all."""

MAX_WAIT_SECONDS_IN_ALL = 120.0
"""What a process of a run may wait in all because the partner answered 429; afterwards a 429 is an answer like others."""


@dataclass(frozen=True)
class Limits:
    """What the run may do to the partner."""

    max_requests: int | None = None
    rate: float | None = None
    """Requests per second of this process, or None for as fast as the partner answers."""


class RequestCount:
    """Counts the requests of all processes of a run: each appends one byte to a shared file."""

    def __init__(self, path: Path) -> None:
        """Open ``path``, which is made when it is missing."""
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def add(self) -> int:
        """Count one request; returns how many there are now.  Raises :class:`DiskFull`."""
        try:
            os.write(self._file, b".")
        except OSError as error:
            message = f"the requests of the run cannot be counted ({error.strerror}). Free some space, or choose another folder with --certification-report; what was recorded so far is kept."
            raise DiskFull(message) from None
        return os.fstat(self._file).st_size

    def total(self) -> int:
        """Return how many requests were counted."""
        return os.fstat(self._file).st_size

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


class Patience:
    """Knows which endpoints have stopped answering.  ``verify`` keeps one too, fed from the record."""

    def __init__(self) -> None:
        """Begin with endpoints that are believed to answer."""
        self._silent: dict[tuple[str, bool], int] = {}
        self._refused: dict[tuple[str, bool], int] = {}
        self._slow: dict[tuple[str, bool], float] = {}

    def check(self, plan: Exchange) -> None:
        """Raise CannotProceed when the endpoint of ``plan`` is left alone."""
        place = _place(plan)
        name = plan.request.operation.replace("_", "-")
        # Clean-up is not judged, so that its silence is counted apart.
        patience = 1 if place[1] else PATIENCE
        if self._silent.get(place, 0) >= patience:
            raise CannotProceed("silent", operation=name, times=patience)
        if self._refused.get(place, 0) >= patience:
            raise CannotProceed("too-many-requests", operation=name, times=patience)
        if self._slow.get(place, 0.0) > MAX_SLOW_SECONDS:
            raise CannotProceed("slow", operation=name, minutes=round(MAX_SLOW_SECONDS / 60))

    def note(self, exchange: Exchange) -> None:
        """Note whether ``exchange``, which is not sent again, was answered."""
        place = _place(exchange)
        silent = exchange.failure is not None and exchange.failure.kind in {"timeout", "connect"}
        self._silent[place] = self._silent.get(place, 0) + 1 if silent else 0
        self._refused[place] = self._refused.get(place, 0) + 1 if exchange.status == 429 else 0
        if exchange.seconds > SLOW_SECONDS:
            # Rounded as in the record, from which the same sum must follow.
            self._slow[place] = self._slow.get(place, 0.0) + round(exchange.seconds, 6)


class Waiting:
    """Decides whether a call that was answered 429 waits and is sent again; bounded for each call and for the run."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """``now`` tells the time of day, to which a date in Retry-After is held."""
        self._now = now
        self._left = MAX_WAIT_SECONDS_IN_ALL

    def granted(self, exchange: Exchange, waited: float = 0.0) -> float:
        """Return the seconds to wait before ``exchange`` is sent again, 0 for not at all; ``waited`` by this call so far."""
        if exchange.status != 429 or exchange.response is None:
            return 0.0
        asked = read_retry_after(exchange.response.header("retry-after"), self._now()).seconds
        wait = min(max(asked, MIN_WAIT_SECONDS), MAX_WAIT_SECONDS)
        if waited + wait > MAX_WAIT_SECONDS or wait > self._left:
            return 0.0
        self._left -= wait
        return wait


def _place(exchange: Exchange) -> tuple[str, bool]:
    return exchange.request.operation, exchange.act is Act.CLEAN_UP
