"""Read JSON that a stranger wrote: bounded, and with every irregularity named instead of passed over."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

MAX_DEPTH = 100
"""Deeper nesting is refused: no model of the API nests deeper than four levels."""

MAX_DIGITS = 400
"""Longer numbers are refused before Python spends quadratic time on them."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """Outcome of :func:`parse`: the value, or why there is none, and what is irregular about the text."""

    value: Any = None
    error: str = ""
    irregularities: tuple[str, ...] = field(default=())


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_LONG_NUMBER = re.compile(rf"[0-9]{{{MAX_DIGITS},}}")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def parse(text: str) -> Parsed:  # noqa: C901 - one pass after the other over the same text
    """Parse ``text`` as one JSON document.

    Not JSON at all (also ``NaN`` and ``Infinity``, which RFC 8259 does not have) gives an ``error``.  Duplicate keys and
    lone surrogates are legal for the grammar but mean different things to different parsers: they are reported as
    irregularities beside the value.
    """
    bare = _STRING.sub('""', text)
    depth = deepest = 0
    for character in bare:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    if deepest > MAX_DEPTH:
        return Parsed(error=f"nested {deepest} levels deep; the suite reads {MAX_DEPTH}")
    if _LONG_NUMBER.search(bare):
        return Parsed(error=f"holds a number of more than {MAX_DIGITS} digits")
    duplicates: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in items:
            if key in result:
                duplicates.append(key)
            result[key] = value
        return result

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        return Parsed(error=str(error)[:200])
    irregular = [f"the key {key[:60]!r} stands twice in one object" for key in dict.fromkeys(duplicates)]
    if _LONE_SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        irregular.append("a string holds half of a surrogate pair")
    return Parsed(value, irregularities=tuple(irregular))


def _refuse(constant: str) -> NoReturn:
    message = f"{constant} is not JSON"
    raise ValueError(message)
