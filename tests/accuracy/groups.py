"""Correct variants put together into partners that are unusual in several ways at once.

Real partners are; and a dozen partners can be certified in the time that tests may take where hundreds cannot.  Each variant
alone is what ``python -m certification.accuracy accuracy`` measures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from certification.reference import VARIANTS, Variant

AT_ONCE = 6

APART = (
    # What is compressed is not JSON any more.
    {"gzip", "deflate", "json-compact", "json-sorted", "json-pretty", "json-escaped", "json-line-break"},
    {"tests-pass-and-unknown", "deleted-fails-tests", "missing-fails-tests"},
)
"""Correct alone and wrong together, so that a group has one of each at most; whoever adds such a variant sees its group accused."""


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
    here, there = dict(_leaves(one.config)), dict(_leaves(other.config))
    return all(here[key] == there[key] for key in here.keys() & there.keys())


def _kind(variant: Variant) -> tuple[bool, str, bool]:
    return variant.wire, variant.http_version, bool(variant.advisories)


def _leaves(config: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in config.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value
