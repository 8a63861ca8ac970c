"""The requirement matrix: for each clause whether it was looked at, how often, and whether it held each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from certification.cases.catalogue import catalogue, tested_by
from certification.contract.law import clause_digest
from certification.contract.requirements import REQUIREMENTS, Requirement
from certification.evidence.observation import Outcome
from certification.report.read import RunRecords
from certification.report.words import reason_words
from certification.run.judge import Purpose
from certification.run.waiving import WAIVED

MAX_WHY = 3


def matrix(
    records: RunRecords, broken: Mapping[str, Sequence[str]], seen: Mapping[str, Sequence[str]] | None = None
) -> list[dict[str, Any]]:
    """Return a row for each clause.

    ``broken`` names the findings that break or shadow it, ``seen`` the manual cases in which people saw it hold.
    """
    looks, unclear, cases = Counter[str](), Counter[str](), dict[str, list[str]]()
    for name, executions in records.executions.items():
        for execution in executions:
            if execution.purpose is not Purpose.EXAMPLE:
                continue
            counts = execution.looked_at()
            looks.update(counts)
            unclear.update(seen.requirement for seen in execution.observations if seen.outcome is Outcome.UNCLEAR)
            for looked_at in counts:
                if name not in cases.setdefault(looked_at, []):
                    cases[looked_at].append(name)
    declared = tested_by()
    version = str(records.run.config.get("api_version"))
    seen = seen or {}
    rows = []
    for requirement in REQUIREMENTS.values():
        outcome = _outcome(requirement, records, broken, looks[requirement.id], unclear[requirement.id])
        by_people = outcome == "untested" and requirement.id in seen
        rows.append(
            {
                "id": requirement.id,
                "level": requirement.level,
                "clause": requirement.clause,
                "source": requirement.source,
                "contract": clause_digest(requirement.id, version),
                "security": requirement.security,
                "cases": cases.get(requirement.id) or declared[requirement.id],
                "outcome": "seen" if by_people else outcome,
                "looked_at": looks[requirement.id],
                "why": ", ".join(seen[requirement.id]) if by_people else _why(requirement, records, outcome),
                "findings": list(broken.get(requirement.id, [])),
                "untested": requirement.untested,
            }
        )
    return rows


def _outcome(
    requirement: Requirement, records: RunRecords, broken: Mapping[str, Sequence[str]], looks: int, unclear: int
) -> str:
    if requirement.id in broken:
        return "broken"
    if requirement.untested:
        return "untested"
    if unclear:
        return "unclear"
    if looks:
        return "held"
    if requirement.needs and not _stopped(records):
        return "not_applicable"
    results = [records.results.get(name) for name in tested_by()[requirement.id]]
    if results and all(result is not None and result.verdict == "not_applicable" for result in results):
        return "not_applicable"
    return "not_checked"


def _stopped(records: RunRecords) -> bool:
    """Whether the run left out cases, so that nothing follows from a clause that was not met."""
    return records.stopped or bool(records.narrowed_by or records.problems)


def _why(requirement: Requirement, records: RunRecords, outcome: str) -> str:
    """Return why a clause was not looked at, from what its cases came to."""
    if outcome == "untested":
        return requirement.untested
    if outcome not in {"not_applicable", "not_checked"}:
        return ""
    if outcome == "not_applicable" and requirement.needs:
        return f"this is for {requirement.needs}"
    names = tested_by()[requirement.id]
    if not names:
        return "no answer of this run called for it"
    said: dict[str, list[str]] = {}
    for name in names:
        result = records.results.get(name)
        if catalogue()[name].manual:
            text = "a person has to carry the case out"
        elif result is None:
            text = "the case was not run"
        elif result.verdict in {"failed", WAIVED}:
            text = "the case failed before it came to this"
        elif result.verdict == "passed":
            text = "no answer called for it"
        else:
            text = reason_words(result.reason) or result.verdict
        said.setdefault(text, []).append(name)
    shown = [f"{', '.join(cases)}: {text}" for text, cases in list(said.items())[:MAX_WHY]]
    return "; ".join(shown)
