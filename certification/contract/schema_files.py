"""Find and read the JSON Schemas of the API, from a wheel or from a checkout.

The wheel carries them in ``certification/schemas``; a checkout (and an editable install) keeps them at the top level,
beside the package.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast
from urllib.parse import urljoin

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry

BASE_URI = "https://partner-connect-certification.example/schemas/"

OURS = frozenset({"evidence", "manifest", "signature", "report", "verification", "comparison", "replay"})
"""Schemas of documents that the suite itself writes; all others are the contract's."""


@cache
def read_schema(name: str) -> dict[str, Any]:
    """Return the schema called ``name`` (``connect-request``, ``error-response``, ...) as parsed JSON.

    Raises ``FileNotFoundError`` when no schema of that name is bundled.
    """
    return cast("dict[str, Any]", json.loads(_folder().joinpath(f"{name}.json").read_text(encoding="utf-8")))


def schema_names() -> list[str]:
    """Return the names of all bundled schemas, sorted."""
    return sorted(entry.name.removesuffix(".json") for entry in _folder().iterdir() if entry.name.endswith(".json"))


def linked_validators(
    documents: Iterable[Mapping[str, Any]], checker: Any = Draft202012Validator.TYPE_CHECKER
) -> Callable[[str], Draft202012Validator]:
    """Return what gives the validator of a schema by its name, for ``documents`` that refer to each other.

    Each reference is looked up once.  jsonschema looks it up anew for each value, which is a third of its time; every
    request and every answer goes through these validators.
    """
    named = {str(document["$id"]): _linkable(document) for document in documents}
    targets: dict[str, Any] = {}

    def follow(validator: Any, reference: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if not reference.startswith(BASE_URI):
            yield from Draft202012Validator.VALIDATORS["$ref"](validator, reference, instance, schema)
            return
        if reference not in targets:
            targets[reference] = _target(named, reference)
        yield from validator.descend(instance, targets[reference])

    linked: Any = extend(Draft202012Validator, {"$ref": follow}, type_checker=checker)  # type: ignore[no-untyped-call]
    # With a registry of its own a validator fetches nothing from the network.
    return cache(
        lambda name: cast("Draft202012Validator", linked(named[f"{BASE_URI}{name}.json"], registry=Registry()))
    )


def _linkable(document: Mapping[str, Any]) -> Any:
    # ``$schema`` in a document that is referred to would make jsonschema change to its own class of validators.
    return _absolute({key: value for key, value in document.items() if key != "$schema"}, str(document["$id"]))


def _absolute(value: Any, base: str) -> Any:
    if isinstance(value, dict):
        return {
            key: urljoin(base, part) if key == "$ref" and isinstance(part, str) else _absolute(part, base)
            for key, part in value.items()
        }
    return [_absolute(part, base) for part in value] if isinstance(value, list) else value


def _target(documents: Mapping[str, Any], reference: str) -> Any:
    uri, _, pointer = reference.partition("#")
    found = documents[uri]
    for key in pointer.split("/")[1:]:
        found = found[key]
    return found


@cache
def _folder() -> Any:
    packaged = files("certification").joinpath("schemas")
    if packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parents[2] / "schemas"
