"""The templates of the pages: whatever they print is escaped, without anybody having to think of it."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

LANGUAGES = ("en", "de", "fr", "ja")


@cache
def environment() -> Environment:
    """Return the environment of all templates; a name that is missing is an error, never an empty place."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def words(language: str) -> Mapping[str, str]:
    """Return the words of ``language`` by key; what it lacks is there in English."""
    text = files(__package__).joinpath("words", f"{language}.json").read_text(encoding="utf-8")
    own: dict[str, str] = json.loads(text)
    return own if language == "en" else {**words("en"), **own}


class Speaker:
    """Says things in one language."""

    def __init__(self, language: str) -> None:
        self._words = words(language)

    def __call__(self, key: str, **facts: str) -> str:
        """Return the sentence ``key`` with ``facts`` in it; one that nobody wrote is an error."""
        return self._words[key].format_map(facts)

    def label(self, key: str, **facts: str) -> str:
        """Return the words for ``key``, or the key where it is no key but the words themselves."""
        return self._words.get(key, key).format_map(facts)
