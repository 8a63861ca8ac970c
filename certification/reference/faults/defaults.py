"""Faults of object-relational mappers: defaults made once, rows that are hidden but count, cascades, pending states."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import break_down
from certification.reference.messages import Answer, Call, Json, account_not_found, connection_not_found
from certification.reference.partner import Partner
from certification.reference.state import Connection

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from certification.reference.settings import Settings
    from certification.reference.state import Place, Visitor

FAMILY = "defaults"

NOT_FOUND = {"new_user_action": "not_found"}
FREE_SIGN_INS = 3


class IdMadeOnce(Partner):
    """Has ``default=uuid4()``, which is called when the module loads, in place of ``default=uuid4``."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.default = str(uuid.uuid4())

    def new_connection_id(self, call: Call) -> str:
        return self.default


class IdAsNumber(Partner):
    """Has numbers as ids, and a database that makes a number of any text: 17abc is 17."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.last = 0

    def new_connection_id(self, call: Call) -> str:
        self.last += 1
        return str(self.last)

    def find(self, connection_id: str, place: Place | None) -> Connection:
        digits = connection_id[: len(connection_id) - len(connection_id.lstrip("0123456789"))]
        return super().find(str(int(digits or "0")), place)


class Pending(Partner):
    """Makes connections with the default state pending, which the next job ends: the first sign-in comes too early."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.pending: set[str] = set()

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        connection = super().open_connection(call, visitor, demo=demo)
        self.pending = {connection.id}
        return connection

    def find(self, connection_id: str, place: Place | None) -> Connection:
        if connection_id in self.pending:
            self.pending.discard(connection_id)
            raise connection_not_found()
        return super().find(connection_id, place)


class HiddenUsersCount(Partner):
    """Deletes users softly, under a unique index that counts hidden rows."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.hidden: set[Hashable] = set()

    def remove_account(self, company: str, place: Place) -> None:
        self.hidden.update(member.seat for member in self.store.members_of(company, place))
        super().remove_account(company, place)

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        if visitor.seat in self.hidden and not demo:
            break_down("duplicate key value violates unique constraint")
        return super().open_connection(call, visitor, demo=demo)


class HiddenStaysHidden(HiddenUsersCount):
    """Finds the hidden user, updates the row, and leaves it hidden."""

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        return Partner.open_connection(self, call, visitor, demo=demo)

    def is_known(self, visitor: Visitor, connection: Connection) -> bool:
        if visitor.seat in self.hidden:
            raise account_not_found("no active user")
        return super().is_known(visitor, connection)


class CascadesToMembers(Partner):
    """Deletes with a connection the rows of all users of its workspace, whatever else they have."""

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        for member in [one for one in self.store.members.values() if one.place == connection.place]:
            self.store.forget(member)
        return [connection]


class CascadesToTests(Partner):
    """Joins connections with users, so that a connection whose user was deleted can't be tested."""

    async def test_connection(self, call: Call) -> Answer:
        connection = self.find(call.body["connection_id"], self.place_of(call.body))
        if connection.owner.seat not in self.store.members:
            raise connection_not_found()
        return await super().test_connection(call)


class MovesWithUser(Partner):
    """Stores the workspace with the user: a user's connections move to the workspace of the latest."""

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        for one in [other for other in self.store.connections.values() if other.owner.user == visitor.user]:
            moved = Connection(one.id, visitor.place, one.company, one.owner, one.demo)
            self.store.connections[one.id] = moved
        return super().open_connection(call, visitor, demo=demo)


class TrialOfSignIns(Partner):
    """Counts a trial in sign-ins, with a default of three."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.counts: dict[Hashable, int] = {}

    def account_of(self, visitor: Visitor, connection: Connection) -> str:
        self.counts[visitor.user] = self.counts.get(visitor.user, 0) + 1
        return "expired" if self.counts[visitor.user] > FREE_SIGN_INS else super().account_of(visitor, connection)


class ListGrows(Partner):
    """Has a list as the default of a parameter, to which every request appends."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.rows: dict[str, list[Json]] = {}

    async def list_connectors(self, call: Call) -> Answer:
        answer = await super().list_connectors(call)
        rows = self.rows.setdefault(call.query.get("pagination_token", ""), [])
        rows.extend(answer.content["connectors"])
        return Answer(200, {**answer.content, "connectors": list(rows)})


class AddedOnce(Partner):
    """Keeps with the connection that a new user was added, and adds nobody after that."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.added: set[str] = set()

    def meet_new_user(self, call: Call, visitor: Visitor, connection: Connection) -> Answer:
        if connection.id in self.added:
            self.join(visitor, connection)
            return self.connected(call, visitor, "sign_in", "existing", self.account_of(visitor, connection))
        self.added.add(connection.id)
        return super().meet_new_user(call, visitor, connection)


def _part(name: str, title: str, part: type[Partner], **config: Any) -> Fault:
    return Fault(name, FAMILY, title, (part,), config)


FAULTS = (
    _part("connection-id-made-once", "All connections get the id of the process's start.", IdMadeOnce),
    _part("connection-id-as-number", "An unknown id that begins with a known number is found.", IdAsNumber),
    _part("connection-pending", "A new connection is not there for its first sign-in.", Pending),
    _part("deleted-users-count", "A deleted user who comes back breaks a unique index.", HiddenUsersCount),
    _part("deleted-users-hidden", "A deleted user who comes back can't sign in.", HiddenStaysHidden),
    _part(
        "delete-forgets-members", "Deleting a connection forgets its workspace's users.", CascadesToMembers, **NOT_FOUND
    ),
    _part("test-joins-users", "A demo's connection, which has no user, can't be tested.", CascadesToTests),
    _part("connections-move", "A user's connections move to the user's latest workspace.", MovesWithUser),
    _part("trial-of-sign-ins", "The fourth sign-in finds the trial over.", TrialOfSignIns),
    _part("connectors-accumulate", "Each reading of a page makes it longer.", ListGrows),
    _part("auto-add-first-only", "A second user who is added is called existing.", AddedOnce),
)
