"""What ``verify`` says about each edit: of somebody who edits a file, and of a forger who makes everything else fit."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from forgeries import FORGERIES, UNVERIFIABLE
from forging import (
    MAIN,
    Record,
    broken,
    bundled,
    edit_json,
    edit_line,
    forge,
    left_open,
    rezipped,
)

from certification import __version__
from certification.review.verify import Result, verify

# The good reports hold


def test_report_folder_of_good_run_holds(good: Path) -> None:
    outcome = verify(good)
    assert outcome.holds, broken(outcome)
    assert outcome.line() == "HOLDS: the report of Reference Partner follows from its evidence: conformant."
    assert not any(point.unverified or point.notes for point in outcome.points if point.name != "config")


def test_bundle_of_failed_run_holds_and_says_that_it_failed(faulty: Path, tmp_path: Path) -> None:
    outcome = verify(bundled(faulty, tmp_path / "it.zip"))
    assert outcome.holds, broken(outcome)
    assert outcome.verdict == "not_conformant"


# Somebody edits a file


def _edit_verdict(folder: Path) -> None:
    edit_json(folder, lambda report: report.update(verdict="conformant"))


def _edit_case_verdict(folder: Path) -> None:
    edit_json(folder, lambda report: next(c for c in report["cases"] if c["id"] == "P800").update(verdict="passed"))


def _edit_case_record(folder: Path) -> None:
    edit_line(folder, lambda r: r["type"] == "case" and r["case"] == "P800" and r.update(verdict="passed") is None)


def _remove_finding(folder: Path) -> None:
    edit_json(folder, lambda report: report["findings"].pop(0))


def _edit_body(folder: Path) -> None:
    edit_line(
        folder, lambda r: r["type"] == "exchange" and r["case"] == "P800" and r["response"].update(body="{}") is None
    )


def _edit_status(folder: Path) -> None:
    edit_line(
        folder, lambda r: r["type"] == "exchange" and r["case"] == "P800" and r["response"].update(status=500) is None
    )


def _edit_request(folder: Path) -> None:
    edit_line(
        folder, lambda r: r["type"] == "exchange" and r["case"] == "P800" and r["request"].update(body="{}") is None
    )


def _drop_case_from_report(folder: Path) -> None:
    edit_json(folder, lambda report: report["cases"].pop(3))


def _drop_line(folder: Path) -> None:
    path = folder / "evidence" / MAIN
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    del lines[len(lines) // 2]
    path.write_text("".join(lines), encoding="utf-8")


def _cut_end(folder: Path) -> None:
    path = folder / "evidence" / MAIN
    path.write_bytes(path.read_bytes()[:-40])


def _edit_catalogue(folder: Path) -> None:
    edit_json(folder, lambda report: report["suite"].update(catalogue="0" * 64))


def _edit_config(folder: Path) -> None:
    edit_json(folder, lambda config: config.update(new_user_action="error"), "partner.json")


def _edit_seed(folder: Path) -> None:
    edit_json(folder, lambda report: report["run"].update(seed=1))


def _edit_times(folder: Path) -> None:
    edit_json(folder, lambda report: report["run"].update(started="2020-01-01T00:00:00.000+00:00"))


def _edit_junit(folder: Path) -> None:
    path = folder / "junit.xml"
    path.write_text(path.read_text(encoding="utf-8").replace("P800", "P801"), encoding="utf-8")


def _edit_summary(folder: Path) -> None:
    path = folder / "summary.md"
    path.write_text("Conformant.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")


def _double_key(folder: Path) -> None:
    path = folder / "report.json"
    path.write_text(path.read_text(encoding="utf-8").replace("{", '{"verdict": "conformant",', 1), encoding="utf-8")


EDITS = {
    "verdict": (_edit_verdict, '/verdict: it says "conformant", the evidence gives "not_conformant"'),
    "verdict of a case": (_edit_case_verdict, 'it says "passed", the evidence gives "failed"'),
    "verdict of a case in the evidence": (_edit_case_record, "does not follow from the line before it"),
    "finding removed": (_remove_finding, "/findings"),
    "response body": (_edit_body, "does not follow from the line before it"),
    "status": (_edit_status, "does not follow from the line before it"),
    "request": (_edit_request, "does not follow from the line before it"),
    "case dropped from the report": (_drop_case_from_report, "/cases/P302: it says nothing"),
    "line dropped": (_drop_line, "does not follow from the line before it"),
    "end cut off": (_cut_end, "/run/finished: it says"),
    "catalogue digest": (_edit_catalogue, "/suite/catalogue"),
    "config": (_edit_config, 'partner.json, /new_user_action: it says "error"'),
    "seed": (_edit_seed, "/run/seed: it says 1"),
    "time": (_edit_times, "/run/started"),
    "JUnit": (_edit_junit, "junit.xml is not the one"),
    "Markdown": (_edit_summary, "summary.md is not the one"),
    "a key twice": (_double_key, "'verdict' stands twice"),
}


@pytest.mark.parametrize("name", EDITS)
def test_edit_of_one_file_is_noticed(name: str, faulty: Path) -> None:
    edit, says = EDITS[name]
    edit(faulty)
    assert says in broken(verify(faulty))


@pytest.mark.parametrize("name", EDITS)
def test_edit_in_a_bundle_with_mended_manifest_is_noticed(name: str, faulty: Path, tmp_path: Path) -> None:
    # The manifest's digests need no key, so a forger makes them fit.
    edit, says = EDITS[name]
    before = bundled(faulty, tmp_path / "before.zip")
    edit(faulty)

    def replaced(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        for member in list(manifest["files"]):
            members[member] = (faulty / member).read_bytes()
            manifest["files"][member] = {
                "sha256": hashlib.sha256(members[member]).hexdigest(),
                "size": len(members[member]),
            }
        members["manifest.json"] = json.dumps(manifest).encode()

    after = rezipped(before, replaced, tmp_path / "after.zip")
    text = broken(verify(after))
    assert says in text
    assert "digest that" not in text


def test_edit_in_a_bundle_without_mending_is_noticed_by_its_digest(faulty: Path, tmp_path: Path) -> None:
    bundle = bundled(faulty, tmp_path / "it.zip")
    edited = rezipped(bundle, lambda members: members.update({"summary.md": b"Conformant.\n"}), tmp_path / "edited.zip")
    assert "digests: summary.md does not have the digest that manifest.json gives" in broken(verify(edited))


CLAIMS: dict[str, tuple[dict[str, object], str]] = {
    "verdict": ({"verdict": "conformant"}, "manifest.json, verdict: it says"),
    "complete": ({"complete": True}, "manifest.json, complete: it says"),
    "reasons": ({"incomplete_because": []}, "manifest.json, incomplete_because: it says"),
    "partner": ({"partner": {"name": "Other", "url": "https://x.example", "api_version": "2.2.0"}}, "partner: it says"),
    "half a partner": ({"partner": {"name": "Other"}}, "manifest.json, field /partner/url is missing"),
    "suite": ({"suite": {}}, "manifest.json, field /suite/name is missing"),
    "one field more": ({"approved": "by Databricks"}, "has the field 'approved', which the suite does not write"),
    "kind": ({"kind": "parcel"}, "manifest.json is none of a bundle of this suite"),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_claim_of_the_manifest_is_not_believed(name: str, faulty: Path, tmp_path: Path) -> None:
    claim, says = CLAIMS[name]
    bundle = bundled(faulty, tmp_path / "it.zip")

    def claimed(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps({**json.loads(members["manifest.json"]), **claim}).encode()

    assert says in broken(verify(rezipped(bundle, claimed, tmp_path / "x.zip")))


def test_key_that_stands_twice_in_the_manifest_is_noticed(faulty: Path, tmp_path: Path) -> None:
    def twice(members: dict[str, bytes]) -> None:
        members["manifest.json"] = members["manifest.json"].replace(b"{", b'{"verdict": "conformant",', 1)

    bundle = bundled(faulty, tmp_path / "it.zip")
    assert "the key 'verdict' stands twice" in broken(verify(rezipped(bundle, twice, tmp_path / "x.zip")))


def test_bundle_of_an_older_format_says_which_version_made_it(faulty: Path, tmp_path: Path) -> None:
    def older(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps({**json.loads(members["manifest.json"]), "format": 1}).encode()

    outcome = verify(rezipped(bundled(faulty, tmp_path / "it.zip"), older, tmp_path / "x.zip"))
    assert outcome.result is Result.UNVERIFIED
    assert (
        "the bundle has format 1, this version of the suite reads format 2: version '"
        + __version__
        + "' of the suite made it"
        in (left_open(outcome))
    )


# A forger edits the evidence, mends the chain and makes all outputs again


@pytest.mark.parametrize("name", FORGERIES)
def test_forgery_with_mended_chain_and_outputs_is_noticed(name: str, request: pytest.FixtureRequest) -> None:
    kind, forgery, says = FORGERIES[name]
    folder: Path = request.getfixturevalue(kind)
    forge(folder, forgery)
    assert says in broken(verify(folder))


@pytest.mark.parametrize("name", UNVERIFIABLE)
def test_claim_that_cannot_be_checked_here_leaves_a_report_unverified(name: str, small: Path) -> None:
    forgery, says = UNVERIFIABLE[name]
    forge(small, forgery)
    outcome = verify(small)
    assert outcome.result is Result.UNVERIFIED, broken(outcome)
    assert says in left_open(outcome)


def test_there_are_many_forgeries() -> None:
    assert len(EDITS) + len(CLAIMS) + len(FORGERIES) + len(UNVERIFIABLE) >= 60


def test_narrowed_run_cannot_pass_as_complete(good: Path) -> None:
    def narrow(found: list[Record]) -> list[Record]:
        kept = [r for r in found if r.get("case") in {None, "preflight", "F100", "P100"}]
        for record in kept:
            if record["type"] == "selected":
                record["cases"] = ["F100", "P100"]
        return kept

    forge(good, narrow)
    text = broken(verify(good))
    assert "P300 is missing: the run is not narrowed, yet this case was not selected" in text
    assert "E100 is missing" in text


def test_narrowed_run_that_says_so_holds_and_is_incomplete(good: Path) -> None:
    def narrow(found: list[Record]) -> list[Record]:
        kept = [r for r in found if r.get("case") in {None, "preflight", "F100", "P100"}]
        for record in kept:
            if record["type"] == "selected":
                record["cases"] = ["F100", "P100"]
            if record["type"] == "end":
                record["narrowed_by"] = ["-k P100"]
        return kept

    forge(good, narrow)
    outcome = verify(good)
    assert outcome.holds, broken(outcome)
    assert outcome.verdict == "incomplete"
