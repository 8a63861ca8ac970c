"""The JSON Schema of a data class, from its fields, their types and what is written below them.

What :mod:`certification.foundation.typed_json` reads and what the schema allows is the same, for the schema is made from the
same types.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
import types
from collections.abc import Mapping
from dataclasses import is_dataclass
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from certification.foundation.typed_json import COUNT, MAX_TEXT, SECONDS, Form, OneOf, Within, kept_fields

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string", "maxLength": MAX_TEXT},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": int(COUNT.low), "maximum": int(COUNT.high)},
    float: {"type": "number", "minimum": SECONDS.low, "maximum": SECONDS.high},
    Any: {},
}


def document(uri: str, title: str, description: str, root: dict[str, Any], kinds: list[type]) -> dict[str, Any]:
    """Return a whole schema whose ``root`` refers to definitions of ``kinds``, and of whatever they consist of."""
    definitions: dict[str, Any] = {}
    for kind in kinds:
        _define(kind, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": uri,
        "title": title,
        "description": description,
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def reference(kind: type) -> dict[str, Any]:
    """Return the reference to the definition of ``kind``."""
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _define(kind: type, definitions: dict[str, Any]) -> None:
    if kind.__name__ in definitions:
        return
    definitions[kind.__name__] = {}
    texts = _texts(kind)
    properties = {}
    for name, hint in kept_fields(kind).items():
        properties[name] = _schema(hint, definitions)
        if name in texts:
            properties[name] = {**properties[name], "description": texts[name]}
    definitions[kind.__name__] = {
        "type": "object",
        "description": _line(inspect.getdoc(kind) or kind.__name__),
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _schema(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if is_dataclass(hint) and isinstance(hint, type):
        _define(hint, definitions)
        return reference(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _bounded(_schema(parts[0], definitions), parts[1:])
    if origin is Literal:
        return {"enum": list(parts)}
    if origin in {Union, types.UnionType}:
        inner = [{"type": "null"} if part is type(None) else _schema(part, definitions) for part in parts]
        return {"anyOf": inner}
    if origin is tuple and parts[1:] == (...,):
        return {"type": "array", "items": _schema(parts[0], definitions)}
    if origin is tuple:
        items = [_schema(part, definitions) for part in parts]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    if origin is not None and issubclass(origin, Mapping):
        return {
            "type": "object",
            **({} if parts[1] is Any else {"additionalProperties": _schema(parts[1], definitions)}),
        }
    message = f"no schema is made of {hint}"
    raise TypeError(message)


def _bounded(schema: dict[str, Any], bounds: tuple[Any, ...]) -> dict[str, Any]:
    for bound in bounds:
        match bound:
            case Within():
                schema |= {"minimum": bound.low, "maximum": bound.high}
            case Form():
                schema |= {
                    "pattern": f"^(?:{bound.pattern})$",
                    "description": bound.words[0].upper() + bound.words[1:] + ".",
                }
            case OneOf():
                schema = {"enum": list(bound.values)}
    return schema


@cache
def _texts(kind: type) -> dict[str, str]:
    """Return what is written below the fields of the class ``kind``."""
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - it is the source of a class
    found = {}
    for field, text in zip(body.body, body.body[1:], strict=False):
        match field, text:
            case (ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str() as words))):
                found[name] = _line(words)
    return found


def _line(text: str) -> str:
    return " ".join(text.replace("``", "`").split())
