"""Find credentials in a partner config: they travel into every report, so the run must not start with them.

What is found is named by its place and never repeated.  Source: API specification, Partner config (credentials are
never in the file).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

_LAST_WORDS = frozenset({"password", "passwd", "pwd", "passphrase", "secret", "token", "pat", "apikey", "credentials"})
_NAMES = frozenset(
    {"basic_user", "basic_auth", "authorization", "api_key", "access_key", "private_key", "secret_key", "credential"}
)
"""Names of fields that hold credentials; the others are known by their last word."""

_VALUES = (
    ("a Databricks token", re.compile(r"\bdapi[0-9a-f]{32}(?:-[0-9]{1,3})?\b|\bdose[0-9a-f]{32}\b")),
    ("a user and password in an address", re.compile(r"://[^/\s:@?#]{1,200}:[^/\s@?#]{1,200}@")),
    ("a password in a JDBC URL", re.compile(r"\bPWD=[^;\s<{$]", re.IGNORECASE)),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----")),
    ("a signed token", re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.")),
    ("a cloud or repository key", re.compile(r"\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b")),
    ("a bearer token", re.compile(r"\bBearer +(?=[A-Za-z._~+/-]*[0-9])[A-Za-z0-9._~+/-]{16,}", re.IGNORECASE)),
)
_BASIC = re.compile(r"\bBasic +([A-Za-z0-9+/]{4,}={0,2})", re.IGNORECASE)
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_MAX_TEXT = 10_000


def credentials_in(value: Any, known: frozenset[str], pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield (JSON pointer, what it looks like) for each credential in ``value``, whatever nests in it.

    ``known`` are names of fields of a config that are none, whatever their words.
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            place = f"{pointer}/{key}"
            if key not in known and _names_a_credential(key) and _holds_something(inner):
                yield place, "a credential by its name"
            else:
                yield from credentials_in(inner, known, place)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from credentials_in(inner, known, f"{pointer}/{number}")
    elif isinstance(value, str):
        looks = _looks_like(value[:_MAX_TEXT])
        if looks:
            yield pointer, looks


def _names_a_credential(key: str) -> bool:
    words = [word.lower() for word in _WORDS.findall(key[:100])]
    return bool(words) and (words[-1] in _LAST_WORDS or "_".join(words[-2:]) in _NAMES)


def _holds_something(value: Any) -> bool:
    return value not in ("", None, [], {}) and not isinstance(value, bool)


def _looks_like(text: str) -> str:
    for said, pattern in _VALUES:
        if pattern.search(text):
            return said
    return "Basic credentials" if any(_is_pair(match) for match in _BASIC.findall(text)) else ""


def _is_pair(encoded: str) -> bool:
    try:
        return b":" in base64.b64decode(encoded + "=" * (-len(encoded) % 4))
    except (binascii.Error, ValueError):
        return False
