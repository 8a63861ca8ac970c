"""Ask whether a recorded shape is one that the suite could have tried, without drawing it again.

Laid-out shapes are compared exactly; where the seed drew a value, or a whole shape, its kind, characters and length count.
So a bundle can be verified with other versions of Hypothesis and Faker than those that drew its shapes.
"""

from __future__ import annotations

from typing import Any

from certification.config.partner import PartnerConfig
from certification.generate.examples import GENERATED
from certification.generate.mistakes import NEGATIVE
from certification.generate.plan import Examples
from certification.generate.programs import STATEFUL

EXAMPLES: dict[str, Examples] = {examples.case: examples for examples in (*GENERATED, *STATEFUL, *NEGATIVE)}
"""Case -> its examples.  Cases that are not here have one example, the plain one."""


def contains(
    case: str, config: PartnerConfig, profile: str, shape: Any, *, seed: int = 0, number: int | None = None
) -> str:
    """Return why ``shape`` is not in the domain of ``case`` under ``config`` and ``profile``; empty when it is.

    ``seed`` is that of the run: which mistakes are tried follows from it by a rule of our own.  ``number`` says which
    example the shape belongs to, counted from 0; without it, any place will do.
    """
    examples = EXAMPLES.get(case)
    if examples is None:
        return "" if shape == {} and number in {None, 0} else "the case has one example, the plain one"
    return examples.plan(config, seed, profile).outside(shape, number)


def count(case: str, config: PartnerConfig, profile: str, *, seed: int = 0) -> tuple[int, int]:
    """Return how few and how many examples ``case`` can have: a small domain may give fewer than were asked for."""
    examples = EXAMPLES.get(case)
    if examples is None:
        return 1, 1
    plan = examples.plan(config, seed, profile)
    laid_out = len(plan.laid_out)
    return laid_out, laid_out + (plan.count if plan.drawn is not None else 0)
