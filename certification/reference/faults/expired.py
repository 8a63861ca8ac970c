"""Faults of a first connect after expiry (ruling 24): purchase_product or create_trial, and the account is expired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import break_down
from certification.reference.messages import Answer, Call, Refusal, bad_request
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from certification.reference.state import Connection, Visitor

FAMILY = "expired"

ACCOUNT_TRIAL = {"trial_type": "account"}


def _clear(partner: Partner, visitor: Visitor) -> None:
    partner.store.expired_seats.discard(visitor.seat)
    partner.store.expired_companies.discard((visitor.place, visitor.company))


class Meets(Partner):
    """Meets an expired user at a first connect; what then happens is the fault."""

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        if self.is_expired(visitor):
            return self.meet(call, visitor)
        return super().first_connect(call, visitor)

    def meet(self, call: Call, visitor: Visitor) -> Answer:
        """Answer the first connect of an expired user."""
        _clear(self, visitor)
        return super().first_connect(call, visitor)

    def answer_with(self, call: Call, visitor: Visitor, scenario: str, user: str, account: str) -> Answer:
        """Return a Connection that was configured and says these three."""
        connection = self.open_connection(call, visitor)
        return self.connected(call, visitor, scenario, user, account, connection)


class CalledActive(Meets):
    def meet(self, call: Call, visitor: Visitor) -> Answer:
        return self.answer_with(call, visitor, "purchase_product", "existing", "active")


class CalledNew(Meets):
    """Looks for accounts that are active, and finds none."""

    def meet(self, call: Call, visitor: Visitor) -> Answer:
        return self.answer_with(call, visitor, "create_trial", "new", "new")


class ToSignIn(Meets):
    def meet(self, call: Call, visitor: Visitor) -> Answer:
        return self.answer_with(call, visitor, "sign_in", "existing", "expired")


class ToAdmin(Meets):
    def meet(self, call: Call, visitor: Visitor) -> Answer:
        return self.answer_with(call, visitor, "contact_admin", "existing", "expired")


class RefusedWith403(Meets):
    def meet(self, call: Call, visitor: Visitor) -> Answer:
        raise Refusal(403, "unauthorized", "the trial is over")


class RefusedWith402(Meets):
    """Knows the status that HTTP reserves for payment."""

    def meet(self, call: Call, visitor: Visitor) -> Answer:
        raise Refusal(402, "bad_request", "payment required")


class RefusedWith400(Meets):
    def meet(self, call: Call, visitor: Visitor) -> Answer:
        raise bad_request("the trial is over")


class Breaks(Meets):
    def meet(self, call: Call, visitor: Visitor) -> Answer:
        break_down("duplicate key value violates unique constraint trials_user_key")


class IdWithoutResources(Meets):
    """Returns an id for resources that it does not keep."""

    def meet(self, call: Call, visitor: Visitor) -> Answer:
        answer = self.answer_with(call, visitor, "purchase_product", "existing", "expired")
        answer.content["configured_resources"] = False
        return answer


class ResourcesWithoutId(Meets):
    def meet(self, call: Call, visitor: Visitor) -> Answer:
        answer = self.answer_with(call, visitor, "purchase_product", "existing", "expired")
        answer.content.pop("connection_id")
        return answer


class NotKept(Meets):
    """Returns an id, and drops the connection until somebody pays."""

    def meet(self, call: Call, visitor: Visitor) -> Answer:
        answer = self.answer_with(call, visitor, "purchase_product", "existing", "expired")
        del self.store.connections[answer.content["connection_id"]]
        return answer


class ClearedAfterwards(Meets):
    """Asks for payment, and sets the account active with the new connection all the same."""

    def meet(self, call: Call, visitor: Visitor) -> Answer:
        answer = self.answer_with(call, visitor, "purchase_product", "existing", "expired")
        _clear(self, visitor)
        return answer


class ColleagueActive(Partner):
    """Ends the trial of an account for those who were there, and not for who connects later."""

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        answer = super().first_connect(call, visitor)
        if answer.content["user_status"] == "new" and answer.content["account_status"] == "expired":
            answer.content.update(account_status="active", redirect_value="sign_in")
        return answer


class EndsWithConnection(Partner):
    """Keeps the end of a trial with the connection, and forgets it when that is deleted."""

    async def delete_connection(self, call: Call) -> Answer:
        owner = self.find(call.body["connection_id"], self.place_of(call.body)).owner
        answer = await super().delete_connection(call)
        _clear(self, owner)
        return answer


class OnConnection(Partner):
    """Marks the user's connections as expired, and with them whoever signs in there."""

    def account_of(self, visitor: Visitor, connection: Connection) -> str:
        return "expired" if connection.owner.seat in self.store.expired_seats else "active"


def _expired(name: str, title: str, part: type[Partner], **config: Any) -> Fault:
    return Fault(f"expired-{name}", FAMILY, title, (part,), config)


FAULTS = (
    _expired("revived-by-connect", "A new first connect makes an expired account active.", Meets),
    _expired("connect-called-active", "A first connect after expiry says active.", CalledActive),
    _expired("connect-called-new", "A first connect after expiry says new.", CalledNew),
    _expired("connect-to-sign-in", "A first connect after expiry leads to the sign-in.", ToSignIn),
    _expired("connect-to-admin", "A first connect after expiry leads to the administrator.", ToAdmin),
    _expired("connect-forbidden", "A first connect after expiry is 403.", RefusedWith403),
    _expired("connect-payment-required", "A first connect after expiry is 402.", RefusedWith402),
    _expired("connect-bad-request", "A first connect after expiry is 400.", RefusedWith400),
    _expired("connect-breaks", "A first connect after expiry breaks.", Breaks),
    _expired("connect-id-without-resources", "After expiry an id comes without resources.", IdWithoutResources),
    _expired("connect-resources-without-id", "After expiry resources come without an id.", ResourcesWithoutId),
    _expired("connect-not-kept", "The connection made after expiry is not kept.", NotKept),
    _expired("cleared-by-connect", "A first connect asks for payment and ends the expiry.", ClearedAfterwards),
    _expired("colleague-connects-active", "A colleague's first connect says active.", ColleagueActive, **ACCOUNT_TRIAL),
    _expired("ends-with-connection", "Deleting the connection ends the expiry of its user.", EndsWithConnection),
    _expired("marks-connection", "Whoever signs in on an expired user's connection is expired.", OnConnection),
)
