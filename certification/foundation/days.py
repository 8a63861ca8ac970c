"""Days as files write them: ``2027-03-02``, read strictly, and what is counted from them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

FORM = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
WORDS = "a day such as 2027-03-02"

FIRST_YEAR = 2000
LAST_YEAR = 9000
"""Nobody plans before or beyond, and calendars end soon after."""

_FORM = re.compile(FORM)


def day_of(text: object) -> date | None:
    """Return the day that ``text`` names in the form ``2027-03-02``; None for every other form and impossible days."""
    if not isinstance(text, str) or not _FORM.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def day_of_moment(text: str) -> date | None:
    """Return the day, in UTC, of a moment in ISO 8601 with a time zone; None when ``text`` is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return moment.astimezone(UTC).date() if moment.tzinfo is not None else None
    except OverflowError:
        return None


def year_after(day: date) -> date:
    """Return the same day a year later; 28 February for the 29th, and the last day of all where the calendar ends."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date.max if day.year == date.max.year else date(day.year + 1, 2, 28)
