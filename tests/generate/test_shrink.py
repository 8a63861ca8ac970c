"""A failing shape is made smaller, within its budget."""

from __future__ import annotations

from typing import Any

import pytest

from certification.generate.shrink import reduce_shape


class Remembering:
    """A partner that fails for a cause in the shape, but only for users whom it has not seen before."""

    def __init__(self, causes: Any) -> None:
        self.causes, self.seen, self.tries = causes, set[int](), 0

    def fails(self, shape: dict[str, Any]) -> bool:
        # The suite makes a fresh user for each execution; one that was reused would be known and not fail again.
        self.tries += 1
        user = self.tries
        known = user in self.seen
        self.seen.add(user)
        return not known and self.causes(shape)


@pytest.mark.parametrize(
    ("shape", "causes", "smallest"),
    [
        ({"a": 1, "b": 2, "c": 3, "d": 4}, lambda shape: "c" in shape, {"c": 3}),
        (dict.fromkeys("abcdefghijkl", 1), lambda shape: {"b", "k"} <= set(shape), {"b": 1, "k": 1}),
        ({"name": "Grüße 🎉 aus Köln", "x": 1}, lambda shape: "🎉" in str(shape.get("name")), {"name": "🎉"}),
        ({"steps": list(range(12)), "x": 1}, lambda shape: 7 in shape.get("steps", []), {"steps": [7]}),
        ({"a": 1, "b": 2}, lambda _shape: True, {}),
    ],
)
def test_a_failing_shape_is_reduced_to_what_matters(shape: Any, causes: Any, smallest: Any) -> None:
    partner = Remembering(causes)
    assert reduce_shape(shape, partner.fails, 60) == smallest
    assert partner.tries <= 60


def test_reduction_keeps_to_its_budget_and_never_returns_what_does_not_fail() -> None:
    shape = dict.fromkeys("abcdefghijklmnop", "x" * 50)
    for budget in range(12):
        partner = Remembering(lambda candidate: {"c", "m"} <= set(candidate))
        smaller = reduce_shape(shape, partner.fails, budget)
        assert {"c", "m"} <= set(smaller)
        assert partner.tries <= budget
