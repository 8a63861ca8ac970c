"""Faults of caches, sessions and replicas: answers that belong to somebody else, or to yesterday."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import CONNECTORS, TEST, is_first, is_sign_in, user_of
from certification.reference.front import Front
from certification.reference.messages import Answer, Call, Refusal, connection_not_found
from certification.reference.partner import Partner
from certification.reference.state import Connection, Store

if TYPE_CHECKING:
    from collections.abc import Hashable

    from certification.reference.settings import Settings
    from certification.reference.state import Place, Visitor

CACHING = "caching"
SESSIONS = "sessions"


class Cache(Partner):
    """Keeps answers by a key and gives them out again."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.kept: dict[Hashable, Answer] = {}

    def key(self, call: Call) -> Hashable | None:
        """Return what the answer is kept by, or None to keep it not at all."""
        raise NotImplementedError

    async def answer(self, call: Call) -> Answer:
        key = self.key(call)
        if key is not None and key in self.kept:
            return copy.deepcopy(self.kept[key])
        answer = await super().answer(call)
        if key is not None:
            self.kept[key] = copy.deepcopy(answer)
        return answer


class FirstByWorkspace(Cache):
    def key(self, call: Call) -> Hashable | None:
        return (call.body["cloud_provider"], call.body["workspace_id"]) if is_first(call) else None


class FirstByUser(Cache):
    def key(self, call: Call) -> Hashable | None:
        return user_of(call)["databricks_user_id"] if is_first(call) else None


class FirstByEmail(Cache):
    def key(self, call: Call) -> Hashable | None:
        return str(user_of(call)["email"]).lower() if is_first(call) else None


class FirstByCompany(Cache):
    def key(self, call: Call) -> Hashable | None:
        return self.company_of(user_of(call)["email"]) if is_first(call) else None


class FirstByNumber(Cache):
    def key(self, call: Call) -> Hashable | None:
        return int(call.body["workspace_id"]) if is_first(call) else None


class FirstByPage(Cache):
    def key(self, call: Call) -> Hashable | None:
        return call.raw if is_first(call) else None


class SignInById(Cache):
    def key(self, call: Call) -> Hashable | None:
        return str(call.body["connection_id"]) if is_sign_in(call) else None


class SignInByUser(Cache):
    def key(self, call: Call) -> Hashable | None:
        return user_of(call)["databricks_user_id"] if is_sign_in(call) else None


class TestById(Cache):
    def key(self, call: Call) -> Hashable | None:
        return str(call.body["connection_id"]) if call.operation is TEST else None


class ConnectorsByPath(Cache):
    def key(self, call: Call) -> Hashable | None:
        return "/connectors" if call.operation is CONNECTORS else None


class StatusByUser(Partner):
    """Keeps the account's status with the user's session."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.kept: dict[Hashable, str] = {}

    def account_of(self, visitor: Visitor, connection: Connection) -> str:
        return self.kept.setdefault(visitor.user, super().account_of(visitor, connection))


class FailureKept(Front):
    """Keeps a user out after one bad request, as a circuit breaker that never closes."""

    def __init__(self, partner: Partner, user: str, password: str) -> None:
        super().__init__(partner, user, password)
        self.broken: set[Hashable] = set()

    async def perform(self, call: Call) -> Answer:
        key = user_of(call).get("databricks_user_id")
        if key is not None and key in self.broken:
            raise RuntimeError
        try:
            return await super().perform(call)
        except Refusal:
            self.broken.add(key)
            raise


# Sessions


class PeerConnections(Partner):
    """Keeps new connections in the session of the TCP connection."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.peers: dict[str, str] = {}

    async def connect(self, call: Call) -> Answer:
        wanted = call.body.get("connection_id")
        if wanted in self.peers and self.peers[wanted] != call.peer:
            raise connection_not_found()
        answer = await super().connect(call)
        if "connection_id" in answer.content:
            self.peers[answer.content["connection_id"]] = call.peer
        return answer


class PeerUser(Partner):
    """Remembers the user of a TCP connection, who is the same for all that follows on it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.users: dict[str, Visitor] = {}

    def visitor(self, call: Call) -> Visitor:
        return self.users.setdefault(call.peer, super().visitor(call))


class CookieNeeded(Front):
    """Wants the session cookie of the first connect back with the sign-in."""

    async def perform(self, call: Call) -> Answer:
        if is_sign_in(call) and "cookie" not in call.headers:
            raise Refusal(401, "unauthorized", "no session")
        answer = await super().perform(call)
        if is_first(call):
            answer.headers["set-cookie"] = "session=1; Path=/; HttpOnly"
        return answer


class CookieUser(Partner):
    """Takes the user from the session cookie, so that a client that keeps cookies is one user for ever."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.users: dict[str, Visitor] = {}

    def visitor(self, call: Call) -> Visitor:
        session = call.headers.get("cookie", "")
        return self.users.get(session) or super().visitor(call)

    async def connect(self, call: Call) -> Answer:
        visitor = self.visitor(call)
        answer = await super().connect(call)
        if "cookie" not in call.headers:
            self.users[f"session={len(self.users)}"] = visitor
            answer.headers["set-cookie"] = f"session={len(self.users) - 1}; Path=/"
        return answer


class Replicas(Partner):
    """Runs as two processes that share nothing, with requests dealt out in turn."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.stores = [Store(), Store()]
        self.turn = 0

    async def answer(self, call: Call) -> Answer:
        self.store = self.stores[self.turn % len(self.stores)]
        self.turn += 1
        return await super().answer(call)


class LateReplica(Partner):
    """Reads from a replica that is two requests behind."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.requests = 0
        self.written: dict[str, int] = {}

    async def answer(self, call: Call) -> Answer:
        self.requests += 1
        answer = await super().answer(call)
        if is_first(call) and "connection_id" in answer.content:
            self.written[answer.content["connection_id"]] = self.requests
        return answer

    def find(self, connection_id: str, place: Place | None) -> Connection:
        if self.requests - self.written.get(connection_id, 0) <= 2 and connection_id in self.written:
            raise connection_not_found()
        return super().find(connection_id, place)


def _fault(family: str, name: str, title: str, part: type) -> Fault:
    return Fault(name, family, title, (part,))


FAULTS = (
    _fault(
        CACHING, "cached-by-workspace", "A workspace's second user gets the first one's connection.", FirstByWorkspace
    ),
    _fault(CACHING, "cached-by-number", "A workspace gets the answer for its number in another cloud.", FirstByNumber),
    _fault(CACHING, "cached-by-user", "A user's second workspace gets the first one's connection.", FirstByUser),
    _fault(CACHING, "cached-by-email", "The address is the key of the cache.", FirstByEmail),
    _fault(CACHING, "cached-by-company", "A company's users get one connection.", FirstByCompany),
    _fault(
        CACHING,
        "cached-by-body",
        "An equal request gets an equal answer, as if it were sent twice by mistake.",
        FirstByPage,
    ),
    _fault(
        CACHING,
        "sign-in-cached-by-id",
        "A second user gets the first one's sign-in, a deleted one works on.",
        SignInById,
    ),
    _fault(CACHING, "sign-in-cached-by-user", "A sign-in that worked once works for every connection.", SignInByUser),
    _fault(CACHING, "test-cached", "A test that passed once passes for ever.", TestById),
    _fault(CACHING, "connectors-cached", "Every page of connectors is the first one.", ConnectorsByPath),
    _fault(CACHING, "status-cached", "The end of a trial is not seen by users who signed in before.", StatusByUser),
    _fault(CACHING, "failure-cached", "A user who met an error meets it for ever.", FailureKept),
    Fault(
        "session-in-tcp-connection",
        SESSIONS,
        "A connection exists on the TCP connection that made it.",
        (PeerConnections,),
        wire=True,
    ),
    _fault(SESSIONS, "user-of-tcp-connection", "All requests of a TCP connection are the first one's user.", PeerUser),
    _fault(SESSIONS, "cookie-needed", "A sign-in needs the cookie of the first connect.", CookieNeeded),
    _fault(SESSIONS, "replicas-apart", "Two processes share no memory.", Replicas),
    _fault(SESSIONS, "replica-late", "A new connection is seen two requests later.", LateReplica),
)
