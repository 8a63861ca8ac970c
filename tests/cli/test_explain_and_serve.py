"""``explain`` says all that is known about a requirement or a case; ``serve`` says where its operations are."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Command
from running import Outcome

import certification.reference.__main__ as reference
from certification.cases.catalogue import catalogue
from certification.cases.catalogue import tested_by as cases_of
from certification.cli import main
from certification.cli.serve import addresses
from certification.contract.operations import OPERATIONS, Operation
from certification.contract.requirements import REQUIREMENTS
from certification.contract.rulings import RULINGS, rulings_in
from certification.contract.schema_files import read_schema
from certification.run.reference_process import ReferencePartner, reference_config

Certify = Callable[..., Outcome]


def test_a_requirement_is_explained_with_its_ruling(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "sign-in-configures-nothing"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    entry = REQUIREMENTS["sign-in-configures-nothing"]
    assert said.startswith("sign-in-configures-nothing (required)")
    assert entry.clause in said
    assert f"ruling 10 {RULINGS[10]}" in said
    assert f"cases {', '.join(cases_of()[entry.id])}" in said


@pytest.mark.parametrize("name", ["P402", "p402"])
def test_a_case_is_explained(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["explain", name]) == 0
    said = " ".join(capsys.readouterr().out.split())
    case = catalogue()["P402"]
    assert said.startswith(f"P402 {case.title} (delete)")
    assert case.steps in said


def test_a_name_that_stands_for_nothing_gets_those_that_come_closest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "sign-in-configure-nothing"]) == 4
    assert "Did you mean sign-in-configures-nothing" in capsys.readouterr().err


def test_every_requirement_and_case_can_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    for name in (*REQUIREMENTS, *catalogue()):
        assert main(["explain", name]) == 0
    assert capsys.readouterr().err == ""


def test_every_ruling_that_a_requirement_names_is_there() -> None:
    for entry in REQUIREMENTS.values():
        named = re.findall(r"(?i)\bruling (\d+)", entry.source)
        assert [str(number) for number, _ in rulings_in(entry.source)] == list(dict.fromkeys(named))
    assert list(RULINGS) == list(range(1, len(RULINGS) + 1))


def test_serve_says_where_its_operations_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "serve", lambda _app, listener, *_, **__: listener.close())
    assert main(["serve", "--port", "0"]) == 0
    said = capsys.readouterr().out
    url = re.search(r"pytest --partner-url=(http://127\.0\.0\.1:\d+)$", said, re.MULTILINE)
    assert url
    for line in (
        "POST    {}/connect",
        "DELETE  {}/delete-account",
        "PUT     {}/expire-account",
        "GET     {}/connectors",
    ):
        assert line.format(url[1]) in said


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.name)
def test_an_operation_is_explained_with_its_models(capsys: pytest.CaptureFixture[str], operation: Operation) -> None:
    assert main(["explain", operation.title.replace(" ", "-")]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"{operation.method} at endpoints.{operation.config_key}" in said
    for schema in filter(None, (operation.request_schema, operation.answer_schema)):
        assert f"see partner-connect explain {read_schema(schema)['title']}" in said
        assert main(["explain", read_schema(schema)["title"]]) == 0
        model = capsys.readouterr().out
        for name, rule in read_schema(schema)["properties"].items():
            assert f"\n  {name} " in model
            assert all(str(value) in model for value in rule.get("enum", ()))


@pytest.mark.parametrize("name", ["17", "ruling 17", "Ruling-17"])
def test_a_ruling_is_explained(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["explain", name]) == 0
    assert RULINGS[17] in " ".join(capsys.readouterr().out.split())


def test_the_served_partner_can_be_certified_as_its_lines_say(
    correct_partner: ReferencePartner, inside: Command, shell: Certify
) -> None:
    said = dict(line.partition(":")[::2] for line in addresses(reference_config().raw, correct_partner.url))
    own = "\n".join(addresses(reference_config().raw, correct_partner.url, Path("own.json")))
    assert "--partner-config=own.json" in own
    assert "> partner.json" not in own
    outcome = shell(*said["certify it"].split()[1:], "-k", "P100 or P300 or P402", "-q")
    assert outcome.status == 0, outcome.text
    assert inside(*said["play a case"].split()[1:]).status == 0
