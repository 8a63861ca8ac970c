"""Faults in expire-account: whose trial ends, and what an ended trial means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    EXPIRE,
    Change,
    answers,
    empty,
    error,
    errors,
    is_sign_in,
    of,
    status,
    swap,
)
from certification.reference.messages import Answer, Call, Refusal
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from certification.reference.state import Visitor

FAMILY = "expire-account"
ACCOUNT_TRIAL = {"trial_type": "account"}


class ExpireNothing(Partner):
    def expire(self, visitor: Visitor) -> None:
        pass


class ExpireCompany(Partner):
    def expire(self, visitor: Visitor) -> None:
        self.store.expired_companies.add((visitor.place, visitor.company))


class ExpireUser(Partner):
    def expire(self, visitor: Visitor) -> None:
        self.store.expired_seats.add(visitor.seat)


class ExpireWorkspace(Partner):
    def expire(self, visitor: Visitor) -> None:
        everybody: Iterable[Visitor] = self.store.members.values()
        self.store.expired_seats.update(member.seat for member in everybody if member.place == visitor.place)


class ExpireNumber(Partner):
    """Expires by the workspace's and the user's numbers, which another cloud has too."""

    def expire(self, visitor: Visitor) -> None:
        super().expire(visitor)
        for member in self.store.members.values():
            if member.place[1] == visitor.place[1] and member.place != visitor.place:
                self.store.expired_seats.add(member.seat)


class ExpireNewest(Partner):
    def expire(self, visitor: Visitor) -> None:
        newest = [member for member in self.store.members.values() if member.company == visitor.company][-1]
        super().expire(newest)


class ExpireOnce(Partner):
    """Shows the end of the trial once, and has forgotten it afterwards."""

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        answer = super().sign_in(call, visitor)
        self.store.expired_seats.discard(visitor.seat)
        return answer


class ExpireDeletes(Partner):
    def expire(self, visitor: Visitor) -> None:
        self.store.drop(self.connections_of(visitor.company, visitor.place))


class ExpireLocksOut(Partner):
    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        if self.is_expired(visitor):
            raise Refusal(403, "unauthorized", "the trial is over")
        return super().sign_in(call, visitor)


class ExpireUnknownBreaks(Partner):
    async def expire_account(self, call: Call) -> Answer:
        try:
            return await super().expire_account(call)
        except Refusal as refusal:
            if refusal.reason == "account_not_found":
                raise RuntimeError from refusal
            raise


def _expiry(name: str, title: str, part: type) -> Fault:
    return Fault(f"expire-account-{name}", FAMILY, title, (part,))


def _signs_in(name: str, title: str, change: Change) -> Fault:
    return _expiry(name, title, answers(change, is_sign_in))


FAULTS = (
    _expiry("does-nothing", "Expire-account answers 200 and expires nobody.", ExpireNothing),
    _expiry("whole-account", "Trials belong to users, and all users are expired.", ExpireCompany),
    Fault(
        "expire-account-one-user",
        FAMILY,
        "Trials belong to accounts, and one user is expired.",
        (ExpireUser,),
        ACCOUNT_TRIAL,
    ),
    _expiry("whole-workspace", "Other companies' users in the workspace are expired too.", ExpireWorkspace),
    _expiry("all-clouds", "Users of the workspace with the same number in another cloud are expired.", ExpireNumber),
    _expiry("newest-user", "The company's newest user is expired, whoever was named.", ExpireNewest),
    _expiry("once", "The trial's end shows once and is forgotten.", ExpireOnce),
    _expiry("deletes", "Expiring deletes the company's connections.", ExpireDeletes),
    _expiry("locks-out", "An expired user is refused instead of asked to pay.", ExpireLocksOut),
    _expiry("unknown-breaks", "Expiring an unknown user breaks the partner.", ExpireUnknownBreaks),
    _expiry("breaks", "Expire-account breaks.", answers(error(500, "general_error"), of(EXPIRE))),
    _expiry("empty-204", "Expire-account answers 204.", answers(empty(204), of(EXPIRE))),
    _expiry("status-202", "Expire-account answers 202.", answers(status(202), of(EXPIRE))),
    _expiry(
        "unknown-forbidden", "Expiring an unknown user is 403.", errors(error(403, "unauthorized"), 404, of(EXPIRE))
    ),
    _signs_in(
        "called-active",
        "An expired user is asked to pay and called active.",
        swap("account_status", "expired", "active"),
    ),
    _signs_in(
        "to-sign-in", "An expired user is sent to sign in.", swap("redirect_value", "purchase_product", "sign_in")
    ),
    _signs_in(
        "to-trial",
        "An expired user is sent to a new trial.",
        swap("redirect_value", "purchase_product", "create_trial"),
    ),
)
