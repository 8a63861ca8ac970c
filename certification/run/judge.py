"""Judge: from what the executions of a case found to its verdict and findings.  Pure: the same records, the same verdict.

The run keeps a ledger while it goes on; the report keeps one from the evidence, and ``verify`` one from violations that it
computed itself.  All three conclude by the same function.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from certification.cases.case import Case
from certification.contract.requirements import ANYWHERE, FORM, REQUIREMENTS
from certification.evidence.observation import Violation
from certification.generate.shape import Shape

Cause = tuple[str, str, str]

SIDE_OWNER = "X100"
INTERMITTENT_TRIES = 2


@dataclass(frozen=True)
class Execution:
    """One execution of a case, and what it found.

    ``purpose`` is ``example``, ``again`` (a failing example tried again), ``shrink`` (a smaller one) or ``baseline``
    (run for the sake of another case).  ``end`` is ``done``, ``blocked``, ``not_applicable`` or ``error``.
    """

    case: str
    id: str
    purpose: str
    shape: Shape
    violations: tuple[Violation, ...]
    end: str = "done"
    reason: str = ""
    fired: frozenset[str] = frozenset()
    exchanges: int = 0
    of: str = ""
    """For ``again`` and ``shrink``: the id of the example."""

    def causes(self) -> set[Cause]:
        """Return the causes of what was found."""
        return {found.cause for found in self.violations}


@dataclass(frozen=True)
class Finding:
    """One cause, with the smallest execution that shows it."""

    case: str
    violation: Violation
    execution: str
    shape: Shape
    seen: int
    """In how many of the examples."""
    examples: int
    tries: int = 0
    """How often the example was tried again, and in how many of those it failed again."""
    failed_again: int = 0

    @property
    def intermittent(self) -> bool:
        """Whether the failure did not come back each time."""
        return self.failed_again < self.tries


@dataclass(frozen=True)
class CaseResult:
    """Verdict of a case with its reason in plain words."""

    case: str
    verdict: str
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    exchanges: int = 0
    executions: int = 0


@dataclass
class Ledger:
    """All executions of one process, in order."""

    owners: dict[str, str]
    executions: dict[str, list[Execution]] = field(default_factory=dict)

    def add(self, execution: Execution) -> None:
        """Enter an execution."""
        self.executions.setdefault(execution.case, []).append(execution)

    def known(self, case: str) -> bool:
        """Return whether ``case`` was executed, for its own sake or as a baseline."""
        return case in self.executions

    def owner(self, case: str, cause: Cause) -> str | None:
        """Return the other case that tests what ``cause`` is about in its plainest form, if there is one."""
        owner = SIDE_OWNER if cause[0] in ANYWHERE else self.owners.get(cause[1])
        return owner if owner != case else None

    def reported_elsewhere(self, case: str, cause: Cause) -> str | None:
        """Return the case that shows ``cause`` too and is the place to report it."""
        for owner, same in self._places(case, cause):
            for execution in self.executions.get(owner, []):
                if execution.purpose in {"example", "baseline"} and same in execution.causes():
                    return owner
        return None

    def owners_of(self, case: str, cause: Cause) -> list[str]:
        """Return the other cases that may be the place to report ``cause``."""
        return [owner for owner, _ in self._places(case, cause)]

    def _places(self, case: str, cause: Cause) -> list[tuple[str, Cause]]:
        """Return the cases that may report ``cause``, each with the cause as it would show there."""
        requirement, kind, detail = cause
        places = []
        if requirement in FORM and "sign-in" in kind:
            # The answers to sign-in and first connect are made by the same code.
            first = kind.replace("sign-in", "first connect")
            places.append((self.owners.get(first), (requirement, first, detail)))
        places.append((self.owner(case, cause), cause))
        return [(owner, same) for owner, same in places if owner is not None and owner != case]

    def own_violations(self, execution: Execution) -> list[Violation]:
        """Return what ``execution`` found that no other case reports."""
        return [found for found in execution.violations if self.reported_elsewhere(execution.case, found.cause) is None]

    def conclude(self, case: Case) -> CaseResult:
        """Return the verdict of ``case`` from its executions so far."""
        executions = self.executions.get(case.id, [])
        examples = [execution for execution in executions if execution.purpose == "example"]
        # What showed when the case was run for another's sake was left to this case to report.
        findings = self._findings(case.id, executions, [*examples, *self._baselines(case.id)])
        elsewhere = self._elsewhere(case.id, examples)
        verdict, reason = _verdict(case, examples, findings, elsewhere)
        return CaseResult(
            case.id,
            verdict,
            reason,
            tuple(findings),
            sum(execution.exchanges for execution in executions),
            len(examples),
        )

    def baseline_findings(self, case: str) -> list[Finding]:
        """Return what ``case`` showed when it was run for the sake of other cases; theirs rely on its being reported."""
        return self._findings(case, self.executions.get(case, []), self._baselines(case))

    def _baselines(self, case: str) -> list[Execution]:
        return [execution for execution in self.executions.get(case, []) if execution.purpose == "baseline"]

    def _findings(self, case: str, executions: list[Execution], examples: list[Execution]) -> list[Finding]:
        first: dict[Cause, tuple[Execution, Violation]] = {}
        seen: Counter[Cause] = Counter()
        for execution in examples:
            for violation in {found.cause: found for found in self.own_violations(execution)}.values():
                first.setdefault(violation.cause, (execution, violation))
                seen[violation.cause] += 1
        result = []
        for cause, (execution, _) in first.items():
            again = [other for other in executions if other.purpose == "again" and other.of == execution.id]
            smaller = [
                other
                for other in executions
                if other.purpose == "shrink" and other.of == execution.id and cause in other.causes()
            ]
            best = min(smaller, key=_size, default=execution)
            shown = next(found for found in best.violations if found.cause == cause)
            result.append(
                Finding(
                    case,
                    shown,
                    best.id,
                    best.shape,
                    seen[cause],
                    len(examples),
                    len(again),
                    sum(cause in other.causes() for other in again),
                )
            )
        return sorted(result, key=lambda finding: REQUIREMENTS[finding.violation.requirement].level)

    def _elsewhere(self, case: str, examples: list[Execution]) -> dict[str, Violation]:
        result: dict[str, Violation] = {}
        for execution in examples:
            for violation in execution.violations:
                owner = self.reported_elsewhere(case, violation.cause)
                if owner is not None and violation.level == "must" and violation.requirement not in ANYWHERE:
                    result.setdefault(owner, violation)
        return result


def _verdict(
    case: Case, examples: list[Execution], findings: list[Finding], elsewhere: dict[str, Violation]
) -> tuple[str, str]:
    required = [finding for finding in findings if finding.violation.level == "must"]
    if required:
        more = f" (and {len(required) - 1} more)" if len(required) > 1 else ""
        return "failed", f"{required[0].violation.message}{more}"
    fault = next((execution for execution in examples if execution.end == "error"), None)
    if fault is not None:
        return "error", fault.reason
    if not examples:
        return "blocked", "the case was not executed"
    if elsewhere:
        owner, violation = next(iter(elsewhere.items()))
        return "blocked", f"{owner} reports it: {violation.message}"
    if all(execution.end == "not_applicable" for execution in examples):
        return "not_applicable", examples[0].reason
    blocked = [execution for execution in examples if execution.end == "blocked"]
    # Three at the end in a row were the last: the case was given up there, whatever had worked before.
    given_up = len(examples) >= 3 and all(execution.end == "blocked" for execution in examples[-3:])
    if len(blocked) * 2 > len(examples) or (blocked and len(examples) == 1) or given_up:
        share = f" ({len(blocked)} of {len(examples)} examples)" if len(examples) > 1 else ""
        return "blocked", f"{blocked[0].reason}{share}"
    fired = frozenset[str]().union(*(execution.fired for execution in examples))
    silent = [rule for rule in case.rules if rule not in fired]
    if silent:
        return "blocked", f"not one example got as far as: {', '.join(silent)}"
    if findings:
        return "passed", f"with {len(findings)} advisory finding{'s' if len(findings) > 1 else ''}"
    return "passed", ""


def _size(execution: Execution) -> tuple[int, int]:
    return len(execution.shape), len(str(execution.shape))


def execution_record(execution: Execution) -> dict[str, Any]:
    """Return the JSON-ready judgement on ``execution``, written when it is over."""
    return {
        "type": "judgement",
        "case": execution.case,
        "execution": execution.id,
        "purpose": execution.purpose,
        "of": execution.of,
        "shape": execution.shape,
        "violations": [found.to_record() for found in execution.violations],
        "end": execution.end,
        "reason": execution.reason,
        "fired": sorted(execution.fired),
        "exchanges": execution.exchanges,
    }


def execution_of(record: dict[str, Any]) -> Execution:
    """Return the execution of a judgement record; raises ``KeyError`` or ``TypeError`` when it is not one."""
    return Execution(
        record["case"],
        record["execution"],
        record["purpose"],
        record["shape"],
        tuple(Violation(**found) for found in record["violations"]),
        record["end"],
        record["reason"],
        frozenset(record["fired"]),
        record["exchanges"],
        record["of"],
    )
