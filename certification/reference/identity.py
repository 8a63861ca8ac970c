"""Who is calling and from where, as the partner understands it: user, company and workspace of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.state import Place, Visitor

if TYPE_CHECKING:
    from collections.abc import Hashable

    from certification.reference.messages import Call, Json


class Identity:
    """Takes requests for users, companies and workspaces; every step is a method, so that it can be replaced."""

    def user_key(self, email: str, user_id: int, cloud: str) -> Hashable:
        """Return what the partner knows a user by: ``databricks_user_id`` is unique within a cloud."""
        del email
        return (cloud, user_id)

    def domain_of(self, email: str) -> str:
        """Return the domain of an e-mail address, for which case does not matter."""
        return email.rpartition("@")[2].lower()

    def company_of(self, email: str) -> str:
        """Return the company of an e-mail address."""
        return self.company_at(self.domain_of(email))

    def company_at(self, domain: str) -> str:
        """Return the company that has ``domain``: who a company is, is the partner's business (ruling 27)."""
        return domain

    def place(self, cloud: str, workspace: int) -> Place:
        """Return what names a workspace: ids of two clouds may be equal."""
        return (cloud, workspace)

    def place_of(self, body: Json) -> Place | None:
        """Return the workspace that a request other than connect names, if it names one."""
        if "cloud_provider" in body and "databricks_organization_id" in body:
            return self.place(body["cloud_provider"], body["databricks_organization_id"])
        return None

    def visitor(self, call: Call) -> Visitor:
        """Return who sent the connect request ``call``, and from which workspace."""
        user, cloud = call.body["user_info"], call.body["cloud_provider"]
        return Visitor(
            user=self.user_key(user["email"], user["databricks_user_id"], cloud),
            place=self.place(cloud, call.body["workspace_id"]),
            company=self.company_of(user["email"]),
            email=user["email"],
        )
