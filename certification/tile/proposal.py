"""The tile config that follows from a partner config, with the reason for whatever had to be guessed.

Source: tile.md, Tile config.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from certification.config.partner import PartnerConfig

READING = frozenset({"SELECT", "USAGE", "READ_METADATA", "USE_CATALOG", "USE_SCHEMA", "ALL PRIVILEGES"})
WRITING = frozenset({"CREATE", "MODIFY", "CREATE_SCHEMA", "CREATE_TABLE", "CREATE_NAMED_FUNCTION", "ALL PRIVILEGES"})
OF_UNITY_CATALOG = frozenset({"USE_CATALOG", "USE_SCHEMA", "CREATE_SCHEMA", "CREATE_TABLE"})

WAREHOUSE = {
    (True, False): "WAREHOUSE_READ",
    (False, True): "WAREHOUSE_WRITE",
    (True, True): "WAREHOUSE_READ_WRITE",
}
"""Whether the partner (reads, writes) -> the integration type with a warehouse."""


@dataclass(frozen=True)
class Choice:
    """A value that a person may overrule, and why it is proposed."""

    value: Any
    reason: str
    sure: bool = True
    """Whether the partner config leaves no doubt."""


@dataclass(frozen=True)
class Proposal:
    """A tile config, and where its values come from."""

    config: dict[str, Any]
    integration_type: Choice
    features: Choice


def propose(
    partner: PartnerConfig, integration_type: str | None = None, features: Sequence[str] | None = None
) -> Proposal:
    """Return the tile config that follows from ``partner``; a person's ``integration_type`` and ``features`` go first."""
    raw = partner.raw
    kind = Choice(integration_type, "you chose it") if integration_type else _integration_type(raw)
    supported = Choice(list(features), "you chose them") if features is not None else _features(raw)
    base, endpoints = partner.base_url.rstrip("/"), raw["endpoints"]
    tile: dict[str, Any] = {
        "name": partner.name,
        "category": raw["category"],
        "connect_url": f"{base}{endpoints['connect_path']}",
        "sign_up_url": raw["sign_up_page"],
        "terms_of_service_url": raw["terms_of_service"],
        "privacy_policy_url": raw["privacy_policy"],
        "hostnames": ",".join(partner.hostnames),
        "integration_type": kind.value,
    }
    if "delete_connection_path" in endpoints:
        tile["delete_url"] = f"{base}{endpoints['delete_connection_path']}"
    if supported.value:
        tile["supported_features"] = supported.value
    if raw.get("auth_options"):
        tile["auth_options"] = list(raw["auth_options"])
    return Proposal({"partner": tile}, kind, supported)


def _integration_type(raw: Mapping[str, Any]) -> Choice:
    resources = {entry["resource_type"] for entry in raw.get("resources_to_provision", ())}
    permissions = _permissions(raw)
    if "InteractiveCluster" in resources:
        return Choice(
            "CLUSTER_COMPUTE", "resources_to_provision has InteractiveCluster", sure="SqlEndpoint" not in resources
        )
    if "SqlEndpoint" in resources:
        reads, writes = bool(permissions & READING), bool(permissions & WRITING)
        unknown = permissions - READING - WRITING
        listed = ", ".join(sorted(permissions)) or "nothing"
        kind = WAREHOUSE.get((reads, writes), "WAREHOUSE_READ")
        return Choice(
            kind,
            f"resources_to_provision has SqlEndpoint, data_permissions ask for {listed}",
            sure=(reads or writes) and not unknown,
        )
    objects = {str(entry.get("name")) for entry in raw.get("object_permissions", ())}
    if "PAT" in resources and objects & {"Cluster", "Job"}:
        return Choice("WORKSPACE_MANAGEMENT", f"a credential alone, with permissions on {', '.join(sorted(objects))}")
    if resources:
        return Choice(
            "WORKSPACE_MANAGEMENT",
            f"resources_to_provision has {', '.join(sorted(resources))} and no compute",
            sure=False,
        )
    return Choice("NO_INTEGRATION", "resources_to_provision asks for nothing")


def _features(raw: Mapping[str, Any]) -> Choice:
    found, reasons = [], []
    unity = sorted(_permissions(raw) & OF_UNITY_CATALOG)
    if unity:
        found.append("UNITY_CATALOG")
        reasons.append(f"data_permissions have {', '.join(unity)}")
    if any(entry["resource_type"] == "DestLocation" for entry in raw.get("resources_to_provision", ())):
        found.append("EXTERNAL_LOCATION")
        reasons.append("resources_to_provision has DestLocation")
    return Choice(found, "; ".join(reasons) or "nothing in the partner config calls for one")


def _permissions(raw: Mapping[str, Any]) -> set[str]:
    return {str(entry["permission"]) for entry in raw.get("data_permissions", ())}
