"""Whether a value satisfies a schema, without saying why not: the answer that nearly every request and response needs.

jsonschema makes a validator for every value below a value, in order to name the place of a mistake; that was a quarter of the
time of a run.  Here each schema becomes a function once.  What is wrong with a value is still said by jsonschema alone, and a
rule that is not in the table below is left to it too, so that a new keyword in a schema is slow at first and never overlooked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from certification.contract.schema_files import BASE_URI

Predicate = Callable[[Any], bool]
Compile = Callable[[Any], Predicate]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: Final[Mapping[str, Predicate]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_number(value) and (isinstance(value, int) or value.is_integer()),
    "number": _is_number,
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}

_SAY_NOTHING: Final = frozenset({"$schema", "$id", "$defs", "$comment", "title", "description", "examples", "default"})
"""Keywords that ask nothing of a value, as does all that begins with ``x-``."""


def compiled(schema: Any, follow: Callable[[str], Predicate], by_jsonschema: Compile) -> Predicate:
    """Return the function that tells whether a value satisfies ``schema``.

    ``follow`` gives the function of what a ``$ref`` names; ``by_jsonschema`` that of a schema with rules not known here.
    """

    def inner(part: Any) -> Predicate:
        return compiled(part, follow, by_jsonschema)

    rules = _rules(schema)
    if rules is None:
        return by_jsonschema(schema)
    checks = []
    for keyword, limit in rules.items():
        if keyword == "$ref":
            checks.append(follow(limit))
        elif keyword == "if":
            checks.append(_choice(inner(limit), inner(rules.get("then", {})), inner(rules.get("else", {}))))
        elif keyword in _RULES:
            checks.append(_RULES[keyword](limit, inner))
    return checks[0] if len(checks) == 1 else _every(checks)


def _rules(schema: Any) -> dict[str, Any] | None:
    """Return the keywords of ``schema`` that ask something of a value; None when one of them is not known here."""
    if not isinstance(schema, dict):
        return None
    rules = {name: limit for name, limit in schema.items() if name not in _SAY_NOTHING and not name.startswith("x-")}
    if not str(rules.get("$ref", BASE_URI)).startswith(BASE_URI):
        return None
    names = rules.get("enum", []) if "const" not in rules else [rules["const"]]
    known = rules.keys() <= {*_RULES, "$ref", "if", "then", "else"} and all(isinstance(name, str) for name in names)
    return rules if known else None


def _every(checks: list[Predicate]) -> Predicate:
    def holds(value: Any) -> bool:
        for check in checks:  # noqa: SIM110 - a generator would cost more than most of the checks
            if not check(value):
                return False
        return True

    return holds


def _choice(condition: Predicate, then: Predicate, otherwise: Predicate) -> Predicate:
    return lambda value: then(value) if condition(value) else otherwise(value)


def _properties(limit: dict[str, Any], inner: Compile) -> Predicate:
    checks = {name: inner(rule) for name, rule in limit.items()}

    def holds(value: Any) -> bool:
        if isinstance(value, dict):
            for name, check in checks.items():
                if name in value and not check(value[name]):
                    return False
        return True

    return holds


def _required(limit: list[str], _inner: Compile) -> Predicate:
    names = frozenset(limit)
    return lambda value: not isinstance(value, dict) or names <= value.keys()


def _together(limit: dict[str, list[str]], _inner: Compile) -> Predicate:
    return lambda value: (
        not isinstance(value, dict)
        or all(name not in value or value.keys() >= set(others) for name, others in limit.items())
    )


def _items(limit: Any, inner: Compile) -> Predicate:
    check = inner(limit)
    return lambda value: not isinstance(value, list) or all(map(check, value))


def _type(limit: str | list[str], _inner: Compile) -> Predicate:
    if isinstance(limit, str):
        return _TYPES[limit]
    checks = [_TYPES[name] for name in limit]
    return lambda value: any(check(value) for check in checks)


def _any_of(limit: list[Any], inner: Compile) -> Predicate:
    checks = [inner(choice) for choice in limit]
    return lambda value: any(check(value) for check in checks)


def _not(limit: Any, inner: Compile) -> Predicate:
    check = inner(limit)
    return lambda value: not check(value)


def _texts(limit: list[str], _inner: Compile) -> Predicate:
    names = frozenset(limit)
    return lambda value: isinstance(value, str) and value in names


def _pattern(limit: str, _inner: Compile) -> Predicate:
    search = re.compile(limit).search
    return lambda value: not isinstance(value, str) or search(value) is not None


_RULES: Final[Mapping[str, Callable[[Any, Compile], Predicate]]] = {
    "type": _type,
    "properties": _properties,
    "required": _required,
    "dependentRequired": _together,
    "items": _items,
    "enum": _texts,
    "const": lambda limit, inner: _texts([limit], inner),
    "pattern": _pattern,
    "minLength": lambda limit, _: lambda value: not isinstance(value, str) or len(value) >= limit,
    "maxLength": lambda limit, _: lambda value: not isinstance(value, str) or len(value) <= limit,
    "minItems": lambda limit, _: lambda value: not isinstance(value, list) or len(value) >= limit,
    "minimum": lambda limit, _: lambda value: not _is_number(value) or value >= limit,
    "maximum": lambda limit, _: lambda value: not _is_number(value) or value <= limit,
    "allOf": lambda limit, inner: _every([inner(part) for part in limit]),
    "anyOf": _any_of,
    "not": _not,
}
"""Keyword -> from its value in a schema to the function that holds a value against it."""
