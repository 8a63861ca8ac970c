"""Databricks' own automated cases about what comes after connecting: deletion, expiry, tests, connectors.

Source: Test cases.  Each script reads like the row of the table that stands under it.
"""

from __future__ import annotations

from certification.cases.case import Case, both, ingest, offers, trial
from certification.cases.play import Connection, Play, only_if
from certification.checks import connect, connectors, lifecycle, several
from certification.checks.connect import NewConnection, SignIn
from certification.databricks.people import TEST_DOMAIN
from certification.evidence.steps import When

MAX_PAGES = 60


def p401(play: Play) -> None:
    """First connect, delete-connection, first connect again."""
    person = play.person()
    connection = play.first_connect(person)
    play.delete_connection(connection)
    again = play.first_connect(person, NewConnection("connect-after-delete"), when=When.AFTER_DELETION)
    play.add(several.separate([connection.exchange, again.exchange]))


P401 = Case(
    "P401",
    "First connect after delete-connection",
    "delete",
    "First connect, delete-connection, first connect again → a valid new connection.",
    "Test cases · P401",
    ("delete-connection", "connect-after-delete", "connections-separate", "first-connect"),
    p401,
    offers("delete_connection"),
    weight=6,
)


def deleted_connection(play: Play) -> Connection:
    """Return a connection that the partner says is gone; otherwise the case does not apply (ruling 7)."""
    connection = play.first_connect(play.person())
    status = lifecycle.resource_status(play.delete_connection(connection))
    only_if(status == "resources_deleted", "not-deleted-yet", status=status or "no resource_status")
    return connection


def p402(play: Play) -> None:
    """First connect, delete-connection, sign-in with the old id."""
    connection = deleted_connection(play)
    play.sign_in(
        connection,
        expect=lambda answer: connect.unknown_connection(answer, "deleted-is-gone"),
        when=When.AFTER_DELETION,
    )


P402 = Case(
    "P402",
    "A deleted connection is unknown",
    "delete",
    "First connect, delete-connection, sign-in with the old id → 404 connection_not_found.",
    "Test cases · P402; ruling 7",
    ("deleted-is-gone",),
    p402,
    offers("delete_connection"),
    weight=4,
)


def p403(play: Play) -> None:
    """First connect as a user of the test domain, delete-account of that domain, first connect."""
    person = play.test_person()
    connection = play.tester_connect(person)
    play.delete_account(person)
    play.made.forget(connection.id)
    again = play.first_connect(
        person, lambda answer: connect.forgotten(answer, play.config), when=When.AFTER_DELETE_ACCOUNT
    )
    play.add(several.separate([connection.exchange, again.exchange]))
    play.add(several.company_forgotten(connection.exchange, again.exchange))
    play.sign_in(again, when=When.AFTER_DELETE_ACCOUNT)
    if several.company_known(connection.exchange):
        # Earlier runs may have left users of the test domain elsewhere, or delete-account keeps the company: a subdomain that
        # nobody has used tells, where the hook takes it (ruling 12).
        _unused_company(play)


def _unused_company(play: Play) -> None:
    person = play.test_person("newcomer", domain=f"x{play.ids.token('subdomain')}.{TEST_DOMAIN}")
    before = play.try_first_connect(person, NewConnection(must_configure=False))
    deleted = play.delete_account(person, lifecycle.hook_on_nobody)
    if deleted.status == 200:
        after = play.try_first_connect(person, NewConnection(must_configure=False), when=When.AFTER_DELETE_ACCOUNT)
        play.add(several.company_forgotten(before, after))


P403 = Case(
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
)


def p404(play: Play) -> None:
    """First connect as a user of the test domain, delete-account, sign-in."""
    person = play.test_person()
    connection = play.tester_connect(person)
    play.delete_account(person)
    play.made.forget(connection.id)
    play.sign_in(
        connection,
        expect=lambda answer: connect.unknown_connection(answer, "delete-account"),
        when=When.AFTER_DELETE_ACCOUNT,
    )


P404 = Case(
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
)


def p405(play: Play) -> None:
    """First connect as a user of a domain that is no test domain, delete-account of it; the connection still works."""
    person = play.person()
    connection = play.first_connect(person)
    play.delete_account(person, lifecycle.hook_refused, when=When.OTHER_DOMAIN)
    play.sign_in(connection, expect=SignIn("delete-account-reach"), when=When.AFTER_REFUSED_DELETE_ACCOUNT)


P405 = Case(
    "P405",
    "delete-account refuses other domains",
    "delete",
    "First connect as a user of a domain that is no test domain, delete-account of it → 400 bad_request, and the connection still works.",
    "Test cases · P405",
    ("hooks-test-domains-only", "delete-account-reach"),
    p405,
    offers("delete_account"),
    weight=5,
)


def p500(play: Play) -> None:
    """First connect as a user of the test domain, expire-account, first connect."""
    person = play.test_person()
    play.tester_connect(person)
    play.expire_account(person)
    play.try_first_connect(
        person, lambda answer: connect.connection_after_expiry(answer, play.config), when=When.AFTER_EXPIRY
    )


P500 = Case(
    "P500",
    "An expired user connects again",
    "expired",
    "First connect as a user of databricks-test.com, expire-account, first connect → account_status expired; purchase_product or create_trial, configured or not.",
    "Test cases · P500; ruling 24",
    ("expire-account",),
    p500,
    offers("expire_account"),
    shared_domain=True,
    weight=5,
)


def p501(play: Play) -> None:
    """First connect as a user of the test domain, expire-account, sign-in."""
    person = play.test_person()
    connection = play.tester_connect(person)
    play.expire_account(person)
    play.sign_in(
        connection,
        expect=lambda answer: connect.expired_sign_in(answer, play.config),
        when=When.AFTER_EXPIRY,
        visit=True,
    )


P501 = Case(
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
)


def p502(play: Play) -> None:
    """As P501, then a second new user of the company signs in."""
    first = play.test_person("first")
    connection = play.tester_connect(first)
    play.expire_account(first)
    play.sign_in(connection, expect=lambda answer: connect.expired_sign_in(answer, play.config), when=When.AFTER_EXPIRY)
    second = play.test_person("second", first.workspace)
    account = play.config.trial_type == "account"
    answer = play.sign_in(
        connection,
        second,
        lambda answer: connect.new_user(answer, play.config, expired=account),
        when=When.NEW_USER_AFTER_EXPIRY,
    )
    if not play.config.manual_signup:
        play.add(connect.account_status_after_expiry(answer, play.config))


P502 = Case(
    "P502",
    "A second user signs in after the first expired",
    "expired",
    "As P501, then a second new user of the company signs in → account_status active with trial_type user, expired with account (and as new_user_action says).",
    "Test cases · P502",
    ("expire-account", "expire-reach", "new-user-action"),
    p502,
    both(offers("expire_account"), trial),
    shared_domain=True,
    weight=6,
)


def p800(play: Play) -> None:
    """First connect, test-connection."""
    play.test_connection(play.first_connect(play.person()))


P800 = Case(
    "P800",
    "test-connection of a working connection",
    "test connection",
    "First connect, test-connection → 200, every result with a name and a status of the enum.",
    "Test cases · P800; ruling 4",
    ("test-connection", "test-results-there"),
    p800,
    offers("test_connection"),
    weight=4,
)


def p801(play: Play) -> None:
    """First connect, delete-connection, test-connection."""
    play.test_connection(deleted_connection(play), lifecycle.deleted_tested, when=When.AFTER_DELETION)


P801 = Case(
    "P801",
    "test-connection of a deleted connection",
    "test connection",
    "First connect, delete-connection, test-connection → 404 connection_not_found, or 200 with a result FAIL.",
    "Test cases · P801; ruling 18",
    ("test-deleted",),
    p801,
    offers("test_connection", "delete_connection"),
    weight=4,
)


def p820(play: Play) -> None:
    """One user connects in two workspaces; both connections are tested."""
    person = play.person(workspace=play.workspace("one"))
    one = play.first_connect(person, visit=False)
    two = play.first_connect(person.at(play.workspace("two")), when=When.SECOND_WORKSPACE, visit=False)
    play.test_connection(two, when=When.SECOND_WORKSPACE)
    play.test_connection(one, when=When.FIRST_WORKSPACE_AFTERWARDS)


P820 = Case(
    "P820",
    "test-connection of an account's second connection",
    "test connection",
    "One user connects in two workspaces, test-connection of both → 200 with results each.",
    "API specification, What connect means",
    ("test-connection", "test-results-there"),
    p820,
    offers("test_connection"),
    weight=6,
)


def p900(play: Play) -> None:
    """All pages of the connector list, beginning with an empty token."""
    pages = [play.list_connectors("", connectors.page, when=When.FIRST_PAGE)]
    tokens = set[str]()
    while (token := connectors.next_token(pages[-1])) is not None and token not in tokens and len(pages) < MAX_PAGES:
        tokens.add(token)
        pages.append(play.list_connectors(token, connectors.page, when=When.NEXT_PAGE))
    play.add(connectors.walk(pages, ended=connectors.next_token(pages[-1]) is None))


P900 = Case(
    "P900",
    "The connector list",
    "connectors",
    "All pages of the connector list → 200, not empty, every connector valid; pages end, differ, and follow the token.",
    "Test cases · P900; rulings 8 and 15",
    ("connectors", "connectors-paging", "connectors-known"),
    p900,
    ingest,
    weight=6,
)

SCENARIOS_LIFECYCLE = (P401, P402, P403, P404, P405, P500, P501, P502, P800, P801, P820, P900)
