"""What the schemas say about single fields: type, versions, and the values that requests carry.

The keywords beside those of JSON Schema are explained in ``schemas/vocabulary.json``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from certification.contract.schema_files import read_schema

FIRST_VERSION = "2.0.0"
"""Version of what no ``x-since`` stands beside."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a model."""

    name: str
    types: tuple[str, ...]
    """Types of JSON Schema that a value may have."""
    required: bool
    """Whether the newest version of the API requires it."""
    since: str
    """API version that brought it."""
    required_since: str
    """API version from which on it is required, if it is required."""
    model: str
    """Schema of the value when it is another model; else empty."""
    plain: tuple[Any, ...]
    """The value that a plain request carries, or nothing."""
    examples: tuple[Any, ...]
    """Further values that Databricks could send."""
    auth_option: str
    """The auth option that it belongs to, or empty."""


@cache
def fields(schema: str) -> Mapping[str, Field]:
    """Return the fields of the model ``schema`` by name, in the order of the schema."""
    document = read_schema(schema)
    required = document.get("required", ())
    return {
        name: _field(schema, name, rule, required=name in required) for name, rule in document["properties"].items()
    }


def model_since(schema: str) -> str:
    """Return the API version that brought the model ``schema`` as a whole."""
    return str(read_schema(schema).get("x-since", FIRST_VERSION))


def plain_values(schema: str, auth_options: Collection[str] = ()) -> dict[str, Any]:
    """Return the fields of ``schema`` that every plain request carries with a constant value.

    Those that belong to an auth option are among them only for a partner that has the option.
    """
    return {
        field.name: field.plain[0]
        for field in fields(schema).values()
        if field.plain and (not field.auth_option or field.auth_option in auth_options)
    }


def resolved(rule: dict[str, Any], schema: str) -> dict[str, Any]:
    """Return ``rule`` of ``schema`` with the definition that it refers to, if it does; what stands beside a reference counts."""
    document, mark, name = str(rule.get("$ref", "")).partition("#/$defs/")
    if not mark:
        return rule
    definition: dict[str, Any] = read_schema(document.removesuffix(".json") or schema)["$defs"][name]
    return definition | rule


def _field(schema: str, name: str, rule: dict[str, Any], *, required: bool) -> Field:
    whole = resolved(rule, schema)
    reference = str(rule.get("$ref", ""))
    model = reference.removesuffix(".json") if reference and "#" not in reference else ""
    types = "object" if model else whole.get("type", "string")
    since = whole.get("x-since", FIRST_VERSION)
    return Field(
        name,
        (types,) if isinstance(types, str) else tuple(types),
        required,
        since,
        whole.get("x-required-since", since),
        model,
        (whole["x-plain"],) if "x-plain" in whole else (),
        tuple(whole.get("examples", ())),
        whole.get("x-auth-option", ""),
    )
