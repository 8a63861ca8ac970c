"""Faults with a colleague of another e-mail domain in the same workspace: a company is no workspace (ruling 27)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Fault
from certification.reference.messages import Answer, Call, Refusal, connection_not_found
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from certification.reference.settings import Settings
    from certification.reference.state import Connection, Place, Visitor

FAMILY = "colleagues"

NOT_FOUND = {"new_user_action": "not_found"}
ACCOUNT_TRIAL = {"trial_type": "account"}


def _companies(partner: Partner, place: Place) -> set[str]:
    """Return the companies that are connected in ``place``."""
    return {one.company for one in partner.store.connections.values() if one.place == place}


class FirstRefused(Partner):
    """Lets one domain connect in a workspace, the first that came."""

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        others = _companies(self, visitor.place)
        if others and visitor.company not in others:
            raise Refusal(403, "unauthorized", "this workspace belongs to another company")
        return super().first_connect(call, visitor)


class SignInNotFound(Partner):
    """Looks a connection up by workspace and company."""

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        if self.find(call.body["connection_id"], visitor.place).company != visitor.company:
            raise connection_not_found()
        return super().sign_in(call, visitor)


class SignInForbidden(Partner):
    """Lets only addresses of the owner's domain in."""

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        if self.find(call.body["connection_id"], visitor.place).company != visitor.company:
            raise Refusal(403, "unauthorized", "another company's connection")
        return super().sign_in(call, visitor)


class ResetMembers(Partner):
    """Deletes all users of the workspace, and the connections of the company."""

    def remove_account(self, company: str, place: Place) -> None:
        super().remove_account(company, place)
        for member in [one for one in self.store.members.values() if one.place == place]:
            self.store.forget(member)


class ResetOther(Partner):
    """Deletes the account of the company that came to the workspace first, whichever was named."""

    def remove_account(self, company: str, place: Place) -> None:
        first = next((one.company for one in self.store.connections.values() if one.place == place), company)
        super().remove_account(first, place)


class Joined(Partner):
    """Remembers who signed in on which connection, for what is then done to too many."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.joined: dict[str, set[Visitor]] = {}

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        answer = super().sign_in(call, visitor)
        self.joined.setdefault(call.body["connection_id"], set()).add(visitor)
        return answer


class ResetGuests(Joined):
    """Deletes with the company whoever was a guest on its connections."""

    def remove_account(self, company: str, place: Place) -> None:
        guests = {guest for one in self.connections_of(company, place) for guest in self.joined.get(one.id, ())}
        super().remove_account(company, place)
        for guest in guests:
            self.store.forget(guest)


class ResetJoined(Joined):
    """Deletes the connections that any user of the company ever signed in on."""

    def connections_of(self, company: str, place: Place) -> list[Connection]:
        touched = [
            one
            for one in self.store.connections.values()
            if one.place == place and any(guest.company == company for guest in self.joined.get(one.id, ()))
        ]
        return [*super().connections_of(company, place), *touched]


class ExpireJoined(Joined):
    """Ends the trial of everybody who signed in on a connection of the user."""

    def expire(self, visitor: Visitor) -> None:
        super().expire(visitor)
        for one in self.store.connections.values():
            if one.owner.seat == visitor.seat:
                self.store.expired_seats.update(guest.seat for guest in self.joined.get(one.id, ()))


class WorkspaceExpires(Partner):
    """Keeps the end of an account's trial with the workspace."""

    def is_expired(self, visitor: Visitor) -> bool:
        return visitor.place in {place for place, _company in self.store.expired_companies}


class ExpiresOwnersCompany(Partner):
    """Ends the trial of the company that came to the workspace first, whichever user was named."""

    def expire(self, visitor: Visitor) -> None:
        first = next((one.owner for one in self.store.connections.values() if one.place == visitor.place), visitor)
        super().expire(first)


def _part(name: str, title: str, part: type[Partner], **config: Any) -> Fault:
    return Fault(name, FAMILY, title, (part,), config)


FAULTS = (
    _part("other-domain-first-refused", "A second domain can't connect in a workspace.", FirstRefused),
    _part("other-domain-not-found", "A connection does not exist for a colleague of another domain.", SignInNotFound),
    _part("other-domain-forbidden", "A colleague of another domain is answered with 403.", SignInForbidden),
    _part("delete-account-guests", "Delete-account forgets guests of another domain.", ResetGuests, **NOT_FOUND),
    _part(
        "delete-account-all-members", "Delete-account forgets colleagues of other domains.", ResetMembers, **NOT_FOUND
    ),
    _part("delete-account-first-company", "Delete-account deletes the workspace's first company.", ResetOther),
    _part("delete-account-joined", "Delete-account drops connections on which the company was a guest.", ResetJoined),
    _part("expire-account-joined", "Expire-account expires guests of another domain.", ExpireJoined),
    _part(
        "expire-account-workspace-account",
        "Expiring an account expires other companies in its workspace.",
        WorkspaceExpires,
        **ACCOUNT_TRIAL,
    ),
    _part("expire-account-first-company", "Expire-account expires the workspace's first user.", ExpiresOwnersCompany),
)
