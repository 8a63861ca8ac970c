"""The addresses of pages: what a redirect is about is kept here, and only a random name of it travels."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from certification.reference.product.bounded import Bounded

if TYPE_CHECKING:
    from certification.reference.product.guest import Guest
    from certification.reference.settings import Settings
    from certification.reference.state import Visitor


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one redirect is about; ``name`` is all that its address tells."""

    name: str
    scenario: str
    visitor: Visitor
    guest: Guest


class Tickets:
    """Hands out the addresses of pages, and remembers whom each was made for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kept: Bounded[str, Ticket] = Bounded()

    def address(self, scenario: str, visitor: Visitor, guest: Guest, port: int | None) -> str:
        """Return the redirect for ``visitor``; nothing in it tells who that is."""
        ticket = Ticket(secrets.token_urlsafe(12), scenario, visitor, guest)
        self._kept[ticket.name] = ticket
        return f"{self._origin(port)}/app/{scenario.replace('_', '-')}?ticket={ticket.name}"

    def oauth_address(self, port: int | None) -> str:
        """Return where Databricks sends the user after the OAuth consent."""
        return f"{self._origin(port)}/app/oauth-callback"

    def find(self, name: str) -> Ticket | None:
        """Return the ticket of that name, if it is still kept."""
        return self._kept.get(name)

    def _origin(self, port: int | None) -> str:
        suffix = f":{port}" if port else ""
        return f"http://{self._settings.redirect_host}{suffix}{self._settings.prefix}"
