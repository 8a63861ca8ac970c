"""``verify``: hand the file to a process with limits, and show what it found; the sign-offs of an onboarding, too."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from certification.cli.console import Console
from certification.cli.parser import EXIT_CANNOT_START, EXIT_FINE, EXIT_NO, EXIT_UNKNOWN
from certification.evidence.kept import resolve_report
from certification.foundation.errors import CannotStart, Problem
from certification.foundation.typed_json import to_json
from certification.review.apart import looked_at_apart

STATUSES = {"holds": EXIT_FINE, "does not hold": EXIT_NO, "not verified": EXIT_UNKNOWN}


def run(options: argparse.Namespace, console: Console) -> int:
    """Verify and show one line, then what does not hold."""
    outcome = _onboarding(options, console) if _is_onboarding(options.source) else _file(options, console)
    if "error" in outcome:
        console.warn(f"partner-connect verify: {outcome['error']}")
        return EXIT_CANNOT_START
    if options.json:
        console.say_json(outcome)
    else:
        _show(outcome, console)
    return STATUSES[outcome["result"]]


def _is_onboarding(source: Path) -> bool:
    if source.suffix != ".json":
        return False
    # What an onboarding needs takes as long to load as a bundle takes to be looked at.
    from certification.onboarding.verify import is_onboarding

    return is_onboarding(source)


def _onboarding(options: argparse.Namespace, console: Console) -> dict[str, Any]:
    """Verify the sign-offs of an onboarding, here: its bundle and submission are looked at in processes of their own."""
    from certification.onboarding.record import read_onboarding
    from certification.onboarding.status import status
    from certification.onboarding.verify import verified

    if options.trust:
        remedy = "Name who may sign in sign-off-policy.json beside it, and leave --trust out."
        raise CannotStart([Problem("--trust", "it is for bundles and submissions.", remedy)])
    today = options.today or datetime.now(UTC).date()
    console.progress("verifying the bundle")
    found = verified(status(read_onboarding(options.source, today), today))
    console.done()
    output: dict[str, Any] = to_json(found.output())
    return output


def _file(options: argparse.Namespace, console: Console) -> dict[str, Any]:
    options.source = resolve_report(options.source)
    task = {
        "source": str(options.source.resolve()),
        "trust": str(options.trust.resolve()) if options.trust else None,
        "challenge": options.challenge,
        "today": options.today.isoformat() if options.today else None,
        "progress": console.shows_progress,
    }
    return looked_at_apart(task, options.time_limit, "certification.submission.verify")


def _show(outcome: dict[str, Any], console: Console) -> None:
    console.sentence(outcome["line"])
    if outcome["headline"] and outcome["result"] == "holds":
        console.sentence(outcome["headline"])
    for point in outcome["points"]:
        if point["holds"] and not point["broken"] and not point["unverified"]:
            console.sentence(f"{point['name']}: {point['holds']}", "  holds         ")
        for kind, mark in (("broken", "DOES NOT HOLD"), ("unverified", "NOT VERIFIED "), ("notes", "note         ")):
            for text in point[kind]:
                console.sentence(f"{point['name']}: {text}", f"  {mark} ")
