"""The requests that Databricks sends, as data: shaped by the partner's config and API version, secrets left out.

Where a secret belongs, a body holds its placeholder (``${PAT_TOKEN}``); only the caller puts the value in, on the wire.
Source: API specification, Models; ruling 2.
"""

from __future__ import annotations

import json
from typing import Any, Final

from certification.config.partner import PartnerConfig
from certification.contract.validation import schema_errors
from certification.contract.versions import only_known_fields
from certification.databricks.people import Person
from certification.foundation.errors import SuiteFault

TOKEN = "${PAT_TOKEN}"  # noqa: S105 - a placeholder
OAUTH_SECRET = "${OAUTH_SECRET}"  # noqa: S105 - a placeholder

SERVICE_PRINCIPAL = "5f3a9c1e-7b2d-4c60-9e15-8d4b6a70c2f1"
OAUTH_APP = "c81e728d-9d4c-4f63-9f06-7f89cc14862c"

PLAIN: Final[dict[str, Any]] = {
    "is_free_trial": False,
    "catalog_name": "main",
    "connection_scope": "workspace",
    "service_principal_id": SERVICE_PRINCIPAL,
}
"""Optional fields of a plain connect request; shapes replace them, or remove them with the value :data:`ABSENT`."""

ABSENT = "\u0000absent"
"""As the value of a field: leave the field out."""

RESOURCE = "resource"
"""Key of a shape that says what is provisioned: ``warehouse``, ``cluster`` or ``none``."""

TOKEN_FORM = "token_form"  # noqa: S105 - the name of a key
"""Key of a shape: where no token is sent, ``null`` says it explicitly, ``absent`` leaves it out."""


def connect_body(
    config: PartnerConfig,
    person: Person,
    connection_id: str | None,
    *,
    demo: bool = False,
    shape: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a ConnectRequest: a first connect when ``connection_id`` is None, else a sign-in on that connection.

    ``shape`` holds top-level fields that differ from :data:`PLAIN` (names of the user excepted: they are the person's),
    and the keys :data:`RESOURCE` and :data:`TOKEN_FORM`.
    Raises :class:`SuiteFault` when the result is no request that Databricks could send.
    """
    shape = dict(shape or {})
    resource = shape.pop(RESOURCE, default_resource(config))
    token_form = shape.pop(TOKEN_FORM, "absent")
    workspace = person.workspace
    body: dict[str, Any] = {
        "user_info": user_info(config, person, established=connection_id is not None, token_form=token_form)
    }
    if connection_id is not None:
        body["connection_id"] = connection_id
    port = (config.workspace_detail or {}).get("port", 443)
    body |= {
        "hostname": workspace.hostname,
        "port": port,
        "workspace_url": f"https://{workspace.hostname}/?o={workspace.id}",
        "workspace_id": workspace.id,
        "demo": demo,
        "cloud_provider": workspace.cloud,
        "cloud_provider_region": workspace.region,
        **_resource_fields(config, resource, workspace.hostname, port),
        **PLAIN,
    }
    if "DestLocation" in config.resources:
        body["destination_location"] = destination(workspace.cloud)
    if "AUTH_OAUTH_M2M" in config.auth_options:
        body["service_principal_oauth_secret"] = OAUTH_SECRET
    if "AUTH_OAUTH_U2M" in config.auth_options:
        body["oauth_u2m_app_id"] = OAUTH_APP
    body |= shape
    body = only_known_fields(
        "connect-request", config.api_version, {key: value for key, value in body.items() if value != ABSENT}
    )
    check_request("connect-request", body)
    return body


def user_info(
    config: PartnerConfig,
    person: Person,
    *,
    established: bool,
    token_form: str = "absent",  # noqa: S107 - not a secret
) -> dict[str, Any]:
    """Return the UserInfo of ``person``; with an Auth exactly when the connection is not established yet."""
    info: dict[str, Any] = {
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "databricks_user_id": person.user_id,
        "databricks_organization_id": person.workspace.id,
        "is_connection_established": established,
    }
    if not established:
        if config.sends_token:
            info["auth"] = {"personal_access_token": TOKEN}
        else:
            info["auth"] = {"personal_access_token": None} if token_form == "null" else {}  # noqa: S105 - not a secret
    return info


def delete_connection_body(config: PartnerConfig, person: Person, connection_id: str) -> dict[str, Any]:
    """Return a DeleteConnectionRequest for ``connection_id``, on behalf of ``person``."""
    body = {
        "connection_id": connection_id,
        "cloud_provider": person.workspace.cloud,
        "databricks_organization_id": person.workspace.id,
        "user_info": user_info(config, person, established=True),
    }
    return _checked("delete-connection-request", config, body)


def test_connection_body(config: PartnerConfig, person: Person, connection_id: str) -> dict[str, Any]:
    """Return a ConnectionInfo for ``connection_id``."""
    body = {
        "connection_id": connection_id,
        "cloud_provider": person.workspace.cloud,
        "databricks_organization_id": person.workspace.id,
    }
    return _checked("connection-info", config, body)


def delete_account_body(config: PartnerConfig, domain: str, person: Person) -> dict[str, Any]:
    """Return an AccountInfo for the account of ``domain`` in the workspace of ``person``."""
    body = {
        "domain": domain,
        "cloud_provider": person.workspace.cloud,
        "databricks_organization_id": person.workspace.id,
    }
    return _checked("account-info", config, body)


def expire_account_body(config: PartnerConfig, person: Person, email: str | None = None) -> dict[str, Any]:
    """Return an AccountUserInfo for ``person``, or for the address ``email`` with everything else theirs."""
    body = {
        "email": email or person.email,
        "databricks_user_id": person.user_id,
        "cloud_provider": person.workspace.cloud,
        "databricks_organization_id": person.workspace.id,
    }
    return _checked("account-user-info", config, body)


def default_resource(config: PartnerConfig) -> str:
    """Return what a plain first connect provisions for this partner."""
    if "SqlEndpoint" in config.resources:
        return "warehouse"
    return "cluster" if "InteractiveCluster" in config.resources else "none"


def destination(cloud: str, path: str = "landing/zone") -> str:
    """Return a destination location of ``cloud``."""
    hosts = {
        "aws": "s3://partner-landing-bucket",
        "azure": "abfss://landing@partneraccount.dfs.core.windows.net",
        "gcp": "gs://partner-landing-bucket",
    }
    return f"{hosts[cloud]}/{path}"


def check_request(schema: str, body: dict[str, Any]) -> None:
    """Raise :class:`SuiteFault` when ``body`` is not what Databricks could send."""
    errors = schema_errors(schema, body)
    if schema == "connect-request" and not errors:
        errors = []
        if body["workspace_id"] != body["user_info"]["databricks_organization_id"]:
            message = "workspace_id differs from user_info.databricks_organization_id"
            raise SuiteFault(message)
    if errors:
        broken = "; ".join(f"{error.pointer}: expected {error.expected}, found {error.actual}" for error in errors[:3])
        message = f"the suite built a request that breaks {schema}: {broken}"
        raise SuiteFault(message)


def encode(body: Any) -> str:
    """Return ``body`` as the JSON text that goes on the wire, characters unescaped."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _checked(schema: str, config: PartnerConfig, body: dict[str, Any]) -> dict[str, Any]:
    body = only_known_fields(schema, config.api_version, body)
    check_request(schema, body)
    return body


def _resource_fields(config: PartnerConfig, resource: str, hostname: str, port: int) -> dict[str, Any]:
    detail = config.workspace_detail or {}
    if resource == "none":
        return {}
    if resource == "cluster":
        cluster = detail.get("cluster_id", "0222-185802-deny427")
        return {"cluster_id": cluster, "is_sql_endpoint": False, "is_sql_warehouse": False}
    path = detail.get("http_path", "/sql/1.0/endpoints/44a1419108002906")
    legacy = f"jdbc:spark://{hostname}:{port}/default;transportMode=http;ssl=1;AuthMech=3;httpPath={path};"
    return {
        "http_path": path,
        "jdbc_url": detail.get("jdbc_url", legacy),
        "databricks_jdbc_url": detail.get(
            "databricks_jdbc_url", f"jdbc:databricks://{hostname}:{port}/default;httpPath={path};"
        ),
        "cluster_id": detail.get("cluster_id", "44a1419108002906"),
        "is_sql_endpoint": True,
        "is_sql_warehouse": True,
    }
