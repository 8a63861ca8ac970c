"""Act: what Databricks does, as calls.  Nothing here decides whether an answer is right.

The same actions take place in front of the partner and in front of the record of an earlier run: given the run's id, the
execution and its shape, the requests follow from the answers alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import quote

from certification.client.authentication import SCHEMES
from certification.contract.operations import OPERATIONS
from certification.databricks import requests
from certification.databricks.context import Context
from certification.databricks.people import Person
from certification.evidence.exchange import Exchange, Request
from certification.evidence.steps import Act, When
from certification.foundation.errors import DoesNotApply

PLAIN_CONTENT_TYPE = "application/json; charset=utf-8"
NOTHING: Mapping[str, Any] = MappingProxyType({})

BROWSER = (
    ("User-Agent", "Mozilla/5.0 (compatible; partner-connect-certification)"),
    ("Accept-Language", "en-US"),
)
"""Headers of the GET of a page, where a browser takes over from Databricks."""


ACTS = {name: Act.FIRST_CONNECT if name == "connect" else Act(name.replace("_", "-")) for name in OPERATIONS}
"""Operation -> what Databricks does with it, in its plainest form."""

PLAIN = (("User-Agent", "databricks"),)
"""Headers of a plain GET, which a page must answer too."""


class Partner(Protocol):
    """Answers calls: the partner itself, or the record of what it answered."""

    def send(self, plan: Exchange) -> Exchange:
        """Return ``plan`` with its answer."""

    def send_together(self, plans: list[Exchange]) -> list[Exchange]:
        """Return the answers to ``plans``, all sent at the same moment."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a call departs from the plain one."""

    authorization: str = "good"
    """Name of a way to authenticate (see ``client/authentication.py``)."""
    content_type: str = PLAIN_CONTENT_TYPE
    language: str = "en-US"
    method: str | None = None
    """Another method than the operation's."""
    charset: str = "utf-8"
    fresh_connection: bool = False
    """Whether the call goes over a TCP connection of its own."""
    late_body: bool = False
    """Whether the body leaves 50 ms after the headers (ruling 25)."""
    demo: bool = False
    shape: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    """Fields of a connect request that differ from the plain one."""
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    """Fields that no version of the API has."""
    extra_user_info: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    without: tuple[str, ...] = ()
    """Optional fields that are left out."""


AS_USUAL = Options()


class Actions:
    """The calls of one execution, numbered in order."""

    def __init__(self, context: Context, partner: Partner, case: str, execution: str) -> None:
        """Nothing is sent yet."""
        self.context, self.partner = context, partner
        self._case, self._execution = case, execution
        self._calls = 0

    def connect(self, act: Act, person: Person, ident: str | None, when: When, options: Options = AS_USUAL) -> Exchange:
        """Return a first connect (``ident`` None) or a sign-in as a call that still waits for its answer."""
        body = requests.connect_body(self.context.config, person, ident, demo=options.demo, shape=dict(options.shape))
        body |= dict(options.extra)
        body["user_info"] |= dict(options.extra_user_info)
        return self.plan(act, when, "connect", requests.encode(body), options)

    def about(self, operation: str, person: Person, when: When, options: Options = AS_USUAL, **facts: Any) -> Exchange:
        """Return a right call of ``operation`` on behalf of ``person``; ``facts`` are as in ``requests.right_body``."""
        body = requests.right_body(self.context.config, operation, person, **facts) | dict(options.extra)
        kept = {name: value for name, value in body.items() if name not in options.without}
        return self.plan(ACTS[operation], when, operation, requests.encode(kept), options)

    def delete_connection(self, person: Person, ident: str, when: When, options: Options = AS_USUAL) -> Exchange:
        """Return the deletion of connection ``ident`` on behalf of ``person``."""
        return self.about("delete_connection", person, when, options, connection_id=ident)

    def test_connection(self, person: Person, ident: str, when: When, options: Options = AS_USUAL) -> Exchange:
        """Return the test of connection ``ident``."""
        return self.about("test_connection", person, when, options, connection_id=ident)

    def delete_account(self, person: Person, domain: str, when: When, options: Options = AS_USUAL) -> Exchange:
        """Return the deletion of the account of ``domain`` in the person's workspace."""
        return self.about("delete_account", person, when, options, domain=domain)

    def expire_account(self, person: Person, email: str | None, when: When, options: Options = AS_USUAL) -> Exchange:
        """Return the expiry of ``person``, or of the address ``email`` with everything else theirs."""
        return self.about("expire_account", person, when, options, email=email or person.email)

    def list_connectors(self, token: str | None, when: When, options: Options = AS_USUAL) -> Exchange:
        """Return the request for the page of ``token``; None sends no parameter at all."""
        query = "" if token is None else f"?pagination_token={quote(token, safe='')}"
        return self.plan(Act.LIST_CONNECTORS, when, "list_connectors", "", options, query=query)

    def page(self, url: str, when: When, cookies: str = "", *, browser: bool = True) -> Exchange:
        """Return a GET of a page as a browser opens it, or a plain one; ``cookies`` is what it would send back."""
        headers = BROWSER if browser else PLAIN
        headers = (*headers, ("Cookie", cookies)) if cookies else headers
        return self._next(Act.PAGE, when, Request("redirect", "GET", url, headers, "", authorization="none"))

    def plan(
        self, act: Act, when: When, operation: str, body: str, options: Options = AS_USUAL, *, query: str = ""
    ) -> Exchange:
        """Return the call of ``operation`` with the text ``body``; every request carries all four headers (ruling 26)."""
        path = self.context.config.path(operation)
        if path is None:
            raise DoesNotApply("operation-not-offered", operation=OPERATIONS[operation].title)
        headers = [
            ("User-Agent", "databricks"),
            ("Accept-Language", options.language),
            ("Content-Type", options.content_type),
        ]
        shown = SCHEMES[options.authorization].shown
        if shown:
            headers.append(("Authorization", shown))
        request = Request(
            operation,
            options.method or OPERATIONS[operation].method,
            f"{self.context.url.rstrip('/')}{path}{query}",
            tuple(headers),
            body,
            options.authorization,
            options.charset,
            options.fresh_connection,
            options.late_body,
        )
        return self._next(act, when, request)

    def send(self, plan: Exchange) -> Exchange:
        """Return ``plan`` with its answer."""
        return self.partner.send(plan)

    def send_together(self, plans: list[Exchange]) -> list[Exchange]:
        """Return the answers to ``plans``, all sent at the same moment."""
        return self.partner.send_together(plans)

    def _next(self, act: Act, when: When, request: Request) -> Exchange:
        self._calls += 1
        return Exchange(self._case, self._execution, self._calls, act, when, request, None)
