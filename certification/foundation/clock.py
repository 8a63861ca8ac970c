"""The time of day as the evidence has it: it never goes back, even when somebody sets the clock of the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class WallClock:
    """Tells the time of day from one reading of the wall clock and the seconds since, so that it never goes back."""

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read both clocks once."""
        self._begun, self._seconds, self._offset = now(), seconds, seconds()

    def now(self) -> str:
        """Return the moment in ISO 8601, to the millisecond."""
        moment = self._begun + timedelta(seconds=self._seconds() - self._offset)
        return moment.isoformat(timespec="milliseconds")
