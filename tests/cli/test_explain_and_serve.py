"""``explain`` says all that is known about a requirement or a case; ``serve`` says where its operations are."""

from __future__ import annotations

import re

import pytest

import certification.reference.__main__ as reference
from certification.cases.catalogue import catalogue
from certification.cases.catalogue import tested_by as cases_of
from certification.cli import main
from certification.contract.requirements import REQUIREMENTS
from certification.contract.rulings import RULINGS, rulings_in


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
