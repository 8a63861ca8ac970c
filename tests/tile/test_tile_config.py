"""The tile config follows from the partner config, with reasons; a wrong one is refused with all its problems at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from certification.config.partner import PartnerConfig
from certification.contract.validation import is_valid
from certification.foundation.errors import CannotStart
from certification.reference import default_config
from certification.tile.proposal import propose
from certification.tile.rules import check_tile, read_tile

PUBLIC = {
    "base_url": "https://api.acorn.com/v1/",
    "sign_up_page": "https://acorn.com/signup",
    "privacy_policy": "https://acorn.com/privacy",
    "terms_of_service": "https://acorn.com/terms",
    "hostnames": ["acorn.com", "acorn.eu"],
    "auth_options": ["AUTH_PAT"],
}


def partner(**changes: Any) -> PartnerConfig:
    return PartnerConfig({**default_config(), **PUBLIC, **changes})


def resources(*names: str) -> list[dict[str, str]]:
    return [{"resource_type": name} for name in names]


def permissions(*names: str) -> list[dict[str, str]]:
    return [{"permission": name} for name in names]


def wrong(**changes: Any) -> list[str]:
    """The problems of a right tile config with ``changes``; None takes a field away."""
    tile = {**propose(partner()).config["partner"], **changes}
    tile = {name: value for name, value in tile.items() if value is not None}
    with pytest.raises(CannotStart) as raised:
        check_tile({"partner": tile}, "tile.json")
    return [str(problem) for problem in raised.value.problems]


def test_everything_that_follows_from_the_partner_config_is_derived() -> None:
    config = propose(
        partner(resources_to_provision=resources("SqlEndpoint", "PAT"), data_permissions=permissions("SELECT"))
    ).config
    paths = default_config()["endpoints"]
    assert is_valid("tile-config", config)
    assert config["partner"] == {
        "name": default_config()["name"],
        "category": default_config()["category"],
        "connect_url": f"https://api.acorn.com/v1{paths['connect_path']}",
        "delete_url": f"https://api.acorn.com/v1{paths['delete_connection_path']}",
        "sign_up_url": "https://acorn.com/signup",
        "terms_of_service_url": "https://acorn.com/terms",
        "privacy_policy_url": "https://acorn.com/privacy",
        "hostnames": "acorn.com,acorn.eu",
        "integration_type": "WAREHOUSE_READ",
        "auth_options": ["AUTH_PAT"],
    }
    assert check_tile(config, "x").warnings == ()


@pytest.mark.parametrize(
    ("changes", "kind", "sure"),
    [
        ({"resources_to_provision": resources("InteractiveCluster", "PAT")}, "CLUSTER_COMPUTE", True),
        ({"resources_to_provision": resources("InteractiveCluster", "SqlEndpoint")}, "CLUSTER_COMPUTE", False),
        ({"resources_to_provision": resources("SqlEndpoint"), "data_permissions": permissions("SELECT", "USE_CATALOG")}, "WAREHOUSE_READ", True),
        ({"resources_to_provision": resources("SqlEndpoint"), "data_permissions": permissions("CREATE_TABLE", "MODIFY")}, "WAREHOUSE_WRITE", True),
        ({"resources_to_provision": resources("SqlEndpoint"), "data_permissions": permissions("SELECT", "CREATE")}, "WAREHOUSE_READ_WRITE", True),
        ({"resources_to_provision": resources("SqlEndpoint"), "data_permissions": permissions("ALL PRIVILEGES")}, "WAREHOUSE_READ_WRITE", True),
        ({"resources_to_provision": resources("SqlEndpoint"), "data_permissions": permissions("MODIFY_CLASSPATH")}, "WAREHOUSE_READ", False),
        ({"resources_to_provision": resources("SqlEndpoint"), "data_permissions": []}, "WAREHOUSE_READ", False),
        ({"resources_to_provision": resources("PAT"), "object_permissions": [{"name": "Job", "level": "CAN_RUN"}], "data_permissions": []}, "WORKSPACE_MANAGEMENT", True),
        ({"resources_to_provision": resources("PAT"), "data_permissions": permissions("SELECT")}, "WORKSPACE_MANAGEMENT", False),
        ({"resources_to_provision": []}, "NO_INTEGRATION", True),
    ],
)  # fmt: skip
def test_the_integration_type_is_proposed_with_its_reason(changes: dict[str, Any], kind: str, *, sure: bool) -> None:
    proposal = propose(partner(**{"object_permissions": [], **changes}))
    assert (proposal.integration_type.value, proposal.integration_type.sure) == (kind, sure)
    assert proposal.integration_type.reason
    assert propose(partner(**changes), "WAREHOUSE_WRITE").config["partner"]["integration_type"] == "WAREHOUSE_WRITE"


def test_features_are_proposed_and_can_be_set() -> None:
    asks = partner(
        resources_to_provision=resources("SqlEndpoint", "DestLocation"), data_permissions=permissions("CREATE_TABLE")
    )
    assert propose(asks).config["partner"]["supported_features"] == ["UNITY_CATALOG", "EXTERNAL_LOCATION"]
    assert propose(asks, features=["NON_ADMIN"]).config["partner"]["supported_features"] == ["NON_ADMIN"]
    assert "supported_features" not in propose(asks, features=[]).config["partner"]


def test_all_problems_are_told_at_once() -> None:
    said = wrong(
        hostnames=None,
        hostname="acorn.com",
        category="SPORTS",
        colour="red",
        auth_options=["AUTH_PAT", "AUTH_OAUTH_M2M"],
    )
    for text in (
        "the sample of Databricks' tool says hostname, which is a mistake",
        "field /partner/hostname: there is no such field. It is called hostnames.",
        "field /partner/category: expected one of",
        "field /partner/colour: there is no such field. Known are name, category",
        "AUTH_OAUTH_M2M and AUTH_PAT exclude each other",
    ):
        assert any(text in each for each in said), text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"connect_url": "http://api.acorn.com/connect"}, "Databricks calls https only"),
        ({"connect_url": "https://localhost/connect"}, "a workspace cannot reach localhost. A workspace reaches public addresses only: publish"),
        ({"delete_url": "https://10.1.2.3/delete"}, "a workspace cannot reach 10.1.2.3"),
        ({"connect_url": "https://me:hunter2@acorn.com/connect"}, "the address holds a user name or password"),
        ({"connect_url": "https://[::1/connect"}, "is no address"),
        ({"hostnames": "acorn.com, acorn.eu"}, "host names in one string, with commas and no blanks between"),
        ({"hostnames": ["acorn.com"]}, "expected string"),
        ({"supported_features": ["EXTERNAL_LOCATION"], "integration_type": "WAREHOUSE_READ"}, "EXTERNAL_LOCATION is for partners that write data"),
        ({"supported_features": ["MAGIC"]}, 'one of "UNITY_CATALOG"'),
        ({"name": ""}, "a string that is not empty"),
    ],
)  # fmt: skip
def test_what_a_workspace_would_stumble_over_is_refused(changes: dict[str, Any], text: str) -> None:
    said = wrong(**changes)
    assert any(text in each for each in said), said
    assert not any("hunter2" in each for each in said)


def test_a_workspace_on_this_machine_reaches_this_machine() -> None:
    config = propose(partner(base_url="http://localhost:8000")).config
    assert check_tile(config, "x", near=True).config == config
    with pytest.raises(CannotStart):
        check_tile(config, "x")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"supported_features": ["NON_ADMIN"]}, "ask Databricks before you use it"),
        (
            {"supported_features": ["NON_ADMIN"], "auth_options": ["AUTH_OAUTH_M2M"]},
            "AUTH_OAUTH_M2M falls back to AUTH_PAT",
        ),
        ({"sign_up_url": "http://acorn.com"}, "sign_up_url http://acorn.com is no public https address"),
    ],
)
def test_what_works_otherwise_than_expected_is_noted(changes: dict[str, Any], text: str) -> None:
    tile = {**propose(partner()).config["partner"], **changes}
    assert any(text in each for each in check_tile({"partner": tile}, "tile.json").warnings)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe", "cannot be read: it is not UTF-8"),
        (b"[]", "expected object"),
        (b'{"tile": {}}', "the field is there, found it is missing"),
        (b'{"partner": []}', "expected object"),
        (b"[" * 100_000, "is not JSON"),
        (b" " * 2_000_000, "far too large"),
    ],
    ids=["cut off", "not UTF-8", "list", "foreign", "no object", "deep", "large"],
)
def test_a_foreign_file_is_refused_in_words(tmp_path: Path, content: bytes, text: str) -> None:
    path = tmp_path / "tile.json"
    path.write_bytes(content)
    with pytest.raises(CannotStart, match=text):
        read_tile(path)


def test_a_file_of_databricks_own_tool_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "tile.json"
    config = propose(partner()).config
    path.write_text(json.dumps(config), encoding="utf-8-sig")
    assert read_tile(path).config == config
