"""Correct variants put together into partners that are unusual in several ways at once.

Real partners are; and a dozen partners can be certified in the time that tests may take where hundreds cannot.  Each variant
alone is what ``python -m certification.accuracy accuracy`` measures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import FunctionType
from typing import Any

from certification.reference import VARIANTS, Variant
from certification.reference.front import Front
from certification.reference.partner import Partner

AT_ONCE = 8
PLAIN = {*Partner.__mro__, *Front.__mro__}

APART = (
    # What is compressed is not JSON any more.
    {"gzip", "deflate", "json-compact", "json-sorted", "json-pretty", "json-escaped", "json-line-break"},
    {"tests-pass-and-unknown", "deleted-fails-tests", "missing-fails-tests"},
)
"""Correct alone and wrong together, so that a group has one of each at most."""


def groups() -> list[list[Variant]]:
    """Return all variants, each in the first group that it goes together with."""
    made: list[list[Variant]] = []
    for variant in VARIANTS:
        fitting = (
            group for group in made if len(group) < AT_ONCE and all(_together(variant, other) for other in group)
        )
        group = next(fitting, None)
        if group is None:
            made.append(group := [])
        group.append(variant)
    return made


def _together(one: Variant, other: Variant) -> bool:
    names = {one.name, other.name}
    if _kind(one) != _kind(other) or any(names <= apart for apart in APART):
        return False
    # ids-numbers, ids-short and the like are answers to the same question.
    if one.name.partition("-")[0] == other.name.partition("-")[0]:
        return False
    if _hides(one, other) or _hides(other, one):
        return False
    here, there = dict(_leaves(one.config)), dict(_leaves(other.config))
    # What a partner does not offer, no other variant can do differently.
    if (None in here.values() or None in there.values()) and here != there:
        return False
    return all(here[key] == there[key] for key in here.keys() & there.keys())


def _hides(one: Variant, other: Variant) -> bool:
    """Whether a step that ``one`` replaces without calling on is one of those of ``other``, which would never be reached."""
    theirs = {name for name, _ in _steps(other)}
    return any(name in theirs and "super" not in step.__code__.co_names for name, step in _steps(one))


def _steps(variant: Variant) -> Iterator[tuple[str, FunctionType]]:
    """Yield the steps that the parts of ``variant`` replace, by name."""
    for part in variant.parts:
        for kind in part.__mro__ if isinstance(part, type) else ():
            if kind not in PLAIN:
                yield from ((name, step) for name, step in vars(kind).items() if isinstance(step, FunctionType))


def _kind(variant: Variant) -> tuple[bool, str, bool]:
    return variant.wire, variant.http_version, bool(variant.advisories)


def _leaves(config: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in config.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value
