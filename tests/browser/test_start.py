"""What is said when no browser can be started."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from certification.browser.gate import Gate
from certification.browser.start import NoBrowser, start


@pytest.fixture
def gate() -> Any:
    with Gate("127.0.0.1") as it:
        yield it


def test_a_missing_library_is_one_sentence_with_the_command(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "selenium.common.exceptions", None)
    with pytest.raises(NoBrowser, match=r"selenium, which is not installed. Install it with: pip install .*browser"):
        start("chrome", gate, headed=False)


@pytest.mark.parametrize("kind", ["edge", "firefox"])
def test_a_missing_browser_is_one_sentence_with_the_remedy(
    kind: str, gate: Gate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("SE_OFFLINE", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(NoBrowser, match=f"{kind} cannot be started") as raised:
        start(kind, gate, headed=False)
    assert "or try --browser" in str(raised.value)
    assert "\n" not in str(raised.value)
