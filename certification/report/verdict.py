"""The verdict of a run: the only place that decides it, for every output and for the exit status."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from certification.report.read import RunRecords
from certification.run.findings import Finding

EXIT_CONFORMANT = 0
EXIT_FAILED = 1
EXIT_INCOMPLETE = 2
EXIT_SUITE_ERROR = 3
EXIT_CANNOT_START = 4
EXIT_NOTHING_CHECKED = 5

MAX_NAMES = 8


@dataclass(frozen=True)
class Verdict:
    """``conformant``, ``conformant_with_advisories``, ``not_conformant`` or ``incomplete``; exit status; in words."""

    name: str
    exit_status: int
    headline: str


def verdict_of(records: RunRecords, findings: Sequence[Finding]) -> Verdict:
    """Return the verdict of a run.  The first row whose condition holds decides."""
    results = list(records.results.values())
    having = {
        verdict: [result.case for result in results if result.verdict == verdict]
        for verdict in ("failed", "error", "blocked")
    }
    required = [finding for finding in findings if finding.level == "must"]
    advice = len(findings) - len(required)
    unfinished = records.unfinished()
    stopped = records.stopped
    checked = [result for result in results if result.verdict in {"passed", "failed"} and result.exchanges]
    faults = having["error"] or ([] if stopped else unfinished)
    why = _narrowed(records)
    failed, blocked = having["failed"], having["blocked"]
    rows = (
        (bool(records.problems), "incomplete", EXIT_CANNOT_START, "The run could not start; nothing was checked."),
        (
            bool(required or failed),
            "not_conformant",
            EXIT_FAILED,
            f"Not conformant: {_count(len(required), 'thing')} to repair; {_count(len(failed), 'required case')} failed ({_names(failed)}).",
        ),
        (
            bool(faults),
            "incomplete",
            EXIT_SUITE_ERROR,
            f"Incomplete: the suite itself failed in {_names(faults)}. This says nothing about the partner; please report it.",
        ),
        (not checked, "incomplete", EXIT_NOTHING_CHECKED, "Incomplete: not a single case was checked."),
        (stopped, "incomplete", EXIT_INCOMPLETE, "Incomplete: the run was stopped before its end."),
        (bool(why), "incomplete", EXIT_CONFORMANT, f"Incomplete: nothing failed, but this was {why}."),
        (
            bool(blocked),
            "incomplete",
            EXIT_INCOMPLETE,
            f"Incomplete: {_count(len(blocked), 'case')} could not be checked ({_names(blocked)}).",
        ),
        (
            bool(advice),
            "conformant_with_advisories",
            EXIT_CONFORMANT,
            f"Conformant, with {advice} advisor{'y' if advice == 1 else 'ies'} worth reading.",
        ),
    )
    for holds, name, status, headline in rows:
        if holds:
            return Verdict(name, status, headline)
    return Verdict("conformant", EXIT_CONFORMANT, "Conformant: every required check that applies passed.")


def _narrowed(records: RunRecords) -> str:
    parts = ["a trial run without a partner config"] if records.run.trial else []
    narrowed = records.narrowed_by
    if narrowed:
        parts.append(f"narrowed by {', '.join(narrowed)}")
    return ", ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _names(names: Collection[str]) -> str:
    shown = list(names)[:MAX_NAMES]
    return ", ".join(shown) + (" …" if len(names) > MAX_NAMES else "")
