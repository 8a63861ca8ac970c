"""Wrong credentials on every endpoint, and the scheme in lower case.

Source: API specification, Headers and authentication.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from certification.cases.case import Applies, Case, offers
from certification.cases.play import Play
from certification.cases.right_bodies import ERRORS, NAMES, body_for, needs_connection
from certification.cases.scenarios import ingest
from certification.checks import bad_requests, connect
from certification.config.partner import ENDPOINTS, PartnerConfig
from certification.databricks import requests as bodies
from certification.evidence.exchange import Exchange
from certification.generate import mistakes
from certification.generate.shape import Shape


def authentication(operation: str) -> Callable[[Play], None]:
    """Return the script that tries each wrong way to authenticate on ``operation``, and then sees that nothing happened."""

    def script(play: Play) -> None:
        person = play.person()
        connection = play.first_connect(person, visit=False) if needs_connection(operation) else None
        wrong = play.shape.get("credentials", [])
        for name in wrong:
            if name in play.context.alike:
                continue
            kind = f"{NAMES[operation]} with wrong credentials"
            expect = (
                bad_requests.malformed_credentials
                if name in mistakes.MALFORMED_CREDENTIALS
                else bad_requests.unauthorized
            )
            if operation == "list_connectors":
                exchange = play.list_connectors("", expect, kind=kind, authorization=name)
            else:
                body = bodies.encode(
                    body_for(play, operation, play.person(name) if operation == "connect" else person, connection)
                )
                exchange = play.call(kind, operation, body, authorization=name)
                play.judge(exchange, expect)
                play.remember(exchange, person)
        if connection is not None and not any(found.requirement == "credentials-required" for found in play.violations):
            kind = f"sign-in after refused calls of {NAMES[operation]}"
            play.sign_in(connection, kind=kind)

    return script


def lower_case_scheme(play: Play) -> None:
    """The right credentials with the scheme in lower case."""
    kind = "first connect with the scheme in lower case"

    def expect(answer: Exchange) -> list[Any]:
        found = connect.new_connection(answer, play.config)
        refused = answer.status in {400, 401, 403}
        return bad_requests.scheme_refused(answer) if refused else found

    play.try_first_connect(play.person(), expect, kind=kind, authorization="lower-case")


def _credentials(operation: str) -> Callable[[PartnerConfig, int, str], list[Shape]]:
    def shapes(_config: PartnerConfig, _seed: int, profile: str) -> list[Shape]:
        every = operation == "connect" or profile == "thorough"
        return [{"credentials": list(mistakes.ALL_CREDENTIALS if every else mistakes.SOME_CREDENTIALS)}]

    return shapes


def _authentication(ident: str, operation: str, weight: int) -> Case:
    applies: Applies = ingest if operation == "list_connectors" else offers(operation)
    return Case(
        ident, f"Wrong credentials on {NAMES[operation]}", "authentication",
        f"{ENDPOINTS[operation][1]} {NAMES[operation]} without credentials, with malformed ones, a wrong user, a wrong password, parts of the right one, another scheme → 401 unauthorized, and nothing happens.",
        "API specification, Headers and authentication", ("credentials-required", *ERRORS),
        authentication(operation), applies, shapes=_credentials(operation), weight=weight,
    )  # fmt: skip


AUTHENTICATION = (
    _authentication("A100", "connect", 20),
    _authentication("A110", "delete_connection", 11),
    _authentication("A120", "test_connection", 11),
    _authentication("A130", "delete_account", 8),
    _authentication("A140", "expire_account", 8),
    _authentication("A150", "list_connectors", 8),
    Case(
        "A160",
        "The scheme in lower case",
        "authentication",
        "First connect with the right credentials under 'basic' → accepted.",
        "API specification, Headers and authentication (RFC 9110)",
        ("scheme-any-case",),
        lower_case_scheme,
        weight=2,
    ),
)
