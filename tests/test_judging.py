"""From what executions found to a case's verdict, and from the cases to the verdict of the run."""

from __future__ import annotations

from typing import Any

import pytest

from certification.cases.case import Case
from certification.cases.catalogue import catalogue
from certification.contract.requirements import REQUIREMENTS
from certification.evidence.observation import Violation
from certification.generate.shrink import reduce_shape
from certification.report.build import RunRecords, verdict_of
from certification.run.judge import CaseResult, Execution, Finding, Ledger, execution_of, execution_record

CASE = Case("T100", "A case", "create", "steps", "clause", ("first-connect",), lambda _play: None)


def found(requirement: str = "first-connect", kind: str = "first connect", detail: str = "") -> Violation:
    return Violation(requirement, kind, detail, f"1. {kind}", f"{requirement} is broken.", "this", "that")


def played(case: str = "T100", ident: str = "1", *violations: Violation, **fields: Any) -> Execution:
    return Execution(
        case, ident, fields.pop("purpose", "example"), fields.pop("shape", {}), violations, exchanges=2, **fields
    )


def conclude(*executions: Execution, owners: dict[str, str] | None = None, case: Case = CASE) -> CaseResult:
    ledger = Ledger(owners or {})
    for execution in executions:
        ledger.add(execution)
    return ledger.conclude(case)


# The verdict of a case


def test_a_case_without_findings_has_passed() -> None:
    result = conclude(played())
    assert (result.verdict, result.reason, result.exchanges, result.executions) == ("passed", "", 2, 1)


def test_a_broken_requirement_fails_the_case_and_an_advisory_does_not() -> None:
    must = conclude(played("T100", "1", found(), found("known-user-existing")))
    assert (must.verdict, must.reason) == ("failed", "first-connect is broken.")
    assert [finding.violation.level for finding in must.findings] == ["must", "should"]
    should = conclude(played("T100", "1", found("known-user-existing")))
    assert (should.verdict, should.reason) == ("passed", "with 1 advisory finding")


def test_the_same_violation_seen_often_is_one_finding_with_a_count() -> None:
    result = conclude(*(played("T100", str(number), found()) for number in range(40)), played("T100", "41"))
    (finding,) = result.findings
    assert (finding.seen, finding.examples, finding.execution) == (40, 41, "0")


def test_the_smallest_execution_that_shows_it_is_reported() -> None:
    result = conclude(
        played("T100", "1", found(), shape={"a": 1, "b": 2, "c": 3}),
        played("T100", "2", found(), shape={"a": 1, "b": 2}, purpose="shrink", of="1"),
        played("T100", "3", shape={"b": 2}, purpose="shrink", of="1"),
        played("T100", "4", found(), shape={"a": 1}, purpose="shrink", of="1"),
    )
    (finding,) = result.findings
    assert (finding.execution, finding.shape) == ("4", {"a": 1})


def test_a_failure_that_does_not_come_back_is_called_intermittent_and_still_fails() -> None:
    result = conclude(
        played("T100", "1", found()),
        played("T100", "2", purpose="again", of="1"),
        played("T100", "3", found(), purpose="again", of="1"),
    )
    (finding,) = result.findings
    assert result.verdict == "failed"
    assert finding.intermittent
    assert (finding.tries, finding.failed_again) == (2, 1)


def test_what_another_case_reports_blocks_this_one() -> None:
    owners = {"first connect": "P100"}
    result = conclude(played("P100", "1", found()), played("T100", "1", found()), owners=owners)
    assert (result.verdict, result.reason) == ("blocked", "P100 reports it: first-connect is broken.")
    assert result.findings == ()


def test_what_the_owner_did_not_meet_is_this_cases_own() -> None:
    owners = {"first connect": "P100"}
    other = found(detail="another cause")
    result = conclude(played("P100", "1", found()), played("T100", "1", other), owners=owners)
    assert result.verdict == "failed"
    assert [finding.violation for finding in result.findings] == [other]


def test_a_fault_of_the_suite_is_an_error_unless_the_partner_failed_too() -> None:
    fault = played("T100", "1", end="error", reason="fault of the suite: KeyError")
    assert conclude(fault).verdict == "error"
    assert conclude(fault, played("T100", "2", found())).verdict == "failed"


def test_executions_that_did_not_get_far_block_the_case() -> None:
    def stuck(ident: str) -> Execution:
        return played("T100", ident, end="blocked", reason="the partner kept answering 429")

    assert conclude(stuck("1")).verdict == "blocked"
    assert "429 (2 of 3 examples)" in conclude(stuck("1"), stuck("2"), played("T100", "3")).reason
    assert conclude(stuck("1"), played("T100", "2"), played("T100", "3")).verdict == "passed"
    assert conclude().verdict == "blocked"


def test_a_case_that_turned_out_not_to_apply_says_why() -> None:
    result = conclude(played("T100", "1", end="not_applicable", reason="the partner answered deletion_acknowledged"))
    assert (result.verdict, result.reason) == ("not_applicable", "the partner answered deletion_acknowledged")


def test_a_rule_that_never_fired_proves_nothing() -> None:
    case = Case(
        "T100", "A case", "create", "steps", "clause", ("first-connect",), lambda _play: None, rules=("sign-in",)
    )
    silent = conclude(played(), case=case)
    assert (silent.verdict, silent.reason) == ("blocked", "not one example got as far as: sign-in")
    assert conclude(played(fired=frozenset({"sign-in"})), case=case).verdict == "passed"


def test_an_execution_survives_its_record() -> None:
    execution = played("T100", "1", found(), shape={"a": [1, "ü"]}, fired=frozenset({"b", "a"}), of="", reason="r")
    assert execution_of(execution_record(execution)) == execution


# The verdict of a run


def run(*results: CaseResult, **facts: Any) -> tuple[str, int, str]:
    records = RunRecords(run={"trial": facts.pop("trial", False)})
    if facts.pop("ended", True):
        records.end = {"narrowed_by": facts.pop("narrowed_by", []), "interrupted": facts.pop("interrupted", False)}
    records.results = {result.case: result for result in results}
    records.selected = set(records.results) | set(facts.pop("unfinished", ()))
    records.problems = facts.pop("problems", [])
    assert facts == {}
    return verdict_of(records)


def result(case: str, verdict: str, *findings: Finding, exchanges: int = 3) -> CaseResult:
    return CaseResult(case, verdict, "reason", findings, exchanges, 1)


def finding(case: str, violation: Violation) -> Finding:
    return Finding(case, violation, "1", {}, 1, 1)


PASSED = result("P100", "passed")
FAILED = result("P300", "failed", finding("P300", found("sign-in")))
ADVISORY = result("P300", "passed", finding("P300", found("known-user-existing")))
BLOCKED = result("P302", "blocked")
ERROR = result("P400", "error")


@pytest.mark.parametrize(
    ("verdict", "status", "headline", "outcome"),
    [
        ("conformant", 0, "every required check that applies passed", run(PASSED, result("R100", "not_applicable"))),
        ("conformant_with_advisories", 0, "Conformant, with 1 advisory", run(PASSED, ADVISORY)),
        ("not_conformant", 1, "1 required case failed (P300)", run(PASSED, FAILED)),
        ("not_conformant", 1, "P300", run(FAILED, ERROR, narrowed_by=["-k x"], trial=True, interrupted=True)),
        ("not_conformant", 1, "P300", run(FAILED, ended=False)),
        ("incomplete", 0, "narrowed by -k x", run(PASSED, narrowed_by=["-k x"])),
        ("incomplete", 0, "a trial run without a partner config", run(PASSED, trial=True)),
        ("incomplete", 0, "narrowed by -x", run(PASSED, ADVISORY, trial=True, narrowed_by=["-x"])),
        ("incomplete", 2, "1 case could not be checked (P302)", run(PASSED, BLOCKED)),
        ("incomplete", 2, "stopped before its end", run(PASSED, interrupted=True)),
        ("incomplete", 2, "stopped before its end", run(PASSED, ended=False, unfinished=["P300"])),
        ("incomplete", 3, "the suite itself failed in P400", run(PASSED, ERROR, BLOCKED)),
        ("incomplete", 3, "the suite itself failed in P600", run(PASSED, unfinished=["P600"])),
        ("incomplete", 5, "not a single case was checked", run(result("F100", "passed", exchanges=0))),
        ("incomplete", 5, "not a single case was checked", run(BLOCKED, narrowed_by=["-k x"])),
        ("incomplete", 4, "could not start", run(problems=[{"where": "a", "what": "b", "remedy": "c"}])),
    ],
)
def test_the_verdict_of_a_run(verdict: str, status: int, headline: str, outcome: tuple[str, int, str]) -> None:
    assert outcome[:2] == (verdict, status)
    assert headline in outcome[2]


# Reduction


class Remembering:
    """A partner that fails for a cause in the shape, but only for users whom it has not seen before."""

    def __init__(self, causes: Any) -> None:
        self.causes, self.seen, self.tries = causes, set[int](), 0

    def fails(self, shape: dict[str, Any]) -> bool:
        # The suite makes a fresh user for each execution; one that was reused would be known and not fail again.
        self.tries += 1
        user = self.tries
        known = user in self.seen
        self.seen.add(user)
        return not known and self.causes(shape)


@pytest.mark.parametrize(
    ("shape", "causes", "smallest"),
    [
        ({"a": 1, "b": 2, "c": 3, "d": 4}, lambda shape: "c" in shape, {"c": 3}),
        (dict.fromkeys("abcdefghijkl", 1), lambda shape: {"b", "k"} <= set(shape), {"b": 1, "k": 1}),
        ({"name": "Grüße 🎉 aus Köln", "x": 1}, lambda shape: "🎉" in str(shape.get("name")), {"name": "🎉"}),
        ({"steps": list(range(12)), "x": 1}, lambda shape: 7 in shape.get("steps", []), {"steps": [7]}),
        ({"a": 1, "b": 2}, lambda _shape: True, {}),
    ],
)
def test_a_failing_shape_is_reduced_to_what_matters(shape: Any, causes: Any, smallest: Any) -> None:
    partner = Remembering(causes)
    assert reduce_shape(shape, partner.fails, 60) == smallest
    assert partner.tries <= 60


def test_reduction_keeps_to_its_budget_and_never_returns_what_does_not_fail() -> None:
    shape = dict.fromkeys("abcdefghijklmnop", "x" * 50)
    for budget in range(12):
        partner = Remembering(lambda candidate: {"c", "m"} <= set(candidate))
        smaller = reduce_shape(shape, partner.fails, budget)
        assert {"c", "m"} <= set(smaller)
        assert partner.tries <= budget


# What the catalogue promises


def test_every_case_is_declared_completely() -> None:
    for ident, case in catalogue().items():
        assert ident == case.id
        assert case.title
        assert case.steps.endswith(".") or case.manual, ident
        assert case.clause
        assert case.manual or case.requirements, ident
        assert set(case.requirements) <= set(REQUIREMENTS), ident
        assert case.level in {"must", "should"}


def test_all_of_databricks_own_cases_are_there() -> None:
    automated = "P100 P300 P302 P400 P401 P402 P403 P404 P405 P501 P502 P600 P700 P800 P801 P900 E100 R100 F100"
    assert set(automated.split()) <= {ident for ident, case in catalogue().items() if not case.manual}
    assert [ident for ident, case in catalogue().items() if case.shared_domain][:4] == ["P403", "P404", "P501", "P502"]


def test_every_requirement_is_tested_or_says_why_not() -> None:
    tested = {name for case in catalogue().values() for name in case.requirements}
    for name, requirement in REQUIREMENTS.items():
        assert name in tested or requirement.untested, name
        assert requirement.clause.endswith(".")
        assert requirement.source
