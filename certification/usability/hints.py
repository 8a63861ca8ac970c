"""``ux.json``: what a partner tells about pages that no general reader gets through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from certification.browser.page import Control, Field, Page
from certification.contract.schema_files import BASE_URI
from certification.foundation.errors import CannotStart, Problem
from certification.foundation.strict_json import parse
from certification.usability.plain_text import plain

FILE = "ux.json"
MAX_BYTES = 100_000
MAX_ENTRIES = 50
MAX_VALUE = 300

_KEYS = {
    "$schema": "text",
    "$comment": "text or a list of texts",
    "fields": "an object: label or name of a field → what to type",
    "press": "a list of the words on buttons that go on",
    "landing": "a list of words that the landing page shows",
    "cookies": "an object: name of a cookie → its value",
    "by_hand": "true where a step needs a person; with --headed the person does it and presses Enter",
}


def hints_schema() -> dict[str, Any]:
    """Return the JSON Schema of the file."""
    text = {"type": "string", "minLength": 1, "maxLength": MAX_VALUE}
    texts = {"type": "array", "maxItems": MAX_ENTRIES, "items": text}
    named = {"type": "object", "maxProperties": MAX_ENTRIES, "additionalProperties": text}
    kinds: dict[str, dict[str, Any]] = {
        "$schema": {"type": "string"},
        "$comment": {"type": ["string", "array"], "items": {"type": "string"}},
        "fields": named,
        "press": texts,
        "landing": texts,
        "cookies": named,
        "by_hand": {"type": "boolean"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE_URI}ux.json",
        "title": "Hints for usability",
        "description": "ux.json: what a partner tells about pages that no general reader gets through.",
        "type": "object",
        "properties": {name: {"description": _KEYS[name], **kind} for name, kind in kinds.items()},
        "additionalProperties": False,
    }


@dataclass(frozen=True, slots=True)
class Hints:
    """What the pages of one partner need."""

    fields: Mapping[str, str] = field(default_factory=dict)
    press: tuple[str, ...] = ()
    landing: tuple[str, ...] = ()
    cookies: Mapping[str, str] = field(default_factory=dict)
    by_hand: bool = False

    def value_for(self, asked: Field) -> str | None:
        """Return what to type into the field, if a hint names it by its label, name or id."""
        names = {plain(text) for text in (asked.label, asked.near, asked.placeholder, asked.name, asked.id) if text}
        return next((value for name, value in self.fields.items() if plain(name) in names), None)

    def button(self, page: Page) -> Control | None:
        """Return the visible button that a hint names by its words."""
        wanted = [plain(text) for text in self.press]
        buttons = [each for each in page.controls if each.shown and not each.disabled]
        return next((each for text in wanted for each in buttons if plain(each.text) == text), None)

    def lands(self, text: str) -> bool:
        """Return whether a hint says that a page with these words is the landing page."""
        return bool(self.landing) and all(plain(words) in plain(text) for words in self.landing)


def read_hints(path: Path) -> Hints:
    """Return the hints in the file at ``path``; raises :class:`CannotStart` with all that is wrong."""
    raw = _read(path)
    problems = list(_problems(raw, str(path)))
    if problems:
        raise CannotStart(problems)
    return Hints(
        raw.get("fields", {}),
        tuple(raw.get("press", [])),
        tuple(raw.get("landing", [])),
        raw.get("cookies", {}),
        raw.get("by_hand", False),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise CannotStart(
            [Problem(str(path), f"cannot be read ({error.strerror}).", "Name the file with the hints.")]
        ) from None
    except UnicodeDecodeError:
        raise CannotStart([Problem(str(path), "is not UTF-8.", "Save it as UTF-8.")]) from None
    parsed = parse(text)
    wrong = (
        f"it is longer than {MAX_BYTES:,} bytes"
        if len(data) > MAX_BYTES
        else parsed.error or "; ".join(parsed.irregularities)
    )
    if wrong or not isinstance(parsed.value, dict):
        what = f"is not JSON: {wrong}." if wrong else "holds no object."
        raise CannotStart([Problem(str(path), what, f"It holds an object with: {', '.join(_KEYS)}.")])
    return parsed.value


def _problems(raw: dict[str, Any], where: str) -> list[Problem]:
    found = []
    for key, value in raw.items():
        place = f"{where}, field /{key[:60]}"
        if key not in _KEYS:
            found.append(Problem(place, "is no hint.", f"Hints are {', '.join(_KEYS)}."))
        elif key in {"fields", "cookies"} and not _texts_by_name(value):
            found.append(Problem(place, "holds something else than names with texts.", f"Write {_KEYS[key]}."))
        elif key in {"press", "landing"} and not _texts(value):
            found.append(Problem(place, "holds something else than a list of texts.", f"Write {_KEYS[key]}."))
        elif key == "by_hand" and not isinstance(value, bool):
            found.append(Problem(place, "is neither true nor false.", f"Write {_KEYS[key]}."))
    return found


def _texts_by_name(value: Any) -> bool:
    return isinstance(value, dict) and len(value) <= MAX_ENTRIES and _texts(list(value.values()))


def _texts(value: Any) -> bool:
    if not isinstance(value, list) or len(value) > MAX_ENTRIES:
        return False
    return all(isinstance(each, str) and 0 < len(each) <= MAX_VALUE for each in value)
