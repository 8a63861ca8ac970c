"""Wrong credentials on every endpoint, before anything is looked up, and the scheme in lower case.

Source: API specification, Headers and authentication.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from certification.cases.case import Applies, Case, ingest, offers
from certification.cases.play import Connection, Play
from certification.cases.right_bodies import ERRORS
from certification.checks import bad_requests, connect
from certification.checks.connect import BRAND_NEW, SignIn
from certification.contract.operations import OPERATIONS
from certification.databricks.actions import Options
from certification.databricks.people import Person
from certification.databricks.unknown_ids import resembling
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Observation
from certification.evidence.steps import Act, When
from certification.generate import mistakes

WRONG = When.WRONG_CREDENTIALS


def authentication(operation: str) -> Callable[[Play], None]:
    """Return the script that tries each wrong way to authenticate on ``operation``, then sees that nothing happened."""
    names_connection = OPERATIONS[operation].names_connection
    names_account = OPERATIONS[operation].names_account

    def script(play: Play) -> None:
        person = play.test_person() if names_account else play.person()
        connection = None
        if names_account:
            connection = play.tester_connect(person, visit=False)
        elif names_connection:
            connection = play.first_connect(person, visit=False)
        for name in play.shape.get("credentials", []):
            if name not in play.context.alike:
                _refused(play, operation, name, person, connection)
        if any(seen.requirement == "credentials-required" for seen in play.broken()):
            # Whoever was let in has done what was asked.
            return
        if connection is not None:
            play.sign_in(connection, expect=SignIn("refused-without-effect"), when=When.AFTER_WRONG_CREDENTIALS)
        elif operation == "connect":
            expected = replace(BRAND_NEW, requirement="refused-without-effect")
            play.first_connect(person, expected, when=When.AFTER_WRONG_CREDENTIALS, visit=False)

    return script


def _refused(play: Play, operation: str, name: str, person: Person, connection: Connection | None) -> None:
    malformed = name in mistakes.MALFORMED_CREDENTIALS
    expect = bad_requests.malformed_credentials if malformed else bad_requests.unauthorized
    options = Options(authorization=name)
    match operation:
        case "list_connectors":
            play.list_connectors("", expect, when=WRONG, options=options)
        case "connect":
            play.try_first_connect(person, expect, when=WRONG, options=options)
        case "delete_account":
            play.delete_account(person, expect, when=WRONG, options=options)
        case "expire_account":
            play.expire_account(person, expect, when=WRONG, options=options)
        case "delete_connection" if connection is not None:
            play.delete_connection(connection, expect, when=WRONG, options=options)
        case "test_connection" if connection is not None:
            play.test_connection(connection, expect, when=WRONG, options=options)
        case _:
            facts = {"connection_id": connection.id} if connection and OPERATIONS[operation].names_connection else {}
            play.judge(play.call(play.actions.about(operation, person, WRONG, options, **facts)), expect)


def before_looking_up(play: Play) -> None:
    """Calls about connections and accounts that do not exist, with a wrong password: refused as such, not as unknown."""
    config, when = play.config, When.WRONG_CREDENTIALS_UNKNOWN
    options = Options(authorization="wrong-password")
    known = play.first_connect(play.person(), visit=False)
    stranger = play.person("stranger")
    unknown = Connection(resembling(known.id, play.ids), stranger, known.exchange)
    play.sign_in(unknown, expect=bad_requests.unauthorized, when=when, options=options)
    if config.offers("delete_connection"):
        play.delete_connection(unknown, bad_requests.unauthorized, when=when, options=options)
    if config.offers("test_connection"):
        play.test_connection(unknown, bad_requests.unauthorized, when=when, options=options)
    if config.offers("delete_account"):
        play.delete_account(stranger, bad_requests.unauthorized, when=when, options=options)
    if config.offers("expire_account"):
        play.expire_account(stranger, bad_requests.unauthorized, when=when, options=options)
    if ingest(config) is None:
        play.list_connectors(play.ids.token("token", 16), bad_requests.unauthorized, when=when, options=options)
    for text in ("{", "[]", '{"connection_id": 1}'):
        plan = play.actions.plan(Act.FIRST_CONNECT, When.WRONG_CREDENTIALS_WRONG_BODY, "connect", text, options)
        play.judge(play.call(plan), bad_requests.credentials_first)


def lower_case_scheme(play: Play) -> None:
    """The right credentials with the scheme in lower case."""

    def expect(answer: Exchange) -> list[Observation]:
        if answer.status in {400, 401, 403}:
            return bad_requests.scheme_refused(answer)
        return [*bad_requests.scheme_read(answer), *connect.new_connection(answer, play.config)]

    play.try_first_connect(
        play.person(), expect, when=When.SCHEME_IN_LOWER_CASE, options=Options(authorization="lower-case")
    )


def _authentication(ident: str, name: str, weight: int) -> Case:
    operation = OPERATIONS[name]
    applies: Applies = ingest if name == "list_connectors" else offers(name)
    return Case(
        ident,
        f"Wrong credentials on {operation.title}",
        "authentication",
        f"{operation.method} {operation.title} without credentials, with malformed ones, a wrong user, a wrong password, parts of the right one, another scheme → 401 unauthorized, and nothing happens.",
        "API specification, Headers and authentication",
        ("credentials-required", "refused-without-effect", *ERRORS),
        authentication(name),
        applies,
        shapes=mistakes.wrong_credentials[name],
        weight=weight,
    )


WEIGHTS = {"connect": 20, "delete_connection": 11, "test_connection": 11}
"""Operation -> about how many requests its wrong credentials take, where they are many."""

AUTHENTICATION = (
    *(
        _authentication(examples.case, name, WEIGHTS.get(name, 8))
        for name, examples in mistakes.wrong_credentials.items()
    ),
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
    Case(
        "A170",
        "Wrong credentials and unknown ids",
        "authentication",
        "Each operation with a wrong password for a connection or account that does not exist → 401 unauthorized, not 404: nothing is looked up before the credentials are.",
        "API specification, Headers and authentication",
        ("credentials-required", "credentials-first"),
        before_looking_up,
        weight=8,
    ),
)
