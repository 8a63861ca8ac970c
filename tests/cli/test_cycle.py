"""The whole cycle by the commands that a user types: certify, bundle, verify, replay, mend, replay, rerun, compare."""

from __future__ import annotations

import json
from pathlib import Path

from commands import FEW, QUICK, Command, certified, reference_partner, written_config
from forging import broken, bundled, forge

from certification.review.verify import verify
from certification.run.reference_process import ReferencePartner


def test_cycle(
    faulty: Path,
    program: Command,
    tmp_path: Path,
    broken_partner: ReferencePartner,
    correct_partner: ReferencePartner,
) -> None:
    bundle = tmp_path / "faulty.zip"
    made = program("bundle", faulty, "-o", bundle, "--allow-incomplete")
    assert made.status == 0, made.text
    assert "incomplete, and the bundle says so: narrowed by -k" in made.out

    verified = program("verify", bundle)
    assert verified.status == 0, verified.text
    assert verified.out.startswith("HOLDS: the report of Reference Partner follows from its evidence: not conformant")

    failing = program("replay", bundle, "--url", broken_partner.url)
    assert failing.status == 1, failing.text
    assert "STILL FAILING" in failing.out
    assert "fixed" not in failing.out.splitlines()[-1]

    mended = program("replay", bundle, "--url", correct_partner.url)
    assert mended.status == 0, mended.text
    assert "STILL FAILING" not in mended.out
    assert mended.out.splitlines()[-1].endswith(" fixed")

    again = program(
        "rerun", bundle, "--url", correct_partner.url, "--report", tmp_path / "again", "-q", "-k", "P100 or P800"
    )
    assert again.status == 0, again.text
    assert "no regression: 1 fixed" in again.out

    same = program("compare", bundle, tmp_path / "again")
    assert same.status == 0
    assert "P800: failed → passed  [partner]" in same.out
    back = program("compare", tmp_path / "again", bundle, "--json")
    assert back.status == 1
    outcome = json.loads(back.out)
    assert outcome["regression"]
    assert ["partner"] in [each["changed"] for each in outcome["broke"] if each["text"].startswith("P800: ")]


def test_replay_of_one_case(faulty: Path, command: Command, correct_partner: ReferencePartner) -> None:
    said = command("replay", faulty, "--case", "P800", "--url", correct_partner.url, "--json")
    assert said.status == 0, said.text
    outcome = json.loads(said.out)
    assert {entry["case"] for entry in outcome["findings"]} == {"P800"}
    assert outcome["counts"]["fixed"] == len(outcome["findings"])


def test_replay_of_a_changed_failure(faulty: Path, command: Command) -> None:
    partner = reference_partner("--fault", "test-connection-lower-case")
    try:
        said = command("replay", faulty, "--case", "P800", "--url", partner.url)
    finally:
        partner.stop()
    assert said.status == 1, said.text
    assert "CHANGED" in said.out or "STILL FAILING" in said.out


def test_replay_cannot_tell_when_the_case_does_not_get_there(faulty: Path, command: Command) -> None:
    partner = reference_partner("--fault", "connect-status-204")
    try:
        said = command("replay", faulty, "--case", "P800", "--url", partner.url)
    finally:
        partner.stop()
    assert said.status in {1, 3}, said.text
    assert "fixed" not in said.out


def test_replay_without_evidence_says_what_it_lacks(
    faulty: Path, command: Command, tmp_path: Path, correct_partner: ReferencePartner
) -> None:
    report = json.loads((faulty / "report.json").read_text(encoding="utf-8"))
    report["findings"][0]["matters"] = {"email": "something"}
    alone = tmp_path / "alone.json"
    alone.write_text(json.dumps(report), encoding="utf-8")
    said = command("replay", alone, "--url", correct_partner.url)
    assert said.status == 3, said.text
    assert "report.json alone does not hold the request; give the report folder or the bundle" in " ".join(
        said.out.split()
    )


def test_replay_of_a_conformant_report_has_nothing_to_do(small: Path, command: Command) -> None:
    said = command("replay", small)
    assert said.status == 0
    assert said.out == "There is no finding to replay.\n"


def test_bundle_is_deterministic_and_refuses_incomplete_runs(small: Path, command: Command, tmp_path: Path) -> None:
    refused = command("bundle", small, "-o", tmp_path / "no.zip")
    assert refused.status == 1
    assert "the run is incomplete: narrowed by -k" in refused.err
    assert not (tmp_path / "no.zip").exists()
    for name in ("one.zip", "two.zip"):
        assert command("bundle", small, "-o", tmp_path / name, "--allow-incomplete").status == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    kept = command("bundle", small, "-o", tmp_path / "one.zip", "--allow-incomplete")
    assert kept.status == 4
    assert "the file exists and is kept" in kept.err


def test_complete_run_is_bundled_and_verified(good: Path, command: Command, tmp_path: Path) -> None:
    assert command("bundle", good, "-o", tmp_path / "it.zip").status == 0
    said = command("verify", tmp_path / "it.zip", "--challenge", "review-17", "--json")
    assert said.status == 0, said.text
    outcome = json.loads(said.out)
    assert outcome["result"] == "holds"
    assert outcome["verdict"] == "conformant"


def test_verify_says_what_does_not_hold(small: Path, command: Command) -> None:
    (small / "summary.md").write_text("Conformant.\n", encoding="utf-8")
    said = command("verify", small)
    assert said.status == 1
    assert said.out.startswith("DOES NOT HOLD: 1 contradiction (outputs).\n")
    assert "DOES NOT HOLD outputs: summary.md is not the one that the evidence gives" in said.out


def test_signature(small: Path, command: Command, tmp_path: Path) -> None:
    for name in ("mine", "other"):
        made = command("keygen", "-o", tmp_path / f"{name}.key")
        assert made.status == 0, made.text
        assert (tmp_path / f"{name}.key").stat().st_mode & 0o077 == 0
    signed = tmp_path / "signed.zip"
    assert command("bundle", small, "-o", signed, "--allow-incomplete", "--sign", tmp_path / "mine.key").status == 0
    trusted = command("verify", signed, "--trust", tmp_path / "mine.key.pub")
    assert trusted.status == 0, trusted.text
    assert "holds         signature: the manifest is signed with the trusted key " in trusted.out
    distrusted = verify(signed, trust=tmp_path / "other.key.pub")
    assert "not with the trusted key" in broken(distrusted)
    assert "it is signed with the key " in broken(distrusted)
    by_somebody = verify(signed)
    assert by_somebody.holds
    assert by_somebody.point("signature").holds.startswith("the manifest is signed with the key ")
    assert "whose key that is was not checked" in by_somebody.point("signature").notes[0]
    unsigned = verify(bundled(small, tmp_path / "unsigned.zip"), trust=tmp_path / "mine.key.pub")
    assert unsigned.point("signature").broken == ["the bundle is not signed"]


def test_signature_of_a_remade_bundle_does_not_hold(small: Path, command: Command, tmp_path: Path) -> None:
    """What no other check notices: evidence that was forged consistently, under the old signature."""
    import zipfile

    assert command("keygen", "-o", tmp_path / "mine.key").status == 0
    assert (
        command("bundle", small, "-o", tmp_path / "a.zip", "--allow-incomplete", "--sign", tmp_path / "mine.key").status
        == 0
    )
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        signature = archive.read("signature.json")
    forge(
        small,
        lambda found: [r | ({"seconds": r["seconds"] / 2} if r["type"] == "exchange" else {}) for r in found],
    )
    forged = bundled(small, tmp_path / "forged.zip", signature)
    said = command("verify", forged, "--trust", tmp_path / "mine.key.pub")
    assert said.status == 1
    assert "DOES NOT HOLD signature" in said.out
    assert said.out.startswith("DOES NOT HOLD: 1 contradiction (signature).")


def test_report_of_a_killed_run_is_made_from_its_evidence(small: Path, command: Command) -> None:
    path = small / "evidence" / "main.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: len(lines) * 2 // 3]) + lines[-1][:50], encoding="utf-8")
    before = (small / "report.json").read_bytes()
    for name in ("junit.xml", "evidence.har"):
        (small / name).unlink()
    said = command("report", small)
    assert said.status == 0, said.text
    report = json.loads((small / "report.json").read_text(encoding="utf-8"))
    assert report["verdict"] == "incomplete"
    assert report["run"]["interrupted"]
    assert (small / "junit.xml").is_file()
    assert json.loads((small / "evidence.har").read_text(encoding="utf-8"))["log"]["version"] == "1.2"
    assert "Incomplete" in (small / "report.html").read_text(encoding="utf-8")
    # The earlier report is kept.
    assert (small / "earlier" / "rebuilt-1" / "report.json").read_bytes() == before
    unchanged = command("report", small)
    assert unchanged.status == 0
    assert "rebuilt-2" not in unchanged.out or not (small / "earlier" / "rebuilt-2" / "report.json").exists()


def test_run_that_was_killed_in_the_middle_of_a_case_verifies_as_incomplete(small: Path, command: Command) -> None:
    path = small / "evidence" / "main.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    last = max(number for number, line in enumerate(lines) if line.startswith('{"type":"exchange"'))
    path.write_text("".join(lines[: last + 1]) + lines[last + 1][:50], encoding="utf-8")
    assert command("report", small).status == 0
    said = command("verify", small)
    assert said.status == 0, said.text
    assert "note          chain: main.jsonl: the last line was cut off" in said.out
    assert "follows from its evidence: incomplete" in said.out


def test_run_with_several_workers_verifies(tmp_path: Path, command: Command) -> None:
    report = certified(tmp_path, QUICK, "-k", FEW, "-n", "2")
    assert len(list((report / "evidence").glob("*.jsonl"))) == 3
    said = command("verify", report)
    assert said.status == 0, said.text


def test_trial_run_verifies(tmp_path: Path, command: Command, correct_partner: ReferencePartner) -> None:
    report = certified(tmp_path, QUICK, "-k", FEW, url=correct_partner.url)
    said = command("verify", report)
    assert said.status == 0, said.text
    assert json.loads((report / "report.json").read_text(encoding="utf-8"))["partner"]["trial"]


def test_report_of_a_whole_run_changes_nothing(small: Path, command: Command) -> None:
    names = ("report.json", "junit.xml", "summary.md", "partner.json", "evidence.har")
    before = {name: (small / name).read_bytes() for name in names}
    assert command("report", small).status == 0
    assert {name: (small / name).read_bytes() for name in names} == before
    assert command("verify", small).status == 0


def test_check(command: Command, tmp_path: Path, correct_partner: ReferencePartner) -> None:
    config = written_config(tmp_path)
    fine = command("check", config, "--url", correct_partner.url)
    assert fine.status == 0, fine.text
    assert "a certification can begin" in fine.out
    refused = command("check", config, "--url", correct_partner.url, env={"BASIC_PASSWORD": "wrong-password-entirely"})
    assert refused.status == 4
    assert "the credentials were refused" in refused.err
    unreachable = command("check", config, "--url", "http://127.0.0.1:9")
    assert unreachable.status == 4
    assert "failed" in unreachable.err


def test_init_writes_a_config_that_check_config_accepts(command: Command, tmp_path: Path) -> None:
    made = command("init", "--name", "Acorn", "--base-url", "https://api.acorn.example/v2", "--category", "ML")
    assert made.status == 0, made.text
    config = json.loads((tmp_path / "partner.json").read_text(encoding="utf-8"))
    assert config["hostnames"] == ["api.acorn.example"]
    kept = command("init", "--name", "Other", "--base-url", "https://api.acorn.example", "--category", "ML")
    assert kept.status == 4
    assert "the file exists and is kept" in kept.err
    assert json.loads((tmp_path / "partner.json").read_text(encoding="utf-8")) == config
    replaced = command("init", "--name", "Other", "--base-url", "https://a.example", "--category", "INGEST", "--force")
    assert replaced.status == 0
    assert "get_connectors_path" in (tmp_path / "partner.json").read_text(encoding="utf-8")


def test_init_names_each_wrong_answer(command: Command, tmp_path: Path) -> None:
    missing = command("init", "--name", "Acorn")
    assert missing.status == 4
    assert "--category: it is needed" in missing.err
    wrong = command("init", "--name", "Acorn", "--base-url", "api.acorn.example", "--category", "SPORTS")
    assert wrong.status == 4
    assert "/base_url" in wrong.err
    assert "/category" in wrong.err
    assert not (tmp_path / "partner.json").exists()


def test_requirements_are_those_of_the_matrix(small: Path, command: Command) -> None:
    rows = json.loads(command("requirements", "--json").out)["requirements"]
    matrix = json.loads((small / "report.json").read_text(encoding="utf-8"))["requirements"]
    assert [(row["id"], row["clause"]) for row in rows] == [(row["id"], row["clause"]) for row in matrix]
    untested = command("requirements", "--untested").out
    assert "not tested: " in untested


def test_serve_lists_faults(program: Command) -> None:
    assert "test-connection-boolean" in program("serve", "--list").out
    assert program("serve", "--fault", "no-such-fault").status == 2


def test_every_command_has_an_example_and_its_statuses(command: Command) -> None:
    from certification.cli.parser import COMMANDS

    for entry in COMMANDS:
        if entry.name != "serve":
            text = command(entry.name, "--help").out
            assert f"example:\n  partner-connect {entry.name}" in text
            assert "exit status:\n  0  " in text


def test_help_loads_none_of_the_heavy_libraries(tmp_path: Path) -> None:
    import subprocess
    import sys

    from running import environment

    script = "import sys, contextlib\nfrom certification.cli import main\nwith contextlib.suppress(SystemExit): main(['--help'])\nprint([n for n in ('httpx','hypothesis','jsonschema','pytest','faker','starlette') if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_no_output_holds_a_credential(faulty: Path, command: Command, tmp_path: Path) -> None:
    """A partner's answer that holds the password of this environment is shown by no command."""
    from certification.evidence.redaction import Redactor

    secret = 'pä:ss"word<&>long'
    report = json.loads((faulty / "report.json").read_text(encoding="utf-8"))
    report["findings"][0]["message"] = f"the answer says {secret}"
    report["cases"][0]["reason"] = secret
    old = tmp_path / "old.json"
    old.write_text(json.dumps(report), encoding="utf-8")
    redactor = Redactor({"BASIC_PASSWORD": secret}, "tester")
    for arguments in (("compare", old, faulty), ("compare", faulty, old, "--json")):
        said = command(*arguments, env={"BASIC_USER": "tester", "BASIC_PASSWORD": secret})
        assert not redactor.finds(said.text)
    (faulty / "summary.md").write_text(secret, encoding="utf-8")
    refused = command("bundle", faulty, "--allow-incomplete", env={"BASIC_USER": "tester", "BASIC_PASSWORD": secret})
    assert refused.status == 4
    assert "it holds one of the credentials of this environment; nothing was bundled" in refused.err
