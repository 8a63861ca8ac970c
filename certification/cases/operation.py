"""How the partner behaves in operation: secrets, requests at the same time, answers that stay the same.

Source: API specification, Who calls whom and What connect means.
"""

from __future__ import annotations

from functools import partial

from certification.cases.case import Case
from certification.cases.play import Connection, Play, connection_id, resembling
from certification.checks import connect, lifecycle
from certification.databricks import requests as bodies
from certification.databricks.people import Person
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Violation
from certification.generate import mistakes

ROUNDS = {"quick": 4, "standard": 8, "thorough": 30}
TOGETHER = 8


def secrets(play: Play) -> None:
    """A walk through everything, right and wrong, while every answer is searched for secrets and server internals."""
    config = play.config
    other = play.first_connect(play.person("other"))
    person = play.person()
    connection = play.first_connect(person)
    play.sign_in(other, visit=True)
    play.sign_in(connection, visit=True)
    play.sign_in(other)
    unknown = Connection(resembling(connection.id, play.ids), play.person("stranger"), connection.exchange)
    play.sign_in(unknown, expect=_anything, kind="sign-in on an unknown connection")
    right = bodies.connect_body(config, play.person("broken"), None)
    text = bodies.encode(right)
    for broken in (text[:-1], f"{text} more"):
        play.call("connect with a body that is not JSON", "connect", broken)
    for mistake in (
        {"kind": "missing", "at": ["hostname"]},
        {"kind": "wrong type", "at": ["workspace_id"], "to": "x"},
        {"kind": "null", "at": ["user_info"], "to": None},
        {"kind": "wrong value", "at": ["cloud_provider"], "to": "moon"},
    ):
        exchange = play.call("connect with a wrong field", "connect", bodies.encode(mistakes.apply(right, mistake)))
        play.remember(exchange, person)
    for name in ("absent", "suffix", "bearer"):
        if name not in play.context.alike:
            exchange = play.call("connect with wrong credentials", "connect", text, authorization=name)
            play.remember(exchange, person)
    if config.offers("test_connection"):
        play.test_connection(connection, _anything)
        play.test_connection(unknown, _anything, kind="test-connection of an unknown id")
    if config.offers("delete_connection"):
        play.delete_connection(unknown, _anything, kind="delete-connection of an unknown id")
        play.delete_connection(connection, _anything)
    if config.offers("delete_account"):
        play.delete_account(person, _anything, kind="delete-account of another domain")
    if config.offers("expire_account"):
        play.expire_account(person, _anything, kind="expire-account of another domain")


def _anything(_exchange: Exchange) -> list[Violation]:
    return []


def _plan_connect(play: Play, person: Person, kind: str) -> Exchange:
    return play.plan(kind, "connect", play.connect_body(person, None, {}))


def _plan_sign_in(play: Play, connection: Connection, kind: str) -> Exchange:
    return play.plan(kind, "connect", play.connect_body(connection.person, connection.id, {}))


def different_users_at_once(play: Play) -> None:
    """Different users of different companies connect at the same moment, then sign in at the same moment."""
    config = play.config
    people = [play.person(f"user {number}") for number in range(TOGETHER)]
    answers = play.send_together(
        [_plan_connect(play, person, "first connect among others at once") for person in people]
    )
    made: list[Connection] = []
    for person, answer in zip(people, answers, strict=True):
        play.judge(answer, connect.new_connection(answer, config, brand_new=True))
        play.remember(answer, person)
        ident = connection_id(answer)
        if ident is not None:
            made.append(Connection(ident, person, answer))
    play.add(connect.separate(answers))
    if made:
        answers = play.send_together(
            [_plan_sign_in(play, connection, "sign-in among others at once") for connection in made]
        )
        for answer in answers:
            play.judge(answer, connect.sign_in(answer, config))
    for connection in made:
        play.sign_in(
            connection,
            expect=lambda answer: connect.sign_in(answer, config, requirement="concurrent"),
            kind="sign-in after connecting among others",
        )
    if config.offers("delete_connection") and len(made) > 1:
        half = made[: len(made) // 2]
        plans = [
            play.plan(
                "delete-connection among others at once",
                "delete_connection",
                bodies.encode(bodies.delete_connection_body(config, each.person, each.id)),
            )
            for each in half
        ]
        for connection, answer in zip(half, play.send_together(plans), strict=True):
            play.judge(answer, lifecycle.deletion(answer, config))
            if answer.status == 200:
                play.forget(connection.id)
        for connection in made[len(made) // 2 :]:
            play.sign_in(
                connection,
                expect=lambda answer: connect.sign_in(answer, config, requirement="delete-reach"),
                kind="sign-in after others were deleted at once",
            )


def double_click(play: Play) -> None:
    """The same first connect several times at the same moment."""
    config = play.config
    for number in range(2):
        person = play.person(f"user {number}")
        answers = play.send_together([_plan_connect(play, person, "the same first connect at once") for _ in range(3)])
        for answer in answers:
            play.judge(answer, connect.new_connection(answer, config))
            play.remember(answer, person)
        play.judge(answers[-1], connect.separate(answers))
        made = [Connection(ident, person, answer) for answer in answers if (ident := connection_id(answer)) is not None]
        if made:
            signed = [
                play.sign_in(
                    each,
                    expect=lambda answer: [] if answer.status == 404 else connect.sign_in(answer, config),
                    kind="sign-in after a double click",
                )
                for each in made
            ]
            if not config.manual_signup and all(answer.status == 404 for answer in signed):
                play.judge(signed[-1], connect.sign_in(signed[-1], config, requirement="concurrent"))


def one_connection_at_once(play: Play) -> None:
    """Several sign-ins on one connection at the same moment."""
    connection = play.first_connect(play.person(), visit=False)
    for answer in play.send_together(
        [_plan_sign_in(play, connection, "the same sign-in at once") for _ in range(TOGETHER)]
    ):
        play.judge(answer, connect.sign_in(answer, play.config))


def repeated_sign_in(play: Play) -> None:
    """The same sign-in again and again, on connections to the server that are kept and that are new."""
    connection = play.first_connect(play.person(), visit=False)
    answers: list[Exchange] = []
    for number in range(ROUNDS[play.context.profile]):
        fresh = number % 2 == 1
        kind = "sign-in on a new TCP connection" if fresh else "sign-in again"
        requirement = "connection-independent" if fresh else "answers-steady"
        expect = partial(connect.sign_in, config=play.config, requirement=requirement)
        answers.append(play.sign_in(connection, expect=expect, kind=kind, fresh_connection=fresh))
    # What the first sign-in changed may show in the second; from then on nothing changes any more.
    play.add(connect.steady(answers[1:]))


def repeated_connect(play: Play) -> None:
    """Connect and delete again and again, as a user does who tries out."""
    person = play.person()
    seen: list[Exchange] = []
    for number in range(ROUNDS[play.context.profile] // 2):
        connection = play.first_connect(
            person,
            kind="first connect of a user who tries again" if number else "first connect",
            visit=False,
            fresh_connection=number % 2 == 1,
        )
        seen.append(connection.exchange)
        play.judge(connection.exchange, connect.separate(seen))
        play.sign_in(connection)
        if play.config.offers("delete_connection"):
            play.delete_connection(connection)


def many_connections(play: Play) -> None:
    """More connections than fit a small cache or pool, then the first ones again."""
    count = ROUNDS[play.context.profile] * 3 // 2
    made = [play.first_connect(play.person(f"user {number}"), visit=False) for number in range(count)]
    play.judge(made[-1].exchange, connect.separate([each.exchange for each in made]))
    for connection in made[:4]:
        play.sign_in(
            connection,
            expect=lambda answer: connect.sign_in(answer, play.config, requirement="answers-steady"),
            kind="sign-in after many other connections",
        )


def many_users(play: Play) -> None:
    """Several new users on one connection, each a user of their own, and the first one unchanged."""
    config = play.config
    first = play.person("first")
    connection = play.first_connect(first, visit=False)
    for number in range(3):
        guest = play.person(f"guest {number}", first.domain, first.workspace)
        play.sign_in(connection, guest, lambda answer: connect.new_user(answer, config), kind="new user's sign-in")
        play.sign_in(
            connection,
            expect=lambda answer: connect.sign_in(answer, config, requirement="answers-steady"),
            kind="sign-in after a new user's",
        )


OPERATION = (
    Case(
        "X100", "No secret in any answer", "security",
        "A walk through all endpoints with right and wrong requests → no token, secret, password, stack trace or foreign data in a redirect, a body, a header or an error. Every other case looks for them too.",
        "API specification, ErrorResponse", ("secrets-kept", "others-data-kept", "internals-kept", "internals-debugging", "redirect-absolute", "redirect-allowed"), secrets, weight=24,
    ),
    Case("C100", "Different users at the same time", "concurrency", "Several users connect, sign in and delete at the same moment → each gets what is theirs.", "API specification, What connect means", ("concurrent", "connections-separate", "others-data-kept", "delete-reach"), different_users_at_once, weight=40),
    Case("C110", "A double click", "concurrency", "The same first connect at the same moment → valid connections, separate from each other, of which one works.", "API specification, What connect means", ("concurrent", "connections-separate"), double_click, weight=18),
    Case("C120", "One connection, several sign-ins at once", "concurrency", "The same sign-in at the same moment → valid each time.", "API specification, What connect means", ("concurrent", "sign-in"), one_connection_at_once, weight=11),
    Case("T100", "The same sign-in again and again", "steadiness", "Sign-ins on one connection over kept and new TCP connections → the same answer each time.", "API specification, What connect means", ("answers-steady", "connection-independent", "sign-in"), repeated_sign_in, weight=11),
    Case("T110", "Connecting and deleting again and again", "steadiness", "The same user connects, signs in and deletes several times → valid each time.", "API specification, What connect means", ("connections-separate", "first-connect", "sign-in", "connect-after-delete"), repeated_connect, weight=14),
    Case("T120", "Many connections", "steadiness", "More connections than a small cache holds, then the first ones again → valid.", "API specification, What connect means", ("answers-steady", "connections-separate"), many_connections, weight=40),
    Case("T130", "Several new users on one connection", "steadiness", "New users sign in on one connection, the first user in between → each as new_user_action says.", "API specification, New users on an established connection", ("new-user-action", "answers-steady"), many_users, weight=8),
)  # fmt: skip
