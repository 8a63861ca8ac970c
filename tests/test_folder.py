"""The report folder: nothing lost, complete reports never displaced, each report to be found by its name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from partners import Answer, Partner, write_config
from running import Outcome

from certification.evidence.folder import ReportFolder
from certification.evidence.kept import kept_at, kept_in, last_two, resolve_report
from certification.evidence.recorder import Recorder
from certification.foundation.errors import BadEvidence, CannotStart

Certify = Callable[..., Outcome]


def report(day: int, verdict: str = "conformant", **run: Any) -> dict[str, Any]:
    """What of a report says which one it is."""
    facts = {"id": f"run-{day}", "started": f"2026-11-{day:02d}T10:55:30.123+00:00"}
    facts |= {"problems": [], "interrupted": False, "narrowed_by": [], **run}
    return {"verdict": verdict, "suite": {}, "cases": [], "partner": {"trial": False}, "run": facts}


def leave(path: Path, made: dict[str, Any] | None, *, rank: int = 2, day: int = 1) -> ReportFolder:
    """Let a run leave a report in the folder ``path``; None for one that was killed."""
    folder = ReportFolder(path)
    folder.open(rank)
    recorder = Recorder(folder.evidence / "main.jsonl")
    recorder.write({"type": "run", "id": f"run-{day}", "started": f"2026-11-{day:02d}T10:55:30.123+00:00"})
    recorder.close()
    if made is not None:
        folder.json.write_text(json.dumps(made))
        folder.settle()
    folder.close()
    return folder


def runs(path: Path) -> dict[str, str]:
    """Place -> id of the run whose report is there."""
    return {str(kept.path.relative_to(path)): kept.run for kept in kept_in(path)}


def test_earlier_reports_are_called_by_time_and_verdict(tmp_path: Path) -> None:
    leave(tmp_path, report(1))
    leave(tmp_path, report(2, "not_conformant"))
    leave(tmp_path, report(3, "conformant_with_advisories"))
    last = leave(tmp_path, report(4))
    assert runs(tmp_path) == {
        ".": "run-4",
        "earlier/2026-11-03T1055Z-conformant-with-advisories": "run-3",
        "earlier/2026-11-02T1055Z-not-conformant": "run-2",
        "earlier/2026-11-01T1055Z-conformant": "run-1",
    }
    assert last.moved == tmp_path / "earlier" / "2026-11-03T1055Z-conformant-with-advisories"
    assert (last.moved / "evidence" / "main.jsonl").is_file()


@pytest.mark.parametrize(
    ("made", "rank"),
    [
        (report(2, "incomplete", narrowed_by=["-k P100"]), 0),
        (report(2, "not_conformant", narrowed_by=["-k P100"]), 0),
        (report(2, "incomplete", problems=[{}]), 0),
        # These were meant to be complete, and turned out not to be.
        (report(2, "incomplete", interrupted=True), 2),
        (report(2, "incomplete", narrowed_by=["--certification-max-requests=9"]), 2),
        (report(2, "incomplete", problems=[{}]), 2),
        ({**report(2, "incomplete"), "partner": {"trial": True}}, 1),
    ],
    ids=["narrowed", "narrowed and failed", "cannot start", "stopped", "budget", "no answer", "trial"],
)
def test_a_lesser_run_stays_beside_a_complete_one(tmp_path: Path, made: dict[str, Any], rank: int) -> None:
    leave(tmp_path, report(1))
    lesser = leave(tmp_path, made, rank=rank, day=2)
    assert lesser.path == tmp_path / "partial"
    assert runs(tmp_path) == {".": "run-1", "partial": "run-2"}
    assert (tmp_path / "partial" / "evidence").is_dir()
    # The next complete one takes the place of the complete one.
    leave(tmp_path, report(3))
    assert runs(tmp_path) == {".": "run-3", "partial": "run-2", "earlier/2026-11-01T1055Z-conformant": "run-1"}


def test_a_run_that_turns_out_complete_takes_its_place(tmp_path: Path) -> None:
    leave(tmp_path, report(1))
    # --lf after a run in which nothing failed runs everything.
    whole = leave(tmp_path, report(2), rank=0)
    assert whole.path == tmp_path
    assert runs(tmp_path) == {".": "run-2", "earlier/2026-11-01T1055Z-conformant": "run-1"}
    assert not (tmp_path / "partial").exists()


def test_a_killed_run_loses_nothing(tmp_path: Path) -> None:
    leave(tmp_path, report(1))
    leave(tmp_path, None, day=2)
    leave(tmp_path, report(3), day=3)
    assert runs(tmp_path) == {
        ".": "run-3",
        "earlier/2026-11-02T1055Z-unfinished": "run-2",
        "earlier/2026-11-01T1055Z-conformant": "run-1",
    }


def test_reports_of_one_name_are_all_kept_but_for_those_of_failed_starts(tmp_path: Path) -> None:
    for _ in range(3):
        leave(tmp_path, report(1))
    leave(tmp_path, report(2, "incomplete", problems=[{}]), rank=0)
    leave(tmp_path, report(3, "incomplete", problems=[{}]), rank=0)
    assert sorted(path.name for path in (tmp_path / "earlier").iterdir()) == [
        "2026-11-01T1055Z-conformant",
        "2026-11-01T1055Z-conformant~2",
    ]
    assert kept_at(tmp_path / "partial").run == "run-3"  # type: ignore[union-attr]


def test_a_report_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "certification-report"
    leave(folder, report(1))
    leave(folder, report(2, "not_conformant"))
    leave(folder, report(3, "incomplete", narrowed_by=["-k P100"]), rank=0)
    monkeypatch.chdir(tmp_path)
    assert resolve_report(Path("latest")) == Path("certification-report/partial")
    assert resolve_report(Path("latest-conformant")) == Path("certification-report/earlier/2026-11-01T1055Z-conformant")
    assert resolve_report(Path("2026-11-01T1055Z-conformant")) == resolve_report(Path("latest-conformant"))
    assert resolve_report(Path("earlier/2026-11-01T1055Z-conformant")) == resolve_report(Path("latest-conformant"))
    assert resolve_report(Path("certification-report")) == Path("certification-report")
    assert last_two() == (
        Path("certification-report/earlier/2026-11-01T1055Z-conformant"),
        Path("certification-report"),
    )
    (tmp_path / "latest").mkdir()
    assert resolve_report(Path("latest")) == Path("latest")


def test_a_name_that_means_nothing_is_told_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(BadEvidence, match=r"latest: there is no report in .*Run a certification first"):
        resolve_report(Path("latest"), tmp_path)
    leave(tmp_path, report(1, "not_conformant"))
    leave(tmp_path, report(2, "not_conformant"))
    with pytest.raises(
        BadEvidence, match=r"no report in .* is conformant. There is: .*2026-11-01T1055Z-not-conformant"
    ):
        resolve_report(Path("latest-conformant"), tmp_path)
    with pytest.raises(BadEvidence, match=r"nowhere: there is no such file or folder. There is: "):
        resolve_report(Path("nowhere"), tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    with pytest.raises(BadEvidence, match=r"link is a link to .*gone, which is not there"):
        resolve_report(tmp_path / "link", tmp_path)
    with pytest.raises(BadEvidence, match="two complete reports are needed"):
        last_two(tmp_path / "empty")


def test_a_folder_that_cannot_be_used_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "gone")
    with pytest.raises(CannotStart, match=r"link is a link to .*gone, which is not there.*Make the folder"):
        ReportFolder(link).open()
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "evidence").symlink_to(tmp_path / "gone")
    with pytest.raises(CannotStart, match="holds evidence, which this suite did not write"):
        ReportFolder(folder).open()
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match=r"cannot be written \(.*file.*Name a folder that you may write to"):
        ReportFolder(tmp_path / "file" / "below").open()

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path / "closed" / "evidence"))

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(CannotStart, match=r"cannot be written \(Permission denied: .*closed"):
        ReportFolder(tmp_path / "closed").open()


# With real runs


@pytest.fixture
def complete(pytester: pytest.Pytester, good_config: dict[str, Any]) -> Path:
    """A folder in which a complete report stands, and a config for the next run."""
    folder = pytester.path / "certification-report"
    leave(folder, report(1))
    write_config(pytester.path / "partner.json", {**good_config, "hostnames": ["127.0.0.1"]})
    return folder


@pytest.mark.parametrize(
    ("arguments", "outcome"),
    [
        (["-k", "P100"], "narrowed"),
        (["-m", "security"], "narrowed"),
        (["certification::F100"], "narrowed"),
        (["--certification-max-requests=3"], "narrowed"),
        (["--certification-timeout=7", "-k", "F100"], "narrowed"),
        (["--partner-config=nowhere.json"], "could-not-start"),
    ],
)
def test_a_run_that_is_not_complete_leaves_the_complete_report_where_it_is(
    certify: Certify, partner: Partner, complete: Path, arguments: list[str], outcome: str
) -> None:
    done = certify(f"--partner-url={partner.url}", *arguments)
    assert json.loads((complete / "report.json").read_text())["run"]["id"] == "run-1"
    partial = kept_at(complete / "partial")
    assert partial is not None
    assert partial.outcome == outcome
    assert "certification-report/partial/report.html" in done.text
    assert (complete / "partial" / "report.html").is_file()


def test_a_partner_that_does_not_answer_leaves_the_complete_report_where_it_is(
    certify: Certify, partner: Partner, complete: Path
) -> None:
    partner.everything = lambda _call: Answer(404, b"<h1>Not Found", [("Content-Type", "text/html")])
    done = certify(f"--partner-url={partner.url}")
    assert done.status == 4
    assert runs(complete).keys() == {".", "partial"}
    assert runs(complete)["."] == "run-1"


@pytest.mark.parametrize("option", ["--collect-only", "--markers", "--fixtures", "--cache-show", "--setup-plan"])
def test_what_only_lists_touches_nothing(certify: Certify, partner: Partner, complete: Path, option: str) -> None:
    before = sorted(complete.rglob("*"))
    done = certify(f"--partner-url={partner.url}", option)
    assert done.status == 0, done.text
    assert partner.calls == []
    assert sorted(complete.rglob("*")) == before


def test_a_complete_run_says_what_changed_since_the_one_before(
    certify: Certify, partner: Partner, pytester: pytest.Pytester, good_config: dict[str, Any]
) -> None:
    write_config(pytester.path / "partner.json", {**good_config, "hostnames": ["127.0.0.1"]})
    partner.sign_in = lambda call: Answer(200, {**partner.signed_in(call).body, "configured_resources": True})
    first = certify(f"--partner-url={partner.url}", "--certification-profile=quick")
    assert first.status == 1
    before = first.report
    partner.sign_in = partner.signed_in
    certify(f"--partner-url={partner.url}", "-k", "P100")
    second = certify(f"--partner-url={partner.url}", "--certification-profile=quick")
    assert "since" not in before
    change = second.report["since"]
    assert change["run"] == before["run"]["id"]
    required = [finding["message"] for finding in before["findings"] if finding["level"] == "must"]
    assert required == change["fixed"]
    assert change["new"] == []
    assert f"since the run before: {len(required)} fixed, 0 new" in second.text
