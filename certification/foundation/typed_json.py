"""Read and write frozen data classes as JSON: the fields of a class and their types are the one definition.

Reading is strict.  Every field must be there, no other may be, and each value must be of its type and within bounds, so
that whoever has the object need not ask again.  Types that can be read: ``str``, ``bool``, ``int``, ``float``, string
enumerations, ``Literal`` of strings, ``X | None``, ``tuple[X, ...]``, ``tuple[X, Y]``, ``Mapping[str, X]``,
``dict[str, Any]`` (any JSON object), data classes, and ``Annotated`` with :class:`Within`, :class:`Form` or
:class:`OneOf`.

A field that does not count for equality (``compare=False``) lives in memory only: it is neither written nor read.
"""

from __future__ import annotations

import math
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, NoReturn, TypeVar, Union, get_args, get_origin, get_type_hints

from certification.foundation.safe_text import clip

T = TypeVar("T")
Read = Callable[[Any], Any]

MAX_TEXT = 262_144
"""Characters of one text; the longest body that the suite keeps."""

MAX_DEPTH = 60
"""Levels of nesting in a value whose form is left open."""

MAX_BITS = 4_096
"""Bits of a whole number in a value whose form is left open."""

DECIMALS = 6
"""Fractions of a second that are written."""


@dataclass(frozen=True)
class Within:
    """Bounds of a number, both included."""

    low: float
    high: float


@dataclass(frozen=True)
class Form:
    """A pattern that a whole text must match, and what it is in words."""

    pattern: str
    words: str


@dataclass(frozen=True)
class OneOf:
    """The texts that may stand in a place."""

    values: tuple[str, ...]


COUNT = Within(0, 2**63 - 1)
SECONDS = Within(0, 1e7)


class MismatchError(ValueError):
    """A value is not of the type that it should be; ``where`` is the place as a JSON pointer."""

    def __init__(self, what: str, where: str = "") -> None:
        """Take what is wrong at ``where``."""
        super().__init__(f"{where or 'the whole'} {what}")
        self.what, self.where = what, where

    def below(self, name: object) -> MismatchError:
        """Return the same mismatch seen from one level above."""
        return MismatchError(self.what, f"/{clip(str(name), 60)}{self.where}")


def refuse(what: str, where: str = "") -> NoReturn:
    """Raise the :class:`MismatchError` that ``what`` is wrong at ``where``."""
    raise MismatchError(what, where)


_AS_THEY_ARE = frozenset({str, int, bool})


def to_json(value: Any) -> Any:
    """Return ``value``, a data class or anything that a field of one may hold, as JSON-ready data."""
    if value is None or type(value) in _AS_THEY_ARE:
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {name: to_json(getattr(value, name)) for name in kept_fields(type(value))}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [to_json(entry) for entry in value]
    if isinstance(value, Mapping):
        return {name: to_json(entry) for name, entry in value.items()}
    return round(value, DECIMALS) if isinstance(value, float) else value


def from_json(kind: type[T], value: Any) -> T:
    """Return the object of the data class ``kind`` that ``value`` describes; raises :class:`MismatchError`."""
    result: T = reader(kind)(value)  # type: ignore[arg-type]  # a class is hashable
    return result


@cache
def kept_fields(kind: type) -> dict[str, Any]:
    """Return the fields of the data class ``kind`` that are written, with their types."""
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in fields(kind) if field.compare}


@cache
def reader(hint: Any) -> Read:
    """Return the function that reads a value of the type ``hint`` or raises :class:`MismatchError`."""
    if is_dataclass(hint) and isinstance(hint, type):
        return _object_reader(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _choice([member.value for member in hint], hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        choice = next((bound for bound in parts[1:] if isinstance(bound, OneOf)), None)
        if choice is not None:
            return _choice(list(choice.values), str)
        bounded = any(isinstance(bound, Within) for bound in parts[1:])
        return _bounded(_whole if bounded and parts[0] is int else reader(parts[0]), parts[1:])
    if origin is Literal:
        return _choice(list(parts), str)
    if origin in {Union, types.UnionType}:
        return _union_reader(parts)
    if origin is tuple:
        return _list_reader(reader(parts[0])) if parts[1:] == (...,) else _pair_reader([reader(part) for part in parts])
    if origin is not None and issubclass(origin, Mapping):
        return _open_object if parts[1] is Any else _mapping_reader(reader(parts[1]))
    message = f"no JSON is read as {hint}"
    raise TypeError(message)


def _object_reader(kind: type) -> Read:
    readers = {name: reader(hint) for name, hint in kept_fields(kind).items()}

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            refuse(f"should be an object, is {short(value)}")
        if value.keys() != readers.keys():
            unknown = sorted(value.keys() - readers.keys())
            if unknown:
                refuse(f"has the field {short(unknown[0])}, which the suite does not write")
            missing = next(name for name in readers if name not in value)
            refuse("is missing", f"/{missing}")
        found = {}
        for name, each in readers.items():
            try:
                found[name] = each(value[name])
            except MismatchError as error:
                raise error.below(name) from None
        return kind(**found)

    return read


def _union_reader(parts: tuple[Any, ...]) -> Read:
    """Read ``X | None``, or one of several plain types, told apart by the type of the value."""
    inner = [reader(part) for part in parts if part is not type(None)]
    optional = len(inner) < len(parts)

    def read(value: Any) -> Any:
        if value is None and optional:
            return None
        for each in inner[:-1]:
            try:
                return each(value)
            except MismatchError:
                continue
        return inner[-1](value)

    return read


def _list_reader(each: Read) -> Read:
    def read(value: Any) -> Any:
        if not isinstance(value, list):
            refuse(f"should be a list, is {short(value)}")
        found = []
        for number, entry in enumerate(value):
            try:
                found.append(each(entry))
            except MismatchError as error:
                raise error.below(number) from None
        return tuple(found)

    return read


def _pair_reader(parts: list[Read]) -> Read:
    def read(value: Any) -> Any:
        if not isinstance(value, list) or len(value) != len(parts):
            refuse(f"should be a list of {len(parts)}, is {short(value)}")
        return tuple(part(entry) for part, entry in zip(parts, value, strict=True))

    return read


def _mapping_reader(each: Read) -> Read:
    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            refuse(f"should be an object, is {short(value)}")
        found = {}
        for name, entry in value.items():
            try:
                found[name] = each(entry)
            except MismatchError as error:
                raise error.below(name) from None
        return found

    return read


def _choice(values: list[str], make: Callable[[Any], Any]) -> Read:
    known = {value: make(value) for value in values}

    def read(value: Any) -> Any:
        if not isinstance(value, str) or value not in known:
            refuse(f"should be one of {clip(', '.join(map(repr, values)), 200)}, is {short(value)}")
        return known[value]

    return read


def _bounded(inner: Read, bounds: tuple[Any, ...]) -> Read:
    within = next((bound for bound in bounds if isinstance(bound, Within)), None)
    form = next((bound for bound in bounds if isinstance(bound, Form)), None)
    pattern = re.compile(form.pattern, re.ASCII) if form else None

    def read(value: Any) -> Any:
        found = inner(value)
        if within is not None and not within.low <= found <= within.high:
            refuse(f"should lie between {within.low:g} and {within.high:g}, is {short(found)}")
        if form is not None and pattern is not None and not pattern.fullmatch(found):
            refuse(f"should be {form.words}, is {short(found)}")
        return found

    return read


def _text(value: Any) -> str:
    if not isinstance(value, str):
        refuse(f"should be text, is {short(value)}")
    if len(value) > MAX_TEXT:
        refuse(f"has {len(value):,} characters; the suite writes at most {MAX_TEXT:,}")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        refuse(f"should be true or false, is {short(value)}")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not COUNT.low <= value <= COUNT.high:
        refuse(f"should be a whole number from 0, is {short(value)}")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        refuse(f"should be a whole number, is {short(value)}")
    return value


def _seconds(value: Any) -> float:
    fine = isinstance(value, int | float) and not isinstance(value, bool)
    if not fine or not math.isfinite(value) or not SECONDS.low <= value <= SECONDS.high:
        refuse(f"should be a number of seconds, is {short(value)}")
    return float(value)


def _open_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        refuse(f"should be an object, is {short(value)}")
    _anything(value)
    return value


def _anything(value: Any) -> Any:
    """Check a value of any form: bounded depth, bounded numbers.  Without recursion, which a hostile value would exhaust."""
    waiting = [(value, 1)]
    while waiting:
        item, level = waiting.pop()
        if level > MAX_DEPTH:
            refuse(f"is nested more than {MAX_DEPTH} levels deep")
        if isinstance(item, dict | list):
            waiting += [(child, level + 1) for child in (item.values() if isinstance(item, dict) else item)]
        elif isinstance(item, float) and not math.isfinite(item):
            refuse("holds a number that JSON does not have")
        elif isinstance(item, int) and item.bit_length() > MAX_BITS:
            refuse(f"holds a number of more than {MAX_BITS:,} bits")
        elif isinstance(item, str):
            _text(item)
    return value


def short(value: Any) -> str:
    """Return ``value`` for a message: escaped, and never long."""
    match value:
        case dict() | list():
            return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value)}"
        case int() if not isinstance(value, bool) and value.bit_length() > 200:
            return f"a number of {value.bit_length()} bits"
        case str():
            return clip(ascii(value[:80]), 60)
    return str(value)[:60]


_PLAIN: dict[Any, Read] = {str: _text, bool: _flag, int: _count, float: _seconds, Any: _anything}
