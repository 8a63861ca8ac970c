"""One call of a manual case, made as Databricks makes it, with the suite's own client."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from certification.client.client import CALL_SECONDS, Credentials
from certification.client.partner import open_partner
from certification.config.partner import PartnerConfig
from certification.databricks.actions import Actions, Options
from certification.databricks.context import Context
from certification.databricks.made import connection_id
from certification.databricks.people import Person
from certification.evidence.exchange import Exchange
from certification.evidence.steps import Act
from certification.walkthrough.steps import Step

RUN = "walkthrough"


@dataclass(frozen=True)
class Caller:
    """Calls the partner at ``url``."""

    config: PartnerConfig
    url: str
    credentials: Credentials
    seconds: float = CALL_SECONDS
    transport: Callable[[], httpx.BaseTransport] | None = field(default=None, compare=False)
    """Makes what takes the place of the network, in tests."""

    def call(self, case: str, execution: str, number: int, step: Step, person: Person, ident: str | None) -> Exchange:
        """Make the call of ``step`` on behalf of ``person``, and return it with the answer, secrets replaced.

        ``ident`` is the id of the connection that it is about; ``number`` counts the calls of the try.
        """
        with tempfile.TemporaryDirectory() as folder:
            # Opened for each call: a person may try again for as long as they like, however often nobody answered.
            opened = open_partner(
                self.config,
                self.url,
                self.credentials,
                Path(folder),
                seconds=self.seconds,
                transport=self.transport() if self.transport else None,
            )
            with opened as partner:
                context = Context(RUN, 0, "standard", self.url, self.config, partner.alike)
                actions = Actions(context, partner.live, case, execution)
                return actions.send(replace(_plan(actions, step, person, ident), number=number))


def worked(step: Step, exchange: Exchange) -> bool:
    """Return whether the call of ``step`` did what the steps after it need."""
    if step.act is Act.FIRST_CONNECT:
        return connection_id(exchange) is not None
    if step.act is Act.DELETE_CONNECTION:
        return exchange.status in {200, 404}
    return exchange.status == 200


def _plan(actions: Actions, step: Step, person: Person, ident: str | None) -> Exchange:
    options = Options(demo=step.demo)
    match step.act:
        case Act.DELETE_CONNECTION:
            return actions.delete_connection(person, ident or "", step.when)
        case Act.DELETE_ACCOUNT:
            return actions.delete_account(person, person.domain, step.when)
        case Act.EXPIRE_ACCOUNT:
            return actions.expire_account(person, None, step.when)
        case act:
            return actions.connect(act, person, ident, step.when, options)
