"""What a case is: an id that never changes, a title, where it comes from, when it applies, and a script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from certification.config.partner import ENDPOINTS, PartnerConfig
from certification.contract.requirements import REQUIREMENTS
from certification.generate.shape import Shape

if TYPE_CHECKING:
    from certification.cases.play import Play

Applies = Callable[[PartnerConfig], str]
"""Returns why a case does not apply to a partner, in the user's words; empty when it does."""

SHARED_DOMAIN = "databricks-test.com"
"""Group of the cases that must never run at the same time as each other."""


@dataclass(frozen=True)
class Case:
    """One case of the catalogue.  A manual case has no script but says in ``steps`` what a person must see."""

    id: str
    title: str
    category: str
    steps: str
    clause: str
    requirements: tuple[str, ...]
    script: Callable[[Play], None] | None = None
    applies: Applies = field(default=lambda _config: "")
    shapes: Callable[[PartnerConfig, int, str], list[Shape]] | None = None
    """For a generated case: (config, seed, profile) -> the shapes of its executions.  Others have one empty shape."""
    shared_domain: bool = False
    weight: int = 5
    """About how many requests the case sends in the standard profile; heavy cases are handed out first."""
    rules: tuple[str, ...] = ()
    """Rules of which at least one execution must have fired, or the case is blocked: it would have proved nothing."""

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
        """``must`` when a failure of the case can cost the certificate."""
        levels = {REQUIREMENTS[name].level for name in self.requirements}
        return "should" if levels == {"should"} else "must"


def always(_config: PartnerConfig) -> str:
    """Every partner."""
    return ""


def offers(*operations: str) -> Applies:
    """Return the rule that the partner's config must name a path for each of ``operations``."""

    def rule(config: PartnerConfig) -> str:
        missing = [ENDPOINTS[operation][0] for operation in operations if not config.offers(operation)]
        return f"the config has no {' and no '.join(missing)}" if missing else ""

    return rule


def both(*rules: Applies) -> Applies:
    """Return the rule that all of ``rules`` hold; the first reason against counts."""
    return lambda config: next((reason for rule in rules if (reason := rule(config))), "")
