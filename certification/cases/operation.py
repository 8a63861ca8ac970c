"""How the partner behaves in operation: secrets, requests at the same time, answers that stay the same.

Source: API specification, Who calls whom and What connect means.
"""

from __future__ import annotations

from dataclasses import replace

from certification.cases.case import Case
from certification.cases.play import Connection, Play
from certification.checks import connect, lifecycle, several
from certification.checks.connect import BRAND_NEW, EITHER, NewConnection, SignIn
from certification.databricks import requests
from certification.databricks.actions import Options
from certification.databricks.made import connection_id
from certification.databricks.people import Person
from certification.databricks.unknown_ids import resembling
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Observation
from certification.evidence.steps import Act, When
from certification.generate import mistakes
from certification.generate.amounts import AMOUNTS, Amounts


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
    play.sign_in(unknown, expect=_anything, when=When.UNKNOWN_ID)
    right = requests.connect_body(config, play.person("broken"), None)
    text = requests.encode(right)
    for broken in (text[:-1], f"{text} more"):
        play.call(play.actions.plan(Act.FIRST_CONNECT, When.NOT_JSON, "connect", broken))
    for mistake in (
        {"kind": "missing", "at": ["hostname"]},
        {"kind": "wrong type", "at": ["workspace_id"], "to": "x"},
        {"kind": "null", "at": ["user_info"], "to": None},
        {"kind": "wrong value", "at": ["cloud_provider"], "to": "moon"},
    ):
        wrong = requests.encode(mistakes.apply(right, mistake))
        exchange = play.call(play.actions.plan(Act.FIRST_CONNECT, When.WRONG_FIELD, "connect", wrong))
        play.made.remember(exchange, person)
    for name in ("absent", "suffix", "bearer"):
        if name not in play.context.alike:
            options = Options(authorization=name)
            exchange = play.call(play.actions.plan(Act.FIRST_CONNECT, When.WRONG_CREDENTIALS, "connect", text, options))
            play.made.remember(exchange, person)
    if config.offers("test_connection"):
        play.test_connection(connection, _anything)
        play.test_connection(unknown, _anything, when=When.UNKNOWN_ID)
    if config.offers("delete_connection"):
        play.delete_connection(unknown, _anything, when=When.UNKNOWN_ID)
        play.delete_connection(connection, _anything)
    if config.offers("delete_account"):
        play.delete_account(person, _anything, when=When.OTHER_DOMAIN)
    if config.offers("expire_account"):
        play.expire_account(person, _anything, when=When.OTHER_DOMAIN)


def _amounts(play: Play) -> Amounts:
    return AMOUNTS[play.context.profile]


def _anything(_exchange: Exchange) -> list[Observation]:
    return []


def _connect_plan(play: Play, person: Person, when: When) -> Exchange:
    return play.actions.connect(Act.FIRST_CONNECT, person, None, when)


def _sign_in_plan(play: Play, connection: Connection, when: When) -> Exchange:
    return play.actions.connect(Act.SIGN_IN, connection.person, connection.id, when)


def different_users_at_once(play: Play) -> None:
    """Different users of different companies connect at the same moment, then sign in at the same moment."""
    config = play.config
    people = [play.person(f"user {number}") for number in range(_amounts(play).together)]
    answers = play.call_together([_connect_plan(play, person, When.AT_ONCE) for person in people])
    made: list[Connection] = []
    for person, answer in zip(people, answers, strict=True):
        play.add(connect.new_connection(answer, config, replace(BRAND_NEW, requirement="concurrent")))
        play.made.remember(answer, person)
        ident = connection_id(answer)
        if ident is not None:
            made.append(Connection(ident, person, answer))
    play.add(several.separate(answers))
    if made:
        for answer in play.call_together([_sign_in_plan(play, connection, When.AT_ONCE) for connection in made]):
            play.add(connect.sign_in(answer, config, SignIn("concurrent")))
    for connection in made:
        play.sign_in(connection, expect=SignIn("concurrent"), when=When.AFTER_AT_ONCE)
    if config.offers("delete_connection") and len(made) > 1:
        _delete_at_once(play, made[: len(made) // 2])
        for connection in made[len(made) // 2 :]:
            play.sign_in(connection, expect=SignIn("delete-reach"), when=When.AFTER_DELETIONS_AT_ONCE)


def _delete_at_once(play: Play, connections: list[Connection]) -> None:
    plans = [play.actions.delete_connection(each.person, each.id, When.AT_ONCE) for each in connections]
    for connection, answer in zip(connections, play.call_together(plans), strict=True):
        play.add(lifecycle.deletion(answer, play.config, "concurrent"))
        if answer.status == 200:
            play.made.forget(connection.id)


def double_click(play: Play) -> None:
    """The same first connect several times at the same moment; what comes of it stands in no document (ruling 20)."""
    config = play.config
    for number in range(min(2, _amounts(play).rounds // 2)):
        person = play.person(f"user {number}")
        answers = play.call_together([_connect_plan(play, person, When.SAME_AT_ONCE) for _ in range(3)])
        made = []
        for answer in answers:
            play.made.remember(answer, person)
            ident = connection_id(answer)
            if ident is not None:
                made.append(Connection(ident, person, answer))
        signed = [play.sign_in(each, expect=lambda _answer: [], when=When.AFTER_DOUBLE_CLICK) for each in made]
        play.add(several.double_click(answers, signed, manual_signup=config.manual_signup))


def related_at_once(play: Play) -> None:
    """Users of one new company, and users in one workspace, connect at once; others sign in meanwhile (ruling 20)."""
    config = play.config
    known = play.first_connect(play.person("known"), visit=False)
    company = play.ids.company("company")
    colleagues = [play.person(f"colleague {number}", company) for number in range(3)]
    place = play.workspace("place")
    neighbours = [play.person(f"neighbour {number}", workspace=place) for number in range(2)]
    guests = [*colleagues, *neighbours]
    plans = [_connect_plan(play, person, When.RELATED_AT_ONCE) for person in guests]
    plans += [_sign_in_plan(play, known, When.RELATED_AT_ONCE) for _ in range(2)]
    answers = play.call_together(plans)
    # A colleague may be sent to the account's admin, and a neighbour may take the place of another.
    expected = NewConnection("concurrent", redirects=(), must_configure=False)
    for person, answer in zip(guests, answers, strict=False):
        play.add(connect.new_connection(answer, config, expected))
        play.made.remember(answer, person)
    for answer in answers[len(guests) :]:
        play.add(connect.sign_in(answer, config, SignIn("concurrent")))
    play.add(several.separate(answers[: len(guests)]))


def one_connection_at_once(play: Play) -> None:
    """Several sign-ins on one connection at the same moment."""
    connection = play.first_connect(play.person(), visit=False)
    for answer in play.call_together(
        [_sign_in_plan(play, connection, When.SAME_AT_ONCE) for _ in range(_amounts(play).together)]
    ):
        play.add(connect.sign_in(answer, play.config, SignIn("concurrent")))


def repeated_sign_in(play: Play) -> None:
    """The same sign-in again and again, on connections to the server that are kept and that are new."""
    connection = play.first_connect(play.person(), visit=False)
    answers: list[Exchange] = []
    for number in range(_amounts(play).rounds):
        fresh = number % 2 == 1
        answers.append(
            play.sign_in(
                connection,
                expect=SignIn("connection-independent" if fresh else "answers-steady"),
                when=When.NEW_TCP_CONNECTION if fresh else When.AGAIN,
                options=Options(fresh_connection=fresh),
            )
        )
    # What the first sign-in changed may show in the second; from then on nothing changes any more.
    play.add(several.steady(answers[1:]))


def repeated_connect(play: Play) -> None:
    """Connect and delete again and again, as a user does who tries out."""
    person = play.person()
    seen: list[Exchange] = []
    for number in range(_amounts(play).rounds // 2):
        deletes = play.config.offers("delete_connection")
        connection = play.first_connect(
            person,
            NewConnection("connect-after-delete" if number and deletes else "first-connect"),
            when=When.AGAIN if number else When.PLAIN,
            visit=False,
            options=Options(fresh_connection=number % 2 == 1),
        )
        seen.append(connection.exchange)
        play.add(several.separate(seen))
        play.sign_in(connection)
        if play.config.offers("delete_connection"):
            play.delete_connection(connection)


def many_connections(play: Play) -> None:
    """More connections than fit a small cache or pool, then the first ones again."""
    count = _amounts(play).rounds * 3 // 2
    made = [play.first_connect(play.person(f"user {number}"), visit=False) for number in range(count)]
    play.add(several.separate([each.exchange for each in made]))
    for connection in made[:4]:
        play.sign_in(connection, expect=SignIn("answers-steady"), when=When.AFTER_MANY_CONNECTS)


def many_workspaces(play: Play) -> None:
    """One user in four workspaces, and a colleague in a fifth; deleting one connection leaves the others alone."""
    person = play.person(workspace=play.workspace("workspace 0"))
    made = [play.first_connect(person, visit=False)]
    for number in range(1, 4):
        there = person.at(play.workspace(f"workspace {number}"))
        made.append(play.first_connect(there, when=When.SECOND_WORKSPACE, visit=False))
    play.add(several.separate([each.exchange for each in made]))
    colleague = play.person("colleague", person.domain)
    answer = play.try_first_connect(colleague, NewConnection(redirects=(), must_configure=False), when=When.COLLEAGUE)
    ident = connection_id(answer)
    if ident is not None:
        made.append(Connection(ident, colleague, answer))
    for each in made:
        play.sign_in(each, expect=SignIn("workspaces-separate", redirects=EITHER), when=When.AFTER_MANY_CONNECTS)
    if play.config.offers("delete_connection"):
        play.delete_connection(made[1])
        for each in (made[0], *made[2:]):
            play.sign_in(each, expect=SignIn("delete-reach", redirects=EITHER), when=When.AFTER_OTHER_DELETION)


def many_users(play: Play) -> None:
    """Several new users on one connection, each a user of their own, and the first one unchanged."""
    first = play.person("first")
    connection = play.first_connect(first, visit=False)
    for number in range(3):
        guest = play.person(f"guest {number}", first.domain, first.workspace)
        play.new_user_signs_in(connection, guest)
        play.sign_in(connection, expect=SignIn("answers-steady"), when=When.AFTER_NEW_USER)


OPERATION = (
    Case(
        "X100", "No secret in any answer", "security",
        "A walk through all endpoints with right and wrong requests → no token, secret, password, stack trace or foreign data in a redirect, a body, a header or an error. Every other case looks for them too.",
        "API specification, ErrorResponse", ("secrets-kept", "others-data-kept", "internals-kept", "internals-debugging", "redirect-absolute", "redirect-allowed"), secrets, weight=24,
    ),
    Case("C100", "Different users at the same time", "concurrency", "Several users connect, sign in and delete at the same moment → each gets what is theirs.", "API specification, What connect means", ("concurrent", "connections-separate", "others-data-kept", "delete-reach"), different_users_at_once, weight=40),
    Case("C110", "A double click", "concurrency", "The same first connect at the same moment → valid connections, separate from each other, of which one works.", "API specification, What connect means", ("concurrent", "connections-separate"), double_click, weight=18),
    Case("C120", "One connection, several sign-ins at once", "concurrency", "The same sign-in at the same moment → valid each time.", "API specification, What connect means", ("concurrent", "sign-in"), one_connection_at_once, weight=11),
    Case("C130", "Related users at the same time", "concurrency", "Users of one new company, and users in one workspace, connect at the same moment while another signs in → valid each time.", "Ruling 20", ("concurrent", "connections-separate"), related_at_once, weight=9),
    Case("T100", "The same sign-in again and again", "steadiness", "Sign-ins on one connection over kept and new TCP connections → the same answer each time.", "API specification, What connect means", ("answers-steady", "connection-independent", "sign-in"), repeated_sign_in, weight=11),
    Case("T110", "Connecting and deleting again and again", "steadiness", "The same user connects, signs in and deletes several times → valid each time.", "API specification, What connect means", ("connections-separate", "first-connect", "sign-in", "connect-after-delete"), repeated_connect, weight=14),
    Case("T120", "Many connections", "steadiness", "More connections than a small cache holds, then the first ones again → valid.", "API specification, What connect means", ("answers-steady", "connections-separate"), many_connections, weight=40),
    Case("T125", "One user in many workspaces", "steadiness", "One user connects in four workspaces, a colleague in a fifth; one connection is deleted → all others work.", "API specification, What connect means", ("workspaces-separate", "connections-separate", "delete-reach"), many_workspaces, weight=17),
    Case("T130", "Several new users on one connection", "steadiness", "New users sign in on one connection, the first user in between → each as new_user_action says.", "API specification, New users on an established connection", ("new-user-action", "answers-steady"), many_users, weight=8),
)  # fmt: skip
