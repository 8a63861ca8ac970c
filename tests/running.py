"""Ways to start a certification from a test, and what it leaves behind."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from certification.foundation.whole_files import held

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outcome:
    """What a run said and left behind."""

    status: int
    text: str
    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        return json.loads((self.folder / "report.json").read_text(encoding="utf-8"))

    def case(self, ident: str) -> dict[str, Any]:
        return next(case for case in self.report["cases"] if case["id"] == ident)

    def verdicts(self) -> dict[str, str]:
        return {case["id"]: case["verdict"] for case in self.report["cases"]}

    def findings(self, level: str | None = None) -> list[dict[str, Any]]:
        return [each for each in self.report["findings"] if level in {None, each["level"]}]

    def one_line(self) -> str:
        """The terminal's text without line breaks, so that wrapped sentences can be looked for."""
        return " ".join(self.text.split())


@dataclass(frozen=True)
class Said:
    """What a command said and its exit status."""

    status: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


def command_line(*arguments: object) -> list[str]:
    """The command line of a pytest that has the plugin, installed or not."""
    return [sys.executable, "-m", "pytest", "-p", "certification.plugin", *map(str, arguments)]


def environment(extra: dict[str, str] | None = None) -> dict[str, str]:
    """The environment of a process that runs the code of this checkout."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    # What an outer pytest run tells its own processes is not meant for the inner one.  Hundreds of processes start here:
    # without compiled modules each would spend most of its time on compiling.
    left_out = ("PYTEST_", "COV_", "PYTHONDONTWRITEBYTECODE")
    outer = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return outer | {"PYTHONPATH": os.pathsep.join(filter(None, paths))} | (extra or {})


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Path]) -> Path:
    """What ``make`` returns for an empty folder; made by the first test process that asks, while the others wait for it."""
    own = factory.getbasetemp()
    # The processes of one run of pytest-xdist have folders side by side.
    together = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, note = together / f"once-{name}", together / f"once-{name}.path"
    with held(folder):
        if not note.is_file():
            folder.mkdir()
            note.write_text(str(make(folder)), encoding="utf-8")
    return Path(note.read_text(encoding="utf-8"))


def report_folder(cwd: Path, arguments: tuple[object, ...]) -> Path:
    named = [str(each).partition("=")[2] for each in arguments if str(each).startswith("--certification-report=")]
    return cwd / (named[-1] if named else "certification-report")
