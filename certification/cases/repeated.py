"""The same call a second time, when it means something again: what was remembered of the first must not stand in for it.

Source: API specification, What connect means; Test hooks and Trials.
"""

from __future__ import annotations

from certification.cases.case import Case, offers
from certification.cases.hook_domains import gone
from certification.cases.play import Connection, Play
from certification.checks import connect, lifecycle, several
from certification.checks.connect import EITHER, NewConnection
from certification.databricks.actions import Options
from certification.evidence.steps import When


def deleted_again(play: Play) -> None:
    """delete-account twice, with an account in between that is just like the first; and of an account without users."""
    person = play.test_person()
    play.delete_account(person, lifecycle.hook_on_nobody, when=When.NOBODY)
    for turn in range(2):
        when = When.AGAIN if turn else When.PLAIN
        connection = play.tester_connect(person, visit=False, when=when)
        play.delete_account(person, when=when)
        play.made.forget(connection.id)
        play.sign_in(connection, expect=gone, when=When.AFTER_DELETE_ACCOUNT)


def expired_again(play: Play) -> None:
    """expire-account before the user is there, then twice; and of a user who was deleted and came again."""
    config = play.config
    person = play.test_person()
    play.expire_account(person, lifecycle.hook_on_nobody, when=When.NOBODY)
    connection = play.tester_connect(person, visit=False)
    for turn in range(2):
        play.expire_account(person, when=When.AGAIN if turn else When.PLAIN)
        play.sign_in(connection, expect=lambda answer: connect.expired_sign_in(answer, config), when=When.AFTER_EXPIRY)
    if not config.offers("delete_account"):
        return
    play.delete_account(person)
    play.made.forget(connection.id)
    again = play.tester_connect(person, visit=False, when=When.EXPIRED_USER_DELETED)
    play.expire_account(person, when=When.AGAIN)
    play.sign_in(again, expect=lambda answer: connect.expired_sign_in(answer, config), when=When.AFTER_EXPIRY)


def connected_after_expiry(play: Play) -> None:
    """An expired user connects, signs in, deletes and connects once more: still expired (ruling 24)."""
    config = play.config
    person = play.test_person()
    old = play.tester_connect(person, visit=False)
    play.expire_account(person)
    if config.offers("delete_connection"):
        play.delete_connection(old, when=When.AFTER_EXPIRY)
    for turn in range(2):
        answer = play.try_first_connect(
            person,
            lambda answer: connect.connection_after_expiry(answer, config),
            when=When.AGAIN if turn else When.AFTER_EXPIRY,
        )
        if connect.asks_for_payment(answer) and connect.kept_something(answer):
            made = play.connection(answer, person)
            play.sign_in(made, expect=lambda answer: connect.expired_sign_in(answer, config), when=When.AFTER_EXPIRY)


def deleted_in_turn(play: Play) -> None:
    """Connect and delete in one workspace, twice: each deletion is done."""
    person = play.person()
    seen: list[Connection] = []
    for turn in range(2):
        when = When.AGAIN if turn else When.PLAIN
        requirement = "connect-after-delete" if turn else "first-connect"
        connection = play.first_connect(person, NewConnection(requirement), when=when, visit=False)
        seen.append(connection)
        status = lifecycle.resource_status(play.delete_connection(connection, when=when))
        if status == "resources_deleted":
            play.sign_in(
                connection,
                expect=lambda answer: connect.unknown_connection(answer, "deleted-is-gone"),
                when=When.AFTER_DELETION,
            )
    play.add(several.separate([connection.exchange for connection in seen]))
    last = play.first_connect(person, NewConnection("connect-after-delete"), when=When.AFTER_DELETION, visit=False)
    play.sign_in(last, when=When.AFTER_DELETION)


def asked_again(play: Play) -> None:
    """A new user signs in twice on a colleague's connection: who was kept out the first time is kept out again."""
    config = play.config
    first = play.person("first")
    connection = play.first_connect(first, visit=False)
    guest = play.person("guest", first.domain, first.workspace)
    play.new_user_signs_in(connection, guest)
    if config.new_user_action == "auto_add":
        play.sign_in(connection, guest, connect.SignIn(redirects=EITHER), when=When.KNOWN_COLLEAGUE)
    else:
        play.new_user_signs_in(connection, guest, when=When.AGAIN)


def no_service_principal(play: Play) -> None:
    """Two companies without a service principal, which is said by an empty text (ruling 28): nothing that is unique."""
    options = Options(shape={"service_principal_id": ""})
    expected = NewConnection("models-tolerant", unseen_user=True, unseen_company=True)
    for label in ("one", "two"):
        connection = play.first_connect(play.person(label), expected, visit=False, options=options)
        play.sign_in(connection, expect=connect.SignIn("models-tolerant"), options=options)


REPEATED = (
    Case(
        "T150",
        "delete-account, again",
        "steadiness",
        "delete-account of an account that is not there, then connect and delete-account twice with the same request → each time everything is gone.",
        "API specification, Test hooks",
        ("delete-account",),
        deleted_again,
        offers("delete_account"),
        shared_domain=True,
        weight=9,
    ),
    Case(
        "T160",
        "expire-account, again",
        "steadiness",
        "expire-account of a user who is not there yet, then twice, then of the same user after delete-account → expired each time.",
        "API specification, Trials",
        ("expire-account",),
        expired_again,
        offers("expire_account"),
        shared_domain=True,
        weight=11,
    ),
    Case(
        "T170",
        "Connecting after expiry",
        "expired",
        "An expired user deletes, connects and connects again → account_status expired each time.",
        "Ruling 24",
        ("expire-account",),
        connected_after_expiry,
        offers("expire_account"),
        shared_domain=True,
        weight=9,
    ),
    Case(
        "T180",
        "Deleting again and again",
        "steadiness",
        "The same user connects and deletes twice, then connects → each deletion is done, and the last connection works.",
        "API specification, What connect means",
        ("deleted-is-gone", "connect-after-delete", "delete-connection"),
        deleted_in_turn,
        offers("delete_connection"),
        weight=8,
    ),
    Case(
        "T190",
        "A new user who comes again",
        "steadiness",
        "A new user signs in twice on a colleague's connection → the second time as new_user_action says, or as a known user.",
        "API specification, New users on an established connection",
        ("new-user-action",),
        asked_again,
        weight=4,
    ),
    Case(
        "T200",
        "No service principal, twice",
        "steadiness",
        "Two companies connect with an empty service_principal_id → valid each time.",
        "API specification, Models; ruling 28",
        ("models-tolerant",),
        no_service_principal,
        weight=4,
    ),
)
