"""What is signed: an in-toto Statement, version 1, about files with their digests.

Source: in-toto Attestation Framework, Statement v1.  Other tools read it without knowing this suite.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from certification.evidence.records import Digest
from certification.foundation.errors import BadEvidence
from certification.foundation.strict_json import parse
from certification.foundation.typed_json import MismatchError, from_json

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
CERTIFICATION: Final = "urn:partner-connect-certification:certification:v1"
"""Type of the predicate that a signed bundle carries: what its manifest claims."""
SIGN_OFF: Final = "urn:partner-connect-certification:sign-off:v1"
SUBMISSION: Final = "urn:partner-connect-certification:submission:v1"

MAX_SUBJECTS: Final = 200
_FIELDS: Final = {"_type", "subject", "predicateType", "predicate"}


@dataclass(frozen=True, slots=True)
class Sha256:
    """The digest of a subject."""

    sha256: Digest


@dataclass(frozen=True, slots=True)
class Subject:
    """A file that is signed: its name, and its digest."""

    name: str
    digest: Sha256


@dataclass(frozen=True, slots=True)
class Statement:
    """What an envelope says: about which subjects, and what."""

    subjects: tuple[Subject, ...]
    predicate_type: str
    predicate: Mapping[str, Any]

    def digest_of(self, name: str) -> str | None:
        """Return the SHA-256 of the subject called ``name``; None where the statement is not about it."""
        return next((subject.digest.sha256 for subject in self.subjects if subject.name == name), None)


def subject(name: str, sha256: str) -> Subject:
    """Return the subject ``name`` with its digest in hexadecimal."""
    return Subject(name, Sha256(sha256))


def statement(subjects: Sequence[Subject], predicate_type: str, predicate: Mapping[str, Any]) -> bytes:
    """Return the text of a statement, the same bytes for the same content."""
    value = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": each.name, "digest": {"sha256": each.digest.sha256}} for each in subjects],
        "predicateType": predicate_type,
        "predicate": dict(predicate),
    }
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def read_statement(payload: bytes) -> Statement:
    """Return the statement in ``payload``; raises :class:`BadEvidence` for anything that is none."""
    try:
        parsed = parse(payload.decode("utf-8"))
    except UnicodeDecodeError:
        raise _bad("it is not UTF-8") from None
    wrong = parsed.error or next(iter(parsed.irregularities), "")
    if wrong or not isinstance(parsed.value, dict):
        raise _bad(wrong or "it holds no object")
    value: dict[str, Any] = parsed.value
    if value.keys() != _FIELDS:
        odd = min(value.keys() ^ _FIELDS)
        raise _bad(f"its field {odd[:60]!a} is {'missing' if odd in _FIELDS else 'none of a statement'}")
    if value["_type"] != STATEMENT_TYPE:
        raise _bad("it is of another type")
    if not isinstance(value["predicateType"], str) or not isinstance(value["predicate"], dict):
        raise _bad("it does not say what it is about")
    return Statement(_subjects(value["subject"]), value["predicateType"], value["predicate"])


def _subjects(value: Any) -> tuple[Subject, ...]:
    if not isinstance(value, list) or not value or len(value) > MAX_SUBJECTS:
        raise _bad(f"it is about none, or about more than {MAX_SUBJECTS} files")
    try:
        found = tuple(from_json(Subject, each) for each in value)
    except MismatchError as error:
        raise _bad(f"a subject {error}") from None
    names = [each.name for each in found]
    if len(names) != len(set(names)):
        raise _bad("it names a subject twice")
    return found


def _bad(what: str) -> BadEvidence:
    return BadEvidence(f"what is signed is no statement of this suite: {what}")
