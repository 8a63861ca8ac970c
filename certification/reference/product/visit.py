"""One request for a page, as the product sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from certification.reference.product.guest import Guest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from certification.reference.product.accounts import Session
    from certification.reference.product.tickets import Ticket

STRANGER = Guest()


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks for which page: ``base`` is the path of all pages, ``posted`` says that a form was sent."""

    page: str
    base: str
    posted: bool
    query: Mapping[str, str]
    form: Mapping[str, str]
    cookies: Mapping[str, str]
    ticket: Ticket | None
    session: Session | None

    @property
    def guest(self) -> Guest:
        """Return the user of the connect request that led here; a stranger has no name."""
        if self.session:
            return self.session.guest
        return self.ticket.guest if self.ticket else STRANGER

    def address(self, page: str, **query: str) -> str:
        """Return the path of another page for the same visitor."""
        if self.ticket:
            query = {"ticket": self.ticket.name, **query}
        return f"{self.base}/{page}?{urlencode(query)}" if query else f"{self.base}/{page}"

    def with_form(self, **more: str) -> Visit:
        """Return the same visit with more fields filled in."""
        return replace(self, form={**self.form, **more})
