"""Every way to start is understood: what is meant happens, and what is mistyped is named with what was meant."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from partners import Partner, write_config
from running import Outcome

from certification.cases.catalogue import catalogue
from certification.cli import main
from certification.cli.console import install_command

Certify = Callable[..., Outcome]


def test_collect_only_lists_the_cases_with_their_titles_and_touches_nothing(
    certify: Certify, partner: Partner, pytester: pytest.Pytester
) -> None:
    outcome = certify(f"--partner-url={partner.url}", "--collect-only")
    assert outcome.status == 0
    for case in catalogue().values():
        assert f"{case.id:<5} {case.title}" in outcome.text
    assert partner.calls == []
    assert [path.name for path in pytester.path.iterdir() if path.name.startswith("certification")] == []


def test_collect_only_needs_neither_credentials_nor_a_right_config(
    certify: Certify, monkeypatch: pytest.MonkeyPatch, pytester: pytest.Pytester
) -> None:
    monkeypatch.delenv("BASIC_USER")
    (pytester.path / "partner.json").write_text("{")
    outcome = certify("--partner-config=partner.json", "--collect-only", "-q", "-k", "P100")
    assert outcome.status == 0
    assert "certification::P100" in outcome.text


def test_a_config_alone_says_where_the_partner_is(
    certify: Certify, partner: Partner, pytester: pytest.Pytester, good_config: dict[str, Any]
) -> None:
    config = {**good_config, "base_url": partner.url, "hostnames": ["127.0.0.1"]}
    named = write_config(pytester.path / "own.json", config)
    outcome = certify(f"--partner-config={named}", "-k", "P100")
    assert outcome.status == 0, outcome.text
    assert outcome.case("P100")["verdict"] == "passed"
    assert outcome.report["partner"]["url"] == partner.url


def test_a_broken_config_is_no_trial_run(certify: Certify, partner: Partner, pytester: pytest.Pytester) -> None:
    (pytester.path / "partner.json").write_text('{"name": 5}')
    for arguments in ((f"--partner-url={partner.url}",), ("--partner-config=partner.json",)):
        outcome = certify(*arguments)
        assert outcome.status == 4
        assert "trial" not in outcome.text
        assert "ERROR: partner.json" in outcome.text
    assert partner.calls == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("-m", "scenarios"),
            "no case has the mark 'scenarios'. Did you mean scenario? The marks are: authentication, ",
        ),
        (("-m", "not (manual or securety)"), "no case has the mark 'securety'. Did you mean security?"),
        (("certification::P10",), "there is no case P10. Did you mean P100? pytest --collect-only lists all cases."),
    ],
)
def test_what_is_mistyped_is_named_with_what_there_is(
    certify: Certify, partner: Partner, arguments: tuple[str, ...], said: str
) -> None:
    outcome = certify(f"--partner-url={partner.url}", *arguments)
    assert outcome.status == 4
    assert said in outcome.one_line()
    assert partner.calls == []
    assert not outcome.folder.exists()


def test_nothing_selected_says_how_to_see_what_there_is(certify: Certify, partner: Partner) -> None:
    outcome = certify(f"--partner-url={partner.url}", "-k", "P999")
    assert outcome.status == 5
    assert "pytest --collect-only, with the same options, lists the cases" in outcome.text


def test_the_command_alone_lists_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    said = capsys.readouterr()
    for name in ("init", "check", "verify", "replay", "serve"):
        assert f"\n    {name} " in said.out
    assert said.err == ""


class _Installed:
    """A distribution that says where it was installed from."""

    def __init__(self, source: object) -> None:
        self.source = source

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return None if self.source is None else json.dumps(self.source)


@pytest.mark.parametrize(
    ("source", "command"),
    [
        (None, "pip install 'partner-connect-certification[sign]'"),
        ({"url": "file://HERE", "dir_info": {}}, "pip install '.[sign]'"),
        ({"url": "file://HERE", "dir_info": {"editable": True}}, "pip install --editable '.[sign]'"),
        ({"url": "file:///some/where%20else", "dir_info": {}}, "pip install '/some/where else[sign]'"),
        (
            {"url": "https://git.example/suite.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "pip install 'partner-connect-certification[sign] @ git+https://git.example/suite.git@abc'",
        ),
        (
            {"url": "file:///tmp/suite.whl", "archive_info": {}},
            "pip install 'partner-connect-certification[sign] @ file:///tmp/suite.whl'",
        ),
        ("garbage", "pip install 'partner-connect-certification[sign]'"),
    ],
)
def test_what_is_missing_is_installed_from_where_the_suite_came(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: Any, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if isinstance(source, dict):
        source = {**source, "url": source["url"].replace("HERE", str(tmp_path))}
    monkeypatch.setattr(importlib.metadata, "distribution", lambda _name: _Installed(source))
    assert install_command("sign") == command


def test_without_an_installation_the_checkout_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def missing(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", missing)
    root = Path(__file__).resolve().parent.parent
    monkeypatch.chdir(root)
    assert install_command("sign") == "pip install '.[sign]'"
    monkeypatch.chdir(tmp_path)
    assert install_command("sign") == f"pip install '{root}[sign]'"
