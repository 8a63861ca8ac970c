"""Several processes: the same verdicts, one report, and the shared domain in one process only."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from running import Outcome

from certification.cases.catalogue import catalogue
from certification.report.html import Differences, differences

Certify = Callable[..., Outcome]


def records(outcome: Outcome) -> dict[str, list[dict[str, Any]]]:
    """The records of each evidence file, by its name."""
    return {
        path.name: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in sorted((outcome.folder / "evidence").glob("*.jsonl"))
    }


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Outcome]:
    """The bundled reference partner, certified by one process and by four."""
    import subprocess

    from running import command_line, environment

    outcomes = {}
    for processes in (0, 4):
        folder = tmp_path_factory.mktemp(f"with-{processes}")
        result = subprocess.run(
            command_line(
                "--partner-url=reference",
                "--certification-profile=quick",
                "--certification-seed=11",
                "-n",
                processes,
                "--junitxml=own.xml",
            ),
            cwd=folder,
            env=environment(),
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )
        outcomes[processes] = Outcome(result.returncode, result.stdout + result.stderr, folder / "certification-report")
    return outcomes


def test_the_reference_partner_is_conformant_with_one_process_and_with_four(runs: dict[int, Outcome]) -> None:
    for outcome in runs.values():
        assert outcome.status == 0, outcome.text
        assert outcome.report["verdict"] == "conformant"
        assert outcome.findings() == []
        assert "Conformant: every required check that applies passed." in outcome.text


def test_four_processes_give_the_same_verdicts(runs: dict[int, Outcome]) -> None:
    assert runs[0].verdicts() == runs[4].verdicts()
    assert set(runs[0].verdicts()) == set(catalogue())
    for outcome in runs.values():
        assert outcome.report["run"]["contradictions"] == []


def test_four_processes_leave_one_report_and_a_line_for_each_case(runs: dict[int, Outcome]) -> None:
    outcome = runs[4]
    assert outcome.report["run"]["processes"] == 4
    assert sorted(records(outcome)) == ["gw0.jsonl", "gw1.jsonl", "gw2.jsonl", "gw3.jsonl", "main.jsonl"]
    for ident, verdict in outcome.verdicts().items():
        if verdict == "passed":
            assert re.search(rf"^{ident} .* passed", outcome.text, re.MULTILINE), ident
    page = (outcome.folder / "report.html").read_text(encoding="utf-8")
    assert page.count("certification::P100") >= 1
    assert differences(page, outcome.report, outcome.folder) == Differences()
    assert 'name="P100"' in (outcome.folder.parent / "own.xml").read_text(encoding="utf-8")


def test_every_case_is_played_by_one_process_only(runs: dict[int, Outcome]) -> None:
    where: dict[str, set[str]] = {}
    for name, entries in records(runs[4]).items():
        for entry in entries:
            if entry["type"] == "case":
                where.setdefault(entry["case"], set()).add(name)
    assert set(where) == {ident for ident, case in catalogue().items() if not case.manual}
    assert {ident: names for ident, names in where.items() if len(names) > 1} == {}


def test_cases_of_the_shared_domain_stay_in_one_process(runs: dict[int, Outcome]) -> None:
    shared = {ident for ident, case in catalogue().items() if case.shared_domain}
    assert {"P403", "P404", "P501", "P502"} <= shared
    files = {
        name
        for name, entries in records(runs[4]).items()
        for entry in entries
        if entry["type"] == "exchange" and entry["case"] in shared
    }
    assert len(files) == 1


def test_no_two_executions_share_a_user_or_a_workspace(runs: dict[int, Outcome]) -> None:
    owners: dict[str, tuple[str, str, str]] = {}
    shared: list[str] = []
    for outcome in runs.values():
        run = outcome.report["run"]["id"]
        for entries in records(outcome).values():
            for entry in entries:
                if entry["type"] != "exchange" or '"email"' not in entry["request"]["body"]:
                    continue
                try:
                    email = json.loads(entry["request"]["body"])["user_info"]["email"]
                except (ValueError, KeyError, TypeError):
                    continue
                owner = (run, entry["case"], entry["execution"])
                if isinstance(email, str) and "@" in email and owners.setdefault(email.lower(), owner) != owner:
                    shared.append(email)
    assert len(owners) > 100
    assert shared == []


def test_the_evidence_files_hold_an_unbroken_chain(runs: dict[int, Outcome]) -> None:
    from certification.evidence.recorder import read_records

    for outcome in runs.values():
        for path in (outcome.folder / "evidence").glob("*.jsonl"):
            assert sum(1 for _ in read_records(path, strict=True)) > 1
