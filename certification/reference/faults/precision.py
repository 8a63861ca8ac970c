"""Faults with ids that stand beside each other: doubles, roundings and casts, in every operation.

Languages whose only number is a double, JSON libraries that print fifteen digits, and columns of 32 bits make one id of
two; what is then done to one workspace or user is done to its neighbour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Fault
from certification.reference.faults.numbers import EXACT_DOUBLE, OnePer
from certification.reference.faults.tools import (
    DELETE,
    EXPIRE,
    RESET,
    TEST,
    Condition,
    crashes,
    is_sign_in,
    refuses,
    understands,
    user_of,
)
from certification.reference.messages import Answer, Call, connection_not_found
from certification.reference.partner import Partner
from certification.reference.state import Place, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from certification.reference.messages import Json
    from certification.reference.state import Connection, Visitor

FAMILY = "neighbours"

NOT_FOUND = {"new_user_action": "not_found"}
IDS = ("workspace_id", "databricks_organization_id", "databricks_user_id")


def as_double(number: int) -> int:
    """Return what a language without integers makes of ``number``."""
    return int(float(number))


def as_15_digits(number: int) -> int:
    """Return ``number`` after it was printed with fifteen digits."""
    return int(float(f"{number:.14e}"))


def as_14_digits(number: int) -> int:
    """Return ``number`` after it was printed with fourteen digits, the old default of PHP."""
    return int(float(f"{number:.13e}"))


def as_int32(number: int) -> int:
    """Return the lower half of ``number``."""
    return number & 0xFFFFFFFF


def _read(convert: Callable[[int], int]) -> Callable[[Json], None]:
    """Return the change of all ids in a body, wherever they stand."""

    def change(body: Json) -> None:
        for name, value in body.items():
            if name in IDS:
                body[name] = convert(value)
            elif isinstance(value, dict):
                change(value)

    return change


def _is_hook(call: Call) -> bool:
    return call.operation in {RESET, EXPIRE}


def _beside(store: Store, place: Place, convert: Callable[[Any], int]) -> list[Place]:
    """Return the workspaces that look like ``place`` once their numbers went through ``convert``, itself included."""
    places = {one.place for one in store.connections.values()} | {seat[0] for seat in store.members}
    wanted = (place[0], convert(place[1]))
    return [place, *(other for other in places - {place} if (other[0], convert(other[1])) == wanted)]


def _users(convert: Callable[[int], int], name: str, title: str) -> Fault:
    class Users(Partner):
        def user_key(self, email: str, user_id: int, cloud: str) -> Hashable:
            return (cloud, convert(user_id))

    return Fault(name, FAMILY, title, (Users,))


def _clear(partner: Partner, place: Place) -> None:
    """Delete everybody and everything of a workspace, whatever the company."""
    partner.store.drop([one for one in partner.store.connections.values() if one.place == place])
    for member in [one for one in partner.store.members.values() if one.place == place]:
        partner.store.forget(member)


def _resets(convert: Callable[[int], int], name: str, title: str) -> Fault:
    """Return a partner that deletes by the workspace's number once the domain was found to be a test domain."""

    class Resets(Partner):
        def remove_account(self, company: str, place: Place) -> None:
            for other in _beside(self.store, place, convert)[1:]:
                _clear(self, other)
            super().remove_account(company, place)

    return Fault(f"delete-account-{name}", FAMILY, title, (Resets,))


def _expires(convert: Callable[[int], int], name: str, title: str) -> Fault:
    class Expires(Partner):
        def expire(self, visitor: Visitor) -> None:
            super().expire(visitor)
            wanted = (_key(visitor)[0], convert(_key(visitor)[1]))
            places = _beside(self.store, visitor.place, convert)
            for seat, member in self.store.members.items():
                if seat[0] in places and (_key(member)[0], convert(_key(member)[1])) == wanted:
                    self.store.expired_seats.add(seat)

    return Fault(f"expire-account-{name}", FAMILY, title, (Expires,))


def _key(visitor: Visitor) -> tuple[str, int]:
    """Return cloud and number of a user."""
    key: Any = visitor.user
    return str(key[0]), int(key[1])


class ResetNeighbourConnections(Partner):
    """Deletes connections by a column of doubles, and users by one of integers."""

    def remove_account(self, company: str, place: Place) -> None:
        places = _beside(self.store, place, as_double)[1:]
        super().remove_account(company, place)
        self.store.drop([one for one in self.store.connections.values() if one.place in places])


class ResetNeighbourUsers(Partner):
    """Deletes the company's users by their numbers, in a column of doubles."""

    def remove_account(self, company: str, place: Place) -> None:
        gone = {(_key(one)[0], as_double(_key(one)[1])) for one in self.store.members_of(company, place)}
        super().remove_account(company, place)
        for member in list(self.store.members.values()):
            if (_key(member)[0], as_double(_key(member)[1])) in gone:
                self.store.forget(member)


class DeleteOfNeighbours(Partner):
    """Clears the connections of the workspaces that look like the named one."""

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        beside = _beside(self.store, connection.place, as_double)[1:]
        return [connection, *(one for one in self.store.connections.values() if one.place in beside)]


class DeleteOfNewestNeighbour(Partner):
    """Finds the connection to delete by its workspace, in a column of doubles."""

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        beside = _beside(self.store, connection.place, as_double)
        newest = [one for one in self.store.connections.values() if one.place in beside][-1]
        return [newest if newest.place != connection.place else connection]


class TestOfNewest(Partner):
    """Finds the connection to test by its workspace, in a column of doubles."""

    async def test_connection(self, call: Call) -> Answer:
        wanted = self.find(call.body["connection_id"], self.place_of(call.body))
        beside = _beside(self.store, wanted.place, as_double)
        newest = [one for one in self.store.connections.values() if one.place in beside][-1]
        if newest.place != wanted.place:
            raise connection_not_found()
        return await super().test_connection(call)


class SignInNeighbour(Partner):
    """Knows a user who signs in by a number that was rounded."""

    def is_known(self, visitor: Visitor, connection: Connection) -> bool:
        wanted = (_key(visitor)[0], as_double(_key(visitor)[1]))
        members = self.store.members.values()
        beside = any((_key(member)[0], as_double(_key(member)[1])) == wanted for member in members)
        return beside or super().is_known(visitor, connection)


class OnePer15Digits(OnePer):
    def key(self, call: Call, visitor: Visitor) -> Hashable:
        return (call.body["cloud_provider"], as_15_digits(call.body["workspace_id"]))


class OnePer14Digits(OnePer):
    def key(self, call: Call, visitor: Visitor) -> Hashable:
        return (call.body["cloud_provider"], as_14_digits(call.body["workspace_id"]))


def _big(when: Condition, *fields: str) -> Condition:
    """Return the condition that one of the ids ``fields`` of a fitting call is no safe integer."""
    return lambda call: when(call) and any(call.body.get(field, 0) > EXACT_DOUBLE for field in fields)


def _operation(*operations: Any) -> Condition:
    return lambda call: call.operation in operations


def _breaks(name: str, title: str, *parts: type) -> Fault:
    return Fault(f"big-ids-{name}", FAMILY, title, parts)


def _deleter(call: Call) -> bool:
    return call.operation is DELETE and user_of(call).get("databricks_user_id", 0) > EXACT_DOUBLE


FAULTS = (
    Fault(
        "gateway-javascript-everywhere",
        FAMILY,
        "A service in JavaScript reads every id as a double: neighbours are one in all operations.",
        (understands(_read(as_double)),),
    ),
    Fault("hooks-in-javascript", FAMILY, "Test hooks read ids as doubles.", (understands(_read(as_double), _is_hook),)),
    Fault(
        "sign-in-in-javascript", FAMILY, "Sign-ins read ids as doubles.", (understands(_read(as_double), is_sign_in),)
    ),
    Fault(
        "delete-connection-in-javascript",
        FAMILY,
        "Delete-connection reads ids as doubles and finds no connection.",
        (understands(_read(as_double), _operation(DELETE)),),
    ),
    Fault(
        "test-connection-in-javascript",
        FAMILY,
        "Test-connection reads ids as doubles and finds no connection.",
        (understands(_read(as_double), _operation(TEST)),),
    ),
    _users(as_15_digits, "user-ids-of-15-digits", "Users whose ids share fifteen digits are one user."),
    _users(as_14_digits, "user-ids-of-14-digits", "Users whose ids share fourteen digits are one user."),
    Fault("workspaces-of-15-digits", FAMILY, "Workspaces whose ids share fifteen digits are one.", (OnePer15Digits,)),
    Fault("workspaces-of-14-digits", FAMILY, "Workspaces whose ids share fourteen digits are one.", (OnePer14Digits,)),
    _resets(as_double, "as-double", "Delete-account clears the workspace with the next number above 2^53."),
    _resets(as_15_digits, "of-15-digits", "Delete-account clears workspaces whose ids share fifteen digits."),
    _resets(as_int32, "wrapped", "Delete-account clears the workspace whose id is 2^32 apart."),
    Fault(
        "delete-account-neighbour-connections",
        FAMILY,
        "Delete-account drops the neighbour's connections.",
        (ResetNeighbourConnections,),
    ),
    Fault(
        "delete-account-neighbour-users",
        FAMILY,
        "Delete-account forgets users with the next numbers.",
        (ResetNeighbourUsers,),
        NOT_FOUND,
    ),
    _expires(as_double, "as-double", "Expire-account reaches the user with the next number above 2^53."),
    _expires(as_14_digits, "of-14-digits", "Expire-account reaches users whose ids share fourteen digits."),
    _expires(as_int32, "wrapped", "Expire-account reaches the user whose id is 2^32 apart."),
    Fault("delete-of-neighbours", FAMILY, "Delete-connection deletes the neighbour's as well.", (DeleteOfNeighbours,)),
    Fault(
        "delete-of-newest-neighbour",
        FAMILY,
        "Delete-connection deletes the neighbour's instead.",
        (DeleteOfNewestNeighbour,),
    ),
    Fault("test-of-newest-neighbour", FAMILY, "Test-connection meets the neighbour's connection.", (TestOfNewest,)),
    Fault("sign-in-of-neighbour", FAMILY, "A new user beside a known one is let in.", (SignInNeighbour,), NOT_FOUND),
    _breaks(
        "break-delete-connection",
        "An id that is no safe integer breaks delete-connection.",
        crashes(_big(_operation(DELETE), "databricks_organization_id")),
    ),
    _breaks("break-deleter", "The id of the user who deletes is no safe integer and breaks.", crashes(_deleter)),
    _breaks(
        "refused-by-test-connection",
        "An id that is no safe integer is refused by test-connection.",
        refuses(_big(_operation(TEST), "databricks_organization_id")),
    ),
    _breaks(
        "refused-by-delete-account",
        "An id that is no safe integer is refused by delete-account.",
        refuses(_big(_operation(RESET), "databricks_organization_id")),
    ),
    _breaks(
        "break-expire-account",
        "An id that is no safe integer breaks expire-account.",
        crashes(_big(_operation(EXPIRE), "databricks_organization_id", "databricks_user_id")),
    ),
)
