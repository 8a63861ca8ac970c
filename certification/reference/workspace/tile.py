"""What a tile config must be; the first thing wrong with it is refused by the name of its field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from certification.contract.schema_files import read_schema
from certification.reference.workspace.messages import invalid

if TYPE_CHECKING:
    from collections.abc import Collection

    from certification.reference.messages import Json

TEXTS = ("name", "category", "hostnames", "integration_type")
URLS = ("connect_url", "sign_up_url", "terms_of_service_url", "privacy_policy_url")
OPTIONAL = ("delete_url", "supported_features", "auth_options")
INTEGRATIONS = (
    "NO_INTEGRATION",
    "CLUSTER_COMPUTE",
    "WAREHOUSE_READ",
    "WAREHOUSE_READ_WRITE",
    "WAREHOUSE_WRITE",
    "WORKSPACE_MANAGEMENT",
)
FEATURES = ("UNITY_CATALOG", "NON_ADMIN", "EXTERNAL_LOCATION")
AUTH_OPTIONS = ("AUTH_PAT", "AUTH_OAUTH_M2M", "AUTH_OAUTH_U2M")
# A cluster may well write; what these do not, their name says.
WRITE_NOTHING = ("NO_INTEGRATION", "WAREHOUSE_READ", "WORKSPACE_MANAGEMENT")
HOSTNAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")


def read_tile(body: Json) -> Json:
    """Return the tile config in ``body``; raise :class:`WorkspaceError` for the first thing that is wrong."""
    partner = body.get("partner")
    if not isinstance(partner, dict):
        raise invalid("partner must be an object that holds the tile config")
    _check_names("", body, ["partner"])
    _check_names("partner.", partner, [*TEXTS, *URLS, *OPTIONAL])
    for name in (*TEXTS, *URLS):
        if name not in partner:
            raise invalid(f"partner.{name} is missing")
        _check_text(name, partner[name])
    for name in (*URLS, "delete_url"):
        if name in partner:
            _check_url(name, partner[name])
    _check_one_of("category", partner["category"], read_schema("partner-config")["properties"]["category"]["enum"])
    _check_one_of("integration_type", partner["integration_type"], INTEGRATIONS)
    _check_hostnames(partner["hostnames"])
    features = _choices("supported_features", partner.get("supported_features", []), FEATURES)
    options = _choices("auth_options", partner.get("auth_options", []), AUTH_OPTIONS)
    if {"AUTH_PAT", "AUTH_OAUTH_M2M"} <= options:
        raise invalid("partner.auth_options can't have both AUTH_PAT and AUTH_OAUTH_M2M")
    if "EXTERNAL_LOCATION" in features and partner["integration_type"] in WRITE_NOTHING:
        raise invalid("partner.supported_features can have EXTERNAL_LOCATION only with an integration_type that writes")
    return partner


def _check_names(prefix: str, value: Json, known: Collection[str]) -> None:
    unknown = next((name for name in value if name not in known), None)
    if unknown is not None:
        raise invalid(f"{prefix}{unknown} is no field of a tile config")


def _check_text(name: str, value: Any) -> None:
    if not isinstance(value, str) or not value.strip():
        raise invalid(f"partner.{name} must be a text that is not empty")


def _check_url(name: str, value: Any) -> None:
    # A real workspace reaches only https addresses; a fake one also has partners on this machine to call.
    _check_text(name, value)
    try:
        parts = urlsplit(value)
        sound = parts.scheme in {"http", "https"} and parts.hostname and parts.username is None and parts.port != 0
    except ValueError:
        sound = False
    if not sound or re.search(r"\s", value):
        raise invalid(f"partner.{name} must be a URL with scheme and host, and without a user")


def _check_hostnames(value: str) -> None:
    if not all(HOSTNAME.fullmatch(host.strip()) for host in value.split(",")):
        raise invalid("partner.hostnames must be host names in one text, separated by commas")


def _check_one_of(name: str, value: Any, allowed: Collection[str]) -> None:
    if value not in allowed:
        raise invalid(f"partner.{name} must be one of {', '.join(allowed)}")


def _choices(name: str, value: Any, allowed: Collection[str]) -> set[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise invalid(f"partner.{name} must be a list of names")
    for each in value:
        _check_one_of(name, each, allowed)
    if len(set(value)) != len(value):
        raise invalid(f"partner.{name} names something twice")
    return set(value)
