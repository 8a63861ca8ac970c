"""``walkthrough`` says what is missing before it serves anything; the walk itself is tried in a browser elsewhere."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from commands import Command, written_config

from certification.walkthrough.server import show

HERE = "http://127.0.0.1:9"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return written_config(tmp_path)


def test_what_is_missing_is_said_at_once(command: Command, config: Path, tmp_path: Path) -> None:
    missing = command("walkthrough", "nobody.json")
    assert missing.status == 4
    assert "nobody.json: there is no such file" in missing.err
    said = command("walkthrough", "--url", "ftp://x", env={"BASIC_USER": "", "BASIC_PASSWORD": ""})
    assert said.status == 4
    assert "no scheme http or https" in said.err
    assert "BASIC_USER: it is not set" in said.err
    assert "BASIC_PASSWORD: it is not set" in said.err
    assert command("walkthrough", "--round", "guest").status == 2
    assert not (tmp_path / "attestations.json").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "attestations.json: the file is damaged"),
        ('{"format": 1, "partner": "Other", "attestations": []}', "these are the attestations of 'Other'"),
        ('{"format": 9, "partner": "Other", "attestations": []}', "reads format 1"),
    ],
)
def test_a_damaged_file_is_said_before_anybody_begins(
    command: Command, config: Path, tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "attestations.json").write_text(text, encoding="utf-8")
    said = command("walkthrough", config, "--url", HERE, "--no-open")
    assert said.status == 4
    assert words in said.err
    assert (tmp_path / "attestations.json").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("port", ["taken", "99999"])
def test_a_port_that_cannot_be_used_is_said(command: Command, config: Path, port: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = str(other.getsockname()[1]) if port == "taken" else port
        said = command("walkthrough", config, "--url", HERE, "--port", number, "--no-open")
    assert said.status == 4
    assert f"--port={number}: the port cannot be used" in said.err
    assert "Name another one" in said.err


def test_a_browser_is_opened_where_there_is_a_desktop_only(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def opens(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert show(HERE, opens) is False
    monkeypatch.setenv("DISPLAY", ":0")
    assert show(HERE, opens) is True
    assert opened == [HERE]
