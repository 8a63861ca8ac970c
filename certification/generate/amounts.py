"""How much each profile tries, in one table.

``quick`` is a first look while a partner is being written, ``standard`` certifies, ``thorough`` looks for what is rare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True)
class Amounts:
    """How much of everything one profile tries; None is all that there is."""

    laid_out: int | None
    """Laid-out shapes of each generated case."""
    drawn: int
    """Drawn shapes that follow them, as a multiple of a case's unit."""
    everything: int
    """Shapes drawn from all fields at once."""
    programs: int
    """Drawn programs beside the laid-out ones, and their steps."""
    steps: int
    bodies: int | None
    """Bodies that are not JSON."""
    mistakes: int | None
    """Wrong fields of each operation."""
    wrong_types: int | None
    """Wrong types of each of those fields."""
    credentials: int | None
    """Wrong credentials on connect."""
    credentials_elsewhere: int | None
    """Wrong credentials on each other operation."""
    domains: int | None
    """Domains that look like a test domain."""
    rounds: int
    """How often something is repeated."""
    together: int
    """How many do something at the same moment."""


AMOUNTS: Final = {
    "quick": Amounts(2, 0, 2, 0, 12, 3, 3, 1, 5, 2, 5, 2, 3),
    "standard": Amounts(None, 1, 10, 5, 17, None, None, 2, None, 8, None, 8, 8),
    "thorough": Amounts(None, 4, 80, 40, 30, None, None, None, None, None, None, 30, 8),
}  # fmt: skip
"""Profile -> amounts."""


def some(items: Sequence[Item], count: int | None) -> list[Item]:
    """Return ``count`` of ``items``, spread evenly and in order; all when there are no more, or when it is None."""
    if count is None or len(items) <= count:
        return list(items)
    return [items[place * len(items) // count] for place in range(count)]
