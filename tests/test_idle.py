"""Without --partner-url the plugin does nothing and costs next to nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from running import command_line, environment

HEAVY = ("httpx", "httpcore", "hypothesis", "jsonschema", "referencing", "faker", "uvicorn", "starlette")


def _python(code: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, encoding="utf-8", check=True, timeout=60
    )
    return result.stdout


def test_the_idle_plugin_loads_none_of_the_libraries_of_a_certification() -> None:
    # Libraries bring pytest plugins of their own, so that autoloading is off: only what ours imports is looked at.
    code = f"""
import os, sys
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
import pytest
status = pytest.main(["-p", "certification.plugin", "-q", "--co", os.devnull])
print("loaded:", sorted(name for name in {HEAVY!r} if name in sys.modules))
print("ours:", sorted(name for name in sys.modules if name.startswith("certification")))
"""
    lines = _python(code).splitlines()
    assert "loaded: []" in lines
    assert "ours: ['certification', 'certification.plugin']" in lines


def test_the_help_of_pytest_lists_the_options_without_loading_the_libraries() -> None:
    code = f"""
import os, sys
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
import pytest
pytest.main(["-p", "certification.plugin", "--partner-url=reference", "--help"])
print("loaded:", sorted(name for name in {HEAVY!r} if name in sys.modules))
"""
    text = _python(code)
    assert "--partner-url=URL|reference" in text
    assert "--certification-profile=" in text
    assert "loaded: []" in text.splitlines()


def test_a_project_with_the_plugin_installed_runs_its_own_tests_as_ever(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(request):\n    assert not request.config.option.partner_url\n")
    result = subprocess.run(
        command_line("-q"),
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert result.returncode == 0
    assert "1 passed" in result.stdout
    assert not (tmp_path / "certification-report").exists()


def test_no_option_takes_a_secret(pytester: pytest.Pytester) -> None:
    text = pytester.runpytest_inprocess("-p", "certification.plugin", "--help").stdout.str()
    section = text[text.index("Partner Connect certification:") :]
    section = section[: section.index("\n\n")]
    names = [word for word in section.split() if word.startswith("--")]
    assert len(names) >= 9
    assert not [name for name in names if "password" in name or "token" in name or "user" in name]
