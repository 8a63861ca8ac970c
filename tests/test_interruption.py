"""A run that is stopped: by the user, by a killed worker, by a full disk.  The report is written, nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from partners import Answer, Call, Gate, Partner
from running import Outcome, command_line, environment

from certification.evidence.recorder import DiskFull, Recorder
from certification.report.build import build_report
from certification.review.verify import verify

Certify = Callable[..., Outcome]


@contextmanager
def started(folder: Path, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    # Whoever starts the tests in the background of a shell has them ignore Ctrl-C, and what they start inherits that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        command_line(*arguments),
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def broken(folder: Path) -> list[str]:
    """What of the report in ``folder`` does not follow from its evidence, or cannot be told."""
    return [text for point in verify(folder).points for text in (*point.broken, *point.unverified)]


def hold_after(partner: Partner, number: int) -> Gate:
    """Let ``number`` first connects through and hold back all that follow."""
    gate, correct, seen = Gate(), partner.connected, []
    hold = gate.hold(partner)

    def behaviour(call: Call) -> Any:
        seen.append(call)
        return hold(call) if len(seen) > number else correct(call)

    partner.first_connect = behaviour
    return gate


def hold_two_cases(partner: Partner, number: int) -> Gate:
    """Let ``number`` first connects through, then keep two cases waiting at once: one in each of two workers."""
    gate, seen, companies = Gate(), [], set()

    def behaviour(call: Call) -> Any:
        seen.append(call)
        if len(seen) > number:
            companies.add(call.json["user_info"]["email"].rpartition("@")[2])
            if len(companies) == 2:
                gate.arrived.set()
            partner.released.wait(60)
        return partner.connected(call)

    partner.first_connect = behaviour
    return gate


def test_ctrl_c_leaves_an_incomplete_report_of_all_that_was_found(partner: Partner, tmp_path: Path) -> None:
    gate = hold_after(partner, 3)
    with started(tmp_path, f"--partner-url={partner.url}", "-m", "scenario") as process:
        assert gate.arrived.wait(60)
        process.send_signal(signal.SIGINT)
        text, _ = process.communicate(timeout=60)
    outcome = Outcome(process.returncode, text, tmp_path / "certification-report")
    assert outcome.status == 2, text
    assert "Traceback" not in text
    report = outcome.report
    assert report["verdict"] == "incomplete"
    assert report["run"]["interrupted"] is True
    assert report["headline"] == "Incomplete: the run was stopped before its end."
    assert outcome.case("P100")["verdict"] == "passed"
    assert outcome.case("P700")["verdict"] == "not_run"
    assert "stopped" in outcome.case("E100")["reason"]
    assert (outcome.folder / "report.html").stat().st_size > 1000
    assert report["run"]["requests"] >= 4
    assert broken(outcome.folder) == []


def test_ctrl_c_under_xdist_leaves_a_report_too(partner: Partner, tmp_path: Path) -> None:
    gate = hold_after(partner, 3)
    with started(tmp_path, f"--partner-url={partner.url}", "-m", "scenario", "-n", "2") as process:
        assert gate.arrived.wait(60)
        process.send_signal(signal.SIGINT)
        text, _ = process.communicate(timeout=60)
    outcome = Outcome(process.returncode, text, tmp_path / "certification-report")
    assert outcome.status == 2, text
    assert outcome.report["verdict"] == "incomplete"
    assert outcome.report["run"]["interrupted"] is True
    assert "error" not in outcome.verdicts().values()
    assert (outcome.folder / "report.html").is_file()
    assert broken(outcome.folder) == []


def test_a_killed_worker_costs_one_case_and_not_the_report(partner: Partner, tmp_path: Path) -> None:
    gate = hold_two_cases(partner, 3)
    with started(tmp_path, f"--partner-url={partner.url}", "-m", "scenario", "-n", "2") as process:
        assert gate.arrived.wait(60)
        os.kill(_worker_of(process.pid), signal.SIGKILL)
        partner.first_connect = partner.connected
        partner.released.set()
        text, _ = process.communicate(timeout=120)
    outcome = Outcome(process.returncode, text, tmp_path / "certification-report")
    report = outcome.report
    assert report["verdict"] == "incomplete", text
    assert outcome.status == 3, text
    verdicts = outcome.verdicts()
    lost = [ident for ident, verdict in verdicts.items() if verdict == "error"]
    assert len(lost) == 1
    assert "the process that ran this case ended without a result" in outcome.case(lost[0])["reason"]
    assert report["counts"]["failed"] == 0
    assert verdicts["P100"] == "passed" or lost == ["P100"]
    assert (outcome.folder / "report.html").is_file()
    assert broken(outcome.folder) == []


def test_a_killed_run_can_still_be_reported_from_its_evidence(partner: Partner, tmp_path: Path) -> None:
    gate = hold_after(partner, 3)
    with started(tmp_path, f"--partner-url={partner.url}", "-m", "scenario") as process:
        assert gate.arrived.wait(60)
        process.kill()
        process.communicate(timeout=60)
    folder = tmp_path / "certification-report"
    assert not (folder / "report.json").exists()
    report = build_report(folder)
    assert report["verdict"] == "incomplete"
    assert report["headline"] == "Incomplete: the run was stopped before its end."
    assert next(case for case in report["cases"] if case["id"] == "P100")["verdict"] == "passed"
    with started(tmp_path, f"--partner-url={partner.url}", "-k", "F100") as process:
        process.communicate(timeout=60)
    (kept,) = (folder / "earlier").iterdir()
    assert kept.name.endswith("-unfinished")
    assert json.loads((kept / "evidence" / "main.jsonl").read_text().splitlines()[0])["id"] == report["run"]["id"]


def test_a_failure_before_the_interruption_is_not_lost(partner: Partner, tmp_path: Path) -> None:
    gate = Gate()

    def wrong(call: Any) -> Answer:
        return Answer(200, {**partner.signed_in(call).body, "configured_resources": True})

    partner.sign_in = lambda call: gate.hold(partner)(call) if len(partner.calls) > 20 else wrong(call)
    with started(tmp_path, f"--partner-url={partner.url}", "-m", "scenario") as process:
        assert gate.arrived.wait(60)
        process.send_signal(signal.SIGINT)
        text, _ = process.communicate(timeout=60)
    outcome = Outcome(process.returncode, text, tmp_path / "certification-report")
    assert outcome.status == 1, text
    assert outcome.report["verdict"] == "not_conformant"
    assert outcome.case("P300")["verdict"] == "failed"
    assert outcome.report["run"]["interrupted"] is True


def test_a_full_disk_stops_the_run_with_a_message(
    certify: Certify, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, written = Recorder.write, []

    def full(self: Recorder, record: dict[str, Any]) -> None:
        written.append(record["type"])
        if len(written) > 20:
            message = f"{self.path}: the evidence cannot be written (No space left on device). Free some space."
            raise DiskFull(message)
        write(self, record)

    monkeypatch.setattr(Recorder, "write", full)
    outcome = certify(f"--partner-url={partner.url}", "-m", "scenario")
    assert outcome.status == 3
    assert "the evidence cannot be written (No space left on device)" in outcome.text
    assert "What was recorded is kept in certification-report/evidence" in outcome.one_line()
    assert "partner-connect report certification-report" in outcome.one_line()
    assert "Traceback" not in outcome.text
    report = build_report(outcome.folder)
    assert report["verdict"] == "incomplete"
    assert report["counts"]["failed"] == 0


LIMITED = """
import resource, sys, pytest
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(pytest.main(["-p", "certification.plugin", *sys.argv[2:]]))
"""
"""No file may grow beyond a size: what a disk does that is full, without filling one."""


@pytest.mark.parametrize("size", [200, 3_000, 40_000, 150_000])
def test_a_disk_that_is_full_at_any_time_ends_the_run_clearly_and_loses_nothing(
    partner: Partner, tmp_path: Path, size: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(size), f"--partner-url={partner.url}", "-k", "P100 or F100 or P300"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    text = " ".join((done.stdout + done.stderr).split())
    assert "Traceback" not in text
    assert "INTERNALERROR" not in text
    assert "File too large" in text
    if size < 10_000:
        # Not even the beginning of the run, or the first call, could be recorded.
        assert done.returncode == 4, text
        return
    assert done.returncode == 3, text
    assert "partner-connect report certification-report" in text
    build_report(tmp_path / "certification-report")


def test_a_step_summary_that_cannot_be_written_costs_nothing(
    certify: Certify, partner: Partner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "nowhere" / "step.md"))
    outcome = certify(f"--partner-url={partner.url}", "-k", "P100")
    assert outcome.status == 0
    assert "cannot be written (No such file or directory); the summary is in" in outcome.one_line()
    assert {"report.html", "report.json", "junit.xml", "summary.md", "evidence.har"} <= {
        path.name for path in outcome.folder.iterdir()
    }


def test_two_runs_into_one_folder_do_not_mix(partner: Partner, tmp_path: Path, shell: Certify) -> None:
    gate = hold_after(partner, 0)
    with started(tmp_path, f"--partner-url={partner.url}", "-k", "P100") as process:
        assert gate.arrived.wait(60)
        second = shell(f"--partner-url={partner.url}", "-k", "F100", cwd=tmp_path)
        assert second.status == 4
        assert "another run is writing its report into this folder right now" in second.one_line()
        partner.first_connect = partner.connected
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert json.loads((tmp_path / "certification-report" / "report.json").read_text())["verdict"] == "incomplete"


def _worker_of(director: int) -> int:
    """One of the worker processes that the director started."""
    children = Path(f"/proc/{director}/task/{director}/children").read_text().split()
    return int(children[0])
