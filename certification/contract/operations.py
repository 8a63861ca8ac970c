"""The operations of the API: one row for each, from which every other table of operations follows.

A row's name is its key everywhere in the code, in the evidence and in reports.  Source: API specification, Endpoints;
rulings 1 and 8.  To add an operation: its row here, its path in ``schemas/partner-config.json``, its request and answer
schemas, and the cases that try it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from certification.contract.fields import model_since
from certification.contract.versions import at_least

ERROR_REASONS: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        400: ("bad_request",),
        401: ("unauthorized",),
        404: ("account_not_found", "connection_not_found"),
        500: ("general_error",),
    }
)
"""Status of an error -> the reasons that go with it, for every operation.  Source: API specification, Endpoints."""


class Kind(StrEnum):
    """When a partner owes an operation."""

    REQUIRED = "required"
    TEST_HOOK = "test hook"
    """Optional; exists so that a suite can reset state."""
    INGEST = "INGEST"
    """Required of partners of category INGEST only."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, as the API specification describes it."""

    name: str
    """Key of the operation everywhere: ``delete_connection``."""
    title: str
    """How texts call it: ``delete-connection``."""
    method: str
    config_key: str
    """Key of its path in the config's ``endpoints``."""
    default_path: str
    """Path that the OpenAPI document names."""
    request_schema: str | None
    """Schema of the request's body; None when there is no body."""
    answer_schema: str | None
    """Schema of a successful answer; None when its body is ignored."""
    answer_requirement: str | None
    """Id of the requirement that a successful answer fits its schema."""
    success: tuple[int, ...]
    since: str
    """API version that brought it."""
    kind: Kind
    required_since: str | None = None
    """API version from which on a partner owes it; None when that does not depend on the version."""
    errors: Mapping[int, tuple[str, ...]] = field(default_factory=lambda: ERROR_REASONS)
    names_connection: bool = False
    """Whether a right request always names a connection by its id."""
    names_account: bool = False
    """Whether a right request names an account by its domain, or a user of it by address: one of the test domains."""

    def answer_model(self, version: str) -> str | None:
        """Return the schema that a successful answer of a partner of ``version`` is held to; None when nothing is asked."""
        model = self.answer_schema
        return model if model and at_least(version, model_since(model)) else None

    def owed(self, version: str, category: str) -> bool:
        """Return whether a partner of ``version`` and ``category`` must offer the operation."""
        if self.kind is Kind.INGEST and category != "INGEST":
            return False
        if self.kind is Kind.TEST_HOOK:
            return False
        return self.required_since is None or at_least(version, self.required_since)


OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        row.name: row
        for row in (
            Operation(
                name="connect",
                title="connect",
                method="POST",
                config_key="connect_path",
                default_path="/connect",
                request_schema="connect-request",
                answer_schema="connection",
                answer_requirement="connection-model",
                success=(200, 201),
                since="2.0.0",
                kind=Kind.REQUIRED,
            ),
            Operation(
                name="delete_connection",
                title="delete-connection",
                method="POST",
                config_key="delete_connection_path",
                default_path="/delete-connection",
                request_schema="delete-connection-request",
                answer_schema="delete-connection-response",
                answer_requirement="delete-connection",
                success=(200,),
                since="2.0.2",
                kind=Kind.REQUIRED,
                required_since="2.1.0",
                names_connection=True,
            ),
            Operation(
                name="test_connection",
                title="test-connection",
                method="POST",
                config_key="test_connection_path",
                default_path="/test-connection",
                request_schema="connection-info",
                answer_schema="connection-test-result",
                answer_requirement="test-connection",
                success=(200,),
                since="2.0.0",
                kind=Kind.TEST_HOOK,
                names_connection=True,
            ),
            Operation(
                name="delete_account",
                title="delete-account",
                method="DELETE",
                config_key="delete_account_path",
                default_path="/delete-account",
                request_schema="account-info",
                answer_schema=None,
                answer_requirement=None,
                success=(200,),
                since="2.0.2",
                kind=Kind.TEST_HOOK,
                names_account=True,
            ),
            Operation(
                name="expire_account",
                title="expire-account",
                method="PUT",
                config_key="expire_account_path",
                default_path="/expire-account",
                request_schema="account-user-info",
                answer_schema=None,
                answer_requirement=None,
                success=(200,),
                since="2.0.2",
                kind=Kind.TEST_HOOK,
                names_account=True,
            ),
            Operation(
                name="list_connectors",
                title="list connectors",
                method="GET",
                config_key="get_connectors_path",
                default_path="/connectors",
                request_schema=None,
                answer_schema="connector-response",
                answer_requirement="connectors",
                success=(200,),
                since="2.0.0",
                kind=Kind.INGEST,
            ),
        )
    }
)
"""Name -> row, in the order of the API specification."""
