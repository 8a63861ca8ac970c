"""The test hooks: which domains they act on, and how far they reach.

Source: API specification, Test hooks and Trials; rulings 12, 17 and 19.
"""

from __future__ import annotations

from collections.abc import Callable

from certification.cases.case import Case, offers, offers_any, several_clouds
from certification.cases.play import Connection, Play, changed
from certification.cases.right_bodies import ACTS
from certification.checks import bad_requests, connect, lifecycle, several
from certification.checks.connect import EITHER, NewConnection, SignIn
from certification.contract.operations import OPERATIONS
from certification.databricks import requests
from certification.databricks.made import connection_id
from certification.databricks.people import TEST_DOMAIN, TEST_DOMAINS, Person
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Observation
from certification.evidence.steps import When
from certification.foundation.errors import CannotProceed
from certification.generate import mistakes

REACH = SignIn("delete-account-reach", redirects=EITHER, may_be_expired=True)


def refused_domains(operation: str) -> Callable[[Play], None]:
    """Return the script that calls a test hook for domains that only look like the test domains."""

    def script(play: Play) -> None:
        person = play.person()
        for domain, sure in mistakes.look_alikes(play.ids.company("look-alike")):
            if operation == "delete_account":
                body = {**requests.delete_account_body(play.config, "placeholder", person), "domain": domain}
            else:
                address = f"u{play.ids.token('expire')}@{domain}"
                body = {**requests.expire_account_body(play.config, person), "email": address}
            plan = play.actions.plan(ACTS[operation], When.LOOK_ALIKE_DOMAIN, operation, requests.encode(body))
            play.judge(play.call(plan), lifecycle.hook_refused if sure else bad_requests.survived)

    return script


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
    play.sign_in(connection, expect=_gone, when=When.AFTER_DELETE_ACCOUNT)
    ident = connection_id(second)
    if ident is not None:
        play.made.forget(ident)
        play.sign_in(Connection(ident, colleague, second), expect=_gone, when=When.COLLEAGUE_AFTER_DELETE_ACCOUNT)


def _gone(answer: Exchange) -> list[Observation]:
    return connect.unknown_connection(answer, "delete-account")


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
        *_twins_in_another_cloud(play, first),
    ]
    play.expire_account(first)
    nobody = play.test_person("nobody", here)
    play.expire_account(nobody, lifecycle.hook_on_nobody, when=When.NOBODY)
    for known in others:
        _not_expired(play, known)
    if config.trial_type and config.new_user_action == "auto_add" and not config.manual_signup:
        answer = play.sign_in(connection, colleague, lambda _answer: [], when=When.COLLEAGUE_AFTER_EXPIRY)
        play.add(connect.account_status_after_expiry(answer, config))


def _twins_in_another_cloud(play: Play, first: Person) -> list[Connection]:
    """Connect users with the same numbers in another cloud: there they are somebody else's."""
    clouds = play.config.clouds
    if len(clouds) < 2:
        return []
    there = play.workspace("there", clouds[1], number=first.workspace.id)
    twins = [changed(play.person("stranger with the same numbers", workspace=there), user_id=first.user_id)]
    if play.config.trial_type == "user":
        # In a workspace of their own: a second connection in one workspace may take the place of the first.
        elsewhere = play.workspace("elsewhere", clouds[1])
        twins.append(changed(play.test_person("twin", elsewhere), user_id=first.user_id))
    return [known for twin in twins if (known := bystander(play, twin)) is not None]


def _not_expired(play: Play, known: Connection, when: When = When.AFTER_OTHER_EXPIRY) -> None:
    play.sign_in(
        known,
        expect=lambda answer: connect.not_reached_by_expiry(connect.sign_in(answer, play.config), answer),
        when=when,
    )


def demo_domain(play: Play) -> None:
    """The test hooks act on databricks-demo.com too, and on one of the two domains at a time."""
    config = play.config
    here = play.workspace("here")
    person = play.test_person("demo", here, domain="databricks-demo.com")
    connection = play.tester_connect(person, visit=False)
    if config.offers("delete_account"):
        play.delete_account(play.test_person("nobody", here), lifecycle.hook_on_nobody, when=When.OTHER_TEST_DOMAIN)
        play.sign_in(
            connection,
            expect=SignIn("delete-account-reach", may_be_expired=True),
            when=When.AFTER_OTHER_DELETE_ACCOUNT,
        )
    if config.offers("expire_account"):
        play.expire_account(person)
    if config.offers("delete_account"):
        play.delete_account(person)
        if config.offers("expire_account") and config.trial_type == "user":
            again = play.try_first_connect(
                person, lambda answer: connect.forgotten(answer, config), when=When.EXPIRED_USER_DELETED
            )
            play.add(connect.expiry_forgotten(again))
        play.made.forget(connection.id)
        play.sign_in(connection, expect=_gone, when=When.AFTER_DELETE_ACCOUNT)


def neighbouring_numbers(play: Play) -> None:
    """Workspaces and users whose numbers differ by one beyond 2^53: each operation acts on the one that is named."""
    config = play.config
    # A multiple of four falls together with the numbers beside it in a floating-point number.
    number = play.ids.number("workspace", 2**53, 2**54 - 16) & ~3
    user = play.ids.number("user", 2**53, 2**54 - 16) & ~3
    here, beside = play.workspace("here", number=number), play.workspace("beside", number=number + 1)
    tester = changed(play.test_person("tester", here), user_id=user)
    stranger = changed(play.person("stranger", workspace=beside), user_id=user + 1)
    connection = play.tester_connect(tester, visit=False)
    neighbour = play.first_connect(stranger, when=When.NEIGHBOURING_WORKSPACE, visit=False)
    if config.offers("test_connection"):
        play.test_connection(connection, when=When.BESIDE_NEIGHBOUR)
        play.test_connection(neighbour, when=When.NEIGHBOURING_WORKSPACE)
    if config.offers("expire_account"):
        play.expire_account(tester)
        _not_expired(play, neighbour)
    if config.offers("delete_account"):
        play.delete_account(tester)
        play.made.forget(connection.id)
        play.sign_in(neighbour, expect=REACH, when=When.AFTER_OTHER_DELETE_ACCOUNT)
        play.sign_in(connection, expect=_gone, when=When.AFTER_DELETE_ACCOUNT)
        if config.offers("test_connection"):
            play.test_connection(neighbour, when=When.AFTER_OTHER_DELETE_ACCOUNT)


def same_number_in_another_cloud(play: Play) -> None:
    """A user id is unique within one cloud only: the same number in another is a new user, and is not expired."""
    config = play.config
    here = play.workspace("here")
    there = play.workspace("there", config.clouds[1], number=here.id)
    domain = play.ids.company()
    first = play.person("first", domain, here)
    play.first_connect(first, visit=False)
    host = play.person("host", domain, there)
    connection = play.try_first_connect(host, NewConnection(redirects=(), must_configure=False), when=When.OTHER_CLOUD)
    ident = connection_id(connection)
    if ident is not None:
        twin = changed(play.person("twin", domain, there), user_id=first.user_id)
        play.new_user_signs_in(Connection(ident, host, connection), twin)
    if not config.offers("expire_account"):
        return
    tester = play.test_person("tester", here)
    play.tester_connect(tester, visit=False)
    others = _twins_in_another_cloud(play, tester)
    play.expire_account(tester)
    for known in others:
        _not_expired(play, known)


def another_domain_in_the_workspace(play: Play) -> None:
    """A colleague with another e-mail domain signs in on the workspace's connection; the hooks do not reach them."""
    config = play.config
    here = play.workspace("here")
    tester = play.test_person("tester", here)
    contractor = play.person("contractor", workspace=here)
    owner = play.person("owner", workspace=play.workspace("home"))
    home = play.first_connect(owner, visit=False)
    visitor = play.person("visitor", workspace=owner.workspace)
    play.sign_in(home, visitor, lambda answer: connect.colleague(answer, config), when=When.OTHER_DOMAIN_COLLEAGUE)
    play.sign_in(home, expect=SignIn("answers-steady"), when=When.AFTER_NEW_USER)
    play.tester_connect(tester, visit=False)
    known = play.try_first_connect(
        contractor,
        NewConnection(redirects=(), must_configure=False),
        when=When.OTHER_COMPANY_SAME_WORKSPACE,
    )
    ident = connection_id(known)
    if ident is None:
        return
    kept = Connection(ident, contractor, known)
    if config.offers("expire_account") and config.trial_type == "user":
        play.expire_account(tester)
        _not_expired(play, kept)
    if config.offers("delete_account"):
        play.delete_account(tester)
        play.sign_in(kept, expect=REACH, when=When.SAME_WORKSPACE_AFTER_DELETE_ACCOUNT)


def _case(
    ident: str,
    title: str,
    steps: str,
    requirements: tuple[str, ...],
    script: Callable[[Play], None],
    hooks: tuple[str, ...],
    weight: int,
    *,
    shared_domain: bool = True,
) -> Case:
    return Case(
        ident,
        title,
        "test hooks",
        steps,
        "API specification, Test hooks",
        requirements,
        script,
        offers_any(*hooks),
        shared_domain=shared_domain,
        weight=weight,
    )


ACCOUNT_HOOKS = ("delete_account", "expire_account")

HOOKS = (
    *(
        Case(
            ident,
            f"{OPERATIONS[operation].title} and look-alike domains",
            "test hooks",
            f"{OPERATIONS[operation].title} for domains that only look like the test domains → 400 bad_request.",
            "API specification, Test hooks",
            ("hooks-test-domains-only",),
            refused_domains(operation),
            offers(operation),
            weight=16,
        )
        for ident, operation in (("H100", "delete_account"), ("H110", "expire_account"))
    ),
    _case(
        "H120",
        "How far delete-account reaches",
        "delete-account of the test domain removes all its connections in that workspace, and nothing of other domains.",
        ("delete-account", "delete-account-reach"),
        deletion_reach,
        ("delete_account",),
        22,
    ),
    _case(
        "H130",
        "How far expire-account reaches",
        "expire-account of a user leaves other companies active, and colleagues as trial_type says.",
        ("expire-account", "expire-reach", "not-expired"),
        expiry_reach,
        ("expire_account",),
        16,
    ),
    _case(
        "H140",
        "The second test domain",
        "The test hooks act on databricks-demo.com as well.",
        ("delete-account", "expire-account"),
        demo_domain,
        ACCOUNT_HOOKS,
        6,
    ),
    _case(
        "H150",
        "Neighbouring numbers in every hook",
        "Workspaces and users whose ids differ by one beyond 2^53 → deleting, expiring and testing one does not touch the other.",
        ("delete-account-reach", "expire-reach", "test-connection"),
        neighbouring_numbers,
        ACCOUNT_HOOKS,
        12,
    ),
    Case(
        "H160",
        "The same number in another cloud",
        "test hooks",
        "A user whose databricks_user_id somebody else has in another cloud is a new user there, and does not expire with them.",
        "API specification, What connect means",
        ("new-user-action", "expire-reach"),
        same_number_in_another_cloud,
        several_clouds,
        shared_domain=True,
        weight=14,
    ),
    Case(
        "H170",
        "Another e-mail domain in the same workspace",
        "test hooks",
        "A colleague with another e-mail domain signs in on the workspace's connection; what the hooks do to the test domain does not reach them.",
        "API specification, What connect means; ruling 17",
        ("sign-in", "delete-account-reach", "expire-reach"),
        another_domain_in_the_workspace,
        shared_domain=True,
        weight=14,
    ),
)
