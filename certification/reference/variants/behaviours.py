"""Other correct behaviours: what the API leaves to the partner."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Variant
from certification.reference.faults.tools import (
    TEST,
    answers,
    is_first,
    is_sign_in,
    of,
    put,
    swap,
)
from certification.reference.messages import Answer, Call, account_not_found
from certification.reference.partner import TEST_DOMAINS, Partner
from certification.reference.state import Connection

if TYPE_CHECKING:
    from collections.abc import Hashable

    from certification.reference.settings import Settings
    from certification.reference.state import Place, Visitor

ACCOUNT_TRIAL = {"trial_type": "account"}

# Connecting


class NothingToSay(Partner):
    """Has no notion of new users and accounts."""

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        answer = super().first_connect(call, visitor)
        if answer.content["redirect_value"] == "create_trial" and answer.content["account_status"] == "new":
            answer.content.update(user_status="not_applicable", account_status="not_applicable")
        return answer


class OldDropped(Partner):
    """Drops the workspace's old connection when a new one is made."""

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        if not demo:
            old = [one for one in self.store.connections.values() if one.place == visitor.place and not one.demo]
            self.store.drop(old)
        return super().open_connection(call, visitor, demo=demo)


class SecondUserAsks(Partner):
    """Sends the second user of a company to the administrator, and keeps nothing."""

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        if self.user_status(visitor) == "new" and self.account_status(visitor) == "active":
            return self.connected(call, visitor, "contact_admin", "new", "active")
        return super().first_connect(call, visitor)


class SecondUserTries(Partner):
    """Gives the second user of a company a trial of their own."""

    def first_scenario(self, user: str, account: str) -> str:
        return "create_trial" if user == "new" else super().first_scenario(user, account)


class ByIdAlone(Partner):
    """Finds a connection by its id alone, which is unique anyway."""

    def find(self, connection_id: str, place: Place | None) -> Connection:
        return super().find(connection_id, None)


class UserByEmail(Partner):
    """Knows users by their address, in any cloud and however it is spelled."""

    def user_key(self, email: str, user_id: int, cloud: str) -> Hashable:
        return email.lower()


class CompanyPerCloud(Partner):
    """Has one installation per cloud, none of which knows another's accounts."""

    def visitor(self, call: Call) -> Visitor:
        visitor = super().visitor(call)
        return type(visitor)(visitor.user, visitor.place, f"{visitor.place[0]}:{visitor.company}", visitor.email)

    def remove_account(self, company: str, place: Place) -> None:
        super().remove_account(f"{place[0]}:{company}", place)

    async def expire_account(self, call: Call) -> Answer:
        self.check_test_domain(self.domain_of(call.body["email"]))
        body = call.body
        user = self.user_key(body["email"], body["databricks_user_id"], body["cloud_provider"])
        place = self.place(body["cloud_provider"], body["databricks_organization_id"])
        visitor = self.store.members.get((place, user))
        if visitor is None or visitor.company != f"{place[0]}:{self.company_of(body['email'])}":
            raise account_not_found("no such user in this workspace")
        self.expire(visitor)
        return Answer(200, {})


class OneDemoAtATime(Partner):
    """Runs one demo at a time, which is allowed."""

    busy = False

    async def connect(self, call: Call) -> Answer:
        if not (is_first(call) and self.is_demo(call)):
            return await super().connect(call)
        if self.busy:
            raise RuntimeError
        self.busy = True
        try:
            await asyncio.sleep(0.002)
            return await super().connect(call)
        finally:
            self.busy = False


class Queueing(Partner):
    """Does one thing after the other, behind a lock that is waited for."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.lock = asyncio.Lock()

    async def answer(self, call: Call) -> Answer:
        async with self.lock:
            await asyncio.sleep(0.001)
            return await super().answer(call)


# Deleting


class Acknowledges(Partner):
    """Takes note of deletions and keeps everything."""

    async def delete_connection(self, call: Call) -> Answer:
        self.find(call.body["connection_id"], self.place_of(call.body))
        return Answer(200, {"resource_status": "deletion_acknowledged"})


class DeletesLater(Partner):
    """Deletes connections with the next one that is made."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.pending: list[Connection] = []

    async def delete_connection(self, call: Call) -> Answer:
        connection = self.find(call.body["connection_id"], self.place_of(call.body))
        self.pending.append(connection)
        return Answer(200, {"resource_status": "resources_pending_deletion"})

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        self.store.drop(self.pending)
        self.pending.clear()
        return super().open_connection(call, visitor, demo=demo)


class OwnerDeletes(Partner):
    """Lets only the user who made a connection delete it."""

    async def delete_connection(self, call: Call) -> Answer:
        connection = self.find(call.body["connection_id"], self.place_of(call.body))
        user = call.body.get("user_info")
        if user and user["email"].lower() != connection.owner.email.lower():
            return Answer(200, {"resource_status": "user_unauthorized"})
        return await super().delete_connection(call)


# Hooks


class ExactDomains(Partner):
    """Knows the two test domains and no subdomain of them."""

    def is_test_domain(self, domain: str) -> bool:
        return domain in TEST_DOMAINS


class UnknownAccountNotFound(Partner):
    """Finds no account to delete where there is none."""

    def remove_account(self, company: str, place: Place) -> None:
        if not self.store.members_of(company, place):
            raise account_not_found("no such account in this workspace")
        super().remove_account(company, place)


class ExpiredAddedBuys(Partner):
    """Asks a user who is added to an expired account to pay."""

    def added_scenario(self, account: str) -> str:
        return "purchase_product" if account == "expired" else super().added_scenario(account)


class ExpiredTriesAgain(Partner):
    """Offers a new trial to an expired user who connects anew."""

    def first_scenario(self, user: str, account: str) -> str:
        return "create_trial" if account == "expired" else super().first_scenario(user, account)


class AddedTries(Partner):
    """Sends added users to the page on which they sign up."""

    def added_scenario(self, account: str) -> str:
        return "create_trial"


def _variant(name: str, title: str, part: Any, advisories: str = "", **config: Any) -> Variant:
    return Variant(name, title, (part,), config, advisories)


VARIANTS = (
    _variant("statuses-not-applicable", "Brand-new users have no status.", NothingToSay),
    _variant("reconnect-drops-old", "A new connection takes the old one's place.", OldDropped),
    _variant(
        "second-user-asks", "A company's second user is sent to the administrator, and nothing is kept.", SecondUserAsks
    ),
    _variant("second-user-tries", "A company's second user gets a trial too.", SecondUserTries),
    _variant("found-by-id", "A connection is found by its id alone.", ByIdAlone, "ruling 23"),
    _variant("user-by-email", "Users are known by their address.", UserByEmail),
    _variant("company-per-cloud", "Each cloud has accounts of its own.", CompanyPerCloud),
    _variant("one-demo-at-a-time", "Demos at the same time break.", OneDemoAtATime),
    _variant("one-after-the-other", "Requests wait for each other.", Queueing),
    _variant(
        "new-until-signed-up",
        "A user is new until the trial is started on the page.",
        answers(swap("user_status", "existing", "new"), is_sign_in),
        "ruling 11",
    ),
    _variant("deletion-acknowledged", "A deletion is noted, nothing is done.", Acknowledges),
    _variant("deletion-pending", "A deletion happens later.", DeletesLater),
    _variant("deletion-by-owner", "Only the user who made a connection may delete it.", OwnerDeletes),
    _variant("test-domains-exact", "Subdomains of the test domains are refused.", ExactDomains, "ruling 12"),
    _variant("unknown-account-not-found", "Deleting an account that is not there is 404.", UnknownAccountNotFound),
    _variant(
        "expired-added-buys", "A user added to an expired account is asked to pay.", ExpiredAddedBuys, **ACCOUNT_TRIAL
    ),
    _variant("expired-tries-again", "An expired user who connects anew is offered a trial.", ExpiredTriesAgain),
    _variant("added-tries", "An added user is sent to sign up.", AddedTries),
    _variant(
        "test-fails",
        "A test fails and says why.",
        answers(put(test_results=[{"test_name": "Read", "status": "FAIL", "message": "No warehouse."}]), of(TEST)),
    ),
)
