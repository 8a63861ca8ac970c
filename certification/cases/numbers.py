"""Ids that careless software takes for others: neighbours, the same number in another cloud, and zero.

Source: API specification, What connect means; rulings 17 and 28.
"""

from __future__ import annotations

from certification.cases.case import Case, offers_any, several_clouds
from certification.cases.hook_domains import gone
from certification.cases.hook_reach import REACH, bystander, not_expired
from certification.cases.play import Connection, Play, changed
from certification.checks import connect, lifecycle, several
from certification.checks.connect import BRAND_NEW, EITHER, NewConnection, SignIn
from certification.databricks.made import connection_id
from certification.databricks.people import Person
from certification.evidence.steps import When

BIG = (2**53, 2**54 - 2**34)
ROUND = 1000
"""Ids that are multiples of it are the same as the next number in a double, and with fourteen or fifteen digits."""

WRAP = 2**32


def neighbouring_connections(play: Play) -> None:
    """Two companies in workspaces, and with users, whose numbers differ by one beyond 2^53, through each operation."""
    config = play.config
    number, user = _round(play, "workspace"), _round(play, "user")
    here, beside = play.workspace("here", number=number), play.workspace("beside", number=number + 1)
    first = changed(play.person("first", workspace=here), user_id=user)
    second = changed(play.person("second", workspace=beside), user_id=user - 1)
    one = play.first_connect(first, BRAND_NEW, visit=False)
    two = play.first_connect(second, BRAND_NEW, when=When.NEIGHBOURING_WORKSPACE, visit=False)
    play.add(several.separate([one.exchange, two.exchange]))
    for connection, when in ((one, When.BESIDE_NEIGHBOUR), (two, When.NEIGHBOURING_WORKSPACE)):
        play.sign_in(connection, expect=SignIn("workspaces-separate"), when=when)
        if config.offers("test_connection"):
            play.test_connection(connection, when=when)
    if config.offers("delete_connection"):
        play.delete_connection(one)
        play.sign_in(two, expect=SignIn("delete-reach"), when=When.AFTER_NEIGHBOUR_DELETION)
        if config.offers("test_connection"):
            play.test_connection(two, when=When.AFTER_NEIGHBOUR_DELETION)
        play.delete_connection(two, when=When.NEIGHBOURING_WORKSPACE)


def neighbouring_accounts(play: Play) -> None:
    """The test hooks among workspaces and users whose numbers differ by one, or by 2^32."""
    config = play.config
    number, user = _round(play, "workspace"), _round(play, "user")
    tester = changed(play.test_person("tester", play.workspace("here", number=number)), user_id=user)
    connection = play.tester_connect(tester, visit=False)
    stranger = changed(play.person("stranger", workspace=play.workspace("beside", number=number + 1)), user_id=user - 1)
    neighbour = play.first_connect(stranger, when=When.NEIGHBOURING_WORKSPACE, visit=False)
    if config.offers("expire_account"):
        _expire_beside(play, connection, neighbour)
    if config.offers("delete_account"):
        play.delete_account(tester)
        play.made.forget(connection.id)
        play.sign_in(connection, expect=gone, when=When.AFTER_DELETE_ACCOUNT)
        play.sign_in(neighbour, expect=REACH, when=When.AFTER_OTHER_DELETE_ACCOUNT)
        if config.offers("test_connection"):
            play.test_connection(neighbour, when=When.AFTER_OTHER_DELETE_ACCOUNT)
        _delete_beside(play)


def _delete_beside(play: Play) -> None:
    """Delete the account of the test domain in one of several workspaces; its reach is the same for all others."""
    number = _round(play, "account")
    far = play.workspace("far")
    near = [play.workspace(f"near {distance}", number=number + distance) for distance in (1, WRAP)]
    tester = play.test_person("owner", play.workspace("named", number=number))
    named = play.tester_connect(tester, visit=False)
    others = []
    for at, place in enumerate((far, *near)):
        known = bystander(play, play.test_person(f"other {at}", place))
        if known is None:
            # A partner that keeps one connection of a company has no other to lose.
            return
        others.append(known)
    play.delete_account(tester)
    play.made.forget(named.id)
    answers = [play.sign_in(other, expect=lambda _answer: [], when=When.AFTER_OTHER_DELETE_ACCOUNT) for other in others]
    play.add(several.one_reach(answers))
    # The next number is no number of JavaScript: a hook that reads it as one clears another workspace, or none.
    beside = others[1]
    play.delete_account(beside.person, when=When.NEIGHBOURING_WORKSPACE)
    play.made.forget(beside.id)
    play.sign_in(beside, expect=gone, when=When.AFTER_DELETE_ACCOUNT)


def _expire_beside(play: Play, connection: Connection, neighbour: Connection) -> None:
    """Expire a user beside whom stand others, with the next number and with one that is 2^32 apart."""
    config, tester = play.config, connection.person
    colleagues = []
    if config.trial_type == "user" and config.new_user_action == "auto_add" and not config.manual_signup:
        for distance in (1, WRAP):
            who = changed(
                play.test_person(f"colleague {distance}", tester.workspace), user_id=tester.user_id + distance
            )
            play.new_user_signs_in(connection, who)
            colleagues.append(who)
    play.expire_account(tester)
    not_expired(play, neighbour)
    for who in colleagues:
        answer = play.sign_in(connection, who, lambda _answer: [], when=When.COLLEAGUE_AFTER_EXPIRY)
        play.add(connect.account_status_after_expiry(answer, config))
    play.sign_in(connection, expect=lambda answer: connect.expired_sign_in(answer, config), when=When.AFTER_EXPIRY)


def _round(play: Play, label: str) -> int:
    number = play.ids.number(f"{label}/number", *BIG)
    return number - number % ROUND


def same_number_in_another_cloud(play: Play) -> None:
    """Numbers are unique within one cloud only: the same in another cloud are another workspace's and another user's."""
    config = play.config
    here = play.workspace("here")
    there = play.workspace("there", config.clouds[1], number=here.id)
    domain = play.ids.company()
    first = play.person("first", domain, here)
    one = play.first_connect(first, visit=False)
    host = play.person("host", domain, there)
    answer = play.try_first_connect(host, NewConnection(redirects=(), must_configure=False), when=When.OTHER_CLOUD)
    ident = connection_id(answer)
    if ident is not None:
        two = Connection(ident, host, answer)
        play.new_user_signs_in(two, changed(play.person("twin", domain, there), user_id=first.user_id))
        play.sign_in(one, expect=SignIn("workspaces-separate"), when=When.BESIDE_OTHER_CLOUD)
        _delete_and_test(play, one, two)
    # The same person, a known address, in both clouds; each cloud gives them a number of its own.
    person = play.person("traveller", workspace=play.workspace("departure"))
    home = play.first_connect(person, visit=False)
    abroad = changed(
        person.at(play.workspace("arrival", config.clouds[1])), user_id=play.ids.number("abroad", 10**12, 2**53 - 1)
    )
    answer = play.try_first_connect(abroad, NewConnection(redirects=(), must_configure=False), when=When.OTHER_CLOUD)
    play.sign_in(home, expect=SignIn("workspaces-separate"), when=When.BESIDE_OTHER_CLOUD)
    ident = connection_id(answer)
    if ident is not None:
        play.sign_in(
            Connection(ident, abroad, answer),
            expect=SignIn("workspaces-separate", redirects=EITHER, known_user=False),
            when=When.OTHER_CLOUD,
        )


def _delete_and_test(play: Play, one: Connection, two: Connection) -> None:
    if not play.config.offers("test_connection"):
        return
    for connection, when in ((one, When.BESIDE_OTHER_CLOUD), (two, When.OTHER_CLOUD)):
        play.test_connection(connection, when=when)
    if not play.config.offers("delete_connection"):
        return
    if lifecycle.resource_status(play.delete_connection(one)) == "resources_deleted":
        play.test_connection(one, lifecycle.deleted_tested, when=When.AFTER_DELETION)
        play.test_connection(two, when=When.AFTER_OTHER_DELETION)


def hooks_and_another_cloud(play: Play) -> None:
    """The test hooks act in one cloud: strangers there who have the same numbers elsewhere are not touched."""
    config = play.config
    here = play.workspace("here")
    before = _strangers(play, "before", here.id, play.ids.number("user", 10**12, 2**53 - 1))
    tester = changed(play.test_person("tester", here), user_id=before.person.user_id)
    connection = play.tester_connect(tester, visit=False)
    after = _strangers(play, "after", play.ids.number("other", 10**12, 2**53 - 1), tester.user_id)
    if config.offers("expire_account"):
        play.expire_account(tester)
        play.sign_in(connection, expect=lambda answer: connect.expired_sign_in(answer, config), when=When.AFTER_EXPIRY)
        for known in (before, after):
            not_expired(play, known)
    if config.offers("delete_account"):
        play.delete_account(tester)
        play.made.forget(connection.id)
        for known in (before, after):
            play.sign_in(known, expect=REACH, when=When.AFTER_OTHER_DELETE_ACCOUNT)


def _strangers(play: Play, label: str, workspace: int, user: int) -> Connection:
    there = play.workspace(label, play.config.clouds[1], number=workspace)
    return play.first_connect(changed(play.person(label, workspace=there), user_id=user), visit=False)


def zero(play: Play) -> None:
    """Workspace 0 and user 0 are ids like any other (ruling 28), on each operation, and so is the largest."""
    config = play.config
    person = changed(play.person("zero", workspace=play.workspace("zero", number=0)), user_id=0)
    # There is one user 0: the partner may have seen them in an earlier run.
    connection = play.first_connect(person, when=When.ZERO, visit=False)
    play.sign_in(connection, when=When.ZERO)
    if config.offers("test_connection"):
        play.test_connection(connection, when=When.ZERO)
    beside = play.person("one", workspace=play.workspace("one", number=1))
    other = play.first_connect(beside, BRAND_NEW, when=When.NEIGHBOURING_WORKSPACE, visit=False)
    play.add(several.separate([connection.exchange, other.exchange]))
    play.sign_in(connection, expect=SignIn("workspaces-separate"), when=When.BESIDE_NEIGHBOUR)
    if config.offers("delete_connection"):
        play.delete_connection(connection, when=When.ZERO)
        play.sign_in(other, expect=SignIn("delete-reach"), when=When.AFTER_NEIGHBOUR_DELETION)
    # The largest number of int64, which a floating-point number cannot hold either.
    last = 2**63 - 1
    final = play.first_connect(
        changed(play.person("last", workspace=play.workspace("last", number=last)), user_id=last),
        when=When.LARGEST,
        visit=False,
    )
    play.sign_in(final, when=When.LARGEST)
    if config.offers("delete_connection"):
        play.delete_connection(final, when=When.LARGEST)


def zero_and_the_hooks(play: Play) -> None:
    """The test hooks for user 0 in workspace 0."""
    config = play.config
    tester = changed(play.test_person("tester", play.workspace("zero", number=0)), user_id=0)
    connection = play.tester_connect(tester, visit=False, when=When.ZERO)
    colleague: Person | None = None
    if config.trial_type == "user" and config.new_user_action == "auto_add" and not config.manual_signup:
        colleague = play.test_person("colleague", tester.workspace)
        play.new_user_signs_in(connection, colleague)
    if config.offers("expire_account"):
        play.expire_account(tester, when=When.ZERO)
        play.sign_in(connection, expect=lambda answer: connect.expired_sign_in(answer, config), when=When.AFTER_EXPIRY)
        if colleague is not None:
            answer = play.sign_in(connection, colleague, lambda _answer: [], when=When.COLLEAGUE_AFTER_EXPIRY)
            play.add(connect.account_status_after_expiry(answer, config))
    if config.offers("delete_account"):
        play.delete_account(tester, when=When.ZERO)
        play.made.forget(connection.id)
        play.sign_in(connection, expect=gone, when=When.AFTER_DELETE_ACCOUNT)


CLAUSE = "API specification, What connect means"

NUMBERS = (
    Case(
        "N210",
        "Neighbouring numbers through each operation",
        "numbers",
        "Two companies whose workspace and user ids differ by one beyond 2^53 connect, sign in, test and delete → each is its own.",
        CLAUSE,
        ("workspaces-separate", "connections-separate", "delete-reach", "test-connection"),
        neighbouring_connections,
        weight=11,
    ),
    Case(
        "H150",
        "Neighbouring numbers in the test hooks",
        "numbers",
        "Workspaces and users whose ids differ by one or by 2^32 → expiring and deleting one does not touch the others.",
        f"{CLAUSE}; ruling 17",
        ("delete-account-reach", "expire-reach"),
        neighbouring_accounts,
        offers_any("delete_account", "expire_account"),
        shared_domain=True,
        weight=22,
    ),
    Case(
        "N220",
        "The same number in another cloud",
        "numbers",
        "Workspaces and users with the same ids in two clouds → each is its own; a known user of one is new in the other.",
        CLAUSE,
        ("new-user-action", "workspaces-separate"),
        same_number_in_another_cloud,
        several_clouds,
        weight=13,
    ),
    Case(
        "H160",
        "The test hooks and another cloud",
        "numbers",
        "Strangers who have the same ids in another cloud → neither expired nor deleted with the user of the test domain.",
        CLAUSE,
        ("expire-reach", "delete-account-reach"),
        hooks_and_another_cloud,
        lambda config: several_clouds(config) or offers_any("delete_account", "expire_account")(config),
        shared_domain=True,
        weight=14,
    ),
    Case(
        "N230",
        "Zero and the largest number",
        "numbers",
        "User 0 in workspace 0 connects, signs in, tests and deletes beside workspace 1, and so does the user with the largest number → as any other.",
        f"{CLAUSE}; ruling 28",
        ("first-connect", "sign-in", "workspaces-separate", "delete-connection"),
        zero,
        # There is one workspace 0: the cases that connect in it must not run at the same time.
        shared_domain=True,
        weight=8,
    ),
    Case(
        "H180",
        "The test hooks and zero",
        "numbers",
        "expire-account and delete-account of user 0 in workspace 0 → done, and nobody else is touched.",
        f"{CLAUSE}; ruling 28",
        ("expire-account", "delete-account", "expire-reach"),
        zero_and_the_hooks,
        offers_any("delete_account", "expire_account"),
        shared_domain=True,
        weight=9,
    ),
)
