"""The dates of a launch as a calendar (RFC 5545) and as Markdown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from certification.foundation.safe_text import one_line
from certification.onboarding.dates import COMPLETE_AHEAD
from certification.onboarding.record import Launch
from certification.report.markdown import literal

WIDEST: Final = 75
"""Octets of a line; what is longer is folded."""

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""Names of the days, whatever the language of the machine."""

_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def calendar(partner: str, launch: Launch, today: date) -> str:
    """Return the text of an ``.ics`` file with the dates of ``launch``, as planned ``today``.

    The same event of a later plan has the same identifier, so that calendars move it instead of adding another.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//partner-connect-certification//onboarding//EN",
        "METHOD:PUBLISH",
    ]
    for kind, day, summary in _events(one_line(partner, 100), launch):
        name = hashlib.sha256(f"{partner}\n{kind}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{name}@partner-connect-certification",
            f"DTSTAMP:{today:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(1):%Y%m%d}",
            f"SUMMARY:{summary.translate(_ESCAPED)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _events(partner: str, launch: Launch) -> Iterator[tuple[str, date, str]]:
    """Yield what names an event for good, its day, and its title."""
    for name, day in launch.rollout:
        yield f"rollout {name}", day, f"{partner}: roll-out in {one_line(name, 100)}"
    yield "ga", launch.ga, f"{partner}: generally available in Partner Connect"
    yield "support", launch.ga + timedelta(1), f"{partner}: look after the launch"


def _folded(line: str) -> Iterator[str]:
    """Yield ``line`` in parts of at most 75 octets, the later ones behind a blank; no character is cut in two."""
    part = ""
    for letter in line:
        if len((part + letter).encode()) > WIDEST:
            yield part
            part = " "
        part += letter
    yield part


def dates_as_markdown(partner: str, launch: Launch, advice: Sequence[str]) -> str:
    """Return the dates of ``launch`` as Markdown, with ``advice`` under them; whatever people wrote shows as it is."""
    rows = [(launch.agreed, "GA agreed"), *((day, f"roll-out in {name}") for name, day in launch.rollout)]
    rows += [(launch.ga - COMPLETE_AHEAD, "roll-out complete, at the latest"), (launch.ga, "generally available (GA)")]
    lines = [
        f"# Launch of {literal(partner, 120)} in Partner Connect",
        "",
        "| day | weekday | what |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| {day} | {DAYS[day.weekday()]} | {literal(what)} |" for day, what in sorted(rows, key=lambda row: row[0])
    ]
    if advice:
        lines += ["", "Better avoided:", "", *(f"- {literal(text)}" for text in advice)]
    return "\n".join([*lines, ""])
