"""axe-core, for the tests of pages."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from browsing import Browser


def axe() -> str:
    """The accessibility engine: that of the environment variable AXE_CORE, or the installed one."""
    named = os.environ.get("AXE_CORE")
    if named:
        return Path(named).read_text(encoding="utf-8")
    found = find_spec("axe_core_python")
    if found is None or not found.submodule_search_locations:
        pytest.skip("axe-core-python is not installed, so nothing checks accessibility")
    return (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")


def violations(browser: Browser, engine: str) -> list[str]:
    browser.run(engine)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = browser.driver.execute_async_script(
        "const done = arguments[1]; axe.run(document, {runOnly: {type: 'tag', values: arguments[0]}}).then(done)", rules
    )
    assert len(found["passes"]) > 10
    return [f"{each['id']}: {node['html'][:200]}" for each in found["violations"] for node in each["nodes"]]
