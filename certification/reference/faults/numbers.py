"""Faults with ids and numbers: narrow columns, doubles, confused clouds, ids that repeat."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    CONNECT,
    Condition,
    answers,
    convert,
    crashes,
    is_first,
    refuses,
    user_of,
)
from certification.reference.partner import Partner
from certification.reference.state import Connection

if TYPE_CHECKING:
    from collections.abc import Hashable

    from certification.reference.messages import Call
    from certification.reference.settings import Settings
    from certification.reference.state import Place, Visitor

FAMILY = "numbers"
WORKSPACES = "workspaces"

INT32 = 2**31 - 1
EXACT_DOUBLE = 2**53
ALMOST_INT64 = 2**63 - 2**20
ID_COLUMN = 32
SMALL_COUNTER = 8
SAME_HOST = {
    "test_workspace_detail": {
        "hostname": "organization.cloud.databricks.com",
        "port": 443,
        "jdbc_url": "jdbc:spark://organization.cloud.databricks.com:443/default;transportMode=http;ssl=1;AuthMech=3;"
        "httpPath=/sql/1.0/endpoints/44a1419108002906;",
        "databricks_jdbc_url": "jdbc:databricks://organization.cloud.databricks.com:443/default;"
        "httpPath=/sql/1.0/endpoints/44a1419108002906;",
        "http_path": "/sql/1.0/endpoints/44a1419108002906",
        "cluster_id": "44a1419108002906",
    },
}


class OnePer(Partner):
    """Keeps one connection per key: the next one replaces it. Per workspace that is allowed; each key below is not."""

    def key(self, call: Call, visitor: Visitor) -> Hashable:
        """Return what there is one connection of."""
        raise NotImplementedError

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.current: dict[Hashable, str] = {}

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        connection = super().open_connection(call, visitor, demo=demo)
        key = self.key(call, visitor)
        self.store.connections.pop(self.current.get(key, ""), None)
        self.current[key] = connection.id
        return connection


class OnePerUser(OnePer):
    def key(self, call: Call, visitor: Visitor) -> Hashable:
        return visitor.user


class OnePerCompany(OnePer):
    def key(self, call: Call, visitor: Visitor) -> Hashable:
        return visitor.company


class OnePerNumber(OnePer):
    def key(self, call: Call, visitor: Visitor) -> Hashable:
        return int(call.body["workspace_id"])


class OnePerInt32(OnePer):
    def key(self, call: Call, visitor: Visitor) -> Hashable:
        return (call.body["cloud_provider"], call.body["workspace_id"] & 0xFFFFFFFF)


class OnePerDouble(OnePer):
    def key(self, call: Call, visitor: Visitor) -> Hashable:
        return (call.body["cloud_provider"], float(call.body["workspace_id"]))


class OnePerHost(OnePer):
    def key(self, call: Call, visitor: Visitor) -> Hashable:
        return str(call.body["hostname"])


class OnePerEmail(OnePer):
    def key(self, call: Call, visitor: Visitor) -> Hashable:
        return visitor.email.lower()


class UserNumber(Partner):
    def user_key(self, email: str, user_id: int, cloud: str) -> Hashable:
        return user_id


class UserDouble(Partner):
    def user_key(self, email: str, user_id: int, cloud: str) -> Hashable:
        return (cloud, float(user_id))


class UserInt32(Partner):
    def user_key(self, email: str, user_id: int, cloud: str) -> Hashable:
        return (cloud, user_id & 0xFFFFFFFF)


class IdOfWorkspace(Partner):
    def new_connection_id(self, call: Call) -> str:
        return f"{call.body['cloud_provider']}-{call.body['workspace_id']}"


class IdOfUser(Partner):
    def new_connection_id(self, call: Call) -> str:
        return f"user-{user_of(call)['databricks_user_id']}"


class IdOfEmail(Partner):
    def new_connection_id(self, call: Call) -> str:
        return hashlib.sha256(user_of(call)["email"].encode()).hexdigest()


class IdOfCompany(Partner):
    def new_connection_id(self, call: Call) -> str:
        return self.company_of(user_of(call)["email"])


class LowestFreeId(Partner):
    def new_connection_id(self, call: Call) -> str:
        number = 1
        while str(number) in self.store.connections:
            number += 1
        return str(number)


class SmallCounter(Partner):
    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.count = 0

    def new_connection_id(self, call: Call) -> str:
        self.count = (self.count + 1) % SMALL_COUNTER
        return f"connection-{self.count}"


class ShortIdColumn(Partner):
    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        connection = super().open_connection(call, visitor, demo=demo)
        del self.store.connections[connection.id]
        self.store.connections[connection.id[:ID_COLUMN]] = connection
        return connection


class SecondWorkspaceRefused(Partner):
    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        for member in self.store.members.values():
            if member.user == visitor.user and member.place != visitor.place:
                raise RuntimeError("duplicate key value violates unique constraint users_email_key")
        return super().open_connection(call, visitor, demo=demo)


class MovedAway(Partner):
    """Stores one workspace with the user, and finds only that one's connections."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.home: dict[Hashable, Place] = {}

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        self.home[visitor.user] = visitor.place
        return super().open_connection(call, visitor, demo=demo)

    def is_known(self, visitor: Visitor, connection: Connection) -> bool:
        home = self.home.get(visitor.user, visitor.place)
        return home == visitor.place and super().is_known(visitor, connection)


def _workspace_over(limit: int) -> Condition:
    return lambda call: call.operation is CONNECT and call.body["workspace_id"] > limit


def _user_over(limit: int) -> Condition:
    return lambda call: call.operation is CONNECT and user_of(call)["databricks_user_id"] > limit


def _number(name: str, title: str, *parts: type) -> Fault:
    return Fault(name, FAMILY, title, parts)


def _workspace(name: str, title: str, *parts: type) -> Fault:
    return Fault(name, WORKSPACES, title, parts)


NUMBER_FAULTS = (
    _number(
        "workspace-id-int32-column", "A workspace id above 2^31 overflows its column.", crashes(_workspace_over(INT32))
    ),
    _number("user-id-int32-column", "A user id above 2^31 overflows its column.", crashes(_user_over(INT32))),
    _number(
        "user-id-unsafe-integer",
        "A user id above 2^53 is refused as no safe integer.",
        refuses(_user_over(EXACT_DOUBLE)),
    ),
    _number(
        "workspace-id-unsafe-integer", "A workspace id above 2^53 is refused.", refuses(_workspace_over(EXACT_DOUBLE))
    ),
    _number(
        "workspace-id-overflows",
        "A workspace id near 2^63 overflows an addition.",
        crashes(_workspace_over(ALMOST_INT64)),
    ),
    _number("user-ids-as-doubles", "Users whose ids above 2^53 are neighbours are one user.", UserDouble),
    _number("user-ids-wrapped", "Users whose ids are 2^32 apart are one user.", UserInt32),
    _number("user-ids-across-clouds", "Users of the same number in two clouds are one user.", UserNumber),
    _number("connection-id-of-workspace", "The connection id is made from the workspace, and repeats.", IdOfWorkspace),
    _number("connection-id-of-user", "The connection id is made from the user, and repeats.", IdOfUser),
    _number("connection-id-of-email", "The connection id is a hash of the e-mail address, and repeats.", IdOfEmail),
    _number("connection-id-of-company", "The connection id is the company, and repeats.", IdOfCompany),
    _number("connection-id-reused", "The lowest free number is the next id, a deleted one too.", LowestFreeId),
    _number("connection-id-wraps", "The counter behind the ids wraps after eight.", SmallCounter),
    _number("connection-id-truncated", "The id's column is shorter than the id that was returned.", ShortIdColumn),
    _number(
        "connection-id-upper-cased",
        "The id is returned in upper case and looked up as it was stored.",
        answers(convert("connection_id", str.upper), is_first),
    ),
)

WORKSPACE_FAULTS = (
    _workspace("one-connection-per-user", "A user's second workspace replaces the first.", OnePerUser),
    _workspace("one-connection-per-email", "The e-mail address is the key of the connections.", OnePerEmail),
    _workspace("one-connection-per-company", "A company's second workspace replaces the first.", OnePerCompany),
    _workspace("workspaces-across-clouds", "Workspaces of the same number in two clouds are one.", OnePerNumber),
    _workspace("workspaces-wrapped", "Workspaces whose ids are 2^32 apart are one.", OnePerInt32),
    _workspace("workspaces-as-doubles", "Workspaces whose ids above 2^53 are neighbours are one.", OnePerDouble),
    Fault("workspaces-by-host", WORKSPACES, "Workspaces of one host are one workspace.", (OnePerHost,), SAME_HOST),
    _workspace("second-workspace-breaks", "A user's second workspace breaks a unique index.", SecondWorkspaceRefused),
    Fault(
        "first-workspace-forgotten",
        WORKSPACES,
        "A user is known in the workspace of the latest connect only.",
        (MovedAway,),
        {"new_user_action": "not_found"},
    ),
)

FAULTS = NUMBER_FAULTS + WORKSPACE_FAULTS
