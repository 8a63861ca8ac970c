"""What the tests of the plugin share: ways to run a certification and to look at what it left behind."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import partners
import pytest
from running import Outcome, command_line, environment, report_folder

# Loaded once here: pytester forgets modules that an inner run loads, and would load them anew for each.
import certification.session
import certification.session.schedule
from certification.config.partner import trial_config

if TYPE_CHECKING:
    from browsing import Browser

LOADED = (certification.session, certification.session.schedule)


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASIC_USER", partners.USER)
    monkeypatch.setenv("BASIC_PASSWORD", partners.PASSWORD)
    for name in ("PAT_TOKEN", "GITHUB_STEP_SUMMARY", "PYTEST_ADDOPTS", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def partner() -> Iterator[partners.Partner]:
    """A correct partner on a loopback port."""
    it = partners.Partner()
    yield it
    it.close()


@pytest.fixture
def certify(pytester: pytest.Pytester) -> Callable[..., Outcome]:
    """Run a certification in this process, in an empty folder; fast."""

    def run(*arguments: object) -> Outcome:
        result = pytester.runpytest_inprocess("-p", "certification.plugin", *map(str, arguments))
        return Outcome(
            int(result.ret), result.stdout.str() + result.stderr.str(), report_folder(pytester.path, arguments)
        )

    return run


@pytest.fixture
def shell(tmp_path: Path) -> Callable[..., Outcome]:
    """Run a certification as a user does: a pytest process of its own in the folder ``cwd``."""

    def run(*arguments: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> Outcome:
        folder = cwd or tmp_path
        result = subprocess.run(
            command_line(*arguments),
            cwd=folder,
            env=environment(env),
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )
        return Outcome(result.returncode, result.stdout + result.stderr, report_folder(folder, arguments))

    return run


@pytest.fixture
def good_config() -> dict[str, Any]:
    """A valid config, as a fresh dictionary."""
    return {**trial_config("http://127.0.0.1:9").raw, "name": "Tested Partner"}


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A real browser, started once."""
    # Loaded here: the tests that need none need no selenium either.
    from browsing import started

    browser = started(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.driver.quit()


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """The browser as a page finds it: wide, light, with scripts."""
    chromium.look()
    return chromium
