"""What keeps a config from being used: each problem names field, what is there, and the remedy; secrets are never shown."""

from __future__ import annotations

from typing import Any

import pytest

from certification.config.hostnames import host_of
from certification.config.partner import PartnerConfig, check_config, trial_config
from certification.contract.versions import KNOWN_VERSIONS
from certification.foundation.errors import CannotStart

DETAIL = {
    "hostname": "w.cloud.databricks.com",
    "port": 443,
    "jdbc_url": "jdbc:spark://w",
    "databricks_jdbc_url": "jdbc:databricks://w",
    "http_path": "/sql/1",
    "cluster_id": "1",
}


def problems(raw: Any) -> list[str]:
    with pytest.raises(CannotStart) as stop:
        check_config(raw, "partner.json")
    return [str(problem) for problem in stop.value.problems]


def test_the_trial_config_is_a_valid_config() -> None:
    config = trial_config("https://api.partner.example:8443/v1")
    assert check_config(config.raw, "x").raw == config.raw
    assert config.hostnames == ("api.partner.example",)
    assert config.trial
    assert not config.ready_to_submit
    assert check_config(trial_config("http://partner:8080").raw, "x").hostnames == ("partner",)


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


def test_the_digest_of_a_config_does_not_depend_on_the_order_of_its_keys(good_config: dict[str, Any]) -> None:
    turned = dict(reversed(list(good_config.items())))
    assert PartnerConfig(good_config).digest == PartnerConfig(turned).digest
    assert PartnerConfig({**good_config, "name": "Other"}).digest != PartnerConfig(good_config).digest


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"auth_options": ["AUTH_PAT", "AUTH_OAUTH_M2M"]}, "field /auth_options"),
        ({"data_permissions": None}, "field /data_permissions: expected array, found null"),
        ({"data_permissions": []}, "at least one of data_permissions, object_permissions, and not empty"),
        ({"endpoints": {"delete_connection_path": "/d"}}, "field /endpoints/connect_path: expected the field is there"),
        ({"endpoints": {"connect_path": "/connect"}}, "delete-connection is required since API version 2.1.0"),
        ({"endpoints": "/connect"}, "field /endpoints: expected object"),
        ({"endpoints": {"connect_path": "connect", "delete_connection_path": "/d"}}, "a path that begins with /"),
        ({"category": "INGEST"}, "Partners of category INGEST must list their connectors"),
        ({"logo_file": "logo.gif"}, "field /logo_file: expected the name of a .png or .svg file"),
        ({"logo_file": "logo.svg\n"}, "field /logo_file"),
        ({"resources_to_provision": [{"resource_type": "GPU"}]}, "field /resources_to_provision/0/resource_type"),
        ({"base_url": "partner.example"}, "expected an address that begins with https:// or http://"),
        ({"base_url": "https://partner.example\n"}, "field /base_url"),
        ({"base_url": "https://partner.example?version=2"}, "has no user, query or fragment"),
        ({"base_url": "https://partner.example:99999"}, "a port from 1 to 65535"),
        ({"base_url": "https://:443"}, "expected an address with a host"),
        ({"sign_up_page": "partner.example/signup"}, "field /sign_up_page: expected an address that begins with"),
        ({"supported_clouds": []}, "field /supported_clouds: expected at least 1 in the list"),
        ({"hostnames": []}, "field /hostnames: expected at least 1 in the list"),
        (
            {"test_workspace_detail": {**DETAIL, "hostname": "https://w.example/"}},
            "hostname: the host of the workspace",
        ),
    ],
)
def test_a_wrong_field_names_itself_and_what_is_allowed(
    good_config: dict[str, Any], change: dict[str, Any], said: str
) -> None:
    found = problems({**good_config, **change})
    assert len(found) == 1, found
    assert said in found[0]
    assert "^" not in found[0]
    assert "\\" not in found[0].replace("\\n", "")


def test_one_kind_of_permission_is_needed(good_config: dict[str, Any]) -> None:
    one = {"object_permissions": [{"name": "Job", "level": "CAN_RUN"}]}
    assert check_config({**good_config, **one, "data_permissions": []}, "x")
    del good_config["data_permissions"]
    assert "at least one of data_permissions, object_permissions" in problems(good_config)[0]
    assert check_config({**good_config, **one}, "x")


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("2.3.0", "2.3.0 is newer than the newest version that this suite knows"),
        ("1.9.9", "older than any version"),
        ("2.1.9", "2.1.9 was never published"),
        ("2.2.0\n", 'without blanks and leading zeros, found "2.2.0\\n"'),
        ("02.02.00", 'without blanks and leading zeros, found "02.02.00"'),
        ("2.2." + "1" * 5000, "(5006 characters)"),
        ("2.1", "of the form major.minor.patch"),
        ("२.२.०", "of the form major.minor.patch"),
        (2.1, "found 2.1"),
        (None, "expected the field is there"),
    ],
)
def test_a_version_that_does_not_exist_names_those_that_do(
    good_config: dict[str, Any], version: Any, said: str
) -> None:
    (found,) = problems({**good_config, "api_version": version})
    assert "field /api_version" in found
    assert said in found
    assert f"Known versions: {', '.join(KNOWN_VERSIONS)}" in found
    assert len(found) < 400


def test_two_operations_need_two_paths(good_config: dict[str, Any]) -> None:
    endpoints = {"connect_path": "/api", "delete_connection_path": "/api", "delete_account_path": "/api"}
    (found,) = problems({**good_config, "endpoints": endpoints})
    assert "field /endpoints/delete_connection_path" in found
    assert 'found "/api", which connect_path has for POST too' in found


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("com", "a host name with a dot"),
        ("co.uk", "Under co.uk anybody has names"),
        ("github.io", "Under github.io anybody has names"),
        ("*.acorn.com", "Write acorn.com: its subdomains are allowed with it"),
        ("https://com/", "a host name with a dot"),
    ],
)
def test_a_host_that_lets_anybody_in_is_refused(good_config: dict[str, Any], host: str, said: str) -> None:
    (found,) = problems({**good_config, "hostnames": ["acorn.com", host]})
    assert "field /hostnames/1" in found
    assert said in found


@pytest.mark.parametrize("host", ["acorn.com", "localhost", "127.0.0.1", "[::1]", "acorn.co.uk", "acorn.github.io"])
def test_a_host_that_is_the_partners_own_is_allowed(good_config: dict[str, Any], host: str) -> None:
    assert check_config({**good_config, "hostnames": [host]}, "x").hostnames == (host,)


def test_hostnames_are_read_as_hosts_whatever_stands_around_them(good_config: dict[str, Any]) -> None:
    assert [host_of(name) for name in ("A.Example", "https://a.example:8443/x", " a.example ", "[::1")] == [
        "a.example",
        "a.example",
        "a.example",
        "[::1",
    ]
    notes = check_config({**good_config, "hostnames": ["https://a.example/x"]}, "x").warnings
    assert "it is read as 'a.example'" in notes[0]


@pytest.mark.parametrize(
    ("wrong", "path", "said"),
    [
        ("endpoint", "/endpoints", "'endpoint' stands in its place. Write endpoints."),
        ("hostname", "/hostnames", "'hostname' stands in its place"),
        ("Base-URL", "/base_url", "'Base-URL' stands in its place"),
    ],
)
def test_a_misspelt_key_is_named_with_the_one_that_was_meant(
    good_config: dict[str, Any], wrong: str, path: str, said: str
) -> None:
    good_config[wrong] = good_config.pop(path[1:])
    (found,) = problems(good_config)
    assert f"field {path}: the field is missing; {said}" in found


def test_a_misspelt_key_is_found_inside_lists_and_objects(good_config: dict[str, Any]) -> None:
    good_config["resources_to_provision"] = [{"resourcetype": "PAT"}]
    good_config["endpoints"]["conect_path"] = good_config["endpoints"].pop("connect_path")
    found = problems(good_config)
    assert any(
        "field /resources_to_provision/0/resource_type: the field is missing; 'resourcetype'" in each for each in found
    )
    assert any("field /endpoints/connect_path: the field is missing; 'conect_path'" in each for each in found)


SECRETS: list[tuple[dict[str, Any], str, str]] = [
    ({"basic_password": "hunter2x"}, "/basic_password", "hunter2x"),
    ({"basicPassword": "hunter2x"}, "/basicPassword", "hunter2x"),
    ({"auth": {"client_secret": "hunter2x"}}, "/auth/client_secret", "hunter2x"),
    ({"notes": [{"apiToken": "hunter2x"}]}, "/notes/0/apiToken", "hunter2x"),
    ({"base_url": "https://someone:hunter2x@acorn.com"}, "/base_url", "hunter2x"),
    ({"sign_up_page": "https://someone:hunter2x@acorn.com/"}, "/sign_up_page", "hunter2x"),
    ({"description_blurb": "use dapi" + "0123456789abcdef" * 2}, "/description_blurb", "dapi0123"),
    ({"header": "Basic c29tZW9uZTpodW50ZXIyeA=="}, "/header", "c29tZW9uZTpodW50ZXIyeA"),
    ({"header": "Bearer abcdef0123456789abcdef"}, "/header", "abcdef0123456789"),
    ({"test_workspace_detail": {**DETAIL, "jdbc_url": "jdbc:spark://w;UID=token;PWD=hunter2x"}}, "/test_workspace_detail/jdbc_url", "hunter2x"),
    ({"hostnames": {"basic_password": "hunter2x"}}, "/hostnames/basic_password", "hunter2x"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "place", "secret"), SECRETS, ids=[place for _, place, _ in SECRETS])
def test_a_credential_in_the_config_stops_the_start_and_is_not_repeated(
    good_config: dict[str, Any], change: dict[str, Any], place: str, secret: str
) -> None:
    found = problems({**good_config, **change})
    assert any(f"field {place}: it looks like" in each and "environment" in each for each in found)
    assert secret not in " ".join(found)


@pytest.mark.parametrize(
    "change",
    [
        {"description_blurb": "Basic permissions and Bearer documentation"},
        {"token_url": "https://acorn.com/token"},
        {"supports_token": True},
        {"object_permissions": [{"name": "Token", "level": "CAN_USE"}, {"name": "Password", "level": "CAN_USE"}]},
        {"test_workspace_detail": {**DETAIL, "jdbc_url": "jdbc:spark://w;UID=token;PWD=<personal-access-token>"}},
        {"password": ""},
    ],
)
def test_what_only_speaks_of_credentials_does_not_stop_the_start(
    good_config: dict[str, Any], change: dict[str, Any]
) -> None:
    assert check_config({**good_config, **change}, "x")


@pytest.mark.parametrize(
    ("hostname", "clouds"),
    [
        ("adb-12.3.azuredatabricks.net", ("azure",)),
        ("12.gcp.databricks.com", ("aws", "azure")),
        ("acme.cloud.databricks.com", ("aws",)),
        ("databricks.acme.example", ("aws", "azure")),
    ],
)
def test_a_real_workspace_is_in_one_cloud(hostname: str, clouds: tuple[str, ...]) -> None:
    raw = {"supported_clouds": ["aws", "azure"], "test_workspace_detail": {"hostname": hostname}}
    assert PartnerConfig(raw).clouds == clouds
