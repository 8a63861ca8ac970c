"""Stateful cases: several companies, users, workspaces and clouds against a model of what must be true.

Source: API specification, What connect means; rulings 7 and 11.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from certification.cases.case import Case, offers_any
from certification.cases.play import Connection, Play
from certification.checks import connect, lifecycle, several
from certification.checks.connect import EITHER, NewConnection, SignIn
from certification.databricks.made import connection_id
from certification.databricks.people import TEST_DOMAIN, Person
from certification.evidence.steps import When
from certification.generate import programs as machine

ALIVE, GONE, UNSURE = "alive", "gone", "unsure"
MODEL = frozenset(
    {
        "workspaces-separate",
        "delete-reach",
        "delete-account-reach",
        "expire-reach",
        "deleted-is-gone",
        "delete-unknown",
        "test-unknown",
        "test-deleted",
        "connections-separate",
        "sign-in",
        "delete-connection",
        "first-connect",
    }
)
"""Requirements about what exists; once one is broken, the model no longer says what must be true."""
DISTURBANCES = {
    "": ("sign-in", When.PLAIN),
    "connect": ("workspaces-separate", When.AFTER_ANOTHER_CONNECT),
    "delete": ("delete-reach", When.AFTER_OTHER_DELETION),
    "delete account": ("delete-account-reach", When.AFTER_OTHER_DELETE_ACCOUNT),
    "expire": ("expire-reach", When.AFTER_OTHER_EXPIRY),
}
"""What happened to others -> the requirement that is broken when a connection suffers from it, and the circumstance."""


@dataclass
class Known:
    """A connection of the model.  ``unsure`` means that the contract leaves open whether it still exists."""

    connection: Connection
    company: int
    user: int
    workspace: int
    state: str = ALIVE
    since: str = ""
    """What happened to others since: the key of :data:`DISTURBANCES`."""


class World:
    """The model: who has connected, which connections exist, who has expired; and how Databricks acts on it."""

    def __init__(self, play: Play, *, hooks: bool) -> None:
        """Begin with nobody; with ``hooks``, company 0 is the shared test domain."""
        self.play, self.hooks = play, hooks
        self.known: list[Known | None] = []
        self.users: set[tuple[int, int]] = set()
        self.guests: set[tuple[int, int]] = set()
        self.at_home: set[tuple[int, int, str]] = set()
        self.expired: set[tuple[int, int]] = set()
        self.unsettled = False
        """Whether an account was deleted, after which the contract leaves open who of it still counts as expired."""
        clouds = play.config.clouds
        self.places = {
            (company, number): play.workspace(
                f"company {company} workspace {number}", clouds[(company + number) % len(clouds)]
            )
            for company in range(machine.COMPANIES)
            for number in range(machine.WORKSPACES)
        }

    def person(self, company: int, user: int, workspace: int) -> Person:
        """Return a user of the model in a workspace of their company."""
        place = self.places[company, workspace]
        domain = TEST_DOMAIN if self.hooks and company == 0 else self.play.ids.company(f"company {company}")
        return self.play.person(f"company {company} user {user}", domain, place)

    def get(self, number: int) -> Known | None:
        """Return connection ``number`` of the program, or None when it was never made."""
        return self.known[number] if number < len(self.known) else None

    def step(self, step: list[Any]) -> None:
        """Do one step of a program; a step whose object does not exist (in a reduced program) is passed over."""
        rule, *numbers = step
        match rule:
            case "connect":
                self.connect(*numbers)
            case "delete account":
                self.delete_account(*numbers)
            case "expire":
                self.expire(*numbers)
            case _:
                known = self.get(numbers[0])
                if known is not None:
                    self.on_connection(rule, known)

    def connect(self, company: int, user: int, workspace: int) -> None:
        """First connect: a new connection of its own, whatever there was before."""
        person = self.person(company, user, workspace)
        fresh_company = not any(member == company for member, _ in self.users | self.guests)
        # The same person in another cloud is another Databricks user (user ids are unique within a cloud only).
        known_user = (company, user, person.workspace.cloud) in self.at_home
        shared = self.hooks and company == 0
        unseen = (company, user) not in self.users | self.guests and not (shared and self.unsettled)
        lenient = shared or not (fresh_company or known_user)

        expected = NewConnection(
            unseen_user=unseen,
            unseen_company=fresh_company and not shared,
            must_configure=not lenient,
        )
        when = When.PLAIN if fresh_company else When.KNOWN_USER if known_user else When.COLLEAGUE
        exchange = self.play.try_first_connect(person, expected, when=when)
        earlier = [known for known in self.known if known and known.company == company and known.workspace == workspace]
        self.play.add(several.separate([*(known.connection.exchange for known in self.known if known), exchange]))
        ident = connection_id(exchange)
        if ident is None:
            # A colleague who was sent to the account's admin is not known to the partner yet.
            self.known.append(None)
            self.guests.add((company, user))
            return
        self.users.add((company, user))
        self.at_home.add((company, user, person.workspace.cloud))
        if any(known.state == ALIVE for known in earlier):
            self.play.add(connect.known_account(exchange))
        for known in earlier:
            # The user deleted the old connection on Databricks' side; the partner may have deleted it too.
            known.state = UNSURE if known.state == ALIVE else known.state
        if (company, user) in self.expired:
            # Whether connecting again begins a new trial is left open (case P500).
            self.unsettled = True
        self.disturb("connect")
        self.known.append(Known(Connection(ident, person, exchange), company, user, workspace))
        self.play.fire("connect")

    def on_connection(self, rule: str, known: Known) -> None:
        """Do something on a connection that was made before."""
        match rule, known.state:
            case (("sign in" | "sign in on a deleted one"), _):
                self.sign_in(known)
            case "colleague signs in", "alive":
                self.colleague(known)
            case (("delete" | "delete a deleted one"), _):
                self.delete(known)
            case (("test" | "test a deleted one"), "alive"):
                self.play.test_connection(known.connection, when=When.AGAIN)
            case (("test" | "test a deleted one"), "gone"):
                self.play.test_connection(known.connection, lifecycle.deleted_tested, when=When.AFTER_DELETION)

    def sign_in(self, known: Known) -> None:
        """Sign in as the user who made the connection."""
        config = self.play.config
        if known.state == GONE:
            self.play.sign_in(
                known.connection,
                expect=lambda answer: connect.unknown_connection(answer, "deleted-is-gone"),
                when=When.AFTER_DELETION,
            )
        elif known.state == ALIVE and (known.company, known.user) in self.expired and not self.unsettled:
            self.play.sign_in(
                known.connection,
                expect=lambda answer: connect.expired_sign_in(answer, config),
                when=When.AFTER_EXPIRY,
            )
        elif known.state == ALIVE:
            unclear = self.reach_of_expiry_unclear(known.company, known.user)
            requirement, when = DISTURBANCES[known.since]
            self.play.sign_in(
                known.connection,
                expect=SignIn(
                    requirement, redirects=EITHER if unclear else connect.USUAL_REDIRECTS, may_be_expired=unclear
                ),
                when=when,
            )
        self.play.fire("sign in")

    def disturb(self, event: str, *, but: Known | None = None) -> None:
        """Note what happened, on every connection that it must not have touched."""
        for known in self.known:
            if known is not None and known is not but:
                known.since = event

    def reach_of_expiry_unclear(self, company: int, user: int) -> bool:
        """Whether the contract leaves open if this user counts as expired."""
        if company == 0 and self.hooks and self.unsettled:
            return True
        if not any(member == company for member, _ in self.expired):
            # Earlier runs may have left the shared domain expired where nothing can reset it.
            return self.hooks and company == 0 and not self.play.config.offers("delete_account")
        return self.play.config.trial_type != "user" or (company, user) in self.expired

    def colleague(self, known: Known) -> None:
        """Sign in as the other user of the company; what that must give depends on what they did before."""
        config = self.play.config
        other = (known.company, 1 - known.user)
        person = self.person(known.company, 1 - known.user, known.workspace)
        unclear = self.reach_of_expiry_unclear(*other)
        fresh = other not in self.users and other not in self.guests
        if fresh and not unclear:
            self.play.new_user_signs_in(known.connection, person)
        else:
            self.play.sign_in(
                known.connection,
                person,
                lambda answer: connect.colleague(answer, config, unclear=unclear),
                when=When.KNOWN_COLLEAGUE,
            )
        self.guests.add(other)

    def delete(self, known: Known) -> None:
        """Delete a connection, also one that is gone already."""
        play = self.play
        if known.state == GONE:
            play.delete_connection(known.connection, lifecycle.deletion_of_unknown, when=When.DELETED)
            return
        if known.state == UNSURE:
            answer = play.delete_connection(
                known.connection,
                lambda answer: [] if answer.status == 404 else lifecycle.deletion(answer, play.config),
                when=When.GIVEN_UP,
            )
        else:
            answer = play.delete_connection(known.connection)
        self.disturb("delete", but=known)
        known.state = GONE if lifecycle.resource_status(answer) == "resources_deleted" else UNSURE
        play.fire("delete")

    def delete_account(self, workspace: int) -> None:
        """delete-account of the test domain in one workspace: everybody's connections there are gone, no other domain's."""
        there = [known for known in self.known if known and (known.company, known.workspace) == (0, workspace)]
        if not any(known.state == ALIVE for known in there):
            # Without anybody there, the contract leaves open whether the account exists.
            return
        person = self.person(0, 0, workspace)
        answer = self.play.delete_account(person)
        if answer.status != 200:
            return
        self.disturb("delete account")
        for known in self.known:
            if known is None or known.company != 0 or known.state == GONE:
                continue
            # What the domain has in other workspaces and clouds may stay or go (ruling 17).
            known.state = GONE if known.workspace == workspace else UNSURE
            if known.workspace == workspace:
                self.play.made.forget(known.connection.id)
        # Whether users live on in other workspaces is the partner's choice of how to keep them.
        self.users -= {(0, 0), (0, 1)}
        self.at_home = {member for member in self.at_home if member[0] != 0}
        self.guests |= {(0, 0), (0, 1)}
        self.unsettled = True

    def expire(self, user: int, workspace: int) -> None:
        """expire-account of a user of the test domain who has connected."""
        here = [
            known
            for known in self.known
            if known and (known.company, known.user, known.workspace) == (0, user, workspace)
        ]
        if not any(known.state == ALIVE for known in here):
            return
        self.disturb("expire")
        self.play.expire_account(self.person(0, user, workspace))
        self.expired.add((0, user))
        for known in self.known:
            # Whether an expiry in one workspace shows in another is left open.
            if known and known.company == 0 and known.workspace != workspace and known.state == ALIVE:
                known.state = UNSURE

    def disagrees(self) -> bool:
        """Whether the model and the partner have come to disagree: all that follows would be a consequence."""
        return any(seen.requirement in MODEL for seen in self.play.broken())

    def look_around(self) -> None:
        """At the end, every connection that must still exist does."""
        for known in self.known:
            if known is not None and known.state == ALIVE:
                self.sign_in(known)
                if self.disagrees():
                    return


def play_program(play: Play, *, hooks: bool) -> None:
    """Play the program of the shape in a fresh world, then look around."""
    world = World(play, hooks=hooks)
    for step in play.shape.get("program", [["connect", 1, 0, 0], ["sign in", 0]]):
        world.step(step)
        if world.disagrees():
            return
    world.look_around()


STATEFUL = (
    Case(
        "S100", "Companies, users and workspaces in any order", "stateful",
        "Several companies connect, connect again, sign in, delete and test in any order → connections are separate, deleting one touches no other, ids never repeat, known users are known.",
        "API specification, What connect means", ("workspaces-separate", "connections-separate", "delete-reach", "deleted-is-gone", "delete-unknown", "test-unknown", "not-expired", "sign-in", "first-connect"),
        lambda play: play_program(play, hooks=False), shapes=machine.plain, weight=220, rules=("connect", "sign in"),
    ),
    Case(
        "S110", "Test hooks among other companies, in any order", "stateful",
        "As S100, with delete-account and expire-account of the test domain → they reach exactly as far as the contract says.",
        "API specification, Trials and Test hooks", ("delete-account", "delete-account-reach", "expire-account", "expire-reach", "not-expired", "workspaces-separate"),
        lambda play: play_program(play, hooks=True), offers_any("delete_account", "expire_account"), shapes=machine.with_hooks, weight=140, shared_domain=True, rules=("connect", "sign in"),
    ),
)  # fmt: skip
