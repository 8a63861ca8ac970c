"""The schemas: valid, described, in one vocabulary, and the same wherever they speak of the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for
from referencing import Registry, Resource

from certification.contract.fields import FIRST_VERSION, fields, plain_values
from certification.contract.operations import OPERATIONS
from certification.contract.schema_files import read_schema, schema_names
from certification.contract.validation import is_valid, schema_errors
from certification.contract.versions import (
    KNOWN_VERSIONS,
    NEWEST,
    at_least,
    field_versions,
    parse_version,
    required_fields,
)

ANSWERS = ["error-response", *(row.answer_schema for row in OPERATIONS.values() if row.answer_schema)]
REQUESTS = [row.request_schema for row in OPERATIONS.values() if row.request_schema]


def inside(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for inner in schema.values():
            yield from inside(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from inside(inner)


@pytest.mark.parametrize("name", schema_names())
def test_every_schema_is_valid_described_and_in_the_vocabulary(name: str) -> None:
    schema = read_schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"]
    assert schema["$id"].endswith(f"/{name}.json")
    vocabulary = read_schema("vocabulary")
    registry: Registry[Any] = Registry().with_resource(vocabulary["$id"], Resource.from_contents(vocabulary))
    validator = validator_for(vocabulary)(vocabulary, registry=registry)
    assert [error.message for error in validator.iter_errors(schema)] == []


@pytest.mark.parametrize("wrong", [{"x-sinec": "2.1.0"}, {"x-since": "2.1"}, {"x-since": "2.1.0\n"}, {"x-expected": 1}])
def test_the_vocabulary_knows_no_other_keyword(wrong: dict[str, Any]) -> None:
    assert is_valid("vocabulary", {"type": "object", "properties": {"a": {"type": "string", "x-since": "2.1.0"}}})
    assert not is_valid("vocabulary", {"type": "object", "properties": {"a": {"type": "string", **wrong}}})


@pytest.mark.parametrize(
    "name", [*REQUESTS, *ANSWERS, "user-info", "auth", "test-result", "connector", "partner-config", "common"]
)
def test_no_pattern_lets_a_line_break_at_the_end_pass_and_each_says_in_words_what_it_wants(name: str) -> None:
    rules = [rule for rule in inside(read_schema(name)) if isinstance(rule.get("pattern"), str)]
    for rule in rules:
        assert not re.search(r"(?<!\\)\$(?!\(\?!\\n\))", rule["pattern"]), rule
        assert rule["x-expected"], rule


def test_every_reference_leads_somewhere() -> None:
    for name in schema_names():
        for rule in inside(read_schema(name)):
            document, _, place = str(rule.get("$ref", "")).partition("#")
            target: Any = read_schema(document.removesuffix(".json") if document and "//" not in document else name)
            for part in place.split("/")[1:] if "//" not in document else ():
                target = target[part]


def test_shared_definitions_say_the_same_everywhere() -> None:
    cloud = read_schema("common")["$defs"]["cloud"]["enum"]
    assert read_schema("partner-config")["$defs"]["cloud"]["enum"] == cloud
    # An editor reads this schema alone.
    assert all("common" not in str(rule.get("$ref")) for rule in inside(read_schema("partner-config")))


def test_all_errors_of_a_value_are_found_and_described() -> None:
    answer = {"redirect_uri": 1, "redirect_value": "signin", "user_status": None, "configured_resources": "true"}
    errors = {(error.pointer, error.expected, error.actual) for error in schema_errors("connection", answer)}
    assert ("/redirect_uri", "string", "integer 1") in errors
    assert ("/account_status", "the field is there", "it is missing") in errors
    assert ("/configured_resources", "boolean", 'string "true"') in errors
    assert len({pointer for pointer, _, _ in errors}) == 5
    assert not is_valid("connection", answer)


def test_a_missing_schema_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        read_schema("no-such-schema")


# Versions


def test_versions_are_compared_as_numbers() -> None:
    assert at_least("2.10.0", "2.9.9")
    assert not at_least("2.0.4", "2.1.0")
    assert list(KNOWN_VERSIONS) == sorted(KNOWN_VERSIONS, key=parse_version)
    assert (KNOWN_VERSIONS[0], KNOWN_VERSIONS[-1]) == (FIRST_VERSION, NEWEST)


@pytest.mark.parametrize("text", ["2.2.0\n", "02.2.0", "2.2", "2.2.0.1", "", "a.b.c", "२.२.०", "1" * 5000, "-1.0.0"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"major\.minor\.patch"):
        parse_version(text)


def test_every_field_says_which_version_brought_it() -> None:
    assert field_versions("connect-request") == {
        "databricks_jdbc_url": "2.0.4",
        "cloud_provider_region": "2.1.1",
        "catalog_name": "2.0.3",
        "is_sql_warehouse": "2.0.4",
        "service_principal_id": "2.0.3",
        "service_principal_oauth_secret": "2.2.0",
        "oauth_u2m_app_id": "2.2.0",
        "connection_scope": "2.1.0",
    }
    place = ["cloud_provider", "databricks_organization_id"]
    assert field_versions("connection-info") == dict.fromkeys(place, "2.0.2")
    assert field_versions("delete-connection-request") == dict.fromkeys([*place, "user_info"], "2.1.0")
    assert field_versions("connection") == {"oauth_redirect_uri": "2.2.0"}
    versions = {
        since
        for name in schema_names()
        for rule in inside(read_schema(name))
        if isinstance(since := rule.get("x-since"), str)
    }
    assert versions <= set(KNOWN_VERSIONS)


def test_a_field_is_required_from_its_version_on() -> None:
    assert required_fields("delete-connection-request", "2.0.5") == ("connection_id",)
    old = {"connection_id": "c"}
    assert schema_errors("delete-connection-request", old, "2.0.5") == []
    assert [error.name for error in schema_errors("delete-connection-request", old)] == [
        "cloud_provider",
        "databricks_organization_id",
    ]
    # What is there must be right, whatever the version: there is one Databricks that reads it.
    wrong = {"connection_id": "c", "cloud_provider": "moon"}
    assert [error.pointer for error in schema_errors("delete-connection-request", wrong, "2.0.5")] == [
        "/cloud_provider"
    ]


# Requests


@pytest.mark.parametrize("schema", [*REQUESTS, "user-info"])
def test_plain_values_and_examples_are_right_for_their_fields(schema: str) -> None:
    for field in fields(schema).values():
        rule = read_schema(schema)["properties"][field.name]
        for value in (*field.plain, *field.examples):
            document = {"$id": "https://partner-connect-certification.example/schemas/one-field.json", **rule}
            assert "$ref" in rule or Draft202012Validator(document).is_valid(value), (field.name, value)


def test_fields_of_an_auth_option_belong_to_partners_that_have_it() -> None:
    plain = plain_values("connect-request")
    assert plain == {
        "is_free_trial": False,
        "catalog_name": "main",
        "service_principal_id": "5f3a9c1e-7b2d-4c60-9e15-8d4b6a70c2f1",
        "connection_scope": "workspace",
    }
    m2m = plain_values("connect-request", ["AUTH_OAUTH_M2M"])
    assert set(m2m) - set(plain) == {"service_principal_oauth_secret"}
