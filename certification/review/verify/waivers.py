"""The waivers on record: whether a run could take them, what they allow, and whether they still count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from certification.config.waivers import Waiver, recorded_problems
from certification.evidence.records import Run
from certification.foundation.days import day_of, day_of_moment
from certification.report.words import WAIVER, validity_words, waiver_words
from certification.review.verify.outcome import Verification

SIGNED = "whether they were asked for and approved so, nothing in a report can show: ask who approved, or trust a signature (--trust)"


def check_waivers(waivers: Sequence[Waiver], run: Run, report: dict[str, Any], outcome: Verification) -> None:
    """Check that a run of that day takes the ``waivers`` on its record, and say what they allow and who approved it."""
    if not waivers:
        return
    point = outcome.point("waivers", "the waivers on record are such as a run takes, and counted when it began")
    day = day_of_moment(run.started)
    if day is not None:
        point.add(
            f"{problem.where}: {problem.what}" for problem in recorded_problems(waivers, "waivers on record", day)
        )
    for waiver in report.get("waivers", []):
        asked = f"asked for by {waiver['asked']['by']}, {waiver['asked']['organisation']}"
        point.notes.append(f"{waiver['id']} ({WAIVER[waiver['state']]}): {waiver_words(waiver)}, {asked}")
    point.notes.append(SIGNED)


def check_validity(report: dict[str, Any], now: datetime, outcome: Verification) -> None:
    """Say until when the certificate stands, and whether that day, or that of a waiver, is over ``now``."""
    today = now.astimezone(UTC).date()
    validity = report.get("validity")
    if validity:
        point = outcome.point("certificate", f"valid until {validity_words(validity)}")
        last = day_of(validity["until"])
        outcome.valid_until = validity["until"]
        if last is not None and last < today:
            outcome.ended = True
            point.notes.append(f"it ended on {validity['until']}: certify again")
    for waiver in report.get("waivers", []):
        last = day_of(waiver["until"])
        if last is not None and last < today:
            outcome.point("waivers").notes.append(
                f"{waiver['id']} ended on {waiver['until']}: what it allowed counts again"
            )
