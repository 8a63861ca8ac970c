"""What waivers do to findings: which causes are waived, and what of their consequences goes with them.

A waiver takes a finding out of those that cost the certificate, by its cause.  What only follows from the finding goes with
it, but no further than it can be seen: a consequence is waived only where the waived cause itself showed, so that it can't
hide something that is broken for a reason of its own.  Whatever is about security stays, whatever it follows from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

from certification.cases.catalogue import catalogue
from certification.config.waivers import Waiver
from certification.contract.requirements import REQUIREMENTS
from certification.evidence.observation import Cause
from certification.run.judge import CaseResult, Execution, conclude

if TYPE_CHECKING:
    from certification.run.findings import Finding

WAIVED = "waived"
"""Verdict of a case that failed, and of nothing but what is waived."""


def waived_causes(causes: Iterable[Cause], waivers: Sequence[Waiver]) -> dict[Cause, str]:
    """Return the causes that a waiver names, each with the id of the waiver; never one that is about security."""
    named = {cause: next((waiver.id for waiver in waivers if waiver.covers(cause)), "") for cause in causes}
    return {cause: ident for cause, ident in named.items() if ident and not REQUIREMENTS[cause[0]].security}


Shown = Mapping[Cause, frozenset[tuple[str, str]]]
"""Cause -> the examples, by case and execution, in which it shows."""


def shown_in(found: Mapping[Cause, Finding]) -> Shown:
    """Return the examples in which each cause shows."""
    return {
        cause: frozenset((place.execution.case, place.execution.id) for place in finding.places)
        for cause, finding in found.items()
    }


def goes_with(cause: Cause, waived: Cause, shown: Shown) -> bool:
    """Return whether ``cause``, a consequence of ``waived``, is waived with it: in every example it shows beside it."""
    return not REQUIREMENTS[cause[0]].security and shown[cause] <= shown[waived]


def excused(found: Sequence[Finding]) -> set[Cause]:
    """Return the causes that cost nothing: those that a waiver names, and what goes with a waived finding."""
    return {
        each.cause for finding in found for each in (finding, *finding.consequences) if finding.waiver or each.waiver
    }


def excused_results(
    results: Mapping[str, CaseResult], executions: Mapping[str, Sequence[Execution]], causes: AbstractSet[Cause]
) -> dict[str, CaseResult]:
    """Return the ``results`` of cases as they are when ``causes`` cost nothing.

    A case that failed of them alone is concluded again without them: one that came to its end is ``waived``; one that could
    not go on where it met them is blocked, since what it would have looked at next was not looked at.
    """
    after = dict(results)
    for name, result in results.items():
        if result.verdict != "failed" or not causes & {seen.cause for seen in result.required}:
            continue
        again = conclude(catalogue()[name], [_without(execution, causes) for execution in executions.get(name, [])])
        verdict = again.verdict if again.verdict in {"failed", "blocked", "error"} else WAIVED
        after[name] = replace(again, verdict=verdict, reason=again.reason if verdict != WAIVED else None)
    return after


def _without(execution: Execution, causes: AbstractSet[Cause]) -> Execution:
    left = tuple(seen for seen in execution.observations if not (seen.broken and seen.cause in causes))
    return replace(execution, observations=left)


def matched(waivers: Sequence[Waiver], found: Sequence[Finding]) -> dict[str, list[Cause]]:
    """Return, for each waiver by its id, the causes among ``found`` and their consequences that it names."""
    causes = [each.cause for finding in found for each in (finding, *finding.consequences)]
    return {waiver.id: [cause for cause in causes if waiver.covers(cause)] for waiver in waivers}
