"""What Databricks does when somebody clicks a tile: a first connect, with the stored secret as its credential."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

    from certification.reference.messages import Json

PATIENCE_SECONDS = 60.0
PORT = 443
USER_ID = 5_000_000_000_042
# Made up; they look like those of a real workspace, for a partner may look closely.
TOKEN = "dapi00112233445566778899aabbccddeeff"  # noqa: S105 - opens nothing
OAUTH_SECRET = "dose00112233445566778899aabbccddeeff"  # noqa: S105 - opens nothing
OAUTH_APP = "4f2a9d60-17c3-4b58-8e0d-6a95c1f7b320"
SERVICE_PRINCIPAL = "8b1e6f34-52a7-4d09-9c3e-f07d21a845b6"
WAREHOUSE = "7c1f0a3be52d9468"
CLUSTER = "0417-093015-oak2"
CLOUDS: Mapping[str, tuple[str, str, str]] = {
    "aws": ("dbc-4a1c77e2-90bd.cloud.databricks.com", "us-west-2", "s3://customer-landing/acorns"),
    "azure": (
        "adb-3141592653589793.7.azuredatabricks.net",
        "westeurope",
        "abfss://landing@customer.dfs.core.windows.net/acorns",
    ),
    "gcp": ("3141592653589793.3.gcp.databricks.com", "europe-west3", "gs://customer-landing/acorns"),
}


@dataclass(frozen=True, slots=True)
class Click:
    """What came of a click: the partner's answer, or why there is none (``status`` 0, and the ``problem``)."""

    status: int = 0
    body: str = ""
    problem: str = ""

    def json(self) -> Any:
        """Return the parsed body, or None when it is no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def summary(self) -> Json:
        """Return it as JSON, to be shown."""
        parsed = self.json()
        return {"status": self.status, "body": self.body if parsed is None else parsed}


def connect_request(tile: Json, email: str, workspace_id: int, *, cloud: str = "aws", admin: bool = True) -> Json:
    """Return the first connect that a click of ``email`` on ``tile`` sends."""
    features = tile.get("supported_features", [])
    host, region, location = CLOUDS[cloud]
    options = _auth_options(tile)
    auth = {"personal_access_token": TOKEN} if "AUTH_PAT" in options else {}
    body: Json = {
        "user_info": {
            "email": email,
            "first_name": "Quercus",
            "last_name": "Robur",
            "databricks_user_id": USER_ID,
            "databricks_organization_id": workspace_id,
            "is_connection_established": False,
            "auth": auth,
        },
        "hostname": host,
        "port": PORT,
        "workspace_url": f"https://{host}/?o={workspace_id}",
        "workspace_id": workspace_id,
        "demo": False,
        "cloud_provider": cloud,
        "cloud_provider_region": region,
        "is_free_trial": False,
        "connection_scope": "workspace" if admin else "user",
        **_compute(tile, host),
    }
    if tile["integration_type"].startswith("WAREHOUSE_"):
        body["catalog_name"] = "main" if "UNITY_CATALOG" in features else "hive_metastore"
    if tile["integration_type"] != "NO_INTEGRATION":
        body["service_principal_id"] = SERVICE_PRINCIPAL
    if "EXTERNAL_LOCATION" in features:
        body["destination_location"] = location
    if "AUTH_OAUTH_M2M" in options:
        body["service_principal_oauth_secret"] = OAUTH_SECRET
    if "AUTH_OAUTH_U2M" in options:
        body["oauth_u2m_app_id"] = OAUTH_APP
    return body


def send_connect(url: str, body: Json, authorization: bytes) -> Click:
    """Send ``body`` with the four headers of Databricks; without a credential there are three."""
    headers = {
        b"User-Agent": b"databricks",
        b"Accept-Language": b"en-US",
        b"Content-Type": b"application/json; charset=utf-8",
    }
    if authorization:
        headers[b"Authorization"] = authorization
    try:
        answer = httpx.post(url, content=json.dumps(body), headers=headers, timeout=PATIENCE_SECONDS)
    except httpx.LocalProtocolError:
        # The library's text quotes the header.
        return Click(
            problem="the stored secret can't be sent as a header; store it without line breaks and spaces around it"
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Click(problem=f"{url} did not answer ({type(error).__name__}); is the partner running?")
    return Click(answer.status_code, answer.text)


def _auth_options(tile: Json) -> set[str]:
    options = set(tile.get("auth_options") or ["AUTH_PAT"])
    if "NON_ADMIN" in tile.get("supported_features", []) and "AUTH_OAUTH_M2M" in options:
        # Who is no admin can't make a secret for a service principal.
        options = options - {"AUTH_OAUTH_M2M"} | {"AUTH_PAT"}
    return options


def _compute(tile: Json, host: str) -> Json:
    if tile["integration_type"] == "CLUSTER_COMPUTE":
        return {"cluster_id": CLUSTER, "is_sql_endpoint": False, "is_sql_warehouse": False}
    if not tile["integration_type"].startswith("WAREHOUSE_"):
        return {}
    path = f"/sql/1.0/warehouses/{WAREHOUSE}"
    options = f"{host}:{PORT}/default;transportMode=http;ssl=1;AuthMech=3;httpPath={path};"
    return {
        "http_path": path,
        "jdbc_url": f"jdbc:spark://{options}",
        "databricks_jdbc_url": f"jdbc:databricks://{options}",
        "cluster_id": WAREHOUSE,
        "is_sql_endpoint": True,
        "is_sql_warehouse": True,
    }
