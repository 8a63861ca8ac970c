"""Faults in whom the test hooks touch: domains that only look like the test domains, and refusals of the wrong form."""

from __future__ import annotations

import re

from certification.reference.catalogue import Fault
from certification.reference.messages import Answer, Call, Refusal, account_not_found, bad_request
from certification.reference.partner import TEST_DOMAINS, Partner

FAMILY = "test-domains"


def expire_by_number(partner: Partner, call: Call) -> Answer:
    """Expire whoever has the request's user id in its workspace, at whatever address."""
    body = call.body
    user = partner.user_key(body["email"], body["databricks_user_id"], body["cloud_provider"])
    place = partner.place(body["cloud_provider"], body["databricks_organization_id"])
    visitor = partner.store.members.get((place, user))
    if visitor is None:
        raise account_not_found("no such user in this workspace")
    partner.expire(visitor)
    return Answer(200, {})


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
        return expire_by_number(self, call)


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


class WithoutHyphen(Partner):
    def is_test_domain(self, domain: str) -> bool:
        return super().is_test_domain(domain) or domain.replace("-", "") in {"databrickstest.com", "databricksdemo.com"}


class EmailContains(Partner):
    """Looks for the test domain anywhere in the address."""

    async def expire_account(self, call: Call) -> Answer:
        if not any(test in call.body["email"].lower() for test in TEST_DOMAINS):
            raise bad_request("no test user")
        return expire_by_number(self, call)


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


def _domain(name: str, title: str, part: type) -> Fault:
    return Fault(f"test-domain-{name}", FAMILY, title, (part,))


FAULTS = (
    _domain("any", "The hooks act on any domain.", AnyDomain),
    _domain("any-deleted", "Delete-account acts on any domain.", AnyDomainReset),
    _domain("any-expired", "Expire-account acts on any domain.", AnyDomainExpired),
    _domain("by-end", "A domain that ends like a test domain is taken for one.", EndsWith),
    _domain("by-start", "A domain that starts like a test domain is taken for one.", StartsWith),
    _domain("by-part", "A domain that contains a test domain is taken for one.", Contains),
    _domain("by-pattern", "The pattern's dot stands for any character.", LoosePattern),
    _domain("by-first-label", "The domain's ending does not matter.", AnyEnding),
    _domain("by-word-test", "Any domain with test in it is taken for a test domain.", AnyTest),
    _domain("hyphen", "The hyphen does not matter.", WithoutHyphen),
    _domain("in-address", "Expire-account looks for the test domain anywhere in the address.", EmailContains),
    _domain("acts-then-refuses", "Delete-account refuses a real domain after it has deleted it.", ActsThenRefuses),
    _domain("refused-silently", "Delete-account answers 200 for a real domain, and does nothing.", SilentRefusal),
    _domain("refused-with-403", "A real domain is refused with 403.", _refused(403, "unauthorized")),
    _domain("refused-with-404", "A real domain is refused as not found.", _refused(404, "account_not_found")),
    _domain("refused-with-500", "A real domain breaks the hook.", _refused(500, "general_error")),
    _domain("refused-wrong-reason", "A real domain is refused with another reason.", _refused(400, "unauthorized")),
)
