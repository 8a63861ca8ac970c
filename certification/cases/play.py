"""The vocabulary of the scripts: what Databricks does, in the words of the test cases, and what it expects of the answer.

A script is a function of a :class:`Play`.  The play acts through :class:`certification.databricks.actions.Actions`, holds
each answer to an expectation, and keeps what was observed.  Nothing else is remembered but what has to be removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from certification.checks import connect, lifecycle
from certification.checks.connect import NewConnection, SignIn
from certification.checks.everywhere import everywhere, foreign_ids
from certification.checks.redirects import allowed_target, redirect_walk
from certification.client.browsing import Walk, WalkEnd
from certification.config.partner import PartnerConfig
from certification.databricks.actions import AS_USUAL, Actions, Options, Partner
from certification.databricks.context import Context
from certification.databricks.made import Made, connection_id
from certification.databricks.people import TEST_DOMAIN, TEST_DOMAINS, Identities, Person, Workspace
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Observation
from certification.evidence.steps import Act, When
from certification.foundation.errors import CannotProceed, DoesNotApply, OutOfBudget, ScriptEnded, SuiteFault

Expectation = Callable[[Exchange], list[Observation]]

VALID = NewConnection()
VALID_SIGN_IN = SignIn()


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
    partner: Partner
    case: str
    execution: str
    shape: dict[str, Any] = field(default_factory=dict)
    observations: list[Observation] = field(default_factory=list)
    exchanges: int = 0
    fired: set[str] = field(default_factory=set)
    """Names of the rules that the script says it has tried; an empty set means that the execution proved nothing."""
    made: Made = field(default_factory=Made)

    def __post_init__(self) -> None:
        """Derive the identities of this execution."""
        hostname = (self.config.workspace_detail or {}).get("hostname")
        self.ids = Identities(f"{self.context.run_id}/{self.case}/{self.execution}", hostname)
        self.actions = Actions(self.context, self.partner, self.case, self.execution)

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

    # What Databricks does, and what it expects

    def first_connect(
        self,
        person: Person,
        expect: NewConnection | Expectation = VALID,
        *,
        when: When = When.PLAIN,
        visit: bool = True,
        options: Options = AS_USUAL,
    ) -> Connection:
        """First connect as ``person``; returns the connection, or ends the script when there is none to go on with."""
        exchange = self.try_first_connect(person, expect, when=when, options=options)
        if visit:
            self.visit(exchange)
        return self.connection(exchange, person)

    def try_first_connect(
        self,
        person: Person,
        expect: NewConnection | Expectation = VALID,
        *,
        when: When = When.PLAIN,
        options: Options = AS_USUAL,
    ) -> Exchange:
        """First connect as ``person``; returns whatever came back."""
        exchange = self.call(self.actions.connect(Act.FIRST_CONNECT, person, None, when, options))
        if isinstance(expect, NewConnection):
            self.add(connect.new_connection(exchange, self.config, expect))
        else:
            self.judge(exchange, expect)
        self.made.remember(exchange, person)
        return exchange

    def tester_connect(self, person: Person, *, visit: bool = True, when: When = When.PLAIN) -> Connection:
        """First connect as a user of the shared test domain, whose account earlier runs may have left behind.

        A partner may send a new user of a known account to the account's admin (the scenario table says 'either'); then
        the case cannot go on, and that is nobody's failure.
        """

        def expect(answer: Exchange) -> list[Observation]:
            return connect.new_connection(
                answer,
                self.config,
                NewConnection(redirects=connect.EITHER, must_configure=not connect.sent_to_admin(answer)),
            )

        exchange = self.try_first_connect(person, expect, when=when)
        if connection_id(exchange) is None and connect.sent_to_admin(exchange):
            raise CannotProceed("sent-to-admin", domain=person.domain)
        if visit:
            self.visit(exchange)
        return self.connection(exchange, person)

    def connection(self, exchange: Exchange, person: Person) -> Connection:
        """Return the connection that ``exchange`` made; ends the script when it made none."""
        ident = connection_id(exchange)
        if ident is None:
            raise CannotProceed("no-connection-id", call=exchange.number)
        return Connection(ident, person, exchange)

    def sign_in(
        self,
        connection: Connection,
        person: Person | None = None,
        expect: SignIn | Expectation = VALID_SIGN_IN,
        *,
        when: When = When.PLAIN,
        visit: bool = False,
        options: Options = AS_USUAL,
    ) -> Exchange:
        """Sign in on ``connection``, as its first user unless ``person`` says who."""
        exchange = self.call(
            self.actions.connect(Act.SIGN_IN, person or connection.person, connection.id, when, options)
        )
        if exchange.status == 200:
            self.made.met(person or connection.person)
        if isinstance(expect, SignIn):
            self.add(connect.sign_in(exchange, self.config, expect))
        else:
            self.judge(exchange, expect)
        if visit:
            self.visit(exchange)
        return exchange

    def new_user_signs_in(
        self, connection: Connection, person: Person, *, when: When = When.NEW_USER, visit: bool = False
    ) -> Exchange:
        """Sign in as somebody new on an established connection, which must give what ``new_user_action`` says."""
        return self.sign_in(
            connection, person, lambda answer: connect.new_user(answer, self.config), when=when, visit=visit
        )

    def delete_connection(
        self,
        connection: Connection,
        expect: Expectation | None = None,
        *,
        when: When = When.PLAIN,
        options: Options = AS_USUAL,
    ) -> Exchange:
        """Delete ``connection``."""
        exchange = self.call(self.actions.delete_connection(connection.person, connection.id, when, options))
        self._stop_without(exchange)
        self.judge(exchange, expect or (lambda answer: lifecycle.deletion(answer, self.config)))
        if exchange.status in {200, 404} and options.authorization == "good":
            self.made.forget(connection.id)
        return exchange

    def test_connection(
        self,
        connection: Connection,
        expect: Expectation = lifecycle.connection_test,
        *,
        when: When = When.PLAIN,
        options: Options = AS_USUAL,
    ) -> Exchange:
        """Test ``connection``."""
        exchange = self.call(self.actions.test_connection(connection.person, connection.id, when, options))
        self._stop_without(exchange)
        self.judge(exchange, expect)
        return exchange

    def delete_account(
        self,
        person: Person,
        expect: Expectation | None = None,
        *,
        domain: str | None = None,
        when: When = When.PLAIN,
        options: Options = AS_USUAL,
    ) -> Exchange:
        """Delete the account of ``domain`` (the person's own unless given) in the person's workspace."""
        exchange = self.call(self.actions.delete_account(person, domain or person.domain, when, options))
        self._stop_without(exchange)
        self.judge(exchange, expect or (lambda answer: lifecycle.hook_done(answer, "delete-account")))
        if exchange.status == 200 and domain is None:
            self.made.forget_account(person)
        return exchange

    def expire_account(
        self,
        person: Person,
        expect: Expectation | None = None,
        *,
        email: str | None = None,
        when: When = When.PLAIN,
        options: Options = AS_USUAL,
    ) -> Exchange:
        """Expire the account of ``person``."""
        exchange = self.call(self.actions.expire_account(person, email, when, options))
        self._stop_without(exchange)
        self.judge(exchange, expect or (lambda answer: lifecycle.hook_done(answer, "expire-account")))
        return exchange

    def list_connectors(
        self,
        token: str | None,
        expect: Expectation | None = None,
        *,
        when: When = When.PLAIN,
        options: Options = AS_USUAL,
    ) -> Exchange:
        """Ask for the page of ``token``; None sends no parameter at all."""
        exchange = self.call(self.actions.list_connectors(token, when, options))
        self.add([seen for seen in lifecycle.endpoint_there(exchange) if seen.broken])
        if expect:
            self.judge(exchange, expect)
        return exchange

    def visit(self, exchange: Exchange, *, browser: bool = True) -> None:
        """Open the redirect_uri of ``exchange``, as a browser would or plainly, if it leads where it may lead."""
        # The address as it is kept, secrets replaced: the record must tell where the suite went, and a secret that came
        # back once is not sent around again.
        value = exchange.response.json if exchange.response else None
        url = value.get("redirect_uri") if isinstance(value, dict) else None
        if exchange.status not in {200, 201} or not allowed_target(url, self.config):
            return
        walk = Walk(str(url))
        try:
            while (step := walk.next()) is not None:
                walk.enter(self.call(self.actions.page(step.url, exchange.when, step.cookies, browser=browser)))
        except OutOfBudget:
            raise
        except CannotProceed:
            # Pages that were silent several times are left alone; that says nothing about the API.
            walk.leave()
        self.add(redirect_walk(walk.pages, walk.end or WalkEnd.LEFT))

    # Calls

    def call(self, plan: Exchange) -> Exchange:
        """Return ``plan`` with its answer, looked at for what must hold of every answer."""
        return self._look(self.actions.send(plan))

    def call_together(self, plans: list[Exchange]) -> list[Exchange]:
        """Send all ``plans`` at the same moment."""
        return [self._look(answer) for answer in self.actions.send_together(plans)]

    def judge(self, exchange: Exchange, expect: Expectation) -> None:
        """Hold ``exchange`` to an expectation."""
        self.add(expect(exchange))

    def add(self, observations: Iterable[Observation]) -> None:
        """Add what was observed by other means."""
        self.observations += observations

    def broken(self) -> list[Observation]:
        """Return what did not hold so far."""
        return [seen for seen in self.observations if seen.broken]

    def fire(self, rule: str) -> None:
        """Note that ``rule`` was really tried."""
        self.fired.add(rule)

    def clean_up(self) -> None:
        """Remove what this execution made, as far as the partner offers it.  Answers are recorded but not judged."""
        wipes = self.config.offers("delete_account")
        deletes = self.config.offers("delete_connection")
        try:
            for ident, person in self.made.connections.items():
                if deletes and not (wipes and person.domain in TEST_DOMAINS):
                    self.call(_cleaning(self.actions.delete_connection(person, ident, When.PLAIN)))
            for person in self.made.accounts.values() if wipes else ():
                self.call(_cleaning(self.actions.delete_account(person, person.domain, When.PLAIN)))
        except (ScriptEnded, SuiteFault):
            # What this machine lacks shows in the execution itself, or in the next one.
            return

    def _look(self, exchange: Exchange) -> Exchange:
        self.exchanges += 1
        if exchange.act is not Act.CLEAN_UP:
            self.add(everywhere(exchange))
            self.add(foreign_ids(exchange, self.made.ids))
        if exchange.status == 429:
            raise CannotProceed("throttled")
        return exchange

    def _stop_without(self, plain: Exchange) -> None:
        """End the script where the server has no such endpoint: one finding, not one for each rule (ruling 19).

        Only a plain call can tell: a page of 404 may be how the server refuses an odd one.
        """
        if plain.when is not When.PLAIN:
            return
        self.add(lifecycle.endpoint_there(plain))
        if lifecycle.absent(plain):
            raise CannotProceed("no-endpoint", call=plain.number)


def _cleaning(plan: Exchange) -> Exchange:
    return replace(plan, act=Act.CLEAN_UP)


def only_if(condition: bool, code: str, **facts: str | int) -> None:  # noqa: FBT001 - reads like a sentence where it is used
    """End the script with :class:`DoesNotApply` for the reason ``code`` unless ``condition`` holds."""
    if not condition:
        raise DoesNotApply(code, **facts)


def changed(person: Person, **fields: Any) -> Person:
    """Return ``person`` with some fields replaced."""
    return replace(person, **fields)
