"""What people attest, in the report of a run: shown as their word, bundled, and verified as far as it can be."""

from __future__ import annotations

import json
import shutil
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from commands import Command
from forging import Record, broken, bundled, records, write_records

from certification.attestations.file import text_of, with_attestation
from certification.attestations.records import FORMAT, Attestation, Document, Expectation, Picture
from certification.cases.catalogue import catalogue
from certification.cli import report as report_command
from certification.cli.console import Console
from certification.contract.schema_files import read_schema
from certification.review.verify import Result, Verification, verify

PEOPLE = "people.jsonl"
HOSTILE = "<script>window.hacked = 1</script>\u202e"


def report(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def clause(folder: Path) -> dict[str, Any]:
    return next(row for row in report(folder)["requirements"] if row["id"] == "resources-used")


def notes(outcome: Verification) -> str:
    return "\n".join(text for point in outcome.points for text in point.notes)


def document(folder: Path, **changes: Any) -> Document:
    """Attestations of every manual case that is asked for, for the run in ``folder``."""
    found = report(folder)
    made = Document(FORMAT, found["partner"]["name"])
    for case in catalogue().values():
        if case.manual and not case.optional:
            seen = (Expectation("It works.", "seen"),)
            pictures = (Picture("attestations/one.png", "a" * 64, 7),)
            one = Attestation(
                "", case.id, "partner", "passed", "", "Ann Lee", "Acorn", "QA", "2026-01-10T10:00:00Z", "", "Firefox",
                HOSTILE, seen, pictures, (), found["partner"]["config"], found["suite"]["version"],
            )  # fmt: skip
            made = with_attestation(made, replace(one, **changes))
    return made


def written(folder: Path, content: Document) -> Path:
    path = folder.parent / "attestations.json"
    path.write_text(text_of(content), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def attested_run(small_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report to which people have added what they saw."""
    folder = Path(shutil.copytree(small_run, tmp_path_factory.mktemp("attested") / "report"))
    options = Namespace(folder=folder, attestations=written(folder, document(folder)))
    assert report_command.run(options, Console()) == 0
    return folder


@pytest.fixture
def attested(attested_run: Path, tmp_path: Path) -> Path:
    """A copy of it, to tamper with."""
    return Path(shutil.copytree(attested_run, tmp_path / "attested"))


def test_the_report_shows_who_saw_what_and_holds(attested: Path, tmp_path: Path) -> None:
    found = report(attested)
    jsonschema.Draft202012Validator(read_schema("report")).validate(found)
    rows = found["attestations"]
    assert len(rows) == 12
    assert {(row["by"], row["result"], row["counts"], *row["stale"]) for row in rows} == {("Ann Lee", "passed", True)}
    assert clause(attested)["outcome"] == "seen"
    assert clause(attested)["why"].startswith("M100, M101, M200")
    page = (attested / "report.html").read_text(encoding="utf-8")
    assert "Ann Lee, QA, Acorn, 10 January 2026" in page
    assert "the word of whoever is named" in page
    assert "&lt;script&gt;window.hacked" in page
    assert "<script>window.hacked" not in page
    assert "a" * 64 in page
    for path in (attested, bundled(attested, tmp_path / "a.zip")):
        outcome = verify(path)
        assert outcome.result is Result.HOLDS, broken(outcome)
        assert "M100 passed, says Ann Lee, Acorn (2026-01-10T10:00:00Z)" in notes(outcome)
        assert "it rests on the word of whoever is named" in notes(outcome)


def test_attestations_are_replaced_and_nothing_is_lost(attested: Path, inside: Command) -> None:
    before = (attested / "evidence" / PEOPLE).read_bytes()
    said = inside("report", attested, "--attestations", written(attested, document(attested, by="Bo Chen")))
    assert said.status == 0
    assert {row["by"] for row in report(attested)["attestations"]} == {"Bo Chen"}
    assert [path.read_bytes() for path in attested.glob(f"earlier/*/{PEOPLE}")] == [before]
    # Made again without the option, the report keeps them.
    assert inside("report", attested).status == 0
    assert {row["by"] for row in report(attested)["attestations"]} == {"Bo Chen"}
    assert verify(attested).result is Result.HOLDS


def test_what_no_longer_fits_or_failed_is_not_called_seen(small: Path, inside: Command) -> None:
    for changes, words in (
        ({"config": "0" * 64}, "out of date: another config"),
        ({"result": "failed", "expectations": (Expectation("It works.", "not_seen"),)}, "M100 failed, says Ann Lee"),
    ):
        said = inside("report", small, "--attestations", written(small, document(small, **changes)))
        assert said.status == 0
        assert clause(small)["outcome"] == "untested"
        outcome = verify(small)
        assert outcome.result is Result.HOLDS
        assert words in notes(outcome)


def test_attestations_of_another_partner_or_a_damaged_file_change_nothing(small: Path, inside: Command) -> None:
    before = (small / "report.json").read_bytes()
    other = written(small, replace(document(small), partner="Somebody else"))
    assert "attestations of another partner" in inside("report", small, "--attestations", other).err
    other.write_text("{", encoding="utf-8")
    said = inside("report", small, "--attestations", other)
    assert said.status == 4
    assert "the file is damaged" in said.err
    assert (small / "report.json").read_bytes() == before
    assert not (small / "evidence" / PEOPLE).exists()


def in_first(**changes: Any) -> Callable[[list[Record]], object]:
    return lambda found: found[1].update(changes)


FORGERIES: dict[str, tuple[Callable[[list[Record]], object], str]] = {
    "result": (in_first(result="failed"), "attestation A1: it says failed, which does not follow from its answers"),
    "answer": (
        in_first(expectations=[{"text": "It works.", "seen": "not_seen", "reason": ""}]),
        "it says passed, which does not follow",
    ),
    "another run": (lambda found: found[0].update(run="another"), "were added to another run ('another')"),
    "the future": (in_first(on="2999-01-01T00:00:00Z"), "it was made in the future"),
    "no moment": (in_first(on="soon"), "it does not say when"),
    "nobody": (in_first(by=" "), "it does not say who says so"),
    "twice": (lambda found: found.append(found[1]), "the attestation 'A1' stands twice"),
    "no such case": (in_first(case="M999"), "M999 is no manual case"),
    "second opening": (lambda found: found.append(found[0]), "holds a second record of type 'people'"),
    "no opening": (lambda found: found.pop(0), "does not begin with the record of type 'people'"),
    "a record of the run": (
        lambda found: found.append({"type": "selected", "cases": []}),
        "holds a record of type 'selected', which does not belong there",
    ),
    "another field": (in_first(approved=True), "'approved'"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_attestations_do_not_hold(attested: Path, name: str) -> None:
    forge, words = FORGERIES[name]
    found = records(attested, PEOPLE)
    forge(found)
    write_records(attested, found, PEOPLE)
    assert words in broken(verify(attested))


def test_attestations_among_the_records_of_the_run_do_not_hold(attested: Path) -> None:
    found = records(attested)
    found.insert(1, records(attested, PEOPLE)[1])
    write_records(attested, found)
    assert "main.jsonl holds a record of type 'attestation', which does not belong there" in broken(verify(attested))
