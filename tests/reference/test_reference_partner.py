"""What the correct partner refuses, keeps apart and keeps to itself."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from reference_databricks import CLUSTER, PASSWORD, TOKEN, USER, WAREHOUSE, Answer, Databricks, Line, Someone, basic

from certification.reference import create_app, default_config


class Setting:
    def __init__(self, **config: Any) -> None:
        self.config = {**default_config(), **config}
        self.line = Line(create_app(self.config, USER, PASSWORD), self.config)
        self.databricks = Databricks(self.config)
        self.ada = Someone("ada@firm.example", 7, 11)

    def call(self, operation: str, body: Any = None, **options: Any) -> Answer:
        return asyncio.run(self.line.api(operation, body, **options))

    def connect(self, who: Someone, **more: Any) -> Any:
        answer = self.call("connect", self.databricks.connect(who, **more))
        assert answer.status == 200, answer.body
        return answer.json()

    def sign_in(self, who: Someone, connection_id: str) -> Answer:
        return self.call("connect", self.databricks.sign_in(who, connection_id))

    def complaint(self, body: Any, operation: str = "connect") -> str:
        answer = self.call(operation, body)
        assert answer.status == 400
        content = answer.json()
        assert content["error_reason"] == "bad_request"
        return str(content["debugging_message"])


def changed(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(body))
    *parents, name = path.split(".")
    target = copy
    for parent in parents:
        target = target[parent]
    if value is ...:
        del target[name]
    else:
        target[name] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("hostname", ..., "lacks hostname"),
        ("user_info.email", ..., "user_info lacks email"),
        ("user_info.email", "nobody", "user_info.email must be an e-mail address"),
        ("user_info.auth", ..., "auth"),
        ("port", "443", "port must be of type integer"),
        ("port", 443.0, "port must be of type integer"),
        ("port", 2**31, "port must be a port number"),
        ("workspace_id", 2**63, "workspace_id must be an int64 that is not negative"),
        ("workspace_id", 12, "must be the same number"),
        ("cloud_provider", "gpc", "cloud_provider must be one of aws, azure, gcp"),
        ("connection_id", "x", "must not have connection_id"),
        ("service_principal_id", "no-uuid", "service_principal_id must be a UUID"),
        ("service_principal_oauth_secret", "s", "needs AUTH_OAUTH_M2M"),
        ("oauth_u2m_app_id", "0a0b0c0d-0e0f-4a0b-8c0d-0e0f0a0b0c0d", "needs AUTH_OAUTH_U2M"),
        ("user_info.auth.personal_access_token", ..., "personal_access_token must be present"),
        ("user_info.auth.personal_access_token", None, "personal_access_token must be present"),
        ("http_path", ..., "http_path"),
        ("databricks_jdbc_url", ..., "databricks_jdbc_url"),
        ("is_sql_warehouse", ..., "is_sql_warehouse"),
        ("is_sql_endpoint", False, "must not have http_path and jdbc_url"),
    ],
)
def test_what_databricks_never_sends_is_refused_with_the_reason(path: str, value: Any, words: str) -> None:
    setting = Setting()
    complaint = setting.complaint(changed(setting.databricks.connect(setting.ada), path, value))
    assert words in complaint
    assert TOKEN not in complaint


@pytest.mark.parametrize("version", ["2.0.1", "2.0.5", "2.1.1"])
def test_todays_requests_are_accepted_whatever_version_the_config_names(version: str) -> None:
    setting = Setting(api_version=version, auth_options=["AUTH_OAUTH_M2M"])
    newer = {"catalog_name": "main", "connection_scope": "user", "cloud_provider_region": "us-west-2"}
    connection_id = setting.connect(setting.ada, **newer)["connection_id"]
    body = setting.databricks.delete(setting.ada, connection_id, user=True)
    assert setting.call("delete", body).json() == {"resource_status": "resources_deleted"}


@pytest.mark.parametrize("version", ["2.0.1", "2.2.0"])
@pytest.mark.parametrize("operation", ["delete", "test"])
@pytest.mark.parametrize("field", ["cloud_provider", "databricks_organization_id"])
def test_fields_that_databricks_always_sends_are_asked_for(version: str, operation: str, field: str) -> None:
    setting = Setting(api_version=version)
    connection_id = setting.connect(setting.ada)["connection_id"]
    assert field in setting.complaint(
        changed(setting.databricks.test(setting.ada, connection_id), field, ...), operation
    )


def test_secret_that_the_config_calls_for_is_asked_for() -> None:
    setting = Setting(api_version="2.1.1", auth_options=["AUTH_OAUTH_M2M"])
    body = changed(setting.databricks.connect(setting.ada), "service_principal_oauth_secret", ...)
    assert "service_principal_oauth_secret is missing" in setting.complaint(body)


def test_unsupported_cloud_is_refused() -> None:
    setting = Setting(supported_clouds=["azure"])
    assert "cloud_provider" in setting.complaint(setting.databricks.connect(setting.ada))


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"user-agent": "curl/8"}, "User-Agent"),
        ({"content-type": "text/plain"}, "Content-Type"),
        ({"content-type": "application/json; charset=latin-1"}, "charset"),
        ({"accept-language": ""}, "Accept-Language"),
    ],
)
def test_headers_that_databricks_never_sends_are_refused(headers: dict[str, str], words: str) -> None:
    setting = Setting()
    for operation, body in (("connect", setting.databricks.connect(setting.ada)), ("connectors", None)):
        answer = setting.call(operation, body, headers=headers)
        assert answer.status == 400
        assert words in answer.json()["debugging_message"]


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json"},
        {"content-type": "application/json; charset=utf-8"},
        {"content-type": 'application/json;charset="UTF-8"'},
        {"accept-language": "zh-Hant-TW"},
        {"authorization": basic().replace("Basic", "basic")},
    ],
)
def test_headers_that_databricks_may_send_are_accepted(headers: dict[str, str]) -> None:
    setting = Setting()
    assert setting.call("connect", setting.databricks.connect(setting.ada), headers=headers).status == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\\ud83d"}',
        b'{"a":' * 10_000,
        b'{"a": ' + b"1" * 5000 + b"}",
        b'{"a": "' + b"x" * 2_000_000 + b'"}',
    ],
    ids=["empty", "cut", "list", "null", "no-utf-8", "nan", "twice", "half-character", "deep", "long-number", "large"],
)
def test_bodies_that_are_no_requests_are_refused(raw: bytes) -> None:
    answer = Setting().call("connect", raw=raw)
    assert (answer.status, answer.json()["error_reason"]) == (400, "bad_request")


@pytest.mark.parametrize("operation", ["connect", "delete", "test", "reset", "expire", "connectors"])
def test_authentication_comes_first_everywhere(operation: str) -> None:
    for authorization in (None, "Basic !", basic(b":"), basic(b"a:b")):
        answer = Setting().call(operation, raw=b"{", authorization=authorization)
        assert (answer.status, answer.json()["error_reason"]) == (401, "unauthorized")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "HEAD"])
def test_wrong_method_is_405_with_an_error_response(method: str) -> None:
    answer = Setting().call("connect", method=method)
    assert (answer.status, answer.json()["error_reason"]) == (405, "bad_request")
    assert ("allow", "POST") in answer.headers


def test_unknown_fields_are_ignored() -> None:
    setting = Setting()
    assert setting.connect(setting.ada, new_field={"deep": [1.5, None]})["configured_resources"] is True


def test_ids_use_all_of_int64() -> None:
    setting = Setting()
    near = [Someone("a@firm.example", 2**63 - 1, 2**53 + 1), Someone("b@firm.example", 2**63 - 2, 2**53)]
    made = [setting.connect(who) for who in near]
    assert [one["user_status"] for one in made] == ["new", "new"]
    assert setting.sign_in(near[1], made[0]["connection_id"]).status == 404


def test_connection_of_another_workspace_or_cloud_is_not_found() -> None:
    setting = Setting()
    connection_id = setting.connect(setting.ada)["connection_id"]
    for other in (Someone("ada@firm.example", 7, 12), Someone("ada@firm.example", 7, 11, cloud="azure")):
        assert setting.sign_in(other, connection_id).json()["error_reason"] == "connection_not_found"
        assert setting.call("delete", setting.databricks.delete(other, connection_id)).status == 404
    assert setting.sign_in(setting.ada, connection_id).status == 200


def test_company_is_the_domain_without_regard_to_case() -> None:
    setting = Setting()
    setting.connect(setting.ada)
    assert setting.connect(Someone("eve@FIRM.example", 8, 12))["account_status"] == "active"
    assert setting.connect(Someone("eve@sub.firm.example", 9, 13))["account_status"] == "new"


def test_manual_sign_up_lets_in_whoever_signed_up_on_the_page() -> None:
    setting = Setting(require_manual_signup=True)
    made = setting.connect(setting.ada)
    assert setting.sign_in(setting.ada, made["connection_id"]).json()["error_reason"] == "account_not_found"
    ticket = made["redirect_uri"].partition("ticket=")[2]
    for form, status in ((b"", 422), (b"email=ada%40firm.example&password=a-long-one&terms=yes", 303)):
        assert setting.sign_in(setting.ada, made["connection_id"]).status == 404
        assert asyncio.run(setting.line.send("POST", "/app/sign-up", f"ticket={ticket}", {}, form)).status == status
    assert setting.sign_in(setting.ada, made["connection_id"]).status == 200


def test_pages_escape_what_they_show_and_tell_no_secret() -> None:
    setting = Setting()
    who = Someone('"<script>"@firm.example', 7, 11)
    made = setting.connect(who)
    page = asyncio.run(setting.line.open(made["redirect_uri"]))
    assert page.status == 200
    assert b"&lt;script&gt;" in page.body
    assert b"<script>" not in page.body
    assert TOKEN.encode() not in page.body
    assert PASSWORD.encode() not in page.body


def test_test_domains_are_exactly_these_and_their_subdomains() -> None:
    setting = Setting()
    answers = {
        domain: setting.call("reset", setting.databricks.reset(setting.ada, domain)).status
        for domain in (
            "databricks-test.com",
            "Databricks-Demo.com",
            "abc.databricks-test.com",
            "databricks-test.com.",
            " databricks-test.com",
            "xdatabricks-test.com",
            "databricks-test.com.evil.example",
            "databricks-testxcom",
        )
    }
    assert answers == dict.fromkeys(list(answers)[:3], 200) | dict.fromkeys(list(answers)[3:], 400)


def test_test_address_with_a_real_users_number_expires_nobody() -> None:
    setting = Setting()
    connection_id = setting.connect(setting.ada)["connection_id"]
    impostor = Someone("x@databricks-test.com", setting.ada.user_id, setting.ada.workspace)
    assert setting.call("expire", setting.databricks.expire(impostor)).status == 404
    assert setting.sign_in(setting.ada, connection_id).json()["account_status"] == "active"


def test_cluster_in_place_of_a_warehouse_is_accepted() -> None:
    setting = Setting(resources_to_provision=[{"resource_type": "InteractiveCluster"}])
    body = setting.databricks.connect(setting.ada)
    assert body["cluster_id"] == CLUSTER["cluster_id"] != WAREHOUSE["cluster_id"]
    assert setting.call("connect", body).status == 200


def test_simultaneous_equal_requests_make_two_connections() -> None:
    setting = Setting()
    body = setting.databricks.connect(setting.ada)

    async def both() -> list[Answer]:
        return list(await asyncio.gather(*(setting.line.api("connect", body) for _ in range(2))))

    ids = {answer.json()["connection_id"] for answer in asyncio.run(both())}
    assert len(ids) == 2


def test_defect_of_the_partner_is_general_error_and_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    config = default_config()
    line = Line(create_app(config, USER, PASSWORD, ["names-apostrophe"]), config)
    who = Someone("o@firm.example", 1, 2, last_name="O'Neil")
    answer = asyncio.run(line.api("connect", Databricks(config).connect(who)))
    assert (answer.status, answer.json()["error_reason"]) == (500, "general_error")
    assert b"RuntimeError" not in answer.body
    assert "O'Neil" not in caplog.text
    assert TOKEN not in caplog.text


def test_root_tells_a_person_where_the_operations_are() -> None:
    config = {**default_config(), "base_url": "http://localhost/v2"}
    line = Line(create_app(config, USER, PASSWORD), config)
    for path in ("/v2", "/v2/"):
        answer = asyncio.run(line.send("GET", path, "", {}, b""))
        assert answer.status == 200
        assert b"DELETE  /v2/delete-account" in answer.body
        assert b"BASIC_USER" in answer.body


def test_unknown_path_is_404() -> None:
    setting = Setting()
    answer = asyncio.run(setting.line.send("POST", "/nowhere", "", {}, b""))
    assert (answer.status, answer.json()["error_reason"]) == (404, "bad_request")
