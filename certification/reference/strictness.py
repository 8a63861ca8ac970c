"""What Databricks promises about its requests beyond their schema; a broken promise is a 400 that says which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.messages import Json, bad_request
from certification.reference.operations import Operation

if TYPE_CHECKING:
    from certification.reference.messages import Call
    from certification.reference.settings import Settings

# Ruling 16: Databricks sends these to every partner, whatever version its config names, so a partner may insist on them.
ALWAYS_SENT: dict[Operation, tuple[str, ...]] = {
    Operation.DELETE_CONNECTION: ("cloud_provider", "databricks_organization_id"),
    Operation.TEST_CONNECTION: ("cloud_provider", "databricks_organization_id"),
}
WITH_WAREHOUSE = ("jdbc_url", "databricks_jdbc_url", "is_sql_endpoint", "is_sql_warehouse", "cluster_id")


def check_headers(call: Call) -> None:
    """Refuse a call without the four headers that every request of Databricks carries, one without body too (ruling 26)."""
    if call.headers.get("user-agent") != "databricks":
        raise bad_request("the header User-Agent must be databricks")
    if not call.headers.get("accept-language"):
        raise bad_request("the header Accept-Language is missing")
    kind, _, parameters = call.headers.get("content-type", "").partition(";")
    if kind.strip().lower() != "application/json":
        raise bad_request("the header Content-Type must be application/json")
    if parameters.replace(" ", "").replace('"', "").lower() not in {"", "charset=utf-8"}:
        raise bad_request("the charset of the header Content-Type must be utf-8")


def check_promises(call: Call, settings: Settings) -> None:
    """Refuse a body that Databricks could not send to this partner under its config."""
    body = call.body
    for name in ALWAYS_SENT.get(call.operation, ()):
        if name not in body:
            raise bad_request(f"{name} is missing, which Databricks sends to every partner")
    if body.get("cloud_provider", "") not in settings.clouds and "cloud_provider" in body:
        raise bad_request("cloud_provider is none of the clouds that this partner supports")
    if call.operation is Operation.CONNECT:
        _check_identity(body)
        _check_compute(body)
        _check_credentials(body, settings)


def _check_identity(body: Json) -> None:
    user = body["user_info"]
    if body["workspace_id"] != user["databricks_organization_id"]:
        raise bad_request("workspace_id and user_info.databricks_organization_id must be the same number")
    established = user["is_connection_established"]
    if established != ("connection_id" in body):
        raise bad_request("connection_id must be present exactly when is_connection_established is true")
    if established == ("auth" in user):
        raise bad_request("user_info.auth must be present exactly when is_connection_established is false")


def _check_compute(body: Json) -> None:
    warehouse = "http_path" in body
    if not warehouse and ("jdbc_url" in body or "databricks_jdbc_url" in body):
        raise bad_request("a JDBC URL comes only together with http_path")
    missing = [name for name in WITH_WAREHOUSE if name not in body] if warehouse else []
    if missing:
        raise bad_request(f"http_path comes only together with {missing[0]}")
    flags = {body[name] for name in ("is_sql_endpoint", "is_sql_warehouse") if name in body}
    if flags - {warehouse}:
        raise bad_request("is_sql_endpoint and is_sql_warehouse must be true exactly when http_path is present")


def _check_credentials(body: Json, settings: Settings) -> None:
    if "service_principal_oauth_secret" in body and not settings.takes_m2m:
        raise bad_request("service_principal_oauth_secret needs AUTH_OAUTH_M2M in auth_options")
    if "oauth_u2m_app_id" in body and not settings.takes_u2m:
        raise bad_request("oauth_u2m_app_id needs AUTH_OAUTH_U2M in auth_options")
    auth = body["user_info"].get("auth")
    if auth is None:
        return
    if settings.takes_m2m and "service_principal_oauth_secret" not in body:
        raise bad_request("service_principal_oauth_secret is missing, which AUTH_OAUTH_M2M asks for")
    if settings.takes_u2m and "oauth_u2m_app_id" not in body:
        raise bad_request("oauth_u2m_app_id is missing, which AUTH_OAUTH_U2M asks for")
    if settings.takes_pat != (auth.get("personal_access_token") is not None):
        raise bad_request("personal_access_token must be present exactly when the partner takes AUTH_PAT")
