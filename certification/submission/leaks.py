"""Secrets in the members of a submission: the credentials of the environment, and what has the form of a key or token.

Known forms only: a text that merely looks random is a digest or an identifier far more often than a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from certification.evidence.folder import stands_in
from certification.evidence.redaction import Redactor
from certification.submission.facts import Leak

_CHUNK = 1 << 20
_OVERLAP = 4_096
"""Longer than any of the forms needs to be recognised."""


@dataclass(frozen=True, slots=True)
class _Form:
    kind: str
    mark: str
    """What stands in every such secret; looked for first, since it is quick."""
    pattern: re.Pattern[str]


def _form(kind: str, mark: str, pattern: str) -> _Form:
    return _Form(kind, mark, re.compile(pattern))


_FORMS: Final = (
    _form("databricks-token", "dapi", r"\bdapi[0-9a-f]{32}(?:-[0-9])?\b"),
    _form("databricks-oauth-secret", "dose", r"\bdose[0-9a-f]{32}\b"),
    _form("aws-key", "AKIA", r"\bAKIA[0-9A-Z]{16}\b"),
    _form("github-token", "gh", r"\bgh[oprsu]_[A-Za-z0-9]{36}\b"),
    _form("github-token", "github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{50,}\b"),
    _form("google-key", "AIza", r"\bAIza[0-9A-Za-z_-]{35}\b"),
    _form("slack-token", "xox", r"\bxox[abprs]-[0-9A-Za-z-]{20,}\b"),
    _form("stripe-key", "k_live_", r"\b[sr]k_live_[0-9A-Za-z]{20,}\b"),
    _form("private-key", "PRIVATE KEY-----", r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----"),
    _form("basic-header", "Basic ", r"\bBasic (?=[A-Za-z+/]*[0-9=])[A-Za-z0-9+/]{16,}={0,2}(?![A-Za-z0-9+/])"),
    _form("password-in-url", "@", r"\bhttps?://[^\s/:@\"'<>$?#]{1,80}:[^\s/@\"'<>$?#]{3,200}@"),
    _form("json-web-token", "eyJ", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    _form("bearer-token", "Bearer ", r"\bBearer [A-Za-z0-9._~+/-]{20,}"),
)


def looks_secret(path: Path) -> set[str]:
    """Return the kinds of secrets whose form something in the file at ``path`` has."""
    kinds: set[str] = set()
    before = ""
    with path.open(encoding="latin-1", newline="") as file:
        while chunk := file.read(_CHUNK):
            text = before + chunk
            kinds |= {form.kind for form in _FORMS if form.mark in text and form.pattern.search(text)}
            before = text[-_OVERLAP:]
    return kinds


def leaks_in(members: Iterable[tuple[str, Path, bool]]) -> tuple[Leak, ...]:
    """Return what looks like a secret in ``members``: (name, file, whether a person wrote it)."""
    return tuple(Leak(name, kind, by_hand) for name, path, by_hand in members for kind in sorted(looks_secret(path)))


def credentials_in(members: Iterable[tuple[str, Path, bool]], redactor: Redactor) -> Iterator[str]:
    """Yield the names of ``members`` in which a secret of ``redactor`` stands.

    What a person wrote is searched for every disguise, what the suite wrote for what its own cleaning would have missed.
    """
    for name, path, by_hand in members:
        if stands_in(path, redactor) or (by_hand and redactor.finds(path.read_text("utf-8", "replace"))):
            yield name
