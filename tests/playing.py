"""Play cases in this process against a reference partner that may have faults."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from certification.accuracy.certify import Outcome, certify
from certification.accuracy.partners import reference_partner
from certification.cases.catalogue import catalogue
from certification.reference import VARIANTS

SCENARIOS = [ident for ident, case in catalogue().items() if ident[0] in "PERF" and not case.manual]


def play(
    names: Iterable[str] = (),
    cases: Iterable[str] = SCENARIOS,
    *,
    config: dict[str, Any] | None = None,
) -> Outcome:
    """Run ``cases`` against the reference partner with the faults and variants ``names``."""
    known = {variant.name for variant in VARIANTS}
    faults, variants = [name for name in names if name not in known], [name for name in names if name in known]
    with reference_partner(config, faults, variants) as partner:
        return certify(partner, profile="quick", cases=cases)


def told(outcome: Outcome) -> list[str]:
    """What was found, for the message of a failing assertion."""
    return [
        f"{finding.case} {finding.cause[0]}: {finding.shown.seen.message} ({finding.shown.seen.actual})"
        for finding in outcome.findings
    ]
