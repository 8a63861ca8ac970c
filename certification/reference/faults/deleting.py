"""Faults in delete-connection: its reach, its truth, and what comes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import DELETE, crashes, error, errors, of, put, refuses
from certification.reference.messages import Answer, Refusal
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from certification.reference.messages import Call
    from certification.reference.settings import Settings
    from certification.reference.state import Connection, Place, Visitor

FAMILY = "deletion"

QUEUE_DELAY = 4


class Nothing(Partner):
    """Says that the connection is gone, and keeps it."""

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        return []


class WholeWorkspace(Partner):
    """Deletes every connection of the workspace."""

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        return [other for other in self.store.connections.values() if other.place == connection.place]


class WholeUser(Partner):
    """Deletes every connection of the user who made it."""

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        return [other for other in self.store.connections.values() if other.owner.user == connection.owner.user]


class WholeCompany(Partner):
    """Deletes every connection of the company."""

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        return [other for other in self.store.connections.values() if other.company == connection.company]


class WholeNumber(Partner):
    """Deletes by the workspace's number, which another cloud has too."""

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        return [other for other in self.store.connections.values() if other.place[1] == connection.place[1]]


class Newest(Partner):
    """Deletes the workspace's newest connection, for there should be one only."""

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        return [other for other in self.store.connections.values() if other.place == connection.place][-1:]


class AccountToo(Partner):
    """Deletes the user's account along with the connection."""

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        seats = [member for member in self.store.members.values() if member.user == connection.owner.user]
        for member in seats:
            self.store.forget(member)
        return [connection]


class Tombstones(Partner):
    """Remembers what was deleted, for the faults that stumble over it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.deleted: dict[str, Connection] = {}

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        self.deleted[connection.id] = connection
        return [connection]


class SecondIsFine(Tombstones):
    """Finds deleted rows when it deletes."""

    async def delete_connection(self, call: Call) -> Answer:
        if call.body["connection_id"] in self.deleted:
            return Answer(200, {"resource_status": "resources_deleted"})
        return await super().delete_connection(call)


class StillTested(Tombstones):
    """Finds deleted rows when it tests."""

    async def test_connection(self, call: Call) -> Answer:
        if call.body["connection_id"] in self.deleted:
            return Answer(200, {"test_results": self.test_results()})
        return await super().test_connection(call)


class BlocksReturn(Tombstones):
    """Has a unique index over the workspace that counts deleted rows."""

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        if any(connection.place == visitor.place for connection in self.deleted.values()):
            raise RuntimeError("duplicate key value violates unique constraint")
        return super().open_connection(call, visitor, demo=demo)


class Restored(Tombstones):
    """Restores the workspace's deleted row, id and all, on the next connect."""

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        for connection in self.deleted.values():
            if connection.place == visitor.place and not demo:
                self.store.connections[connection.id] = connection
                return connection
        return super().open_connection(call, visitor, demo=demo)


class Revived(Tombstones):
    """Makes a new row on the next connect, and sets the workspace's old ones active with it."""

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        for connection in self.deleted.values():
            if connection.place == visitor.place:
                self.store.connections[connection.id] = connection
        return super().open_connection(call, visitor, demo=demo)


class StillSignsIn(Tombstones):
    """Keeps the deleted connection for its owner, who is signed in by the user table."""

    def find(self, connection_id: str, place: Place | None) -> Connection:
        return self.deleted.get(connection_id) or super().find(connection_id, place)

    async def delete_connection(self, call: Call) -> Answer:
        if call.body["connection_id"] in self.deleted:
            raise Refusal(404, "connection_not_found", "deleted")
        return await super().delete_connection(call)


class Queued(Tombstones):
    """Says that the resources are gone while the deletion still waits in a queue."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.waiting: list[tuple[int, Connection]] = []
        self.calls = 0

    async def answer(self, call: Call) -> Answer:
        self.calls += 1
        due = [connection for number, connection in self.waiting if number + QUEUE_DELAY <= self.calls]
        self.store.drop(due)
        return await super().answer(call)

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        self.waiting.append((self.calls, connection))
        return []


class UnknownIsFine(Partner):
    """Has nothing against deleting what does not exist."""

    async def delete_connection(self, call: Call) -> Answer:
        try:
            return await super().delete_connection(call)
        except Refusal:
            return Answer(200, {"resource_status": "resources_deleted"})


class UserDeletion(Partner):
    """Deletes by the user whom the request names, not by the connection."""

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        owner = connection.owner.email
        return [other for other in self.store.connections.values() if other.owner.email == owner]


class LocalPart(Partner):
    """Deletes by the name in front of the @, which another company has too."""

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        name = connection.owner.email.partition("@")[0]
        everything = self.store.connections.values()
        return [other for other in everything if other.owner.email.partition("@")[0] == name]


class AnyWorkspace(Partner):
    """Finds the connection to delete by its id alone (ruling 23)."""

    async def delete_connection(self, call: Call) -> Answer:
        self.store.drop([self.find(call.body["connection_id"], None)])
        return Answer(200, {"resource_status": "resources_deleted"})


class OtherWorkspaceBreaks(Partner):
    """Asserts that a connection is where the request says."""

    async def delete_connection(self, call: Call) -> Answer:
        if self.find(call.body["connection_id"], None).place != self.place_of(call.body):
            raise RuntimeError
        return await super().delete_connection(call)


def _part(name: str, title: str, part: type[Partner]) -> Fault:
    return Fault(f"delete-{name}", FAMILY, title, (part,))


FAULTS = (
    _part("does-nothing", "Nothing is deleted, and resources_deleted is the answer.", Nothing),
    _part("whole-workspace", "Deleting one connection deletes all of the workspace.", WholeWorkspace),
    _part("whole-user", "Deleting one connection deletes all of its user.", WholeUser),
    _part("whole-company", "Deleting one connection deletes all of the company.", WholeCompany),
    _part("whole-number", "Deleting reaches the workspace of the same number in another cloud.", WholeNumber),
    _part("newest", "The workspace's newest connection is deleted, not the named one.", Newest),
    _part("account-too", "Deleting a connection deletes its user's account everywhere.", AccountToo),
    _part("by-email", "Deleting one connection deletes all with the same e-mail address.", UserDeletion),
    _part("by-local-part", "Deleting reaches the user of the same name in another company.", LocalPart),
    _part("twice-succeeds", "A second deletion succeeds.", SecondIsFine),
    _part("unknown-succeeds", "Deleting an unknown connection succeeds.", UnknownIsFine),
    _part("keeps-testing", "A deleted connection still passes its tests.", StillTested),
    _part("keeps-signing-in", "A deleted connection still signs in.", StillSignsIn),
    _part("blocks-return", "After a deletion the workspace can't connect again.", BlocksReturn),
    _part("restored-by-connect", "The next connect returns the deleted id.", Restored),
    _part("revived-by-connect", "The next connect makes the deleted connection work again.", Revived),
    _part("any-workspace", "Deleting takes any workspace, if the id is right.", AnyWorkspace),
    _part("other-workspace-breaks", "Deleting with another workspace breaks.", OtherWorkspaceBreaks),
    _part("queued", "Resources are said to be gone while they wait in a queue.", Queued),
    Fault(
        "delete-unknown-account-not-found",
        FAMILY,
        "Deleting an unknown connection is account_not_found.",
        (errors(put(error_reason="account_not_found"), 404, of(DELETE)),),
    ),
    Fault(
        "delete-unknown-bad-request",
        FAMILY,
        "Deleting an unknown connection is a bad request.",
        (errors(error(400, "bad_request"), 404, of(DELETE)),),
    ),
    Fault(
        "delete-unknown-gone",
        FAMILY,
        "Deleting an unknown connection is 410, with a reason of its own.",
        (errors(error(410, "gone"), 404, of(DELETE)),),
    ),
    Fault(
        "delete-unknown-crashes",
        FAMILY,
        "Deleting an unknown connection breaks the partner.",
        (errors(error(500, "general_error"), 404, of(DELETE)),),
    ),
    Fault(
        "delete-needs-user",
        FAMILY,
        "Delete-connection breaks without user_info, which is optional.",
        (crashes(lambda call: call.operation is DELETE and "user_info" not in call.body),),
    ),
    Fault(
        "delete-refuses-user",
        FAMILY,
        "Delete-connection refuses user_info, which today's requests may have.",
        (refuses(lambda call: call.operation is DELETE and "user_info" in call.body),),
    ),
    Fault(
        "delete-forbidden",
        FAMILY,
        "Databricks' own credentials may connect and may not delete.",
        (refuses(of(DELETE), 403, "unauthorized"),),
    ),
)
