"""From the cases to the verdict of the run, and to the matrix of requirements."""

from __future__ import annotations

from typing import Any

import pytest
from observing import broken, ended, played

from certification.cases.catalogue import catalogue
from certification.evidence.observation import Observation, Outcome
from certification.evidence.records import End, Obstacle, Run, Suite
from certification.report.matrix import matrix
from certification.report.read import RunRecords
from certification.report.verdict import Verdict, verdict_of
from certification.run.findings import findings
from certification.run.judge import CaseResult, Execution, conclude


def run_record(*, trial: bool) -> Run:
    suite = Suite("partner-connect-certification", "1.0.0", "0" * 64, "3.11.0", {})
    return Run(2, suite, "run", 1, "quick", "http://a", {}, "a", trial, (), "", "2026-01-01T00:00:00.000+00:00", ())


def records_of(*executions: Execution, **facts: Any) -> RunRecords:
    records = RunRecords(run=run_record(trial=facts.pop("trial", False)))
    if facts.pop("ended", True):
        narrowed_by = tuple(facts.pop("narrowed_by", ()))
        records.end = End("2026-01-01T00:00:00.000+00:00", narrowed_by, facts.pop("interrupted", False))
    for execution in executions:
        records.executions.setdefault(execution.case, []).append(execution)
    records.results = {name: conclude(catalogue()[name], entries) for name, entries in records.executions.items()}
    records.results |= facts.pop("results", {})
    records.selected = set(records.results) | set(facts.pop("unfinished", ()))
    records.problems = facts.pop("problems", [])
    assert facts == {}
    return records


def run(*executions: Execution, **facts: Any) -> Verdict:
    records = records_of(*executions, **facts)
    return verdict_of(records, findings(records.executions))


PASSED = played(case="P100")
FAILED = played("1", broken("sign-in"), case="P300")
ADVICE = played("1", broken("known-user-existing"), case="P300")
BLOCKED = played(case="P302", end=ended("blocked", "throttled"))
ERROR = played(case="P400", end=ended("error", "suite-fault", text="x"))
NOTHING = {"F100": CaseResult("F100", "passed")}


@pytest.mark.parametrize(
    ("name", "status", "headline", "verdict"),
    [
        ("conformant", 0, "every required check that applies passed", run(PASSED)),
        ("conformant_with_advisories", 0, "Conformant, with 1 advisory", run(PASSED, ADVICE)),
        ("not_conformant", 1, "1 thing to repair; 1 required case failed (P300)", run(PASSED, FAILED)),
        ("not_conformant", 1, "P300", run(FAILED, ERROR, narrowed_by=["-k x"], trial=True, interrupted=True)),
        ("not_conformant", 1, "P300", run(FAILED, ended=False)),
        ("incomplete", 0, "narrowed by -k x", run(PASSED, narrowed_by=["-k x"])),
        ("incomplete", 0, "a trial run without a partner config", run(PASSED, trial=True)),
        ("incomplete", 0, "narrowed by -x", run(PASSED, ADVICE, trial=True, narrowed_by=["-x"])),
        ("incomplete", 2, "1 case could not be checked (P302)", run(PASSED, BLOCKED)),
        ("incomplete", 2, "stopped before its end", run(PASSED, interrupted=True)),
        ("incomplete", 2, "stopped before its end", run(PASSED, ended=False, unfinished=["P300"])),
        ("incomplete", 3, "the suite itself failed in P400", run(PASSED, ERROR, BLOCKED)),
        ("incomplete", 3, "the suite itself failed in P600", run(PASSED, unfinished=["P600"])),
        ("incomplete", 5, "not a single case was checked", run(results=NOTHING)),
        ("incomplete", 5, "not a single case was checked", run(BLOCKED, narrowed_by=["-k x"])),
        ("incomplete", 4, "could not start", run(problems=[Obstacle("a", "b", "c")])),
    ],
)
def test_the_verdict_of_a_run(name: str, status: int, headline: str, verdict: Verdict) -> None:
    assert (verdict.name, verdict.exit_status) == (name, status)
    assert headline in verdict.headline


def row(requirement: str, records: RunRecords, found: dict[str, list[str]] | None = None) -> dict[str, Any]:
    return next(entry for entry in matrix(records, found or {}) if entry["id"] == requirement)


def test_a_clause_is_held_only_where_it_was_looked_at() -> None:
    # Every first connect is answered 202: the cases fail before they come to a sign-in.
    refused = broken("first-connect", "status 202")
    stuck = ended("blocked", "no-connection-id", call=1)
    records = records_of(played("1", refused, case="P300", end=stuck), played("1", refused, case="C100", end=stuck))
    for name in ("sign-in", "concurrent", "connections-separate"):
        entry = row(name, records)
        assert (entry["outcome"], entry["looked_at"]) == ("not_checked", 0), name
        assert entry["why"], name
    assert "P300: the case failed before it came to this" in row("sign-in", records)["why"]


def test_a_clause_that_held_says_how_often_it_was_looked_at_and_by_which_cases() -> None:
    records = records_of(played(case="P300", held={"sign-in": (2, 4)}), played(case="P600", held={"sign-in": (2,)}))
    entry = row("sign-in", records)
    assert (entry["outcome"], entry["looked_at"], entry["cases"]) == ("held", 3, ["P300", "P600"])


def test_a_broken_clause_names_its_findings_and_an_unclear_one_is_not_held() -> None:
    unclear = Observation("sign-in", Outcome.UNCLEAR, "connect")
    records = records_of(played("1", unclear, case="P300", held={"sign-in": (2,)}))
    assert row("sign-in", records)["outcome"] == "unclear"
    assert row("sign-in", records, {"sign-in": ["F1"]})["findings"] == ["F1"]


def test_a_clause_for_other_partners_does_not_apply_once_the_run_is_complete() -> None:
    entry = row("sign-in-manual", records_of(PASSED))
    assert (entry["outcome"], "require_manual_signup" in entry["why"]) == ("not_applicable", True)
    assert row("sign-in-manual", records_of(PASSED, narrowed_by=["-k P100"]))["outcome"] == "not_checked"
