"""What a manual case is made of: the calls that come before, the button, and what a person must see."""

from __future__ import annotations

from dataclasses import dataclass

from certification.config.partner import PartnerConfig
from certification.databricks.people import TEST_DOMAIN, Identities, Person
from certification.evidence.steps import Act, When

OPERATION = {
    Act.FIRST_CONNECT: "connect",
    Act.SIGN_IN: "connect",
    Act.DELETE_CONNECTION: "delete_connection",
    Act.DELETE_ACCOUNT: "delete_account",
    Act.EXPIRE_ACCOUNT: "expire_account",
}
"""Act -> the operation that it calls."""


@dataclass(frozen=True)
class Step:
    """One call of a case."""

    id: str
    act: Act
    title: str
    pressed: bool = False
    """Whether the person makes the call with the button; else the suite makes it beforehand."""
    who: str = "user"
    """Label of the person that Databricks names."""
    where: str = "one"
    """Label of the workspace."""
    of: str = ""
    """Step whose connection the call is about."""
    when: When = When.PLAIN
    demo: bool = False
    optional: bool = False
    """Left out where the partner does not have the operation."""


@dataclass(frozen=True)
class Expected:
    """One thing that a person must see."""

    text: str
    in_databricks: bool = False
    """Whether only a real workspace can show it."""


@dataclass(frozen=True)
class Guide:
    """How a person carries a case out."""

    case: str
    about: str
    do: str
    expected: tuple[Expected, ...]
    steps: tuple[Step, ...] = ()
    test_domain: bool = False
    """Whether its people are of the domain that the test hooks act on."""
    real_workspace: str = ""
    """Why a real workspace is needed; empty when this page is enough."""
    hint: str = ""
    """What helps some products."""

    def steps_for(self, config: PartnerConfig) -> tuple[Step, ...]:
        """Return the steps that the partner of ``config`` has the operations for."""
        return tuple(step for step in self.steps if not step.optional or config.offers(OPERATION[step.act]))


def person_of(guide: Guide, config: PartnerConfig, execution: str, who: str, where: str) -> Person:
    """Return who ``who`` is in the try ``execution`` of a case, in the workspace ``where``.

    Derived, never drawn: whoever has the record can say which requests must have been sent.
    """
    ids = Identities(f"walkthrough/{guide.case}/{execution}", (config.workspace_detail or {}).get("hostname"))
    domain = TEST_DOMAIN if guide.test_domain else ids.company()
    return ids.person(who, domain, ids.workspace(where, config.clouds[0]))
