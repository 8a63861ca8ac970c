"""Other correct ways to keep accounts: the API leaves open whether they reach over workspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.catalogue import Variant
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Hashable

    from certification.reference.state import Visitor

# Endings under which names are registered; all others are one label.
SUFFIXES = frozenset({"co.uk", "org.uk", "ac.uk", "com.au", "co.jp", "co.nz", "com.br", "co.in", "co.za", "com.mx"})


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


class WorkspaceIsAccount(Partner):
    """Takes the customer who has the workspace for the account, whoever comes from it."""

    def account_status(self, visitor: Visitor) -> str:
        status = super().account_status(visitor)
        taken = any(one.place == visitor.place for one in self.store.connections.values())
        return "active" if status == "new" and taken else status


class UserByEmailAndCloud(Partner):
    """Knows users by their address within a cloud."""

    def user_key(self, email: str, user_id: int, cloud: str) -> Hashable:
        return (cloud, email.lower())


class UserByBoth(Partner):
    """Knows users by number and address together."""

    def user_key(self, email: str, user_id: int, cloud: str) -> Hashable:
        return (cloud, user_id, email.lower())


class RegistrableDomain(Partner):
    """Takes the domain that one can register for the company, whatever stands in front; test domains stay apart."""

    def company_at(self, domain: str) -> str:
        labels = domain.split(".")
        kept = 3 if ".".join(labels[-2:]) in SUFFIXES else 2
        return domain if self.is_test_domain(domain) else ".".join(labels[-kept:])


VARIANTS = (
    Variant("company-per-workspace", "A known company is new in its second workspace.", (CompanyPerWorkspace,)),
    Variant("user-per-workspace", "A known user is new in a second workspace.", (UserPerWorkspace,)),
    Variant("workspace-is-account", "A new company in a connected workspace meets its account.", (WorkspaceIsAccount,)),
    Variant("user-by-email-and-cloud", "Users are known by their address, in each cloud.", (UserByEmailAndCloud,)),
    Variant("user-by-both", "Users are known by number and address together.", (UserByBoth,)),
    Variant("company-registrable", "A company is the domain that can be registered.", (RegistrableDomain,)),
)
