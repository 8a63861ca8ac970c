"""Faults that show now and then, after a while, or when two requests meet."""

from __future__ import annotations

import asyncio
import copy
from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import is_first
from certification.reference.messages import Answer, Call, Refusal, connection_not_found
from certification.reference.partner import Partner
from certification.reference.state import Connection

if TYPE_CHECKING:
    from collections.abc import Hashable

    from certification.reference.settings import Settings
    from certification.reference.state import Visitor

CONCURRENCY = "concurrency"
STEADINESS = "steadiness"

# Long enough for a second request that is under way to arrive, short enough not to matter otherwise.
WINDOW = 0.02


class Counting(Partner):
    """Counts sign-ins, for faults that show now and then."""

    period = 3

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.count = 0

    def falter(self) -> None:
        """Fail this once."""
        raise connection_not_found()

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        self.count += 1
        if self.count % self.period == 0:
            self.falter()
        return super().sign_in(call, visitor)


class BreaksNowAndThen(Counting):
    period = 5

    def falter(self) -> None:
        raise RuntimeError


class FirstBreaksNowAndThen(Partner):
    """Loses every seventh first connect to a pool without a free connection."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.count = 0

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        self.count += 1
        if self.count % 7 == 0:
            raise RuntimeError
        return super().first_connect(call, visitor)


class Flips(Counting):
    """Answers every second sign-in from a model that calls active accounts expired."""

    def account_of(self, visitor: Visitor, connection: Connection) -> str:
        status = super().account_of(visitor, connection)
        return "expired" if self.count % 2 == 0 and status == "active" else status

    def falter(self) -> None:
        """Never fail outright."""


class ShortMemory(Partner):
    """Keeps the last four connections in memory."""

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        connection = super().open_connection(call, visitor, demo=demo)
        for old in list(self.store.connections)[:-4]:
            del self.store.connections[old]
        return connection


class Leaking(Partner):
    """Never returns a database connection after an error, until none is left."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.left = 6

    async def answer(self, call: Call) -> Answer:
        if self.left <= 0:
            raise RuntimeError
        try:
            return await super().answer(call)
        except Refusal:
            self.left -= 1
            raise


class ColdStart(Partner):
    """Breaks on the first call after the start."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.warm: set[str] = set()

    async def answer(self, call: Call) -> Answer:
        if call.operation.name not in self.warm:
            self.warm.add(call.operation.name)
            raise RuntimeError
        return await super().answer(call)


# Concurrency


class DoubleClickMerged(Partner):
    """Gives two equal requests at once one answer."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.running: dict[bytes, asyncio.Future[Answer]] = {}

    async def connect(self, call: Call) -> Answer:
        if not is_first(call):
            return await super().connect(call)
        if call.raw in self.running:
            return copy.deepcopy(await self.running[call.raw])
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.running[call.raw] = future
        await asyncio.sleep(WINDOW)
        answer = await super().connect(call)
        del self.running[call.raw]
        future.set_result(answer)
        return answer


class DoubleClickBreaks(Partner):
    """Inserts the user twice when two requests look for the user at the same time."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.inserting: set[Hashable] = set()

    async def connect(self, call: Call) -> Answer:
        user = self.visitor(call).user
        if self.store.knows_user(user) or not is_first(call):
            return await super().connect(call)
        if user in self.inserting:
            raise RuntimeError
        self.inserting.add(user)
        try:
            await asyncio.sleep(WINDOW)
            return await super().connect(call)
        finally:
            self.inserting.discard(user)


class SharedRequest(Partner):
    """Keeps the request in a variable of the module, where the next request overwrites it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.current: Call | None = None

    async def connect(self, call: Call) -> Answer:
        self.current = call
        await asyncio.sleep(WINDOW)
        return await super().connect(self.current)


class LostUpdate(Partner):
    """Reads all connections, adds one, and writes all back."""

    async def connect(self, call: Call) -> Answer:
        if not is_first(call):
            return await super().connect(call)
        before = dict(self.store.connections)
        await asyncio.sleep(WINDOW)
        self.store.connections = before
        return await super().connect(call)


class SharedSequence(Partner):
    """Reads the next number, waits for the database, and writes it back."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.number = 0
        self.next = ""

    async def connect(self, call: Call) -> Answer:
        if not is_first(call):
            return await super().connect(call)
        number = self.number + 1
        await asyncio.sleep(WINDOW)
        self.number = number
        self.next = f"connection-{number}"
        return await super().connect(call)

    def new_connection_id(self, call: Call) -> str:
        return self.next


class OneAtATime(Partner):
    """Locks the table and does not wait for the lock."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.locked = False

    async def connect(self, call: Call) -> Answer:
        if self.locked:
            raise RuntimeError
        self.locked = True
        try:
            await asyncio.sleep(WINDOW)
            return await super().connect(call)
        finally:
            self.locked = False


def _fault(family: str, name: str, title: str, part: type) -> Fault:
    return Fault(name, family, title, (part,))


FAULTS = (
    _fault(STEADINESS, "third-sign-in-not-found", "Every third sign-in meets a stale replica.", Counting),
    _fault(STEADINESS, "fifth-sign-in-breaks", "Every fifth sign-in breaks.", BreaksNowAndThen),
    _fault(
        STEADINESS,
        "seventh-connect-breaks",
        "Every seventh first connect finds no free database connection.",
        FirstBreaksNowAndThen,
    ),
    _fault(STEADINESS, "status-flips", "Every second sign-in calls the account expired.", Flips),
    _fault(STEADINESS, "short-memory", "Only the last four connections are kept.", ShortMemory),
    _fault(STEADINESS, "errors-leak", "After six refusals nothing works any more.", Leaking),
    _fault(STEADINESS, "cold-start", "The first call of each operation breaks.", ColdStart),
    _fault(CONCURRENCY, "double-click-merged", "Two equal requests at once get one connection.", DoubleClickMerged),
    _fault(CONCURRENCY, "double-click-breaks", "Two equal requests at once break a unique index.", DoubleClickBreaks),
    _fault(CONCURRENCY, "request-shared", "Requests at once overwrite each other.", SharedRequest),
    _fault(CONCURRENCY, "update-lost", "Of connections made at once only one is kept.", LostUpdate),
    _fault(CONCURRENCY, "sequence-shared", "Connections made at once get one number.", SharedSequence),
    _fault(CONCURRENCY, "lock-not-waited-for", "A request that meets another breaks.", OneAtATime),
)
