"""A request as it reached the partner, the answer that leaves it, and a refusal on the way."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from certification.reference.operations import Operation

Json = dict[str, Any]

JSON_TYPE = "application/json"


@dataclass(slots=True)
class Call:
    """One request: ``body`` is filled in once the bytes in ``raw`` were parsed."""

    operation: Operation
    headers: Mapping[str, str]
    query: Mapping[str, str]
    raw: bytes
    peer: str
    server_port: int | None
    body: Json = field(default_factory=dict)


@dataclass(slots=True)
class Answer:
    """One answer: ``content`` is sent as JSON unless ``raw`` already holds the bytes."""

    status: int
    content: Any = None
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": JSON_TYPE, "cache-control": "no-store"})
    raw: bytes | None = None

    def payload(self) -> bytes:
        """Return the bytes of the body."""
        if self.raw is not None:
            return self.raw
        return json.dumps(self.content, ensure_ascii=False).encode()

    def replace(self, status: int, content: Any) -> None:
        """Become another JSON answer, whatever this one was."""
        self.status, self.content, self.raw = status, content, None

    def replace_raw(self, status: int, body: str | bytes, content_type: str) -> None:
        """Become an answer with ``body`` as it stands."""
        self.status, self.content = status, None
        self.raw = body.encode() if isinstance(body, str) else body
        self.headers["content-type"] = content_type


class Refusal(Exception):
    """An ErrorResponse on its way out; never carries what the request held, which may be secret."""

    def __init__(self, status: int, reason: str, debugging: str, display: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.debugging = debugging
        self.display = display

    def answer(self) -> Answer:
        """Return the ErrorResponse."""
        content = {"error_reason": self.reason, "debugging_message": self.debugging}
        if self.display:
            content["display_message"] = self.display
        return Answer(self.status, content)


def bad_request(debugging: str) -> Refusal:
    """Return the refusal of a malformed request, with what is wrong with it."""
    return Refusal(400, "bad_request", debugging)


def unauthorized(debugging: str) -> Refusal:
    """Return the refusal of a request without the right credentials."""
    return Refusal(401, "unauthorized", debugging)


def connection_not_found() -> Refusal:
    """Return the refusal of a connection id that names no connection of this workspace."""
    return Refusal(404, "connection_not_found", "no such connection in this workspace", "This connection is gone.")


def account_not_found(debugging: str) -> Refusal:
    """Return the refusal of a user or company that has no account here."""
    return Refusal(404, "account_not_found", debugging, "There is no account for you here yet.")
