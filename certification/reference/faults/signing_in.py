"""Faults in sign-ins and in what happens to new users on an established connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    Change,
    answers,
    crashes,
    error,
    errors,
    is_sign_in,
    put,
    swap,
    user_of,
)
from certification.reference.messages import Answer, Refusal, account_not_found
from certification.reference.partner import Partner
from certification.reference.state import Connection, Visitor

if TYPE_CHECKING:
    from certification.reference.messages import Call
    from certification.reference.state import Place

SIGN_IN = "sign-in"
NEW_USERS = "new-users"

INVITE = {"new_user_action": "invite"}
NOT_FOUND = {"new_user_action": "not_found"}
ERROR = {"new_user_action": "error"}


def _return_id(call: Call, answer: Answer) -> None:
    answer.content["connection_id"] = call.body["connection_id"]


class UnknownBecomesNew(Partner):
    """Heals an unknown connection by configuring one."""

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        try:
            return super().sign_in(call, visitor)
        except Refusal as refusal:
            if refusal.reason != "connection_not_found":
                raise
            return self.first_connect(call, visitor)


class FlagIgnored(Partner):
    """Takes every connect for a first one."""

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        return self.first_connect(call, visitor)


class IdIgnored(Partner):
    """Signs in on whatever connection the workspace has."""

    def find(self, connection_id: str, place: Place | None) -> Connection:
        for connection in self.store.connections.values():
            if connection.place == place:
                return connection
        return super().find(connection_id, place)


class AnyId(Partner):
    """Signs a known user in whether or not the connection exists."""

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        if self.store.knows_user(visitor.user):
            return self.connected(call, visitor, "sign_in", "existing", self.account_status(visitor))
        return super().sign_in(call, visitor)


class OwnerOnly(Partner):
    """Looks a connection up by its owner, so that it does not exist for colleagues."""

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        connection = self.find(call.body["connection_id"], visitor.place)
        if connection.owner.user != visitor.user:
            raise Refusal(404, "connection_not_found", "no connection of this user")
        return super().sign_in(call, visitor)


class OneTime(Partner):
    """Takes the connection id for a one-time code."""

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        answer = super().sign_in(call, visitor)
        self.store.connections.pop(call.body["connection_id"], None)
        return answer


class LastUserOnly(Partner):
    """Stores one user with the connection: the last who signed in."""

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        connection = self.find(call.body["connection_id"], visitor.place)
        answer = super().sign_in(call, visitor)
        if connection.owner.user != visitor.user:
            self.store.forget(connection.owner)
        return answer


class AddedAndConfigured(Partner):
    """Configures a connection of their own for each new user."""

    def meet_new_user(self, call: Call, visitor: Visitor, connection: Connection) -> Answer:
        return self.first_connect(call, visitor)


class AlwaysAdded(Partner):
    """Adds every new user, whatever the config declares."""

    def meet_new_user(self, call: Call, visitor: Visitor, connection: Connection) -> Answer:
        self.join(visitor, connection)
        return self.connected(call, visitor, "sign_in", "new", self.account_of(visitor, connection))


class NeverAdded(Partner):
    """Has no account for new users, whatever the config declares."""

    def meet_new_user(self, call: Call, visitor: Visitor, connection: Connection) -> Answer:
        raise account_not_found("not a member")


class SavedBeforeGreeting(Partner):
    """Adds the new user before it looks up whether the user is new."""

    def sign_in(self, call: Call, visitor: Visitor) -> Answer:
        self.join(visitor, self.find(call.body["connection_id"], visitor.place))
        return super().sign_in(call, visitor)


def _signs_in(name: str, title: str, *changes: Change) -> Fault:
    return Fault(f"sign-in-{name}", SIGN_IN, title, tuple(answers(change, is_sign_in) for change in changes))


def _unknown(name: str, title: str, change: Change) -> Fault:
    return Fault(f"sign-in-unknown-{name}", SIGN_IN, title, (errors(change, 404, is_sign_in),))


def _new_user(name: str, title: str, change: Change) -> Fault:
    def only_new(call: Call, answer: Answer) -> None:
        if answer.content["user_status"] == "new":
            change(call, answer)

    return Fault(name, NEW_USERS, title, (answers(only_new, is_sign_in),))


def _account_only(change: Change) -> Change:
    def only(call: Call, answer: Answer) -> None:
        if answer.content["error_reason"] == "account_not_found":
            change(call, answer)

    return only


SIGN_IN_FAULTS = (
    _signs_in("returns-id", "A sign-in repeats the connection id.", _return_id),
    _signs_in("configured", "A sign-in claims to have configured resources.", put(configured_resources=True)),
    _signs_in(
        "to-admin",
        "A known user who signs in is sent to an administrator.",
        swap("redirect_value", "sign_in", "contact_admin"),
    ),
    _signs_in(
        "not-applicable-page", "A sign-in never says which page it leads to.", put(redirect_value="not_applicable")
    ),
    _signs_in("called-expired", "Whoever signs in is called expired.", put(account_status="expired")),
    _unknown(
        "account-not-found",
        "An unknown connection is answered with account_not_found.",
        put(error_reason="account_not_found"),
    ),
    _unknown("bad-request", "An unknown connection is answered with 400.", error(400, "bad_request")),
    _unknown("forbidden", "An unknown connection is answered with 403.", error(403, "unauthorized")),
    _unknown("crashes", "An unknown connection breaks the partner.", error(500, "general_error")),
    Fault("sign-in-unknown-configures", SIGN_IN, "An unknown connection is configured anew.", (UnknownBecomesNew,)),
    Fault("sign-in-unknown-accepted", SIGN_IN, "A known user signs in with any id.", (AnyId,)),
    Fault("sign-in-configures-again", SIGN_IN, "The flag is_connection_established is ignored.", (FlagIgnored,)),
    Fault("sign-in-ignores-id", SIGN_IN, "A sign-in takes whatever connection the workspace has.", (IdIgnored,)),
    Fault("sign-in-owner-only", SIGN_IN, "A connection does not exist for its owner's colleagues.", (OwnerOnly,)),
    Fault("sign-in-once", SIGN_IN, "A connection id works for one sign-in.", (OneTime,)),
    Fault(
        "sign-in-last-user-only",
        SIGN_IN,
        "The connection knows only the last user who signed in.",
        (LastUserOnly,),
    ),
    Fault(
        "sign-in-needs-auth",
        SIGN_IN,
        "A sign-in breaks because it brings no token.",
        (crashes(lambda call: is_sign_in(call) and "auth" not in user_of(call)),),
    ),
)

NEW_USER_FAULTS = (
    Fault("auto-add-not-found", NEW_USERS, "New users are to be added, and are not found.", (NeverAdded,)),
    Fault("auto-add-called-existing", NEW_USERS, "An added user is called existing.", (SavedBeforeGreeting,)),
    Fault("auto-add-configures", NEW_USERS, "An added user gets a connection of their own.", (AddedAndConfigured,)),
    _new_user("auto-add-not-applicable", "An added user has no status.", put(user_status="not_applicable")),
    _new_user("auto-add-to-admin", "An added user is sent to an administrator.", put(redirect_value="contact_admin")),
    _new_user("auto-add-buys", "An added user is asked to pay.", put(redirect_value="purchase_product")),
    _new_user("auto-add-new-account", "An added user's company is called new.", put(account_status="new")),
    Fault("invite-adds", NEW_USERS, "New users are to be invited, and are let in.", (AlwaysAdded,), INVITE),
    Fault("invite-not-found", NEW_USERS, "New users are to be invited, and are not found.", (NeverAdded,), INVITE),
    Fault(
        "invite-called-new",
        NEW_USERS,
        "A user to be invited is called new.",
        (answers(swap("user_status", "not_applicable", "new"), is_sign_in),),
        INVITE,
    ),
    Fault(
        "invite-to-sign-in",
        NEW_USERS,
        "A user to be invited is sent to sign in.",
        (answers(swap("redirect_value", "contact_admin", "sign_in"), is_sign_in),),
        INVITE,
    ),
    Fault("not-found-adds", NEW_USERS, "New users are to be refused, and are let in.", (AlwaysAdded,), NOT_FOUND),
    Fault(
        "not-found-wrong-reason",
        NEW_USERS,
        "A new user is refused with connection_not_found.",
        (errors(put(error_reason="connection_not_found"), 404, is_sign_in),),
        NOT_FOUND,
    ),
    Fault(
        "not-found-forbidden",
        NEW_USERS,
        "A new user is refused with 403.",
        (errors(_account_only(error(403, "unauthorized")), 404, is_sign_in),),
        NOT_FOUND,
    ),
    Fault("error-adds", NEW_USERS, "New users are to be an error, and are let in.", (AlwaysAdded,), ERROR),
    Fault("error-not-found", NEW_USERS, "New users are to be an error, and are not found.", (NeverAdded,), ERROR),
    Fault(
        "error-status-400",
        NEW_USERS,
        "A new user is an error of the wrong kind: 400.",
        (errors(error(400, "bad_request"), 500, is_sign_in),),
        ERROR,
    ),
    Fault(
        "error-wrong-reason",
        NEW_USERS,
        "The 500 for a new user says account_not_found.",
        (errors(put(error_reason="account_not_found"), 500, is_sign_in),),
        ERROR,
    ),
)

FAULTS = SIGN_IN_FAULTS + NEW_USER_FAULTS
