"""Validators and predicates of schemas that refer to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, cast
from urllib.parse import urljoin

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry

from certification.contract.predicates import Predicate, compiled
from certification.contract.schema_files import BASE_URI

Read = Callable[[str], Mapping[str, Any]]
"""From the name of a schema to its document."""


def linked_validators(read: Read) -> Callable[[str], Draft202012Validator]:
    """Return what gives the validator of a schema by its name, for documents that refer to each other.

    A document is read when it is first needed.  Each reference is looked up once.  jsonschema looks it up anew for each value, which is a third of its time.
    """
    document = _linkable(read)
    targets: dict[str, Any] = {}

    def follow(validator: Any, reference: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if not reference.startswith(BASE_URI):
            yield from Draft202012Validator.VALIDATORS["$ref"](validator, reference, instance, schema)
            return
        if reference not in targets:
            targets[reference] = _target(document, reference)
        yield from validator.descend(instance, targets[reference])

    linked: Any = extend(Draft202012Validator, {"$ref": follow})  # type: ignore[no-untyped-call]
    # With a registry of its own a validator fetches nothing from the network.
    return cache(lambda name: cast("Draft202012Validator", linked(document(_uri_of(name)), registry=Registry())))


def linked_predicates(read: Read) -> Callable[[str], Predicate]:
    """Return what gives, by the name of a schema, the function that says whether a value satisfies it."""
    document = _linkable(read)
    validators = linked_validators(read)

    @cache
    def target(reference: str) -> Predicate:
        validator = validators(_name_of(reference.partition("#")[0]))
        return compiled(_target(document, reference), follow, lambda part: validator.evolve(schema=part).is_valid)

    def follow(reference: str) -> Predicate:
        # Looked up when it is needed: a schema may refer to itself.
        return lambda value: target(reference)(value)  # noqa: PLW0108 - see above

    return lambda name: target(_uri_of(name))


def _uri_of(name: str) -> str:
    return f"{BASE_URI}{name}.json"


def _name_of(uri: str) -> str:
    return uri.removeprefix(BASE_URI).removesuffix(".json")


def _linkable(read: Read) -> Callable[[str], Any]:
    """Return what gives a document by its address, with references that hold wherever they stand."""

    @cache
    def document(uri: str) -> Any:
        # ``$schema`` in a document that is referred to would make jsonschema change to its own class of validators.
        return _absolute({key: value for key, value in read(_name_of(uri)).items() if key != "$schema"}, uri)

    return document


def _absolute(value: Any, base: str) -> Any:
    if isinstance(value, dict):
        return {
            key: urljoin(base, part) if key == "$ref" and isinstance(part, str) else _absolute(part, base)
            for key, part in value.items()
        }
    return [_absolute(part, base) for part in value] if isinstance(value, list) else value


def _target(document: Callable[[str], Any], reference: str) -> Any:
    uri, _, pointer = reference.partition("#")
    found = document(uri)
    for key in pointer.split("/")[1:]:
        found = found[key]
    return found
