"""What the product knows of the user of one connect request; tokens and secrets are not among it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from certification.reference.messages import Call

LONGEST = 255
"""Characters kept of each text: four thousand redirects are remembered, and what they carry may be long."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A user as the connect request describes them, and the connection that it made."""

    email: str = ""
    first_name: str = ""
    last_name: str = ""
    hostname: str = ""
    workspace_id: str = ""
    http_path: str = ""
    catalog: str = ""

    @property
    def name(self) -> str:
        """Return both names, as far as there are any."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def workspace(self) -> str:
        """Return what a person calls the workspace: the first label of its host."""
        return self.hostname.partition(".")[0] or self.workspace_id

    @property
    def company(self) -> str:
        """Return the domain of the e-mail address."""
        return self.email.rpartition("@")[2]


def guest_of(call: Call) -> Guest:
    """Return the user of a connect request, however little a lenient partner let it hold."""
    body = call.body
    user = body.get("user_info")
    user = user if isinstance(user, dict) else {}
    return Guest(
        email=_text(user.get("email")),
        first_name=_text(user.get("first_name")),
        last_name=_text(user.get("last_name")),
        hostname=_text(body.get("hostname")),
        workspace_id=_text(body.get("workspace_id")),
        http_path=_text(body.get("http_path")),
        catalog=_text(body.get("catalog_name")),
    )


def _text(value: Any) -> str:
    # A request may hold half of a surrogate pair, which no page can be encoded with.
    return "" if value is None else str(value)[:LONGEST].encode("utf-8", "replace").decode()
