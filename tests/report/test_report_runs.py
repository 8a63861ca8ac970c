"""What real runs leave behind: the page inside pytest-html, and within its bounds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from running import Outcome

from certification.contract.validation import schema_errors
from certification.report.build import build_report
from certification.report.html import Differences, differences, page

Certify = Callable[..., Outcome]


def test_a_run_against_the_reference_partner(certify: Certify, browser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUILD_NUMBER", "number-of-a-build")
    outcome = certify("--partner-url=reference", "--certification-profile=quick")
    assert outcome.status == 0, outcome.text
    folder = outcome.folder
    assert schema_errors("report", outcome.report) == []
    path = folder / "report.html"
    text = path.read_text(encoding="utf-8")
    assert differences(text, build_report(folder), folder) == Differences()
    assert path.stat().st_size < 5_000_000
    assert f"All {outcome.report['run']['requests']:,} recorded calls are in this page." in text
    assert "number-of-a-build" not in text
    assert str(Path.cwd()) not in text
    browser.open(path)
    assert browser.complaints() == []
    assert browser.find("#verdict").text.split() == ["✓", "Conformant"]
    rows = browser.run(
        "return [...document.querySelectorAll('#results-table tbody .col-result')].map(e => e.textContent)"
    )
    words = {"not_applicable": "not applicable"}
    assert rows == [words.get(case["verdict"], case["verdict"]) for case in outcome.report["cases"]]
    assert len(json.loads((folder / "evidence.har").read_text())["log"]["entries"]) == outcome.report["run"]["requests"]
    assert ET.parse(folder / "junit.xml").getroot().attrib["failures"] == "0"


def test_a_narrowed_run_says_so_in_every_output(
    certify: Certify, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "step.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    outcome = certify("--partner-url=reference", "-k", "P100")
    assert outcome.status == 0, outcome.text
    text = (outcome.folder / "report.html").read_text(encoding="utf-8")
    assert "Incomplete: no verdict" in text
    assert "Narrowed by</dt><dd>-k P100" in text
    assert summary.read_text(encoding="utf-8") == (outcome.folder / "summary.md").read_text(encoding="utf-8")
    assert "narrowed by -k P100" in summary.read_text(encoding="utf-8")


def test_the_page_of_a_run_is_the_one_that_the_report_gives(certify: Certify, tmp_path: Path) -> None:
    style = tmp_path / "own.css"
    style.write_text("body { color: red }")
    outcome = certify("--partner-url=reference", "-k", "P100", f"--html={tmp_path / 'other.html'}", f"--css={style}")
    text = (outcome.folder / "report.html").read_text(encoding="utf-8")
    assert text == page(build_report(outcome.folder), outcome.folder)
    other = (tmp_path / "other.html").read_text(encoding="utf-8")
    assert "body { color: red }" in other
    report = slice(text.index("<!-- certification report -->"), text.index("<!-- end of the certification report -->"))
    assert text[report] in other


def test_a_run_that_cannot_start_leaves_a_page_with_the_problem(certify: Certify) -> None:
    outcome = certify("--partner-url=http://127.0.0.1:1")
    assert outcome.status == 4
    text = (outcome.folder / "report.html").read_text(encoding="utf-8")
    assert "What has to be put right before a run can start" in text
    assert differences(text, build_report(outcome.folder), outcome.folder) == Differences()
