"""Other correct courses of a connection's life: made, made again, deleted, expired, shown as a demo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Variant
from certification.reference.messages import Answer, Call, Refusal
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from certification.reference.state import Connection, Visitor


class OwnDropped(Partner):
    """Drops the same user's old connection of the workspace when a new one is made."""

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        if not demo:
            everything = self.store.connections.values()
            self.store.drop([one for one in everything if one.owner.seat == visitor.seat and not one.demo])
        return super().open_connection(call, visitor, demo=demo)


class GoneButPending(Partner):
    """Says that deletion takes its time, and is done at once."""

    async def delete_connection(self, call: Call) -> Answer:
        await super().delete_connection(call)
        return Answer(200, {"resource_status": "resources_pending_deletion"})


class NobodyDeletes(Partner):
    """Lets nobody delete through Databricks."""

    async def delete_connection(self, call: Call) -> Answer:
        self.find(call.body["connection_id"], self.place_of(call.body))
        return Answer(200, {"resource_status": "user_unauthorized"})


class OtherWorkspaceUnauthorized(Partner):
    """Finds the connection of another workspace, and says that the user may not delete it (ruling 23)."""

    async def delete_connection(self, call: Call) -> Answer:
        if self.find(call.body["connection_id"], None).place != self.place_of(call.body):
            return Answer(200, {"resource_status": "user_unauthorized"})
        return await super().delete_connection(call)


class DemoKnown(Partner):
    """Counts a demo as having met: the user's first connect in earnest is not new."""

    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        answer = super().connect_demo(call, visitor)
        self.store.remember(visitor)
        return answer


class DemoDropsDemo(Partner):
    """Keeps one demo of a workspace, the latest."""

    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        everything = self.store.connections.values()
        self.store.drop([one for one in everything if one.demo and one.place == visitor.place])
        return super().connect_demo(call, visitor)


class DemoDropsReal(Partner):
    """Lets a demo take the place of what its workspace had, as any new connection may."""

    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        self.store.drop([one for one in self.store.connections.values() if one.place == visitor.place])
        return super().connect_demo(call, visitor)


class DemoIds(Partner):
    """Marks the ids of demos."""

    def new_connection_id(self, call: Call) -> str:
        made = super().new_connection_id(call)
        return f"demo-{made}" if self.is_demo(call) else made


class UnknownExpiryIgnored(Partner):
    """Has nothing to end for an unknown user, and says so with 200."""

    async def expire_account(self, call: Call) -> Answer:
        try:
            return await super().expire_account(call)
        except Refusal as refusal:
            if refusal.reason != "account_not_found":
                raise
            return Answer(200, {})


class ExpiredBuys(Partner):
    """Sends whoever connects to an expired account to the purchase, new users too."""

    def first_scenario(self, user: str, account: str) -> str:
        return "purchase_product" if account == "expired" else super().first_scenario(user, account)


def _variant(name: str, title: str, part: type[Partner], advisories: str = "", **config: Any) -> Variant:
    return Variant(name, title, (part,), config, advisories)


VARIANTS = (
    _variant("reconnect-drops-own", "A new connection takes the place of its user's old one.", OwnDropped),
    _variant("deletion-pending-at-once", "A deletion is said to be pending, and done.", GoneButPending),
    _variant("deletion-unauthorized", "Nobody may delete through Databricks.", NobodyDeletes),
    _variant(
        "deletion-elsewhere-unauthorized",
        "Deleting with another workspace is unauthorized.",
        OtherWorkspaceUnauthorized,
        "ruling 23",
    ),
    _variant("demo-known", "Who had a demo is known afterwards.", DemoKnown),
    _variant("demo-drops-demo", "A workspace has one demo.", DemoDropsDemo),
    _variant("demo-drops-real", "A demo takes the place of its workspace's connections.", DemoDropsReal),
    _variant("demo-ids", "The ids of demos say so.", DemoIds),
    _variant("expire-unknown-ignored", "Expiring an unknown user is 200.", UnknownExpiryIgnored),
    _variant(
        "expired-buys",
        "Every first connect of an expired account leads to the purchase.",
        ExpiredBuys,
        trial_type="account",
    ),
)
