"""Judge: from what the executions of a case observed to its verdict.  Pure: the same records, the same verdict.

The run judges each case as it ends; the report judges again from the evidence, and ``verify`` from observations that it
computed itself.  All three conclude by the same function.  What the observations of all cases have in common (the
findings) is the business of :mod:`certification.run.findings`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from certification.cases.case import Case
from certification.evidence.observation import Cause, Observation, Outcome
from certification.evidence.records import Ended, Judgement, record_of
from certification.foundation.reason import Reason
from certification.generate.shape import Shape

HOPELESS = 3
"""So many examples in a row that were blocked, and a case is given up."""


class Purpose(StrEnum):
    """Why an execution took place."""

    EXAMPLE = "example"
    AGAIN = "again"
    """A failing example tried again."""
    SHRINK = "shrink"
    """A smaller form of a failing example."""


class EndKind(StrEnum):
    """How an execution ended."""

    DONE = "done"
    BLOCKED = "blocked"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


@dataclass(frozen=True)
class End:
    """How an execution ended, and why if before its script did."""

    kind: EndKind = EndKind.DONE
    reason: Reason | None = None


@dataclass(frozen=True)
class Execution:
    """One execution of a case, and what it observed."""

    case: str
    id: str
    purpose: Purpose
    shape: Shape
    held: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Requirement -> the calls in which it was looked at and held (0: in something else than a call)."""
    observations: tuple[Observation, ...] = ()
    """Everything that did not hold, or was unclear."""
    end: End = End()
    fired: frozenset[str] = frozenset()
    exchanges: int = 0
    of: str = ""
    """For ``again`` and ``shrink``: the id of the example."""

    @property
    def broken(self) -> list[Observation]:
        """What did not hold."""
        return [seen for seen in self.observations if seen.broken]

    def causes(self) -> set[Cause]:
        """Return the causes of what did not hold."""
        return {seen.cause for seen in self.broken}

    def looked_at(self) -> dict[str, int]:
        """Return how often each requirement was looked at."""
        counts = {name: len(calls) for name, calls in self.held.items()}
        for seen in self.observations:
            counts[seen.requirement] = counts.get(seen.requirement, 0) + 1
        return counts


def sorted_out(observations: Sequence[Observation]) -> tuple[dict[str, tuple[int, ...]], tuple[Observation, ...]]:
    """Return the calls in which each requirement held, and everything else, each cause once for a call."""
    held: dict[str, list[int]] = {}
    rest: dict[tuple[Cause, str, str], Observation] = {}
    for seen in observations:
        if seen.outcome is Outcome.HELD:
            held.setdefault(seen.requirement, []).append(seen.call)
        else:
            rest.setdefault((seen.cause, seen.evidence, seen.message), seen)
    return {name: tuple(calls) for name, calls in held.items()}, tuple(rest.values())


@dataclass(frozen=True)
class CaseResult:
    """Verdict of a case: ``passed``, ``failed``, ``not_applicable``, ``blocked``, ``error`` or ``manual``.

    In a report also ``waived``: it failed, and of nothing but what a waiver allows.
    """

    case: str
    verdict: str
    reason: Reason | None = None
    required: tuple[Observation, ...] = ()
    """What a failed case failed of, each cause once."""
    advisory: tuple[Observation, ...] = ()
    exchanges: int = 0
    executions: int = 0
    """How many examples there were."""


@dataclass
class Ledger:
    """All executions of one process, in order."""

    executions: dict[str, list[Execution]] = field(default_factory=dict)

    def add(self, execution: Execution) -> None:
        """Enter an execution."""
        self.executions.setdefault(execution.case, []).append(execution)

    def known(self, cause: Cause) -> bool:
        """Return whether ``cause`` was met before, in an example of any case."""
        return any(cause in execution.causes() for entries in self.executions.values() for execution in entries)

    def conclude(self, case: Case) -> CaseResult:
        """Return the verdict of ``case`` from its executions so far."""
        return conclude(case, self.executions.get(case.id, []))


def conclude(case: Case, executions: Sequence[Execution]) -> CaseResult:
    """Return the verdict of ``case`` from all its executions."""
    examples = [execution for execution in executions if execution.purpose is Purpose.EXAMPLE]
    met: dict[Cause, Observation] = {}
    for execution in examples:
        for seen in execution.broken:
            met.setdefault(seen.cause, seen)
    required = tuple(seen for seen in met.values() if seen.level == "must")
    advisory = tuple(seen for seen in met.values() if seen.level != "must")
    verdict, reason = _verdict(case, examples, failed=bool(required))
    exchanges = sum(execution.exchanges for execution in executions)
    return CaseResult(case.id, verdict, reason, required, advisory, exchanges, len(examples))


def _verdict(case: Case, examples: list[Execution], *, failed: bool) -> tuple[str, Reason | None]:
    if failed:
        return "failed", None
    fault = next((execution.end for execution in examples if execution.end.kind is EndKind.ERROR), None)
    if fault is not None:
        return "error", fault.reason
    if not examples:
        return "blocked", Reason("not-executed")
    if all(execution.end.kind is EndKind.NOT_APPLICABLE for execution in examples):
        return "not_applicable", examples[0].end.reason
    blocked = [execution for execution in examples if execution.end.kind is EndKind.BLOCKED]
    # Some at the end in a row were the last: the case was given up there, whatever had worked before.
    if len(blocked) * 2 > len(examples) or (blocked and len(examples) == 1) or given_up(examples):
        return "blocked", blocked[0].end.reason
    fired = frozenset[str]().union(*(execution.fired for execution in examples))
    silent = [rule for rule in case.rules if rule not in fired]
    if silent:
        return "blocked", Reason("proved-nothing", {"rules": ", ".join(silent)})
    return "passed", None


def given_up(examples: Sequence[Execution]) -> bool:
    """Return whether going on would only repeat the same obstacle: the last examples in a row were blocked."""
    last = examples[-HOPELESS:]
    return len(last) == HOPELESS and all(execution.end.kind is EndKind.BLOCKED for execution in last)


def judgement_of(execution: Execution) -> Judgement:
    """Return the judgement on ``execution`` as it is recorded when it is over."""
    reason = execution.end.reason
    return Judgement(
        execution.case,
        execution.id,
        execution.purpose.value,
        execution.of,
        execution.shape,
        execution.held,
        execution.observations,
        Ended(execution.end.kind.value, reason.code if reason else "", reason.facts if reason else {}),
        tuple(sorted(execution.fired)),
        execution.exchanges,
    )


def execution_record(execution: Execution) -> dict[str, Any]:
    """Return the JSON-ready record of the judgement on ``execution``."""
    return record_of(judgement_of(execution))


def execution_of(record: Judgement) -> Execution:
    """Return the execution on which ``record`` is the judgement."""
    end = record.end
    return Execution(
        record.case,
        record.execution,
        Purpose(record.purpose),
        record.shape,
        record.held,
        record.observations,
        End(EndKind(end.kind), reason_of(end.code, end.facts)),
        frozenset(record.fired),
        record.exchanges,
        record.of,
    )


def reason_of(code: str, facts: Mapping[str, str | int]) -> Reason | None:
    """Return the reason that a record gives; None when it gives none."""
    return Reason(code, facts) if code else None
