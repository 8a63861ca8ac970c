"""Other correct ways to keep accounts: the API leaves open whether they reach over workspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.catalogue import Variant
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from certification.reference.state import Visitor


class CompanyPerWorkspace(Partner):
    """Makes an account for each workspace, so that a known company is new in the next."""

    def account_status(self, visitor: Visitor) -> str:
        if self.store.members_of(visitor.company, visitor.place):
            return super().account_status(visitor)
        return "new"


class UserPerWorkspace(Partner):
    """Knows users within one workspace only."""

    def user_status(self, visitor: Visitor) -> str:
        return "existing" if visitor.seat in self.store.members else "new"


VARIANTS = (
    Variant("company-per-workspace", "A known company is new in its second workspace.", (CompanyPerWorkspace,)),
    Variant("user-per-workspace", "A known user is new in a second workspace.", (UserPerWorkspace,)),
)
