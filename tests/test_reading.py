"""What strangers write is read with bounds: JSON, images, config files, versions, schemas."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.config.images import image_problems, image_size
from certification.config.partner import PartnerConfig, check_config, host_of, read_config, trial_config
from certification.contract.schema_files import read_schema, schema_names
from certification.contract.validation import is_valid, schema_errors
from certification.contract.versions import KNOWN_VERSIONS, NEWEST, at_least, only_known_fields
from certification.foundation.errors import CannotStart
from certification.foundation.strict_json import MAX_DEPTH, parse

# JSON

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@settings(deadline=None)
@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_json_is_read_as_it_was_written(value: Any, ascii_only: bool, indent: int | None) -> None:  # noqa: FBT001 - drawn
    parsed = parse(json.dumps(value, ensure_ascii=ascii_only, indent=indent))
    assert (parsed.value, parsed.error) == (value, "")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    parsed = parse(text)
    try:
        expected = json.loads(text, parse_constant=_no_constant)
    except ValueError:
        assert parsed.error
        assert parsed.value is None
    else:
        assert parsed.value == expected


def _no_constant(name: str) -> None:
    raise ValueError(name)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("NaN", "NaN is not JSON"),
        ('{"a": Infinity}', "Infinity is not JSON"),
        ("-Infinity", "-Infinity is not JSON"),
        ("[" * 10_000 + "]" * 10_000, "nested more than 100 levels deep"),
        ("[" * 10_000_000, "nested more than 100 levels deep"),
        ("1" * 5_000, "more than 400 digits"),
        ("", "the text is empty"),
        ("{} {}", "text follows after the JSON value: {} (line 1, column 4)"),
        ("{'a': 1}", "a key stands in single quotes"),
    ],
)
def test_what_is_not_json_says_why(text: str, error: str) -> None:
    parsed = parse(text)
    assert error in parsed.error
    assert parsed.value is None


def test_what_looks_deep_inside_a_string_is_not() -> None:
    assert parse(json.dumps("[" * 1000 + '"{')).error == ""
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH).error == ""


def test_irregularities_are_named_beside_the_value() -> None:
    parsed = parse('{"a": 1, "a": 2, "b": "\\ud800", "c": {"a": 1, "x": 1, "x": 2}}')
    assert parsed.value == {"a": 2, "b": "\ud800", "c": {"a": 1, "x": 2}}
    assert parsed.irregularities == (
        "the key 'x' stands twice in one object",
        "the key 'a' stands twice in one object",
        "a string holds half of a surrogate pair",
    )


def test_integers_keep_every_digit() -> None:
    assert parse("9223372036854775807").value == 2**63 - 1


# Images


def png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(head))
        + b"IHDR"
        + head
        + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    )


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (png(512, 128), (512.0, 128.0)),
        (b'<?xml version="1.0"?>\n<svg xmlns="x" width="400" height="100px"/>', (400.0, 100.0)),
        (b'<svg viewBox="0 0 42.5 10">', (42.5, 10.0)),
        (b"<svg viewBox='0,0,16,16' width='100%'>", (16.0, 16.0)),
        (b"<svg>", None),
        (b"GIF89a", None),
        (b"", None),
        (b"\x89PNG\r\n\x1a\n", None),
    ],
)
def test_the_size_of_an_image_is_read_from_its_head(tmp_path: Path, content: bytes, size: Any) -> None:
    path = tmp_path / "image"
    path.write_bytes(content)
    assert image_size(path) == size


def test_images_are_held_to_their_proportions(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(png(430, 100))
    (tmp_path / "icon.svg").write_text('<svg viewBox="0 0 24 24">')
    assert image_problems("logo.png", "icon.svg", tmp_path) == []
    (tmp_path / "logo.png").write_bytes(png(300, 100))
    (tmp_path / "icon.png").write_bytes(png(64, 64))
    assert image_problems("logo.png", "icon.png", tmp_path) == [
        "logo_file 'logo.png' is 300 x 100; width to height must lie between 4.0 and 4.5",
        "icon_file 'icon.png' is 64 px wide; it must have at least 128 px",
    ]
    (tmp_path / "icon.png").write_bytes(png(200, 100))
    (tmp_path / "logo.png").write_bytes(png(400, 0))
    assert len(image_problems("logo.png", "icon.png", tmp_path)) == 2
    missing = image_problems("none.png", "icon.txt", tmp_path)
    assert missing[0] == "logo_file 'none.png' was not found beside the config; its format was not checked"


# Config


def test_the_trial_config_is_a_valid_config() -> None:
    config = trial_config("https://api.partner.example:8443/v1")
    assert check_config(config.raw, "x").raw == config.raw
    assert config.hostnames == ("api.partner.example",)
    assert config.trial


def test_questions_to_a_config(good_config: dict[str, Any]) -> None:
    config = check_config(good_config, "partner.json")
    assert config.auth_options == ("AUTH_PAT",)
    assert config.sends_token
    assert not config.needs_oauth_redirect
    assert not config.offers("delete_account")
    assert config.path("connect") == "/connect"
    assert config.has("2.1.0")
    u2m = check_config({**good_config, "auth_options": ["AUTH_OAUTH_U2M"], "is_published_app": False}, "x")
    assert u2m.needs_oauth_redirect
    assert not u2m.sends_token
    assert not check_config({**u2m.raw, "is_published_app": True}, "x").needs_oauth_redirect


def problems(raw: Any) -> str:
    with pytest.raises(CannotStart) as stop:
        check_config(raw, "partner.json")
    return str(stop.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"auth_options": ["AUTH_PAT", "AUTH_OAUTH_M2M"]}, "field /auth_options"),
        ({"data_permissions": None}, "field /data_permissions"),
        ({"endpoints": {}}, "field /endpoints/connect_path"),
        ({"endpoints": {"connect_path": "/connect"}}, "delete-connection is required since API version 2.1.0"),
        ({"category": "INGEST"}, "Partners of category INGEST must list their connectors"),
        ({"logo_file": "logo.gif"}, "field /logo_file"),
        ({"resources_to_provision": [{"resource_type": "GPU"}]}, "field /resources_to_provision/0/resource_type"),
        ({"base_url": "partner.example"}, "field /base_url"),
    ],
)
def test_a_wrong_field_names_itself_and_what_is_allowed(
    good_config: dict[str, Any], change: dict[str, Any], said: str
) -> None:
    assert said in problems({**good_config, **change})


def test_one_kind_of_permission_is_needed(good_config: dict[str, Any]) -> None:
    del good_config["data_permissions"]
    assert "at least one of data_permissions, object_permissions" in problems(good_config)
    assert check_config({**good_config, "object_permissions": [{"name": "Job", "level": "CAN_RUN"}]}, "x")


def test_values_outside_their_version_are_pointed_out(good_config: dict[str, Any]) -> None:
    config = {**good_config, "api_version": "2.0.5", "auth_options": ["AUTH_PAT"]}
    notes = " ".join(check_config(config, "x").warnings)
    assert "'auth_options' came with API version 2.2.0, the config says 2.0.5" in notes


def test_hostnames_are_read_as_hosts_whatever_stands_around_them(good_config: dict[str, Any]) -> None:
    assert [host_of(name) for name in ("A.Example", "https://a.example:8443/x", " a.example ", "[::1")] == [
        "a.example",
        "a.example",
        "a.example",
        "[::1",
    ]
    notes = check_config({**good_config, "hostnames": ["https://a.example/x"]}, "x").warnings
    assert "it is read as 'a.example'" in notes[0]


def test_the_digest_of_a_config_does_not_depend_on_the_order_of_its_keys(good_config: dict[str, Any]) -> None:
    turned = dict(reversed(list(good_config.items())))
    assert PartnerConfig(good_config).digest == PartnerConfig(turned).digest
    assert PartnerConfig({**good_config, "name": "Other"}).digest != PartnerConfig(good_config).digest


def test_a_byte_order_mark_before_a_config_does_not_matter(tmp_path: Path, good_config: dict[str, Any]) -> None:
    path = tmp_path / "partner.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(good_config).encode())
    assert read_config(path).name == "Tested Partner"


# Versions and schemas


def test_versions_are_compared_as_numbers() -> None:
    assert at_least("2.10.0", "2.9.9")
    assert not at_least("2.0.4", "2.1.0")
    assert KNOWN_VERSIONS[-1] == NEWEST
    assert sorted(KNOWN_VERSIONS, key=lambda text: tuple(map(int, text.split(".")))) == list(KNOWN_VERSIONS)


def test_a_field_is_sent_only_to_versions_that_have_it() -> None:
    body = {"hostname": "h", "databricks_jdbc_url": "j", "service_principal_oauth_secret": "s", "catalog_name": "c"}
    assert set(only_known_fields("connect-request", "2.0.1", body)) == {"hostname"}
    assert set(only_known_fields("connect-request", "2.0.3", body)) == {"hostname", "catalog_name"}
    assert set(only_known_fields("connect-request", "2.1.0", body)) == {
        "hostname",
        "catalog_name",
        "databricks_jdbc_url",
    }
    assert only_known_fields("connect-request", "2.2.0", body) == body


def test_every_schema_is_a_valid_schema_with_a_description() -> None:
    from jsonschema import Draft202012Validator

    names = schema_names()
    assert {"connect-request", "connection", "error-response", "partner-config"} <= set(names)
    for name in names:
        schema = read_schema(name)
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["title"]
        assert schema["$id"].endswith(f"/{name}.json")


def test_all_errors_of_a_value_are_found_and_described() -> None:
    answer = {"redirect_uri": 1, "redirect_value": "signin", "user_status": None, "configured_resources": "true"}
    errors = {(error.pointer, error.expected, error.actual) for error in schema_errors("connection", answer)}
    assert ("/redirect_uri", "string", "number 1") in errors or ("/redirect_uri", "string", "integer 1") in errors
    assert ("/account_status", "the field is there", "it is missing") in errors
    assert ("/configured_resources", "boolean", 'string "true"') in errors
    assert len({pointer for pointer, _, _ in errors}) == 5
    assert not is_valid("connection", answer)


def test_a_missing_schema_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        read_schema("no-such-schema")
