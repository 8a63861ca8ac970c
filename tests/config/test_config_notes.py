"""What is noticed about a valid config, and what a submission would still lack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from certification.config.partner import check_config

PUBLIC = {
    "base_url": "https://api.acorn.com/v1",
    "hostnames": ["acorn.com"],
    "sign_up_page": "https://acorn.com/signup",
    "privacy_policy": "https://acorn.com/privacy",
    "terms_of_service": "https://acorn.com/terms",
}


def noted(raw: dict[str, Any], folder: Path | None = None) -> dict[str, str]:
    return {note.code: note.text for note in check_config(raw, "x", folder=folder).notes}


def test_a_public_config_with_its_images_is_ready(good_config: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text('<svg viewBox="0 0 42 10"/>', encoding="utf-8")
    (tmp_path / "icon.svg").write_text('<svg viewBox="0 0 10 10"/>', encoding="utf-8")
    config = check_config({**good_config, **PUBLIC}, "x", folder=tmp_path)
    assert config.notes == ()
    assert config.ready_to_submit


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"base_url": "http://api.acorn.com"}, "base-url-http"),
        ({"base_url": "http://localhost:8000"}, "base-url-local"),
        ({"base_url": "https://10.0.0.3"}, "base-url-local"),
        ({"base_url": "https://partner.internal"}, "base-url-local"),
        ({"privacy_policy": "http://acorn.com/privacy"}, "page-http"),
        ({"terms_of_service": "https://127.0.0.1/terms"}, "page-local"),
    ],
)
def test_an_address_that_databricks_cannot_use_is_not_ready(
    good_config: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    config = check_config({**good_config, **PUBLIC, **change}, "x")
    assert [note.code for note in config.notes] == [code]
    assert not config.ready_to_submit
    assert next(iter(change)) in config.before_submission[0]


def test_missing_images_are_not_ready(good_config: dict[str, Any], tmp_path: Path) -> None:
    config = check_config({**good_config, **PUBLIC}, "x", folder=tmp_path)
    assert [note.code for note in config.notes] == ["image-missing", "image-missing"]
    assert not config.ready_to_submit


def test_unknown_fields_are_kept_and_named_with_what_was_meant(good_config: dict[str, Any]) -> None:
    raw = {**good_config, "suport_demo": True, "colour": "red", "$schema": "./partner-config.schema.json"}
    raw["endpoints"]["test_conection_path"] = "/t"
    raw["data_permissions"] = [{"permission": "SELECT", "why": "to read"}]
    texts = [note.text for note in check_config(raw, "x").notes if note.code == "unknown-field"]
    assert texts == [
        "unknown field 'endpoints.test_conection_path' is kept and ignored; did you mean 'test_connection_path'?",
        "unknown field 'data_permissions[0].why' is kept and ignored; is it misspelt?",
        "unknown field 'suport_demo' is kept and ignored; did you mean 'supports_demo'?",
        "unknown field 'colour' is kept and ignored; is it misspelt?",
    ]


def test_values_outside_their_version_are_pointed_out(good_config: dict[str, Any]) -> None:
    raw = {
        **good_config,
        "api_version": "2.0.4",
        "auth_options": ["AUTH_PAT"],
        "data_permissions": [{"permission": "USE_SCHEMA"}],
    }
    texts = [note.text for note in check_config(raw, "x").notes if note.code == "newer-than-version"]
    assert texts == [
        "'auth_options' came with API version 2.2.0, the config says 2.0.4; the field is ignored by Databricks",
        "permission 'USE_SCHEMA' came with API version 2.0.5, the config says 2.0.4",
    ]


def test_notes_are_sentences_that_name_the_file(good_config: dict[str, Any]) -> None:
    config = check_config({**good_config, **PUBLIC, "colour": "red"}, "partner.json")
    assert config.warnings == ("partner.json: unknown field 'colour' is kept and ignored; is it misspelt?",)
