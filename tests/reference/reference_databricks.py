"""Databricks' side for the tests of the reference partner: well-formed requests, sent straight into an ASGI app."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

USER = "databricks"
PASSWORD = "pässwörd-with:a-colon"
TOKEN = "dapi0123456789abcdef"

WAREHOUSE = {
    "http_path": "/sql/1.0/endpoints/44a1419108002906",
    "jdbc_url": "jdbc:spark://organization.cloud.databricks.com:443/default;httpPath=/sql/1.0/endpoints/44a1419108002906;",
    "databricks_jdbc_url": "jdbc:databricks://organization.cloud.databricks.com:443/default;httpPath=/sql/1.0/endpoints/44a1419108002906;",
    "cluster_id": "44a1419108002906",
    "is_sql_endpoint": True,
    "is_sql_warehouse": True,
}
CLUSTER = {"cluster_id": "0222-185802-deny427", "is_sql_endpoint": False, "is_sql_warehouse": False}
PATHS = {
    "connect": ("connect_path", "POST"),
    "delete": ("delete_connection_path", "POST"),
    "test": ("test_connection_path", "POST"),
    "reset": ("delete_account_path", "DELETE"),
    "expire": ("expire_account_path", "PUT"),
    "connectors": ("get_connectors_path", "GET"),
}


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Someone:
    """A user of a company in a workspace; everything has a default that nobody else has."""

    email: str
    user_id: int
    workspace: int
    cloud: str = "aws"
    first_name: str = "Ada"
    last_name: str = "Lovelace"


@dataclass
class Databricks:
    """Shapes requests by the partner config, as Databricks does: whatever version it names (ruling 16)."""

    config: dict[str, Any]

    def compute(self) -> dict[str, Any]:
        kinds = {entry["resource_type"] for entry in self.config["resources_to_provision"]}
        if "SqlEndpoint" in kinds:
            return WAREHOUSE
        return CLUSTER if "InteractiveCluster" in kinds else {}

    def auth(self) -> dict[str, Any]:
        options = self.config.get("auth_options")
        return {"personal_access_token": TOKEN} if not options or "AUTH_PAT" in options else {}

    def connect(self, who: Someone, **more: Any) -> dict[str, Any]:
        options = self.config.get("auth_options", [])
        oauth = {}
        if "AUTH_OAUTH_M2M" in options:
            oauth["service_principal_oauth_secret"] = "dose0123456789"
        if "AUTH_OAUTH_U2M" in options:
            oauth["oauth_u2m_app_id"] = "0f0e0d0c-0b0a-4908-8706-050403020100"
        return {
            "user_info": {
                "email": who.email,
                "first_name": who.first_name,
                "last_name": who.last_name,
                "databricks_user_id": who.user_id,
                "databricks_organization_id": who.workspace,
                "is_connection_established": False,
                "auth": self.auth(),
            },
            "hostname": "organization.cloud.databricks.com",
            "port": 443,
            "workspace_url": f"https://organization.cloud.databricks.com/?o={who.workspace}",
            "workspace_id": who.workspace,
            "demo": False,
            "cloud_provider": who.cloud,
            "is_free_trial": False,
            **self.compute(),
            **oauth,
            **more,
        }

    def sign_in(self, who: Someone, connection_id: str, **more: Any) -> dict[str, Any]:
        body = self.connect(who, connection_id=connection_id, **more)
        body["user_info"]["is_connection_established"] = True
        del body["user_info"]["auth"]
        return body

    def delete(self, who: Someone, connection_id: str, *, user: bool = False) -> dict[str, Any]:
        body = {"connection_id": connection_id, **self.workspace(who)}
        if user:
            body["user_info"] = self.sign_in(who, connection_id)["user_info"]
        return body

    def test(self, who: Someone, connection_id: str) -> dict[str, Any]:
        return {"connection_id": connection_id, **self.workspace(who)}

    def workspace(self, who: Someone) -> dict[str, Any]:
        return {"cloud_provider": who.cloud, "databricks_organization_id": who.workspace}

    def reset(self, who: Someone, domain: str | None = None) -> dict[str, Any]:
        return {"domain": domain or who.email.partition("@")[2].lower(), **self.workspace(who)}

    def expire(self, who: Someone) -> dict[str, Any]:
        return {"email": who.email, "databricks_user_id": who.user_id, **self.workspace(who)}


def basic(credentials: bytes | None = None) -> str:
    sent = f"{USER}:{PASSWORD}".encode() if credentials is None else credentials
    return f"Basic {base64.b64encode(sent).decode()}"


class Line:
    """Sends requests into an ASGI app without a socket."""

    def __init__(self, app: Any, config: dict[str, Any]) -> None:
        self.app = app
        self.config = config
        self.prefix = urlsplit(config["base_url"]).path.rstrip("/")

    async def api(
        self,
        operation: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        query: str = "",
        method: str | None = None,
        authorization: str | None = "",
        headers: dict[str, str] | None = None,
        peer: int = 50000,
        late: bool = False,
    ) -> Answer:
        """Call ``operation`` as Databricks does, apart from what is given."""
        key, usual_method = PATHS[operation]
        sent = {
            "user-agent": "databricks",
            "accept-language": "en-US",
            "content-type": "application/json; charset=utf-8",
            "authorization": basic() if authorization == "" else authorization,
            **(headers or {}),
        }
        payload = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        path = self.prefix + self.config["endpoints"][key]
        return await self.send(method or usual_method, path, query, sent, payload, peer, late=late)

    async def send(
        self,
        method: str,
        path: str,
        query: str,
        headers: dict[str, str | None],
        payload: bytes,
        peer: int = 50000,
        *,
        late: bool = False,
    ) -> Answer:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [
                (name.encode(), value.encode("latin-1")) for name, value in headers.items() if value is not None
            ],
            "client": ("127.0.0.1", peer),
            "server": ("127.0.0.1", 8000),
        }
        messages: list[Any] = []

        async def receive() -> Any:
            if late:
                await asyncio.sleep(0.05)
            return {"type": "http.request", "body": payload, "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        await self.app(scope, receive, send)
        start = messages[0]
        body = b"".join(message.get("body", b"") for message in messages[1:])
        return Answer(start["status"], [(name.decode(), value.decode()) for name, value in start["headers"]], body)

    async def open(self, address: str) -> Answer:
        """Open a page as a browser does, on this server whatever the host is."""
        parts = urlsplit(address)
        return await self.send("GET", parts.path or "/", parts.query, {"user-agent": "browser"}, b"")
