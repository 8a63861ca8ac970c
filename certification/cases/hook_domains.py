"""The test hooks: which domains they act on.

Source: API specification, Test hooks; ruling 12.
"""

from __future__ import annotations

from collections.abc import Callable

from certification.cases.case import Case, offers, offers_any
from certification.cases.play import Play
from certification.checks import bad_requests, connect, lifecycle
from certification.checks.connect import SignIn
from certification.contract.operations import OPERATIONS
from certification.databricks import requests
from certification.databricks.actions import ACTS
from certification.evidence.exchange import Exchange
from certification.evidence.observation import Observation
from certification.evidence.steps import When
from certification.generate import mistakes
from certification.generate.amounts import AMOUNTS, some


def gone(answer: Exchange) -> list[Observation]:
    """Hold a sign-in to the connection's having gone with its account."""
    return connect.unknown_connection(answer, "delete-account")


def refused_domains(operation: str) -> Callable[[Play], None]:
    """Return the script that calls a test hook for domains that only look like the test domains."""

    def script(play: Play) -> None:
        person = play.person()
        domains = mistakes.look_alikes(play.ids.company("look-alike"))
        for domain, sure in some(domains, AMOUNTS[play.context.profile].domains):
            if operation == "delete_account":
                body = {**requests.right_body(play.config, operation, person), "domain": domain}
            else:
                address = f"u{play.ids.token('expire')}@{domain}"
                body = {**requests.right_body(play.config, operation, person), "email": address}
            plan = play.actions.plan(ACTS[operation], When.LOOK_ALIKE_DOMAIN, operation, requests.encode(body))
            play.judge(play.call(plan), lifecycle.hook_refused if sure else bad_requests.survived)

    return script


def refused_expiry(play: Play) -> None:
    """expire-account of a user whose domain is no test domain: refused, and the user is not expired."""
    person = play.person()
    connection = play.first_connect(person, visit=False)
    play.expire_account(person, lifecycle.hook_refused, when=When.OTHER_DOMAIN)
    play.sign_in(
        connection,
        expect=lambda answer: connect.not_reached_by_expiry(connect.sign_in(answer, play.config), answer),
        when=When.AFTER_REFUSED_EXPIRY,
    )


def demo_domain(play: Play) -> None:
    """The test hooks act on databricks-demo.com too, and on one of the two domains at a time."""
    config = play.config
    here = play.workspace("here")
    # Of the other test domain, in the same workspace; the connection that Databricks knows there is the later one.
    tester = play.test_person("tester", here)
    play.tester_connect(tester, visit=False)
    person = play.test_person("demo", here, domain="databricks-demo.com")
    connection = play.tester_connect(person, visit=False, when=When.OTHER_COMPANY_SAME_WORKSPACE)
    if config.offers("delete_account"):
        play.delete_account(tester, lifecycle.hook_on_nobody, when=When.OTHER_TEST_DOMAIN)
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
        play.sign_in(connection, expect=gone, when=When.AFTER_DELETE_ACCOUNT)


HOOK_DOMAINS = (
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
    Case(
        "H115",
        "expire-account refuses other domains",
        "test hooks",
        "First connect as a user of a domain that is no test domain, expire-account of them → 400 bad_request, and they are not expired.",
        "API specification, Test hooks",
        ("hooks-test-domains-only", "expire-reach"),
        refused_expiry,
        offers("expire_account"),
        weight=4,
    ),
    Case(
        "H140",
        "The second test domain",
        "test hooks",
        "The test hooks act on databricks-demo.com as well.",
        "API specification, Test hooks",
        ("delete-account", "expire-account"),
        demo_domain,
        offers_any("delete_account", "expire_account"),
        shared_domain=True,
        weight=6,
    ),
)
