"""Hold a value against one of the bundled schemas; validators are built once and reused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from certification.contract.schema_files import BASE_URI, read_schema, schema_names


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
def _registry() -> Registry[Any]:
    return Registry().with_resources(
        (f"{BASE_URI}{name}.json", Resource.from_contents(read_schema(name))) for name in schema_names()
    )


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(read_schema(schema), registry=_registry())


def is_valid(schema: str, value: Any) -> bool:
    """Return whether ``value`` satisfies the schema called ``schema``."""
    return bool(_validator(schema).is_valid(value))


def schema_errors(schema: str, value: Any) -> list[SchemaError]:
    """Return every way in which ``value`` breaks the schema called ``schema``, in document order; none when it holds."""
    errors = sorted(
        _validator(schema).iter_errors(value), key=lambda error: [str(part) for part in error.absolute_path]
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
            missing = [name for name in limit if isinstance(value, dict) and name not in value]
            return [
                SchemaError(f"{pointer}/{name}", rule, "the field is there", "it is missing", name) for name in missing
            ]
        case "dependentRequired":
            missing = [n for key, names in limit.items() if key in value for n in names if n not in value]
            return [
                SchemaError(f"{pointer}/{name}", rule, "the field is there", "it is missing", name) for name in missing
            ]
        case "enum":
            return [SchemaError(pointer, rule, "one of " + ", ".join(map(show, limit)), show(value))]
        case "const":
            return [SchemaError(pointer, rule, show(limit), show(value))]
        case "type":
            names = [limit] if isinstance(limit, str) else limit
            actual = "null" if value is None else f"{_type_name(value)} {show(value)}"
            return [SchemaError(pointer, rule, " or ".join(names), actual)]
        case "minLength":
            return [SchemaError(pointer, rule, "a string that is not empty", show(value))]
        case "anyOf":
            choices = [name for choice in limit for name in choice.get("required", [])]
            return [SchemaError(pointer, rule, "at least one of " + ", ".join(choices), "none of them")]
        case "not" if isinstance(value, dict) and "anyOf" in limit:
            unwanted = [name for choice in limit["anyOf"] for name in choice["required"] if name in value]
            return [
                SchemaError(f"{pointer}/{name}", "absent", "the field is absent", show(value[name]), name)
                for name in unwanted
            ]
        case "not":
            return [SchemaError(pointer, rule, "values that do not exclude each other", show(value))]
        case _:
            return [SchemaError(pointer, rule, f"{rule} {show(limit)}", show(value))]


def _type_name(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), type(value).__name__)


def show(value: Any, limit: int = 120) -> str:
    """Return ``value`` as short JSON text for a message, cut at ``limit`` characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"
