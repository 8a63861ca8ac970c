"""Faults of keys that lack the cloud: ``databricks_user_id`` is unique within a cloud, and so is a workspace's number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Fault
from certification.reference.messages import Answer, Call, account_not_found, connection_not_found
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Hashable

    from certification.reference.settings import Settings
    from certification.reference.state import Connection, Place, Visitor

FAMILY = "clouds"

NOT_FOUND = {"new_user_action": "not_found"}
ACCOUNT_TRIAL = {"trial_type": "account"}


def number_of(visitor: Visitor) -> int:
    """Return a user's number without the cloud that belongs to it."""
    key: Any = visitor.user
    return int(key[1])


class SignInByNumber(Partner):
    """Looks a user who signs in up by the number alone."""

    def is_known(self, visitor: Visitor, connection: Connection) -> bool:
        wanted = number_of(visitor)
        return super().is_known(visitor, connection) or any(
            number_of(member) == wanted for member in self.store.members.values()
        )


class StatusByNumber(Partner):
    """Looks a user who connects first up by the number alone."""

    def user_status(self, visitor: Visitor) -> str:
        wanted = number_of(visitor)
        known = any(number_of(member) == wanted for member in self.store.members.values())
        return "existing" if known else super().user_status(visitor)


class ExpireByNumber(Partner):
    """Ends the trial of everybody who has the number."""

    def expire(self, visitor: Visitor) -> None:
        super().expire(visitor)
        wanted = number_of(visitor)
        same = [seat for seat, member in self.store.members.items() if number_of(member) == wanted]
        self.store.expired_seats.update(same)


class ExpireFirstByNumber(Partner):
    """Ends the trial of the first user who has the number, whoever was named."""

    def expire(self, visitor: Visitor) -> None:
        wanted = number_of(visitor)
        first = next(member for member in self.store.members.values() if number_of(member) == wanted)
        super().expire(first)


class ExpireOtherCloudRefused(Partner):
    """Refuses to expire a user whose number another cloud had first."""

    def expire(self, visitor: Visitor) -> None:
        wanted = number_of(visitor)
        first = next(member for member in self.store.members.values() if number_of(member) == wanted)
        if first.place[0] != visitor.place[0]:
            raise account_not_found("the user belongs to another cloud")
        super().expire(visitor)


class ResetUsersByNumber(Partner):
    """Deletes a test company's users by their numbers, in every cloud and company."""

    def remove_account(self, company: str, place: Place) -> None:
        numbers = {number_of(member) for member in self.store.members_of(company, place)}
        super().remove_account(company, place)
        for member in [one for one in self.store.members.values() if number_of(one) in numbers]:
            self.store.forget(member)


class TestByNumber(Partner):
    """Finds the connection to test by the workspace's number."""

    async def test_connection(self, call: Call) -> Answer:
        wanted = self.find(call.body["connection_id"], self.place_of(call.body))
        same = [one for one in self.store.connections.values() if one.place[1] == wanted.place[1]]
        if same[-1].place != wanted.place:
            raise connection_not_found()
        return await super().test_connection(call)


class CloudOfUser(Partner):
    """Stores the cloud with the user, by address: the latest cloud is that of all the user's workspaces."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.clouds: dict[str, Hashable] = {}

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        self.clouds[visitor.email.lower()] = visitor.place[0]
        return super().open_connection(call, visitor, demo=demo)

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        if self.clouds.get(visitor.email.lower(), visitor.place[0]) != visitor.place[0]:
            raise connection_not_found()
        return super().sign_in(call, visitor)


class CompanyExpiredEverywhereByNumber(Partner):
    """Stores the end of an account's trial with the workspace's number alone."""

    def is_expired(self, visitor: Visitor) -> bool:
        numbers = {place[1] for place, _company in self.store.expired_companies}
        return visitor.place[1] in numbers or super().is_expired(visitor)


def _part(name: str, title: str, part: type[Partner], **config: Any) -> Fault:
    return Fault(name, FAMILY, title, (part,), config)


FAULTS = (
    _part(
        "sign-in-by-number",
        "A new user with the number of another cloud's user is let in.",
        SignInByNumber,
        **NOT_FOUND,
    ),
    _part("sign-in-by-number-added", "A new user with another cloud's number is existing.", SignInByNumber),
    _part("status-by-number", "A first connect with another cloud's number is existing.", StatusByNumber),
    _part("expire-account-by-number", "Expire-account reaches the same number in another cloud.", ExpireByNumber),
    _part("expire-account-first-number", "Expire-account takes the first user with the number.", ExpireFirstByNumber),
    _part(
        "expire-account-second-cloud-refused",
        "Expire-account does not find a user whose number another cloud had first.",
        ExpireOtherCloudRefused,
    ),
    _part(
        "expire-account-place-by-number",
        "An expired account is expired for whoever comes from the number, in any cloud.",
        CompanyExpiredEverywhereByNumber,
        **ACCOUNT_TRIAL,
    ),
    _part(
        "delete-account-users-by-number",
        "Delete-account forgets users of the same number in another cloud.",
        ResetUsersByNumber,
        **NOT_FOUND,
    ),
    _part("test-connection-by-number", "Test-connection finds another cloud's connection.", TestByNumber),
    _part("cloud-of-user", "A user's connection in a first cloud is lost with one in a second.", CloudOfUser),
)
