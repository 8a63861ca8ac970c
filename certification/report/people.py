"""What people attest, as the report shows it: who, when, what came of it, and whether it still fits the run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from certification.cases.catalogue import catalogue, tested_by
from certification.config.partner import PartnerConfig
from certification.contract.requirements import REQUIREMENTS
from certification.evidence.attested import FAILED, NOT_APPLICABLE, PASSED, ROUNDS, Attested, newest
from certification.foundation.typed_json import to_json


def people_of(attested: Sequence[Attested], config: str, suite: str) -> list[dict[str, Any]]:
    """Return a row for each of ``attested`` in the order of the catalogue; ``config`` and ``suite`` are those of the run."""
    counting = {id(each) for name in ROUNDS for each in newest(list(attested), name).values()}
    order = list(catalogue())
    rows = [
        {
            **to_json(each),
            "counts": id(each) in counting,
            "stale": stale(each, config, suite),
        }
        for each in attested
    ]
    return sorted(rows, key=lambda row: order.index(row["case"]) if row["case"] in order else len(order))


def stale(each: Attested, config: str, suite: str) -> list[str]:
    """Return what has changed between what a person said and the run."""
    pairs = (("config", each.config, config), ("suite", each.suite, suite))
    return [name for name, then, now in pairs if then != now]


def seen_clauses(attested: Sequence[Attested], config: PartnerConfig, suite: str) -> dict[str, list[str]]:
    """Return the clauses that people have seen hold -> the manual cases in which they did.

    Only what no program can test counts so, and only when each case about it that applies was seen to pass and nobody saw
    one fail.  Optional cases are not needed.
    """
    results: dict[str, set[str]] = {}
    for name in ROUNDS:
        for case, each in newest(list(attested), name).items():
            if not stale(each, config.digest, suite):
                results.setdefault(case, set()).add(each.result)
    found: dict[str, list[str]] = {}
    for requirement in REQUIREMENTS.values():
        cases = [case for case in map(catalogue().__getitem__, tested_by()[requirement.id]) if case.manual]
        asked = [case for case in cases if case.applies(config) is None and results.get(case.id) != {NOT_APPLICABLE}]
        needed = [case.id for case in asked if not case.optional]
        said = set[str]().union(*(results.get(case.id, set()) for case in asked))
        passed = bool(needed) and all(PASSED in results.get(name, set()) for name in needed)
        if requirement.untested and passed and FAILED not in said:
            found[requirement.id] = needed
    return found
