"""The times in the evidence: they follow each other, and lie between the run's begin and end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from certification.evidence.exchange import Exchange

SLACK = timedelta(seconds=3)
"""A clock may be set back a little while a run goes on, and recorded times are rounded."""


def moment(text: str) -> datetime | None:
    """Return the moment that ``text`` names as the suite writes it (ISO 8601 with a time zone), or None."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    if value.tzinfo is None:
        return None
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return None


class Clock:
    """Checks the times of one evidence file as it is read."""

    def __init__(self, started: str, finished: str) -> None:
        """Take begin and end of the run as recorded; ``finished`` is empty when the run has no end."""
        self._last = moment(started)
        self._end = moment(finished) if finished else None

    def errors(self, exchange: Exchange) -> Iterator[str]:
        """Yield what cannot be about the time of ``exchange``."""
        begun = moment(exchange.started)
        if begun is None:
            yield "the time of sending is no moment with a time zone"
            return
        over = begun + timedelta(seconds=exchange.seconds)
        if self._last is not None and begun < self._last - SLACK:
            yield "it was sent before what is recorded before it"
        if self._end is not None and over > self._end + SLACK:
            yield "it was answered after the end of the run"
        # The answers of calls that were sent together overlap; the moments of sending still follow each other.
        self._last = begun if self._last is None else max(self._last, begun)


def run_errors(started: str, finished: str | None, now: datetime) -> Iterator[str]:
    """Yield what cannot be about begin and end of a run; ``finished`` is None when it has no end."""
    begin = moment(started)
    if begin is None:
        yield "the begin of the run is no moment with a time zone"
    elif begin > now + timedelta(days=1):
        yield f"the run began in the future ({started})"
    if finished is None:
        return
    end = moment(finished)
    if end is None:
        yield "the end of the run is no moment with a time zone"
    elif begin is not None and end < begin - SLACK:
        yield f"the run ended ({finished}) before it began ({started})"
