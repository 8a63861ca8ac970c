"""A certification run as pytest: which cases run, where, and how pytest's own options apply to them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from partners import Answer, Partner, write_config
from running import Outcome

from certification.cases.catalogue import catalogue
from certification.config.partner import trial_config

Certify = Callable[..., Outcome]


def ours(outcome: Outcome) -> set[str]:
    """The ids of the automated cases that pytest ran: each has a line; manual ones are only counted."""
    return set(re.findall(r"^(\w+) +\S", outcome.text, re.MULTILINE)) & automated()


def automated() -> set[str]:
    return {ident for ident, case in catalogue().items() if not case.manual}


def test_a_bare_pytest_in_an_empty_folder_runs_the_bundled_cases(shell: Certify, partner: Partner) -> None:
    outcome = shell(f"--partner-url={partner.url}", "--certification-profile=quick")
    assert outcome.status == 0, outcome.text
    assert automated() <= ours(outcome)
    assert set(outcome.verdicts()) == set(catalogue())
    assert outcome.report["verdict"] == "incomplete"
    assert outcome.report["partner"]["trial"] is True
    assert "trial run" in outcome.report["headline"]
    assert (outcome.folder / "report.html").stat().st_size > 1000


@pytest.mark.parametrize(
    "ini",
    [
        "[pytest]\npython_files = *.py\naddopts = -q --strict-markers --strict-config\n",
        "[pytest]\ntestpaths = .\npython_functions = *\nfilterwarnings = error\nxfail_strict = true\n",
        "[pytest]\nminversion = 6.0\nconsole_output_style = classic\ncache_dir = elsewhere\n",
    ],
)
def test_a_foreign_project_is_left_alone(shell: Certify, partner: Partner, tmp_path: Path, ini: str) -> None:
    (tmp_path / "conftest.py").write_text("raise RuntimeError('conftest of somebody else')\n")
    (tmp_path / "test_foreign.py").write_text("raise RuntimeError('test of somebody else')\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "conftest.py").write_text("raise RuntimeError('conftest of somebody else')\n")
    (tmp_path / "pytest.ini").write_text(ini)
    outcome = shell(f"--partner-url={partner.url}", "-k", "P100")
    assert outcome.status == 0, outcome.text
    assert "somebody else" not in outcome.text
    assert outcome.case("P100")["verdict"] == "passed"


@pytest.mark.parametrize(
    ("arguments", "ran"),
    [
        (["-k", "P100"], {"P100"}),
        (["-k", "P100 or P300"], {"P100", "P300"}),
        (["-k", "delete and P401"], {"P401"}),
        (["certification::P300"], {"P300"}),
    ],
)
def test_cases_are_selected_and_the_run_says_that_it_was_narrowed(
    certify: Certify, partner: Partner, arguments: list[str], ran: set[str]
) -> None:
    outcome = certify(f"--partner-url={partner.url}", *arguments)
    assert outcome.status == 0, outcome.text
    assert ours(outcome) == ran
    report = outcome.report
    assert report["verdict"] == "incomplete"
    assert [reason for reason in report["run"]["narrowed_by"] if arguments[-1] in reason]
    assert {case["id"] for case in report["cases"] if case["verdict"] == "passed"} == ran
    assert outcome.case("P600")["verdict"] == "not_run"


def test_a_marker_selects_a_family(certify: Certify, partner: Partner) -> None:
    outcome = certify(f"--partner-url={partner.url}", "-m", "scenario")
    assert outcome.status == 0, outcome.text
    assert ours(outcome) == {ident for ident in automated() if ident[0] in "PERF"}
    assert outcome.report["run"]["narrowed_by"] == ["-m scenario"]


def test_x_stops_after_the_first_failure(certify: Certify, partner: Partner) -> None:
    correct = partner.connected

    def configures_nothing(call: Any) -> Any:
        answer = correct(call)
        answer.body["configured_resources"] = False
        return answer

    partner.first_connect = configures_nothing
    outcome = certify(f"--partner-url={partner.url}", "-x", "-m", "scenario")
    assert outcome.status == 1
    assert outcome.case("P100")["verdict"] == "failed"
    assert outcome.report["verdict"] == "not_conformant"
    assert outcome.report["run"]["narrowed_by"][-1] == "-x"
    assert outcome.case("P600")["verdict"] == "not_run"


def test_lf_runs_what_failed_before(certify: Certify, partner: Partner) -> None:
    partner.sign_in = lambda call: Answer(200, {**partner.signed_in(call).body, "configured_resources": True})
    first = certify(f"--partner-url={partner.url}", "-k", "P100 or P300")
    assert first.status == 1
    partner.sign_in = partner.signed_in
    second = certify(f"--partner-url={partner.url}", "--lf")
    assert second.status == 0, second.text
    assert ours(second) == {"P300"}
    assert second.report["run"]["narrowed_by"] == ["--lf"]
    assert second.report["verdict"] == "incomplete"


def test_nothing_selected_checks_nothing(certify: Certify, partner: Partner) -> None:
    outcome = certify(f"--partner-url={partner.url}", "-k", "nothing")
    assert outcome.status == 5
    assert outcome.report["verdict"] == "incomplete"
    assert outcome.report["run"]["narrowed_by"] == ["-k nothing"]


def test_junit_and_html_go_where_pytest_is_told_to_put_them(
    certify: Certify, partner: Partner, pytester: pytest.Pytester
) -> None:
    outcome = certify(
        f"--partner-url={partner.url}", "-k", "P100", "--junitxml=own.xml", "--html=other.html", "-v", "-rA"
    )
    assert outcome.status == 0, outcome.text
    assert 'name="P100"' in (pytester.path / "own.xml").read_text()
    assert "P100" in (pytester.path / "other.html").read_text()
    assert "P100" in (outcome.folder / "report.html").read_text()


def test_the_report_goes_into_the_named_folder(certify: Certify, partner: Partner) -> None:
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100", "--certification-report=made/for/this")
    assert outcome.status == 0
    assert outcome.folder.parts[-3:] == ("made", "for", "this")
    assert outcome.case("P100")["verdict"] == "passed"
    assert "made/for/this/report.html" in outcome.text


def test_the_config_of_the_working_directory_is_used(
    certify: Certify, partner: Partner, pytester: pytest.Pytester, good_config: dict[str, Any]
) -> None:
    write_config(pytester.path / "partner.json", {**good_config, "hostnames": ["127.0.0.1"]})
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100")
    assert outcome.status == 0, outcome.text
    facts = outcome.report["partner"]
    assert (facts["name"], facts["trial"]) == ("Tested Partner", False)
    assert json.loads((outcome.folder / "partner.json").read_text()) == outcome.report["config"]


def test_the_named_config_goes_before_the_one_of_the_working_directory(
    certify: Certify, partner: Partner, pytester: pytest.Pytester, good_config: dict[str, Any]
) -> None:
    write_config(pytester.path / "partner.json", {"not": "looked at"})
    named = write_config(pytester.path / "named.json", {**good_config, "hostnames": ["127.0.0.1"]})
    outcome = certify(f"--partner-url={partner.url}", f"--partner-config={named}", "-k", "P100")
    assert outcome.status == 0, outcome.text
    assert outcome.report["partner"]["config_source"] == "named.json"


def test_the_url_goes_before_the_base_url_and_both_are_reported(
    certify: Certify, partner: Partner, pytester: pytest.Pytester, good_config: dict[str, Any]
) -> None:
    config = {**good_config, "base_url": "https://production.example", "hostnames": ["127.0.0.1"]}
    write_config(pytester.path / "partner.json", config)
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100")
    assert outcome.status == 0, outcome.text
    facts = outcome.report["partner"]
    assert (facts["url"], facts["base_url"]) == (partner.url, "https://production.example")


def test_the_reference_partner_behaves_as_the_config_says(
    certify: Certify, pytester: pytest.Pytester, good_config: dict[str, Any]
) -> None:
    config = {**good_config, "new_user_action": "not_found", "base_url": "https://partner.example/api/v1"}
    config["hostnames"] = ["partner.example"]
    write_config(pytester.path / "own.json", config)
    outcome = certify("--partner-url=reference", "--partner-config=own.json", "-k", "P302")
    assert outcome.status == 0, outcome.text
    assert outcome.case("P302")["verdict"] == "passed"
    assert outcome.report["partner"]["name"] == "Tested Partner"
    assert "localhost was added" in " ".join(outcome.report["notes"])


def test_without_a_config_the_documented_defaults_stand_in(certify: Certify, partner: Partner) -> None:
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100 or P800 or P403")
    config = outcome.report["config"]
    assert config["endpoints"] == {"connect_path": "/connect", "delete_connection_path": "/delete-connection"}
    assert (config["hostnames"], config["new_user_action"]) == (["localhost", "127.0.0.1"], "auto_add")
    assert config["api_version"] == trial_config(partner.url).api_version
    assert outcome.case("P800")["reason"] == "the config has no test_connection_path"
    assert outcome.case("P403")["reason"] == "the config has no delete_account_path"


def test_an_earlier_report_is_kept(certify: Certify, partner: Partner) -> None:
    first = certify(f"--partner-url={partner.url}", "-k", "P100")
    ident = first.report["run"]["id"]
    second = certify(f"--partner-url={partner.url}", "-k", "P100")
    assert second.report["run"]["id"] != ident
    (kept,) = (second.folder / "earlier").iterdir()
    assert kept.name.endswith("-narrowed")
    assert json.loads((kept / "report.json").read_text())["run"]["id"] == ident
    assert (kept / "evidence" / "main.jsonl").is_file()
    assert str(kept.relative_to(second.folder.parent)) in second.text


def test_a_challenge_becomes_part_of_the_run_id(certify: Certify, partner: Partner) -> None:
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100", "--certification-challenge=blue whale 7")
    assert outcome.report["run"]["id"].endswith("-blue whale 7")
    assert outcome.report["run"]["challenge"] == "blue whale 7"


def test_a_budget_of_requests_is_kept_and_narrows_the_run(certify: Certify, partner: Partner) -> None:
    outcome = certify(f"--partner-url={partner.url}", "-m", "scenario", "--certification-max-requests=9")
    assert outcome.report["run"]["narrowed_by"] == ["-m scenario", "--certification-max-requests=9"]
    assert outcome.report["verdict"] == "incomplete"
    assert "budget of 9 requests" in outcome.case("P600")["reason"]
    assert len(partner.calls) == outcome.report["run"]["requests"] == 9


def test_the_same_seed_gives_the_same_shapes_and_other_people(certify: Certify, partner: Partner) -> None:
    select = ["-k", " or ".join(sorted(ident for ident in automated() if ident.startswith("G"))[:2]) or "P100"]
    runs = []
    for seed in (7, 7, 8):
        outcome = certify(
            f"--partner-url={partner.url}", f"--certification-seed={seed}", "--certification-profile=quick", *select
        )
        records = [json.loads(line) for line in (outcome.folder / "evidence" / "main.jsonl").read_text().splitlines()]
        shapes = [[r["case"], r["shape"]] for r in records if r["type"] == "execution" and r["purpose"] == "example"]
        emails = {
            json.loads(r["request"]["body"])["user_info"]["email"]
            for r in records
            if r["type"] == "exchange" and r["request"]["operation"] == "connect"
        }
        assert outcome.report["run"]["seed"] == seed
        runs.append((shapes, emails))
    assert runs[0][0] == runs[1][0]
    assert not runs[0][1] & runs[1][1]
    if any(shape for _, shape in runs[0][0]):
        assert runs[0][0] != runs[2][0]


def test_the_step_summary_of_a_workflow_gets_the_markdown(
    certify: Certify, partner: Partner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100")
    assert outcome.status == 0
    text = summary.read_text()
    assert text.startswith("before\n")
    assert len(text) > len("before\n")


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("--certification-max-requests=0", "must be greater than zero"),
        ("--certification-max-rate=-1", "must be greater than zero"),
        ("--certification-timeout=0", "must be greater than zero"),
        ("--certification-timeout=nan", "must be greater than zero"),
        ("--certification-challenge=a\x07b", "not printable"),
        ("--certification-profile=huge", "invalid choice"),
    ],
)
def test_wrong_arguments_stop_the_run(certify: Certify, partner: Partner, argument: str, said: str) -> None:
    outcome = certify(f"--partner-url={partner.url}", argument)
    assert outcome.status == 4
    assert said in outcome.text
    assert "Traceback" not in outcome.text
    assert partner.calls == []


def test_an_evidence_folder_that_was_moved_does_not_stop_the_next_run(certify: Certify, partner: Partner) -> None:
    first = certify(f"--partner-url={partner.url}", "-k", "P100")
    shutil.rmtree(first.folder / "evidence")
    second = certify(f"--partner-url={partner.url}", "-k", "P100")
    assert second.status == 0, second.text
    (kept,) = (second.folder / "earlier").iterdir()
    assert (kept / "report.json").is_file()


def test_a_cause_is_reported_whichever_case_meets_it(certify: Certify, partner: Partner) -> None:
    partner.first_connect = lambda call: Answer(200, {**partner.connected(call).body, "configured_resources": False})
    narrowed = certify(f"--partner-url={partner.url}", "-k", "P300")
    assert narrowed.status == 1
    assert narrowed.case("P300")["verdict"] == "failed"
    both = certify(f"--partner-url={partner.url}", "-k", "P100 or P300")
    assert both.case("P100")["verdict"] == both.case("P300")["verdict"] == "failed"
    assert both.case("P300")["findings"] == both.case("P100")["findings"]
