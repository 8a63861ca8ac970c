"""``init`` on a terminal: few questions, each answer checked at once, nothing lost."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import Command
from jsonschema import Draft202012Validator
from running import Said

ANSWERS = {
    "Name of the partner": "Acorn",
    "Category of the tile": "4",
    "Base address of the API": "https://api.acorn.com/v1",
    "Path of connect": "",
    "Path of delete-connection": "/delete",
    "Test hooks that you offer": "/delete-account, expire-account=/expire",
    "Who expires when a trial ends": "2",
    "Hosts that your redirects lead to": "acorn.com",
    "What a new colleague meets on an existing connection": "invite",
}

Terminal = Callable[..., Said]


@pytest.fixture
def terminal(inside: Command, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Answer the questions of ``init``: an exception among the answers is raised instead."""

    def run(answers: list[Any], *arguments: str) -> Said:
        left: Iterator[Any] = iter(answers)

        def answer(_prompt: str) -> str:
            given = next(left)
            if isinstance(given, BaseException):
                raise given
            return str(given)

        monkeypatch.setattr("builtins.input", answer)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        said = inside("init", *arguments)
        assert next(left, None) is None, "not all answers were asked for"
        return said

    return run


def written(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "partner.json").read_text(encoding="utf-8"))


def test_nine_questions_make_a_config(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal(list(ANSWERS.values()))
    assert said.status == 0, said.text
    assert [question for question in ANSWERS if f"{question}: " in said.out] == list(ANSWERS)
    config = written(tmp_path)
    assert config["category"] == "BI_AND_VIZ"
    assert config["endpoints"] == {
        "connect_path": "/connect",
        "delete_connection_path": "/delete",
        "delete_account_path": "/delete-account",
        "expire_account_path": "/expire",
    }
    assert config["hostnames"] == ["acorn.com"]
    assert config["new_user_action"] == "invite"
    assert config["trial_type"] == "account"
    assert config["privacy_policy"] == "https://api.acorn.com/privacy"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["partner-config.schema.json", "partner.json"]


def test_an_editor_finds_the_schema_beside_the_config(terminal: Terminal, tmp_path: Path) -> None:
    terminal(list(ANSWERS.values()))
    config = written(tmp_path)
    schema = json.loads((tmp_path / config["$schema"]).read_text(encoding="utf-8"))
    # By itself: an editor need not find any other file.
    validator = Draft202012Validator({name: value for name, value in schema.items() if name != "$id"})
    assert validator.is_valid(config)
    assert not validator.is_valid({**config, "category": "SPORTS"})
    assert not validator.is_valid({**config, "api_version": "9.0.0"})


def test_a_wrong_answer_is_refused_at_once_and_asked_again(terminal: Terminal, tmp_path: Path) -> None:
    answers = [
        "",
        "Acorn",
        "SPORTS",
        "99",
        "bi_and_viz",
        "acorn.com",
        "https://me:hunter2x@acorn.com",
        "https://api.acorn.com",
    ]
    answers += ["connect", "/c", "/c", "/d", "everything", "", "com", "acorn.com", "later", "Auto-Add"]
    said = terminal(answers)
    assert said.status == 0, said.text
    for text in (
        "This is needed.",
        'expected one of "INGEST"',
        "expected an address that begins with https:// or http://",
        "it looks like a user and password in an address",
        "a path that begins with /",
        "which connect_path has for POST too",
        "there is no test hook called 'everything'",
        "a host name with a dot",
        'expected one of "auto_add"',
    ):
        assert text in said.out
    assert "hunter2x" not in said.text
    assert written(tmp_path)["new_user_action"] == "auto_add"


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), EOFError()])
def test_what_was_answered_survives_a_stop(terminal: Terminal, tmp_path: Path, stop: BaseException) -> None:
    stopped = terminal(["Acorn", "ML", stop])
    assert stopped.status != 0
    assert "your answers so far" in stopped.out
    assert not (tmp_path / "partner.json").exists()
    again = terminal(["", "", "https://api.acorn.com", "", "", "", "", ""])
    assert again.status == 0, again.text
    config = written(tmp_path)
    assert (config["name"], config["category"], config["hostnames"]) == ("Acorn", "ML", ["api.acorn.com"])
    assert not (tmp_path / "partner.draft.json").exists()


def test_answers_survive_an_option_that_cannot_stand(terminal: Terminal, tmp_path: Path) -> None:
    stopped = terminal(list(ANSWERS.values()), "--clouds", "moon")
    assert stopped.status == 4
    assert "/supported_clouds/0" in stopped.err
    assert json.loads((tmp_path / "partner.draft.json").read_text(encoding="utf-8"))["name"] == "Acorn"


def test_options_answer_in_advance_and_are_asked_again_when_wrong(terminal: Terminal, tmp_path: Path) -> None:
    options = ["--name", "Acorn", "--category", "INGEST", "--base-url", "nowhere", "--hostnames", "acorn.com"]
    said = terminal(["https://api.acorn.com", "", "", "/list", "", ""], *options)
    assert said.status == 0, said.text
    assert "Name of the partner" not in said.out
    assert written(tmp_path)["endpoints"]["get_connectors_path"] == "/list"


def test_without_a_terminal_all_missing_options_are_named(inside: Command) -> None:
    said = inside("init", "--name", "Acorn")
    assert said.status == 4
    assert "--category: it is needed" in said.err
    assert "--base-url: it is needed" in said.err


def test_a_foreign_file_is_not_overwritten_by_the_schema(inside: Command, tmp_path: Path) -> None:
    (tmp_path / "partner-config.schema.json").write_text("mine", encoding="utf-8")
    said = inside("init", "--name", "Acorn", "--category", "ML", "--base-url", "https://api.acorn.com")
    assert said.status == 0
    assert "is kept, and is not the schema" in said.out
    assert (tmp_path / "partner-config.schema.json").read_text(encoding="utf-8") == "mine"


def test_check_says_what_a_submission_still_lacks(inside: Command, tmp_path: Path) -> None:
    inside("init", "--name", "Acorn", "--category", "ML", "--base-url", "http://127.0.0.1:9")
    said = inside("check", "partner.json")
    assert "before you submit: base_url is on 127.0.0.1" in said.out
    assert "before you submit: logo_file 'logo.svg' was not found beside the config" in said.out
