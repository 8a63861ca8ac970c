"""Draw from a Hypothesis strategy by seed: nothing is sent while drawing.

The same seed gives the same values with the same versions of Hypothesis and Faker (see ``domain.py`` for what that asks
of the strategies); with others it gives other values of the same domain.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

T = TypeVar("T")


def draw_many(strategy: st.SearchStrategy[T], number: int, count: int, *, simplest: bool = False) -> list[T]:
    """Return up to ``count`` different values of ``strategy``, drawn by the seed ``number``.

    Hypothesis begins with the simplest value; it is left out unless asked for, since a plain request is tried elsewhere.
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

    with warnings.catch_warnings(), _leaving_nothing_behind():
        # Hypothesis warns when a small strategy has fewer values than were asked for; fewer are fine here.
        warnings.simplefilter("ignore")
        collect()
    return drawn[:count] if simplest else drawn[1 : count + 1]


@contextmanager
def _leaving_nothing_behind() -> Iterator[None]:
    """Keep Hypothesis from making a folder ``.hypothesis`` where the user runs the suite."""
    with tempfile.TemporaryDirectory() as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)
