"""Requests that Databricks never sends: broken bodies, wrong fields, unknown ids, wrong methods.

Source: ruling 13; API specification, What connect means.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from certification.cases.case import Case, offers, offers_any
from certification.cases.play import Connection, Play
from certification.cases.right_bodies import ERRORS, body_for
from certification.checks import bad_requests, connect, lifecycle
from certification.checks.connect import BRAND_NEW, SignIn
from certification.contract.operations import OPERATIONS
from certification.databricks import requests
from certification.databricks.actions import ACTS, Options
from certification.databricks.unknown_ids import resembling
from certification.evidence.steps import Act, When
from certification.generate import mistakes

CONTROL = "the same request without the mistake was accepted"


def unparsable(play: Play) -> None:
    """A body that is not JSON."""
    person = play.person()
    text = requests.encode(requests.connect_body(play.config, person, None))
    name = play.shape.get("body")
    if name is None:
        play.try_first_connect(person)
        return
    broken, charset = mistakes.BROKEN[name](text)
    surely = name in mistakes.SURELY_BROKEN
    when = When.NOT_JSON if surely else When.DOUBTFUL_JSON
    exchange = play.call(play.actions.plan(Act.FIRST_CONNECT, when, "connect", broken, Options(charset=charset)))
    play.judge(exchange, bad_requests.unparsable if surely else bad_requests.doubtful)
    play.made.remember(exchange, person)


def unparsable_elsewhere(play: Play) -> None:
    """A body that is not JSON, on each operation but connect."""
    connection = play.first_connect(play.person(), visit=False)
    for operation, act in ACTS.items():
        if operation in {"connect", "list_connectors"} or not play.config.offers(operation):
            continue
        text = requests.encode(body_for(play, operation, connection.person, connection))
        for name in ("without its last brace", "plain text"):
            broken, _ = mistakes.BROKEN[name](text)
            answer = play.call(play.actions.plan(act, When.NOT_JSON, operation, broken))
            play.judge(answer, bad_requests.unparsable)


def wrong_field(operation: str) -> Callable[[Play], None]:
    """Return the script that sends ``operation`` with each mistake of the shape; without one it is the control."""

    def script(play: Play) -> None:
        person = play.person()
        connection = play.first_connect(person, visit=False) if OPERATIONS[operation].names_connection else None
        mistaken: list[mistakes.Mistake] = play.shape.get("mistakes", [])
        accepted = False
        for mistake in mistaken:
            wrong = mistakes.apply(body_for(play, operation, person, connection), mistake)
            text = json.dumps(wrong, ensure_ascii=False)
            exchange = play.call(play.actions.plan(ACTS[operation], When.WRONG_FIELD, operation, text))
            # Where the request names a connection, a mistake in it may well end in "no such connection".
            named = OPERATIONS[operation].names_connection
            play.judge(exchange, partial(bad_requests.malformed, other_errors=named))
            play.made.remember(exchange, person)
            accepted |= exchange.status in {200, 201}
            if exchange.status == 200 and operation == "delete_connection":
                # A lenient partner has deleted it; the next mistake needs one that exists.
                connection = play.first_connect(person, when=When.REPEATED, visit=False)
        right = requests.encode(body_for(play, operation, person, connection))
        exchange = play.call(play.actions.plan(ACTS[operation], When.WITHOUT_MISTAKE, operation, right))
        play.made.remember(exchange, person)
        if exchange.status in {200, 201} or operation == "expire_account":
            play.fire(CONTROL)
        if operation == "connect" and not accepted:
            # Whatever was refused has left no user behind.
            play.add(connect.new_connection(exchange, play.config, BRAND_NEW))

    return script


def sign_in_without_id(play: Play) -> None:
    """A sign-in that lacks its connection_id, or whose id is of another type."""
    connection = play.first_connect(play.person(), visit=False)
    body = requests.connect_body(play.config, connection.person, connection.id)
    for value in (None, "", 12345, ["a"], {"id": connection.id}):
        wrong = {**body, "connection_id": value}
        if value is None:
            del wrong["connection_id"]
        plan = play.actions.plan(Act.SIGN_IN, When.UNUSABLE_ID, "connect", requests.encode(wrong))
        exchange = play.call(plan)
        play.judge(exchange, bad_requests.malformed)


def wrong_methods(play: Play) -> None:
    """Methods that the endpoints do not have."""
    body = requests.encode(requests.connect_body(play.config, play.person(), None))
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        text = "" if method == "GET" else body
        exchange = play.call(
            play.actions.plan(Act.FIRST_CONNECT, When.WRONG_METHOD, "connect", text, Options(method=method))
        )
        play.judge(exchange, bad_requests.wrong_method)


def unknown_ids(play: Play) -> None:
    """Sign-in, deletion and test of connections that never existed."""
    config = play.config
    connection = play.first_connect(play.person(), visit=False)
    # A name beyond ASCII: an error that speaks to the user by name has more bytes than characters.
    stranger = play.person("stranger", first_name="Jörg", last_name="Ólafsdóttir-Żak")
    unknown = Connection(resembling(connection.id, play.ids), stranger, connection.exchange)
    expect = connect.unknown_connection
    if config.manual_signup:
        expect = partial(connect.sign_in, config=config)
    play.sign_in(unknown, expect=expect, when=When.UNKNOWN_ID)
    beside = Connection(unknown.id, connection.person, connection.exchange)
    play.sign_in(beside, expect=expect, when=When.UNKNOWN_ID_CONNECTED_WORKSPACE)
    if config.offers("delete_connection"):
        play.delete_connection(unknown, lifecycle.deletion_of_unknown, when=When.UNKNOWN_ID)
        play.delete_connection(beside, lifecycle.deletion_of_unknown, when=When.UNKNOWN_ID_CONNECTED_WORKSPACE)
    if config.offers("test_connection"):
        play.test_connection(unknown, lifecycle.unknown_tested, when=When.UNKNOWN_ID)
    # Software that reads as much of an id as it understands finds a known one in these; refusing them as malformed is fine.
    odd = partial(bad_requests.odd_id, unknown=expect)
    for text in (f"{connection.id}x", f"{connection.id} or 1=1", f"{connection.id[:-1]}%", "no-uuid"):
        known = Connection(text, connection.person, connection.exchange)
        play.sign_in(known, expect=odd, when=When.ODD_ID)
    if config.offers("delete_connection"):
        odd = partial(bad_requests.odd_id, unknown=lifecycle.deletion_of_unknown)
        play.delete_connection(Connection("no-uuid", stranger, connection.exchange), odd, when=When.ODD_ID)
    play.sign_in(connection, expect=SignIn("delete-reach"), when=When.AFTER_UNKNOWN_IDS)


def deleted_twice(play: Play) -> None:
    """delete-connection of a connection that is deleted already."""
    connection = play.first_connect(play.person(), visit=False)
    answer = play.delete_connection(connection)
    if lifecycle.resource_status(answer) == "resources_deleted":
        play.delete_connection(connection, lifecycle.deletion_of_unknown, when=When.DELETED)


def deleted_elsewhere(play: Play) -> None:
    """delete-connection with the right id, but the number of another workspace."""
    connection = play.first_connect(play.person(), visit=False)
    here = connection.person.workspace
    places = [(play.workspace("elsewhere"), When.OTHER_WORKSPACE)]
    if len(play.config.clouds) > 1:
        places.insert(0, (play.workspace("other cloud", play.config.clouds[1], number=here.id), When.OTHER_CLOUD))
    for place, when in places:
        elsewhere = replace(connection, person=connection.person.at(place))
        expect = partial(lifecycle.deletion_elsewhere, place="cloud" if when is When.OTHER_CLOUD else "workspace")
        answer = play.delete_connection(elsewhere, expect, when=when)
        if answer.status is None or answer.status < 400:
            return
    play.made.remember(connection.exchange, connection.person)
    play.sign_in(connection, expect=SignIn("delete-reach"), when=When.AFTER_OTHER_DELETION)


def _negative(ident: str, operation: str, weight: int) -> Case:
    return Case(
        ident, f"Missing and wrong fields on {OPERATIONS[operation].title}", "negative",
        f"{OPERATIONS[operation].title} with each required field missing, each field of a wrong type, null, and bodies that are no object → 400, or at least no crash.",
        "Ruling 13", ("bad-request-survived", "bad-request-refused", *ERRORS),
        wrong_field(operation), offers(operation), shapes=mistakes.wrong_fields[operation], weight=weight,
        rules=() if operation == "delete_account" else (CONTROL,),
    )  # fmt: skip


WEIGHTS = {"connect": 70, "delete_connection": 24, "test_connection": 20}
"""Operation -> about how many requests its mistakes take, where they are many."""

NEGATIVE = (
    Case(
        "N100",
        "Bodies that are not JSON",
        "negative",
        "connect with a truncated, empty or otherwise unparsable body → 400 bad_request.",
        "Ruling 13",
        ("bad-json-refused", "bad-request-survived", *ERRORS),
        unparsable,
        shapes=mistakes.broken_bodies,
        weight=14,
    ),
    Case(
        "N105",
        "Bodies that are not JSON, on each operation",
        "negative",
        "delete-connection, test-connection and the test hooks with an unparsable body → 400 bad_request.",
        "Ruling 13",
        ("bad-json-refused", *ERRORS),
        unparsable_elsewhere,
        offers_any("delete_connection", "test_connection", "delete_account", "expire_account"),
        weight=10,
    ),
    *(
        _negative(examples.case, operation, WEIGHTS.get(operation, 14))
        for operation, examples in mistakes.wrong_fields.items()
    ),
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
        "N200",
        "Deleting with another workspace",
        "negative",
        "delete-connection with the right id and another workspace → refused, and the connection still works.",
        "Ruling 23",
        ("deletion-place-checked",),
        deleted_elsewhere,
        offers("delete_connection"),
        weight=4,
    ),
)
