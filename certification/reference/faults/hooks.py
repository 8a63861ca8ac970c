"""Faults in the test hooks: whom they touch, how far they reach, and what an expired trial means."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    EXPIRE,
    RESET,
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
from certification.reference.messages import Answer, Call, Refusal, account_not_found, bad_request
from certification.reference.partner import TEST_DOMAINS, Partner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from certification.reference.messages import Json
    from certification.reference.settings import Settings
    from certification.reference.state import Connection, Place, Visitor

DOMAINS = "test-domains"
REACH = "delete-account"
EXPIRY = "expire-account"

ACCOUNT_TRIAL = {"trial_type": "account"}


def _expire_by_number(partner: Partner, call: Call) -> Answer:
    """Expire whoever has the request's user id in its workspace, at whatever address."""
    body = call.body
    user = partner.user_key(body["email"], body["databricks_user_id"], body["cloud_provider"])
    place = partner.place(body["cloud_provider"], body["databricks_organization_id"])
    visitor = partner.store.members.get((place, user))
    if visitor is None:
        raise account_not_found("no such user in this workspace")
    partner.expire(visitor)
    return Answer(200, {})


# Which domains


class AnyDomain(Partner):
    def is_test_domain(self, domain: str) -> bool:
        return True


class AnyDomainReset(Partner):
    async def delete_account(self, call: Call) -> Answer:
        body = call.body
        self.remove_account(
            body["domain"].lower(), self.place(body["cloud_provider"], body["databricks_organization_id"])
        )
        return Answer(200, {})


class AnyDomainExpired(Partner):
    async def expire_account(self, call: Call) -> Answer:
        return _expire_by_number(self, call)


class EndsWith(Partner):
    def is_test_domain(self, domain: str) -> bool:
        return domain.endswith(TEST_DOMAINS)


class StartsWith(Partner):
    def is_test_domain(self, domain: str) -> bool:
        return super().is_test_domain(domain) or domain.startswith(TEST_DOMAINS)


class Contains(Partner):
    def is_test_domain(self, domain: str) -> bool:
        return any(test in domain for test in TEST_DOMAINS)


class LoosePattern(Partner):
    def is_test_domain(self, domain: str) -> bool:
        return super().is_test_domain(domain) or re.fullmatch("databricks-(test|demo).com", domain) is not None


class AnyEnding(Partner):
    def is_test_domain(self, domain: str) -> bool:
        names = {test.partition(".")[0] for test in TEST_DOMAINS}
        return super().is_test_domain(domain) or domain.partition(".")[0] in names


class AnyTest(Partner):
    def is_test_domain(self, domain: str) -> bool:
        return super().is_test_domain(domain) or "test" in domain


class Trimmed(Partner):
    def is_test_domain(self, domain: str) -> bool:
        return super().is_test_domain(domain.strip())


class TrailingDots(Partner):
    def is_test_domain(self, domain: str) -> bool:
        return super().is_test_domain(domain.strip("."))


class Normalised(Partner):
    def is_test_domain(self, domain: str) -> bool:
        return super().is_test_domain(unicodedata.normalize("NFKC", domain))


class WithoutHyphen(Partner):
    def is_test_domain(self, domain: str) -> bool:
        return super().is_test_domain(domain) or domain.replace("-", "") in {"databrickstest.com", "databricksdemo.com"}


class EmailContains(Partner):
    """Looks for the test domain anywhere in the address."""

    async def expire_account(self, call: Call) -> Answer:
        if not any(test in call.body["email"].lower() for test in TEST_DOMAINS):
            raise bad_request("no test user")
        return _expire_by_number(self, call)


class ActsThenRefuses(Partner):
    async def delete_account(self, call: Call) -> Answer:
        body = call.body
        company = body["domain"].lower()
        self.remove_account(company, self.place(body["cloud_provider"], body["databricks_organization_id"]))
        self.check_test_domain(company)
        return Answer(200, {})


class SilentRefusal(Partner):
    async def delete_account(self, call: Call) -> Answer:
        if not self.is_test_domain(call.body["domain"].lower()):
            return Answer(200, {})
        return await super().delete_account(call)


def _refused(code: int, reason: str) -> type[Partner]:
    class RefusedWith(Partner):
        def check_test_domain(self, domain: str) -> None:
            if not self.is_test_domain(domain):
                raise Refusal(code, reason, "no test domain")

    return RefusedWith


# How far delete-account reaches


class ResetNothing(Partner):
    def remove_account(self, company: str, place: Place) -> None:
        pass


class ResetAllWorkspaces(Partner):
    def remove_account(self, company: str, place: Place) -> None:
        places = {connection.place for connection in self.store.connections.values() if connection.company == company}
        for other in {place, *places}:
            super().remove_account(company, other)


class ResetAllClouds(Partner):
    def remove_account(self, company: str, place: Place) -> None:
        for cloud in ("aws", "azure", "gcp"):
            super().remove_account(company, (cloud, place[1]))


class ResetWholeWorkspace(Partner):
    def remove_account(self, company: str, place: Place) -> None:
        companies = {connection.company for connection in self.store.connections.values() if connection.place == place}
        for other in {company, *companies}:
            super().remove_account(other, place)


class ResetSubdomains(Partner):
    def remove_account(self, company: str, place: Place) -> None:
        companies = {connection.company for connection in self.store.connections.values()}
        for other in {company, *(name for name in companies if name.endswith(f".{company}"))}:
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


class ResetCaseSensitive(Partner):
    """Compares the domain with addresses letter by letter, and users write theirs in capitals."""

    def connections_of(self, company: str, place: Place) -> list[Connection]:
        return [one for one in super().connections_of(company, place) if one.owner.email.endswith(company)]


# What expire-account does


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


class ExpireForgotten(Partner):
    """Makes an expired user new again with the next connect."""

    def first_connect(self, call: Call, visitor: Visitor) -> Answer:
        self.store.expired_seats.discard(visitor.seat)
        return super().first_connect(call, visitor)


class ExpireUnknownBreaks(Partner):
    async def expire_account(self, call: Call) -> Answer:
        try:
            return await super().expire_account(call)
        except Refusal as refusal:
            if refusal.reason == "account_not_found":
                raise RuntimeError from refusal
            raise


class ExpireIgnoresEmail(Partner):
    """Expires by the user's number alone, so that a test address expires a real customer."""

    async def expire_account(self, call: Call) -> Answer:
        self.check_test_domain(self.company_of(call.body["email"]))
        return _expire_by_number(self, call)


def _other_kind(call: Call, answer: Answer) -> None:
    body: Json = answer.content
    if body["account_status"] == "expired":
        body["redirect_value"] = "create_trial"


def _domain(name: str, title: str, part: type) -> Fault:
    return Fault(f"test-domain-{name}", DOMAINS, title, (part,))


def _reset(name: str, title: str, part: type) -> Fault:
    return Fault(f"delete-account-{name}", REACH, title, (part,))


def _expiry(name: str, title: str, part: type) -> Fault:
    return Fault(f"expire-account-{name}", EXPIRY, title, (part,))


def _signs_in(name: str, title: str, change: Change) -> Fault:
    return _expiry(name, title, answers(change, is_sign_in))


DOMAIN_FAULTS = (
    _domain("any", "The hooks act on any domain.", AnyDomain),
    _domain("any-deleted", "Delete-account acts on any domain.", AnyDomainReset),
    _domain("any-expired", "Expire-account acts on any domain.", AnyDomainExpired),
    _domain("by-end", "A domain that ends like a test domain is taken for one.", EndsWith),
    _domain("by-start", "A domain that starts like a test domain is taken for one.", StartsWith),
    _domain("by-part", "A domain that contains a test domain is taken for one.", Contains),
    _domain("by-pattern", "The pattern's dot stands for any character.", LoosePattern),
    _domain("by-first-label", "The domain's ending does not matter.", AnyEnding),
    _domain("by-word-test", "Any domain with test in it is taken for a test domain.", AnyTest),
    _domain("trimmed", "White space around the domain does not matter.", Trimmed),
    _domain("dots", "Dots around the domain do not matter.", TrailingDots),
    _domain("normalised", "Look-alike letters are made the same before the check.", Normalised),
    _domain("hyphen", "The hyphen does not matter.", WithoutHyphen),
    _domain("in-address", "Expire-account looks for the test domain anywhere in the address.", EmailContains),
    _domain("acts-then-refuses", "Delete-account refuses a real domain after it has deleted it.", ActsThenRefuses),
    _domain("refused-silently", "Delete-account answers 200 for a real domain, and does nothing.", SilentRefusal),
    _domain("refused-with-403", "A real domain is refused with 403.", _refused(403, "unauthorized")),
    _domain("refused-with-404", "A real domain is refused as not found.", _refused(404, "account_not_found")),
    _domain("refused-with-500", "A real domain breaks the hook.", _refused(500, "general_error")),
    _domain("refused-wrong-reason", "A real domain is refused with another reason.", _refused(400, "unauthorized")),
)

RESET_FAULTS = (
    _reset("does-nothing", "Delete-account answers 200 and deletes nothing.", ResetNothing),
    _reset("all-workspaces", "Delete-account reaches the company's other workspaces.", ResetAllWorkspaces),
    _reset("all-clouds", "Delete-account reaches the same number in another cloud.", ResetAllClouds),
    _reset("whole-workspace", "Delete-account deletes other companies' connections too.", ResetWholeWorkspace),
    _reset("subdomains", "Delete-account reaches companies at subdomains.", ResetSubdomains),
    _reset("all-test-companies", "Delete-account reaches every test company of the workspace.", ResetAllTestCompanies),
    _reset("keeps-connections", "Delete-account forgets users and keeps connections.", ResetKeepsConnections),
    _reset("one-connection", "Delete-account deletes the first connection only.", ResetOneConnection),
    _reset("keeps-users", "Delete-account deletes connections and keeps users.", ResetKeepsUsers),
    _reset("closes-domain", "A deleted account can't connect again.", ResetCloses),
    _reset("keeps-expiry", "A deleted account comes back expired.", ResetKeepsExpiry),
    _reset("case-sensitive", "Delete-account misses users whose address has capitals.", ResetCaseSensitive),
    _reset("breaks", "Delete-account breaks on a foreign key.", answers(error(500, "general_error"), of(RESET))),
    _reset(
        "unauthorized", "Delete-account is open to administrators only.", answers(error(403, "unauthorized"), of(RESET))
    ),
)

EXPIRY_FAULTS = (
    _expiry("does-nothing", "Expire-account answers 200 and expires nobody.", ExpireNothing),
    _expiry("whole-account", "Trials belong to users, and all users are expired.", ExpireCompany),
    Fault(
        "expire-account-one-user",
        EXPIRY,
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
    _expiry("forgotten-by-connect", "A new connect restarts an expired trial.", ExpireForgotten),
    _expiry("unknown-breaks", "Expiring an unknown user breaks the partner.", ExpireUnknownBreaks),
    _expiry("ignores-address", "A test address with a real user's number expires that user.", ExpireIgnoresEmail),
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
    _signs_in("to-trial", "An expired user is sent to a new trial.", _other_kind),
)

FAULTS = DOMAIN_FAULTS + RESET_FAULTS + EXPIRY_FAULTS
