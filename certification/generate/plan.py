"""What a generated case tries: laid-out shapes first, so that nothing is left to luck, then drawn ones.

A laid-out shape may hold a domain where a value of some kind belongs; the seed decides which value it is.  The same plan
says which shapes there are and whether a recorded shape is one of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from certification.config.partner import PartnerConfig
from certification.generate.amounts import AMOUNTS, some
from certification.generate.domain import Choice, Domain, Fields, Labelled, Texts, same
from certification.generate.draw import draw_many
from certification.generate.shape import Shape

Pattern = dict[str, Any]
"""A shape in which domains may stand for values."""

DOMAINS = (Choice, Fields, Labelled, Texts)


@dataclass(frozen=True)
class Plan:
    """The shapes of one case for one config and profile."""

    laid_out: list[Pattern]
    drawn: Domain | None = None
    count: int = 0
    """So many drawn shapes follow the laid-out ones."""

    def shapes(self, seed: int) -> list[Shape]:
        """Return the shapes that ``seed`` gives."""
        shapes = self._filled(seed)
        if self.drawn is not None and self.count:
            shapes += draw_many(self.drawn.strategy, seed_for("drawn", seed), self.count)
        return shapes

    def _filled(self, seed: int) -> list[Shape]:
        open_places = {id(value): value for pattern in self.laid_out for value in pattern.values() if _is_open(value)}
        if not open_places:
            return [dict(pattern) for pattern in self.laid_out]
        every = st.fixed_dictionaries({str(turn): place.strategy for turn, place in enumerate(open_places.values())})
        # A domain of single values can be drawn from once only; the simplest values are then as good as others.
        drawn = (draw_many(every, seed, 1) or draw_many(every, seed, 1, simplest=True))[0]
        values = {ident: drawn[str(turn)] for turn, ident in enumerate(open_places)}
        return [
            {name: values[id(value)] if _is_open(value) else value for name, value in pattern.items()}
            for pattern in self.laid_out
        ]

    def outside(self, shape: Any, number: int | None = None) -> str:
        """Return why ``shape`` is none of the shapes of this plan; empty when it can be one, whatever the seed.

        ``number`` says which one it should be, counted from 0; None looks at all.
        """
        if number is not None and number < len(self.laid_out):
            return "" if _fits(shape, self.laid_out[number]) else f"it is not what example {number + 1} tries"
        if number is not None and number >= len(self.laid_out) + self.count:
            return f"there are only {len(self.laid_out) + self.count} examples"
        if self.count and self.drawn is not None and self.drawn.contains(shape):
            return ""
        if number is None and any(_fits(shape, pattern) for pattern in self.laid_out):
            return ""
        return "it is none of the shapes that this case draws from"


@dataclass(frozen=True)
class Examples:
    """The examples of the case ``case``: called with config, seed and profile, gives their shapes."""

    case: str
    plan: Callable[[PartnerConfig, int, str], Plan]
    """(config, seed, profile) -> plan.  Only mistakes depend on the seed here: which ones are picked follows from it."""

    def __call__(self, config: PartnerConfig, seed: int, profile: str) -> list[Shape]:
        """Return the shapes that the case tries."""
        return self.plan(config, seed, profile).shapes(seed_for(self.case, seed))


def seed_for(case: str, seed: int) -> int:
    """Return the seed of one case: cases do not shift each other's shapes."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{case}".encode()).digest()[:4], "big")


def limited(patterns: list[Pattern], profile: str) -> list[Pattern]:
    """Return as many of ``patterns`` as ``profile`` tries."""
    return some(patterns, AMOUNTS[profile].laid_out)


def _is_open(value: Any) -> bool:
    return isinstance(value, DOMAINS)


def _fits(shape: Any, pattern: Pattern) -> bool:
    return (
        isinstance(shape, dict)
        and shape.keys() == pattern.keys()
        and all(
            value.contains(shape[name]) if _is_open(value) else same(shape[name], value)
            for name, value in pattern.items()
        )
    )
