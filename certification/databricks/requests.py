"""The requests that Databricks sends, as data: shaped by the partner's config, secrets left out.

There is one Databricks: what it sends never depends on the API version of the partner (ruling 16).  Fields that carry the
same value in every plain request come from the schema (``x-plain``), so that a new one needs no line here.  Where a secret
belongs, a body holds its placeholder (``${PAT_TOKEN}``); only the caller puts the value in, on the wire.
Source: API specification, Models; rulings 2, 16, 22 and 28.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from certification.config.partner import PartnerConfig
from certification.contract.fields import fields, plain_values
from certification.contract.internet_names import address_problem, host_problem
from certification.contract.operations import OPERATIONS
from certification.contract.validation import schema_errors
from certification.databricks.people import Person
from certification.foundation.errors import SuiteFault

TOKEN = "${PAT_TOKEN}"  # noqa: S105 - a placeholder
OAUTH_SECRET = "${OAUTH_SECRET}"  # noqa: S105 - a placeholder

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

    ``shape`` holds top-level fields that differ from the plain ones (names of the user excepted: they are the person's),
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
    }
    if "DestLocation" in config.resources:
        body["destination_location"] = destination(workspace.cloud)
    body |= plain_values("connect-request", config.auth_options) | shape
    body = {name: value for name, value in body.items() if value != ABSENT}
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
        **plain_values("user-info", config.auth_options),
    }
    if not established:
        if config.sends_token:
            info["auth"] = {"personal_access_token": TOKEN}
        else:
            info["auth"] = {"personal_access_token": None} if token_form == "null" else {}  # noqa: S105 - not a secret
    return info


def right_body(config: PartnerConfig, operation: str, person: Person, **facts: Any) -> dict[str, Any]:
    """Return a right body of ``operation`` (not of connect), on behalf of ``person`` in their workspace.

    Which fields it has stands in the schema; ``facts`` are those that do not follow from the person, such as
    ``connection_id``, or that differ.
    """
    schema = OPERATIONS[operation].request_schema or ""
    known = {
        "email": person.email,
        "domain": person.domain,
        "databricks_user_id": person.user_id,
        "cloud_provider": person.workspace.cloud,
        "databricks_organization_id": person.workspace.id,
        "user_info": user_info(config, person, established=True),
        **plain_values(schema, config.auth_options),
        **facts,
    }
    body = {name: known[name] for name in fields(schema) if name in known}
    check_request(schema, body)
    return body


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
    broken = [
        f"{error.pointer}: expected {error.expected}, found {error.actual}" for error in schema_errors(schema, body)
    ] or list(_impossible(schema, body))
    if broken:
        message = f"the suite built a request that breaks {schema}: {'; '.join(broken[:3])}"
        raise SuiteFault(message)


def _impossible(schema: str, body: dict[str, Any]) -> Iterator[str]:
    """Yield what no schema can say: fields that contradict each other, and names that cannot exist in the Internet."""
    user = body.get("user_info")
    if user is not None and (problem := address_problem(user["email"])):
        yield f"/user_info/email: {problem}"
    if schema != "connect-request":
        return
    if problem := host_problem(body["hostname"]):
        yield f"/hostname: {problem}"
    if body["workspace_id"] != body["user_info"]["databricks_organization_id"]:
        yield "/workspace_id: differs from user_info.databricks_organization_id"


def encode(body: Any) -> str:
    """Return ``body`` as the JSON text that goes on the wire, characters unescaped."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


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
