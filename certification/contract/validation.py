"""Hold a value against one of the bundled schemas; validators are built once and reused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from certification.contract.predicates import Predicate
from certification.contract.schema_files import read_schema
from certification.contract.validators import linked_predicates, linked_validators
from certification.contract.versions import effective


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One way in which a value breaks a schema."""

    pointer: str
    """Where, as a JSON pointer; empty for the document itself."""
    rule: str
    """The keyword that is broken, such as ``required`` or ``enum``."""
    expected: str
    actual: str
    name: str = ""
    """The property that is missing or must not be there, when the rule is about one."""


@cache
def _validators(version: str | None) -> Callable[[str], Draft202012Validator]:
    return linked_validators(partial(_document, version=version))


@cache
def _predicates(version: str | None) -> Callable[[str], Predicate]:
    return linked_predicates(partial(_document, version=version))


def _document(name: str, *, version: str | None) -> dict[str, Any]:
    document = read_schema(name)
    return document if version is None else effective(document, version)


def is_valid(schema: str, value: Any, version: str | None = None) -> bool:
    """Return whether ``value`` satisfies the schema called ``schema``, as it is for ``version`` (the newest unless given)."""
    return _predicates(version)(schema)(value)


def schema_errors(schema: str, value: Any, version: str | None = None) -> list[SchemaError]:
    """Return every way in which ``value`` breaks the schema called ``schema``, in document order; none when it holds.

    ``version`` is the API version whose requirements count; None stands for the newest.  A partner of an older version
    owes only what its version has (ruling 16); what is sent to a partner is always held to the newest.
    """
    if is_valid(schema, value, version):
        return []
    errors = sorted(
        _validators(version)(schema).iter_errors(value), key=lambda error: [str(part) for part in error.absolute_path]
    )
    found = dict.fromkeys(described for error in errors for described in _describe(error))
    listed = {error.pointer for error in found if error.rule == "enum"}
    # A list of allowed values says all that the type says, and more.
    return [error for error in found if error.rule != "type" or error.pointer not in listed]


def _describe(error: ValidationError) -> list[SchemaError]:
    pointer = "".join(f"/{part}" for part in error.absolute_path)
    rule = str(error.validator)
    value: Any = error.instance
    limit: Any = error.validator_value
    match rule:
        case "required":
            names = [name for name in limit if isinstance(value, dict) and name not in value]
        case "dependentRequired":
            names = [n for key, others in limit.items() if key in value for n in others if n not in value]
        case "not" if isinstance(value, dict) and "anyOf" in limit:
            unwanted = [name for choice in limit["anyOf"] for name in choice["required"] if name in value]
            return [
                SchemaError(f"{pointer}/{name}", "absent", "the field is absent", show(value[name]), name)
                for name in unwanted
            ]
        case _:
            return [SchemaError(pointer, rule, _expected(error), _actual(rule, value))]
    return [SchemaError(f"{pointer}/{name}", rule, "the field is there", "it is missing", name) for name in names]


def _expected(error: ValidationError) -> str:
    limit: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "enum":
            return "one of " + ", ".join(map(show, limit))
        case "const":
            return show(limit)
        case "type":
            return limit if isinstance(limit, str) else " or ".join(limit)
        case "minLength":
            return "a string that is not empty"
        case "maxLength":
            return f"at most {limit} characters"
        case "minItems":
            return f"at least {limit} in the list"
        case "anyOf":
            names = [name for choice in limit for name in choice.get("required", [])]
            return "at least one of " + ", ".join(names) + ", and not empty"
        case "not":
            return "values that do not exclude each other"
        case rule:
            # A regular expression tells most readers nothing; the schema says in words what it wants.
            return str(schema.get("x-expected", f"{rule} {show(limit)}"))


def _actual(rule: str, value: Any) -> str:
    if rule == "type":
        return "null" if value is None else f"{_type_name(value)} {show(value)}"
    return "none of them" if rule == "anyOf" else show(value)


def _type_name(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), type(value).__name__)


def show(value: Any, limit: int = 120) -> str:
    """Return ``value`` as short JSON text for a message, cut at ``limit`` characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"
