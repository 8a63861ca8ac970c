"""Forms as data: what a step asks for, and what is wrong with an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Values = Mapping[str, str]

EMAIL = re.compile(r"[^@\s]+@[^@\s]+|\"[^\"]+\"@[^@\s]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One field; ``label``, ``hint``, ``placeholder`` and ``options`` are keys of the words, or stand for themselves.

    ``kind`` is the type of an input, or ``select``, ``choice`` (radio buttons), ``box`` (a check box), ``textarea``.
    ``style`` is how it is labelled, where that is not as the whole page does it. ``rule`` is what an answer must match.
    """

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    autocomplete: str = ""
    inputmode: str = ""
    placeholder: str = ""
    hint: str = ""
    options: tuple[str, ...] = ()
    required: bool = True
    readonly: bool = False
    style: str = ""
    rule: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a form."""

    heading: str
    lead: str
    fields: tuple[Field, ...]
    button: str


def problems(fields: tuple[Field, ...], entered: Values) -> dict[str, str]:
    """Return the key of what is wrong for each field that is not in order, by the field's name."""
    found = {one.name: _problem(one, entered) for one in fields}
    return {name: problem for name, problem in found.items() if problem}


def _problem(asked: Field, entered: Values) -> str:
    answer = entered.get(asked.name, "").strip()
    if not answer:
        missing = "error_box" if asked.kind == "box" else "error_missing"
        return missing if asked.required else ""
    if asked.kind == "email" and not EMAIL.fullmatch(answer):
        return "error_email"
    if asked.rule and not re.search(asked.rule, entered[asked.name]):
        return "error_password" if asked.kind == "password" else "error_rule"
    return ""
