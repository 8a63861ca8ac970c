"""Faults in what a first connect means: separate connections, truthful statuses, and where the user is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import Change, answers, error, is_first, put, swap
from certification.reference.messages import Answer, Refusal, bad_request
from certification.reference.partner import Partner
from certification.reference.state import Connection, Visitor

if TYPE_CHECKING:
    from certification.reference.messages import Call
    from certification.reference.state import Place

FAMILY = "connect"

PLAN_LIMIT = 3


def _first(name: str, title: str, change: Change) -> Fault:
    return Fault(name, FAMILY, title, (answers(change, is_first),))


def _drop_id_only(_call: Call, answer: Answer) -> None:
    answer.content.pop("connection_id", None)


def _drop_resources(_call: Call, answer: Answer) -> None:
    answer.content.pop("connection_id", None)
    answer.content["configured_resources"] = False


def _connections_at(partner: Partner, place: Place) -> list[Connection]:
    return [connection for connection in partner.store.connections.values() if connection.place == place]


class OldIdAgain(Partner):
    """Finds the workspace's connection and returns it."""

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        existing = [] if demo else _connections_at(self, visitor.place)
        return existing[0] if existing else super().open_connection(call, visitor, demo=demo)


class UniqueWorkspace(Partner):
    """Has a unique index over the workspace, and nobody thought of a second connect."""

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        if not demo and _connections_at(self, visitor.place):
            raise RuntimeError("duplicate key value violates unique constraint")
        return super().open_connection(call, visitor, demo=demo)


class RefusedAgain(Partner):
    """Refuses to connect a workspace that has a connection."""

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        if _connections_at(self, visitor.place):
            raise bad_request("this workspace is connected already")
        return super().first_connect(call, visitor)


class SavedBeforeLookup(Partner):
    """Saves the user first and looks up afterwards whether there was one."""

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        self.store.remember(visitor)
        return super().first_connect(call, visitor)


class CompanySavedFirst(Partner):
    """Saves the company before it looks up whether the company is known."""

    def account_status(self, visitor: Visitor) -> str:
        status = super().account_status(visitor)
        return "active" if status == "new" else status


class CompanyPerUser(Partner):
    """Takes every user for a company."""

    def account_status(self, visitor: Visitor) -> str:
        status = super().account_status(visitor)
        return status if self.store.knows_user(visitor.user) or status == "expired" else "new"


class WorkspaceMeansUser(Partner):
    """Takes whoever comes from a known workspace for a known user."""

    def user_status(self, visitor: Visitor) -> str:
        known = any(member.place == visitor.place for member in self.store.members.values())
        return "existing" if known else super().user_status(visitor)


class NewUsersRefused(Partner):
    """Applies ``new_user_action`` to first connects, which it is not about."""

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        if self.user_status(visitor) == "new" and self.account_status(visitor) == "active":
            raise Refusal(404, "account_not_found", "the user has to be invited")
        return super().first_connect(call, visitor)


class PlanLimit(Partner):
    """Lets a trial company have three connections and no more."""

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        everything = self.store.connections.values()
        if sum(connection.company == visitor.company for connection in everything) >= PLAN_LIMIT:
            raise Refusal(403, "bad_request", "plan limit reached")
        return super().first_connect(call, visitor)


class Unkept(Partner):
    """Hands out an id and never commits the transaction."""

    def open_connection(self, call: Call, visitor: Visitor, *, demo: bool = False) -> Connection:
        connection = super().open_connection(call, visitor, demo=demo)
        del self.store.connections[connection.id]
        return connection


FAULTS = (
    Fault("reconnect-returns-old-id", FAMILY, "A second first connect returns the workspace's old id.", (OldIdAgain,)),
    Fault("reconnect-breaks-unique-index", FAMILY, "A second first connect breaks a unique index.", (UniqueWorkspace,)),
    Fault("reconnect-refused", FAMILY, "A workspace that is connected is refused with 400.", (RefusedAgain,)),
    Fault("new-user-called-existing", FAMILY, "The user is saved before the look-up.", (SavedBeforeLookup,)),
    Fault("new-company-called-active", FAMILY, "The company is saved before the look-up.", (CompanySavedFirst,)),
    Fault("company-per-user", FAMILY, "Each new user counts as a new company.", (CompanyPerUser,)),
    Fault(
        "workspace-means-user", FAMILY, "Whoever comes from a known workspace is a known user.", (WorkspaceMeansUser,)
    ),
    Fault(
        "first-connect-needs-invitation",
        FAMILY,
        "A new user of a known company can't make a first connect.",
        (NewUsersRefused,),
        {"new_user_action": "not_found"},
    ),
    Fault("plan-limit", FAMILY, "A company can have three connections and no more.", (PlanLimit,)),
    Fault("first-connect-not-committed", FAMILY, "The id is returned, the connection never saved.", (Unkept,)),
    _first("first-connect-without-id", "Resources are configured, no id is returned.", _drop_id_only),
    _first(
        "first-connect-empty-id",
        "The connection id is empty, as it is generated after the answer.",
        put(connection_id=""),
    ),
    _first("first-connect-keeps-nothing", "The resources are thrown away until the user signs up.", _drop_resources),
    _first(
        "first-connect-id-without-resources",
        "An id is returned for resources not kept.",
        put(configured_resources=False),
    ),
    _first(
        "first-connect-to-sign-in",
        "A brand-new user is sent to sign in.",
        swap("redirect_value", "create_trial", "sign_in"),
    ),
    _first(
        "first-connect-to-admin",
        "A brand-new user is sent to an administrator.",
        swap("redirect_value", "create_trial", "contact_admin"),
    ),
    _first(
        "first-connect-buys",
        "A brand-new user is asked to pay.",
        swap("redirect_value", "create_trial", "purchase_product"),
    ),
    _first(
        "new-company-called-expired",
        "A company without a trial is called expired.",
        swap("account_status", "new", "expired"),
    ),
    _first(
        "first-connect-forbidden", "Sign-up by invitation only: a first connect is 403.", error(403, "unauthorized")
    ),
)
