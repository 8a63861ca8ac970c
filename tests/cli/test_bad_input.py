"""Each command against files that are missing, empty, foreign, damaged, older, or in use: a sentence, and nothing lost."""

from __future__ import annotations

import errno
import json
import shutil
from pathlib import Path

import pytest
from commands import Command, written_config
from forging import bundled, edit_json, records, rezipped, write_records

from certification.evidence.folder import ReportFolder
from certification.evidence.recorder import FORMAT, DiskFull, Recorder, read_records
from certification.report.build import REPORT_FORMAT
from certification.review.manifest import BUNDLE_FORMAT

READERS = {
    "bundle": ["bundle", "{}"],
    "report": ["report", "{}"],
    "verify": ["verify", "{}"],
    "replay": ["replay", "{}"],
    "rerun": ["rerun", "{}", "--url", "http://127.0.0.1:9"],
    "compare old": ["compare", "{}", "{}"],
}

CONTENTS = {
    "empty": b"",
    "foreign text": b"Dear Sir or Madam\n",
    "foreign JSON": b'{"name": "package", "version": "1.0.0"}',
    "not UTF-8": b'{"verdict": "\xff\xfe"}',
    "NaN": b'{"verdict": NaN}',
    "deep": b"[" * 100_000,
    "giant integer": b'{"format": ' + b"9" * 10_000 + b"}",
    "null": b"null",
    "list": b"[]",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "zip of nothing": b"PK\x05\x06" + bytes(18),
    "half a zip": b"PK\x03\x04" + bytes(100),
    "fields of wrong types": b'{"verdict": 1, "suite": [], "cases": {}, "format": 2}',
    "rows of wrong types": b'{"verdict": "x", "format": 2, "suite": {"name": "", "version": "", "catalogue": ""}, "cases": [1], "findings": [null]}',
}


@pytest.mark.parametrize("name", READERS)
def test_missing(name: str, inside: Command) -> None:
    said = inside(*[word.format("nowhere") for word in READERS[name]])
    assert said.status == 4, said.text
    assert "nowhere" in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("name", READERS)
def test_file_that_is_no_report(name: str, content: str, inside: Command, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(CONTENTS[content])
    said = inside(*[word.format(path) for word in READERS[name]])
    assert said.status == (1 if name == "verify" else 4), said.text
    assert "file" in said.text
    assert path.read_bytes() == CONTENTS[content]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file"]


@pytest.mark.parametrize("name", READERS)
def test_folder_that_is_no_report(name: str, inside: Command, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    said = inside(*[word.format(folder) for word in READERS[name]])
    assert said.status == (1 if name == "verify" else 4), said.text
    assert "Name the folder" in said.text or "no evidence" in said.text


@pytest.mark.parametrize("content", ["empty", "foreign text", "foreign JSON", "not UTF-8", "deep"])
@pytest.mark.parametrize("name", ["bundle", "report", "verify", "replay"])
def test_folder_with_foreign_evidence(name: str, content: str, small: Path, inside: Command) -> None:
    path = small / "evidence" / "main.jsonl"
    path.write_bytes(CONTENTS[content])
    before = (small / "report.json").read_bytes()
    said = inside(*[word.format(small) for word in READERS[name]])
    if name == "replay":
        # The report itself has no finding, so its evidence is not asked for.
        assert said.status == 0
    else:
        assert said.status == (1 if name == "verify" else 4), said.text
        assert "main.jsonl" in said.text or "evidence" in said.text
    assert (small / "report.json").read_bytes() == before


@pytest.mark.parametrize("version", [0, 1, 3])
def test_evidence_of_another_format(version: int, small: Path, inside: Command) -> None:
    found = records(small)
    found[0] |= {"format": version, "suite": {**found[0]["suite"], "version": "0.9.1"}}
    write_records(small, found)
    for name in ("bundle", "report", "verify"):
        said = inside(*[word.format(small) for word in READERS[name]])
        assert said.status == (3 if name == "verify" else 4), said.text
        assert f"the evidence has format {version}, this version of the suite reads format {FORMAT}" in said.text
        assert "version '0.9.1' of the suite made it" in said.text
    assert (small / "report.json").is_file()


def test_report_of_another_format(small: Path, inside: Command) -> None:
    edit_json(small, lambda report: report.update(format=7))
    for name in ("replay", "rerun", "compare old"):
        said = inside(*[word.format(small) for word in READERS[name]])
        assert said.status == 4
        assert f"the report has format 7, this version of the suite reads format {REPORT_FORMAT}" in said.err


def test_bundle_of_another_format(small: Path, inside: Command, tmp_path: Path) -> None:
    def older(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps({**manifest, "format": 1}).encode()

    bundle = rezipped(bundled(small, tmp_path / "a.zip"), older, tmp_path / "b.zip")
    said = inside("verify", bundle)
    assert said.status == 3
    assert f"the bundle has format 1, this version of the suite reads format {BUNDLE_FORMAT}" in said.out


def test_run_of_another_catalogue(small: Path, inside: Command) -> None:
    found = records(small)
    found[0]["suite"] |= {"catalogue": "f" * 64, "version": "0.9.0"}
    write_records(small, found)
    refused = inside("bundle", small, "--allow-incomplete")
    assert refused.status == 4
    assert "another version of the suite" in refused.err
    said = inside("verify", small)
    assert said.status == 3
    assert "Verify with that version: pip install partner-connect-certification==0.9.0" in said.out


@pytest.mark.parametrize("name", ["report", "bundle"])
def test_folder_into_which_a_run_writes(name: str, small: Path, inside: Command) -> None:
    before = (small / "report.json").read_bytes()
    with ReportFolder(small).held():
        said = inside(name, small)
    assert said.status == 4
    assert "another run is writing its report into this folder right now" in said.err
    assert (small / "report.json").read_bytes() == before


def test_damaged_report_can_be_made_again(small: Path, inside: Command) -> None:
    (small / "report.json").write_text("{", encoding="utf-8")
    said = inside("bundle", small, "--allow-incomplete")
    assert said.status == 4
    assert "Make it again: partner-connect report" in said.err
    assert inside("report", small).status == 0
    assert (small / "earlier" / "rebuilt-1" / "report.json").read_text(encoding="utf-8") == "{"


def test_stopped_run_is_not_bundled_before_its_report_is_made(small: Path, inside: Command) -> None:
    (small / "report.html").unlink()
    said = inside("bundle", small, "--allow-incomplete")
    assert said.status == 4
    assert "report.html is missing" in said.err
    assert "partner-connect report" in said.err


class _FullDisk:
    """A file on a disk that is full after some lines."""

    def __init__(self, file: object, lines: int) -> None:
        self._file, self._left = file, lines

    def write(self, text: str) -> None:
        if self._left <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._left -= 1
        self._file.write(text)  # type: ignore[attr-defined]

    def flush(self) -> None:
        self._file.flush()  # type: ignore[attr-defined]

    def close(self) -> None:
        self._file.close()  # type: ignore[attr-defined]


def test_full_disk_while_recording_keeps_what_was_written(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "main.jsonl")
    recorder._file = _FullDisk(recorder._file, 3)  # type: ignore[assignment]  # noqa: SLF001 - the disk, full
    for number in range(3):
        recorder.write({"type": "note", "number": number})
    with pytest.raises(DiskFull, match=r"No space left on device.*what was recorded so far is kept"):
        recorder.write({"type": "note", "number": 3})
    recorder.close()
    assert [record["number"] for record in read_records(tmp_path / "main.jsonl", strict=True)] == [0, 1, 2]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_full_disk_while_bundling_leaves_nothing_half(small: Path, command: Command) -> None:
    said = command("bundle", small, "--allow-incomplete", "-o", "/dev/full")
    assert said.status == 4


@pytest.mark.parametrize("key", ["missing", "empty", "foreign", "public"])
def test_keys_that_are_none(key: str, small: Path, inside: Command, tmp_path: Path) -> None:
    assert inside("keygen", "-o", tmp_path / "good.key").status == 0
    path = {"public": tmp_path / "good.key.pub"}.get(key, tmp_path / key)
    if key == "empty":
        path.write_bytes(b"")
    if key == "foreign":
        path.write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", encoding="utf-8")
    said = inside("bundle", small, "--allow-incomplete", "--sign", path, "-o", tmp_path / "x.zip")
    assert said.status == 4
    assert str(path) in said.err
    assert not (tmp_path / "x.zip").exists()
    bundle = bundled(small, tmp_path / "it.zip")
    if key != "public":
        assert inside("verify", bundle, "--trust", path).status == 4


def test_key_files_are_never_replaced(inside: Command, tmp_path: Path) -> None:
    assert inside("keygen").status == 0
    before = (tmp_path / "partner-connect.key").read_bytes()
    said = inside("keygen")
    assert said.status == 4
    assert "the file exists and is kept" in said.err
    assert (tmp_path / "partner-connect.key").read_bytes() == before


def test_signing_without_the_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import sys

    from certification.signatures.keys import CannotSign, make_keys

    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives", None)
    with pytest.raises(CannotSign, match=r"pip install .*\[sign\]'"):
        make_keys(tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "there is no such file"),
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "does not hold a JSON object"),
        (b"{}", "/name"),
        (b'{"name": "\xff"}', "not UTF-8"),
    ],
)
def test_check_of_a_bad_config(content: bytes | None, says: str, inside: Command, tmp_path: Path) -> None:
    path = tmp_path / "partner.json"
    if content is not None:
        path.write_bytes(content)
    said = inside("check", path)
    assert said.status == 4
    assert says in said.err


def test_check_without_credentials(inside: Command, tmp_path: Path) -> None:
    said = inside("check", written_config(tmp_path), env={"BASIC_USER": "", "BASIC_PASSWORD": ""})
    assert said.status == 4
    assert "BASIC_USER" in said.err
    assert "BASIC_PASSWORD" in said.err


def test_replay_of_an_unknown_case(faulty: Path, inside: Command) -> None:
    said = inside("replay", faulty, "--case", "Z999")
    assert said.status == 4
    assert "--case Z999: the report has no such case" in said.err


def test_replay_sends_no_credentials_to_the_address_of_a_strangers_report(
    faulty: Path, inside: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[object] = []
    monkeypatch.setattr(
        "certification.cli.check.preflight_problems", lambda *given: called.append(given[1]) or ["stop"]
    )
    edit_json(faulty, lambda report: report["partner"].update(url="https://stranger.example"))
    said = inside("replay", faulty)
    assert said.status == 4
    assert "your credentials would go there. Give the address with --url, or --yes" in said.err
    assert called == []
    assert inside("replay", faulty, "--yes").status == 4
    assert inside("replay", faulty, "--url", "https://mine.example").status == 4
    assert called == ["https://stranger.example", "https://mine.example"]


def test_rerun_that_cannot_start(small: Path, command: Command, tmp_path: Path) -> None:
    said = command("rerun", small, "--url", "http://127.0.0.1:9", "--report", tmp_path / "again")
    assert said.status == 4, said.text
    assert "the run could not start" in said.err


def test_unknown_command_and_option(inside: Command) -> None:
    assert inside("frobnicate").status == 2
    assert inside("verify", "x", "--no-such-option").status == 2
    assert inside().status == 0


def test_reports_of_other_partners_are_compared_without_harm(small: Path, inside: Command, tmp_path: Path) -> None:
    other = Path(shutil.copytree(small, tmp_path / "other"))

    def foreign(report: dict[str, object]) -> None:
        report["cases"] = []
        report["findings"] = []
        report["requirements"] = []
        report["config"] = {"name": "\x1b[2JOther"}

    edit_json(other, foreign)
    said = inside("compare", small, other)
    assert said.status == 0
    assert "\x1b" not in said.out
    assert "  P100: no longer in the catalogue  [suite]" in said.out.splitlines()
