"""Every command in the README is run, letter by letter; only the address of the example partner is another one."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from partners import Partner
from running import ROOT, environment

from certification.client.authentication import SCHEMES
from certification.config.partner import trial_config
from certification.plugin import pytest_addoption

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.strip()]
SET_UP = [line for line in COMMANDS if line.startswith("python3 -m venv")]
STEPS = [line for line in COMMANDS if line not in SET_UP]

CERTIFY, TEST = SET_UP
ACTIVATE = ". .venv/bin/activate"
EXAMPLE = "https://api.partner.example"


def sh(command: str, folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euc", command],
        cwd=folder,
        env=variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=900,
    )


def clone(folder: Path) -> Path:
    """A copy of the checkout without what other runs left in it."""
    left = shutil.ignore_patterns(
        ".git", ".venv", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis", "dist", "build"
    )
    shutil.copytree(ROOT, folder, ignore=left)
    return folder


def test_the_readme_has_two_set_up_commands_and_steps() -> None:
    assert len(SET_UP) == 2
    assert CERTIFY.endswith("/pytest --partner-url=reference")
    assert ACTIVATE in STEPS
    assert len(STEPS) >= 10


def test_the_steps_work_one_after_the_other(partner: Partner, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, module in (("pytest", "pytest -p certification.plugin"), ("partner-connect", "certification")):
        script = tools / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    work = tmp_path / "work"
    work.mkdir()
    variables = environment({"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"})
    for name in ("BASIC_USER", "BASIC_PASSWORD"):
        variables.pop(name, None)
    exports: list[str] = []
    for step in STEPS:
        if step == ACTIVATE:
            continue  # the scripts above stand for what a virtual environment would put on the path
        command = step.replace(EXAMPLE, partner.url)
        if command.startswith("export "):
            exports.append(command)
            continue
        setting = "\n".join([*exports, "export BASIC_USER='partner-user'" if exports else ":"])
        # The example's profile and cases are the real ones; only the number of examples is kept small here.
        quick = " --certification-profile=quick" if command.startswith("pytest") else ""
        result = sh(f"{setting}\n{command}{quick}", work, variables)
        assert result.returncode == 0, f"{step}\n{result.stdout}\n{result.stderr}"
        assert "Traceback" not in result.stdout + result.stderr
    assert (work / "acorn.zip").is_file()
    assert (work / "certification-report" / "report.html").is_file()
    assert len(exports) == 2


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A fresh copy in which the first command was run."""
    folder = clone(tmp_path_factory.mktemp("fresh") / "clone")
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "VIRTUAL"))
    }
    # The interpreter of this run is the machine's python3, whatever else is installed there.
    first = folder.parent / "bin"
    first.mkdir()
    (first / "python3").symlink_to(
        Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    )
    variables["PATH"] = f"{first}{os.pathsep}{variables['PATH']}"
    result = sh(CERTIFY, folder, variables)
    if re.search(r"NewConnectionError|NameResolutionError|No matching distribution|ConnectTimeout", result.stderr):
        pytest.skip("no package index can be reached from here")
    return folder, result


def test_the_first_command_certifies_the_reference_partner(
    fresh: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, result = fresh
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Conformant: every required check that applies passed." in result.stdout
    assert (folder / "certification-report" / "report.html").stat().st_size > 10_000


def test_the_second_command_finds_the_tests(fresh: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    # Running all tests inside a test would never end; that is what .ci/run does.  Here they are collected.
    folder, _ = fresh
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "VIRTUAL"))
    }
    variables["PATH"] = f"{folder.parent / 'bin'}{os.pathsep}{variables['PATH']}"
    result = sh(f"{TEST} --collect-only -q", folder, variables)
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(r"\d+ tests collected", result.stdout)


def test_the_readme_names_every_option() -> None:
    class Parser:
        names: list[str] = []  # noqa: RUF012 - one parser, one list

        def getgroup(self, *_: str) -> Parser:
            return self

        def addoption(self, name: str, **_: object) -> None:
            self.names.append(name)

    pytest_addoption(Parser())  # type: ignore[arg-type]
    assert len(Parser.names) == 9
    section = README.split("## Options")[1].split("## ")[0]
    assert [name for name in Parser.names if f"`{name}" not in section] == []


def test_the_readme_names_every_field_of_the_config() -> None:
    from certification.contract.schema_files import read_schema

    section = README.split("## Partner config")[1].split("## ")[0]
    fields = set(read_schema("partner-config")["properties"]) - {"allow_editable_email"}
    assert [name for name in sorted(fields) if f"`{name}`" not in section] == []
    endpoints = read_schema("partner-config")["properties"]["endpoints"]["properties"]
    assert [name for name in endpoints if f"`{name}`" not in section] == []


def test_the_readme_names_the_exit_statuses_and_the_defaults() -> None:
    from certification.report import verdict as summary

    section = README.split("| exit status |")[1].split("## ")[0]
    statuses = {value for name, value in vars(summary).items() if name.startswith("EXIT_")}
    assert {int(number) for number in re.findall(r"^\| (\d) \|", section, re.MULTILINE)} == statuses
    for path in trial_config("http://x.example").raw["endpoints"].values():
        assert f"`{path}`" in README


def test_links_lead_to_files_that_exist() -> None:
    for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), target
    anchors = {
        re.sub(r"[^\w -]", "", line.lstrip("# ")).lower().replace(" ", "-")
        for line in README.splitlines()
        if line.startswith("#")
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", README)) <= anchors


def test_documents_name_no_secret_option() -> None:
    assert SCHEMES["good"].curl == '-u "$BASIC_USER:$BASIC_PASSWORD"'
    assert "--password" not in README
    assert "--token" not in README
