"""The vocabulary of the scripts: what Databricks does, in the words of the test cases.

A script is a function of a :class:`Play`.  It calls the partner through a :class:`Stage` and holds each answer to an
expectation.  The same script runs in front of the partner (the live stage) and on recorded evidence (the tape): given the
run's id, the execution and its shape, its requests follow from the answers alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from certification.checks import connect, lifecycle
from certification.checks.everywhere import everywhere, foreign_ids
from certification.checks.redirects import redirect_page, redirect_target
from certification.client.authentication import SCHEMES
from certification.config.partner import ENDPOINTS, PartnerConfig
from certification.databricks import requests as bodies
from certification.databricks.people import TEST_DOMAIN, TEST_DOMAINS, Identities, Person, Workspace
from certification.evidence.exchange import Exchange, Request
from certification.evidence.observation import Violation
from certification.foundation.errors import CannotProceed, DoesNotApply, Interlude, OutOfBudget

PLAIN_CONTENT_TYPE = "application/json; charset=utf-8"

Expectation = Callable[[Exchange], list[Violation]]


@dataclass(frozen=True)
class Context:
    """What all executions of a run share; stands in the evidence, so that they can be repeated."""

    run_id: str
    seed: int
    profile: str
    url: str
    config: PartnerConfig
    alike: frozenset[str] = frozenset()
    """Wrong ways to authenticate that, with these credentials, happen to be the right one."""


class Stage(Protocol):
    """Answers calls: the partner itself, or the record of what it answered."""

    def send(self, plan: Exchange) -> Exchange:
        """Return ``plan`` with its answer."""

    def send_together(self, plans: list[Exchange]) -> list[Exchange]:
        """Return the answers to ``plans``, all sent at the same moment."""


@dataclass(frozen=True)
class Connection:
    """A connection as Databricks remembers it."""

    id: str
    person: Person
    exchange: Exchange


@dataclass
class Play:
    """One execution of a case."""

    context: Context
    stage: Stage
    case: str
    execution: str
    shape: dict[str, Any] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    exchanges: int = 0
    fired: set[str] = field(default_factory=set)
    """Names of the rules that the script says it has tried; an empty set means that the execution proved nothing."""

    def __post_init__(self) -> None:
        """Derive the identities of this execution."""
        hostname = (self.config.workspace_detail or {}).get("hostname")
        self.ids = Identities(f"{self.context.run_id}/{self.case}/{self.execution}", hostname)
        self._created: dict[str, Person] = {}
        self._made: list[tuple[str, str, str]] = []
        self._tested: dict[tuple[int, str, str], Person] = {}
        self._steps = 0

    @property
    def config(self) -> PartnerConfig:
        """The partner's config."""
        return self.context.config

    # Who

    def workspace(self, label: str = "workspace", cloud: str | None = None, **how: Any) -> Workspace:
        """Return a fresh workspace, in the first supported cloud unless ``cloud`` says which."""
        return self.ids.workspace(label, cloud or self.config.clouds[0], **how)

    def person(
        self, label: str = "user", company: str | None = None, workspace: Workspace | None = None, **how: Any
    ) -> Person:
        """Return a fresh user; of a fresh company and in a fresh workspace unless given."""
        return self.ids.person(
            label,
            company or self.ids.company(f"{label}/company"),
            workspace or self.workspace(f"{label}/workspace"),
            **how,
        )

    def test_person(self, label: str = "user", workspace: Workspace | None = None, domain: str = TEST_DOMAIN) -> Person:
        """Return a fresh user of the test domain that the test hooks act on."""
        return self.person(label, domain, workspace)

    # What Databricks does

    def first_connect(
        self,
        person: Person,
        expect: Expectation | None = None,
        *,
        kind: str = "first connect",
        visit: bool = True,
        **how: Any,
    ) -> Connection:
        """First connect as ``person``; returns the connection, or ends the script when there is none to go on with."""
        exchange = self.try_first_connect(person, expect, kind=kind, **how)
        if visit:
            self.visit(exchange)
        return self.connection(exchange, person)

    def try_first_connect(
        self, person: Person, expect: Expectation | None = None, *, kind: str = "first connect", **how: Any
    ) -> Exchange:
        """First connect as ``person``; returns whatever came back."""
        exchange = self.call(kind, "connect", self.connect_body(person, None, how), **how)
        self.judge(exchange, expect or (lambda answer: connect.new_connection(answer, self.config)))
        self.remember(exchange, person)
        return exchange

    def tester_connect(self, person: Person, *, visit: bool = True) -> Connection:
        """First connect as a user of the shared test domain, whose account earlier runs may have left behind.

        A partner may send a new user of a known account to the account's admin (the scenario table says 'either'); then
        the case cannot go on, and that is nobody's failure.
        """

        def expect(answer: Exchange) -> list[Violation]:
            elsewhere = (
                answer.answer.get("configured_resources") is False
                and answer.answer.get("redirect_value") == "contact_admin"
            )
            return connect.new_connection(
                answer,
                self.config,
                redirect_values=(*connect.USUAL_REDIRECTS, "contact_admin"),
                must_configure=not elsewhere,
            )

        exchange = self.try_first_connect(person, expect)
        if connection_id(exchange) is None and exchange.answer.get("redirect_value") == "contact_admin":
            message = f"the partner already has an account of {person.domain} and sends new users to its admin; remove the account and run again"
            raise CannotProceed(message)
        if visit:
            self.visit(exchange)
        return self.connection(exchange, person)

    def connection(self, exchange: Exchange, person: Person) -> Connection:
        """Return the connection that ``exchange`` made; ends the script when it made none."""
        ident = connection_id(exchange)
        if ident is None:
            message = f"the {exchange.kind} gave no connection_id to go on with"
            raise CannotProceed(message)
        return Connection(ident, person, exchange)

    def sign_in(
        self,
        connection: Connection,
        person: Person | None = None,
        expect: Expectation | None = None,
        *,
        kind: str = "sign-in",
        visit: bool = False,
        **how: Any,
    ) -> Exchange:
        """Sign in on ``connection``, as its first user unless ``person`` says who."""
        who = person or connection.person
        exchange = self.call(kind, "connect", self.connect_body(who, connection.id, how), **how)
        self.judge(exchange, expect or (lambda answer: connect.sign_in(answer, self.config)))
        if visit:
            self.visit(exchange)
        return exchange

    def delete_connection(
        self, connection: Connection, expect: Expectation | None = None, *, kind: str = "delete-connection", **how: Any
    ) -> Exchange:
        """Delete ``connection``."""
        body = bodies.delete_connection_body(self.config, connection.person, connection.id) | how.pop("extra", {})
        for name in how.pop("without", ()):
            body.pop(name, None)
        exchange = self.call(kind, "delete_connection", bodies.encode(body), **how)
        self.judge(exchange, expect or (lambda answer: lifecycle.deletion(answer, self.config)))
        if exchange.status in {200, 404} and how.get("authorization", "good") == "good":
            self._created.pop(connection.id, None)
        return exchange

    def test_connection(
        self, connection: Connection, expect: Expectation | None = None, *, kind: str = "test-connection", **how: Any
    ) -> Exchange:
        """Test ``connection``."""
        body = bodies.test_connection_body(self.config, connection.person, connection.id) | how.pop("extra", {})
        exchange = self.call(kind, "test_connection", bodies.encode(body), **how)
        self.judge(exchange, expect or lifecycle.connection_test)
        return exchange

    def delete_account(
        self,
        person: Person,
        expect: Expectation | None = None,
        *,
        domain: str | None = None,
        kind: str = "delete-account",
        **how: Any,
    ) -> Exchange:
        """Delete the account of ``domain`` (the person's own unless given) in the person's workspace."""
        body = bodies.delete_account_body(self.config, domain or person.domain, person)
        exchange = self.call(kind, "delete_account", bodies.encode(body), **how)
        self.judge(exchange, expect or (lambda answer: lifecycle.hook_done(answer, "delete-account")))
        if exchange.status == 200 and domain is None:
            self._tested.pop(_place(person), None)
        return exchange

    def expire_account(
        self,
        person: Person,
        expect: Expectation | None = None,
        *,
        email: str | None = None,
        kind: str = "expire-account",
        **how: Any,
    ) -> Exchange:
        """Expire the account of ``person``."""
        body = bodies.expire_account_body(self.config, person, email)
        exchange = self.call(kind, "expire_account", bodies.encode(body), **how)
        self.judge(exchange, expect or (lambda answer: lifecycle.hook_done(answer, "expire-account")))
        return exchange

    def list_connectors(
        self, token: str | None, expect: Expectation | None = None, *, kind: str = "list connectors", **how: Any
    ) -> Exchange:
        """Ask for the page of ``token``; None sends no parameter at all."""
        query = "" if token is None else f"?pagination_token={quote(token, safe='')}"
        exchange = self.call(kind, "list_connectors", "", query=query, **how)
        if expect:
            self.judge(exchange, expect)
        return exchange

    def visit(self, exchange: Exchange) -> None:
        """Open the redirect_uri of ``exchange`` as a browser would, if it leads where it may lead."""
        # The address as it is kept, secrets replaced: the record must tell where the suite went, and a secret that came
        # back once is not sent around again.
        value = exchange.response.json if exchange.response else None
        url = value.get("redirect_uri") if isinstance(value, dict) else None
        if (
            exchange.status not in {200, 201}
            or not isinstance(url, str)
            or not url
            or redirect_target(exchange, self.config, "redirect_uri", url)
        ):
            return
        headers = (
            ("User-Agent", "Mozilla/5.0 (compatible; partner-connect-certification)"),
            ("Accept-Language", "en-US"),
        )
        request = Request("redirect", "GET", url, headers, "", authorization="none")
        try:
            page = self._send(self._plan(f"page of {exchange.kind}", request))
        except OutOfBudget:
            raise
        except CannotProceed:
            # Pages that were silent several times are left alone; that says nothing about the API.
            return
        self.judge(page, redirect_page)

    # Calls

    def connect_body(self, person: Person, ident: str | None, how: dict[str, Any]) -> str:
        """Return the text of a ConnectRequest; takes ``demo``, ``shape`` and ``extra`` (unknown fields) out of ``how``."""
        body = bodies.connect_body(
            self.config, person, ident, demo=how.pop("demo", False), shape=how.pop("shape", None)
        )
        body |= how.pop("extra", {})
        body["user_info"] |= how.pop("extra_user_info", {})
        return bodies.encode(body)

    def call(self, kind: str, operation: str, body: str, **how: Any) -> Exchange:
        """Send ``body`` to ``operation`` and return what came back; see :meth:`plan` for ``how``."""
        return self._send(self.plan(kind, operation, body, **how))

    def plan(
        self,
        kind: str,
        operation: str,
        body: str,
        *,
        query: str = "",
        authorization: str = "good",
        content_type: str | None = PLAIN_CONTENT_TYPE,
        language: str | None = "en-US",
        method: str | None = None,
        charset: str = "utf-8",
        fresh_connection: bool = False,
    ) -> Exchange:
        """Return the call as an exchange that still waits for its answer."""
        path = self.config.path(operation)
        if path is None:
            message = f"the config offers no {operation.replace('_', '-')}"
            raise DoesNotApply(message)
        headers = [("User-Agent", "databricks")]
        if language is not None:
            headers.append(("Accept-Language", language))
        if body and content_type is not None:
            headers.append(("Content-Type", content_type))
        shown = SCHEMES[authorization].shown
        if shown:
            headers.append(("Authorization", shown))
        url = f"{self.context.url.rstrip('/')}{path}{query}"
        return self._plan(
            kind,
            Request(
                operation,
                method or ENDPOINTS[operation][1],
                url,
                tuple(headers),
                body,
                authorization,
                charset,
                fresh_connection,
            ),
        )

    def send_together(self, plans: list[Exchange]) -> list[Exchange]:
        """Send all ``plans`` at the same moment."""
        answers = self.stage.send_together(plans)
        for answer in answers:
            self._look(answer)
        return answers

    def judge(self, exchange: Exchange, expect: Expectation | Iterable[Violation]) -> None:
        """Hold ``exchange`` to an expectation, or add violations that were found by other means."""
        self.add(expect(exchange) if callable(expect) else expect)

    def add(self, violations: Iterable[Violation]) -> None:
        """Add ``violations`` to what this execution found, each once."""
        self.violations += [found for found in violations if found not in self.violations]

    def fire(self, rule: str) -> None:
        """Note that ``rule`` was really tried."""
        self.fired.add(rule)

    def remember(self, exchange: Exchange, person: Person) -> None:
        """Note a connection that has to be removed at the end."""
        ident = connection_id(exchange)
        if ident is not None:
            self._created[ident] = person
            self._made += [
                ("connection_id", ident, person.domain),
                ("databricks_user_id", str(person.user_id), person.domain),
                ("workspace_id", str(person.workspace.id), person.domain),
            ]
            if person.domain in TEST_DOMAINS:
                self._tested[_place(person)] = person

    def forget(self, ident: str) -> None:
        """Note that the connection ``ident`` is gone already."""
        self._created.pop(ident, None)

    def clean_up(self) -> None:
        """Remove what this execution made, as far as the partner offers it.  Answers are recorded but not judged."""
        wipes = self.config.offers("delete_account")
        try:
            for ident, person in self._created.items():
                if self.config.offers("delete_connection") and not (wipes and person.domain in TEST_DOMAINS):
                    body = bodies.delete_connection_body(self.config, person, ident)
                    self.call("clean up", "delete_connection", bodies.encode(body))
            for person in self._tested.values() if wipes else ():
                body = bodies.delete_account_body(self.config, person.domain, person)
                self.call("clean up", "delete_account", bodies.encode(body))
        except Interlude:
            return

    def _plan(self, kind: str, request: Request) -> Exchange:
        self._steps += 1
        return Exchange(self.case, self.execution, f"{self._steps}. {kind}", kind, request, None)

    def _send(self, plan: Exchange) -> Exchange:
        return self._look(self.stage.send(plan))

    def _look(self, exchange: Exchange) -> Exchange:
        self.exchanges += 1
        self.add(everywhere(exchange))
        self.add(foreign_ids(exchange, self._made))
        if exchange.status == 429:
            message = "the partner kept answering 429 Too Many Requests"
            raise CannotProceed(message)
        return exchange


def _place(person: Person) -> tuple[int, str, str]:
    return person.workspace.id, person.workspace.cloud, person.domain


def connection_id(exchange: Exchange) -> str | None:
    """Return the id of the connection that ``exchange`` made, or None."""
    ident = exchange.answer.get("connection_id")
    if exchange.status not in {200, 201} or isinstance(ident, bool) or not isinstance(ident, str | int) or ident == "":
        return None
    return str(ident)


def only_if(condition: bool, reason: str) -> None:  # noqa: FBT001 - reads like a sentence where it is used
    """End the script with :class:`DoesNotApply` unless ``condition`` holds."""
    if not condition:
        raise DoesNotApply(reason)


def host(url: str) -> str:
    """Return the host of ``url``."""
    return urlsplit(url).hostname or ""


SHORT_ID = 6


def resembling(ident: str, ids: Identities) -> str:
    """Return an id of the same form as ``ident`` that the partner has never given out.

    Digits stay digits and hexadecimal stays hexadecimal, so that a partner that parses its ids can parse this one; the
    characters that tell the version of a UUID are kept.
    """
    digits = sum(character.isdigit() for character in ident)
    if (digits and digits < 4) or (ident.isascii() and ident.isdigit()):
        # Counted ids: a number that is far away, yet fits every column.
        return re.sub(r"\d+(?=\D*$)", "9" * min(9, max(7, digits)), ident)
    if len(ident) < SHORT_ID:
        # A short id has too few neighbours: any of them may be somebody's.
        return f"{ident}9999999"
    source = ids.token("resembling", 40) * (1 + len(ident) // 40)
    result = []
    for position, (character, digit) in enumerate(zip(ident, source, strict=False)):
        fixed = len(ident) == 36 and position in {14, 19}
        if character.isdigit() and not fixed:
            result.append(str(int(digit, 16) % 10))
        elif digits < 4 and character.isascii() and character.isalpha() and position >= len(ident) - 8:
            letter = chr(ord("a") + int(digit, 16))
            result.append(letter.upper() if character.isupper() else letter)
        else:
            result.append(character)
    unknown = "".join(result)
    return unknown if unknown != ident else f"{ident}9999999"


def changed(person: Person, **fields: Any) -> Person:
    """Return ``person`` with some fields replaced."""
    return replace(person, **fields)
