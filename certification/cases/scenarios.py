"""Databricks' own automated cases, P100 to P900, and the three without a number.

Source: Test cases.  Each script reads like the row of the table.
"""

from __future__ import annotations

from certification.cases.case import Case, both, offers
from certification.cases.play import Connection, Play, only_if
from certification.checks import bad_requests, connect, lifecycle
from certification.checks import connectors as connector_list
from certification.config.partner import PartnerConfig
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Violation

CONNECT = (
    "first-connect",
    "connection-model",
    "connection-id-rule",
    "resources-configured",
    "redirect-value",
    "redirect-absolute",
    "redirect-allowed",
    "redirect-answers",
    "oauth-redirect",
    "oauth-redirect-needless",
    "content-type",
    "body-json",
    "body-readable",
    "answer-arrives",
    "answer-direct",
    "answer-in-time",
    "null-as-absent",
    "body-unambiguous",
)
SIGN_IN = (
    "sign-in",
    "sign-in-configures-nothing",
    "sign-in-manual",
    "known-user-existing",
    "known-account-active",
    "not-expired",
)
DELETED = "the partner answered {}, not resources_deleted, so the connection may go on existing (ruling 7)"
MAX_PAGES = 60


def deletes(config: PartnerConfig) -> str:
    """Whether the partner offers delete-connection."""
    return offers("delete_connection")(config)


def p100(play: Play) -> None:
    """First connect of a new user of a new company in a new workspace."""
    play.first_connect(
        play.person(),
        lambda answer: connect.new_connection(answer, play.config, redirect_values=("create_trial",), brand_new=True),
    )


def p300(play: Play) -> None:
    """P100, then the same user signs in."""
    connection = play.first_connect(play.person())
    play.sign_in(connection, visit=True)


def p302(play: Play) -> None:
    """A second, new user of the same company signs in on the first user's connection."""
    first = play.person("first")
    connection = play.first_connect(first)
    second = play.person("second", first.domain, first.workspace)
    play.sign_in(
        connection, second, lambda answer: connect.new_user(answer, play.config), kind="new user's sign-in", visit=True
    )


def p400(play: Play) -> None:
    """First connect twice with the same request."""
    person = play.person()
    first = play.first_connect(person)
    second = play.first_connect(person, kind="repeated first connect")
    play.judge(second.exchange, connect.separate([first.exchange, second.exchange]))


def p401(play: Play) -> None:
    """First connect, delete-connection, first connect again."""
    person = play.person()
    connection = play.first_connect(person)
    play.delete_connection(connection)
    again = play.first_connect(person, kind="first connect after deletion")
    play.judge(again.exchange, connect.separate([connection.exchange, again.exchange]))


def p402(play: Play) -> None:
    """First connect, delete-connection, sign-in with the old id."""
    connection = _deleted(play)
    play.sign_in(
        connection,
        expect=lambda answer: connect.unknown_connection(answer, "deleted-is-gone"),
        kind="sign-in after deletion",
    )


def p403(play: Play) -> None:
    """First connect as a user of the test domain, delete-account of that domain, first connect."""
    person = play.test_person()
    connection = play.tester_connect(person)
    play.delete_account(person)
    play.forget(connection.id)
    again = play.first_connect(
        person, lambda answer: connect.forgotten(answer, play.config), kind="first connect after delete-account"
    )
    play.judge(again.exchange, connect.separate([connection.exchange, again.exchange]))


def p404(play: Play) -> None:
    """First connect as a user of the test domain, delete-account, sign-in."""
    person = play.test_person()
    connection = play.tester_connect(person)
    play.delete_account(person)
    play.forget(connection.id)
    play.sign_in(
        connection,
        expect=lambda answer: connect.unknown_connection(answer, "delete-account"),
        kind="sign-in after delete-account",
    )


def p405(play: Play) -> None:
    """First connect as a user of a domain that is no test domain, delete-account of it; the connection still works."""
    person = play.person()
    connection = play.first_connect(person)
    play.delete_account(person, lifecycle.hook_refused, kind="delete-account of another domain")
    play.sign_in(
        connection,
        expect=lambda answer: connect.sign_in(answer, play.config, requirement="delete-account-reach"),
        kind="sign-in after a refused delete-account",
    )


def p501(play: Play) -> None:
    """First connect as a user of the test domain, expire-account, sign-in."""
    person = play.test_person()
    connection = play.tester_connect(person)
    play.expire_account(person)
    play.sign_in(
        connection,
        expect=lambda answer: connect.expired_sign_in(answer, play.config),
        kind="sign-in after expiry",
        visit=True,
    )


def p502(play: Play) -> None:
    """As P501, then a second new user of the company signs in."""
    first = play.test_person("first")
    connection = play.tester_connect(first)
    play.expire_account(first)
    play.sign_in(
        connection, expect=lambda answer: connect.expired_sign_in(answer, play.config), kind="sign-in after expiry"
    )
    second = play.test_person("second", first.workspace)
    account = play.config.trial_type == "account"
    answer = play.sign_in(
        connection,
        second,
        lambda answer: connect.new_user(answer, play.config, expired=account),
        kind="new user's sign-in after expiry",
    )
    if not play.config.manual_signup:
        play.judge(answer, connect.account_status_after_expiry(answer, play.config))


def p600(play: Play) -> None:
    """One user in two workspaces; the first workspace's connection still signs in afterwards."""
    person = play.person(workspace=play.workspace("one"))
    one = play.first_connect(person)
    play.sign_in(one)
    two = play.first_connect(person.at(play.workspace("two")), kind="first connect in a second workspace")
    play.judge(two.exchange, connect.separate([one.exchange, two.exchange]))
    play.sign_in(two, kind="sign-in in the second workspace")
    play.sign_in(
        one,
        expect=lambda answer: connect.sign_in(answer, play.config, requirement="workspaces-separate"),
        kind="sign-in in the first workspace afterwards",
    )


def p700(play: Play) -> None:
    """Two users of one company in one workspace: demo connect, sign-in, demo connect again."""
    first = play.person("first")
    second = play.person("second", first.domain, first.workspace)
    made: list[Exchange] = []
    for person in (first, second, first):
        again = person is first and bool(made)
        kind = (
            "repeated demo first connect"
            if again
            else "demo first connect"
            if not made
            else "second user's demo first connect"
        )
        connection = play.first_connect(
            person, lambda answer: connect.demo_connection(answer, play.config), kind=kind, demo=True, visit=not made
        )
        made.append(connection.exchange)
        play.sign_in(connection, expect=lambda answer: _demo_sign_in(play, answer), kind="demo sign-in")
    play.judge(made[-1], connect.separate(made))


def p800(play: Play) -> None:
    """First connect, test-connection."""
    play.test_connection(play.first_connect(play.person()))


def p801(play: Play) -> None:
    """First connect, delete-connection, test-connection."""
    play.test_connection(_deleted(play), lifecycle.test_of_unknown, kind="test-connection after deletion")


def p900(play: Play) -> None:
    """All pages of the connector list, beginning with an empty token."""
    pages = [play.list_connectors("", connector_list.page, kind="first page of connectors")]
    tokens = set[str]()
    while (
        (token := connector_list.next_token(pages[-1])) is not None and token not in tokens and len(pages) < MAX_PAGES
    ):
        tokens.add(token)
        pages.append(play.list_connectors(token, connector_list.page, kind="next page of connectors"))
    play.add(connector_list.walk(pages, ended=connector_list.next_token(pages[-1]) is None))


def e100(play: Play) -> None:
    """First connect with a wrong password."""
    play.try_first_connect(
        play.person(),
        bad_requests.unauthorized,
        kind="first connect with a wrong password",
        authorization="wrong-password",
    )


def r100(play: Play) -> None:
    """First connect with a cluster instead of a warehouse."""
    play.first_connect(play.person(), kind="first connect with a cluster", shape={"resource": "cluster"})


def f100(play: Play) -> None:
    """The config was checked before the run began; a run with a broken one does not get here."""
    play.fire("config")


def _deleted(play: Play) -> Connection:
    connection = play.first_connect(play.person())
    status = lifecycle.resource_status(play.delete_connection(connection))
    only_if(status == "resources_deleted", DELETED.format(status or "no resource_status"))
    return connection


def _demo_sign_in(play: Play, answer: Exchange) -> list[Violation]:
    # The case asks for a valid sign-in, the demo flag for the new-trial flow "always": a user who is still called new
    # is no surprise here, and with manual sign-up both the sign-in and the 404 stand to reason.
    manual = play.config.manual_signup and answer.status == 404
    if manual or not play.config.manual_signup:
        return connect.sign_in(answer, play.config, known_user=False, known_account=False)
    return connect.plain_sign_in(answer, play.config)


def _trial(config: PartnerConfig) -> str:
    return "" if config.trial_type else "the config has no trial_type"


def _demo(config: PartnerConfig) -> str:
    return "" if config.supports_demo else "the config does not say supports_demo"


def ingest(config: PartnerConfig) -> str:
    """Whether the partner must list connectors."""
    if config.category != "INGEST":
        return f"the connector list is for category INGEST; the config says {config.category}"
    return offers("list_connectors")(config)


def _cluster(config: PartnerConfig) -> str:
    return "" if "InteractiveCluster" in config.resources else "the config does not provision an InteractiveCluster"


SCENARIOS = (
    Case(
        "F100",
        "The partner config is valid",
        "config",
        "The config itself: at least one of data_permissions and object_permissions, all enums valid.",
        "Test cases · config",
        ("config-valid",),
        f100,
        weight=0,
    ),
    Case(
        "P100",
        "New user, new company, new workspace",
        "create",
        "First connect → a valid new connection with create_trial.",
        "Test cases · P100",
        (*CONNECT, "new-is-new"),
        p100,
        weight=3,
    ),
    Case(
        "P300",
        "The same user signs in",
        "sign in",
        "P100, then the same user signs in → a valid sign-in.",
        "Test cases · P300",
        (*CONNECT, *SIGN_IN),
        p300,
        weight=5,
    ),
    Case(
        "P302",
        "A new user of the same company signs in",
        "sign in",
        "A second, new user of the company signs in on the first user's connection → as new_user_action says.",
        "Test cases · P302",
        (
            "new-user-action",
            "sign-in-configures-nothing",
            "known-account-active",
            "not-expired",
            "sign-in-manual",
            "redirect-answers",
        ),
        p302,
        weight=5,
    ),
    Case(
        "P400",
        "First connect again after deletion at Databricks",
        "delete",
        "First connect twice with the same request → two valid new connections, the second separate from the first.",
        "Test cases · P400",
        (*CONNECT, "connections-separate"),
        p400,
        weight=6,
    ),
    Case(
        "P401",
        "First connect after delete-connection",
        "delete",
        "First connect, delete-connection, first connect again → a valid new connection.",
        "Test cases · P401",
        ("delete-connection", "connect-after-delete", "connections-separate", "first-connect"),
        p401,
        deletes,
        weight=6,
    ),
    Case(
        "P402",
        "A deleted connection is unknown",
        "delete",
        "First connect, delete-connection, sign-in with the old id → 404 connection_not_found.",
        "Test cases · P402; ruling 7",
        ("deleted-is-gone",),
        p402,
        deletes,
        weight=4,
    ),
    Case(
        "P403",
        "First connect after delete-account",
        "delete",
        "First connect as a user of databricks-test.com, delete-account of that domain, first connect → a valid new connection.",
        "Test cases · P403",
        ("delete-account", "connections-separate", "first-connect"),
        p403,
        offers("delete_account"),
        shared_domain=True,
        weight=6,
    ),
    Case(
        "P404",
        "A deleted account's connection is unknown",
        "delete",
        "First connect as a user of databricks-test.com, delete-account, sign-in → 404 connection_not_found.",
        "Test cases · P404",
        ("delete-account",),
        p404,
        offers("delete_account"),
        shared_domain=True,
        weight=4,
    ),
    Case(
        "P405",
        "delete-account refuses other domains",
        "delete",
        "First connect as a user of a domain that is no test domain, delete-account of it → 400 bad_request, and the connection still works.",
        "Test cases · P405",
        ("hooks-test-domains-only", "delete-account-reach"),
        p405,
        offers("delete_account"),
        weight=5,
    ),
    Case(
        "P501",
        "An expired user signs in",
        "expired",
        "First connect as a user of databricks-test.com, expire-account, sign-in → account_status expired, purchase_product.",
        "Test cases · P501",
        ("expire-account",),
        p501,
        offers("expire_account"),
        shared_domain=True,
        weight=6,
    ),
    Case(
        "P502",
        "A second user signs in after the first expired",
        "expired",
        "As P501, then a second new user of the company signs in → account_status active with trial_type user, expired with account (and as new_user_action says).",
        "Test cases · P502",
        ("expire-account", "expire-reach", "new-user-action"),
        p502,
        both(offers("expire_account"), _trial),
        shared_domain=True,
        weight=6,
    ),
    Case(
        "P600",
        "One user in two workspaces",
        "workspaces",
        "First connect and sign-in in workspace one, the same in workspace two → all valid; the first workspace's connection still signs in afterwards.",
        "Test cases · P600",
        ("workspaces-separate", "connections-separate", "first-connect", "sign-in"),
        p600,
        weight=9,
    ),
    Case(
        "P700",
        "The demo flag always starts a new trial",
        "demo",
        "Two users of one company in one workspace, each: first connect with demo → create_trial, new, new; then a valid sign-in; repeated for the same user it is new again.",
        "Test cases · P700",
        ("demo-always-new", "connections-separate", "sign-in"),
        p700,
        _demo,
        weight=11,
    ),
    Case(
        "P800",
        "test-connection of a working connection",
        "test connection",
        "First connect, test-connection → 200, every result PASS or FAIL with a name.",
        "Test cases · P800",
        ("test-connection", "test-results-there"),
        p800,
        offers("test_connection"),
        weight=4,
    ),
    Case(
        "P801",
        "test-connection of a deleted connection",
        "test connection",
        "First connect, delete-connection, test-connection → 404 connection_not_found.",
        "Test cases · P801",
        ("test-unknown",),
        p801,
        offers("test_connection", "delete_connection"),
        weight=4,
    ),
    Case(
        "P900",
        "The connector list",
        "connectors",
        "All pages of the connector list → 200, not empty, every connector valid; pages end, differ, and follow the token.",
        "Test cases · P900; rulings 8 and 15",
        ("connectors", "connectors-paging", "connectors-known"),
        p900,
        ingest,
        weight=6,
    ),
    Case(
        "E100",
        "Wrong credentials are refused",
        "errors",
        "First connect with a wrong password → 401 unauthorized.",
        "Test cases · errors",
        ("credentials-required", "error-model", "error-reason-fits"),
        e100,
        weight=1,
    ),
    Case(
        "R100",
        "A cluster instead of a warehouse",
        "resources",
        "First connect with an interactive cluster instead of a SQL warehouse → a valid new connection.",
        "Test cases · resources",
        (*CONNECT, "models-tolerant"),
        r100,
        _cluster,
        weight=3,
    ),
)
