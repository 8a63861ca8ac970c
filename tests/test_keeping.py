"""What is written down: evidence, the report folder, and who the users are."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.databricks.people import Identities, foreign_domains
from certification.evidence.folder import ReportFolder
from certification.evidence.recorder import DiskFull, Recorder, read_records
from certification.evidence.redaction import Redactor
from certification.foundation.errors import BadEvidence, CannotStart

# Evidence


def record(path: Path, *entries: dict[str, Any]) -> Path:
    recorder = Recorder(path)
    for entry in entries:
        recorder.write(entry)
    recorder.close()
    return path


ENTRIES = tuple({"type": "case", "number": number, "text": f"line {number} ü\ud800\n\x00"} for number in range(5))


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = record(tmp_path / "main.jsonl", *ENTRIES)
    assert list(read_records(path, strict=True)) == list(ENTRIES)
    assert len(path.read_text().splitlines()) == 5


@pytest.mark.parametrize(
    "tamper",
    [
        lambda lines: [*lines[:2], lines[2].replace("line 2", "line 9"), *lines[3:]],
        lambda lines: [*lines[:2], *lines[3:]],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [*lines[:3], lines[2], *lines[3:]],
        lambda lines: [lines[0].replace('"chain"', '"other"'), *lines[1:]],
        lambda lines: lines[1:],
    ],
    ids=["edited", "dropped", "moved", "repeated", "without chain", "first dropped"],
)
def test_a_changed_line_breaks_the_chain(tmp_path: Path, tamper: Any) -> None:
    path = record(tmp_path / "main.jsonl", *ENTRIES)
    path.write_text("\n".join(tamper(path.read_text().splitlines())) + "\n")
    with pytest.raises(BadEvidence, match="a line was edited, dropped or moved"):
        list(read_records(path, strict=True))
    assert len(list(read_records(path))) >= 4


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_a_half_line_at_the_end_is_passed_over(tmp_path: Path, cut: int) -> None:
    path = record(tmp_path / "main.jsonl", *ENTRIES)
    path.write_bytes(path.read_bytes()[:-cut])
    assert list(read_records(path, strict=True)) == list(ENTRIES[:4])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no json\n", "line 1: the line is not JSON"),
        (b"[" * 100_000 + b"\n", "line 1: the line is not JSON"),
        (b"[1]\n", "line 1: the line is no record of a run"),
        (b'{"type": 1}\n', "line 1: the line is no record of a run"),
        (b"x" * 4_000_002, "line 1: the line is longer than any line that the suite writes"),
        (b"\xff\xfe\n", "line 1: the line is not JSON"),
    ],
)
def test_what_is_no_evidence_says_so(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "main.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadEvidence, match=said):
        list(read_records(path))


def test_missing_evidence_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadEvidence, match="the evidence cannot be read"):
        list(read_records(tmp_path / "main.jsonl"))


def test_evidence_is_never_overwritten(tmp_path: Path) -> None:
    record(tmp_path / "main.jsonl", *ENTRIES)
    with pytest.raises(FileExistsError):
        Recorder(tmp_path / "main.jsonl")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_one_clear_message(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "main.jsonl")
    recorder._file.close()  # noqa: SLF001 - a file system that is full, without filling one
    recorder._file = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115, SLF001 - closed below
    with pytest.raises(DiskFull, match=r"the evidence cannot be written .*No space left on device.*Free some space"):
        recorder.write({"type": "case"})
    recorder.close()


def test_the_last_guard_cleans_every_line(tmp_path: Path) -> None:
    redactor = Redactor({"PAT_TOKEN": "dapi0123456789abcdef"})
    recorder = Recorder(tmp_path / "main.jsonl", lambda text: redactor.redact(text)[0])
    recorder.write({"type": "case", "text": "dapi0123456789abcdef"})
    recorder.close()
    assert list(read_records(tmp_path / "main.jsonl", strict=True)) == [{"type": "case", "text": "${PAT_TOKEN}"}]


# The folder


def _try_to_open(path: Path, answer: Any) -> None:
    try:
        ReportFolder(path).open()
    except CannotStart as stop:
        answer.put(str(stop))
    else:
        answer.put("opened")


def ask_another_process(path: Path) -> str:
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=_try_to_open, args=(path, answer))
    process.start()
    said: str = answer.get(timeout=60)
    process.join()
    answer.close()
    answer.join_thread()
    return said


def test_a_folder_is_held_by_one_run_at_a_time(tmp_path: Path) -> None:
    folder = ReportFolder(tmp_path / "report")
    folder.open()
    assert "another run is writing its report into this folder" in ask_another_process(folder.path)
    folder.close()
    assert ask_another_process(folder.path) == "opened"


def test_files_are_written_whole_and_clean(tmp_path: Path) -> None:
    folder = ReportFolder(tmp_path)
    redactor = Redactor({"PAT_TOKEN": "dapi0123456789abcdef"})
    folder.write(folder.json, "x dapi0123456789abcdef \ud800", redactor)
    assert folder.json.read_text() == "x ${PAT_TOKEN} \\ud800"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_last_scan_cleans_what_others_wrote(tmp_path: Path) -> None:
    folder = ReportFolder(tmp_path)
    redactor = Redactor({"PAT_TOKEN": "dapi0123456789abcdef"})
    folder.html.write_text("<p>dapi0123456789abcdef</p>")
    folder.har.write_text("clean")
    folder.seal(redactor, folder.html)
    assert folder.html.read_text() == "<p>${PAT_TOKEN}</p>"
    assert folder.har.read_text() == "clean"


# Identities


@settings(deadline=None)
@given(st.text(max_size=20), st.text(max_size=20))
def test_whoever_knows_the_key_knows_the_people(key: str, label: str) -> None:
    one, two = Identities(key), Identities(key)
    person = one.person(label, one.company(label), one.workspace(label))
    assert person == two.person(label, two.company(label), two.workspace(label))
    other = Identities(f"{key}+")
    assert other.company(label) != one.company(label)
    assert other.workspace(label).id != one.workspace(label).id


def test_no_two_executions_share_anybody() -> None:
    people = []
    for execution in range(500):
        ids = Identities(f"run/P100/{execution}")
        people.append(ids.person("user", ids.company(), ids.workspace()))
    for attribute in ("email", "user_id", "domain"):
        assert len({getattr(person, attribute) for person in people}) == 500
    assert len({person.workspace.id for person in people}) == 500
    assert len({person.workspace.hostname for person in people}) == 500


@settings(deadline=None)
@given(st.integers(-(2**63), 2**63 - 1), st.integers(0, 2**64))
def test_numbers_stay_between_their_bounds(low: int, span: int) -> None:
    ids = Identities("key")
    assert low <= ids.number("label", low, low + span) <= low + span


def test_a_real_workspace_is_named_in_every_request() -> None:
    workspace = Identities("key", "real.cloud.databricks.com").workspace("one", "azure")
    assert workspace.hostname == "real.cloud.databricks.com"
    assert workspace.cloud == "azure"


def test_an_address_keeps_its_template_unique() -> None:
    ids = Identities("key")
    person = ids.person("user", "company.example", ids.workspace(), email="O'Neil+{u}@{domain}", first_name="")
    assert person.email.startswith("O'Neil+")
    assert person.domain == "company.example"
    assert person.first_name == ""


def test_a_company_of_the_suite_is_recognised_where_it_does_not_belong() -> None:
    mine, other = Identities("mine").company(), Identities("other").company()
    assert foreign_domains(f"hello {mine}", f"a@{mine}") == []
    assert foreign_domains(f"hello {other.upper()}", f"a@{mine}")
    assert foreign_domains("hello example.com", f"a@{mine}") == []
