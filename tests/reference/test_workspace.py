"""The fake workspace, spoken to by the real SDK: the tile, its secret, each fault, and the click that closes the loop."""

from __future__ import annotations

import base64
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from running import environment
from workspaces import served_app, served_workspace, tile

from certification.cli.serve import workspace_lines
from certification.reference import UnknownNameError, create_app, default_config
from certification.reference.__main__ import main
from certification.reference.validation import first_error
from certification.reference.workspace import DEMO_TOKEN, FAULTS, SCOPE, Recorded, Workspace, connect_request

sdk = pytest.importorskip("databricks.sdk")
errors = pytest.importorskip("databricks.sdk.errors")

TILES = "/api/2.0/partnerhub/self-test-partners"
USER, PASSWORD = "acorn", "geheim:ß"
BASIC = f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"


class Someone:
    """A user of a workspace with the SDK, and without it where the SDK would wait."""

    def __init__(self, workspace: Workspace, url: str, token: str) -> None:
        config = sdk.core.Config(host=url, token=token, retry_timeout_seconds=1, http_timeout_seconds=5)
        self.workspace = workspace
        self.url = url
        self.client = sdk.WorkspaceClient(config=config)
        self.secrets = self.client.secrets
        self.plain = httpx.Client(base_url=url, headers={"authorization": f"Bearer {token}"})

    def do(self, method: str, what: str, body: Any = None) -> Any:
        return self.client.api_client.do(method, f"{TILES}/{what}", body=body)

    def create(self, **changes: Any) -> str:
        return str(self.do("POST", "create", tile(**changes))["id"])

    def store(self, ident: str, secret: str = BASIC) -> None:
        self.secrets.create_scope(SCOPE)
        self.secrets.put_secret(SCOPE, ident, string_value=secret)


@contextmanager
def someone(*faults: str, token: str = DEMO_TOKEN, **options: Any) -> Iterator[Someone]:
    workspace = Workspace(faults=faults, **options)
    with served_workspace(workspace) as url:
        who = Someone(workspace, url, token)
        with who.plain:
            yield who


@pytest.fixture(autouse=True)
def _no_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", "/nonexistent")
    logging.getLogger("databricks.sdk").setLevel(logging.ERROR)


def test_a_tile_is_made_changed_and_removed() -> None:
    with someone() as who:
        assert who.do("GET", "get") == {}
        ident = who.create()
        assert re.fullmatch(r"01ED[0-9A-F]{28}", ident)
        assert who.do("GET", "get") == {"partners": [{"id": ident, "name": "Acorn BI"}]}
        with pytest.raises(errors.ResourceAlreadyExists, match="only one"):
            who.create()
        who.workspace.connections += ["connection-1"]
        assert who.do("PUT", f"update/{ident}", tile(name="Acorn")) == {}
        assert who.do("GET", "get") == {"partners": [{"id": ident, "name": "Acorn"}]}
        assert (who.workspace.connections, who.workspace.dropped) == ([], ["connection-1"])
        who.workspace.connections += ["connection-2"]
        assert who.do("DELETE", f"delete/{ident}") == {}
        assert who.workspace.dropped == ["connection-1", "connection-2"]
        for method, what, body in (("PUT", f"update/{ident}", tile()), ("DELETE", f"delete/{ident}", None)):
            with pytest.raises(errors.ResourceDoesNotExist, match=ident):
                who.do(method, what, body)
        assert who.create() != ident


def test_what_was_asked_is_kept_without_the_token() -> None:
    with someone() as who:
        who.create()
        list(who.secrets.list_scopes())
        made = Recorded("POST", f"{TILES}/create", {}, tile())
        assert who.workspace.requests == [made, Recorded("GET", "/api/2.0/secrets/scopes/list")]
        assert DEMO_TOKEN not in repr(who.workspace.requests)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"connect_url": None}, "partner.connect_url is missing"),
        ({"hostname": "acorn.example"}, "partner.hostname is no field"),
        ({"name": " "}, "partner.name must be a text"),
        ({"category": "TREES"}, "partner.category must be one of INGEST"),
        ({"integration_type": "WAREHOUSE"}, "partner.integration_type must be one of"),
        ({"sign_up_url": "acorn.example"}, "partner.sign_up_url must be a URL"),
        ({"connect_url": "https://me:secret@acorn.example"}, "partner.connect_url must be a URL"),
        ({"delete_url": 7}, "partner.delete_url must be a text"),
        ({"hostnames": ["acorn.example"]}, "partner.hostnames must be a text"),
        ({"hostnames": "https://acorn.example"}, "partner.hostnames must be host names"),
        ({"supported_features": "NON_ADMIN"}, "partner.supported_features must be a list"),
        ({"supported_features": ["EXTERNAL_LOCATION"]}, "EXTERNAL_LOCATION only with an integration_type that writes"),
        ({"auth_options": ["AUTH_SAML"]}, "partner.auth_options must be one of"),
        ({"auth_options": ["AUTH_PAT", "AUTH_PAT"]}, "partner.auth_options names something twice"),
        ({"auth_options": ["AUTH_PAT", "AUTH_OAUTH_M2M"]}, "can't have both"),
    ],
)
def test_a_wrong_tile_is_refused_by_the_name_of_its_field(changes: dict[str, Any], words: str) -> None:
    with someone() as who:
        with pytest.raises(errors.InvalidParameterValue, match=re.escape(words)):
            who.create(**changes)
        assert who.workspace.tile is None


def test_what_is_no_tile_is_refused() -> None:
    with someone() as who:
        for body in ({}, tile()["partner"], {**tile(), "id": "1"}):
            with pytest.raises(errors.InvalidParameterValue, match=r"partner must|is no field"):
                who.do("POST", "create", body)
        answer = who.plain.post(f"{TILES}/create", content="{")
        assert (answer.status_code, answer.json()["error_code"]) == (400, "MALFORMED_REQUEST")
        for method, path in (("GET", f"{TILES}/create"), ("POST", f"{TILES}/update/1"), ("GET", "/api/2.0/jobs/list")):
            answer = who.plain.request(method, path)
            assert (answer.status_code, answer.json()["error_code"]) == (404, "ENDPOINT_NOT_FOUND")


def test_secrets_are_kept_in_scopes() -> None:
    with someone() as who:
        assert list(who.secrets.list_scopes()) == []
        with pytest.raises(errors.ResourceDoesNotExist, match="Scope partner-connect"):
            who.secrets.put_secret(SCOPE, "key", string_value="value")
        who.secrets.create_scope(SCOPE)
        with pytest.raises(errors.ResourceAlreadyExists, match="already exists"):
            who.secrets.create_scope(SCOPE)
        assert [scope.name for scope in who.secrets.list_scopes()] == [SCOPE]
        assert list(who.secrets.list_secrets(SCOPE)) == []
        for value in ("first", "geheim:ß", ""):
            who.secrets.put_secret(SCOPE, "key", string_value=value)
            assert base64.b64decode(who.secrets.get_secret(SCOPE, "key").value or "").decode() == value
            assert who.workspace.secret("key") == value
        who.secrets.put_secret(SCOPE, "key", bytes_value=base64.b64encode(b"bytes").decode())
        assert who.workspace.secret("key") == "bytes"
        assert [secret.key for secret in who.secrets.list_secrets(SCOPE)] == ["key"]
        who.secrets.delete_secret(SCOPE, "key")
        for forgotten in (who.secrets.delete_secret, who.secrets.get_secret):
            with pytest.raises(errors.ResourceDoesNotExist, match="No secret with key key"):
                forgotten(SCOPE, "key")
        with pytest.raises(errors.InvalidParameterValue, match="key may have"):
            who.secrets.put_secret(SCOPE, "a key", string_value="value")
        with pytest.raises(errors.BadRequest, match="string_value or a bytes_value"):
            who.secrets.put_secret(SCOPE, "key")


def test_a_scope_says_who_may_use_it() -> None:
    with someone() as who:
        who.secrets.create_scope("of-all", initial_manage_principal="users")
        who.secrets.create_scope(SCOPE)
        permission = sdk.service.workspace.AclPermission
        with pytest.raises(errors.InvalidParameterValue, match="no user or group acorns"):
            who.secrets.put_acl(SCOPE, "acorns", permission.READ)
        assert not who.workspace.scopes.readable_by_all()
        who.secrets.put_acl(SCOPE, "users", permission.READ)
        assert who.workspace.scopes.readable_by_all()
        found = {
            scope: {item.principal: item.permission.value for item in who.secrets.list_acls(scope)}
            for scope in ("of-all", SCOPE)
        }
        assert found == {"of-all": {"users": "MANAGE"}, SCOPE: {who.workspace.user: "MANAGE", "users": "READ"}}


def test_the_user_of_the_token_is_known() -> None:
    with someone(user="oak@customer.example") as who:
        assert who.client.current_user.me().user_name == "oak@customer.example"
        assert who.client.config.workspace_id


def test_a_wrong_token_is_explained_in_a_header_only() -> None:
    with someone(token="dapi-of-another") as who:
        with pytest.raises(errors.PermissionDenied, match="Forbidden"):
            who.do("GET", "get")
        answer = who.plain.get(f"{TILES}/get")
        assert (answer.status_code, answer.content) == (403, b"")
        assert answer.headers["x-databricks-reason-phrase"] == "Invalid access token."
        assert httpx.get(f"{who.url}{TILES}/get").status_code == 401


def test_fault_not_admin() -> None:
    with someone("not-admin") as who, pytest.raises(errors.PermissionDenied, match="Workspace admin is required"):
        who.create()


def test_fault_no_feature() -> None:
    with someone("no-feature") as who:
        with pytest.raises(errors.NotFound, match="No API found"):
            who.do("GET", "get")
        who.secrets.create_scope(SCOPE)


def test_fault_create_then_503() -> None:
    with someone("create-then-503") as who:
        assert who.plain.post(f"{TILES}/create", json=tile()).status_code == 503
        assert len(who.do("GET", "get")["partners"]) == 1
        assert who.plain.post(f"{TILES}/create", json=tile()).json()["error_code"] == "RESOURCE_ALREADY_EXISTS"


def test_fault_503_then_create() -> None:
    with someone("503-then-create") as who:
        statuses = []
        for _ in range(2):
            statuses.append(who.plain.post(f"{TILES}/create", json=tile()).status_code)
            assert who.do("GET", "get") == {}
        assert statuses == [503, 503]
        assert who.create()


def test_fault_create_then_reset() -> None:
    with someone("create-then-reset") as who:
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            who.plain.post(f"{TILES}/create", json=tile())
        assert len(who.do("GET", "get")["partners"]) == 1


def test_fault_throttled() -> None:
    with someone("throttled=1", retry_after=7) as who:
        answer = who.plain.get(f"{TILES}/get")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
        assert who.do("GET", "get") == {}


def test_fault_slow() -> None:
    with someone("slow=0.3") as who:
        with pytest.raises(httpx.ReadTimeout):
            who.plain.post(f"{TILES}/create", json=tile(), timeout=0.1)
        assert who.workspace.tile is not None


def test_fault_html() -> None:
    with someone("html") as who:
        with pytest.raises(ValueError, match="Expecting value"):
            who.do("GET", "get")
        answer = who.plain.get(f"{TILES}/get")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_fault_no_acls() -> None:
    with someone("no-acls") as who:
        with pytest.raises(errors.BadRequest, match="Premium Tier is disabled"):
            who.secrets.create_scope(SCOPE)
        who.secrets.create_scope(SCOPE, initial_manage_principal="users")
        with pytest.raises(errors.BadRequest, match="Secret ACLs are disabled") as refused:
            who.secrets.put_acl(SCOPE, "users", sdk.service.workspace.AclPermission.READ)
        assert refused.value.error_code == "FEATURE_DISABLED"
        who.secrets.put_secret(SCOPE, "key", string_value="value")


def test_fault_scope_unreadable() -> None:
    with someone("scope-unreadable") as who:
        assert [scope.name for scope in who.secrets.list_scopes()] == [SCOPE]
        with pytest.raises(errors.PermissionDenied, match="does not have READ permission on scope partner-connect"):
            list(who.secrets.list_secrets(SCOPE))
        with pytest.raises(errors.PermissionDenied, match="does not have WRITE permission"):
            who.secrets.put_secret(SCOPE, "key", string_value="value")


def test_fault_token_expires() -> None:
    with someone("token-expires=2") as who:
        ident = who.create()
        assert who.do("GET", "get")["partners"][0]["id"] == ident
        answer = who.plain.get(f"{TILES}/get")
        assert (answer.status_code, answer.headers["x-databricks-reason-phrase"]) == (403, "The access token expired.")


def test_fault_secret_put_fails() -> None:
    with someone("secret-put-fails") as who:
        who.secrets.create_scope(SCOPE)
        for _ in range(3):
            with pytest.raises(errors.InternalError, match="was not stored"):
                who.secrets.put_secret(SCOPE, "key", string_value="value")
        who.workspace.faults.remove("secret-put-fails")
        who.secrets.put_secret(SCOPE, "key", string_value="value")
        who.workspace.faults.add("secret-put-fails=1")
        with pytest.raises(errors.InternalError):
            who.secrets.put_secret(SCOPE, "key", string_value="another")
        who.secrets.put_secret(SCOPE, "key", string_value="another")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("throtled", "did you mean throttled"),
        ("html=1", "takes no number"),
        ("slow=long", "takes a number"),
        ("slow=nan", "takes a number"),
    ],
)
def test_a_wrong_name_of_a_fault_is_explained(name: str, words: str) -> None:
    with pytest.raises(UnknownNameError, match=words):
        Workspace(faults=[name])


def test_every_fault_has_a_test() -> None:
    assert {f"test_fault_{fault.name.replace('-', '_')}" for fault in FAULTS} == {
        name for name in globals() if name.startswith("test_fault_")
    }


@contextmanager
def reference_tile(**changes: Any) -> Iterator[dict[str, Any]]:
    """What a tile of the reference partner says of it, while it is served."""
    config = default_config()
    with served_app(create_app(config, USER, PASSWORD)) as url:
        yield {
            "name": config["name"],
            "category": config["category"],
            "connect_url": f"{url}{config['endpoints']['connect_path']}",
            "delete_url": f"{url}{config['endpoints']['delete_connection_path']}",
            "hostnames": ",".join(config["hostnames"]),
            **changes,
        }


def test_a_click_connects_with_exactly_the_stored_secret() -> None:
    with reference_tile() as partner, someone() as who:
        ident = who.create(**partner)
        who.store(ident)
        click = who.workspace.connect()
        assert (click.status, click.problem) == (200, "")
        connection = click.json()["connection_id"]
        assert who.workspace.connections == [connection]
        answer = httpx.post(f"{who.url}/fake/click", json={})
        assert answer.json()["status"] == 200
        assert "redirect_uri" in answer.json()["body"]
        who.secrets.put_secret(SCOPE, ident, string_value=BASIC.removeprefix("Basic "))
        assert who.workspace.connect().status == 401
        who.do("DELETE", f"delete/{ident}")
        assert connection in who.workspace.dropped


def test_a_click_says_what_is_missing() -> None:
    with someone() as who:
        answer = httpx.post(f"{who.url}/fake/click")
        assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_STATE")
        assert "no self-testing partner" in answer.json()["message"]
        ident = who.create(connect_url=f"{who.url}/connect")
        assert "secret of the tile is missing" in who.workspace.connect().problem
        who.store(ident, "Basic one\r\ntwo")
        problem = who.workspace.connect().problem
        assert "can't be sent as a header" in problem
        assert "one" not in problem
        who.do("PUT", f"update/{ident}", tile(connect_url="http://127.0.0.1:1/connect"))
        who.secrets.put_secret(SCOPE, ident, string_value=BASIC)
        assert "did not answer (ConnectError)" in who.workspace.connect().problem


def test_an_empty_secret_is_no_header() -> None:
    seen: list[dict[str, str]] = []

    async def partner(scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["type"] == "http.request"
        seen.append({name.decode(): value.decode() for name, value in scope["headers"]})
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b"not here"})

    with served_app(partner) as url, someone() as who:
        ident = who.create(connect_url=f"{url}/connect")
        who.store(ident, "")
        click = who.workspace.connect()
        assert (click.status, click.body, click.json()) == (404, "not here", None)
        who.secrets.put_secret(SCOPE, ident, string_value="Bearer ß")
        who.workspace.connect()
    assert "authorization" not in seen[0]
    assert seen[1]["authorization"] == "Bearer ß"
    four = (seen[0]["user-agent"], seen[0]["accept-language"], seen[0]["content-type"])
    assert four == ("databricks", "en-US", "application/json; charset=utf-8")


def test_who_is_no_admin_needs_the_feature_and_the_permission() -> None:
    with reference_tile() as partner, someone() as who:
        ident = who.create(**partner)
        who.store(ident)
        assert "lacks NON_ADMIN" in who.workspace.connect(admin=False).problem
        who.do("PUT", f"update/{ident}", tile(**partner, supported_features=["NON_ADMIN"]))
        assert "give the principal users READ" in who.workspace.connect(admin=False).problem
        who.secrets.put_acl(SCOPE, "users", sdk.service.workspace.AclPermission.READ)
        assert httpx.post(f"{who.url}/fake/click", json={"admin": False}).json()["status"] == 200


@pytest.mark.parametrize("cloud", ["aws", "azure", "gcp"])
@pytest.mark.parametrize(
    ("changes", "has", "lacks"),
    [
        ({"integration_type": "NO_INTEGRATION"}, (), ("cluster_id", "service_principal_id", "catalog_name")),
        ({"integration_type": "CLUSTER_COMPUTE"}, ("cluster_id", "service_principal_id"), ("http_path",)),
        ({"integration_type": "WORKSPACE_MANAGEMENT"}, ("service_principal_id",), ("cluster_id", "catalog_name")),
        ({"integration_type": "WAREHOUSE_READ_WRITE"}, ("http_path", "catalog_name"), ("destination_location",)),
        (
            {"integration_type": "WAREHOUSE_WRITE", "supported_features": ["UNITY_CATALOG", "EXTERNAL_LOCATION"]},
            ("http_path", "destination_location"),
            ("oauth_u2m_app_id",),
        ),
        ({"auth_options": ["AUTH_OAUTH_M2M"]}, ("service_principal_oauth_secret",), ("oauth_u2m_app_id",)),
        ({"auth_options": ["AUTH_OAUTH_U2M"]}, ("oauth_u2m_app_id",), ("service_principal_oauth_secret",)),
    ],
)
def test_the_first_connect_follows_from_the_tile(
    changes: dict[str, Any], has: tuple[str, ...], lacks: tuple[str, ...], cloud: str
) -> None:
    config = tile(**changes)["partner"]
    body = connect_request(config, "oak@customer.example", 42, cloud=cloud)
    assert first_error("connect-request", body) == ""
    assert set(has) <= set(body)
    assert not set(lacks) & set(body)
    sends_token = "AUTH_PAT" in config.get("auth_options", ["AUTH_PAT"])
    assert ("personal_access_token" in body["user_info"]["auth"]) == sends_token


def test_without_admins_a_service_principal_has_no_secret() -> None:
    config = tile(auth_options=["AUTH_OAUTH_M2M"], supported_features=["NON_ADMIN"])["partner"]
    body = connect_request(config, "oak@customer.example", 42, admin=False)
    assert "service_principal_oauth_secret" not in body
    assert body["user_info"]["auth"]["personal_access_token"]


def test_serve_starts_it_and_says_how_to_use_it() -> None:
    with ExitStack() as stack:
        process = stack.enter_context(
            subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "certification.reference",
                    "--workspace",
                    "--workspace-fault",
                    "not-admin",
                    "--exit-with-stdin",
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environment({"DATABRICKS_TOKEN": ""}),
            )
        )
        stack.callback(process.kill)
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        assert line.startswith("fake workspace ready at http://127.0.0.1:")
        url = line.removeprefix("fake workspace ready at ")
        headers = {"authorization": f"Bearer {DEMO_TOKEN}"}
        assert httpx.get(f"{url}{TILES}/get", headers=headers).json()["message"] == "Workspace admin is required"
        assert "/fake/click" in httpx.get(url).text
        _, said = process.communicate(timeout=10)
        assert (process.returncode, DEMO_TOKEN in said) == (0, True)


def test_the_command_shows_the_demo_token_and_no_other() -> None:
    said = "\n".join(workspace_lines("http://127.0.0.1:1", "http://127.0.0.1:1/fake/click", DEMO_TOKEN))
    assert f"export DATABRICKS_HOST=http://127.0.0.1:1 DATABRICKS_TOKEN={DEMO_TOKEN}" in said
    assert "curl -X POST -d '{}' http://127.0.0.1:1/fake/click" in said
    own = "\n".join(workspace_lines("http://127.0.0.1:1", "http://127.0.0.1:1/fake/click", ""))
    assert "DATABRICKS_TOKEN=" not in own


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--workspace", "--fault", "invite-adds"], "--fault is of the reference partner"),
        (["--workspace-fault", "html"], "needs --workspace"),
    ],
)
def test_options_of_the_other_server_are_refused(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert words in capsys.readouterr().err


def test_unknown_faults_are_refused_and_known_ones_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--workspace", "--workspace-fault", "throtled"]) == 2
    assert "did you mean throttled" in capsys.readouterr().err
    assert main(["--list"]) == 0
    said = capsys.readouterr().out
    assert all(f"  {fault.name}  " in said for fault in FAULTS)
