"""The submission: made when it is complete, and nothing of it can be changed without being noticed."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from commands import Command
from forging import broken, bundled, forge
from partners import PASSWORD
from submitting import PUBLIC, png, written_images

from certification.contract.schema_files import read_schema
from certification.review.apart import looked_at_apart
from certification.review.verify import Result
from certification.review.verify.__main__ import looked_at as in_here
from certification.submission.documents import documents, read_completeness
from certification.submission.manifest import SUBMISSION, manifest_of, member_names
from certification.submission.material import look
from certification.submission.verify import LookedAt, is_submission, looked_at, verify_any, verify_submission

Members = dict[str, bytes]
LOCALHOST = {
    "about": "hostname",
    "name": "localhost",
    "words": "The staging copy that was certified <b>here</b>.",
    "by": "Ann Lee",
    "organisation": "Acorn",
    "on": "2026-11-02",
}
PICTURE = png()


def attestations(folder: Path, config: str, **changes: Any) -> None:
    """Attestations of one case, with a picture."""
    (folder / "attestations").mkdir(exist_ok=True)
    (folder / "attestations" / "a1-1.png").write_bytes(PICTURE)
    picture = {"file": "attestations/a1-1.png", "sha256": hashlib.sha256(PICTURE).hexdigest(), "size": len(PICTURE)}
    attested = {
        "id": "A1", "case": "M100", "round": "partner", "result": "passed", "reason": "", "by": "Ann Lee",
        "organisation": "Acorn", "role": "QA", "on": "2027-01-10T10:00:00Z", "workspace": "", "browser": "", "words": "",
        "expectations": [], "pictures": [picture], "calls": [], "config": config, "suite": "2.0.0",
    }  # fmt: skip
    value = {"format": 1, "partner": "Acorn BI", "attestations": [attested | changes]}
    (folder / "attestations.json").write_text(json.dumps(value), encoding="utf-8")


def prepared(folder: Path, run: Path, **onboarding: Any) -> Path:
    """What lies in a partner's repository, and the report of ``run``."""
    config = json.loads((run / "partner.json").read_text(encoding="utf-8"))
    (folder / "partner.json").write_text(json.dumps(config), encoding="utf-8")
    written_images(folder)
    record = {"format": 1, "partner": "Acorn BI", "explanations": [LOCALHOST]} | onboarding
    (folder / "onboarding.json").write_text(json.dumps(record), encoding="utf-8")
    digest = json.loads((run / "report.json").read_text(encoding="utf-8"))["partner"]["config"]
    attestations(folder, digest)
    (folder / "ux").mkdir(exist_ok=True)
    (folder / "ux" / "landing.png").write_bytes(PICTURE)
    (folder / "ux" / "result.json").write_text('{"statements": [{"id": "U110", "picture": "landing.png"}]}')
    return folder


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves this process: the bundle is verified in it, the public pages answer."""
    monkeypatch.setattr("certification.review.apart.looked_at_apart", lambda task, _seconds: in_here(task))
    monkeypatch.setattr("certification.run.public_pages.page_problems", lambda _config: dict.fromkeys(PUBLIC, ""))


def seen(path: Path, **how: Any) -> LookedAt:
    return looked_at(path, apart=lambda task, _seconds, _module: in_here(task, verify_any), **how)


def test_a_complete_submission(acorn_run: Path, command: Command, tmp_path: Path) -> None:
    prepared(tmp_path, acorn_run)
    made = command("submission", acorn_run)
    assert made.status == 0, made.text
    assert made.out.startswith("Acorn BI: complete\n")
    with zipfile.ZipFile(tmp_path / "submission.zip") as archive:
        names = archive.namelist()
        for name, schema in (
            ("manifest.json", "submission"), ("completeness.json", "completeness"),
            ("redirect-scenarios.json", "redirect-scenarios"), ("explanations.json", "explanations"),
        ):  # fmt: skip
            jsonschema.Draft202012Validator(read_schema(schema)).validate(json.loads(archive.read(name)))
        text = archive.read("redirect-scenarios.md").decode()
        page = archive.read("cover.html").decode()
        manifest = archive.read("manifest.json")
    assert {"attestations/a1-1.png", "ux/landing.png", "images/logo.svg", "images/icon.svg"} <= set(names)
    assert "app/create-trial?ticket={…}" in page
    assert "A new customer starts from the tile" in text
    assert "&lt;b&gt;here" in page

    found = seen(tmp_path / "submission.zip")
    assert (found.complete, found.problems) == (True, ())
    assert found.manifest == hashlib.sha256(manifest).hexdigest()
    assert json.loads(manifest)["certificate"]["verdict"] == "conformant"
    line = "HOLDS: the submission of Acorn BI follows from its files: complete, conformant."
    assert found.verification.line == line


def test_the_same_parts_give_the_same_bytes(small_acorn_run: Path, command: Command, tmp_path: Path) -> None:
    prepared(tmp_path, small_acorn_run)
    day = ("--today", "2027-01-31")
    assert command("submission", small_acorn_run, "--allow-incomplete", *day).status == 1
    first = (tmp_path / "submission.zip").read_bytes()
    assert command("bundle", small_acorn_run, "--allow-incomplete", "-o", "certification.zip").status == 0
    kept = command("submission", "certification.zip", "--allow-incomplete")
    assert (kept.status, kept.err.count("the file exists and is kept")) == (4, 1)
    again = command("submission", "certification.zip", "--allow-incomplete", "--force", "--json", *day)
    assert again.status == 1
    assert not json.loads(again.out)["complete"]
    assert (tmp_path / "submission.zip").read_bytes() == first
    said = command("verify", "submission.zip")
    assert said.status == 0
    assert said.out.startswith("HOLDS: the submission of Acorn BI follows from its files: not complete")
    assert "what the public pages answered on 2027-01-31 is taken from the record" in said.out
    wrong = command("submission", small_acorn_run, "--force", "--today", "31.1.2027")
    assert (wrong.status, wrong.err.count("expected a day such as 2027-03-02")) == (2, 1)


def test_what_is_missing_is_said_and_nothing_is_written(
    small_acorn_run: Path, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(tmp_path, small_acorn_run, explanations=[])
    (tmp_path / "logo.svg").unlink()
    monkeypatch.setattr(
        "certification.run.public_pages.page_problems",
        lambda _config: {"sign_up_page": "answered 404", "privacy_policy": "", "terms_of_service": ""},
    )
    refused = command("submission", small_acorn_run)
    assert refused.status == 1
    for text in (
        "The run is incomplete: narrowed by -k",
        "logo_file logo.svg is not there",
        "sign_up_page answered 404",
        "localhost is a name that no customer reaches",
        "M101 was not carried out",
        "Nothing was written",
    ):
        assert text in " ".join(refused.out.split()), text
    assert not (tmp_path / "submission.zip").exists()
    written = command("submission", small_acorn_run, "--allow-incomplete", "--offline")
    assert written.status == 1
    found = seen(tmp_path / "submission.zip")
    assert not found.complete
    assert found.verification.result is Result.HOLDS
    assert any("failed: All tests were run" in text for text in found.problems)
    with zipfile.ZipFile(tmp_path / "submission.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert "Not complete" in archive.read("cover.html").decode()
    assert manifest["incomplete_because"] == [
        "bundle-complete", "bundle-conformant", "logo-and-icon", "hostnames-used", "scenarios-observed",
    ]  # fmt: skip
    assert manifest["not_looked_at"] == ["pages-answer"]


def test_a_credential_keeps_the_file_from_being_written(
    small_acorn_run: Path, command: Command, tmp_path: Path
) -> None:
    prepared(tmp_path, small_acorn_run, explanations=[{**LOCALHOST, "words": f"log in with {PASSWORD}"}])
    refused = command("submission", small_acorn_run, "--allow-incomplete")
    assert refused.status == 4
    assert "explanations.json: it holds one of the credentials" in refused.err
    assert PASSWORD not in refused.text
    assert not (tmp_path / "submission.zip").exists()


def test_another_config_than_the_certified_one_is_refused(
    small_acorn_run: Path, command: Command, tmp_path: Path
) -> None:
    prepared(tmp_path, small_acorn_run)
    config = json.loads((tmp_path / "partner.json").read_text())
    (tmp_path / "partner.json").write_text(json.dumps(config | {"description_blurb": "Another text"}))
    refused = command("submission", small_acorn_run)
    assert refused.status == 1
    assert "The certified config is the one that is submitted The config in the bundle has" in " ".join(
        refused.out.split()
    )
    # The attestations are of the certified one, so they are stale now.
    assert "M100 was carried out before the config or the suite changed: config" in " ".join(refused.out.split())


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("[]", "the file holds no object"),
        ("{", "the file is not JSON"),
        ('{"format": 1, "partner": "Acorn BI", "explanations": [{"about": "moon"}]}', "/explanations/0/about"),
    ],
)
def test_a_damaged_onboarding_record_is_named(
    record: str, said: str, small_acorn_run: Path, command: Command, tmp_path: Path
) -> None:
    prepared(tmp_path, small_acorn_run)
    (tmp_path / "onboarding.json").write_text(record)
    refused = command("submission", small_acorn_run)
    assert refused.status == 4
    assert said in refused.err


def test_what_a_link_leads_to_is_not_handed_over(small_acorn_run: Path, command: Command, tmp_path: Path) -> None:
    prepared(tmp_path, small_acorn_run)
    (tmp_path / "elsewhere").write_text("a file of this machine", encoding="utf-8")
    (tmp_path / "ux").mkdir(exist_ok=True)
    (tmp_path / "ux" / "result.json").unlink(missing_ok=True)
    (tmp_path / "ux" / "result.json").symlink_to(tmp_path / "elsewhere")
    said = command("submission", small_acorn_run, "--allow-incomplete")
    assert said.status == 4
    assert "this is a link or something else than a file" in said.err
    assert not (tmp_path / "submission.zip").exists()


def test_damaged_attestations_are_named(small_acorn_run: Path, command: Command, tmp_path: Path) -> None:
    prepared(tmp_path, small_acorn_run)
    attestations(tmp_path, "a" * 64)
    (tmp_path / "attestations" / "a1-1.png").write_bytes(png(grey=7))
    assert "M100, A1: The picture is not the one that was kept." in command("submission", small_acorn_run).out
    (tmp_path / "attestations" / "a1-1.png").unlink()
    assert "M100, A1: The picture is missing." in command("submission", small_acorn_run).out
    (tmp_path / "attestations.json").write_text('{"format": 1, "partner": "Acorn BI", "attestations": 5}')
    assert "attestations.json: /attestations: should be a list" in " ".join(
        command("submission", small_acorn_run).out.split()
    )
    (tmp_path / "attestations.json").write_text('{"format": 1, "partner": "Maple", "attestations": []}')
    assert "it is of Maple, the config of Acorn BI" in " ".join(command("submission", small_acorn_run).out.split())


@pytest.fixture(scope="session")
def narrow(small_acorn_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An incomplete submission, signed: the same in small, fast to look at."""
    from certification.cli import main

    folder = prepared(tmp_path_factory.mktemp("narrow"), small_acorn_run)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("certification.review.apart.looked_at_apart", lambda task, _seconds: in_here(task))
        assert main(["keygen", "-o", "acorn.key"]) == 0
        assert main(["submission", str(small_acorn_run), "--allow-incomplete", "--offline", "--sign", "acorn.key"]) == 1
    return folder / "submission.zip"


def members_of(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def edited(path: Path, target: Path, change: Callable[[Members], object]) -> Path:
    """A submission with other members, written without care for its manifest."""
    members = members_of(path)
    change(members)
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def replaced(name: str, old: bytes, new: bytes) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        assert old in members[name]
        members[name] = members[name].replace(old, new)

    return change


EDITS: dict[str, tuple[Callable[[Members], object], str]] = {
    "extra file": (lambda it: it.update({"ux/more.png": b"x"}), "ux/more.png is not listed in manifest.json"),
    "foreign file": (lambda it: it.update({"run.exe": b"x"}), "no file of a submission has the name 'run.exe'"),
    "missing file": (lambda it: it.pop("images/logo.svg"), "'images/logo.svg' is listed in manifest.json, but is not in the submission"),
    "missing manifest": (lambda it: it.pop("manifest.json"), "manifest.json is missing: this is no submission"),
    "missing certificate": (lambda it: it.pop("certification.zip"), "'certification.zip' is listed"),
    "edited picture": (lambda it: it.update({"ux/landing.png": b"x"}), "ux/landing.png does not have the digest"),
    "edited explanation": (replaced("explanations.json", b"staging", b"leading"), "explanations.json does not have the digest"),
    "edited cover": (replaced("cover.html", b"Not complete", b"Complete"), "cover.html is not the one that the other files give"),
    "edited scenarios": (replaced("redirect-scenarios.json", b"create-trial", b"create-other"), "redirect-scenarios.json, /observed"),
    "edited list": (replaced("redirect-scenarios.md", b"new customer", b"new partner"), "redirect-scenarios.md is not the one"),
    "edited completeness": (replaced("completeness.json", b'"complete": false', b'"complete": true'), "completeness.json, /complete"),
    "edited claim": (replaced("manifest.json", b'"complete": false', b'"complete": true'), "manifest.json, complete: it says true"),
    "another config": (replaced("partner.json", b"Acorn BI", b"Maple BI"), "partner.json does not have the digest"),
    "damaged config": (lambda it: it.update({"partner.json": b"{"}), "the file is not JSON"),
    "damaged completeness": (lambda it: it.update({"completeness.json": b"[]"}), "completeness.json is none of a submission"),
    "case-colliding name": (lambda it: it.update({"ux/Landing.png": b"x"}), "ux/landing.png and ux/Landing.png differ only in capital letters"),
    "bomb": (lambda it: it.update({"ux/result.json": bytes(15_000_000)}), "unpacks to more than 300 times its size"),
    "stripped signature": (lambda it: it.pop("signature.json"), "the submission is not signed"),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_what_is_edited_afterwards_is_named(name: str, narrow: Path, tmp_path: Path) -> None:
    change, said = EDITS[name]
    path = edited(narrow, tmp_path / "it.zip", change)
    assert is_submission(path)
    assert said in broken(verify_submission(path, trust=narrow.with_name("acorn.key.pub")))


def test_as_it_was_written_it_holds(narrow: Path, tmp_path: Path) -> None:
    assert verify_submission(narrow, trust=narrow.with_name("acorn.key.pub")).holds
    assert seen(narrow, trust=narrow.with_name("acorn.key.pub")).verification.result is Result.HOLDS


def test_links_and_doubles_are_refused(narrow: Path, tmp_path: Path) -> None:
    path = tmp_path / "it.zip"
    shutil.copyfile(narrow, path)
    link = zipfile.ZipInfo("ux/link.png")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "ux/link.png is a link or something else than a file" in broken(verify_submission(path))
    shutil.copyfile(narrow, path)
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("cover.html", b"another")
    assert "cover.html stands in it twice" in broken(verify_submission(path))


def test_a_signature_of_somebody_else_is_named(narrow: Path, command: Command, tmp_path: Path) -> None:
    assert command("keygen", "-o", tmp_path / "other.key").status == 0
    said = command("verify", narrow, "--trust", tmp_path / "other.key.pub")
    assert said.status == 1
    assert "DOES NOT HOLD signature" in said.out


def test_whoever_makes_everything_fit_cannot_hide_another_bundle(
    narrow: Path, small_acorn_run: Path, tmp_path: Path
) -> None:
    """The bundle of another config, with every digest and document made again: it holds, and it says so itself."""
    other = Path(shutil.copytree(small_acorn_run, tmp_path / "other"))

    def change(found: list[dict[str, Any]]) -> None:
        found[0]["config"]["description_blurb"] = "Another partner"

    forge(other, change)
    folder = tmp_path / "members"
    for name, content in members_of(narrow).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "signature.json").unlink()
    bundled(other, folder / "certification.zip")
    swapped = zipped(folder, tmp_path / "swapped.zip")
    assert "certification.zip does not have the digest" in broken(verify_submission(swapped))

    certificate = verify_any(folder / "certification.zip").output()
    looked = look(folder, read_completeness(folder).outside, lambda _bundle: certificate)
    made = documents(folder, looked)
    for name, content in made.contents.items():
        (folder / name).write_bytes(content)
    (folder / "manifest.json").write_bytes(manifest_of(folder, member_names(folder), made.claims))
    found = seen(zipped(folder, tmp_path / "fitting.zip"))
    assert found.verification.result is Result.HOLDS
    assert not found.complete
    assert any("The certified config is the one that is submitted" in text for text in found.problems)


def zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for name in ["manifest.json", *member_names(folder)]:
            archive.write(folder / name, name)
    return target


def test_what_another_version_of_the_suite_made_is_left_open(narrow: Path, tmp_path: Path) -> None:
    unsigned = edited(narrow, tmp_path / "unsigned.zip", lambda it: it.pop("signature.json"))
    path = edited(unsigned, tmp_path / "it.zip", replaced("manifest.json", b'"version": "2', b'"version": "9.2'))
    found = verify_submission(path)
    assert found.result is Result.UNVERIFIED
    assert "Verify with that version" in " ".join(text for point in found.points for text in point.unverified)
    newer = edited(unsigned, tmp_path / "it.zip", replaced("manifest.json", b'"format": 1', b'"format": 7'))
    assert verify_submission(newer).result is Result.UNVERIFIED


def test_other_files_are_no_submission(narrow: Path, small_acorn_run: Path, tmp_path: Path) -> None:
    bundle = bundled(small_acorn_run, tmp_path / "bundle.zip")
    (tmp_path / "text.zip").write_bytes(b"PK no zip")
    for path in (bundle, small_acorn_run, tmp_path / "text.zip", tmp_path / "nowhere.zip"):
        assert not is_submission(path)
        assert not seen(path).complete
    assert seen(bundle).problems == ("this is no submission",)
    assert verify_any(bundle).holds
    assert SUBMISSION.name_problem("../x")


def test_a_process_of_its_own_looks_at_it(narrow: Path) -> None:
    found = looked_at(narrow, apart=looked_at_apart)
    assert found.verification.kind == "submission"
    assert found.verification.result is Result.HOLDS
