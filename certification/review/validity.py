"""How old a certificate may get: it is due for a new one twelve months after its run.

Source: Lifecycle, maintenance (each change ends with a new certification; a certificate is due after twelve months).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

VALID_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Age:
    """Where a certificate stands in its life."""

    state: Literal["valid", "due", "early", "unknown"]
    """``due`` from twelve months after its run on; ``early`` when the run ended after today, so that a clock was wrong;
    ``unknown`` when nobody can tell when the run ended."""
    finished: date | None
    """Day on which the run ended, in UTC."""
    due: date | None
    """Day from which on a new certification is due."""


def age(finished: str, today: date) -> Age:
    """Return the age that the certificate of a run that ended at ``finished`` (ISO 8601, as reports have it) has ``today``."""
    try:
        moment = datetime.fromisoformat(finished)
        day = (moment.astimezone(UTC) if moment.tzinfo else moment).date()
        due = months_later(day, VALID_MONTHS)
    except (ValueError, OverflowError):
        return Age("unknown", None, None)
    # A run that ended today elsewhere may have ended tomorrow in UTC, or the other way round.
    if (day - today).days > 1:
        return Age("early", day, due)
    return Age("due" if today >= due else "valid", day, due)


def months_later(day: date, months: int) -> date:
    """Return the same day ``months`` later, the last of its month where that has fewer days; raises ValueError beyond 9999."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
