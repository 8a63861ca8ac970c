"""What a case is: an id that never changes, a title, where it comes from, when it applies, and a script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from certification.config.partner import PartnerConfig
from certification.contract.operations import OPERATIONS
from certification.contract.requirements import REQUIREMENTS
from certification.foundation.reason import Reason
from certification.generate.shape import Shape

if TYPE_CHECKING:
    from certification.cases.play import Play

Applies = Callable[[PartnerConfig], Reason | None]
"""Returns why a case does not apply to a partner; None when it does."""

SHARED_DOMAIN = "databricks-test.com"
"""Group of the cases that must never run at the same time as each other."""


def always(_config: PartnerConfig) -> Reason | None:
    """Every partner."""
    return None


@dataclass(frozen=True)
class Case:
    """One case of the catalogue.  A manual case has no script but says in ``steps`` what a person must see."""

    id: str
    title: str
    category: str
    steps: str
    clause: str
    requirements: tuple[str, ...]
    """What the case is there for; what it really looked at, its observations say."""
    script: Callable[[Play], None] | None = None
    applies: Applies = field(default=always)
    shapes: Callable[[PartnerConfig, int, str], list[Shape]] | None = None
    """For a generated case: (config, seed, profile) -> the shapes of its executions.  Others have one empty shape."""
    shared_domain: bool = False
    weight: int = 5
    """About how many requests the case sends in the standard profile; heavy cases are handed out first."""
    rules: tuple[str, ...] = ()
    """Rules of which at least one execution must have fired, or the case is blocked: it would have proved nothing."""
    optional: bool = False
    """Whether Databricks asks for the case but does not insist on it."""

    @property
    def manual(self) -> bool:
        """Whether a person has to carry the case out."""
        return self.script is None

    def play(self, play: Play) -> None:
        """Carry the script out; raises ``TypeError`` for a manual case."""
        if self.script is None:
            message = f"{self.id} has no script: a person carries it out"
            raise TypeError(message)
        self.script(play)

    @property
    def level(self) -> str:
        """``must`` when what the case is there for can cost the certificate."""
        levels = {REQUIREMENTS[name].level for name in self.requirements}
        return "should" if levels == {"should"} else "must"


def offers(*operations: str) -> Applies:
    """Return the rule that the partner's config must name a path for each of ``operations``."""

    def rule(config: PartnerConfig) -> Reason | None:
        missing = [OPERATIONS[operation].config_key for operation in operations if not config.offers(operation)]
        return Reason("config-lacks", {"keys": " and no ".join(missing)}) if missing else None

    return rule


def offers_any(*operations: str) -> Applies:
    """Return the rule that the partner's config must name a path for one of ``operations`` at least."""

    def rule(config: PartnerConfig) -> Reason | None:
        if any(config.offers(operation) for operation in operations):
            return None
        keys = " and no ".join(OPERATIONS[operation].config_key for operation in operations)
        return Reason("config-lacks", {"keys": keys})

    return rule


def both(*rules: Applies) -> Applies:
    """Return the rule that all of ``rules`` hold; the first reason against counts."""
    return lambda config: next((reason for rule in rules if (reason := rule(config))), None)


def trial(config: PartnerConfig) -> Reason | None:
    """Partners whose trials end."""
    return None if config.trial_type else Reason("no-trial-type")


def demo(config: PartnerConfig) -> Reason | None:
    """Partners that honour the demo flag."""
    return None if config.supports_demo else Reason("no-demo")


def ingest(config: PartnerConfig) -> Reason | None:
    """Partners that must list connectors."""
    if config.category != "INGEST":
        return Reason("not-ingest", {"category": config.category})
    return offers("list_connectors")(config)


def cluster(config: PartnerConfig) -> Reason | None:
    """Partners that can be given a cluster."""
    return None if "InteractiveCluster" in config.resources else Reason("no-cluster")


def several_clouds(config: PartnerConfig) -> Reason | None:
    """Partners that are in more than one cloud."""
    return None if len(config.clouds) > 1 else Reason("one-cloud")
