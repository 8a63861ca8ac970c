"""Requests that Databricks never sends: wrong credentials, broken bodies, look-alike domains.

Source: API specification, Headers and authentication, Test hooks; ruling 13.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from certification import bodies
from certification.case import Applies, Case, Shape, both, offers
from certification.cases.scenarios import ingest
from certification.checks import bad_requests, connect, connector_list, lifecycle
from certification.config import ENDPOINTS, PartnerConfig
from certification.errors import CannotProceed
from certification.exchange import Exchange
from certification.identities import TEST_DOMAIN, Person
from certification.play import Connection, Play, changed, resembling
from certification.shapes import mistakes

GROUP = 12
"""So many mistakes are tried in one execution; a failing one is found out by making the list shorter."""

CONTROL = "the same request without the mistake was accepted"
NAMES = {
    "connect": "connect",
    "delete_connection": "delete-connection",
    "test_connection": "test-connection",
    "delete_account": "delete-account",
    "expire_account": "expire-account",
    "list_connectors": "list connectors",
}


def body_for(play: Play, operation: str, person: Person, connection: Connection | None) -> dict[str, Any]:
    """Return a right body for ``operation``; those about a connection name ``connection``."""
    config = play.config
    ident = connection.id if connection else "unknown"
    match operation:
        case "connect":
            return bodies.connect_body(config, person, None)
        case "delete_connection":
            return bodies.delete_connection_body(config, person, ident)
        case "test_connection":
            return bodies.test_connection_body(config, person, ident)
        case "delete_account":
            return bodies.delete_account_body(config, TEST_DOMAIN, person)
        case _:
            return bodies.expire_account_body(config, changed(person, email=f"u{play.ids.token('hook')}@{TEST_DOMAIN}"))


def needs_connection(operation: str) -> bool:
    """Return whether a right request for ``operation`` names a connection."""
    return operation in {"delete_connection", "test_connection"}


# Authentication


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
            if operation == "list_connectors":
                exchange = play.list_connectors("", bad_requests.unauthorized, kind=kind, authorization=name)
            else:
                body = bodies.encode(
                    body_for(play, operation, play.person(name) if operation == "connect" else person, connection)
                )
                exchange = play.call(kind, operation, body, authorization=name)
                play.judge(exchange, bad_requests.unauthorized)
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


# Bad bodies


def unparsable(play: Play) -> None:
    """A body that is not JSON."""
    person = play.person()
    text = bodies.encode(bodies.connect_body(play.config, person, None))
    name = play.shape.get("body")
    if name is None:
        play.try_first_connect(person)
        return
    broken, charset = mistakes.BROKEN[name](text)
    exchange = play.call("connect with a body that is not JSON", "connect", broken, charset=charset)
    play.judge(exchange, bad_requests.unparsable if name in mistakes.SURELY_BROKEN else bad_requests.malformed)
    play.remember(exchange, person)


def wrong_field(operation: str) -> Callable[[Play], None]:
    """Return the script that sends ``operation`` with each mistake of the shape; without one it is the control."""

    def script(play: Play) -> None:
        person = play.person()
        connection = play.first_connect(person, visit=False) if needs_connection(operation) else None
        mistaken: list[mistakes.Mistake] = play.shape.get("mistakes", [])
        for mistake in mistaken:
            wrong = mistakes.apply(body_for(play, operation, person, connection), mistake)
            exchange = play.call(
                f"{NAMES[operation]} with a wrong field", operation, json.dumps(wrong, ensure_ascii=False)
            )
            play.judge(exchange, bad_requests.malformed)
            play.remember(exchange, person)
            if exchange.status == 200 and operation == "delete_connection":
                # A lenient partner has deleted it; the next mistake needs one that exists.
                connection = play.first_connect(person, kind="repeated first connect", visit=False)
        exchange = play.call(
            f"{NAMES[operation]} without a mistake",
            operation,
            bodies.encode(body_for(play, operation, person, connection)),
        )
        play.remember(exchange, person)
        if exchange.status in {200, 201} or operation == "expire_account":
            play.fire(CONTROL)

    return script


def sign_in_without_id(play: Play) -> None:
    """A sign-in that lacks its connection_id, or whose id is of another type."""
    connection = play.first_connect(play.person(), visit=False)
    body = bodies.connect_body(play.config, connection.person, connection.id)
    for value in (None, "", 12345, ["a"], {"id": connection.id}):
        wrong = {**body, "connection_id": value}
        if value is None:
            del wrong["connection_id"]
        exchange = play.call("sign-in without a usable connection_id", "connect", bodies.encode(wrong))
        play.judge(exchange, lambda answer: bad_requests.malformed(answer))


def wrong_methods(play: Play) -> None:
    """Methods that the endpoints do not have."""
    body = bodies.encode(bodies.connect_body(play.config, play.person(), None))
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        exchange = play.call(f"connect with {method}", "connect", "" if method == "GET" else body, method=method)
        play.judge(exchange, bad_requests.wrong_method)


def unknown_ids(play: Play) -> None:
    """Sign-in, deletion and test of connections that never existed."""
    config = play.config
    connection = play.first_connect(play.person(), visit=False)
    stranger = play.person("stranger")
    unknown = Connection(resembling(connection.id, play.ids), stranger, connection.exchange)
    play.sign_in(
        unknown,
        expect=lambda answer: (
            connect.unknown_connection(answer) if not config.manual_signup else connect.sign_in(answer, config)
        ),
        kind="sign-in on an unknown connection",
    )
    beside = Connection(unknown.id, connection.person, connection.exchange)
    play.sign_in(
        beside,
        expect=lambda answer: (
            connect.unknown_connection(answer) if not config.manual_signup else connect.sign_in(answer, config)
        ),
        kind="sign-in with an unknown id in a connected workspace",
    )
    if config.offers("delete_connection"):
        play.delete_connection(unknown, lifecycle.deletion_of_unknown, kind="delete-connection of an unknown id")
        play.delete_connection(beside, lifecycle.deletion_of_unknown, kind="delete-connection of an unknown id")
    if config.offers("test_connection"):
        play.test_connection(unknown, lifecycle.test_of_unknown, kind="test-connection of an unknown id")
    play.sign_in(connection, kind="sign-in after calls with unknown ids")


def deleted_twice(play: Play) -> None:
    """delete-connection of a connection that is deleted already."""
    connection = play.first_connect(play.person(), visit=False)
    answer = play.delete_connection(connection)
    status = lifecycle.resource_status(answer)
    if status == "resources_deleted":
        play.delete_connection(
            connection, lifecycle.deletion_of_unknown, kind="delete-connection of a deleted connection"
        )


# Test hooks


def refused_domains(operation: str) -> Callable[[Play], None]:
    """Return the script that calls a test hook for domains that only look like the test domains."""

    def script(play: Play) -> None:
        person = play.person()
        for domain, sure in mistakes.look_alikes(play.ids.company("look-alike")):
            expect = lifecycle.hook_refused if sure else bad_requests.survived
            kind = f"{NAMES[operation]} of a domain that looks like a test domain"
            if operation == "delete_account":
                body: dict[str, Any] = {
                    **bodies.delete_account_body(play.config, "placeholder", person),
                    "domain": domain,
                }
            else:
                body = {
                    **bodies.expire_account_body(play.config, person),
                    "email": f"u{play.ids.token('expire')}@{domain}",
                }
            exchange = play.call(kind, operation, bodies.encode(body))
            play.judge(exchange, expect)

    return script


def deletion_reach(play: Play) -> None:
    """delete-account of the test domain leaves look-alike domains, other workspaces and other clouds alone."""
    clouds = play.config.clouds
    here = play.workspace("here")
    person = play.test_person("test user", here)
    colleague = play.test_person("colleague", here)
    other_domain = play.ids.company("other")
    bystanders = [
        (
            "of a domain that ends like the test domain",
            play.person("suffix", f"not{play.ids.token('n')}{TEST_DOMAIN}", play.workspace("w1")),
        ),
        (
            "of a domain that begins like the test domain",
            play.person("prefix", f"{TEST_DOMAIN}.{other_domain}", play.workspace("w2")),
        ),
        ("in another workspace", play.test_person("elsewhere", play.workspace("elsewhere"))),
        ("of another company", play.person("company", other_domain, play.workspace("w3"))),
        # The last to connect in the workspace, so that the connection is the one that Databricks knows there.
        ("of another company in the same workspace", play.person("neighbour", play.ids.company("neighbour"), here)),
    ]
    if len(clouds) > 1:
        there = play.workspace("cloud", clouds[1], number=here.id)
        bystanders.append(("in another cloud", play.test_person("cloud user", there)))
    connection = play.tester_connect(person, visit=False)
    second = play.try_first_connect(
        colleague,
        lambda answer: connect.new_connection(answer, play.config, must_configure=False),
        kind="first connect of a colleague",
    )
    kept = [(where, kept_one) for where, who in bystanders if (kept_one := _bystander(play, who)) is not None]
    play.delete_account(person)
    for where, bystander in kept:
        play.sign_in(
            bystander,
            expect=lambda answer: connect.sign_in(
                answer,
                play.config,
                requirement="delete-account-reach",
                redirect_values=(*connect.USUAL_REDIRECTS, "contact_admin"),
                may_be_expired=True,
            ),
            kind=f"sign-in of a user {where} after delete-account",
        )
    play.forget(connection.id)
    play.sign_in(
        connection,
        expect=lambda answer: connect.unknown_connection(answer, "delete-account"),
        kind="sign-in after delete-account",
    )
    ident = second.answer.get("connection_id")
    if isinstance(ident, str):
        play.forget(ident)
        lost = Connection(ident, colleague, second)
        play.sign_in(
            lost,
            expect=lambda answer: connect.unknown_connection(answer, "delete-account"),
            kind="colleague's sign-in after delete-account",
        )


def _bystander(play: Play, person: Person) -> Connection | None:
    """Connect somebody who must not be touched; a colleague of the test user may be sent to the admin instead."""
    if person.domain != TEST_DOMAIN:
        return play.first_connect(person, visit=False)
    try:
        return play.tester_connect(person, visit=False)
    except CannotProceed:
        return None


def expiry_reach(play: Play) -> None:
    """expire-account of a user of the test domain leaves other companies alone, and colleagues as trial_type says."""
    config = play.config
    here = play.workspace("here")
    first, colleague = play.test_person("first", here), play.test_person("colleague", here)
    connection = play.tester_connect(first, visit=False)
    play.sign_in(connection, colleague, lambda answer: connect.new_user(answer, config), kind="new user's sign-in")
    suffix = play.first_connect(play.person("suffix", f"not{play.ids.token('n')}{TEST_DOMAIN}"), visit=False)
    other = play.first_connect(play.person("other"), visit=False)
    play.expire_account(first)
    for bystander in (suffix, other):
        play.sign_in(
            bystander,
            expect=lambda answer: connect.not_expired(connect.sign_in(answer, config), answer),
            kind="sign-in of another company after expiry",
        )
    if config.trial_type and config.new_user_action == "auto_add" and not config.manual_signup:
        answer = play.sign_in(connection, colleague, lambda _answer: [], kind="known colleague's sign-in after expiry")
        play.judge(answer, connect.account_status_after_expiry(answer, config))


def demo_domain(play: Play) -> None:
    """The test hooks act on databricks-demo.com too."""
    person = play.test_person("demo", domain="databricks-demo.com")
    connection = play.tester_connect(person, visit=False)
    if play.config.offers("expire_account"):
        play.expire_account(person)
    if play.config.offers("delete_account"):
        play.delete_account(person)
        play.forget(connection.id)
        play.sign_in(
            connection,
            expect=lambda answer: connect.unknown_connection(answer, "delete-account"),
            kind="sign-in after delete-account",
        )


# Connectors


def connector_pages(play: Play) -> None:
    """First page with and without the token, each page twice."""
    first = play.list_connectors("", connector_list.page, kind="first page of connectors")
    without = play.list_connectors(
        None,
        lambda answer: connector_list.page(answer, "connectors-without-token"),
        kind="first page of connectors without a token",
    )
    play.judge(without, connector_list.same_page(first, without))
    again = play.list_connectors("", connector_list.page, kind="first page of connectors again")
    play.judge(again, connector_list.same_page(first, again))
    token = connector_list.next_token(first)
    if token is not None:
        second = play.list_connectors(token, connector_list.page, kind="next page of connectors")
        repeat = play.list_connectors(token, connector_list.page, kind="next page of connectors again")
        play.judge(repeat, connector_list.same_page(second, repeat))
    kind = "first page of connectors in another language"
    play.list_connectors("", connector_list.page, kind=kind, language="ja-JP")


def _credentials(operation: str) -> Callable[[PartnerConfig, int, str], list[Shape]]:
    def shapes(_config: PartnerConfig, _seed: int, profile: str) -> list[Shape]:
        every = operation == "connect" or profile == "thorough"
        return [{"credentials": list(mistakes.ALL_CREDENTIALS if every else mistakes.SOME_CREDENTIALS)}]

    return shapes


def _mistakes(operation: str) -> Callable[[PartnerConfig, int, str], list[Shape]]:
    def shapes(config: PartnerConfig, seed: int, profile: str) -> list[Shape]:
        every = mistakes.for_operation(operation, config, seed, profile)
        return [{"mistakes": every[start : start + GROUP]} for start in range(0, len(every), GROUP)]

    return shapes


def _broken(_config: PartnerConfig, _seed: int, _profile: str) -> list[Shape]:
    return [{"body": name} for name in mistakes.BROKEN]


ERRORS = ("error-model", "error-reason-fits")


def _authentication(ident: str, operation: str, weight: int) -> Case:
    applies: Applies = ingest if operation == "list_connectors" else offers(operation)
    return Case(
        ident, f"Wrong credentials on {NAMES[operation]}", "authentication",
        f"{ENDPOINTS[operation][1]} {NAMES[operation]} without credentials, with malformed ones, a wrong user, a wrong password, parts of the right one, another scheme → 401 unauthorized, and nothing happens.",
        "API specification, Headers and authentication", ("credentials-required", *ERRORS),
        authentication(operation), applies, shapes=_credentials(operation), weight=weight,
    )  # fmt: skip


def _negative(ident: str, operation: str, weight: int) -> Case:
    return Case(
        ident, f"Missing and wrong fields on {NAMES[operation]}", "negative",
        f"{NAMES[operation]} with each required field missing, each field of a wrong type, null, and bodies that are no object → 400, or at least no crash.",
        "Ruling 13", ("bad-request-survived", "bad-request-refused", *ERRORS),
        wrong_field(operation), offers(operation), shapes=_mistakes(operation), weight=weight,
        rules=() if operation == "delete_account" else (CONTROL,),
    )  # fmt: skip


PROBING = (
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
    Case(
        "N100",
        "Bodies that are not JSON",
        "negative",
        "connect with a truncated, empty or otherwise unparsable body → 400 bad_request.",
        "Ruling 13",
        ("bad-json-refused", "bad-request-survived", *ERRORS),
        unparsable,
        shapes=_broken,
        weight=14,
    ),
    _negative("N110", "connect", 70),
    _negative("N120", "delete_connection", 24),
    _negative("N130", "test_connection", 20),
    _negative("N140", "delete_account", 12),
    _negative("N150", "expire_account", 14),
    Case(
        "N160",
        "Sign-in without a usable connection_id",
        "negative",
        "A sign-in whose connection_id is missing, empty or of another type → 400, or 404.",
        "Ruling 13",
        ("bad-request-survived", "bad-request-refused", *ERRORS),
        sign_in_without_id,
        weight=7,
    ),
    Case(
        "N170",
        "Wrong methods",
        "negative",
        "connect with GET, PUT, PATCH, DELETE → refused without a crash.",
        "API specification, Endpoints",
        ("method-checked", "bad-request-survived"),
        wrong_methods,
        weight=4,
    ),
    Case(
        "N180",
        "Connections that never existed",
        "negative",
        "Sign-in, delete-connection and test-connection with an unknown id → 404 connection_not_found.",
        "API specification, What connect means",
        ("unknown-connection", "delete-unknown", "test-unknown", "delete-reach", *ERRORS),
        unknown_ids,
        weight=8,
    ),
    Case(
        "N190",
        "Deleting twice",
        "negative",
        "delete-connection of a deleted connection → 404 connection_not_found.",
        "API specification, What connect means; ruling 7",
        ("delete-unknown",),
        deleted_twice,
        offers("delete_connection"),
        weight=3,
    ),
    Case(
        "H100",
        "delete-account and look-alike domains",
        "test hooks",
        "delete-account of domains that only look like the test domains → 400 bad_request.",
        "API specification, Test hooks",
        ("hooks-test-domains-only",),
        refused_domains("delete_account"),
        offers("delete_account"),
        weight=16,
    ),
    Case(
        "H110",
        "expire-account and look-alike domains",
        "test hooks",
        "expire-account of users of domains that only look like the test domains → 400 bad_request.",
        "API specification, Test hooks",
        ("hooks-test-domains-only",),
        refused_domains("expire_account"),
        offers("expire_account"),
        weight=16,
    ),
    Case(
        "H120",
        "How far delete-account reaches",
        "test hooks",
        "delete-account of the test domain removes all its connections in that workspace, and nothing of similar domains, other workspaces and other clouds.",
        "API specification, Test hooks",
        ("delete-account", "delete-account-reach"),
        deletion_reach,
        offers("delete_account"),
        shared_domain=True,
        weight=22,
    ),
    Case(
        "H130",
        "How far expire-account reaches",
        "test hooks",
        "expire-account of a user leaves other companies active, and colleagues as trial_type says.",
        "API specification, Trials",
        ("expire-account", "expire-reach", "not-expired"),
        expiry_reach,
        offers("expire_account"),
        shared_domain=True,
        weight=14,
    ),
    Case(
        "H140",
        "The second test domain",
        "test hooks",
        "The test hooks act on databricks-demo.com as well.",
        "API specification, Test hooks",
        ("delete-account", "expire-account"),
        demo_domain,
        lambda config: (
            ""
            if config.offers("delete_account") or config.offers("expire_account")
            else "the config has no test hook for accounts"
        ),
        shared_domain=True,
        weight=5,
    ),
    Case(
        "L100",
        "Pages of connectors asked for twice",
        "connectors",
        "The first page with an empty token, without one, again, and in another language; the second page twice → the same pages.",
        "Test cases · P900; ruling 8",
        ("connectors-steady", "connectors-without-token", "connectors"),
        connector_pages,
        both(ingest),
        weight=7,
    ),
)
