"""Databricks' own automated cases about connecting and signing in, and the three without a number.

Source: Test cases.  Each script reads like the row of the table that stands under it.
"""

from __future__ import annotations

from certification.cases.case import Case, cluster, demo
from certification.cases.play import Play
from certification.checks import bad_requests, connect, several
from certification.checks.config import config_valid
from certification.checks.connect import BRAND_NEW, SignIn
from certification.databricks.actions import Options
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Observation
from certification.evidence.steps import When

CONNECT = (
    "first-connect",
    "connection-model",
    "connection-id-rule",
    "resources-configured",
    "redirect-value",
    "redirect-absolute",
    "redirect-allowed",
    "redirect-answers",
    "content-type",
    "body-json",
)
SIGN_IN = ("sign-in", "sign-in-configures-nothing", "known-user-existing", "known-account-active", "not-expired")


def f100(play: Play) -> None:
    """The config was checked before the run began; here it is looked at once more, for the record."""
    play.add(config_valid(play.config))
    play.fire("config")


F100 = Case(
    "F100",
    "The partner config is valid",
    "config",
    "The config itself: at least one of data_permissions and object_permissions, all enums valid.",
    "Test cases · config",
    ("config-valid",),
    f100,
    weight=0,
)


def p100(play: Play) -> None:
    """First connect of a new user of a new company in a new workspace; its page answers a plain GET."""
    person = play.person()
    exchange = play.try_first_connect(person, BRAND_NEW)
    play.visit(exchange, browser=False)
    play.connection(exchange, person)


P100 = Case(
    "P100",
    "New user, new company, new workspace",
    "create",
    "First connect → a valid new connection with create_trial.",
    "Test cases · P100",
    (*CONNECT, "new-is-new"),
    p100,
    weight=3,
)


def p300(play: Play) -> None:
    """P100, then the same user signs in."""
    connection = play.first_connect(play.person())
    play.sign_in(connection, visit=True)


P300 = Case(
    "P300",
    "The same user signs in",
    "sign in",
    "P100, then the same user signs in → a valid sign-in.",
    "Test cases · P300",
    (*CONNECT, *SIGN_IN),
    p300,
    weight=5,
)


def p302(play: Play) -> None:
    """A second, new user of the same company signs in on the first user's connection."""
    first = play.person("first")
    connection = play.first_connect(first)
    play.new_user_signs_in(connection, play.person("second", first.domain, first.workspace), visit=True)


P302 = Case(
    "P302",
    "A new user of the same company signs in",
    "sign in",
    "A second, new user of the company signs in on the first user's connection → as new_user_action says.",
    "Test cases · P302",
    ("new-user-action", "sign-in-configures-nothing", "known-account-active", "not-expired"),
    p302,
    weight=5,
)


def p400(play: Play) -> None:
    """First connect twice with the same request."""
    person = play.person()
    first = play.first_connect(person)
    second = play.first_connect(person, when=When.REPEATED)
    play.add(several.separate([first.exchange, second.exchange]))


P400 = Case(
    "P400",
    "First connect again after deletion at Databricks",
    "delete",
    "First connect twice with the same request → two valid new connections, the second separate from the first.",
    "Test cases · P400",
    (*CONNECT, "connections-separate"),
    p400,
    weight=6,
)


def p600(play: Play) -> None:
    """One user in two workspaces; the first workspace's connection still signs in afterwards."""
    person = play.person(workspace=play.workspace("one"))
    one = play.first_connect(person)
    play.sign_in(one)
    two = play.first_connect(person.at(play.workspace("two")), when=When.SECOND_WORKSPACE)
    play.add(several.separate([one.exchange, two.exchange]))
    play.sign_in(two, when=When.SECOND_WORKSPACE)
    play.sign_in(one, expect=SignIn("workspaces-separate"), when=When.FIRST_WORKSPACE_AFTERWARDS)


P600 = Case(
    "P600",
    "One user in two workspaces",
    "workspaces",
    "First connect and sign-in in workspace one, the same in workspace two → all valid; the first workspace's connection still signs in afterwards.",
    "Test cases · P600",
    ("workspaces-separate", "connections-separate", "first-connect", "sign-in"),
    p600,
    weight=9,
)


def p700(play: Play) -> None:
    """Two users of one company in one workspace: demo connect, sign-in, demo connect again."""
    first = play.person("first")
    second = play.person("second", first.domain, first.workspace)
    made: list[Exchange] = []
    turns = ((first, When.DEMO), (second, When.DEMO_SECOND_USER), (first, When.DEMO_REPEATED))
    for person, when in turns:
        connection = play.first_connect(
            person,
            lambda answer: connect.demo_connection(answer, play.config),
            when=when,
            visit=not made,
            options=Options(demo=True),
        )
        made.append(connection.exchange)
        # The flag may stand on the sign-in too: it signs in all the same.
        options = Options(demo=person is second)
        play.sign_in(connection, expect=lambda answer: _demo_sign_in(play, answer), when=When.DEMO, options=options)
    play.add(several.separate(made))
    if play.config.offers("test_connection"):
        play.test_connection(connection, when=When.DEMO)
    if play.config.offers("delete_connection"):
        play.delete_connection(connection, when=When.DEMO)


def _demo_sign_in(play: Play, answer: Exchange) -> list[Observation]:
    # The case asks for a valid sign-in, the demo flag for the new-trial flow "always": a user who is still called new
    # is no surprise here, and with manual sign-up both the sign-in and the 404 stand to reason.
    manual = play.config.manual_signup and answer.status == 404
    if manual or not play.config.manual_signup:
        return connect.sign_in(answer, play.config, SignIn(known_user=False, known_account=False))
    return connect.plain_sign_in(answer, play.config, SignIn(known_user=False, known_account=False))


P700 = Case(
    "P700",
    "The demo flag always starts a new trial",
    "demo",
    "Two users of one company in one workspace, each: first connect with demo → create_trial, new, new; then a valid sign-in; repeated for the same user it is new again.",
    "Test cases · P700",
    ("demo-always-new", "connections-separate", "sign-in"),
    p700,
    demo,
    weight=11,
)


def e100(play: Play) -> None:
    """First connect with a wrong password."""
    play.try_first_connect(
        play.person(),
        bad_requests.unauthorized,
        when=When.WRONG_CREDENTIALS,
        options=Options(authorization="wrong-password"),
    )


E100 = Case(
    "E100",
    "Wrong credentials are refused",
    "errors",
    "First connect with a wrong password → 401 unauthorized.",
    "Test cases · errors",
    ("credentials-required", "error-model", "error-reason-fits"),
    e100,
    weight=1,
)


def r100(play: Play) -> None:
    """First connect with a cluster instead of a warehouse."""
    play.first_connect(play.person(), BRAND_NEW, when=When.CLUSTER, options=Options(shape={"resource": "cluster"}))


R100 = Case(
    "R100",
    "A cluster instead of a warehouse",
    "resources",
    "First connect with an interactive cluster instead of a SQL warehouse → a valid new connection.",
    "Test cases · resources",
    (*CONNECT,),
    r100,
    cluster,
    weight=3,
)

SCENARIOS_CONNECT = (F100, P100, P300, P302, P400, P600, P700, E100, R100)
