"""The body of an answer, line by line, with the fields marked that a finding is about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from certification.foundation.safe_text import clip
from certification.foundation.strict_json import parse

INDENT = "  "

_POINTER = re.compile(r"(?:^|(?<=[\s'\"“]))/[A-Za-z0-9_*$.-]+(?:/[A-Za-z0-9_*$.-]+)*")
_QUOTE = re.compile(r'"([^"\n]{8,})"')
_FIELD = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
"""Names of fields, as texts write them: those of the API hold an underscore, or stand in a pointer."""


class _AsWritten(str):
    """A number with a fraction or an exponent: kept letter by letter, since Python's own would round it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a body."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """What a finding says that differs: JSON pointers, ``*`` for any index, and bare names of fields."""

    pointers: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    quotes: tuple[str, ...] = ()
    """What the finding quotes; where no field is named, the lines that hold it are marked."""

    def hit(self, pointer: str) -> bool:
        """Return whether the value at ``pointer`` is one of them."""
        name = pointer.rpartition("/")[2]
        return name in self.names or any(_same(pointer, wanted) for wanted in self.pointers)


def quotes_in(text: str) -> tuple[str, ...]:
    """Return what stands in double quotes in ``text``, as far as it is long enough to be told from other text."""
    return tuple(_QUOTE.findall(text))


def fields_of(detail: str, *texts: str) -> Fields:
    """Return the fields that the ``detail`` of a cause names; where it names none, those of the first text that does."""
    pointers = tuple(dict.fromkeys(_POINTER.findall(detail)))
    if pointers:
        return Fields(pointers)
    for text in (detail, *texts):
        names = frozenset(_FIELD.findall(text))
        if names:
            return Fields(names=names)
    return Fields()


def body_lines(body: str, fields: Fields, limit: int) -> list[Line]:
    """Return ``body``: JSON indented as long as that changes nothing of what it says, anything else as it is.

    At most ``limit`` characters are taken; a line says when something was left out.
    """
    result = _body_lines(body, fields, limit)
    if fields.quotes and not any(line.marked for line in result):
        return [Line(line.text, any(quote in line.text for quote in fields.quotes)) for line in result]
    return result


def _body_lines(body: str, fields: Fields, limit: int) -> list[Line]:
    parsed = parse(body)
    if parsed.error or parsed.irregularities or not isinstance(parsed.value, dict | list):
        lines = [Line(text) for text in clip(body, limit).split("\n")]
        return lines if body else []
    result, taken = list[Line](), 0
    for line in _lines(json.loads(body, parse_float=_AsWritten), fields, "", "", ""):
        taken += len(line.text) + 1
        if taken > limit:
            result.append(Line("…"))
            break
        result.append(line)
    return result


def lacking(body: str, fields: Fields) -> list[str]:
    """Return which of the ``fields`` the object in ``body`` lacks."""
    parsed = parse(body)
    if parsed.error or not isinstance(parsed.value, dict):
        return []
    wanted = [pointer[1:] for pointer in fields.pointers if pointer.count("/") == 1] + sorted(fields.names)
    return [name for name in wanted if name not in parsed.value and name != "*"]


def _lines(
    value: Any, fields: Fields, pointer: str, before: str, margin: str, *, inside: bool = False
) -> Iterator[Line]:
    """Yield the lines of ``value`` as :func:`json.dumps` indents it; ``before`` stands in front of the first."""
    marked = inside or bool(pointer and fields.hit(pointer))
    if not isinstance(value, dict | list) or not value:
        text = value if isinstance(value, _AsWritten) else json.dumps(value, ensure_ascii=False)
        yield Line(f"{margin}{before}{text}", marked)
        return
    entries: list[tuple[str, str, Any]]
    if isinstance(value, dict):
        first, last = "{}"
        entries = [(f"{json.dumps(key, ensure_ascii=False)}: ", key, each) for key, each in value.items()]
    else:
        first, last = "[]"
        entries = [("", str(index), each) for index, each in enumerate(value)]
    yield Line(f"{margin}{before}{first}", marked)
    for place, (label, key, each) in enumerate(entries, 1):
        made = list(_lines(each, fields, f"{pointer}/{key}", label, margin + INDENT, inside=marked))
        if place < len(entries):
            made[-1] = Line(f"{made[-1].text},", made[-1].marked)
        yield from made
    yield Line(f"{margin}{last}", marked)


def _same(pointer: str, wanted: str) -> bool:
    one, two = pointer.split("/"), wanted.split("/")
    return len(one) == len(two) and all(b in {a, "*"} for a, b in zip(one, two, strict=True))
