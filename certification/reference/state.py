"""What the reference partner remembers: connections, and who is a member of which workspace.

Databricks' data model (API documentation, "What connect means"): a workspace belongs to a cloud, so both together name
it; ``databricks_user_id`` is unique within a cloud, so both together name a user; the company is the e-mail domain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

Place = tuple[Hashable, ...]
Seat = tuple[Place, Hashable]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is calling and from where; ``user`` is what the partner knows the user by."""

    user: Hashable
    place: Place
    company: str
    email: str

    @property
    def seat(self) -> Seat:
        """What names this user in this workspace."""
        return (self.place, self.user)


@dataclass(frozen=True, slots=True)
class Connection:
    """One configured connection and the user who made it."""

    id: str
    place: Place
    company: str
    owner: Visitor
    demo: bool


class Store:
    """Connections by id, and visitors by seat with the two look-ups that statuses need."""

    def __init__(self) -> None:
        self.connections: dict[str, Connection] = {}
        self.members: dict[Seat, Visitor] = {}
        self.signed_up: set[Hashable] = set()
        self.expired_seats: set[Seat] = set()
        self.expired_companies: set[tuple[Place, str]] = set()
        self._seats_of_user: defaultdict[Hashable, set[Seat]] = defaultdict(set)
        self._seats_of_company: defaultdict[str, set[Seat]] = defaultdict(set)

    def remember(self, visitor: Visitor) -> None:
        """Make ``visitor`` a member of the workspace; a second time refreshes the e-mail address."""
        previous = self.members.get(visitor.seat)
        if previous and previous.company != visitor.company:
            self.forget(previous)
        self.members[visitor.seat] = visitor
        self._seats_of_user[visitor.user].add(visitor.seat)
        self._seats_of_company[visitor.company].add(visitor.seat)

    def forget(self, visitor: Visitor) -> None:
        """Remove ``visitor`` from the workspace, and the user altogether with the last one."""
        self.members.pop(visitor.seat, None)
        self.expired_seats.discard(visitor.seat)
        _drop(self._seats_of_user, visitor.user, visitor.seat)
        _drop(self._seats_of_company, visitor.company, visitor.seat)
        if not self.knows_user(visitor.user):
            self.signed_up.discard(visitor.user)

    def knows_user(self, user: Hashable) -> bool:
        """Tell whether ``user`` is a member of any workspace."""
        return user in self._seats_of_user

    def knows_company(self, company: str) -> bool:
        """Tell whether any user of ``company`` is a member of any workspace."""
        return company in self._seats_of_company

    def members_of(self, company: str, place: Place) -> list[Visitor]:
        """Return the members of the workspace who belong to ``company``."""
        return [self.members[seat] for seat in self._seats_of_company.get(company, ()) if seat[0] == place]

    def drop(self, connections: Iterable[Connection]) -> None:
        """Delete ``connections``; one that is gone already is no error."""
        for connection in connections:
            self.connections.pop(connection.id, None)


def _drop(index: dict[Key, set[Seat]], key: Key, seat: Seat) -> None:
    seats = index.get(key)
    if seats is not None:
        seats.discard(seat)
        if not seats:
            del index[key]
