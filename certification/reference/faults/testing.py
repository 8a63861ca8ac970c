"""Faults in test-connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import TEST, answers, break_down, convert, crashes, error, errors, of, put
from certification.reference.messages import Answer, Call, connection_not_found
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Hashable

    from certification.reference.settings import Settings
    from certification.reference.state import Connection, Visitor

FAMILY = "test-connection"


class TestsAnything(Partner):
    async def test_connection(self, call: Call) -> Answer:
        return Answer(200, {"test_results": self.test_results()})


class Latest(Partner):
    """Keeps the connection to test by a key: the latest that was made."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.latest: dict[Hashable, str] = {}

    def mark(self, connection: Connection) -> Hashable:
        """Return what there is one connection to test of."""
        return connection.company

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        connection = super().open_connection(call, visitor, demo=demo)
        self.keep(self.mark(connection), connection)
        return connection

    def keep(self, mark: Hashable, connection: Connection) -> None:
        """Keep a new connection for later tests."""
        self.latest[mark] = connection.id

    async def test_connection(self, call: Call) -> Answer:
        wanted = self.find(call.body["connection_id"], self.place_of(call.body))
        if self.latest.get(self.mark(wanted)) != wanted.id:
            raise connection_not_found()
        return await super().test_connection(call)


class LatestOfUser(Latest):
    def mark(self, connection: Connection) -> Hashable:
        return connection.owner.user


class FirstOfCompany(Latest):
    """Keeps the connection to test once, when the account is made."""

    def keep(self, mark: Hashable, connection: Connection) -> None:
        self.latest.setdefault(mark, connection.id)


class FirstOfUser(FirstOfCompany):
    def mark(self, connection: Connection) -> Hashable:
        return connection.owner.user


class SecondBreaks(FirstOfCompany):
    """Expects one row of an account and finds two."""

    async def test_connection(self, call: Call) -> Answer:
        wanted = self.find(call.body["connection_id"], self.place_of(call.body))
        if self.latest.get(self.mark(wanted)) != wanted.id:
            break_down("more than one row returned")
        return await super().test_connection(call)


def _tests(name: str, title: str, part: type) -> Fault:
    return Fault(f"test-connection-{name}", FAMILY, title, (part,))


FAULTS = (
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
    _tests("empty-results", "The list of results is empty.", answers(put(test_results=[]), of(TEST))),
    _tests(
        "null-result",
        "The list of results holds a null.",
        answers(convert("test_results", lambda rows: [*rows, None]), of(TEST)),
    ),
    _tests(
        "without-name",
        "Results have a status and no name.",
        answers(convert("test_results", lambda rows: [{"status": row["status"]} for row in rows]), of(TEST)),
    ),
    _tests(
        "without-status",
        "Results have a name and no status.",
        answers(convert("test_results", lambda rows: [{"test_name": row["test_name"]} for row in rows]), of(TEST)),
    ),
    _tests("latest-of-company", "Only the latest connection of a company can be tested.", Latest),
    _tests("latest-of-user", "Only the latest connection of a user can be tested.", LatestOfUser),
    _tests("first-of-company", "Only the first connection of a company can be tested.", FirstOfCompany),
    _tests("first-of-user", "Only the first connection of a user can be tested.", FirstOfUser),
    _tests("second-breaks", "The test of an account's second connection breaks.", SecondBreaks),
)
