"""Play the executions behind findings again in front of the partner, as new users, and say what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from certification.cases.case import Case
from certification.cases.catalogue import catalogue
from certification.databricks.actions import Partner
from certification.databricks.context import Context
from certification.evidence.observation import Cause, Observation
from certification.evidence.recorder import read_records
from certification.foundation.errors import BadEvidence
from certification.foundation.typed_json import OneOf
from certification.report.read import evidence_files
from certification.report.words import reason_words
from certification.review.stored import StoredReport
from certification.run.judge import EndKind, Execution
from certification.run.runner import perform

INTERMITTENT_TIMES = 5
"""So often a finding is played that did not show each time."""

FIXED, FAILING, CHANGED, UNKNOWN = "fixed", "still failing", "changed", "cannot tell"


@dataclass(frozen=True)
class Recorded:
    """A finding as it was reported, with what is needed to play it again."""

    id: str
    case: str
    message: str
    level: str
    cause: Cause
    intermittent: bool
    shape: dict[str, Any] | None
    """None when only the evidence would tell it, and it is not there."""


@dataclass(frozen=True)
class Replayed:
    """What became of a finding."""

    finding: Recorded
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class FindingOutput:
    """What became of one finding."""

    id: str
    case: str
    level: Annotated[str, OneOf(("must", "should"))]
    message: str
    outcome: Annotated[str, OneOf((FIXED, FAILING, CHANGED, UNKNOWN))]
    reason: str


@dataclass(frozen=True, slots=True)
class Output:
    """What ``partner-connect replay --json`` prints."""

    url: str
    """Address that was called."""
    counts: Mapping[str, int]
    """Outcome -> how many findings came to it."""
    findings: tuple[FindingOutput, ...]


def output(url: str, outcomes: Sequence[Replayed]) -> Output:
    """Return ``outcomes`` as they are printed with ``--json``."""
    counts = {word: sum(one.outcome == word for one in outcomes) for word in (FIXED, FAILING, CHANGED, UNKNOWN)}
    rows = [
        FindingOutput(each.id, each.case, each.level, each.message, one.outcome, one.reason)
        for one in outcomes
        for each in [one.finding]
    ]
    return Output(url, counts, tuple(rows))


def recorded_findings(stored: StoredReport, cases: Sequence[str], ids: Sequence[str] = ()) -> list[Recorded]:
    """Return the findings of the report: those called ``ids``, those met in ``cases``; all when there are neither.

    Raises BadEvidence for a finding or a case that the report does not have.
    """
    known = {case["id"] for case in stored.report["cases"]}
    found = {entry["id"] for entry in stored.report["findings"]}
    for name in cases:
        if name not in known:
            message = f"--case {name}: the report has no such case."
            raise BadEvidence(message)
    for name in ids:
        if name not in found:
            message = (
                f"--finding {name}: the report has the findings {', '.join(sorted(found, key=_number)) or '(none)'}."
            )
            raise BadEvidence(message)
    shapes = dict(_shapes(stored))
    findings = []
    for entry in stored.report["findings"]:
        if (cases or ids) and entry["id"] not in ids and not set(cases) & {entry["case"], *entry["cases"]}:
            continue
        # Without evidence only the plain shape is known for sure.
        shape = shapes.get((entry["case"], entry["execution"]), {} if not entry["matters"] else None)
        cause = entry["cause"]
        findings.append(
            Recorded(
                entry["id"],
                entry["case"],
                entry["message"],
                entry["level"],
                (cause[0], cause[1], cause[2]),
                entry["intermittent"],
                shape,
            )
        )
    return findings


def _number(ident: str) -> tuple[int, str]:
    return len(ident), ident


def _shapes(stored: StoredReport) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    wanted = {(entry["case"], entry["execution"]) for entry in stored.report["findings"]}
    if not wanted or stored.folder is None or not (stored.folder / "evidence").is_dir():
        return
    for path in evidence_files(stored.folder):
        for record in read_records(path):
            if record["type"] == "execution":
                key, shape = (record.get("case"), record.get("execution")), record.get("shape")
                if key in wanted and isinstance(shape, dict):
                    yield key, shape


def replay_findings(
    context: Context, partner: Partner, findings: list[Recorded], times: int, progress: Callable[[str], None]
) -> Iterator[Replayed]:
    """Play each finding ``times`` times (intermittent ones more) and yield what became of it."""
    for number, finding in enumerate(findings):
        progress(f"{finding.id}, case {finding.case} ({number + 1} of {len(findings)})")
        case = catalogue().get(finding.case)
        reason = _why_not(case, finding, context)
        if case is None or finding.shape is None or reason:
            yield Replayed(finding, UNKNOWN, reason)
            continue
        tries = max(times, INTERMITTENT_TIMES) if finding.intermittent else times
        executions = []
        for attempt in range(tries):
            executions.append(perform(context, partner, case, f"{finding.id} {attempt + 1}", finding.shape))
            if finding.cause in executions[-1].causes():
                break
        yield judged(finding, executions)


def _why_not(case: Case | None, finding: Recorded, context: Context) -> str:
    if case is None or case.script is None:
        return "this version of the suite has no such automated case"
    if finding.shape is None:
        return "report.json alone does not hold the request; give the report folder or the bundle"
    reason = case.applies(context.config)
    return f"the case does not apply: {reason_words(reason)}" if reason else ""


def judged(finding: Recorded, executions: list[Execution]) -> Replayed:
    """Return what ``executions``, the tries to see ``finding`` again, say about it."""
    for execution in executions:
        for found in execution.broken:
            if found.cause == finding.cause:
                return Replayed(finding, FAILING, found.message)
    last = executions[-1]
    other = _comparable(finding, executions)
    if other is not None:
        return Replayed(finding, CHANGED, f"it fails in another way now: {other.message}")
    stopped = next((execution for execution in executions if execution.end.kind is not EndKind.DONE), None)
    if stopped is not None:
        return Replayed(finding, UNKNOWN, f"the calls did not get that far: {reason_words(stopped.end.reason)}")
    tries = f" in {len(executions)} tries" if len(executions) > 1 else ""
    advice = next((found for found in last.broken), None)
    more = f"; advisory: {advice.message}" if advice else ""
    return Replayed(finding, FIXED, f"it did not show again{tries}{more}")


def _comparable(finding: Recorded, executions: list[Execution]) -> Observation | None:
    """Return what is broken where the finding stood: its requirement, or a required one of its subject."""
    found = [seen for execution in executions for seen in execution.broken]
    same = [seen for seen in found if seen.requirement == finding.cause[0]]
    required = [seen for seen in found if seen.level == "must"]
    here = [seen for seen in required if seen.cause[1] == finding.cause[1]]
    return next(iter([*same, *here, *required]), None)
