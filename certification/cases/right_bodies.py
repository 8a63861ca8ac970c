"""What the cases that probe share: right bodies, to be sent with wrong credentials or with a mistake in them."""

from __future__ import annotations

from typing import Any

from certification.cases.play import Connection, Play, changed
from certification.contract.operations import OPERATIONS
from certification.databricks import requests as bodies
from certification.databricks.people import TEST_DOMAIN, Person

ERRORS = ("error-model", "error-reason-fits")

NAMES = {name: row.title for name, row in OPERATIONS.items()}
"""Operation -> how texts call it."""


def body_for(play: Play, operation: str, person: Person, connection: Connection | None) -> dict[str, Any]:
    """Return a right body for ``operation``; those about a connection name ``connection``."""
    config = play.config
    ident = connection.id if connection else "unknown"
    match operation:
        case "connect":
            return bodies.connect_body(config, person, None)
        case "delete_connection":
            return bodies.delete_connection_body(config, person, ident)
        case "test_connection":
            return bodies.test_connection_body(config, person, ident)
        case "delete_account":
            return bodies.delete_account_body(config, TEST_DOMAIN, person)
        case _:
            return bodies.expire_account_body(config, changed(person, email=f"u{play.ids.token('hook')}@{TEST_DOMAIN}"))


def needs_connection(operation: str) -> bool:
    """Return whether a right request for ``operation`` names a connection."""
    return OPERATIONS[operation].names_connection


# Authentication
