"""The schemas of what a review reads and says are those of the data classes, and what is written follows them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from commands import Command
from forging import bundled

from certification.cli.schemas import schemas, text_of
from certification.contract.schema_files import OURS, read_schema
from certification.review.verify import verify

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(schemas()))
def test_schema_file_is_the_one_that_the_classes_give(name: str) -> None:
    remedy = "run: python -m certification.cli.schemas schemas"
    assert (ROOT / "schemas" / f"{name}.json").read_text(encoding="utf-8") == text_of(schemas()[name]), remedy
    jsonschema.Draft202012Validator.check_schema(schemas()[name])


def test_all_documents_of_the_suite_have_a_schema() -> None:
    assert schemas().keys() | {"report", "onboarding"} == OURS


def _check(name: str, value: Any) -> None:
    jsonschema.Draft202012Validator(read_schema(name)).validate(value)


def test_evidence_follows_its_schema(faulty_run: Path) -> None:
    lines = (faulty_run / "evidence" / "main.jsonl").read_text(encoding="utf-8").splitlines()
    kinds = set()
    for line in lines:
        record = json.loads(line)
        if record["type"] in kinds and record["type"] == "exchange":
            continue
        kinds.add(record["type"])
        _check("evidence", record)
    assert {"run", "selected", "plan", "execution", "exchange", "judgement", "case", "end"} <= kinds
    wrong = {**json.loads(lines[0]), "approved": True}
    with pytest.raises(jsonschema.ValidationError):
        _check("evidence", wrong)


def test_bundle_and_outputs_follow_their_schemas(small: Path, faulty: Path, inside: Command, tmp_path: Path) -> None:
    import zipfile

    assert inside("keygen", "-o", tmp_path / "a.key").status == 0
    signed = inside("bundle", small, "-o", tmp_path / "a.zip", "--allow-incomplete", "--sign", tmp_path / "a.key")
    assert signed.status == 0, signed.text
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        _check("manifest", json.loads(archive.read("manifest.json")))
        _check("signature", json.loads(archive.read("signature.json")))
    for path in (bundled(faulty, tmp_path / "b.zip"), faulty / "report.json"):
        _check("verification", json.loads(inside("verify", path, "--json").out))
    _check("comparison", json.loads(inside("compare", small, faulty, "--json").out))
    assert verify(small).holds
