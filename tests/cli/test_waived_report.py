"""A complete run with a waiver: what each output says of it, what verify, compare and rerun make of it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from commands import FAULT, QUICK, Command, certified, reference_partner, written_config
from forging import broken, forge, records
from waiving import TODAY, waiver, written

from certification.cli.console import Console
from certification.cli.rerun import _waivers
from certification.config.waivers import read_waivers
from certification.evidence.kept import kept_at, resolve_report
from certification.report import terminal
from certification.review.compare import compare
from certification.review.manifest import incompleteness
from certification.review.verify import Result, Verification, verify
from certification.review.verify.waivers import check_validity

WHAT = ("test-connection", "test_connection")


@pytest.fixture(scope="module")
def waived_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a complete run against a partner with one fault, which is waived."""
    folder = tmp_path_factory.mktemp("waived")
    partner = reference_partner("--fault", FAULT)
    option = f"--certification-waivers={written(folder, waiver(*WHAT))}"
    try:
        return certified(folder, QUICK, option, url=partner.url, config=written_config(folder))
    finally:
        partner.stop()


@pytest.fixture
def waived(waived_run: Path, tmp_path: Path) -> Path:
    """A copy of it, to tamper with."""
    return Path(shutil.copytree(waived_run, tmp_path / "certification-report"))


def report(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def notes(outcome: Verification) -> str:
    return "\n".join(f"{point.name}: {text}" for point in outcome.points for text in point.notes)


def test_every_output_says_that_the_certificate_rests_on_a_waiver(waived_run: Path) -> None:
    found = report(waived_run)
    assert (found["verdict"], found["exit_status"]) == ("conformant_with_waivers", 0)
    assert found["without_waivers"]["verdict"] == "not_conformant"
    assert found["waivers"][0]["state"] == "used"
    assert found["validity"] == {"until": f"{TODAY + timedelta(90)}", "ends": "waiver", "waiver": "W1"}
    assert (found["counts"]["failed"], found["counts"]["findings_must"]) == (0, 0)
    waived = [case["id"] for case in found["cases"] if case["verdict"] == "waived"]
    assert len(waived) == found["counts"]["waived"] > 1
    text = (waived_run / "summary.md").read_text(encoding="utf-8")
    for saying in (
        "Conformant only with waivers",
        "Without them: Not conformant",
        "Bo Berg, Databricks",
        "Valid until",
    ):
        assert saying in text
    assert "No statement about data" in text
    assert "Sign-offs: this certificate carries none" in text
    shown = "\n".join(line for line, _ in terminal.summary(found, waived_run, None, 100))
    for saying in (
        "Conformant only with waivers",
        "waiver W1: used",
        "without waivers: Not conformant",
        "failed but waived",
    ):
        assert saying in shown
    assert "Fix these first" not in shown
    root = ET.fromstring((waived_run / "junit.xml").read_text(encoding="utf-8"))
    assert (root.get("failures"), root.get("errors")) == ("0", "0")
    skipped = {case.get("name", "").split()[0]: case.find("skipped") for case in root.iter("testcase")}
    assert all("failed but waived by W1: F1" in (skipped[name].get("message") or "") for name in waived)  # type: ignore[union-attr]
    page = (waived_run / "report.html").read_text(encoding="utf-8")
    for saying in ("Conformant only with waivers", 'id="waivers"', "What this certificate is not", 'id="validity"'):
        assert saying in page


def test_it_holds_and_names_who_approved(waived_run: Path) -> None:
    outcome = verify(waived_run)
    assert outcome.result is Result.HOLDS, broken(outcome)
    assert "conformant only with waivers" in outcome.line()
    assert "W1 (used): test-connection of test_connection may be broken until" in notes(outcome)
    assert "approved by Bo Berg, Databricks, asked for by Ann Lee, Acorn" in notes(outcome)
    assert "nothing in a report can show" in notes(outcome)
    assert (outcome.ended, outcome.valid_until) == (False, f"{TODAY + timedelta(90)}")


def test_later_it_still_holds_and_says_that_it_ended(waived_run: Path, command: Command) -> None:
    last = date.fromisoformat(report(waived_run)["validity"]["until"])
    outcome = Verification()
    check_validity(report(waived_run), datetime.combine(last, datetime.max.time(), UTC), outcome)
    assert (outcome.ended, notes(outcome)) == (False, ""), "the last day counts"
    said = command("verify", waived_run, "--today", f"{last + timedelta(1)}")
    assert said.status == 0
    assert f"The certificate ended on {last}" in said.out.splitlines()[0]
    assert f"W1 ended on {last}: what it allowed counts again" in said.out
    assert command("verify", waived_run, "--today", "soon").status == 2


def test_bundle_and_names_know_it(waived: Path, tmp_path: Path, command: Command) -> None:
    kept = kept_at(waived)
    assert kept is not None
    assert (kept.outcome, kept.complete) == ("conformant-with-waivers", True)
    assert resolve_report(Path("latest-conformant"), waived) == waived
    said = command("bundle", "latest-conformant", "-o", tmp_path / "acorn.zip")
    assert (said.status, "Conformant only with waivers" in said.text) == (0, True)


def test_a_waiver_added_to_the_record_is_shown_and_matches_nothing(waived: Path) -> None:
    extra = {"type": "waiver", "detail": "", "statement": "", **waiver("delete-reach", id="W2")}
    forge(waived, lambda found: found.insert(1, extra))
    found = report(waived)
    assert (found["verdict"], found["exit_status"]) == ("incomplete", 2)
    assert "Remove waiver W2 and run again" in found["headline"]
    assert incompleteness(found) == ["waiver W2 matches nothing"]
    assert "validity" not in found


def test_a_waiver_in_no_record_helps_nobody(waived: Path) -> None:
    assert [each["id"] for each in records(waived) if each["type"] == "waiver"] == ["W1"]
    before = report(waived)
    forge(waived, lambda found: [each for each in found if each["type"] != "waiver"])
    assert report(waived)["verdict"] == "not_conformant"
    # Whoever still has the waiver must not be told that nothing broke.
    change = compare(before, report(waived))
    assert [each.text for each in change.broke] == ["the verdict: conformant only with waivers → not conformant"]
    back = compare(report(waived), before)
    assert (back.broke, len(back.still)) == ([], 1)
    assert any(each.text.startswith("waivers:") for each in back.run)


def test_a_new_finding_that_is_waived_is_no_regression(waived_run: Path) -> None:
    change = compare({**report(waived_run), "verdict": "conformant", "findings": []}, report(waived_run))
    assert not change.regression
    assert [each for each in change.advisories if each.text.endswith("(waived by W1)")]


def test_rerun_takes_the_waivers_that_still_count(waived_run: Path, tmp_path: Path, capsys: Any) -> None:
    given = report(waived_run)["waivers"]
    ended = {**given[0], "id": "W9", "until": f"{TODAY - timedelta(1)}"}
    (option,) = _waivers([*given, ended], tmp_path, Console())
    assert [each.id for each in read_waivers(Path(option.partition("=")[2]), TODAY)] == ["W1"]
    assert "waiver W9 ended on" in capsys.readouterr().err
    assert _waivers([ended], tmp_path, Console()) == []
