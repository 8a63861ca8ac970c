"""What is shipped: wheel and sdist with the schemas, an entry point, types, the licence."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from partners import PASSWORD, USER, Partner
from running import ROOT, Outcome, environment

from certification import __version__
from certification.contract.schema_files import schema_names


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel and the sdist, built without a network by the build backend itself."""
    pytest.importorskip("hatchling", reason="the build backend is not installed")
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    return folder


def wheel_of(folder: Path) -> Path:
    return next(folder.glob("*.whl"))


def test_the_wheel_has_schemas_types_licence_and_entry_points(distributions: Path) -> None:
    wheel = wheel_of(distributions)
    assert wheel.name == f"partner_connect_certification-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        information = f"partner_connect_certification-{__version__}.dist-info"
        points = archive.read(f"{information}/entry_points.txt").decode()
        metadata = archive.read(f"{information}/METADATA").decode()
    assert {f"certification/schemas/{name}.json" for name in schema_names()} <= names
    assert {"certification/py.typed", f"{information}/licenses/LICENSE"} <= names
    assert "certification/reference/assets/partner.json" in names
    assert "certification/contract/connectors.csv" in names
    page = "certification/report/html"
    assert {f"{page}/templates/page.html.jinja", f"{page}/report.css", f"{page}/report.js"} <= names
    assert not [name for name in names if name.startswith(("tests", "conftest", ".ci"))]
    assert "[pytest11]\ncertification.plugin = certification.plugin" in points
    assert "partner-connect = certification.cli:main" in points
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.11" in metadata
    assert "# Partner Connect certification" in metadata


def test_the_sdist_can_be_built_and_tested_from(distributions: Path) -> None:
    with tarfile.open(next(distributions.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"schemas/{name}.json" for name in schema_names()} <= names
    wanted = {"README.md", "LICENSE", "CHANGELOG.md", "ARCHITECTURE.md", "pyproject.toml", "conftest.py"}
    assert wanted <= names
    assert {"tests/conftest.py", "certification/plugin.py"} <= names
    assert not [name for name in names if "__pycache__" in name]


def test_the_installed_wheel_works_from_an_empty_folder(distributions: Path, partner: Partner, tmp_path: Path) -> None:
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    with zipfile.ZipFile(wheel_of(distributions)) as archive:
        archive.extractall(site)
    # The unpacked wheel stands first on the path, with its entry point: exactly what pip leaves in site-packages.
    variables = environment({"BASIC_USER": USER, "BASIC_PASSWORD": PASSWORD, "PYTHONPATH": str(site)})
    result = subprocess.run(
        [sys.executable, "-m", "pytest", f"--partner-url={partner.url}", "-k", "P100"],
        cwd=empty,
        env=variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    outcome = Outcome(result.returncode, result.stdout + result.stderr, empty / "certification-report")
    assert outcome.status == 0, outcome.text
    assert outcome.case("P100")["verdict"] == "passed"
    where = subprocess.run(
        [
            sys.executable,
            "-c",
            "import certification.contract.schema_files as s; print(s.__file__); print(s._folder())",
        ],
        cwd=empty,
        env=variables,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout.splitlines()
    assert [str(site) in line for line in where] == [True, True]


def test_the_wheel_works_without_being_unpacked(distributions: Path, tmp_path: Path) -> None:
    code = "from certification.contract.schema_files import schema_names, read_schema; print(len(schema_names()))"
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment({"PYTHONPATH": str(wheel_of(distributions))}),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert int(result.stdout) == len(schema_names())


def test_the_checkout_loads_the_plugin_once(tmp_path: Path, distributions: Path) -> None:
    # An installed entry point and the checkout's conftest.py name the same plugin.
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel_of(distributions)) as archive:
        archive.extractall(site, [name for name in archive.namelist() if ".dist-info" in name])
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "--co", "-q", "tests/test_idle.py"],
        cwd=ROOT,
        env=environment({"PYTHONPATH": f"{ROOT}:{site}"}),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert result.returncode == 0, result.stdout + result.stderr
