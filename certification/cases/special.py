"""Circumstances that a partner is known to mix up with the plain ones: the demo flag, and a body that arrives late.

Source: API specification, What connect means; rulings 24 and 25.
"""

from __future__ import annotations

from certification.cases.case import Case, both, demo, offers
from certification.cases.play import Play
from certification.checks import connect, several
from certification.checks.connect import SignIn
from certification.databricks.actions import Options
from certification.evidence.steps import When

DEMO = Options(demo=True)


def demo_is_forgotten(play: Play) -> None:
    """A known user connects with the demo flag, and then without it: they are known again."""
    person = play.person()
    plain = play.first_connect(person, visit=False)
    demonstration = play.first_connect(
        person, lambda answer: connect.demo_connection(answer, play.config), when=When.DEMO, visit=False, options=DEMO
    )
    elsewhere = play.first_connect(
        person.at(play.workspace("elsewhere")),
        lambda answer: connect.demo_connection(answer, play.config),
        when=When.DEMO,
        visit=False,
        options=DEMO,
    )
    other = play.first_connect(person.at(play.workspace("real")), when=When.SECOND_WORKSPACE, visit=False)
    play.first_connect(
        person.at(play.workspace("show")),
        lambda answer: connect.demo_connection(answer, play.config),
        when=When.DEMO,
        visit=False,
        options=DEMO,
    )
    play.sign_in(other, expect=SignIn("workspaces-separate"), when=When.AFTER_DEMO)
    again = play.first_connect(person, when=When.AFTER_DEMO, visit=False)
    play.add(several.separate([each.exchange for each in (plain, demonstration, elsewhere, other, again)]))
    play.add(connect.known_user(again.exchange))
    play.sign_in(again, when=When.AFTER_DEMO)


def demo_after_expiry(play: Play) -> None:
    """The demo flag starts a new trial for an expired user too."""
    person = play.test_person()
    play.tester_connect(person, visit=False)
    play.expire_account(person)
    play.try_first_connect(
        person, lambda answer: connect.demo_connection(answer, play.config), when=When.DEMO, options=DEMO
    )


def late_body(play: Play) -> None:
    """A first connect whose body leaves after its headers."""
    play.try_first_connect(play.person(), connect.late_connection, when=When.LATE_BODY, options=Options(late_body=True))


SPECIAL = (
    Case(
        "D100",
        "The demo flag is forgotten",
        "demo",
        "A known user connects with demo, then without it → demo gives the new trial, and afterwards the user is known.",
        "API specification, What connect means",
        ("demo-always-new", "connections-separate", "known-user-existing"),
        demo_is_forgotten,
        demo,
        weight=5,
    ),
    Case(
        "D110",
        "Demo of an expired account",
        "demo",
        "First connect as a user of databricks-test.com, expire-account, first connect with demo → the new-trial flow all the same.",
        "API specification, What connect means",
        ("demo-always-new",),
        demo_after_expiry,
        both(demo, offers("expire_account")),
        shared_domain=True,
        weight=5,
    ),
    Case(
        "T140",
        "A body that arrives late",
        "steadiness",
        "A first connect whose body arrives 50 ms after its headers → accepted.",
        "Ruling 25",
        ("late-body-read",),
        late_body,
        weight=2,
    ),
)
