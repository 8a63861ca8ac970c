"""Faults in the order of things: looked up, validated or even done before anybody asked who is calling."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from certification.reference.catalogue import Fault
from certification.reference.faults.tools import (
    CONNECT,
    CONNECTORS,
    DELETE,
    EXPIRE,
    RESET,
    TEST,
    peeked,
    user_of,
)
from certification.reference.front import Front
from certification.reference.messages import Call, Refusal, account_not_found, bad_request, connection_not_found
from certification.reference.validation import first_error

if TYPE_CHECKING:
    from certification.reference.messages import Answer
    from certification.reference.operations import Operation

FAMILY = "order"


class AfterLookup(Front):
    """Looks the connection up before it checks who asks."""

    def authorize(self, call: Call) -> None:
        try:
            body = json.loads(call.raw or b"{}")
        except ValueError:
            body = {}
        wanted = body.get("connection_id") if isinstance(body, dict) else None
        if wanted is not None and wanted not in self.partner.store.connections:
            raise connection_not_found()
        super().authorize(call)


class First(Front):
    """Does something with one operation before it checks who asks; ``operation`` is None for all."""

    operation: Operation | None = None

    def authorize(self, call: Call) -> None:
        if self.operation is None or call.operation is self.operation:
            self.meet(peeked(call))
        super().authorize(call)

    def meet(self, call: Call) -> None:
        """Do what is done too early; the body is read as far as it can be."""
        raise NotImplementedError


class ConnectionFirst(First):
    """Binds the connection to the route, and only then runs the middleware that authenticates."""

    def meet(self, call: Call) -> None:
        wanted = call.body.get("connection_id")
        if wanted is not None and wanted not in self.partner.store.connections:
            raise connection_not_found()


class SignInLookup(ConnectionFirst):
    operation = CONNECT


class DeleteLookup(ConnectionFirst):
    operation = DELETE


class TestLookup(ConnectionFirst):
    operation = TEST


class UserFirst(First):
    """Loads the user of a sign-in before it authenticates the service."""

    operation = CONNECT

    def meet(self, call: Call) -> None:
        user = user_of(call)
        if not user.get("is_connection_established"):
            return
        partner = self.partner
        key = partner.user_key(user["email"], user["databricks_user_id"], call.body["cloud_provider"])
        if not partner.store.knows_user(key):
            raise account_not_found("no such user")


class AccountLookup(First):
    operation = RESET

    def meet(self, call: Call) -> None:
        company = self.partner.company_at(str(call.body.get("domain")).lower())
        if not self.partner.store.knows_company(company):
            raise account_not_found("no such account")


class ExpiryLookup(First):
    operation = EXPIRE

    def meet(self, call: Call) -> None:
        body = call.body
        key = self.partner.user_key(
            str(body.get("email")), body.get("databricks_user_id", 0), body.get("cloud_provider", "")
        )
        if not self.partner.store.knows_user(key):
            raise account_not_found("no such user")


class TokenLookup(First):
    operation = CONNECTORS

    def meet(self, call: Call) -> None:
        self.partner.pager.page(call.query.get("pagination_token", ""))


class DomainFirst(First):
    """Looks whether a hook names a test domain before it looks who calls the hook."""

    def meet(self, call: Call) -> None:
        domain = str(call.body.get("domain") or call.body.get("email") or "").rpartition("@")[2].lower()
        if call.operation in {RESET, EXPIRE} and not self.partner.is_test_domain(domain):
            raise bad_request("no test domain")


class SchemaFirst(First):
    """Validates what a stranger sent before it tells that it is a stranger."""

    def meet(self, call: Call) -> None:
        schema = call.operation.request_schema
        error = first_error(schema, call.body) if schema else ""
        if error:
            raise bad_request(error)


def _acts(operation: Operation) -> type[Front]:
    """Return a front desk whose check of the credentials stands behind the work."""

    class Acts(Front):
        async def serve(self, call: Call) -> Answer:
            try:
                self.authorize(call)
            except Refusal:
                if call.operation is operation:
                    with contextlib.suppress(Refusal):
                        call.body = self.parse(call)
                        self.validate(call)
                        await self.perform(call)
                raise
            return await super().serve(call)

    return Acts


def _part(name: str, title: str, part: type[Front]) -> Fault:
    return Fault(name, FAMILY, title, (part,))


FAULTS = (
    _part("refusal-after-look-up", "Whoever asks learns which connections exist.", AfterLookup),
    _part("look-up-first-sign-in", "A sign-in looks the connection up before it authenticates.", SignInLookup),
    _part("look-up-first-user", "A sign-in looks the user up before it authenticates.", UserFirst),
    _part("look-up-first-delete-connection", "Delete-connection looks up before it authenticates.", DeleteLookup),
    _part("look-up-first-test-connection", "Test-connection looks up before it authenticates.", TestLookup),
    _part("look-up-first-delete-account", "Delete-account looks up before it authenticates.", AccountLookup),
    _part("look-up-first-expire-account", "Expire-account looks up before it authenticates.", ExpiryLookup),
    _part("look-up-first-connectors", "The list looks its token up before it authenticates.", TokenLookup),
    _part("test-domain-first", "Hooks look at the domain before they authenticate.", DomainFirst),
    _part("schema-first", "Requests are validated before they are authenticated.", SchemaFirst),
    _part("acts-first-connect", "A connect is refused after it was done.", _acts(CONNECT)),
    _part("acts-first-delete-connection", "Delete-connection deletes, and then refuses the caller.", _acts(DELETE)),
    _part("acts-first-delete-account", "Delete-account deletes, and then refuses the caller.", _acts(RESET)),
    _part("acts-first-expire-account", "Expire-account expires, and then refuses the caller.", _acts(EXPIRE)),
)
