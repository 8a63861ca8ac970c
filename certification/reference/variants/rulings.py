"""What the rulings leave open: the same clause read in another, equally conformant way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from certification.reference.catalogue import Variant
from certification.reference.faults.tools import CONNECT, DELETE, TEST, answers, convert, crashes, of, refuses
from certification.reference.messages import Answer, Call, Refusal
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from certification.reference.settings import Settings
    from certification.reference.state import Connection, Place, Visitor

M2M: dict[str, Any] = {"auth_options": ["AUTH_OAUTH_M2M"]}
U2M: dict[str, Any] = {"auth_options": ["AUTH_PAT", "AUTH_OAUTH_U2M"]}


# Ruling 17: how far delete-account reaches


class ResetElsewhere(Partner):
    """Deletes a company's account in more workspaces than the named one."""

    def reaches(self, named: Place, other: Place) -> bool:
        """Tell whether deleting in ``named`` deletes in ``other`` too."""
        raise NotImplementedError

    def remove_account(self, company: str, place: Place) -> None:
        places = {one.place for one in self.store.connections.values()} | {seat[0] for seat in self.store.members}
        for other in {place, *(each for each in places if self.reaches(place, each))}:
            super().remove_account(company, other)


class ResetEverywhere(ResetElsewhere):
    def reaches(self, named: Place, other: Place) -> bool:
        return True


class ResetCloud(ResetElsewhere):
    def reaches(self, named: Place, other: Place) -> bool:
        return named[0] == other[0]


class ResetNumber(ResetElsewhere):
    def reaches(self, named: Place, other: Place) -> bool:
        return named[1] == other[1]


# Ruling 16: what an older partner may insist on


def _lacks(*fields: str) -> Any:
    return lambda call: call.operation in {DELETE, TEST} and any(field not in call.body for field in fields)


def _warehouse_lacks(*fields: str) -> Any:
    return lambda call: (
        call.operation is CONNECT and "http_path" in call.body and any(field not in call.body for field in fields)
    )


INSISTS = (
    refuses(_lacks("cloud_provider", "databricks_organization_id")),
    crashes(_warehouse_lacks("databricks_jdbc_url", "is_sql_warehouse")),
)


# Ruling 18: tests of a connection that is gone

GONE = [
    {"test_name": "Reach the service", "status": "PASS"},
    {"test_name": "Find the connection", "status": "FAIL", "message": "The connection was deleted."},
]


class DeletedFails(Partner):
    """Tells a deleted connection from one that never was."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.deleted: set[str] = set()

    def deleted_with(self, connection: Connection) -> Iterable[Connection]:
        self.deleted.add(connection.id)
        return super().deleted_with(connection)

    async def test_connection(self, call: Call) -> Answer:
        if call.body["connection_id"] in self.deleted:
            return Answer(200, {"test_results": GONE})
        return await super().test_connection(call)


class MissingFails(Partner):
    """Can't tell a deleted connection from one that never was: both fail the first test."""

    async def test_connection(self, call: Call) -> Answer:
        try:
            return await super().test_connection(call)
        except Refusal:
            return Answer(200, {"test_results": GONE[1:]})


# Ruling 24: first connect after expiry


class ExpiredKeepsNothing(Partner):
    """Keeps no resources of a customer who has yet to pay."""

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        if not self.is_expired(visitor):
            return super().first_connect(call, visitor)
        return self.connected(call, visitor, "purchase_product", self.user_status(visitor), "expired")


class ExpiredCalledNew(Partner):
    """Offers a new trial to somebody new when an expired user connects anew."""

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        if not self.is_expired(visitor):
            return super().first_connect(call, visitor)
        connection = self.open_connection(call, visitor)
        return self.connected(call, visitor, "create_trial", "new", "expired", connection)


class ExpiredEverywhere(Partner):
    """Knows one trial of a user, which ends in all workspaces at once."""

    def expire(self, visitor: Visitor) -> None:
        super().expire(visitor)
        self.store.expired_seats.update(seat for seat in self.store.members if seat[1] == visitor.user)


# Ruling 27: who is a company


class EndingIgnored(Partner):
    """Takes the domain without its ending, so that acme.com and acme.org are one company."""

    def company_at(self, domain: str) -> str:
        return domain.rpartition(".")[0] or domain


def _variant(name: str, title: str, *parts: Any, advisories: str = "", **config: Any) -> Variant:
    return Variant(name, title, parts, config, advisories)


VARIANTS = (
    _variant("delete-account-everywhere", "Delete-account clears the domain everywhere.", ResetEverywhere),
    _variant("delete-account-one-cloud", "Delete-account clears the domain in its cloud.", ResetCloud),
    _variant("delete-account-one-number", "Delete-account clears the workspace's number in all clouds.", ResetNumber),
    _variant(
        "version-2.0.1-insists",
        "A partner of version 2.0.1 insists on fields that came later.",
        *INSISTS,
        api_version="2.0.1",
    ),
    _variant(
        "version-2.0.5-insists",
        "A partner of version 2.0.5 insists on fields that came later.",
        *INSISTS,
        api_version="2.0.5",
    ),
    _variant("version-2.1.1-m2m", "A partner of version 2.1.1 takes OAuth secrets.", api_version="2.1.1", **M2M),
    _variant("version-2.0.1-m2m", "A partner of version 2.0.1 takes OAuth secrets.", api_version="2.0.1", **M2M),
    _variant("version-2.0.4-u2m", "A partner of version 2.0.4 takes OAuth users.", api_version="2.0.4", **U2M),
    _variant(
        "tests-pass-and-unknown",
        "One test passes, and one can't be run.",
        answers(convert("test_results", lambda rows: [rows[0], {**rows[1], "status": "UNKNOWN"}]), of(TEST)),
    ),
    _variant("deleted-fails-tests", "The tests of a deleted connection fail.", DeletedFails),
    _variant("missing-fails-tests", "The tests of a connection that is not there fail.", MissingFails),
    _variant("expired-keeps-nothing", "A first connect after expiry keeps nothing.", ExpiredKeepsNothing),
    _variant("expired-called-new", "A first connect after expiry starts a new trial.", ExpiredCalledNew),
    _variant("expired-everywhere", "A user's trial ends in all workspaces.", ExpiredEverywhere),
    _variant(
        "company-without-ending",
        "Companies whose domains differ in the ending are one.",
        EndingIgnored,
        advisories="ruling 27",
    ),
)
