"""What one clause of the contract asks of a partner, as a digest: whether it changed shows without the old suite.

It covers the clause, the rulings that its source names, and the models that it is about, as they are for the partner's
version of the API.  Words that ask for nothing (hints, descriptions of fields) are left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from certification.contract.fields import fields
from certification.contract.operations import OPERATIONS
from certification.contract.requirements import REQUIREMENTS
from certification.contract.rulings import rulings_in
from certification.contract.schema_files import read_schema
from certification.contract.versions import KNOWN_VERSIONS, NEWEST, at_least, effective

ABOUT_REQUESTS: Final = ("bad-request-survived", "bad-request-refused")
"""Requirements that are about the fields of requests that a version has; what is right is sent to every version."""

ABOUT_ERRORS: Final = ("error-model", "error-reason-fits", "bad-request-survived")

DIGITS: Final = 16
"""So many hexadecimal digits of a digest are kept: it names one clause among its own versions."""

_SAID_ONLY: Final = frozenset({"$schema", "$id", "title", "description", "examples", "x-expected", "x-plain"})


@cache
def clause_digest(requirement: str, version: str) -> str:
    """Return the digest of what the clause ``requirement`` asks of a partner of API ``version``.

    A version that was never published counts as the newest.  Raises ``KeyError`` for an unknown requirement.
    """
    known = version if version in KNOWN_VERSIONS else NEWEST
    row = REQUIREMENTS[requirement]
    models = {name: _asked(read_schema(name), known) for name in _with_referred(_models(requirement, known))}
    asked = [row.level, row.clause, row.source, rulings_in(row.source), models, _tried(requirement, known)]
    text = json.dumps(asked, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def _models(requirement: str, version: str) -> Iterator[str]:
    if requirement == "config-valid":
        yield "partner-config"
    if requirement in ABOUT_ERRORS:
        yield "error-response"
    for row in OPERATIONS.values():
        model = row.answer_model(version)
        if row.answer_requirement == requirement and model:
            yield model
        if requirement in ABOUT_REQUESTS and row.request_schema:
            yield row.request_schema


def _tried(requirement: str, version: str) -> dict[str, list[str]]:
    """Return the fields of each request that the version has: wrong ones are tried of these only."""
    if requirement not in ABOUT_REQUESTS:
        return {}
    models = _with_referred(row.request_schema for row in OPERATIONS.values() if row.request_schema)
    return {
        name: [field.name for field in fields(name).values() if at_least(version, field.since)]
        for name in models
        if "properties" in read_schema(name)
    }


def _with_referred(names: Any) -> list[str]:
    """Return ``names`` and every schema that one of them refers to, sorted."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _referred(read_schema(name))
    return sorted(found)


def _referred(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        document = str(value.get("$ref", "")).partition("#")[0]
        if document:
            yield document.removesuffix(".json")
        for inner in value.values():
            yield from _referred(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _referred(inner)


def _asked(document: dict[str, Any], version: str) -> Any:
    return _bare(effective(document, version), names=False)


def _bare(value: Any, *, names: bool) -> Any:
    """Return a schema without what only describes; ``names`` says that the keys here are names and no keywords."""
    if isinstance(value, list):
        return [_bare(entry, names=False) for entry in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _bare(inner, names=not names and key in {"properties", "$defs"})
        for key, inner in value.items()
        if names or key not in _SAID_ONLY
    }
