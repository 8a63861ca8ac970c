"""What the cases that probe share: right bodies, to be sent with wrong credentials or with a mistake in them."""

from __future__ import annotations

from typing import Any

from certification.cases.play import Connection, Play, changed
from certification.contract.operations import OPERATIONS
from certification.databricks import requests
from certification.databricks.people import TEST_DOMAIN, Person

ERRORS = ("error-model", "error-reason-fits")


def body_for(play: Play, operation: str, person: Person, connection: Connection | None) -> dict[str, Any]:
    """Return a right body for ``operation``; those about a connection name ``connection``."""
    config, row = play.config, OPERATIONS[operation]
    if operation == "connect":
        return requests.connect_body(config, person, None)
    if row.names_account:
        person = changed(person, email=f"u{play.ids.token('hook')}@{TEST_DOMAIN}")
    facts = {"connection_id": connection.id if connection else "unknown"} if row.names_connection else {}
    return requests.right_body(config, operation, person, **facts)
