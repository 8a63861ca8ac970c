"""The test hooks: which domains they act on, and how far they reach.

Source: API specification, Test hooks and Trials.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from certification.cases.case import Case, offers
from certification.cases.play import Connection, Play, changed, connection_id
from certification.cases.right_bodies import NAMES
from certification.checks import bad_requests, connect, lifecycle
from certification.databricks import requests as bodies
from certification.databricks.people import TEST_DOMAIN, Person
from certification.foundation.errors import CannotProceed
from certification.generate import mistakes


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
        (
            "of another company in the same workspace",
            play.person("neighbour", play.ids.company("neighbour"), here, email="neighbour.u{u}@{domain}"),
        ),
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
    if "neighbour" in person.email:
        # A partner may take the workspace for the company, and then this is a new user of a known one.
        exchange = play.try_first_connect(
            person,
            lambda answer: connect.new_connection(answer, play.config, must_configure=False),
            kind="first connect of another company in the same workspace",
        )
        ident = connection_id(exchange)
        return Connection(ident, person, exchange) if ident else None
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
    bystanders = [suffix, other]
    if len(config.clouds) > 1 and config.trial_type == "user":
        # The same numbers in another cloud are another user's.
        twin = changed(
            play.test_person("twin", play.workspace("there", config.clouds[1], number=here.id)), user_id=first.user_id
        )
        kept = _bystander(play, twin)
        bystanders += [kept] if kept else []
    play.expire_account(first)
    nobody = play.test_person("nobody", here)
    play.expire_account(nobody, lifecycle.hook_on_nobody, kind="expire-account of a user who does not exist")
    for bystander in bystanders:
        play.sign_in(
            bystander,
            expect=lambda answer: connect.not_expired(connect.sign_in(answer, config), answer),
            kind="sign-in of another company after expiry",
        )
    if config.trial_type and config.new_user_action == "auto_add" and not config.manual_signup:
        answer = play.sign_in(connection, colleague, lambda _answer: [], kind="known colleague's sign-in after expiry")
        play.judge(answer, connect.account_status_after_expiry(answer, config))


def demo_domain(play: Play) -> None:
    """The test hooks act on databricks-demo.com too, and on one of the two domains at a time."""
    config = play.config
    here = play.workspace("here")
    person = play.test_person("demo", here, domain="databricks-demo.com")
    connection = play.tester_connect(person, visit=False)
    if config.offers("delete_account"):
        play.delete_account(
            play.test_person("nobody", here), lifecycle.hook_on_nobody, kind="delete-account of the other test domain"
        )
        play.sign_in(
            connection,
            expect=lambda answer: connect.sign_in(
                answer, config, requirement="delete-account-reach", may_be_expired=True
            ),
            kind="sign-in after delete-account of the other test domain",
        )
    if config.offers("expire_account"):
        play.expire_account(person)
    if config.offers("delete_account"):
        play.delete_account(person)
        if config.offers("expire_account") and config.trial_type == "user":
            again = play.try_first_connect(
                person,
                lambda answer: connect.forgotten(answer, config),
                kind="first connect after delete-account of an expired user",
            )
            play.judge(again, connect.expiry_forgotten)
        play.forget(connection.id)
        play.sign_in(
            connection,
            expect=lambda answer: connect.unknown_connection(answer, "delete-account"),
            kind="sign-in after delete-account",
        )


HOOKS = (
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
)
