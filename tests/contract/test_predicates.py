"""Whether a value satisfies a schema is said as jsonschema says it, whatever the schema and the value."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from jsonschema import Draft202012Validator

from certification.contract.predicates import compiled
from certification.contract.validators import linked_predicates

VALUES: list[Any] = [
    *(None, True, False, 0, 1, -1, 3, 2**63, 1.0, 1.5, float("inf"), "", "a", "abc", "ß\n", "1", "true"),
    *([], [1], ["a"], [None, "a", 1.5], ["a", "a", "a"], {}, {"a": 1}, {"a": "abc"}, {"b": None}),
    *({"a": "a", "b": 1}, {"a": None, "b": "abc", "c": []}, {"a": {"b": "a"}}, {"a": {"b": 1}, "c": [[1]]}),
]

SCHEMAS: list[dict[str, Any]] = [
    {},
    {"title": "nothing asked", "x-since": "2.0.0"},
    *({"type": name} for name in ("null", "boolean", "integer", "number", "string", "array", "object")),
    {"type": ["string", "null"]},
    {"properties": {"a": {"type": "string"}, "b": {"type": "integer"}}},
    {"properties": {"a": {"properties": {"b": {"minLength": 1, "type": "string"}}, "required": ["b"]}}},
    {"required": ["a", "b"]},
    {"dependentRequired": {"a": ["b"], "c": ["a", "b"]}},
    {"items": {"type": "string"}},
    {"enum": ["a", "abc", ""]},
    {"const": "abc"},
    {"pattern": "^[a-z]+$"},
    {"minLength": 1, "maxLength": 2},
    {"minItems": 2},
    {"minimum": 0, "maximum": 3},
    {"allOf": [{"required": ["a"]}, {"properties": {"a": {"type": "string"}}}]},
    {"anyOf": [{"required": ["a"]}, {"type": "string"}]},
    {"not": {"required": ["b"]}},
    {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"type": ["string", "object"]}},
    {"if": {"type": "object"}, "then": {"required": ["b"]}},
    {"then": {"required": ["b"]}},
]

LEFT_TO_JSONSCHEMA: list[dict[str, Any]] = [
    {"enum": [1, None, "a"]},
    {"const": True},
    {"uniqueItems": True},
    {"properties": {"a": {"type": "string"}}, "additionalProperties": False},
    {"items": {"multipleOf": 2}},
    {"anyOf": [{"maxProperties": 1}, {"type": "null"}]},
]


def by_jsonschema(schema: Any) -> Any:
    return Draft202012Validator(schema).is_valid


def nobody(_: Any) -> NoReturn:
    pytest.fail("this needs nobody else")


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
def test_rules_mean_what_they_mean_to_jsonschema(schema: dict[str, Any]) -> None:
    own = compiled(schema, nobody, nobody)
    assert [own(value) for value in VALUES] == [by_jsonschema(schema)(value) for value in VALUES]


@pytest.mark.parametrize("schema", LEFT_TO_JSONSCHEMA, ids=str)
def test_rules_that_are_not_known_are_left_to_jsonschema(schema: dict[str, Any]) -> None:
    asked: list[Any] = []
    own = compiled(schema, nobody, lambda part: asked.append(part) or by_jsonschema(part))
    assert [own(value) for value in VALUES] == [by_jsonschema(schema)(value) for value in VALUES]
    assert asked


def test_references_are_followed_also_in_circles() -> None:
    base = "https://partner-connect-certification.example/schemas/"
    tree = {"$id": f"{base}tree.json", "required": ["name"], "properties": {"below": {"$ref": "#/$defs/list"}}}
    tree["$defs"] = {"list": {"type": "array", "items": {"$ref": "tree.json"}}}
    holds = linked_predicates({"tree": tree}.__getitem__)("tree")
    assert holds({"name": "a", "below": [{"name": "b", "below": []}]})
    assert not holds({"name": "a", "below": [{"name": "b", "below": [{}]}]})
