"""The verdict of a run: the only place that decides it, for every output and for the exit status.

Waivers can make a run ``conformant_with_waivers`` and nothing better.  Its exit status is 0, as for everything that may be
submitted; the headline says in its first words on what it rests.  A waiver that a complete run does not need makes the run
no certificate: it would stand on the next ones as an excuse that nobody asked for.  The exit status is then 2, as for
everything else that is incomplete: 1 would say that the partner broke something, 4 that nothing was checked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from certification.report.read import RunRecords
from certification.run.findings import Finding, findings
from certification.run.waiving import WAIVED, excused, excused_results, matched

EXIT_CONFORMANT = 0
EXIT_FAILED = 1
EXIT_INCOMPLETE = 2
EXIT_SUITE_ERROR = 3
EXIT_CANNOT_START = 4
EXIT_NOTHING_CHECKED = 5

MAX_NAMES = 8

CERTIFICATES = frozenset({"conformant", "conformant_with_advisories", "conformant_with_waivers"})
"""Verdicts of a run that is a certificate."""


@dataclass(frozen=True)
class Verdict:
    """One of :data:`CERTIFICATES`, ``not_conformant`` or ``incomplete``; exit status; in words."""

    name: str
    exit_status: int
    headline: str
    unused: tuple[str, ...] = ()
    """The waivers because of which it is incomplete: nothing else stands against the run, and they match nothing."""


@dataclass(frozen=True)
class Judged:
    """What a run comes to, with its waivers and without."""

    records: RunRecords
    """The records; the results of cases are what the waivers make of them."""
    findings: list[Finding]
    verdict: Verdict
    without: Verdict
    """The verdict as if there were no waivers."""


def judged(records: RunRecords) -> Judged:
    """Return what follows from the ``records`` of a run."""
    plain = findings(records.executions)
    without = verdict_of(replace(records, waivers=[]), plain)
    if not records.waivers:
        return Judged(records, plain, without, without)
    found = findings(records.executions, records.waivers)
    after = replace(records, results=excused_results(records.results, records.executions, excused(found)))
    return Judged(after, found, verdict_of(after, found), without)


def verdict_of(records: RunRecords, found: Sequence[Finding]) -> Verdict:
    """Return the verdict of a run.  The first row whose condition holds decides.

    ``found`` are its findings, the waived ones marked; the results in ``records`` are what the waivers make of them.
    """
    required = [finding for finding in found if finding.level == "must"]
    waived = [finding for finding in required if finding.waiver]
    standing = len(required) - len(waived)
    results = list(records.results.values())
    having = {
        verdict: [result.case for result in results if result.verdict == verdict]
        for verdict in ("failed", "error", "blocked")
    }
    stopped = records.stopped
    checked = [result for result in results if result.verdict in {"passed", "failed", WAIVED} and result.exchanges]
    faults = having["error"] or ([] if stopped else records.unfinished())
    why = _narrowed(records)
    failed, blocked = having["failed"], having["blocked"]
    rows = (
        (bool(records.problems), "incomplete", EXIT_CANNOT_START, "The run could not start; nothing was checked."),
        (
            bool(standing or failed),
            "not_conformant",
            EXIT_FAILED,
            f"Not conformant: {_count(standing, 'thing')} to repair; {_count(len(failed), 'required case')} failed ({_names(failed)}).",
        ),
        (
            bool(faults),
            "incomplete",
            EXIT_SUITE_ERROR,
            f"Incomplete: the suite itself failed in {_names(faults)}. This says nothing about the partner; please report it.",
        ),
        (not checked, "incomplete", EXIT_NOTHING_CHECKED, "Incomplete: not a single case was checked."),
        (stopped, "incomplete", EXIT_INCOMPLETE, "Incomplete: the run was stopped before its end."),
        (bool(why), "incomplete", EXIT_CONFORMANT, f"Incomplete: nothing failed{_but(waived)}, but this was {why}."),
        (
            bool(blocked),
            "incomplete",
            EXIT_INCOMPLETE,
            f"Incomplete: {_count(len(blocked), 'case')} could not be checked ({_names(blocked)}){_because(waived)}.",
        ),
    )
    for holds, name, status, headline in rows:
        if holds:
            return Verdict(name, status, headline)
    unused = tuple(ident for ident, causes in matched(records.waivers, found).items() if not causes)
    return _unneeded(unused) if unused else _certificate(waived, len(found) - len(required))


def _unneeded(unused: Collection[str]) -> Verdict:
    names = _names(unused)
    one = len(unused) == 1
    headline = (
        f"Incomplete: {'waiver' if one else 'waivers'} {names} {'matches' if one else 'match'} nothing in this complete run, "
        f"so it is no certificate. Remove {'waiver' if one else 'waivers'} {names} and run again."
    )
    return Verdict("incomplete", EXIT_INCOMPLETE, headline, tuple(unused))


def _certificate(waived: Sequence[Finding], advice: int) -> Verdict:
    if waived:
        ids = sorted({finding.waiver for finding in waived})
        what = f"{_count(len(waived), 'required finding')} {'is' if len(waived) == 1 else 'are'} waived ({_names(ids)})"
        headline = f"Conformant only with waivers: {what}. Without them the API is not conformant."
        return Verdict("conformant_with_waivers", EXIT_CONFORMANT, headline)
    if advice:
        headline = f"Conformant, with {advice} advisor{'y' if advice == 1 else 'ies'} worth reading."
        return Verdict("conformant_with_advisories", EXIT_CONFORMANT, headline)
    return Verdict("conformant", EXIT_CONFORMANT, "Conformant: every required check that applies passed.")


def _but(waived: Sequence[Finding]) -> str:
    return f" but what is waived ({_names(sorted({finding.waiver for finding in waived}))})" if waived else ""


def _because(waived: Sequence[Finding]) -> str:
    stop = sorted({finding.waiver for finding in waived if finding.stopped()})
    return f", some because what is waived ({_names(stop)}) keeps them from going on" if stop else ""


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
