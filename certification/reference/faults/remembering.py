"""Faults of the demo flag that is kept on the wrong thing, and of demos that meet a real or an expired account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import break_down, is_first
from certification.reference.messages import Answer, Call, bad_request
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Hashable

    from certification.reference.settings import Settings
    from certification.reference.state import Connection, Visitor

FAMILY = "demo"


class Remembers(Partner):
    """Remembers that there was a demo, by a key."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.demos: set[Hashable] = set()

    def mark(self, visitor: Visitor) -> Hashable:
        """Return what the demo is remembered by."""
        return visitor.user

    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        self.demos.add(self.mark(visitor))
        return super().connect_demo(call, visitor)

    async def connect(self, call: Call) -> Answer:
        if is_first(call) and not self.is_demo(call) and self.mark(self.visitor(call)) in self.demos:
            return self.meet(call, self.visitor(call))
        return await super().connect(call)

    def meet(self, call: Call, visitor: Visitor) -> Answer:
        """Answer a real first connect of whom had a demo before."""
        return self.connect_demo(call, visitor)


class OfWorkspace(Remembers):
    def mark(self, visitor: Visitor) -> Hashable:
        return visitor.place


class OfCompany(Remembers):
    def mark(self, visitor: Visitor) -> Hashable:
        return visitor.company


class OfEmail(Remembers):
    def mark(self, visitor: Visitor) -> Hashable:
        return visitor.email.lower()


class OfEverybody(Remembers):
    """Sets the flag on an object that all requests share, and never resets it."""

    def mark(self, visitor: Visitor) -> Hashable:
        return "demo"


class UntilNext(Remembers):
    """Resets the flag after the next request, which still runs with it."""

    def mark(self, visitor: Visitor) -> Hashable:
        return "demo"

    def meet(self, call: Call, visitor: Visitor) -> Answer:
        answer = self.connect_demo(call, visitor)
        self.demos.clear()
        return answer


class RealRefused(Remembers):
    def meet(self, call: Call, visitor: Visitor) -> Answer:
        raise bad_request("this user had a demo")


class RealBreaks(Remembers):
    def meet(self, call: Call, visitor: Visitor) -> Answer:
        break_down("duplicate key value violates unique constraint")


class RealGetsDemo(Remembers):
    """Turns the demo's connection into the real one instead of making another."""

    def meet(self, call: Call, visitor: Visitor) -> Answer:
        demos = [one for one in self.store.connections.values() if one.demo and one.owner.user == visitor.user]
        user, account = self.user_status(visitor), self.account_status(visitor)
        self.store.remember(visitor)
        connection = demos[-1] if demos else self.open_connection(call, visitor)
        return self.connected(call, visitor, self.first_scenario(user, account), user, account, connection)


class ForgetsReal(Partner):
    """Resets the user to new for a demo, and with it the real account."""

    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        for member in [one for one in self.store.members.values() if one.user == visitor.user]:
            self.store.forget(member)
        return super().connect_demo(call, visitor)


class MeetsExpiry(Partner):
    """Looks at the trial of an account before it looks at the flag."""

    def connect_demo(self, call: Call, visitor: Visitor) -> Answer:
        if not self.is_expired(visitor):
            return super().connect_demo(call, visitor)
        return self.expired(call, visitor)

    def expired(self, call: Call, visitor: Visitor) -> Answer:
        """Answer the demo of an expired account."""
        return self.connected(call, visitor, "purchase_product", "existing", "expired")


class ToPurchase(MeetsExpiry):
    def expired(self, call: Call, visitor: Visitor) -> Answer:
        connection = self.open_connection(call, visitor, demo=True)
        return self.connected(call, visitor, "purchase_product", "new", "new", connection)


class CalledExpired(MeetsExpiry):
    def expired(self, call: Call, visitor: Visitor) -> Answer:
        connection = self.open_connection(call, visitor, demo=True)
        return self.connected(call, visitor, "create_trial", "new", "expired", connection)


class CalledExisting(MeetsExpiry):
    def expired(self, call: Call, visitor: Visitor) -> Answer:
        connection = self.open_connection(call, visitor, demo=True)
        return self.connected(call, visitor, "create_trial", "existing", "new", connection)


class ClearsExpiry(Partner):
    """Starts the trial over for a demo, and with it the one that was over."""

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        if demo:
            self.store.expired_seats.discard(visitor.seat)
            self.store.expired_companies.discard((visitor.place, visitor.company))
        return super().open_connection(call, visitor, demo=demo)


class SignInStartsAgain(Partner):
    """Starts the demo over with each sign-in on it."""

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        connection = self.find(call.body["connection_id"], visitor.place)
        return self.connect_demo(call, visitor) if connection.demo else super().sign_in(call, visitor)


def _demo(name: str, title: str, part: type[Partner], **config: Any) -> Fault:
    return Fault(f"demo-{name}", FAMILY, title, (part,), config)


FAULTS = (
    _demo("kept-on-user", "A user who had a demo gets nothing but demos.", Remembers),
    _demo("kept-on-workspace", "A workspace that had a demo gets nothing but demos.", OfWorkspace),
    _demo("kept-on-company", "A company that had a demo gets nothing but demos.", OfCompany),
    _demo("kept-on-email", "An address that had a demo gets nothing but demos.", OfEmail),
    _demo("kept-for-everybody", "After one demo all connects are demos.", OfEverybody),
    _demo("kept-until-next", "The connect after a demo is a demo, whoever sends it.", UntilNext),
    _demo("refuses-real", "A user who had a demo can't connect in earnest.", RealRefused),
    _demo("breaks-real", "A user who had a demo breaks the real connect.", RealBreaks),
    _demo("becomes-real", "A real connect after a demo returns the demo's id.", RealGetsDemo),
    _demo("forgets-real", "A demo makes the real account of its user new.", ForgetsReal, new_user_action="not_found"),
    _demo("meets-expiry", "A demo of an expired account is an expired sign-in.", MeetsExpiry),
    _demo("expired-to-purchase", "A demo of an expired account leads to the purchase.", ToPurchase),
    _demo("expired-called-expired", "A demo of an expired account says expired.", CalledExpired),
    _demo("expired-called-existing", "A demo of an expired user says existing.", CalledExisting),
    _demo("clears-expiry", "A demo makes an expired account active again.", ClearsExpiry),
    _demo("sign-in-starts-again", "A sign-in on a demo configures another demo.", SignInStartsAgain),
)
