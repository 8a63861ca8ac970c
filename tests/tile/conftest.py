"""A partner config, a fake workspace, and the command, as a partner's engineer has them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import partners
import pytest
from running import Said
from workspaces import served_workspace

from certification.cli import main
from certification.reference import default_config
from certification.reference.workspace import DEMO_TOKEN, Workspace

pytest.importorskip("databricks.sdk", reason="databricks-sdk is not installed")


Tile = Callable[..., Said]
Serve = Callable[..., Workspace]


@pytest.fixture
def config(tmp_path: Path) -> dict[str, Any]:
    """The partner config in the working directory."""
    raw = default_config()
    (tmp_path / "partner.json").write_text(json.dumps(raw), encoding="utf-8")
    return raw


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Start a fake workspace with faults, and let the environment name it."""
    with ExitStack() as stack:

        def start(*faults: str, **options: Any) -> Workspace:
            workspace = Workspace(faults=faults, **{"retry_after": 0, **options})
            url = stack.enter_context(served_workspace(workspace))
            monkeypatch.setenv("DATABRICKS_HOST", url)
            monkeypatch.setenv("DATABRICKS_TOKEN", DEMO_TOKEN)
            return workspace

        yield start


@pytest.fixture
def tile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], config: dict[str, Any]
) -> Tile:
    """Run ``partner-connect tile``; nothing that it says or writes holds a secret."""
    assert config
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("BASIC_USER", partners.USER)
    monkeypatch.setenv("BASIC_PASSWORD", partners.PASSWORD)

    def run(*arguments: object) -> Said:
        try:
            status = main(["tile", *map(str, arguments)])
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capfd.readouterr()
        written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("*.json"))
        for secret in (partners.PASSWORD, DEMO_TOKEN, partners.basic(partners.USER, partners.PASSWORD)):
            assert secret not in out + err + written
        assert "Traceback" not in err
        return Said(status, out, err)

    return run
