"""Read JSON that a stranger wrote: bounded, and with every irregularity named instead of passed over."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from certification.foundation.json_syntax import MAX_DEPTH, MAX_DIGITS, harmless, syntax_problem
from certification.foundation.safe_text import one_line

__all__ = ["MAX_DEPTH", "MAX_DIGITS", "Parsed", "parse"]


@dataclass(frozen=True, slots=True)
class Parsed:
    """Outcome of :func:`parse`: the value, or why there is none, and what is irregular about the text."""

    value: Any = None
    error: str = ""
    irregularities: tuple[str, ...] = field(default=())


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
"""Where this is not, no string holds half of a pair."""
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
MAX_NAMED = 20
"""So many keys that stand twice are named."""


def parse(text: str) -> Parsed:
    """Parse ``text`` as one JSON document.

    Not JSON at all (also ``NaN`` and ``Infinity``, which RFC 8259 does not have) gives an ``error`` in words that do not
    depend on the version of Python.  Duplicate keys and lone surrogates are legal for the grammar but mean different
    things to different parsers: they are reported as irregularities beside the value.
    """
    duplicates: dict[str, None] = {}

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in items:
            if key in result and len(duplicates) < MAX_NAMED:
                duplicates[key] = None
            result[key] = value
        return result

    # Nearly every text is JSON and harmless, and then the pass that says what is wrong is not needed.
    problem = None if harmless(text) else syntax_problem(text)
    try:
        value = None if problem else json.loads(text, object_pairs_hook=pairs, parse_constant=_refuse)
    except (ValueError, RecursionError):
        problem = syntax_problem(text)
        if problem is None:
            # Not known to happen: the pass lets nothing through that is not JSON.
            return Parsed(error="it is not JSON")
    if problem:
        return Parsed(error=problem.describe(text))
    irregular = [f"the key '{one_line(key, 60)}' stands twice in one object" for key in duplicates]
    if _SURROGATE.search(text) and _LONE_SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        irregular.append("a string holds half of a surrogate pair")
    return Parsed(value, irregularities=tuple(irregular))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
