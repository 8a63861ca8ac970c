"""The test hooks: how far they reach.

Source: API specification, Test hooks and Trials; rulings 17 and 19.
"""

from __future__ import annotations

from certification.cases.case import Case, offers, offers_any
from certification.cases.hook_domains import gone
from certification.cases.play import Connection, Play
from certification.checks import connect, lifecycle, several
from certification.checks.connect import EITHER, NewConnection, SignIn
from certification.databricks.made import connection_id
from certification.databricks.people import TEST_DOMAIN, TEST_DOMAINS, Person
from certification.evidence.steps import When
from certification.foundation.errors import CannotProceed

REACH = SignIn("delete-account-reach", redirects=EITHER, may_be_expired=True)
"""What a sign-in of somebody is held to whom a deleted account must not have taken along."""


def deletion_reach(play: Play) -> None:
    """delete-account of the test domain removes its connections in that workspace, and touches no other domain."""
    here = play.workspace("here")
    person = play.test_person("test user", here)
    colleague = play.test_person("colleague", here)
    connection = play.tester_connect(person, visit=False)
    second = play.try_first_connect(colleague, NewConnection(redirects=(), must_configure=False), when=When.COLLEAGUE)
    kept = []
    for when, who in _others(play, person):
        known = bystander(play, who, alone=who.workspace != here)
        if known is not None:
            kept.append((when, known))
    before = [play.sign_in(known, expect=SignIn(redirects=EITHER)) for _, known in kept]
    play.delete_account(person)
    for (when, known), earlier in zip(kept, before, strict=True):
        later = play.sign_in(known, expect=REACH, when=when)
        play.add(several.unchanged(earlier, later, "delete-account-reach"))
    play.made.forget(connection.id)
    play.sign_in(connection, expect=gone, when=When.AFTER_DELETE_ACCOUNT)
    ident = connection_id(second)
    if ident is not None:
        play.made.forget(ident)
        play.sign_in(Connection(ident, colleague, second), expect=gone, when=When.COLLEAGUE_AFTER_DELETE_ACCOUNT)


def _others(play: Play, tester: Person) -> list[tuple[When, Person]]:
    """Return who must not be touched when the tester's account is deleted: other domains, wherever they are (ruling 17)."""
    other = play.ids.company("other")
    here = tester.workspace
    return [
        (
            When.SUFFIX_DOMAIN_AFTER_DELETE_ACCOUNT,
            play.person("suffix", f"not{play.ids.token('n')}{TEST_DOMAIN}", play.workspace("w1")),
        ),
        (
            When.PREFIX_DOMAIN_AFTER_DELETE_ACCOUNT,
            play.person("prefix", f"{TEST_DOMAIN}.{other}", play.workspace("w2")),
        ),
        (When.OTHER_COMPANY_AFTER_DELETE_ACCOUNT, play.person("company", other, play.workspace("w3"))),
        # The last to connect in the workspace, so that the connection is the one that Databricks knows there.
        (
            When.SAME_WORKSPACE_AFTER_DELETE_ACCOUNT,
            play.person("neighbour", play.ids.company("neighbour"), here),
        ),
    ]


def bystander(play: Play, person: Person, *, alone: bool = True) -> Connection | None:
    """Connect somebody who must not be touched; None where the partner keeps them from a connection of their own.

    Not ``alone`` says that another company is connected in the same workspace.
    """
    if person.domain in TEST_DOMAINS:
        try:
            return play.tester_connect(person, visit=False)
        except CannotProceed:
            return None
    if alone:
        return play.first_connect(person, visit=False)
    # A partner may take the workspace for the company, and then this is a new user of a known one.
    exchange = play.try_first_connect(
        person, NewConnection(redirects=(), must_configure=False), when=When.OTHER_COMPANY_SAME_WORKSPACE
    )
    ident = connection_id(exchange)
    return Connection(ident, person, exchange) if ident else None


def expiry_reach(play: Play) -> None:
    """expire-account of a user of the test domain leaves other companies alone, and colleagues as trial_type says."""
    config = play.config
    here = play.workspace("here")
    first, colleague = play.test_person("first", here), play.test_person("colleague", here)
    connection = play.tester_connect(first, visit=False)
    play.new_user_signs_in(connection, colleague)
    others = [
        play.first_connect(play.person("suffix", f"not{play.ids.token('n')}{TEST_DOMAIN}"), visit=False),
        play.first_connect(play.person("other"), visit=False),
    ]
    play.expire_account(first)
    nobody = play.test_person("nobody", here)
    play.expire_account(nobody, lifecycle.hook_on_nobody, when=When.NOBODY)
    for known in others:
        not_expired(play, known)
    if config.trial_type and config.new_user_action == "auto_add" and not config.manual_signup:
        answer = play.sign_in(connection, colleague, lambda _answer: [], when=When.COLLEAGUE_AFTER_EXPIRY)
        play.add(connect.account_status_after_expiry(answer, config))
    if config.trial_type == "account":
        third = play.test_person("third", here)
        answer = play.try_first_connect(third, lambda _answer: [], when=When.COLLEAGUE_AFTER_EXPIRY)
        play.add(connect.account_status_after_expiry(answer, config))


def not_expired(play: Play, known: Connection, when: When = When.AFTER_OTHER_EXPIRY) -> None:
    """Sign in on a connection whose user somebody else's expiry must not have reached."""
    play.sign_in(
        known,
        expect=lambda answer: connect.not_reached_by_expiry(connect.sign_in(answer, play.config), answer),
        when=when,
    )


def another_domain_in_the_workspace(play: Play) -> None:
    """Users of two e-mail domains in one workspace, guests on each other's connections; the hooks reach one of them."""
    config = play.config
    home = play.first_connect(play.person("owner", workspace=play.workspace("home")), visit=False)
    visitor = play.person("visitor", workspace=home.person.workspace)
    _visit(play, home, visitor)
    play.sign_in(home, expect=SignIn("answers-steady"), when=When.AFTER_NEW_USER)
    elsewhere = play.test_person("elsewhere", play.workspace("elsewhere"))
    hosted = play.tester_connect(elsewhere, visit=False)
    # A user of the test domain is a guest there too; what happens to the test domain does not happen to the host.
    tester = play.test_person("tester", home.person.workspace)
    _visit(play, home, tester)
    guest = play.person("guest", workspace=elsewhere.workspace)
    _visit(play, hosted, guest)
    own = play.first_connect(guest.at(play.workspace("own")), when=When.SECOND_WORKSPACE, visit=False)
    if config.offers("expire_account"):
        play.expire_account(elsewhere)
        not_expired(play, own)
        not_expired(play, home)
    if config.offers("delete_account"):
        for person in (elsewhere, tester):
            play.delete_account(person, lifecycle.hook_on_nobody if person is tester else None)
        play.made.forget(hosted.id)
        play.sign_in(home, expect=REACH, when=When.SAME_WORKSPACE_AFTER_DELETE_ACCOUNT)
        play.sign_in(own, expect=REACH, when=When.OTHER_COMPANY_AFTER_DELETE_ACCOUNT)


def two_companies_in_one_workspace(play: Play) -> None:
    """A tester and somebody of another domain connect in one workspace, in either order; the hooks act on the tester.

    The later connection may take the place of the earlier one: Databricks knows one in each workspace.
    """
    for label, order in (("first", (True, False)), ("last", (False, True))):
        place = play.workspace(label)
        tester = play.test_person(f"{label} tester", place)
        contractor = play.person(f"{label} contractor", workspace=place)
        made: dict[bool, Connection | None] = {}
        for is_tester in order:
            made[is_tester] = bystander(play, tester if is_tester else contractor, alone=False)
        _hooks_on(play, made[True], made[False], contractor_is_last=order[1] is False)


def _hooks_on(play: Play, tested: Connection | None, other: Connection | None, *, contractor_is_last: bool) -> None:
    config = play.config
    if tested is None or other is None:
        return
    if contractor_is_last:
        play.sign_in(
            tested,
            other.person,
            lambda answer: [] if answer.status == 404 else connect.colleague(answer, config),
            when=When.OTHER_DOMAIN_COLLEAGUE,
        )
    if config.offers("expire_account"):
        play.expire_account(tested.person)
        if contractor_is_last:
            not_expired(play, other)
        else:
            play.sign_in(tested, expect=lambda answer: connect.expired_sign_in(answer, config), when=When.AFTER_EXPIRY)
    if config.offers("delete_account"):
        # In the place of an earlier connection nothing of the tester may be left to delete.
        play.delete_account(tested.person, lifecycle.hook_on_nobody if contractor_is_last else None)
        play.made.forget(tested.id)
        if contractor_is_last:
            play.sign_in(other, expect=REACH, when=When.SAME_WORKSPACE_AFTER_DELETE_ACCOUNT)
        else:
            play.sign_in(tested, expect=gone, when=When.AFTER_DELETE_ACCOUNT)


def _visit(play: Play, connection: Connection, guest: Person) -> None:
    play.sign_in(
        connection, guest, lambda answer: connect.colleague(answer, play.config), when=When.OTHER_DOMAIN_COLLEAGUE
    )


HOOK_REACH = (
    Case(
        "H120",
        "How far delete-account reaches",
        "test hooks",
        "delete-account of the test domain removes all its connections in that workspace, and nothing of other domains.",
        "API specification, Test hooks; ruling 17",
        ("delete-account", "delete-account-reach"),
        deletion_reach,
        offers("delete_account"),
        shared_domain=True,
        weight=24,
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
        "H170",
        "Another e-mail domain in the same workspace",
        "test hooks",
        "Users with other e-mail domains are guests on a workspace's connection; what the hooks do to the test domain does not reach them, nor their hosts.",
        "API specification, What connect means; ruling 17",
        ("sign-in", "delete-account-reach", "expire-reach"),
        another_domain_in_the_workspace,
        shared_domain=True,
        weight=18,
    ),
    Case(
        "H175",
        "Two companies in one workspace",
        "test hooks",
        "A user of the test domain and one of another domain connect in one workspace, in either order → the hooks act on the user who is named, and on nobody else.",
        "API specification, Test hooks; ruling 17",
        ("delete-account", "delete-account-reach", "expire-account", "expire-reach"),
        two_companies_in_one_workspace,
        offers_any("delete_account", "expire_account"),
        shared_domain=True,
        weight=18,
    ),
)
