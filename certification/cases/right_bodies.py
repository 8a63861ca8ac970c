"""What the cases that probe share: right bodies, to be sent with wrong credentials or with a mistake in them."""

from __future__ import annotations

from typing import Any

from certification.cases.play import Connection, Play, changed
from certification.databricks import requests
from certification.databricks.people import TEST_DOMAIN, Person
from certification.evidence.steps import Act

ERRORS = ("error-model", "error-reason-fits")

ACTS = {
    "connect": Act.FIRST_CONNECT,
    "delete_connection": Act.DELETE_CONNECTION,
    "test_connection": Act.TEST_CONNECTION,
    "delete_account": Act.DELETE_ACCOUNT,
    "expire_account": Act.EXPIRE_ACCOUNT,
    "list_connectors": Act.LIST_CONNECTORS,
}
"""Operation -> what Databricks does with it."""


def body_for(play: Play, operation: str, person: Person, connection: Connection | None) -> dict[str, Any]:
    """Return a right body for ``operation``; those about a connection name ``connection``."""
    config = play.config
    ident = connection.id if connection else "unknown"
    match operation:
        case "connect":
            return requests.connect_body(config, person, None)
        case "delete_connection":
            return requests.delete_connection_body(config, person, ident)
        case "test_connection":
            return requests.test_connection_body(config, person, ident)
        case "delete_account":
            return requests.delete_account_body(config, TEST_DOMAIN, person)
        case _:
            return requests.expire_account_body(
                config, changed(person, email=f"u{play.ids.token('hook')}@{TEST_DOMAIN}")
            )
