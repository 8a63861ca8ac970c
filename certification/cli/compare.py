"""``compare``: two reports side by side."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from certification.cli.console import Console
from certification.cli.parser import EXIT_FINE, EXIT_NO

if TYPE_CHECKING:
    from certification.review.compare import Comparison

TITLES = {
    "broke": "broke",
    "fixed": "fixed",
    "still": "as before",
    "unknown": "could not be told",
    "advisories": "new advisories",
    "cases": "cases",
    "requirements": "requirements",
    "latency": "latency",
    "config": "config",
    "run": "run",
}


def run(options: argparse.Namespace, console: Console) -> int:
    """Compare two stored reports: those that are named, the last one with the named, or the last two."""
    from certification.evidence.kept import LATEST, last_two

    old, new = options.old, options.new
    if old is None:
        old, new = last_two()
    elif new is None:
        new = Path(LATEST)
    if not options.json:
        console.say(f"{old} → {new}")
    return show_comparison(old, new, console, as_json=options.json)


def show_comparison(old: Path, new: Path, console: Console, *, as_json: bool = False) -> int:
    """Show what changed between the reports at ``old`` and ``new``; returns the exit status."""
    from certification.foundation.errors import BadEvidence
    from certification.foundation.typed_json import to_json
    from certification.review.compare import compare
    from certification.review.stored import stored_report

    with stored_report(old) as before, stored_report(new) as after:
        for path, stored in ((old, before), (new, after)):
            if stored.report["run"]["problems"]:
                message = f"{path}: that run could not start, so there is nothing to compare."
                raise BadEvidence(message)
        result = compare(before.report, after.report)
    if as_json:
        console.say_json(to_json(result.output()))
    else:
        show_result(result, console)
    return EXIT_NO if result.regression else EXIT_FINE


def show_result(result: Comparison, console: Console) -> None:
    """Show what changed, and what each difference comes from."""
    from certification.review.words import UNSURE, cause_words

    console.say(result.line())
    unsure = False
    for name, title in TITLES.items():
        entries = getattr(result, name)
        if entries:
            console.say(f"{title}:")
        for entry in entries:
            words = cause_words(entry.cause)
            console.say(f"  {entry.text}{f'  [{words}]' if words else ''}")
            unsure = unsure or len(entry.changed) > 1
    if unsure:
        console.say(UNSURE)
