"""Whether the time that something takes grows with the length of its input, and not with the square of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

FACTOR = 8
QUADRATIC = FACTOR * FACTOR


def growth(work: Callable[[Any], object], make: Callable[[int], Any], size: int) -> float:
    """Return by what factor the work grows when its input grows by ``FACTOR``: 8 when it is linear, 64 when quadratic.

    Processor time, the best of several tries: other processes do not count.  ``size`` is raised until the work is long
    enough to be measured.
    """
    small = _seconds(work, make(size))
    while small < 0.0005 and size < 200_000:
        size *= 4
        small = _seconds(work, make(size))
    return _seconds(work, make(size * FACTOR)) / max(small, 0.00025)


def assert_linear(work: Callable[[Any], object], make: Callable[[int], Any], size: int = 1_000) -> None:
    """Fail when the work grows much faster than its input."""
    factor = growth(work, make, size)
    assert factor < QUADRATIC / 2, f"{FACTOR} times the input took {factor:.0f} times as long"


def _seconds(work: Callable[[Any], object], value: Any) -> float:
    best = float("inf")
    for _ in range(2):
        begun = time.process_time()
        work(value)
        best = min(best, time.process_time() - begun)
    return best
