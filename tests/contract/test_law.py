"""The digest of a clause: it changes with what is asked of the partner, and with nothing else."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from certification.contract import law
from certification.contract.law import clause_digest
from certification.contract.requirements import REQUIREMENTS
from certification.contract.schema_files import read_schema
from certification.contract.versions import NEWEST


@pytest.fixture(autouse=True)
def _fresh() -> object:
    clause_digest.cache_clear()
    yield
    clause_digest.cache_clear()


def changed(before: dict[str, str]) -> set[str]:
    clause_digest.cache_clear()
    return {name for name, digest in before.items() if clause_digest(name, NEWEST) != digest}


def digests() -> dict[str, str]:
    return {name: clause_digest(name, NEWEST) for name in REQUIREMENTS}


def test_each_clause_has_a_digest_of_its_own() -> None:
    assert len(set(digests().values())) == len(REQUIREMENTS)


@pytest.mark.parametrize("part", ["level", "clause", "source"])
def test_what_a_clause_says_is_covered(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digests()
    row = REQUIREMENTS["redirect-allowed"]
    monkeypatch.setitem(REQUIREMENTS, row.id, replace(row, **{part: "another"}))
    assert changed(before) == {"redirect-allowed"}


def test_words_that_ask_for_nothing_are_not_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digests()
    row = REQUIREMENTS["redirect-allowed"]
    monkeypatch.setitem(REQUIREMENTS, row.id, replace(row, hint="another"))
    assert changed(before) == set()


def test_a_ruling_is_covered_where_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digests()
    monkeypatch.setattr(law, "rulings_in", lambda source: [(9, "another")] if "uling 9" in source else [])
    # All that name another ruling lose it here; those that name none stay.
    assert "redirect-allowed" in changed(before)
    assert changed(before) == {name for name, row in REQUIREMENTS.items() if "uling" in row.source}


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("x-anything", 1, {"error-model", "error-reason-fits", "bad-request-survived"}),
        ("description", "another", set()),
    ],
)
def test_a_model_is_covered_for_the_clauses_about_it(
    key: str, value: object, expected: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests()
    document = copy.deepcopy(read_schema("error-response"))
    document["properties"]["error_reason"][key] = value
    monkeypatch.setattr(law, "read_schema", lambda name: document if name == "error-response" else read_schema(name))
    assert changed(before) == expected


def test_a_model_that_is_referred_to_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digests()
    document = copy.deepcopy(read_schema("connector"))
    document["properties"]["identifier"]["maxLength"] = 1
    monkeypatch.setattr(law, "read_schema", lambda name: document if name == "connector" else read_schema(name))
    assert changed(before) == {"connectors"}


def test_the_version_counts_where_it_asks_for_something_else() -> None:
    differ = {name for name in REQUIREMENTS if clause_digest(name, "2.0.0") != clause_digest(name, "2.1.0")}
    assert {"delete-connection", "bad-request-refused"} <= differ
    assert not {"redirect-allowed", "models-tolerant"} & differ
    assert clause_digest("connection-model", "none") == clause_digest("connection-model", NEWEST)
