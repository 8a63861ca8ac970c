"""Strict validation against the bundled JSON Schemas, with messages that repeat nothing of the request but names."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from jsonschema.validators import extend
from referencing import Registry

from certification.contract.schema_files import read_schema

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError


def first_error(schema: str, instance: Any) -> str:
    """Return what is wrong with ``instance`` under ``schema`` in one phrase, or ``""`` when nothing is."""
    validator = validator_for(schema)
    if validator.is_valid(instance):
        return ""
    error = best_match(validator.iter_errors(instance))
    return "" if error is None else _describe(error)


@cache
def validator_for(schema: str) -> Draft202012Validator:
    """Return the one reused validator of the bundled schema called ``schema``."""
    return cast("Draft202012Validator", _strict_class()(_inlined(read_schema(schema), schema), registry=Registry()))


@cache
def _strict_class() -> Any:
    # JSON Schema counts 443.0 as an integer; a strictly typed partner does not.
    def is_integer(_checker: object, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool)

    checker = Draft202012Validator.TYPE_CHECKER.redefine("integer", is_integer)
    return extend(Draft202012Validator, type_checker=checker)  # type: ignore[no-untyped-call]


def _inlined(part: Any, document: str) -> Any:
    """Return ``part`` of the schema called ``document`` with what it refers to in the place of each reference.

    jsonschema looks a reference up anew for each value.  No schema of a request refers to itself, and beside a reference
    stand descriptions only.
    """
    if isinstance(part, list):
        return [_inlined(inner, document) for inner in part]
    if not isinstance(part, dict):
        return part
    if "$ref" not in part:
        # A text under these names says which document this is; a rule under them is about a field called so.
        kept = {
            name: inner for name, inner in part.items() if name not in {"$id", "$schema"} or isinstance(inner, dict)
        }
        return {name: _inlined(inner, document) for name, inner in kept.items()}
    file, _, pointer = part["$ref"].partition("#")
    document = file.removesuffix(".json") or document
    target = read_schema(document)
    for name in pointer.split("/")[1:]:
        target = target[name]
    return _inlined(target, document)


def _describe(error: ValidationError) -> str:
    # jsonschema's own messages quote the value, which may be a token or a password.
    field = ".".join(str(part) for part in error.absolute_path) or "the document"
    instance: Any = error.instance
    expected: Any = error.validator_value
    match error.validator:
        case "required":
            missing = next(name for name in expected if name not in instance)
            complaint = f"lacks {missing}"
        case "type":
            complaint = f"must be of type {expected if isinstance(expected, str) else ' or '.join(expected)}"
        case "enum":
            complaint = f"must be one of {', '.join(str(value) for value in expected)}"
        case "not" if "anyOf" in expected:
            unwanted = (option["required"][0] for option in expected["anyOf"])
            complaint = f"must not have {' and '.join(name for name in unwanted if name in instance)} in this request"
        case "dependentRequired":
            complaint = "lacks a field that comes together with another"
        case rule:
            schema: Any = error.schema
            wanted = schema.get("x-expected") or schema.get("description", f"what its {rule} says")
            complaint = f"must be {wanted}" if "x-expected" in schema else f"breaks its rule: {str(wanted).rstrip('.')}"
    return f"{field} {complaint}"


@cache
def known_fields(schema: str) -> frozenset[str]:
    """Return the names of the fields that the model ``schema`` has."""
    return frozenset(read_schema(schema)["properties"])
