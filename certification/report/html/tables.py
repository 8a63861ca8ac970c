"""The tables: cases by category, every clause with what came of it, manual cases, notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from certification.report.html.evidence_summary import EvidenceSummary
from certification.report.words import CASE, OUTCOME, counted

QUIET = frozenset({"passed", "held", "seen", "not_applicable", "untested"})
"""Rows with these words are folded away: nothing is left to do about them."""

FILTER = {"broken": "failed", "held": "passed", "seen": "passed", "not_checked": "blocked", "unclear": "blocked"}
"""Outcome of a requirement -> the verdict under which the filter finds it."""

OUTCOMES = ("broken", "unclear", "not_checked", "held", "seen", "not_applicable", "untested")

MAX_REMARKS = 200


@dataclass
class Row:
    """One row of a table."""

    entry: dict[str, Any]
    word: str
    """Verdict or outcome."""
    filter: str
    """Verdict under which the filter finds the row."""
    endpoints: str

    @property
    def quiet(self) -> bool:
        """Return whether the row is folded away at first."""
        return self.word in QUIET


@dataclass
class Group:
    """Rows under one heading."""

    name: str
    rows: list[Row] = field(default_factory=list)

    @property
    def quiet(self) -> int:
        """Return how many rows are folded away at first."""
        return sum(row.quiet for row in self.rows)

    @property
    def words(self) -> str:
        """Return what came of the rows: ``3 failed, 12 passed``."""
        counts: dict[str, int] = {}
        for row in self.rows:
            counts[row.word] = counts.get(row.word, 0) + 1
        names = {**OUTCOME, **CASE}
        return ", ".join(f"{count} {names.get(word, word)}" for word, count in sorted(counts.items(), key=_order))


def _order(item: tuple[str, int]) -> int:
    order = [*CASE, *OUTCOMES]
    return order.index(item[0]) if item[0] in order else len(order)


def cases(report: dict[str, Any], survey: EvidenceSummary) -> list[Group]:
    """Return the automated cases by category, in the order of the catalogue."""
    groups: dict[str, Group] = {}
    for case in report["cases"]:
        if case["verdict"] != "manual":
            endpoints = " ".join(sorted(survey.endpoints.get(case["id"], ())))
            row = Row(case, case["verdict"], case["verdict"], endpoints)
            groups.setdefault(case["category"], Group(case["category"])).rows.append(row)
    return list(groups.values())


def requirements(report: dict[str, Any], survey: EvidenceSummary) -> list[Group]:
    """Return every clause by what came of it, what needs attention first."""
    groups = {outcome: Group(outcome) for outcome in OUTCOMES}
    for row in report["requirements"]:
        outcome = row["outcome"]
        endpoints = sorted(set[str]().union(*(survey.endpoints.get(case, set()) for case in row["cases"])))
        kind = "advisory" if outcome == "broken" and row["level"] == "should" else FILTER.get(outcome, outcome)
        groups.setdefault(outcome, Group(outcome)).rows.append(Row(row, outcome, kind, " ".join(endpoints)))
    return [group for group in groups.values() if group.rows]


def manual(report: dict[str, Any]) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Return the cases that a person carries out, each with what people say about it."""
    said: dict[str, list[dict[str, Any]]] = {}
    for row in report.get("attestations", []):
        said.setdefault(row["case"], []).append(row)
    return [(case, said.get(case["id"], [])) for case in report["cases"] if case["verdict"] == "manual"]


def notes(report: dict[str, Any]) -> list[str]:
    """Return what else is worth knowing about the run."""
    run = report["run"]
    remarks = [*report["notes"], *run["contradictions"]]
    if run["throttled"]:
        remarks.append(f"The partner answered 429 to {counted(run['throttled'], 'call')}; they were sent again.")
    if run["left_behind"]:
        remarks.append(
            f"{counted(run['left_behind'], 'connection')} that the run made could not be removed again; the partner's test data holds them."
        )
    if run["interrupted"] and not run["problems"]:
        remarks.append("The run was stopped before its end.")
    if run["processes"] > 1:
        remarks.append(f"{run['processes']} processes shared the cases.")
    return remarks[:MAX_REMARKS]
