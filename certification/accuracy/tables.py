"""The figures of the measuring as Markdown, and their place in the README."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from certification.accuracy.accuracy import Measured
from certification.accuracy.node_partner import FirstLook, Look

T = TypeVar("T")

CATALOGUE, SECOND_PARTNER, PAGES = "accuracy", "second partner", "pages"
"""Names of the places in the README."""


def catalogue_table(measured: Sequence[Measured], profile: str, *, expected: bool = False) -> str:
    """Return recall, false alarms and the number of findings for the faults and variants of the reference partner."""
    faults = [each for each in measured if each.fault]
    variants = [each for each in measured if not each.fault]
    columns: list[tuple[str, Callable[[Measured], bool]]] = [("found", lambda each: each.right)]
    if expected:
        columns.append(("found by the quick profile", lambda each: each.quick))
    lines = _by_family("family of faults", faults, lambda each: each.family, columns)
    lines += [
        "",
        "| correct partners | accused (must) | unexplained advisories | could not be checked |",
        "| ---: | ---: | ---: | ---: |",
    ]
    accused = sum(bool(each.must) for each in variants)
    advised = sum(bool(each.should) and not each.allowed for each in variants)
    unchecked = sum(bool(each.open) for each in variants)
    lines += [f"| {len(variants)} | {accused} | {advised} | {unchecked} |", ""]
    numbers = sorted(each.required for each in faults if each.required)
    if numbers:
        which = "quick" if expected else profile
        lines += [f"Required findings for one fault, in a run of profile {which}: {_spread(numbers)}.", ""]
    # A fault on which only one case was run says nothing about a whole run.
    for title, members in (("a correct partner", variants), ("a faulty one", [] if expected else faults)):
        if members:
            requests = sorted(each.requests for each in members)
            seconds = sorted(each.seconds for each in members)
            lines.append(
                f"Profile {profile}, {title}: {_median(requests):,} requests and {_median(seconds):.1f} s (median), "
                f"{requests[-1]:,} requests and {seconds[-1]:.1f} s at most."
            )
    return "\n".join(lines).strip()


def second_table(looks: Sequence[Look], first: FirstLook) -> str:
    """Return what was found in the Node partner at first look, and what is found now."""
    defects = [each for each in looks if each.level]
    styles = [each for each in looks if each.name and not each.level]
    columns: list[tuple[str, Callable[[Look], bool]]] = [
        ("found at first look", lambda each: each.name not in first.missed),
        ("found now", lambda each: each.found),
    ]
    lines = _by_family("family of defects", defects, lambda each: each.family, columns)
    then = sum(each.name in first.accused for each in styles)
    lines += [
        "",
        "| correct styles | accused at first look | accused now | advised now |",
        "| ---: | ---: | ---: | ---: |",
        f"| {len(styles)} | {then} | {sum(each.accused for each in styles)} | {sum(bool(each.should) for each in styles)} |",
    ]
    numbers = sorted(len(each.must) for each in defects if each.must)
    if numbers:
        lines += ["", f"Required findings for one defect now: {_spread(numbers)}."]
    return "\n".join(lines)


def write_into(readme: Path, place: str, text: str) -> None:
    """Put ``text`` between the marks of ``place`` in ``readme``; raises ``ValueError`` when they are missing."""
    begin, end = f"<!-- {place} -->", f"<!-- /{place} -->"
    before, found, rest = readme.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        message = f"{readme}: the marks {begin} and {end} are missing"
        raise ValueError(message)
    readme.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def _by_family(
    title: str, members: Sequence[T], family: Callable[[T], str], columns: Sequence[tuple[str, Callable[[T], bool]]]
) -> list[str]:
    head = [
        f"| {title} | all | {' | '.join(name for name, _ in columns)} |",
        f"| --- |{' ---: |' * (len(columns) + 1)}",
    ]
    families = sorted({family(each) for each in members})
    rows = [_row(name, [each for each in members if family(each) == name], columns) for name in families]
    return [*head, *rows, _row("**all**", members, columns)]


def _row(name: str, members: Sequence[T], columns: Iterable[tuple[str, Callable[[T], bool]]]) -> str:
    found = [sum(holds(each) for each in members) for _, holds in columns]
    cells = [f"{number} ({_percent(number, len(members))})" for number in found]
    return f"| {name} | {len(members)} | {' | '.join(cells)} |"


def _spread(numbers: Sequence[int]) -> str:
    high = numbers[min(len(numbers) - 1, len(numbers) * 95 // 100)]
    return f"median {_median(numbers)}, 95th percentile {high}, at most {numbers[-1]}"


def _median(numbers: Sequence[T]) -> T:
    return numbers[len(numbers) // 2]


def _percent(part: int, whole: int) -> str:
    # Rounded down: all but one is not all.
    return f"{100 * part // whole} %" if whole else "–"
