"""What an execution has made at the partner: to be removed at its end, and never to be met in the answers to others."""

from __future__ import annotations

from dataclasses import dataclass, field

from certification.databricks.people import TEST_DOMAINS, Person
from certification.evidence.exchange import Exchange

Place = tuple[int, str, str]
"""Workspace id, cloud and domain: what delete-account names."""


def connection_id(exchange: Exchange) -> str | None:
    """Return the id of the connection that ``exchange`` made, or None."""
    ident = exchange.answer.get("connection_id")
    if exchange.status not in {200, 201} or isinstance(ident, bool) or not isinstance(ident, str | int) or ident == "":
        return None
    return str(ident)


@dataclass
class Made:
    """Connections and test accounts that an execution has made and not removed."""

    connections: dict[str, Person] = field(default_factory=dict)
    """Id of the connection -> who made it."""
    accounts: dict[Place, Person] = field(default_factory=dict)
    """Accounts of the test domains, which delete-account removes."""
    ids: list[tuple[str, str, str]] = field(default_factory=list)
    """(What it is, the id, whose e-mail domain): ids that belong to one company only."""

    def remember(self, exchange: Exchange, person: Person) -> None:
        """Note the connection that ``exchange`` made for ``person``, if it made one."""
        ident = connection_id(exchange)
        if ident is None:
            return
        self.connections[ident] = person
        self.ids += [
            ("connection_id", ident, person.domain),
            ("databricks_user_id", str(person.user_id), person.domain),
            ("workspace_id", str(person.workspace.id), person.domain),
        ]
        self.met(person)

    def met(self, person: Person) -> None:
        """Note that the partner has seen ``person``, who leaves an account behind where they are of a test domain."""
        if person.domain in TEST_DOMAINS:
            self.accounts[_place(person)] = person

    def forget(self, ident: str) -> None:
        """Note that the connection ``ident`` is gone already."""
        self.connections.pop(ident, None)

    def forget_account(self, person: Person) -> None:
        """Note that the account of the person's domain in their workspace is gone already."""
        self.accounts.pop(_place(person), None)


def _place(person: Person) -> Place:
    return person.workspace.id, person.workspace.cloud, person.domain
