"""Faults in the connector list."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from certification.reference.catalogue import Fault
from certification.reference.connectors import CONNECTORS as LISTED
from certification.reference.connectors import Pager
from certification.reference.faults.tools import (
    CONNECTORS,
    Change,
    answers,
    convert,
    drop,
    empty,
    error,
    of,
    put,
    rebuild,
)
from certification.reference.messages import Answer, Call, Json, bad_request
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Callable

    from certification.reference.settings import Settings

FAMILY = "connectors"


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


class EmptyLastPage(Partner):
    """Has a cursor that finds its end on a page of its own, which is empty."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.pager.tokens.append("the-end")
        self.pager.pages["the-end"] = []


def _connectors(name: str, title: str, change: Change) -> Fault:
    return Fault(f"connectors-{name}", FAMILY, title, (answers(change, of(CONNECTORS)),))


def _pages(name: str, title: str, part: type) -> Fault:
    return Fault(f"connectors-{name}", FAMILY, title, (part,))


def _each(**fields: Any) -> Change:
    return convert("connectors", lambda rows: [{**row, **fields} for row in rows])


def _rows(function: Callable[[list[Json]], Any]) -> Change:
    return convert("connectors", function)


def _last_token(value: Any) -> Change:
    return lambda _call, answer: answer.content.setdefault("pagination_token", value)


FAULTS = (
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
    _pages("empty-last-page", "The last page is empty.", EmptyLastPage),
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
