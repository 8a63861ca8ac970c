"""``verify``: hand the bundle to a process with limits, and show what it found."""

from __future__ import annotations

import argparse
from typing import Any

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE, EXIT_NO, EXIT_UNKNOWN
from certification.evidence.kept import resolve_report
from certification.review.apart import looked_at_apart

STATUSES = {"holds": EXIT_FINE, "does not hold": EXIT_NO, "not verified": EXIT_UNKNOWN}


def run(options: argparse.Namespace, console: Console) -> int:
    """Verify and show one line, then what does not hold."""
    options.source = resolve_report(options.source)
    task = {
        "source": str(options.source.resolve()),
        "trust": str(options.trust.resolve()) if options.trust else None,
        "challenge": options.challenge,
        "today": options.today.isoformat() if options.today else None,
        "progress": console.shows_progress,
    }
    outcome = looked_at_apart(task, options.time_limit, "certification.submission.verify")
    if "error" in outcome:
        console.warn(f"partner-connect verify: {outcome['error']}")
        return EXIT_CANNOT_START
    if options.json:
        console.say_json(outcome)
    else:
        _show(outcome, console)
    return STATUSES[outcome["result"]]


def _show(outcome: dict[str, Any], console: Console) -> None:
    console.say(outcome["line"])
    if outcome["headline"] and outcome["result"] == "holds":
        console.say(outcome["headline"])
    for point in outcome["points"]:
        if point["holds"] and not point["broken"] and not point["unverified"]:
            console.say(f"  holds         {point['name']}: {point['holds']}")
        for kind, mark in (("broken", "DOES NOT HOLD"), ("unverified", "NOT VERIFIED "), ("notes", "note         ")):
            for text in point[kind]:
                console.say(f"  {mark} {point['name']}: {text}")
