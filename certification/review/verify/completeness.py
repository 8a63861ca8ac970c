"""Look for what is missing: each case of the catalogue, each planned example, with the shape that the seed gives."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from certification.cases.case import Case
from certification.cases.catalogue import catalogue
from certification.databricks.context import Context
from certification.foundation.reason import Reason
from certification.generate.shape import Shape
from certification.report.words import reason_words
from certification.review.verify.rejudging import FileFindings
from certification.run.judge import HOPELESS

SHAPE_LIBRARIES = ("hypothesis", "faker")
"""What draws the shapes: with other versions the same seed may give others."""


def case_errors(files: list[FileFindings], context: Context, *, narrowed: bool) -> Iterator[str]:
    """Yield which cases are missing or were left out without the config saying so.

    ``narrowed`` runs may lack cases; they are incomplete and say so.  A case that was selected and has no result is one
    whose process ended too early; the report calls that an error, and such a run never conformant.
    """
    selected = set[str]().union(*(file.selected for file in files))
    results: dict[str, Reason | None] = {}
    for file in files:
        results |= file.concluded
    yield from _result_errors(files)
    executed = {name for file in files for name in file.shapes}
    for case in catalogue().values():
        if case.manual:
            continue
        if case.id not in results:
            if not narrowed and case.id not in selected:
                yield f"{case.id} is missing: the run is not narrowed, yet this case was not selected"
            continue
        yield from _applicability(case, context, results[case.id], executed=case.id in executed)


def _result_errors(files: list[FileFindings]) -> Iterator[str]:
    """Yield results that stand twice, or of cases that were not selected or do not exist."""
    seen: set[str] = set()
    selected = set[str]().union(*(file.selected for file in files))
    for file in files:
        for name in file.concluded:
            if name in seen:
                yield f"{name} was concluded in two evidence files"
            if name not in selected:
                yield f"{name} has a result, but is not among the cases that were selected"
            seen.add(name)
    for name in sorted(selected - catalogue().keys()):
        yield f"{name[:40]} was selected, but this version of the suite has no such case"


def _applicability(case: Case, context: Context, recorded: Reason | None, *, executed: bool) -> Iterator[str]:
    reason = case.applies(context.config)
    if reason and executed:
        yield f"{case.id} was executed, though it does not apply to this config ({reason_words(reason)})"
    elif not executed and reason != recorded:
        yield (
            f"{case.id} was not executed, and the reason on record is not the config's "
            f"({reason_words(recorded) or 'none'}; {reason_words(reason) or 'the case applies'})"
        )


def example_errors(files: list[FileFindings]) -> Iterator[str]:
    """Yield the cases whose examples are fewer, or more, than planned; a case without a result may lack some."""
    for file in files:
        for case in sorted(file.planned.keys() | file.shapes.keys()):
            if case in file.shapes and case not in file.planned:
                yield f"{case} was executed without a plan"
                continue
            planned, done = file.planned.get(case, 0), len(file.shapes.get(case, []))
            given_up = file.blocked_at_end.get(case, 0) >= HOPELESS
            if done > planned or (done < planned and not given_up and case in file.concluded):
                yield f"{case}: {planned} examples were planned, {done} are recorded"


def count_errors(files: list[FileFindings], context: Context) -> Iterator[str]:
    """Yield the cases of which other examples were planned than the profile asks for, whatever drew their shapes."""
    for file in files:
        for name, planned in file.planned.items():
            case = catalogue().get(name)
            if case is None or case.manual:
                continue
            count = len(_shapes(case, context))
            if planned != count:
                yield f"{name}: {planned} examples were planned, the profile {context.profile} asks for {count}"


def shape_errors(files: list[FileFindings], context: Context) -> Iterator[str]:
    """Yield the cases whose examples are not those that seed, profile and config give."""
    for file in files:
        for name, recorded in file.shapes.items():
            case = catalogue().get(name)
            if case is None or case.manual:
                continue
            for number, (shape, found) in enumerate(zip(_shapes(case, context), recorded, strict=False), 1):
                if _plain(shape) != _plain(found):
                    yield f"{name}: example {number} does not have the shape that the seed {context.seed} gives"
                    break


def _shapes(case: Case, context: Context) -> list[Shape]:
    return case.shapes(context.config, context.seed, context.profile) if case.shapes else [{}]


def other_shape_libraries(recorded: Mapping[str, str]) -> list[str]:
    """Return which versions differ from the recorded ones, so that shapes cannot be drawn again; empty when none do."""
    different = []
    for name in SHAPE_LIBRARIES:
        try:
            here = version(name)
        except PackageNotFoundError:
            here = "none"
        if recorded.get(name, "none") != here:
            different.append(f"{name} {recorded.get(name, 'none')} (here {here})")
    return different


def _plain(shape: Any) -> str:
    return json.dumps(shape, sort_keys=True, default=str)
