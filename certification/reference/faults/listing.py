"""Faults in the connector list and in the demo flow."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from certification.reference.catalogue import Fault
from certification.reference.connectors import CONNECTORS as LISTED
from certification.reference.connectors import Pager
from certification.reference.faults.tools import (
    CONNECTORS,
    TEST,
    Change,
    answers,
    convert,
    crashes,
    drop,
    empty,
    error,
    errors,
    of,
    put,
    rebuild,
    refuses,
)
from certification.reference.messages import Answer, Call, Json, bad_request
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from certification.reference.settings import Settings
    from certification.reference.state import Connection, Place, Visitor

LIST = "connectors"
DEMO = "demo"
TESTS = "test-connection"


# Pages


class Paged(Partner):
    """Cuts the list in a way of its own."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.pager = self.make_pager()

    def make_pager(self) -> Pager:
        """Return the pager of this partner."""
        raise NotImplementedError


class TokenIgnored(Partner):
    async def list_connectors(self, call: Call) -> Answer:
        return Answer(200, self.pager.page(""))


class LoopsToFirst(Partner):
    async def list_connectors(self, call: Call) -> Answer:
        answer = await super().list_connectors(call)
        answer.content.setdefault("pagination_token", "")
        if not answer.content["pagination_token"]:
            answer.content["pagination_token"] = self.pager.tokens[1]
        return answer


class LastPageRepeats(Partner):
    async def list_connectors(self, call: Call) -> Answer:
        answer = await super().list_connectors(call)
        answer.content.setdefault("pagination_token", self.pager.tokens[-1])
        return answer


class Overlaps(Partner):
    """Starts each page with the last connector of the page before."""

    async def list_connectors(self, call: Call) -> Answer:
        token = call.query.get("pagination_token", "")
        page = self.pager.page(token)
        position = self.pager.tokens.index(token)
        if position:
            previous = self.pager.pages[self.pager.tokens[position - 1]]
            page = {**page, "connectors": [previous[-1], *page["connectors"]]}
        return Answer(200, page)


class Shuffled(Partner):
    """Has no order: the database returns rows as it likes."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.calls = 0

    async def list_connectors(self, call: Call) -> Answer:
        answer = await super().list_connectors(call)
        self.calls += 1
        rows = random.Random(self.calls).sample(LISTED, len(answer.content["connectors"]))  # noqa: S311 - no secret
        return Answer(200, {**answer.content, "connectors": rows})


class ServerCursor(Partner):
    """Keeps the position on the server: each call gets the next page, whatever it asked for."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.position = -1

    async def list_connectors(self, call: Call) -> Answer:
        self.position = (self.position + 1) % len(self.pager.tokens)
        return Answer(200, self.pager.page(self.pager.tokens[self.position]))


class OneTimeTokens(Partner):
    """Deletes a token when it is used."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.used: set[str] = set()

    async def list_connectors(self, call: Call) -> Answer:
        token = call.query.get("pagination_token", "")
        if token and token in self.used:
            raise bad_request("pagination_token was used before")
        self.used.add(token)
        return await super().list_connectors(call)


class DecodedTwice(Partner):
    """Decodes the token a second time, which turns its plus signs into blanks."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        for number, token in enumerate(self.pager.tokens[1:], 1):
            self.pager.tokens[number] = f"page+{number}"
            self.pager.pages[f"page+{number}"] = self.pager.pages.pop(token)

    async def list_connectors(self, call: Call) -> Answer:
        token = unquote_plus(call.query.get("pagination_token", ""))
        return Answer(200, self.pager.page(token))


class EmptyTokenRefused(Partner):
    async def list_connectors(self, call: Call) -> Answer:
        if call.query.get("pagination_token") == "":
            raise bad_request("pagination_token is empty")
        return await super().list_connectors(call)


class EmptyTokenBreaks(Partner):
    async def list_connectors(self, call: Call) -> Answer:
        if call.query.get("pagination_token") == "":
            raise RuntimeError
        return await super().list_connectors(call)


class NoTokenBreaks(Partner):
    async def list_connectors(self, call: Call) -> Answer:
        if "pagination_token" not in call.query:
            raise RuntimeError
        return await super().list_connectors(call)


def _connectors(name: str, title: str, change: Change) -> Fault:
    return Fault(f"connectors-{name}", LIST, title, (answers(change, of(CONNECTORS)),))


def _pages(name: str, title: str, part: type) -> Fault:
    return Fault(f"connectors-{name}", LIST, title, (part,))


def _each(**fields: Any) -> Change:
    return convert("connectors", lambda rows: [{**row, **fields} for row in rows])


def _rows(function: Callable[[list[Json]], Any]) -> Change:
    return convert("connectors", function)


def _last_token(value: Any) -> Change:
    return lambda _call, answer: answer.content.setdefault("pagination_token", value)


LIST_FAULTS = (
    _pages("token-ignored", "Every page is the first one.", TokenIgnored),
    _pages("loop", "The last page leads to the second again.", LoopsToFirst),
    _pages("last-page-repeats", "The last page leads to itself.", LastPageRepeats),
    _pages("overlap", "Each page starts with the last connector of the one before.", Overlaps),
    _pages("unordered", "Pages are cut from rows without an order.", Shuffled),
    _pages("server-cursor", "The position is kept on the server, for all callers at once.", ServerCursor),
    _pages("one-time-tokens", "A token works once.", OneTimeTokens),
    _pages("token-decoded-twice", "A plus sign in a token is lost.", DecodedTwice),
    _pages("empty-token-refused", "The empty token of the first page is refused.", EmptyTokenRefused),
    _pages("empty-token-breaks", "The empty token of the first page breaks the partner.", EmptyTokenBreaks),
    _pages("no-token-breaks", "A request without the token breaks the partner.", NoTokenBreaks),
    _connectors("empty-token-on-last-page", "The last page has a token, which is empty.", _last_token("")),
    _connectors("number-token", "The token is a number.", convert("pagination_token", len)),
    _connectors("empty", "The list is empty.", lambda _call, answer: answer.replace(200, {"connectors": []})),
    _connectors("missing", "The answer has no list.", drop("connectors")),
    _connectors("null", "The list is null.", put(connectors=None)),
    _connectors(
        "object", "The list is an object by identifier.", _rows(lambda rows: {row["identifier"]: row for row in rows})
    ),
    _connectors("bare-list", "The list stands alone.", rebuild(lambda content: content["connectors"])),
    _connectors(
        "names-only",
        "The list holds identifiers and nothing else.",
        _rows(lambda rows: [row["identifier"] for row in rows]),
    ),
    _connectors("duplicates", "A page lists a connector twice.", _rows(lambda rows: [*rows, rows[0]])),
    _connectors("empty-identifier", "Identifiers are empty.", _each(identifier="")),
    _connectors("number-identifier", "Identifiers are the database's numbers.", _each(identifier=17)),
    _connectors(
        "without-identifier",
        "Connectors have no identifier.",
        _rows(lambda rows: [_without(row, "identifier") for row in rows]),
    ),
    _connectors("empty-name", "Names are empty.", _each(name="")),
    _connectors(
        "without-name", "Connectors have no name.", _rows(lambda rows: [_without(row, "name") for row in rows])
    ),
    _connectors(
        "upper-case-type",
        "The type is in upper case.",
        _rows(lambda rows: [{**row, "type": row["type"].upper()} for row in rows]),
    ),
    _connectors("other-type", "The type says database.", _each(type="database")),
    _connectors("null-type", "The type is null.", _each(type=None)),
    _connectors(
        "without-type", "Connectors have no type.", _rows(lambda rows: [_without(row, "type") for row in rows])
    ),
    _connectors("status-204", "The list answers 204.", empty(204)),
    _connectors("breaks", "The list breaks.", error(500, "general_error")),
)


def _without(row: Json, field: str) -> Json:
    return {key: value for key, value in row.items() if key != field}


# Demo


class DemoIgnored(Partner):
    def is_demo(self, call: Call) -> bool:
        return False


class DemoReuses(Partner):
    """Has one demo connection per workspace."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.demos: dict[Place, Connection] = {}

    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        connection = self.demos.get(visitor.place) or self.open_connection(call, visitor, demo=True)
        self.demos[visitor.place] = connection
        return self.connected(call, visitor, "create_trial", "new", "new", connection)


class DemoKnows(Partner):
    """Remembers demo users, and greets them as what they are."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.seen: set[Hashable] = set()

    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        answer = super().connect_demo(call, visitor)
        if self.mark(visitor) in self.seen:
            self.change(answer.content)
        self.seen.add(self.mark(visitor))
        return answer

    def mark(self, visitor: Visitor) -> Hashable:
        """Return what makes a visitor known."""
        return visitor.user

    def change(self, content: Json) -> None:
        """Say that the visitor is known."""
        content["user_status"] = "existing"


class DemoKnowsCompany(DemoKnows):
    def mark(self, visitor: Visitor) -> Hashable:
        return visitor.company

    def change(self, content: Json) -> None:
        content["account_status"] = "active"


class DemoSignsIn(DemoKnows):
    def change(self, content: Json) -> None:
        content["redirect_value"] = "sign_in"


class DemoOnce(DemoKnows):
    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        if visitor.user in self.seen:
            raise RuntimeError
        return super().connect_demo(call, visitor)


class DemoThrownAway(Partner):
    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        connection = super().open_connection(call, visitor, demo=demo)
        if demo:
            del self.store.connections[connection.id]
        return connection


class DemoWithoutResources(Partner):
    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        return self.connected(call, visitor, "create_trial", "new", "new")


def _demo(name: str, title: str, part: type) -> Fault:
    return Fault(f"demo-{name}", DEMO, title, (part,))


DEMO_FAULTS = (
    _demo("ignored", "The demo flag is ignored.", DemoIgnored),
    _demo("reuses-connection", "A workspace's second demo gets the first one's connection.", DemoReuses),
    _demo("knows-user", "A user who repeats the demo is called existing.", DemoKnows),
    _demo("knows-company", "A company's second demo user meets an active account.", DemoKnowsCompany),
    _demo("signs-in", "A user who repeats the demo is sent to sign in.", DemoSignsIn),
    _demo("once", "A user can't repeat the demo.", DemoOnce),
    _demo("thrown-away", "A demo's connection is gone before the sign-in.", DemoThrownAway),
    _demo("without-resources", "A demo keeps no resources.", DemoWithoutResources),
    _demo("refused", "A request with the demo flag is refused.", refuses(lambda call: bool(call.body.get("demo")))),
)


# Test-connection


class TestsAnything(Partner):
    async def test_connection(self, call: Call) -> Answer:
        return Answer(200, {"test_results": self.test_results()})


def _tests(name: str, title: str, part: type) -> Fault:
    return Fault(f"test-connection-{name}", TESTS, title, (part,))


TEST_FAULTS = (
    _tests("ignores-id", "Any connection passes, deleted and unknown ones too.", TestsAnything),
    _tests(
        "unknown-account",
        "Testing an unknown connection is account_not_found.",
        errors(put(error_reason="account_not_found"), 404, of(TEST)),
    ),
    _tests(
        "unknown-crashes",
        "Testing an unknown connection breaks the partner.",
        errors(error(500, "general_error"), 404, of(TEST)),
    ),
    _tests("always-breaks", "Test-connection was never deployed and breaks.", crashes(of(TEST))),
    _tests(
        "status-202",
        "Test-connection starts tests and answers 202.",
        answers(lambda _call, answer: answer.replace(202, {}), of(TEST)),
    ),
)

FAULTS = LIST_FAULTS + DEMO_FAULTS + TEST_FAULTS
