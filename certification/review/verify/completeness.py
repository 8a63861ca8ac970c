"""Look for what is missing: each case of the catalogue, each planned example, with the shape that the seed gives."""

from __future__ import annotations

from collections.abc import Iterator

from certification.cases.case import Case
from certification.cases.catalogue import catalogue
from certification.databricks.context import Context
from certification.foundation.reason import Reason
from certification.generate.membership import contains, count
from certification.report.words import reason_words
from certification.review.verify.rejudging import FileFindings
from certification.run.judge import HOPELESS


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


def shape_errors(files: list[FileFindings], context: Context) -> Iterator[str]:
    """Yield the cases whose examples are not as many as the profile asks for, or not of the case's domain.

    What is drawn by a library depends on its version and on that of Python, so nothing is drawn again here: examples that
    are laid out must be those, in their places, and drawn ones must be such as can be drawn.
    """
    config, profile, seed = context.config, context.profile, context.seed
    for file in files:
        for name, planned in file.planned.items():
            if name not in catalogue():
                continue
            fewest, most = count(name, config, profile, seed=seed)
            # Fewer than asked for are drawn where the domain has no more.
            if planned != most and (planned < fewest or planned != _drawn_here(name, context)):
                yield f"{name}: {planned} examples were planned, the profile {profile} asks for {most}"
            for number, shape in enumerate(file.shapes.get(name, [])):
                why = contains(name, config, profile, shape, seed=seed, number=number)
                if why:
                    yield f"{name}: example {number + 1} is none that the suite would have tried: {why}"
                    break


def _drawn_here(name: str, context: Context) -> int:
    case = catalogue()[name]
    return len(case.shapes(context.config, context.seed, context.profile)) if case.shapes else 1
