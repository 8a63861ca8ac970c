"""Faults that show the second time: caches of answers, keys of idempotency, and refusals that leave something behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Fault
from certification.reference.faults.caching import Cache
from certification.reference.faults.tools import DELETE, EXPIRE, RESET, TEST, break_down
from certification.reference.messages import Answer, Call, Refusal, account_not_found
from certification.reference.partner import Partner
from certification.reference.state import Connection

if TYPE_CHECKING:
    from collections.abc import Hashable

    from certification.reference.operations import Operation
    from certification.reference.settings import Settings
    from certification.reference.state import Place, Visitor

FAMILY = "repeats"

INVITE = {"new_user_action": "invite"}
NOT_FOUND = {"new_user_action": "not_found"}
ERROR = {"new_user_action": "error"}
MANUAL = {"require_manual_signup": True}


def _idempotent(operation: Operation) -> type[Cache]:
    """Return a partner that answers an equal body of ``operation`` as it did before, and does nothing."""

    class Idempotent(Cache):
        def key(self, call: Call) -> Hashable | None:
            return call.raw if call.operation is operation else None

    return Idempotent


class DeletedByWorkspace(Cache):
    """Keys the answers of delete-connection by the workspace."""

    def key(self, call: Call) -> Hashable | None:
        return self.place_of(call.body) if call.operation is DELETE else None


class ByConnection(Cache):
    """Keys answers by the connection, and forgets the operation: a test gets what the deletion was told."""

    def key(self, call: Call) -> Hashable | None:
        return str(call.body["connection_id"]) if call.operation in {DELETE, TEST} else None


class RefusalKept(Partner):
    """Caches refusals with everything else: who was not found once is never found."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.kept: dict[Hashable, Refusal] = {}

    async def answer(self, call: Call) -> Answer:
        if call.operation is not EXPIRE:
            return await super().answer(call)
        if call.raw in self.kept:
            raise self.kept[call.raw]
        try:
            return await super().answer(call)
        except Refusal as refusal:
            self.kept[call.raw] = refusal
            raise


class SavedBeforeRefusal(Partner):
    """Saves a new user, and only then does what ``new_user_action`` says."""

    def meet_new_user(self, call: Call, visitor: Visitor, connection: Connection) -> Answer:
        try:
            return super().meet_new_user(call, visitor, connection)
        finally:
            self.join(visitor, connection)


class SignedUpByRefusal(Partner):
    """Counts the refusal of a user who has yet to sign up as the sign-up."""

    def check_signed_up(self, visitor: Visitor) -> None:
        try:
            super().check_signed_up(visitor)
        except Refusal:
            self.store.signed_up.add(visitor.user)
            self.store.remember(visitor)
            raise


class UnknownSaved(Partner):
    """Makes a row for an unknown connection while it looks for it, and finds that the next time."""

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        wanted = call.body["connection_id"]
        try:
            self.find(wanted, visitor.place)
        except Refusal:
            self.store.connections[wanted] = Connection(wanted, visitor.place, visitor.company, visitor, demo=False)
            raise
        return super().sign_in(call, visitor)


class ExpiryToggles(Partner):
    """Switches the trial off, and on again."""

    def expire(self, visitor: Visitor) -> None:
        if self.is_expired(visitor):
            self.store.expired_seats.discard(visitor.seat)
        else:
            super().expire(visitor)


class ExpiredTwiceBreaks(Partner):
    def expire(self, visitor: Visitor) -> None:
        if self.is_expired(visitor):
            break_down("the trial has no end to set")
        super().expire(visitor)


class ExpiredTwiceNotFound(Partner):
    """Looks for an active user to expire."""

    def expire(self, visitor: Visitor) -> None:
        if self.is_expired(visitor):
            raise Refusal(409, "bad_request", "already expired")
        super().expire(visitor)


class EmptyAccountBreaks(Partner):
    """Takes the first of the users that there are to delete."""

    def remove_account(self, company: str, place: Place) -> None:
        if not self.store.members_of(company, place):
            break_down("list index out of range")
        super().remove_account(company, place)


class DeletedAccountStays(Partner):
    """Deletes each account once, and skips those on its list of what was deleted."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.deleted: set[tuple[str, Place]] = set()

    def remove_account(self, company: str, place: Place) -> None:
        if (company, place) not in self.deleted:
            super().remove_account(company, place)
        self.deleted.add((company, place))


class FlagsThenRefuses(Partner):
    """Sets the end of the trial before it looks whether the domain is a test domain."""

    async def expire_account(self, call: Call) -> Answer:
        body = call.body
        place = self.place(body["cloud_provider"], body["databricks_organization_id"])
        user = self.user_key(body["email"], body["databricks_user_id"], body["cloud_provider"])
        visitor = self.store.members.get((place, user))
        if visitor is not None:
            self.expire(visitor)
        self.check_test_domain(self.domain_of(body["email"]))
        if visitor is None:
            raise account_not_found("no such user in this workspace")
        return Answer(200, {})


def _part(name: str, title: str, part: type[Partner], **config: Any) -> Fault:
    return Fault(name, FAMILY, title, (part,), config)


FAULTS = (
    _part("delete-account-idempotent", "An equal delete-account is answered and not done.", _idempotent(RESET)),
    _part("expire-account-idempotent", "An equal expire-account is answered and not done.", _idempotent(EXPIRE)),
    _part("delete-cached-by-workspace", "A workspace's second deletion is answered, not done.", DeletedByWorkspace),
    _part("answer-of-other-operation", "A test gets the answer that the deletion got.", ByConnection),
    _part("not-found-cached", "A user who could not be expired once never can.", RefusalKept),
    _part("invite-once", "An invited user who comes again is let in.", SavedBeforeRefusal, **INVITE),
    _part("not-found-once", "A refused user who comes again is let in.", SavedBeforeRefusal, **NOT_FOUND),
    _part("error-once", "A user who met an error and comes again is let in.", SavedBeforeRefusal, **ERROR),
    _part("manual-once", "Who has yet to sign up is let in the second time.", SignedUpByRefusal, **MANUAL),
    _part("unknown-once", "An unknown connection exists the second time.", UnknownSaved),
    _part("expire-account-toggles", "Expiring an expired user makes the user active.", ExpiryToggles),
    _part("expire-account-twice-breaks", "Expiring an expired user breaks.", ExpiredTwiceBreaks),
    _part("expire-account-twice-conflicts", "Expiring an expired user is 409.", ExpiredTwiceNotFound),
    _part("delete-account-empty-breaks", "Deleting an account that has no users breaks.", EmptyAccountBreaks),
    _part("delete-account-once", "An account that was deleted once is never deleted again.", DeletedAccountStays),
    _part("test-domain-expires-then-refuses", "Expire-account refuses a real user after it acted.", FlagsThenRefuses),
)
