"""The file of a config: JSON or TOML is read, everything else is told what it is and what to write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from certification.config.partner import read_config
from certification.foundation.errors import CannotStart

TOML = """
api_version = "2.2.1"
name = "Acorn"
description_blurb = "Dashboards"
category = "BI_AND_VIZ"
base_url = "https://api.acorn.com"
sign_up_page = "https://acorn.com/signup"
privacy_policy = "https://acorn.com/privacy"
terms_of_service = "https://acorn.com/terms"
logo_file = "logo.svg"
icon_file = "icon.svg"
supported_clouds = ["aws"]
hostnames = ["acorn.com"]
new_user_action = "auto_add"
resources_to_provision = [{ resource_type = "PAT" }]
data_permissions = [{ permission = "SELECT" }]

[endpoints]
connect_path = "/connect"
delete_connection_path = "/delete"
"""


def refusal(path: Path) -> str:
    with pytest.raises(CannotStart) as stop:
        read_config(path)
    return str(stop.value)


def test_toml_is_read(tmp_path: Path) -> None:
    path = tmp_path / "partner.toml"
    path.write_text(TOML, encoding="utf-8")
    config = read_config(path)
    assert (config.name, config.path("delete_connection")) == ("Acorn", "/delete")
    assert json.loads(json.dumps(config.raw)) == config.raw


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "the file is not TOML"),
        ("a = " + "[" * 5000 + "]" * 5000, "the file is not TOML: nested too deeply"),
        (f"{TOML}\nstarted = 2024-01-01", "a date, a time or a number that JSON does not have"),
        (f"{TOML}\nratio = inf", "a date, a time or a number that JSON does not have"),
    ],
)
def test_toml_that_is_no_config_says_why(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "partner.toml"
    path.write_text(text, encoding="utf-8")
    assert said in refusal(path)


@pytest.mark.parametrize("name", ["partner.yaml", "partner.yml", "partner.json"])
def test_yaml_is_refused_with_the_json_to_write(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(
        "# ours\nname: Acorn\nbase_url: https://api.acorn.com\nhostnames:\n  - acorn.com\n", encoding="utf-8"
    )
    said = refusal(path)
    assert "this is YAML, and a partner config is JSON" in said
    assert 'Write the same as {"name": …, "base_url": …, "hostnames": …}' in said


def test_a_byte_order_mark_before_a_config_does_not_matter(tmp_path: Path, good_config: dict[str, Any]) -> None:
    path = tmp_path / "partner.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(good_config).encode())
    assert read_config(path).name == "Tested Partner"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b" " * 1_000_001, "more than 1,000,000 bytes"),
        (b'{"name": "\xe9"}', "not UTF-8 (byte 10 is 0xe9)"),
        (b'["a list"]', "does not hold a JSON object"),
        (b"", "the file is not JSON"),
        (b'{"name": NaN}', "NaN is not JSON"),
    ],
)
def test_a_file_that_is_no_config_says_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "partner.json"
    path.write_bytes(content)
    assert said in refusal(path)


def test_what_is_irregular_in_the_file_becomes_a_note(tmp_path: Path, good_config: dict[str, Any]) -> None:
    path = tmp_path / "partner.json"
    path.write_text(json.dumps(good_config)[:-1] + ', "name": "Again"}', encoding="utf-8")
    notes = read_config(path).notes
    assert [note.text for note in notes if note.code == "irregular"] == ["the key 'name' stands twice in one object"]
