"""The web pages that a redirect opens, and their addresses."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from certification.reference.settings import Settings
    from certification.reference.state import Visitor

# Redirects are opened at once or never, so old tickets may go; without a bound a long run would fill the memory.
TICKETS_KEPT = 4096

HEADINGS = {
    "create_trial": "Start your free trial",
    "purchase_product": "Your trial is over",
    "sign_in": "Welcome back",
    "contact_admin": "Ask your administrator for an invitation",
    "not_applicable": "Reference Partner",
    "privacy": "Privacy policy",
    "terms": "Terms of service",
    "oauth-callback": "Signed in with Databricks",
}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one redirect is about; only its random name travels in the address."""

    scenario: str
    visitor: Visitor


class Pages:
    """Hands out addresses of pages and renders them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tickets: OrderedDict[str, Ticket] = OrderedDict()

    def address(self, scenario: str, visitor: Visitor, port: int | None) -> str:
        """Return the redirect for ``visitor``; nothing in it tells who that is."""
        name = secrets.token_urlsafe(12)
        self._tickets[name] = Ticket(scenario, visitor)
        if len(self._tickets) > TICKETS_KEPT:
            self._tickets.popitem(last=False)
        return f"{self.origin(port)}/app/{scenario.replace('_', '-')}?ticket={name}"

    def oauth_address(self, port: int | None) -> str:
        """Return where Databricks sends the user after the OAuth consent."""
        return f"{self.origin(port)}/app/oauth-callback"

    def origin(self, port: int | None) -> str:
        """Return scheme, host, port and prefix of every page."""
        suffix = f":{port}" if port else ""
        return f"http://{self._settings.redirect_host}{suffix}{self._settings.prefix}"

    def ticket(self, name: str) -> Ticket | None:
        """Return what the ticket called ``name`` is about, if it is still kept."""
        return self._tickets.get(name)

    def render(self, page: str, ticket_name: str = "") -> str | None:
        """Return the HTML of ``page``, or None when there is no such page; all text is escaped."""
        heading = HEADINGS.get(page) or HEADINGS.get(page.replace("-", "_"))
        if heading is None:
            return None
        ticket = self.ticket(ticket_name)
        lines = [f"<h1>{escape(heading)}</h1>"]
        if ticket is not None:
            lines.append(f"<p>Your Databricks connection is ready, {_text(ticket.visitor.email)}.</p>")
            if ticket.scenario == "create_trial":
                lines.append(self._sign_up_form(ticket_name))
        return _document(heading, "\n".join(lines))

    def _sign_up_form(self, ticket_name: str) -> str:
        action = escape(f"{self._settings.prefix}/app/sign-up?ticket={ticket_name}")
        return f'<form method="post" action="{action}"><button>Sign up</button></form>'

    def signed_up(self) -> str:
        """Return the HTML that follows a sign-up by hand."""
        return _document("Signed up", "<h1>Signed up</h1>\n<p>Your Databricks connection is on the home page.</p>")


def _text(value: str) -> str:
    # A request may hold half of a surrogate pair, which no page can be encoded with.
    return escape(value.encode("utf-8", "replace").decode())


def _document(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head>\n<body>\n{body}\n</body>\n</html>\n"
    )
