"""Draw from a Hypothesis strategy by seed: the same seed gives the same values, and nothing is sent while drawing."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

T = TypeVar("T")


def draw_many(strategy: st.SearchStrategy[T], number: int, count: int) -> list[T]:
    """Return up to ``count`` different values of ``strategy``, drawn by the seed ``number``.

    Hypothesis begins with the simplest value; it is left out, since a plain request is tried elsewhere.
    """
    drawn: list[T] = []

    @seed(number)
    @settings(
        max_examples=count + 1,
        phases=(Phase.generate,),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=False,
    )
    @given(strategy)
    def collect(value: T) -> None:
        drawn.append(value)

    with warnings.catch_warnings(), _seed_alone():
        # Hypothesis warns when a small strategy has fewer values than were asked for; fewer are fine here.
        warnings.simplefilter("ignore")
        collect()
    return drawn[1 : count + 1]


@contextmanager
def _seed_alone() -> Iterator[None]:
    """Let the values follow from the seed alone.

    Hypothesis likes to draw constants that it finds in the source of whatever modules are loaded: a checkout and a wheel,
    a run and its verification, would then give different shapes for the same seed.
    """
    try:
        from hypothesis.internal.conjecture.providers import CONSTANTS_CACHE, HypothesisProvider
        from hypothesis.internal.constants_ast import Constants
    except ImportError:
        # Versions without these names do not look into modules.
        yield
        return
    CONSTANTS_CACHE.cache.clear()
    with patch.object(HypothesisProvider, "_local_constants", Constants()):
        yield
    CONSTANTS_CACHE.cache.clear()
