"""Faults in how far delete-account reaches, and what it leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    RESET,
    answers,
    error,
    of,
)
from certification.reference.messages import Answer, Call, Refusal
from certification.reference.partner import Partner

if TYPE_CHECKING:
    from certification.reference.settings import Settings
    from certification.reference.state import Connection, Place, Visitor

FAMILY = "delete-account"


class ResetNothing(Partner):
    def remove_account(self, company: str, place: Place) -> None:
        pass


class ResetWholeWorkspace(Partner):
    def remove_account(self, company: str, place: Place) -> None:
        companies = {connection.company for connection in self.store.connections.values() if connection.place == place}
        for other in {company, *companies}:
            super().remove_account(other, place)


class ResetAllTestCompanies(Partner):
    def remove_account(self, company: str, place: Place) -> None:
        companies = {connection.company for connection in self.store.connections.values()}
        for other in {company, *(name for name in companies if self.is_test_domain(name))}:
            super().remove_account(other, place)


class ResetKeepsConnections(Partner):
    def connections_of(self, company: str, place: Place) -> list[Connection]:
        return []


class ResetOneConnection(Partner):
    def connections_of(self, company: str, place: Place) -> list[Connection]:
        return super().connections_of(company, place)[:1]


class ResetKeepsUsers(Partner):
    def remove_account(self, company: str, place: Place) -> None:
        self.store.drop(self.connections_of(company, place))


class ResetKeepsCompany(Partner):
    """Has a record of the company that outlives its users."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.companies: set[str] = set()

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        answer = super().first_connect(call, visitor)
        self.companies.add(visitor.company)
        return answer

    def account_status(self, visitor: Visitor) -> str:
        status = super().account_status(visitor)
        return "active" if status == "new" and visitor.company in self.companies else status


class ResetKeepsCompanyOfEarlierRuns(ResetKeepsCompany):
    """The same, in a database in which earlier runs left the test domains."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.companies |= {"databricks-test.com", "databricks-demo.com"}


class ResetCloses(Partner):
    """Blocks the domain after its account was deleted."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.closed: set[tuple[Place, str]] = set()

    def remove_account(self, company: str, place: Place) -> None:
        super().remove_account(company, place)
        self.closed.add((place, company))

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        if (visitor.place, visitor.company) in self.closed:
            raise Refusal(403, "unauthorized", "the account was closed")
        return super().first_connect(call, visitor)


class ResetKeepsExpiry(Partner):
    def remove_account(self, company: str, place: Place) -> None:
        expired = {seat for seat in self.store.expired_seats if seat[0] == place}
        super().remove_account(company, place)
        self.store.expired_seats |= expired


def _reset(name: str, title: str, part: type) -> Fault:
    return Fault(f"delete-account-{name}", FAMILY, title, (part,))


FAULTS = (
    _reset("does-nothing", "Delete-account answers 200 and deletes nothing.", ResetNothing),
    _reset("whole-workspace", "Delete-account deletes other companies' connections too.", ResetWholeWorkspace),
    _reset("all-test-companies", "Delete-account reaches every test company of the workspace.", ResetAllTestCompanies),
    _reset("keeps-connections", "Delete-account forgets users and keeps connections.", ResetKeepsConnections),
    _reset("one-connection", "Delete-account deletes the first connection only.", ResetOneConnection),
    _reset("keeps-users", "Delete-account deletes connections and keeps users.", ResetKeepsUsers),
    _reset("keeps-company", "Delete-account deletes users and keeps the company.", ResetKeepsCompany),
    _reset(
        "keeps-company-of-earlier-runs",
        "Delete-account keeps the company, and an earlier run has left it there.",
        ResetKeepsCompanyOfEarlierRuns,
    ),
    _reset("closes-domain", "A deleted account can't connect again.", ResetCloses),
    _reset("keeps-expiry", "A deleted account comes back expired.", ResetKeepsExpiry),
    _reset("breaks", "Delete-account breaks on a foreign key.", answers(error(500, "general_error"), of(RESET))),
    _reset(
        "unauthorized", "Delete-account is open to administrators only.", answers(error(403, "unauthorized"), of(RESET))
    ),
)
