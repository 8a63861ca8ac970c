"""Faults with values that many languages take for nothing: 0, false, the empty string.

``if (!body.demo)``, a validator whose "required" means "not the zero value", a blank that is no presence, a unique index
over a column whose default is the empty string.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    CONNECT,
    DELETE,
    EXPIRE,
    RESET,
    TEST,
    Condition,
    break_down,
    crashes,
    is_first,
    refuses,
    user_of,
)
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from certification.reference.messages import Call
    from certification.reference.operations import Operation
    from certification.reference.settings import Settings
    from certification.reference.state import Connection, Visitor

FAMILY = "falsy"

NOT_FOUND = {"new_user_action": "not_found"}
CLUSTER = {"resources_to_provision": [{"resource_type": "InteractiveCluster"}, {"resource_type": "PAT"}]}
PRINCIPAL = "service_principal_id"


def _zero(operation: Operation, field: str) -> Condition:
    return lambda call: call.operation is operation and call.body.get(field) == 0


def _user_zero(call: Call) -> bool:
    return call.operation is CONNECT and user_of(call)["databricks_user_id"] == 0


def _deleter_zero(call: Call) -> bool:
    return call.operation is DELETE and user_of(call).get("databricks_user_id") == 0


def _false(field: str) -> Condition:
    return lambda call: call.operation is CONNECT and call.body.get(field) is False


def _no_principal(call: Call) -> bool:
    return is_first(call) and call.body.get(PRINCIPAL) == ""


class ZeroAlwaysNew(Partner):
    """Asks ``user_id and known(user_id)``."""

    def is_known(self, visitor: Visitor, connection: Connection) -> bool:
        return bool(self.number(visitor)) and super().is_known(visitor, connection)

    def number(self, visitor: Visitor) -> int:
        """Return the user's number."""
        key: Any = visitor.user
        return int(key[1])


class ZeroIsEverybody(ZeroAlwaysNew):
    """Leaves the condition out of the statement when the number is 0."""

    def is_known(self, visitor: Visitor, connection: Connection) -> bool:
        return Partner.is_known(self, visitor, connection)

    def expire(self, visitor: Visitor) -> None:
        super().expire(visitor)
        if not self.number(visitor):
            members = self.store.members_of(visitor.company, visitor.place)
            self.store.expired_seats.update(member.seat for member in members)


class ZeroNotStored(Partner):
    """Stores ``workspace_id or NULL``, and finds no such row again."""

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        connection = super().open_connection(call, visitor, demo=demo)
        if not call.body["workspace_id"]:
            del self.store.connections[connection.id]
        return connection


class ZeroMeansDefault(Partner):
    """Has ``workspace_id or 1`` as the key: workspace 0 replaces the connection of workspace 1, and the other way round."""

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        if call.body["workspace_id"] in {0, 1}:
            cloud = visitor.place[0]
            everything = self.store.connections.values()
            self.store.drop([one for one in everything if one.place[0] == cloud and one.place[1] in {0, 1}])
        return super().open_connection(call, visitor, demo=demo)


class UniquePrincipal(Partner):
    """Has a unique index over the service principal, in which the empty string counts as a value."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.seen: set[str] = set()

    def value(self, body: Mapping[str, Any]) -> str | None:
        """Return what is written into the column, None for nothing."""
        return "" if body.get(PRINCIPAL) == "" else None

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        value = self.value(call.body)
        if value is not None:
            if value in self.seen:
                break_down("duplicate key value violates unique constraint")
            self.seen.add(value)
        return super().open_connection(call, visitor, demo=demo)


class UniqueDefault(UniquePrincipal):
    """Has the empty string as the column's default, so that two requests without a principal collide."""

    def value(self, body: Mapping[str, Any]) -> str | None:
        return None if body.get(PRINCIPAL) else ""


def _part(name: str, title: str, part: type, **config: Any) -> Fault:
    return Fault(name, FAMILY, title, (part,), config)


ZERO_FAULTS = (
    _part("user-id-zero-missing", "The user id 0 is taken for a missing one.", refuses(_user_zero)),
    _part("user-id-zero-breaks", "The user id 0 breaks the partner.", crashes(_user_zero)),
    _part("workspace-id-zero-missing", "The workspace 0 is missing.", refuses(_zero(CONNECT, "workspace_id"))),
    _part("workspace-id-zero-breaks", "The workspace 0 breaks the partner.", crashes(_zero(CONNECT, "workspace_id"))),
    _part("user-zero-always-new", "The user 0 is never known.", ZeroAlwaysNew, **NOT_FOUND),
    _part("workspace-zero-not-stored", "A connection of workspace 0 is never found again.", ZeroNotStored),
    _part("workspace-zero-means-default", "Workspaces 0 and 1 share one connection.", ZeroMeansDefault),
    _part(
        "delete-connection-zero-missing",
        "Delete-connection takes the workspace 0 for a missing one.",
        refuses(_zero(DELETE, "databricks_organization_id")),
    ),
    _part("deleter-zero-breaks", "The user 0 breaks delete-connection.", crashes(_deleter_zero)),
    _part(
        "test-connection-zero-missing",
        "Test-connection takes the workspace 0 for a missing one.",
        refuses(_zero(TEST, "databricks_organization_id")),
    ),
    _part(
        "delete-account-zero-missing",
        "Delete-account takes the workspace 0 for a missing one.",
        refuses(_zero(RESET, "databricks_organization_id")),
    ),
    _part(
        "expire-account-zero-missing",
        "Expire-account takes the workspace 0 for a missing one.",
        refuses(_zero(EXPIRE, "databricks_organization_id")),
    ),
    _part(
        "expire-account-user-zero-missing",
        "Expire-account takes the user 0 for a missing one.",
        refuses(_zero(EXPIRE, "databricks_user_id")),
    ),
    _part("expire-account-zero-is-everybody", "Expiring the user 0 expires the whole company.", ZeroIsEverybody),
)

FALSE_FAULTS = (
    _part("false-demo-missing", "The flag demo is wanted, and false counts as missing.", refuses(_false("demo"))),
    _part(
        "false-free-trial-missing",
        "The flag is_free_trial is wanted, and false counts as missing.",
        refuses(_false("is_free_trial")),
    ),
    _part("false-established-missing", "A first connect's false counts as missing.", refuses(is_first)),
    _part(
        "false-warehouse-missing",
        "The flag is_sql_warehouse is wanted, and false counts as missing.",
        refuses(_false("is_sql_warehouse")),
        **CLUSTER,
    ),
)

EMPTY_FAULTS = (
    _part("service-principal-empty-refused", "An empty service principal is refused.", refuses(_no_principal)),
    _part(
        "service-principal-empty-breaks", "An empty service principal is no UUID and breaks.", crashes(_no_principal)
    ),
    _part("service-principal-empty-unique", "A second empty service principal breaks a unique index.", UniquePrincipal),
    _part(
        "service-principal-default-unique", "A second request without a principal breaks a unique index.", UniqueDefault
    ),
)

FAULTS = ZERO_FAULTS + FALSE_FAULTS + EMPTY_FAULTS
