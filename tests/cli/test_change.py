"""``onboarding change``: what a change touches is said first; a new certificate is recorded only when nothing broke."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from commands import Command
from launching import read, write

from certification.config.partner import PartnerConfig
from certification.foundation.errors import CannotStart, Problem

CHANGE = ("onboarding", "change")
Edit = Callable[[dict[str, Any]], None]


@pytest.fixture
def run_gives(launched: Path, good_run: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Sequence[str]]]:
    """Instead of a run: leave the good report, edited, and say with which status pytest ended; returns the command lines."""

    def prepare(edit: Edit | None, status: int = 0) -> list[Sequence[str]]:
        lines: list[Sequence[str]] = []

        def run(line: Sequence[str]) -> int:
            lines.append(line)
            if edit is not None:
                report = launched / "certification-report"
                shutil.rmtree(report, ignore_errors=True)
                shutil.copytree(good_run, report)
                changed = read(report / "report.json")
                edit(changed)
                write(report / "report.json", changed)
            return status

        monkeypatch.setattr("certification.cli.onboarding.change._pytest", run)
        return lines

    return prepare


def unchanged(_report: dict[str, Any]) -> None:
    """The run gives what the good one gave."""


def broken(report: dict[str, Any]) -> None:
    """A required finding that was not there before."""
    report["verdict"] = "not_conformant"
    report["findings"].append(
        {
            "id": "F1", "case": "P402", "level": "must", "message": "the deleted connection signs in.", "waiver": "",
            "cause": ["deleted-is-gone", "connect", ""], "execution": "1", "matters": {}, "intermittent": False,
            "places": [], "cases": ["P402"], "consequences": [],
        }
    )  # fmt: skip


def state(folder: Path) -> dict[str, bytes]:
    """Everything that must not get lost."""
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")
    }


def test_a_new_certificate_takes_the_place_of_the_old_one_and_nothing_is_lost(
    launched: Path, command: Command, run_gives: Callable[..., list[Sequence[str]]]
) -> None:
    old = (launched / "certification.zip").read_bytes()
    line = run_gives(unchanged)
    said = command(*CHANGE, "--kind", "hostname", "--kind", "fix", "--why", "moved", "-n", "2")
    assert said.status == 0, said.text
    assert "no regression: 0 fixed" in said.out
    assert '/hostnames/0: "old.example" → ' in said.out
    first, second = read(launched / "onboarding.json")["certificates"]
    assert (first["bundle"], first["$comment"]) == ("certification-2026-01-04.zip", "the first one")
    assert (launched / first["bundle"]).read_bytes() == old
    with zipfile.ZipFile(launched / "certification.zip") as archive:
        manifest = archive.read("manifest.json")
    assert (second["kind"], second["why"], second["bundle"]) == ("hostname", "moved Also: fix.", "certification.zip")
    assert second["manifest"] == hashlib.sha256(manifest).hexdigest()
    assert second["config"] == PartnerConfig(read(launched / "partner.json")).digest
    assert {path.name for path in launched.iterdir() if path.is_file()} == {
        "certification.zip", "certification-2026-01-04.zip", "icon.svg", "logo.svg", "onboarding.json", "partner.json",
        ".onboarding.json.lock",
    }  # fmt: skip
    # As much is tried as for the certificate of record, with the config as it is now.
    assert "--certification-profile=quick" in line[0]
    assert f"--partner-config={launched / 'partner.json'}" in line[0]
    assert list(line[0][-2:]) == ["-n", "2"]


@pytest.mark.parametrize(
    ("edit", "status", "expected", "said"),
    [
        (broken, 1, 1, "something broke; the certificate of record stays"),
        (lambda report: report["run"].update(narrowed_by=["-k P100"]), 3, 1, "is not complete (pytest ended with 3)"),
        (lambda report: report.update(verdict="incomplete"), 3, 1, "the run is no certificate"),
        (None, 4, 4, "the run could not start or is not complete (pytest ended with 4)"),
        (None, 0, 1, "the run could not start or is not complete"),
    ],
)
def test_without_a_certificate_everything_stays(
    edit: Edit | None,
    status: int,
    expected: int,
    said: str,
    launched: Path,
    command: Command,
    run_gives: Callable[..., list[Sequence[str]]],
) -> None:
    before = state(launched)
    run_gives(edit, status)
    outcome = command(*CHANGE, "--kind", "hostname")
    assert outcome.status == expected, outcome.text
    assert said in outcome.err
    assert state(launched) == before
    if edit is broken:
        assert "  P402: the deleted connection signs in.  [partner]" in outcome.out.splitlines()


def test_a_report_of_an_earlier_run_is_not_taken_for_the_new_one(
    launched: Path, good_run: Path, command: Command, run_gives: Callable[..., list[Sequence[str]]]
) -> None:
    shutil.copytree(good_run, launched / "certification-report")
    run_gives(None, 0)
    assert command(*CHANGE, "--kind", "hostname").status == 1
    assert len(read(launched / "onboarding.json")["certificates"]) == 1


def test_what_a_record_cannot_take_brings_the_old_bundle_back(
    launched: Path, command: Command, run_gives: Callable[..., list[Sequence[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*_: object) -> None:
        raise CannotStart([Problem("onboarding.json", "the file was changed meanwhile.", "Again.")])

    monkeypatch.setattr(
        "certification.onboarding.certificates.entry_for", lambda *_args, **_more: {"verdict": "conformant"}
    )
    monkeypatch.setattr("certification.onboarding.writing.change_onboarding", taken)
    before = state(launched)
    run_gives(unchanged)
    assert command(*CHANGE, "--kind", "hostname").status == 4
    assert state(launched) == before


def test_a_partner_that_cannot_be_reached_starts_nothing(launched: Path, command: Command) -> None:
    before = state(launched)
    said = command(*CHANGE, "--kind", "hostname", "--url", "http://127.0.0.1:9")
    assert said.status == 4, said.text
    assert "the run could not start or is not complete (pytest ended with 4); nothing is recorded" in said.err
    assert state(launched) == before


def test_a_rehearsal_says_everything_and_runs_nothing(
    launched: Path, command: Command, run_gives: Callable[..., list[Sequence[str]]]
) -> None:
    before, lines = state(launched), run_gives(unchanged)
    said = command(*CHANGE, "--kind", "hostname", "--dry-run")
    assert said.status == 0, said.text
    assert lines == []
    assert state(launched) == before
    out = " ".join(said.out.split())
    assert "certificate of record of 2026-01-04, run the-first-run" in out
    assert "config: hostnames" in out
    assert "requirements: answer-direct, redirect-absolute, redirect-allowed" in out
    assert "attestations that are stale: there is no attestations.json" in out
    assert (
        "sign-offs that rest on the bundle and config, and are stale with the new certificate: partner, engineering"
        in out
    )
    assert "Everything runs again: a certificate is of a complete run only. A narrowed run would have covered" in out


def test_a_field_of_another_kind_is_named(
    launched: Path, command: Command, run_gives: Callable[..., list[Sequence[str]]]
) -> None:
    lines = run_gives(unchanged)
    said = command(*CHANGE, "--kind", "credentials")
    assert said.status == 4
    assert "field /hostnames: it changed since the certificate of record" in said.err
    assert "Put it back, or add --kind hostname or --kind cloud." in said.err
    assert lines == []


def test_a_kind_of_which_nothing_changed_asks(launched: Path, command: Command) -> None:
    said = command(*CHANGE, "--kind", "hostname", "--kind", "api-version", "--dry-run")
    assert said.status == 0, said.text
    assert "note: nothing changed in the config that belongs to api-version" in said.out
    assert "belongs to hostname" not in said.out


def gone(folder: Path) -> None:
    (folder / "certification.zip").unlink()


def another_bundle(folder: Path) -> None:
    edit(folder, lambda entry: entry.update(manifest="0" * 64))


def none_recorded(folder: Path) -> None:
    raw = read(folder / "onboarding.json")
    del raw["certificates"]
    write(folder / "onboarding.json", raw)


def no_zip(folder: Path) -> None:
    (folder / "certification.zip").write_bytes(b"PK\x03\x04 not really")


def edit(folder: Path, how: Edit) -> None:
    raw = read(folder / "onboarding.json")
    how(raw["certificates"][-1])
    write(folder / "onboarding.json", raw)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (none_recorded, "no certificate is recorded, so that there is nothing that a change could be compared with."),
        (gone, "certification.zip is not there. Restore the bundle of record"),
        (another_bundle, "certification.zip is not the bundle of the run the-first-run, which is the one of record."),
        (no_zip, "field /certificates/0/bundle:"),
    ],
)
def test_without_the_bundle_of_record_nothing_runs(
    damage: Callable[[Path], None],
    said: str,
    launched: Path,
    command: Command,
    run_gives: Callable[..., list[Sequence[str]]],
) -> None:
    lines = run_gives(unchanged)
    damage(launched)
    outcome = command(*CHANGE, "--kind", "fix")
    assert outcome.status == 4
    assert said in outcome.err
    assert lines == []


def test_one_report_is_compared_with_the_certificate_of_record(
    launched: Path, good_run: Path, command: Command
) -> None:
    said = command("compare", good_run, "--of-record", "onboarding.json", "--today", "2020-01-01")
    assert said.status == 4
    assert "2026-01-04 is still to come" in said.err
    said = command("compare", good_run, "--of-record", "onboarding.json")
    assert said.status == 0, said.text
    assert said.out.splitlines()[0] == f"certification.zip → {good_run}"
    assert "[config]" in said.out
    text = command("compare", good_run, "--of-record", "onboarding.json", "--markdown", "--today", "2099-01-01")
    assert text.status == 0, text.text
    assert text.out.startswith("### Compared with the certificate of record\n\n**no regression: 0 fixed")
    assert text.out.count("a new one has been due since") == 2
    two = command("compare", good_run, good_run, "--of-record", "onboarding.json")
    assert (two.status, two.out) == (4, "")
    assert "with --of-record one report is compared" in two.err
    assert "is not a day such as" in command("compare", "--today", "1.1.2027").err
