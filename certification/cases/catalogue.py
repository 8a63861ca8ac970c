"""All cases, in the order in which the report lists them, and the digest that names this catalogue."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from certification.cases import (
    authentication,
    connectors,
    generated,
    hook_domains,
    hook_reach,
    manual,
    negative,
    numbers,
    operation,
    repeated,
    scenarios_connect,
    scenarios_lifecycle,
    special,
    stateful,
)
from certification.cases.case import Case
from certification.contract.requirements import REQUIREMENTS
from certification.contract.schema_files import OURS, read_schema, schema_names


@cache
def catalogue() -> dict[str, Case]:
    """Return all cases by id."""
    cases = [
        *scenarios_connect.SCENARIOS_CONNECT,
        *scenarios_lifecycle.SCENARIOS_LIFECYCLE,
        *generated.GENERATED,
        *stateful.STATEFUL,
        *authentication.AUTHENTICATION,
        *negative.NEGATIVE,
        *hook_domains.HOOK_DOMAINS,
        *hook_reach.HOOK_REACH,
        *numbers.NUMBERS,
        *connectors.CONNECTORS,
        *operation.OPERATION,
        *special.SPECIAL,
        *repeated.REPEATED,
        *manual.MANUAL,
    ]
    return {case.id: case for case in cases}


@cache
def catalogue_digest() -> str:
    """Return the SHA-256 of what the suite certifies: cases, requirements and schemas."""
    content = {
        "cases": [
            [case.id, case.title, case.steps, case.clause, sorted(case.requirements)] for case in catalogue().values()
        ],
        "requirements": [[entry.id, entry.level, entry.clause, entry.source] for entry in REQUIREMENTS.values()],
        "schemas": {name: read_schema(name) for name in schema_names() if name not in OURS},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


@cache
def tested_by() -> dict[str, list[str]]:
    """Return, for each requirement, the ids of the cases that test it."""
    return {name: [case.id for case in catalogue().values() if name in case.requirements] for name in REQUIREMENTS}
