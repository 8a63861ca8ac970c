"""Bytes to JSON, as strictly as a careful partner reads them."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from certification.reference.messages import Json, bad_request


def parse_object(raw: bytes) -> Json:
    """Return the JSON object in ``raw``; refuse anything else with 400 (API documentation, ruling 13)."""
    try:
        text = raw.decode()
        parsed: Any = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_object)
        if "\\u" in text:
            _refuse_half_characters(parsed)
    except UnicodeDecodeError:
        raise bad_request("the body is not UTF-8") from None
    except (ValueError, RecursionError):
        raise bad_request("the body is not JSON") from None
    if not isinstance(parsed, dict):
        raise bad_request("the body must be a JSON object")
    return parsed


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError


def _object(pairs: list[tuple[str, Any]]) -> Json:
    members = dict(pairs)
    if len(members) != len(pairs):
        # Which of two equal keys counts differs between parsers; guessing would be unsafe.
        raise bad_request("the body names a field twice")
    return members


def _refuse_half_characters(parsed: Any) -> None:
    # An escape can spell half of a surrogate pair, which is no character and can't be stored as UTF-8.
    json.dumps(parsed, ensure_ascii=False).encode()
