"""``compare``: two reports side by side."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from certification.cli.console import Console
from certification.cli.parser import EXIT_FINE, EXIT_NO
from certification.foundation.days import WORDS, day_of
from certification.foundation.errors import CannotStart, Problem

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
    """Compare two stored reports: those that are named, the last one with the named, the last two, or one with that of record."""
    from certification.evidence.kept import LATEST, last_two

    old, new = options.old, options.new
    today = _today(options.today)
    if options.of_record is not None:
        if new is not None:
            raise CannotStart(
                [Problem(f"argument {new}", "with --of-record one report is compared.", "Name the new one only.")]
            )
        return _with_the_one_of_record(options, old or Path(LATEST), today, console)
    if old is None:
        old, new = last_two()
    elif new is None:
        new = Path(LATEST)
    return show_comparison(old, new, console, options, today)


def _today(text: str | None) -> date:
    day = day_of(text) if text else datetime.now(UTC).date()
    if day is None:
        raise CannotStart([Problem(f"--today {text}", f"it is not {WORDS}.", "Correct it, or leave it out.")])
    return day


def _with_the_one_of_record(options: argparse.Namespace, new: Path, today: date, console: Console) -> int:
    from certification.onboarding.of_record import certificate_of_record
    from certification.onboarding.record import read_onboarding

    with certificate_of_record(read_onboarding(options.of_record, today)) as record:
        return show_comparison(record.bundle, new, console, options, today)


def show_comparison(
    old: Path, new: Path, console: Console, options: argparse.Namespace | None = None, today: date | None = None
) -> int:
    """Show what changed between the reports at ``old`` and ``new``, in the form of the ``options``; returns the exit status."""
    from certification.foundation.errors import BadEvidence
    from certification.foundation.typed_json import to_json
    from certification.review.compare import compare
    from certification.review.comparison_markdown import comparison_markdown
    from certification.review.stored import stored_report

    with stored_report(old) as before, stored_report(new) as after:
        for path, stored in ((old, before), (new, after)):
            if stored.report["run"]["problems"]:
                message = f"{path}: that run could not start, so there is nothing to compare."
                raise BadEvidence(message)
        result = compare(before.report, after.report, today)
    if options is not None and options.json:
        console.say_json(to_json(result.output()))
    elif options is not None and options.markdown:
        console.say(comparison_markdown(result))
    else:
        if options is not None:
            console.say(f"{old} → {new}")
        show_result(result, console)
    return EXIT_NO if result.regression else EXIT_FINE


def show_result(result: Comparison, console: Console) -> None:
    """Show what changed, and what each difference comes from."""
    from certification.review.words import UNSURE, cause_words

    console.say(result.line())
    for note in result.notes:
        console.tell(f"{note}.", "note: ", "  ")
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
