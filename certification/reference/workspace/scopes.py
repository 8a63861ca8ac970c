"""The Secrets API: scopes, the secrets in them, and who may use them."""

from __future__ import annotations

import base64
import binascii
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from certification.reference.workspace.messages import WorkspaceError, denied, exists, invalid, missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from certification.reference.messages import Json
    from certification.reference.workspace.faults import Faults

SCOPE = "partner-connect"
"""The scope in which Databricks looks for the credential of a self-testing partner."""

NAME = re.compile(r"[A-Za-z0-9_.@-]{1,128}")
LARGEST_SECRET = 128 * 1024
PERMISSIONS = ("READ", "WRITE", "MANAGE")
STRANGER = "someone.else@customer.example"


@dataclass(slots=True)
class Secret:
    """One secret."""

    value: bytes
    updated: int


@dataclass(slots=True)
class Scope:
    """One scope: its secrets by key, its permissions by principal."""

    acls: dict[str, str]
    secrets: dict[str, Secret] = field(default_factory=dict)


class Scopes:
    """All scopes of a workspace, spoken to by ``user``, who is an admin and may manage each."""

    def __init__(self, user: str, faults: Faults) -> None:
        self.user = user
        self._faults = faults
        self._scopes: dict[str, Scope] = {}
        if "scope-unreadable" in faults:
            self._scopes[SCOPE] = Scope({STRANGER: "MANAGE"})

    def secret(self, key: str) -> bytes | None:
        """Return the value of a secret of Partner Connect, as Databricks itself reads it."""
        scope = self._scopes.get(SCOPE)
        secret = scope.secrets.get(key) if scope else None
        return secret.value if secret else None

    def readable_by_all(self) -> bool:
        """Say whether every user of the workspace may read the secrets of Partner Connect."""
        return SCOPE in self._scopes and "users" in self._scopes[SCOPE].acls

    def create(self, body: Json) -> Json:
        """Make a scope."""
        name, manager = _name(body, "scope"), body.get("initial_manage_principal")
        if name in self._scopes:
            raise exists(f"Scope {name} already exists!")
        if manager not in {None, "users"}:
            raise invalid('The initial_manage_principal can only be "users"')
        if "no-acls" in self._faults and manager is None:
            tier = "Premium Tier is disabled in this workspace."
            message = f'{tier} Secret scopes can only be created with initial_manage_principal "users".'
            raise WorkspaceError(400, "BAD_REQUEST", message)
        self._scopes[name] = Scope({manager or self.user: "MANAGE"})
        return {}

    def listed(self) -> Json:
        """List the scopes, also those that the user may not read."""
        return _filled("scopes", [{"name": name, "backend_type": "DATABRICKS"} for name in self._scopes])

    def put(self, body: Json) -> Json:
        """Store a secret, in the place of one with the same key."""
        scope, key, value = self._open(body, "WRITE"), _name(body, "key"), _value(body)
        if self._faults.strike("secret-put-fails"):
            raise WorkspaceError(500, "INTERNAL_ERROR", "The secret was not stored.")
        scope.secrets[key] = Secret(value, int(time.time() * 1000))
        return {}

    def delete(self, body: Json) -> Json:
        """Remove a secret."""
        scope, key = self._open(body, "WRITE"), _name(body, "key")
        if scope.secrets.pop(key, None) is None:
            raise missing(f"No secret with key {key} exists in scope {body['scope']}!")
        return {}

    def keys(self, query: Mapping[str, str]) -> Json:
        """List the secrets of a scope, without their values."""
        secrets = self._open(query, "READ").secrets
        return _filled("secrets", [{"key": key, "last_updated_timestamp": secrets[key].updated} for key in secrets])

    def value(self, query: Mapping[str, str]) -> Json:
        """Return a secret, its value in base64."""
        scope, key = self._open(query, "READ"), _name(query, "key")
        if key not in scope.secrets:
            raise missing(f"No secret with key {key} exists in scope {query['scope']}!")
        return {"key": key, "value": base64.b64encode(scope.secrets[key].value).decode()}

    def put_acl(self, body: Json) -> Json:
        """Give a principal a permission on a scope."""
        scope = self._with_acls(body)
        principal, permission = _text(body, "principal"), _text(body, "permission")
        if permission not in PERMISSIONS:
            raise invalid(f"permission must be one of {', '.join(PERMISSIONS)}")
        if principal not in {"users", "admins", self.user}:
            raise invalid(f"There is no user or group {principal}")
        scope.acls[principal] = permission
        return {}

    def acls(self, query: Mapping[str, str]) -> Json:
        """List who may do what with a scope."""
        acls = self._with_acls(query).acls
        return _filled("items", [{"principal": principal, "permission": acls[principal]} for principal in acls])

    def _with_acls(self, wanted: Mapping[str, Any]) -> Scope:
        if "no-acls" in self._faults:
            message = "Secret ACLs are disabled or not available in this tier"
            raise WorkspaceError(400, "FEATURE_DISABLED", message)
        return self._open(wanted, "MANAGE")

    def _open(self, wanted: Mapping[str, Any], permission: str) -> Scope:
        name = _name(wanted, "scope")
        if name not in self._scopes:
            raise missing(f"Scope {name} does not exist!")
        if name == SCOPE and "scope-unreadable" in self._faults:
            raise denied(
                f"User {self.user} does not have {permission} permission on scope {name} to perform this action."
            )
        return self._scopes[name]


def _text(wanted: Mapping[str, Any], name: str) -> str:
    value = wanted.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(f"Missing required field: {name}")
    return value


def _name(wanted: Mapping[str, Any], name: str) -> str:
    value = _text(wanted, name)
    if not NAME.fullmatch(value):
        raise invalid(f"{name} may have letters, digits, dashes, underscores, @ and periods, at most 128")
    return value


def _value(body: Json) -> bytes:
    given = [name for name in ("string_value", "bytes_value") if isinstance(body.get(name), str)]
    if len(given) != 1:
        raise WorkspaceError(400, "MALFORMED_REQUEST", "A secret has either a string_value or a bytes_value")
    try:
        value = (
            body[given[0]].encode() if given == ["string_value"] else base64.b64decode(body[given[0]], validate=True)
        )
    except (binascii.Error, ValueError):
        raise invalid("bytes_value must be base64") from None
    if len(value) > LARGEST_SECRET:
        raise invalid("The value of a secret can't be larger than 128 KB")
    return bytes(value)


def _filled(name: str, items: list[Json]) -> Json:
    # Databricks leaves out what is empty.
    return {name: items} if items else {}
