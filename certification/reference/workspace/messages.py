"""A request as it reached the workspace, and the errors that the workspace answers with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from certification.reference.messages import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request to the API, without its headers: the token stands there.

    ``body`` is the parsed JSON, None when there was no body, and the text as it came when it was no JSON.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


class WorkspaceError(Exception):
    """An error of the Databricks API on its way out."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def answer(self) -> Answer:
        """Return the answer that carries it."""
        return Answer(self.status, {"error_code": self.code, "message": self.message})


def invalid(message: str) -> WorkspaceError:
    """Return the error about a value that is missing or wrong."""
    return WorkspaceError(400, "INVALID_PARAMETER_VALUE", message)


def exists(message: str) -> WorkspaceError:
    """Return the error about something that is there already; Databricks says 400, not 409."""
    return WorkspaceError(400, "RESOURCE_ALREADY_EXISTS", message)


def missing(message: str) -> WorkspaceError:
    """Return the error about something that is not there."""
    return WorkspaceError(404, "RESOURCE_DOES_NOT_EXIST", message)


def denied(message: str) -> WorkspaceError:
    """Return the error about something that this user may not do."""
    return WorkspaceError(403, "PERMISSION_DENIED", message)


def no_such_api(method: str, path: str) -> WorkspaceError:
    """Return the error about an address that the workspace does not have."""
    return WorkspaceError(404, "ENDPOINT_NOT_FOUND", f"No API found for '{method} {path}'")
