"""Make a failing shape smaller: fewer fields, then simpler values, within a budget of executions.

Hypothesis draws the shapes but does not shrink them here, for three reasons.  A shape is a flat set of named departures
from a plain request, so removing names tells at once *what matters*; the same reduction serves shapes that were laid out
systematically and not drawn; and the number of requests stays under control, where each try costs a partner's time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from certification.generate.shape import Shape

Fails = Callable[[Shape], bool]


def reduce_shape(shape: Shape, fails: Fails, budget: int) -> Shape:
    """Return a smallest shape for which ``fails`` still holds, calling it at most ``budget`` times."""
    left = budget

    def still(candidate: Shape) -> bool:
        nonlocal left
        if left <= 0:
            return False
        left -= 1
        return fails(candidate)

    shape = _fewer_fields(shape, still)
    improved = True
    while improved and left > 0:
        improved = False
        for candidate in _simpler(shape):
            if still(candidate):
                shape, improved = candidate, True
                break
    return shape


def _fewer_fields(shape: Shape, still: Fails) -> Shape:
    """Remove fields by halves, then one by one: what is left all matters (delta debugging)."""
    parts = 2
    while len(shape) > 1:
        names = list(shape)
        size = -(-len(names) // parts)
        chunks = [names[start : start + size] for start in range(0, len(names), size)]
        subsets = [{name: shape[name] for name in chunk} for chunk in chunks]
        rests = [{name: shape[name] for name in names if name not in chunk} for chunk in chunks]
        candidates = [*subsets, *rests] if parts > 2 else subsets
        smaller = next(
            (candidate for candidate in candidates if len(candidate) < len(shape) and still(candidate)), None
        )
        if smaller is not None:
            shape, parts = smaller, 2
        elif size == 1:
            break
        else:
            parts = min(parts * 2, len(names))
    if len(shape) == 1 and still({}):
        return {}
    return shape


def _simpler(shape: Shape) -> Iterator[Shape]:
    for name, value in shape.items():
        for simpler in _simpler_value(value):
            yield {**shape, name: simpler}


def _simpler_value(value: Any) -> Iterator[Any]:
    if isinstance(value, dict) and "value" in value:
        for simpler in _simpler_value(value["value"]):
            yield {**value, "value": simpler}
    elif isinstance(value, str) and len(value) > 1:
        half = len(value) // 2
        yield value[:half]
        yield value[half:]
        if len(value) <= 12:
            yield from (value[:place] + value[place + 1 :] for place in range(len(value)))
    elif isinstance(value, list) and value:
        size = len(value)
        while size >= 1:
            for start in range(0, len(value), size):
                yield value[:start] + value[start + size :]
            size //= 2
