"""How users come to the partner's pages: connects by the suite, each as somebody new, and where the answers send them."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from certification.checks.redirects import allowed_target
from certification.databricks.actions import Actions, Partner
from certification.databricks.context import Context
from certification.databricks.made import Made, connection_id
from certification.databricks.people import TEST_DOMAIN, Identities, Person
from certification.evidence.exchange import Exchange
from certification.evidence.steps import Act, When
from certification.foundation.errors import ScriptEnded
from certification.foundation.reason import Reason
from certification.usability.visit import Known, Purpose

CASE = "U"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A user who is sent to a page of the partner."""

    purpose: Purpose
    address: str
    known: Known
    person: Person
    connection: str | None


@dataclass(frozen=True, slots=True)
class Absent:
    """Nobody is sent to the page of a purpose, and why."""

    purpose: Purpose
    applies: bool
    """Whether the config says that users are sent there, so that only this suite did not get there."""
    reason: Reason


class Arrivals:
    """Connects as Databricks does.  Each ``label`` is another user, of another company, in another workspace."""

    def __init__(self, context: Context, partner: Partner) -> None:
        """Send nothing yet."""
        self.config = context.config
        self._actions = Actions(context, partner, CASE, "1")
        hostname = (self.config.workspace_detail or {}).get("hostname")
        self._ids = Identities(f"{context.run_id}/{CASE}", hostname)
        self._made = Made()

    def create_trial(self, label: str) -> Arrival | Absent:
        """Return the arrival of a new user after the first connect."""
        return self._first(Purpose.CREATE_TRIAL, self._person(label))

    def sign_in(self, first: Arrival) -> Arrival | Absent:
        """Return the arrival of the same user with the second connect."""
        if first.connection is None:
            return Absent(Purpose.SIGN_IN, applies=True, reason=Reason("no-connection-id"))
        answer = self._signs_in(first.person, first.connection, When.PLAIN)
        return self._arrival(Purpose.SIGN_IN, answer, first.person, first.connection)

    def purchase_product(self, label: str) -> Arrival | Absent:
        """Return the arrival of a user whose trial is over, which the test hook brings about."""
        purpose = Purpose.PURCHASE_PRODUCT
        if self.config.trial_type is None:
            return Absent(purpose, applies=False, reason=Reason("no-trial"))
        if self.config.path("expire_account") is None:
            return Absent(purpose, applies=True, reason=Reason("no-expire-hook"))
        person = self._person(label, TEST_DOMAIN)
        first = self._first(purpose, person)
        if isinstance(first, Absent) or first.connection is None:
            return Absent(purpose, applies=True, reason=Reason("no-connection-id"))
        self._actions.send(self._actions.expire_account(person, None, When.PLAIN))
        answer = self._signs_in(person, first.connection, When.AFTER_EXPIRY)
        return self._wanted(purpose, answer, person, first.connection, applies=True)

    def contact_admin(self, label: str) -> Arrival | Absent:
        """Return the arrival of a colleague who is sent to the account's administrator."""
        purpose = Purpose.CONTACT_ADMIN
        owner = self._person(label)
        first = self._first(purpose, owner)
        if isinstance(first, Absent) or first.connection is None:
            return Absent(purpose, applies=True, reason=Reason("no-connection-id"))
        colleague = self._ids.person(f"{label}/colleague", owner.domain, owner.workspace)
        if self.config.new_user_action == "invite":
            answer = self._signs_in(colleague, first.connection, When.NEW_USER)
            return self._wanted(purpose, answer, colleague, first.connection, applies=True)
        answer = self._connect(colleague, When.COLLEAGUE)
        return self._wanted(purpose, answer, colleague, None, applies=False)

    def leave(self) -> None:
        """Remove what was made, as far as the partner offers it; what stays does no harm."""
        for ident, person in list(self._made.connections.items()):
            with suppress(ScriptEnded):
                self._actions.send(self._actions.delete_connection(person, ident, When.PLAIN))
        for person in list(self._made.accounts.values()):
            with suppress(ScriptEnded):
                self._actions.send(self._actions.delete_account(person, person.domain, When.PLAIN))

    def _person(self, label: str, domain: str = "") -> Person:
        workspace = self._ids.workspace(f"{label}/workspace", self.config.clouds[0])
        return self._ids.person(label, domain or self._ids.company(f"{label}/company"), workspace)

    def _connect(self, person: Person, when: When = When.PLAIN) -> Exchange:
        answer = self._actions.send(self._actions.connect(Act.FIRST_CONNECT, person, None, when))
        self._made.remember(answer, person)
        return answer

    def _signs_in(self, person: Person, connection: str, when: When) -> Exchange:
        return self._actions.send(self._actions.connect(Act.SIGN_IN, person, connection, when))

    def _first(self, purpose: Purpose, person: Person) -> Arrival | Absent:
        answer = self._connect(person)
        return self._arrival(purpose, answer, person, connection_id(answer))

    def _wanted(
        self, purpose: Purpose, answer: Exchange, person: Person, connection: str | None, *, applies: bool
    ) -> Arrival | Absent:
        value = answer.answer.get("redirect_value")
        if value != str(purpose):
            return Absent(
                purpose, applies, Reason("sent-elsewhere", {"purpose": str(purpose), "value": str(value)[:40]})
            )
        return self._arrival(purpose, answer, person, connection)

    def _arrival(self, purpose: Purpose, answer: Exchange, person: Person, connection: str | None) -> Arrival | Absent:
        address = answer.answer.get("redirect_uri")
        if answer.status not in {200, 201}:
            facts: dict[str, str | int] = {"status": answer.status or 0}
            code = "refused" if answer.response is not None else "no-answer"
            return Absent(purpose, applies=True, reason=Reason(code, facts))
        if not isinstance(address, str) or not allowed_target(address, self.config):
            return Absent(purpose, applies=True, reason=Reason("no-target"))
        return Arrival(purpose, address, _known(answer.request.body, person), person, connection)


def _known(text: str, person: Person) -> Known:
    """Return what a connect request told the partner."""
    body: dict[str, Any] = json.loads(text)
    host = str(body.get("hostname") or "")

    def said(name: str) -> str:
        return str(body.get(name) or "")

    return Known(
        person.email,
        person.first_name,
        person.last_name,
        host,
        said("http_path"),
        said("catalog_name"),
        host.partition(".")[0],
    )
