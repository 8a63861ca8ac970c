"""How old a certificate is: a new one is due twelve months after its run.

Source: Lifecycle, maintenance (each change ends with a new certification; a certificate is due after twelve months).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from certification.foundation.days import day_of_moment
from certification.report.standing import due


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
    day, again = day_of_moment(finished), due(finished)
    if day is None or again is None:
        return Age("unknown", None, None)
    # A run that ended today elsewhere may have ended tomorrow in UTC, or the other way round.
    if (day - today).days > 1:
        return Age("early", day, again)
    return Age("due" if today >= again else "valid", day, again)
