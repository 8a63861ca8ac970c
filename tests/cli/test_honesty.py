"""What ``verify`` says about each edit: of somebody who edits a file, and of a forger who makes everything else fit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from forging import (
    MAIN,
    Record,
    broken,
    bundled,
    edit_json,
    edit_line,
    exchanges,
    forge,
    records,
    remake,
    rezipped,
    set_body,
    write_records,
)

from certification.review.verify import verify

# The good reports hold


def test_report_folder_of_good_run_holds(good: Path) -> None:
    outcome = verify(good)
    assert outcome.holds, broken(outcome)
    assert outcome.line() == "HOLDS: the report of Reference Partner follows from its evidence: conformant."
    assert not any(point.open for point in outcome.points)


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
                "bytes": len(members[member]),
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


@pytest.mark.parametrize(
    ("field", "value"), [("verdict", "conformant"), ("complete", True), ("partner", {"name": "Other"}), ("suite", {})]
)
def test_claim_of_the_manifest_is_not_believed(field: str, value: object, faulty: Path, tmp_path: Path) -> None:
    bundle = bundled(faulty, tmp_path / "it.zip")

    def claim(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps({**manifest, field: value}).encode()

    assert f"manifest.json, {field}: it says" in broken(verify(rezipped(bundle, claim, tmp_path / "x.zip")))


# A forger edits the evidence, mends the chain and makes all outputs again


def _judgements(found: list[Record], case: str) -> list[Record]:
    return [record for record in found if record["type"] == "judgement" and record["case"] == case]


def _forged_verdict(found: list[Record]) -> None:
    for record in found:
        if record["type"] == "case" and record["verdict"] in {"failed", "blocked"}:
            record.update(verdict="passed", reason="")


def _forged_finding_removed(found: list[Record]) -> None:
    for record in found:
        if record["type"] == "judgement":
            record["violations"] = []
    _forged_verdict(found)


def _forged_body(found: list[Record]) -> None:
    answer = exchanges(found, "P100")[0]
    set_body(answer, answer["response"]["body"].replace("create_trial", "sign_in"))


def _forged_body_without_digest(found: list[Record]) -> None:
    answer = exchanges(found, "P100")[0]
    answer["response"]["body"] = answer["response"]["body"] + " "


def _forged_status(found: list[Record]) -> None:
    exchanges(found, "P100")[0]["response"]["status"] = 500


def _forged_request(found: list[Record]) -> None:
    request = exchanges(found, "P300")[0]["request"]
    request["body"] = request["body"].replace('"demo":false', '"demo":true')


def _forged_header(found: list[Record]) -> None:
    exchanges(found, "P300")[0]["request"]["headers"].pop(0)


def _forged_authorization(found: list[Record]) -> None:
    exchanges(found, "E100")[0]["request"]["authorization"] = "good"


def _forged_exchange_dropped(found: list[Record]) -> None:
    found.remove(exchanges(found, "P300")[-1])


def _forged_exchange_added(found: list[Record]) -> None:
    extra = json.loads(json.dumps(exchanges(found, "P300")[0])) | {"step": "99. first connect"}
    found.insert(found.index(exchanges(found, "P300")[-1]), extra)


def _forged_case_dropped(found: list[Record]) -> None:
    found[:] = [record for record in found if record.get("case") != "P402"]
    for record in found:
        if record["type"] == "selected":
            record["cases"].remove("P402")


def _forged_not_applicable(found: list[Record]) -> None:
    kept = [record for record in found if record.get("case") != "P402" or record["type"] == "case"]
    for record in kept:
        if record.get("case") == "P402":
            record.update(verdict="not_applicable", reason="the config has no delete_connection_path")
    found[:] = kept


def _forged_blocked(found: list[Record]) -> None:
    """One of many examples is cut short, with the reason that a silent endpoint gives."""
    case = "G120"
    judgement = _judgements(found, case)[-1]
    mine = [e for e in exchanges(found, case) if e["execution"] == judgement["execution"]]
    for exchange in mine[1:]:
        found.remove(exchange)
    judgement.update(
        violations=[],
        end="blocked",
        reason="connect gave no answer 3 times in a row; it was left alone for the rest of the run",
        exchanges=1,
    )


def _forged_catalogue(found: list[Record]) -> None:
    found[0]["suite"]["catalogue"] = "0" * 64


def _forged_config(found: list[Record]) -> None:
    found[0]["config"]["new_user_action"] = "error"


def _forged_looser_hostnames(found: list[Record]) -> None:
    found[0]["config"]["category"] = "BI_AND_VIZ"


def _forged_seed(found: list[Record]) -> None:
    found[0]["seed"] += 1


def _forged_profile(found: list[Record]) -> None:
    found[0]["profile"] = "standard"


def _forged_run_id(found: list[Record]) -> None:
    found[0]["id"] = "0123456789abcdef-review-17"


def _forged_challenge(found: list[Record]) -> None:
    found[0].update(id=found[0]["id"].replace("review-17", "review-18"), challenge="review-18")


def _forged_time(found: list[Record]) -> None:
    exchanges(found, "P300")[1]["started"] = "2020-01-01T00:00:00.000+00:00"


def _forged_end(found: list[Record]) -> None:
    found[-1]["finished"] = "2020-01-01T00:00:00.000+00:00"


def _forged_future(found: list[Record]) -> None:
    for record in found:
        for key in ("started", "finished"):
            if key in record:
                record[key] = "2" + "9" + record[key][2:]


def _forged_example_dropped(found: list[Record]) -> None:
    """The last example of a generated case goes, and the plan with it."""
    name = _judgements(found, "G120")[-1]["execution"]
    found[:] = [r for r in found if r.get("case") != "G120" or r.get("execution") != name]
    next(r for r in found if r["type"] == "plan" and r["case"] == "G120")["examples"] -= 1


def _forged_example_unplanned(found: list[Record]) -> None:
    name = _judgements(found, "G120")[-1]["execution"]
    found[:] = [r for r in found if r.get("case") != "G120" or r.get("execution") != name]


def _forged_example_renumbered(found: list[Record]) -> None:
    """The first example goes, and the others move up."""
    found[:] = [r for r in found if r.get("case") != "G120" or r.get("execution") != "1"]
    for record in found:
        if record.get("case") == "G120" and "execution" in record:
            record["execution"] = str(int(record["execution"]) - 1)
    next(r for r in found if r["type"] == "plan" and r["case"] == "G120")["examples"] -= 1


def _forged_order(found: list[Record]) -> None:
    first, second = exchanges(found, "P300")[:2]
    one, two = found.index(first), found.index(second)
    found[one], found[two] = second, first


def _forged_shape(found: list[Record]) -> None:
    for record in found:
        if record.get("case") == "G120" and record.get("execution") == "2" and "shape" in record:
            record["shape"] = {}


def _forged_alike(found: list[Record]) -> None:
    """A wrong password is said to be the right one, so that nobody had to try it."""
    found[0]["alike"] = ["wrong-password"]


def _forged_preflight(found: list[Record]) -> None:
    found[:] = [record for record in found if record.get("case") != "preflight"]


FORGERIES: dict[str, tuple[Callable[[list[Record]], None], str]] = {
    "verdict of a case": (_forged_verdict, "contradiction: P800: recorded as passed"),
    "findings removed": (_forged_finding_removed, "the record leaves out, or changes, what the answers show"),
    "response body": (_forged_body, "P100/1: "),
    "response body, digest left": (_forged_body_without_digest, "does not have the digest that was recorded with it"),
    "status": (_forged_status, "P100/1: "),
    "request body": (_forged_request, "the recorded request is not the one that the suite sends here"),
    "request header": (_forged_header, "the recorded request is not the one that the suite sends here"),
    "authorization": (_forged_authorization, "the recorded request is not the one that the suite sends here"),
    "exchange dropped": (_forged_exchange_dropped, "P300/1: recorded with"),
    "exchange added": (_forged_exchange_added, "the suite makes no such call"),
    "case dropped": (_forged_case_dropped, "P402 is missing: the run is not narrowed"),
    "case made not applicable": (_forged_not_applicable, "P402 was not executed, and the reason on record"),
    "example made blocked": (_forged_blocked, "judged again it is blocked (the record of this execution ends here)"),
    "catalogue digest": (_forged_catalogue, "the run names the catalogue 0000000000000000"),
    "config": (_forged_config, "P302"),
    "config that needs fewer cases": (_forged_looser_hostnames, "P900 was executed, though it does not apply"),
    "seed": (_forged_seed, "does not have the shape that the seed"),
    "profile": (_forged_profile, "the profile standard asks for"),
    "run id": (_forged_run_id, "the recorded request is not the one that the suite sends here"),
    "challenge": (_forged_challenge, "the recorded request is not the one that the suite sends here"),
    "time of an exchange": (_forged_time, "it was sent before what is recorded before it"),
    "end of the run": (_forged_end, "before it began"),
    "run in the future": (_forged_future, "the run began in the future"),
    "example dropped with its plan": (_forged_example_dropped, "the profile quick asks for"),
    "example dropped": (_forged_example_unplanned, "examples were planned"),
    "example dropped, others renumbered": (_forged_example_renumbered, "the recorded request is not the one"),
    "records reordered": (_forged_order, "the record holds it out of order"),
    "shape of an example": (_forged_shape, "does not have the shape that the seed"),
    "wrong password called right": (_forged_alike, "are the right one which no credentials make so"),
    "preflight dropped": (_forged_preflight, "the calls of the preflight are missing"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forgery_with_mended_chain_and_outputs_is_noticed(name: str, request: pytest.FixtureRequest) -> None:
    # What hides a failure is tried on a failed run, what leaves something out on a complete one.
    kind = {"verdict of a case": "faulty", "findings removed": "faulty", "case dropped": "good"}.get(name, "small")
    folder = request.getfixturevalue(kind)
    forgery, says = FORGERIES[name]
    found = records(folder)
    forgery(found)
    write_records(folder, found)
    remake(folder)
    assert says in broken(verify(folder))


def test_narrowed_run_cannot_pass_as_complete(good: Path) -> None:
    def narrow(found: list[Record]) -> list[Record]:
        kept = [r for r in found if r.get("case") in {None, "preflight", "F100", "P100"}]
        for record in kept:
            if record["type"] == "selected":
                record["cases"] = ["F100", "P100"]
        return kept

    forge(good, narrow)
    text = broken(verify(good))
    assert "P300 is missing: the run is not narrowed, yet it holds no result of this case" in text
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
