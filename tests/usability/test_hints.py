"""``ux.json``: read with all problems at once, and what its hints do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from page_making import a_button, a_field, a_page

from certification.foundation.errors import CannotStart
from certification.usability.hints import Hints, read_hints


def written(folder: Path, value: Any) -> Path:
    path = folder / "ux.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def test_hints_name_fields_buttons_and_the_landing_page(tmp_path: Path) -> None:
    hints = read_hints(
        written(
            tmp_path,
            {
                "$comment": "x",
                "fields": {"Team": "north"},
                "press": ["Off we go"],
                "landing": ["My reports"],
                "cookies": {"a": "b"},
                "by_hand": True,
            },
        )
    )
    assert hints.value_for(a_field("TEAM:")) == "north"
    assert hints.value_for(a_field("Other")) is None
    button = hints.button(a_page(a_button("Back"), a_button("Off we go")))
    assert button is not None
    assert button.text == "Off we go"
    assert (hints.lands("see my reports here"), hints.lands("other")) == (True, False)
    assert Hints().lands("anything") is False


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, {"fields": ["x"], "press": "go", "by_hand": "yes", "wait": 3})
    with pytest.raises(CannotStart) as raised:
        read_hints(path)
    places = [problem.where.rpartition("/")[2] for problem in raised.value.problems]
    assert places == ["fields", "press", "by_hand", "wait"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"fields": {}, "fields": {}}', '{"press": [""]}'])
def test_what_is_no_file_of_hints_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CannotStart):
        read_hints(written(tmp_path, text))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="cannot be read"):
        read_hints(tmp_path / "ux.json")
