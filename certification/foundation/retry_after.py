"""Read a ``Retry-After`` header (RFC 9110, 10.2.3): whatever it holds, a number of seconds comes out, never an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

UNSAID = 1.0
"""Seconds for a header that is missing or says nothing that can be understood."""

FAR = 1e9
"""Stands for any longer time."""

_NUMBER = re.compile(r"[0-9]{1,400}+(?:\.[0-9]{1,20}+)?+")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"([0-9]{1,2}):([0-9]{2}):([0-9]{2})"
_DATES = (
    # The form that is to be sent, the obsolete one of RFC 850, and that of the C function asctime.
    re.compile(
        rf"[A-Za-z]{{3,9}}, ([0-9]{{1,2}})[ -]([A-Za-z]{{3}})[ -]([0-9]{{2,6}}) {_TIME}(?: ?(GMT|UTC|Z|[+-][0-9]{{4}}))?"
    ),
    re.compile(rf"[A-Za-z]{{3}} ([A-Za-z]{{3}}) {{1,2}}([0-9]{{1,2}}) {_TIME} ([0-9]{{4}})"),
)


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """How long the header asks to wait, and what is wrong with it; ``problem`` is empty for a legal one."""

    seconds: float
    problem: str = ""


def read_retry_after(text: str | None, now: datetime) -> RetryAfter:
    """Return what the value ``text`` of the header asks for at the moment ``now``; None is a header that is not there."""
    if text is None:
        return RetryAfter(UNSAID)
    text = text.strip(" \t")
    if _NUMBER.fullmatch(text):
        seconds = FAR if len(text.partition(".")[0].lstrip("0")) > 9 else float(text)
        return RetryAfter(min(seconds, FAR), "" if text.isdigit() else "it is no whole number of seconds")
    moment = _moment(text)
    if moment is None:
        return RetryAfter(UNSAID, "it is neither a number of seconds nor an HTTP date" if text else "it is empty")
    found, legal = moment
    return RetryAfter(
        min(max((found - now).total_seconds(), 0.0), FAR), "" if legal else "its date has not the form of an HTTP date"
    )


def _moment(text: str) -> tuple[datetime, bool] | None:
    """Return the moment that ``text`` names and whether it is written as RFC 9110 allows; None when it names none."""
    if len(text) > 60:
        return None
    usual = _DATES[0].fullmatch(text)
    if usual:
        day, month, year, hour, minute, second, zone = usual.groups()
        legal = zone == "GMT" and len(year) in {2, 4}
        return _at(year, month, day, (hour, minute, second), zone or "GMT", legal=legal)
    asctime = _DATES[1].fullmatch(text)
    if asctime:
        month, day, hour, minute, second, year = asctime.groups()
        return _at(year, month, day, (hour, minute, second), "GMT", legal=True)
    return None


def _at(
    year: str, month: str, day: str, time: tuple[str, str, str], zone: str, *, legal: bool
) -> tuple[datetime, bool] | None:
    if month.lower() not in _MONTHS:
        return None
    century = 0 if len(year) > 2 else 1900 if int(year) >= 70 else 2000
    try:
        hour, minute, second = map(int, time)
        moment = datetime(
            int(year) + century, _MONTHS.index(month.lower()) + 1, int(day), hour, minute, min(second, 59), tzinfo=UTC
        )
        if zone[0] in "+-":
            moment -= timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[3:]))
    except (ValueError, OverflowError):
        return None
    return moment, legal
