"""Every step in the README is run, letter by letter; only the address of the example partner is another one.

The two commands that begin with a virtual environment are run by ``.ci/run``, each in a fresh copy.
"""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

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


def test_the_readme_has_two_set_up_commands_and_steps() -> None:
    assert len(SET_UP) == 2
    assert CERTIFY.endswith("/pytest --partner-url=reference")
    assert TEST.endswith("/pytest -n auto --dist worksteal")
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
    assert (work / "certification.zip").is_file()
    assert (work / "certification-report" / "report.html").is_file()
    assert len(exports) == 2


def test_the_readme_names_every_option() -> None:
    class Parser:
        names: list[str] = []  # noqa: RUF012 - one parser, one list

        def getgroup(self, *_: str) -> Parser:
            return self

        def addoption(self, name: str, **_: object) -> None:
            self.names.append(name)

    pytest_addoption(Parser())  # type: ignore[arg-type]
    assert len(Parser.names) == 10
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
    from certification.report import verdict

    section = README.split("| exit status |")[1].split("## ")[0]
    statuses = {value for name, value in vars(verdict).items() if name.startswith("EXIT_")}
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
