"""Faults in the demo flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import refuses
from certification.reference.messages import Answer, Call, Json
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Hashable

    from certification.reference.settings import Settings
    from certification.reference.state import Connection, Place, Visitor

FAMILY = "demo"


class DemoIgnored(Partner):
    def is_demo(self, call: Call) -> bool:
        return False


class DemoReuses(Partner):
    """Has one demo connection per workspace."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.demos: dict[Place, Connection] = {}

    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        connection = self.demos.get(visitor.place) or self.open_connection(call, visitor, demo=True)
        self.demos[visitor.place] = connection
        return self.connected(call, visitor, "create_trial", "new", "new", connection)


class DemoKnows(Partner):
    """Remembers demo users, and greets them as what they are."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.seen: set[Hashable] = set()

    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        answer = super().connect_demo(call, visitor)
        if self.mark(visitor) in self.seen:
            self.change(answer.content)
        self.seen.add(self.mark(visitor))
        return answer

    def mark(self, visitor: Visitor) -> Hashable:
        """Return what makes a visitor known."""
        return visitor.user

    def change(self, content: Json) -> None:
        """Say that the visitor is known."""
        content["user_status"] = "existing"


class DemoKnowsCompany(DemoKnows):
    def mark(self, visitor: Visitor) -> Hashable:
        return visitor.company

    def change(self, content: Json) -> None:
        content["account_status"] = "active"


class DemoSignsIn(DemoKnows):
    def change(self, content: Json) -> None:
        content["redirect_value"] = "sign_in"


class DemoOnce(DemoKnows):
    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        if visitor.user in self.seen:
            raise RuntimeError
        return super().connect_demo(call, visitor)


class DemoThrownAway(Partner):
    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        connection = super().open_connection(call, visitor, demo=demo)
        if demo:
            del self.store.connections[connection.id]
        return connection


class DemoWithoutResources(Partner):
    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        return self.connected(call, visitor, "create_trial", "new", "new")


def _demo(name: str, title: str, part: type) -> Fault:
    return Fault(f"demo-{name}", FAMILY, title, (part,))


FAULTS = (
    _demo("ignored", "The demo flag is ignored.", DemoIgnored),
    _demo("reuses-connection", "A workspace's second demo gets the first one's connection.", DemoReuses),
    _demo("knows-user", "A user who repeats the demo is called existing.", DemoKnows),
    _demo("knows-company", "A company's second demo user meets an active account.", DemoKnowsCompany),
    _demo("signs-in", "A user who repeats the demo is sent to sign in.", DemoSignsIn),
    _demo("once", "A user can't repeat the demo.", DemoOnce),
    _demo("thrown-away", "A demo's connection is gone before the sign-in.", DemoThrownAway),
    _demo("without-resources", "A demo keeps no resources.", DemoWithoutResources),
    _demo("refused", "A request with the demo flag is refused.", refuses(lambda call: bool(call.body.get("demo")))),
)
