"""What stands in ``attestations.json``.

An *attestation* is one person's result of one manual case; it is never changed, and a later one stands beside it.  A
*draft* is a case at which somebody is still at work.  Source: The lifecycle, Manual cases.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from certification.evidence.attested import (
    DATABRICKS,
    FAILED,
    NOT_APPLICABLE,
    NOT_SEEN,
    OPEN,
    PARTNER,
    PASSED,
    ROUNDS,
    SEEN,
    Attested,
    CallMade,
    CaseId,
    Expectation,
    Picture,
    Round,
    result_of,
)
from certification.evidence.exchange import Exchange
from certification.foundation.typed_json import to_json

__all__ = [
    "DATABRICKS",
    "FAILED",
    "FORMAT",
    "MAX_CALLS",
    "MAX_PICTURES",
    "NOT_APPLICABLE",
    "NOT_SEEN",
    "OPEN",
    "PARTNER",
    "PASSED",
    "ROUNDS",
    "SEEN",
    "Attestation",
    "Call",
    "Document",
    "Draft",
    "Expectation",
    "Picture",
    "Who",
    "digest_of_exchange",
    "result_of",
]

FORMAT: Final = 1

MAX_CALLS: Final = 60
MAX_PICTURES: Final = 12


@dataclass(frozen=True)
class Who:
    """The person who carries cases out."""

    by: str
    organisation: str
    role: str

    @property
    def complete(self) -> bool:
        """Whether everything is known that an attestation names."""
        return all(text.strip() for text in (self.by, self.organisation, self.role))


@dataclass(frozen=True)
class Call(CallMade):
    """A call that was made for the case, as evidence: secrets replaced, redirects cut.

    ``sha256`` is the digest of the exchange, see :func:`digest_of_exchange`.
    """

    exchange: Exchange


@dataclass(frozen=True)
class Attestation(Attested):
    """What one person says about one case: as the evidence has it, with the calls themselves."""

    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Draft:
    """A case at which somebody is at work."""

    case: CaseId
    round: Round
    version: int = 0
    """Counts the changes to the answers, so that two people notice each other."""
    execution: str = ""
    """Names the try; who its people are follows from it."""
    by: str = ""
    """Who changed it last."""
    on: str = ""
    reason: str = ""
    """Why the case as a whole does not apply; empty when it does."""
    workspace: str = ""
    browser: str = ""
    words: str = ""
    expectations: tuple[Expectation, ...] = ()
    pictures: tuple[Picture, ...] = ()
    calls: tuple[Call, ...] = ()
    by_hand: tuple[str, ...] = ()
    """Steps that the person did outside, such as an account that was expired by hand."""


@dataclass(frozen=True)
class Document:
    """The whole file."""

    format: int
    partner: str
    attestations: tuple[Attestation, ...] = ()
    people: Mapping[str, Who] = field(default_factory=dict)
    """Round -> who carried cases out last, so that nobody is asked twice."""
    drafts: tuple[Draft, ...] = ()

    def draft(self, case: str, round_: str) -> Draft:
        """Return the draft of ``case`` in ``round_``; a new one when nobody has begun."""
        return next((each for each in self.drafts if (each.case, each.round) == (case, round_)), Draft(case, round_))

    def with_draft(self, draft: Draft) -> Document:
        """Return the document with ``draft`` in the place of the one before."""
        others = tuple(each for each in self.drafts if (each.case, each.round) != (draft.case, draft.round))
        return replace(self, drafts=(*others, draft))

    def without_draft(self, case: str, round_: str) -> Document:
        """Return the document without the draft of ``case`` in ``round_``."""
        return replace(self, drafts=tuple(each for each in self.drafts if (each.case, each.round) != (case, round_)))

    def of(self, case: str, round_: str) -> tuple[Attestation, ...]:
        """Return the attestations of ``case`` in ``round_``, oldest first."""
        return tuple(each for each in self.attestations if (each.case, each.round) == (case, round_))

    def newest(self, case: str, round_: str) -> Attestation | None:
        """Return the attestation that counts for ``case`` in ``round_``: the last that was written."""
        return next(reversed(self.of(case, round_)), None)

    def next_id(self) -> str:
        """Return the id of the next attestation."""
        numbers = [int(each.id[1:]) for each in self.attestations if each.id[1:].isdecimal() and each.id.isascii()]
        return f"A{max(numbers, default=0) + 1}"


def digest_of_exchange(exchange: Exchange) -> str:
    """Return the SHA-256 of ``exchange`` as canonical JSON."""
    text = json.dumps(to_json(exchange), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
