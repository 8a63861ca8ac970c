"""``compare``: two reports side by side."""

from __future__ import annotations

import argparse
from pathlib import Path

from certification.cli.console import Console
from certification.cli.parser import EXIT_FINE, EXIT_NO

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
    """Compare two stored reports."""
    return show_comparison(options.old, options.new, console, as_json=options.json)


def show_comparison(old: Path, new: Path, console: Console, *, as_json: bool = False) -> int:
    """Show what changed between the reports at ``old`` and ``new``; returns the exit status."""
    from certification.review.compare import compare
    from certification.review.stored import stored_report

    with stored_report(old) as before, stored_report(new) as after:
        result = compare(before.report, after.report)
    if as_json:
        console.say_json(result.to_json())
    else:
        console.say(result.line())
        for name, title in TITLES.items():
            entries = getattr(result, name)
            if entries:
                console.say(f"{title}:")
            for entry in entries:
                console.say(f"  {entry}")
    return EXIT_NO if result.regression else EXIT_FINE
