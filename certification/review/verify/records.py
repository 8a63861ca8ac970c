"""Read the evidence of a run that a stranger hands in: every record has the fields and types that the suite writes.

After :func:`checked_records` nothing has to be asked for its type again.  A record that is not what it should be raises
:class:`certification.foundation.errors.BadEvidence`, whose text names file, line and field.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, get_type_hints

from certification.client.client import MAX_KEPT_CHARACTERS
from certification.contract.requirements import REQUIREMENTS
from certification.evidence.exchange import Failure, Request, Response
from certification.evidence.observation import Observation, Outcome
from certification.evidence.recorder import FORMAT, read_records
from certification.evidence.redaction import Leak
from certification.evidence.steps import Act, When
from certification.foundation.errors import BadEvidence

Check = Callable[[Any], str]
"""Returns what is wrong with a value; empty when nothing is."""

MAX_TEXT = MAX_KEPT_CHARACTERS
MAX_DEPTH = 60
MAX_HEADERS = 2_000
MAX_HEADER_CHARACTERS = 40_000


def checked_records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of ``path``, chain and fields checked; raises :class:`BadEvidence`.

    A last line that was cut is passed over; see :func:`is_whole`.
    """
    for number, record in enumerate(read_records(path, strict=True), 1):
        wrong = record_error(record)
        if wrong:
            message = f"{path.name}, line {number}: {wrong}"
            raise BadEvidence(message)
        yield record


def record_error(record: dict[str, Any]) -> str:
    """Return what is wrong with ``record``; empty when it is one that the suite could have written."""
    kind = record["type"]
    if kind == "run" and record.get("format") != FORMAT:
        suite = record.get("suite")
        made_by = suite.get("version") if isinstance(suite, dict) else None
        return f"the evidence has format {_short(record.get('format'))}, this version of the suite reads format {FORMAT}; use the suite's version {_short(made_by)}, which made it"
    fields = _RECORDS.get(kind)
    if fields is None:
        return f"a record of type {_short(kind)} is none that this version of the suite writes"
    if _depth(record) > MAX_DEPTH:
        return f"the record is nested more than {MAX_DEPTH} levels deep"
    return _fields(f"field {{}} of the record {kind!r}", fields, record)


def is_whole(path: Path) -> bool:
    """Return whether the last line of ``path`` is complete; raises BadEvidence for an empty file."""
    with path.open("rb") as file:
        file.seek(0, 2)
        size = file.tell()
        if size == 0:
            message = f"{path.name} is empty"
            raise BadEvidence(message)
        file.seek(size - 1)
        return file.read(1) == b"\n"


def _fields(where: str, fields: Mapping[str, Check], value: dict[str, Any]) -> str:
    for name, check in fields.items():
        if name not in value:
            return f"{where.format(name)} is missing"
        wrong = check(value[name])
        if wrong:
            return f"{where.format(name)} {wrong}"
    return ""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return f"should be text, is {_short(value)}"
    return f"has {len(value):,} characters" if len(value) > MAX_TEXT else ""


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else f"should be true or false, is {_short(value)}"


def _count(value: Any) -> str:
    fine = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
    return "" if fine else f"should be a whole number from 0, is {_short(value)}"


def _seconds(value: Any) -> str:
    fine = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 <= value < 1e7
    return "" if fine else f"should be a number of seconds, is {_short(value)}"


def _one_of(*choices: str) -> Check:
    return lambda value: "" if value in choices else f"should be one of {', '.join(choices)}, is {_short(value)}"


def _object(value: Any) -> str:
    return "" if isinstance(value, dict) else f"should be an object, is {_short(value)}"


def _texts(value: Any) -> str:
    if not isinstance(value, list) or len(value) > MAX_TEXT:
        return f"should be a list of texts, is {_short(value)}"
    return next((wrong for entry in value if (wrong := _text(entry))), "")


def _list_of(check: Check) -> Check:
    def checked(value: Any) -> str:
        if not isinstance(value, list) or len(value) > MAX_TEXT:
            return f"should be a list, is {_short(value)}"
        return next((f"has an entry that {wrong}" for entry in value if (wrong := check(entry))), "")

    return checked


def _optional(check: Check) -> Check:
    return lambda value: "" if value is None else check(value)


def _headers(value: Any) -> str:
    if not isinstance(value, list) or len(value) > MAX_HEADERS:
        return f"should be a list of headers, is {_short(value)}"
    total = 0
    for pair in value:
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
            return f"should hold pairs of name and value, holds {_short(pair)}"
        total += len(pair[0]) + len(pair[1])
    return f"has {total:,} characters" if total > MAX_HEADER_CHARACTERS + MAX_TEXT else ""


def _shaped_like(kind: type) -> Check:
    """Return the check that a value is an object with the fields of the data class ``kind`` and no others."""

    def checked(value: Any) -> str:
        fields = _class_fields(kind)
        if not isinstance(value, dict):
            return f"should be an object, is {_short(value)}"
        unknown = value.keys() - fields.keys()
        if unknown:
            return f"has the unknown field {_short(min(unknown))}"
        wrong = _fields("has a field {} that", fields, value)
        return wrong if not wrong or "that is missing" not in wrong else wrong.replace(" that is missing", " missing")

    return checked


@cache
def _class_fields(kind: type) -> dict[str, Check]:
    special: dict[str, Check] = {"headers": _headers, "leaks": _list_of(_shaped_like(Leak))}
    plain: dict[Any, Check] = {
        str: _text,
        int: _count,
        bool: _flag,
        float: _seconds,
        NoneType: lambda _value: "",
        Outcome: _one_of(*Outcome),
    }
    return {name: special.get(name) or plain[hint] for name, hint in get_type_hints(kind).items()}


_HTTP = re.compile(r"HTTP/[0-9](\.[0-9])?", re.ASCII)


def _response(value: Any) -> str:
    wrong = _shaped_like(Response)(value)
    if not wrong and not _HTTP.fullmatch(value["http_version"]):
        return f"names the HTTP version {_short(value['http_version'])}"
    if not wrong and len(value["body"]) > MAX_KEPT_CHARACTERS:
        wrong = f"has a body of {len(value['body']):,} characters; the suite keeps {MAX_KEPT_CHARACTERS:,}"
    return wrong


def _observation(value: Any) -> str:
    wrong = _shaped_like(Observation)(value)
    if not wrong and value["requirement"] not in REQUIREMENTS:
        wrong = f"names the unknown requirement {_short(value['requirement'])}"
    return wrong


def _held(value: Any) -> str:
    if not isinstance(value, dict) or not value.keys() <= REQUIREMENTS.keys():
        return f"should hold calls by requirement, is {_short(value)}"
    return next((wrong for calls in value.values() if (wrong := _list_of(_count)(calls))), "")


def _end(value: Any) -> str:
    fields: dict[str, Check] = {"kind": _one_of(*ENDS), "code": _text, "facts": _facts}
    return _object(value) or _fields("has a field {} that", fields, value)


def _facts(value: Any) -> str:
    if not isinstance(value, dict):
        return f"should be an object, is {_short(value)}"
    return next((f"holds {_short(each)}" for each in value.values() if not isinstance(each, str | int)), "")


def _suite(value: Any) -> str:
    names: dict[str, Check] = {
        "name": _text,
        "version": _text,
        "catalogue": _text,
        "python": _text,
        "libraries": _object,
    }
    wrong = _object(value) or _fields("has a field {} that", names, value)
    return wrong or next((bad for entry in value["libraries"].values() if (bad := _text(entry))), "")


PURPOSES = ("example", "again", "shrink")
ENDS = ("done", "blocked", "not_applicable", "error")
VERDICTS = ("passed", "failed", "not_applicable", "blocked", "error")

_RECORDS: dict[str, dict[str, Check]] = {
    "run": {
        "format": _count,
        "suite": _suite,
        "id": _text,
        "seed": lambda value: "" if isinstance(value, int) and abs(value) < 2**127 else "should be a whole number",
        "profile": _one_of("quick", "standard", "thorough"),
        "url": _text,
        "config": _object,
        "config_source": _text,
        "trial": _flag,
        "alike": _texts,
        "challenge": _text,
        "started": _text,
        "notes": _texts,
    },
    "worker": {"name": _text},
    "problem": {"where": _text, "what": _text, "remedy": _text},
    "selected": {"cases": _texts},
    "plan": {"case": _text, "examples": _count},
    "execution": {"case": _text, "execution": _text, "purpose": _one_of(*PURPOSES), "shape": _object},
    "exchange": {
        "case": _text,
        "execution": _text,
        "number": _count,
        "act": _one_of(*Act),
        "when": _one_of(*When),
        "request": _shaped_like(Request),
        "response": _optional(_response),
        "failure": _optional(_shaped_like(Failure)),
        "started": _text,
        "seconds": _seconds,
        "throttled": _flag,
        "connection": _one_of("", "new", "kept", "renewed"),
    },
    "judgement": {
        "case": _text,
        "execution": _text,
        "purpose": _one_of(*PURPOSES),
        "of": _text,
        "shape": _object,
        "held": _held,
        "observations": _list_of(_observation),
        "end": _end,
        "fired": _texts,
        "exchanges": _count,
    },
    "case": {
        "case": _text,
        "verdict": _one_of(*VERDICTS),
        "reason": _text,
        "facts": _facts,
        "seconds": _seconds,
    },
    "end": {"finished": _text, "narrowed_by": _texts, "interrupted": _flag},
}


def _depth(value: Any) -> int:
    """Return how deep ``value`` is nested, without recursion."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        item, level = waiting.pop()
        deepest = max(deepest, level)
        if level > MAX_DEPTH:
            return level
        children = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        waiting += [(child, level + 1) for child in children if isinstance(child, dict | list)]
    return deepest


def _short(value: Any) -> str:
    try:
        text = json.dumps(value)
    except (ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= 60 else f"{text[:60]}…"
