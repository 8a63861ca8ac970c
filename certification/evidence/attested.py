"""What people saw, as evidence: one record for each attestation, in a file of its own beside that of the run.

Nothing of it is judged.  A record says who says what about a manual case; a report shows it as that person's word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from certification.foundation.typed_json import Form, OneOf

PEOPLE: Final = "people.jsonl"
"""Name of the file in the folder of the evidence."""

PARTNER: Final = "partner"
DATABRICKS: Final = "databricks"
ROUNDS: Final = (PARTNER, DATABRICKS)
"""Who carries the cases out: the partner first, then Databricks in the video session."""

PASSED: Final = "passed"
FAILED: Final = "failed"
NOT_APPLICABLE: Final = "not_applicable"

SEEN: Final = "seen"
NOT_SEEN: Final = "not_seen"
OPEN: Final = ""

MAX_ATTESTATIONS: Final = 2_000

Round = Annotated[str, OneOf(ROUNDS)]
CaseResult = Annotated[str, OneOf((PASSED, FAILED, NOT_APPLICABLE))]
Sha256 = Annotated[str, Form(r"[0-9a-f]{64}", "a SHA-256 in hexadecimal digits")]
PictureName = Annotated[
    str,
    Form(
        r"attestations/[A-Za-z0-9][A-Za-z0-9._-]{0,79}\.(?:png|jpg|jpeg|webp)", "a picture in the folder attestations"
    ),
]
CaseId = Annotated[str, Form(r"M[0-9]{3}", "the id of a manual case, such as M100")]


@dataclass(frozen=True)
class Expectation:
    """One thing that a person must see, and whether it was seen."""

    text: str
    seen: Annotated[str, OneOf((SEEN, NOT_SEEN, NOT_APPLICABLE, OPEN))] = OPEN
    """``seen``, ``not_seen``, ``not_applicable``; empty while the person has not answered."""
    reason: str = ""
    """Why it does not apply."""


@dataclass(frozen=True)
class Picture:
    """A picture beside the file."""

    file: PictureName
    sha256: Sha256
    size: int


@dataclass(frozen=True)
class CallMade:
    """A call that was made for the case; it stands in ``attestations.json``."""

    step: str
    sha256: Sha256


@dataclass(frozen=True)
class People:
    """First record of the file ``people.jsonl``: to which run it was added."""

    run: str


@dataclass(frozen=True)
class Attested:
    """What one person says about one manual case."""

    id: str
    case: CaseId
    round: Round
    result: CaseResult
    reason: str
    by: str
    organisation: str
    role: str
    on: str
    workspace: str
    browser: str
    words: str
    expectations: tuple[Expectation, ...]
    pictures: tuple[Picture, ...]
    calls: tuple[CallMade, ...]
    config: Sha256
    """Digest of the partner config when it was said."""
    suite: str
    """Version of the suite when it was said."""


def result_of(expectations: tuple[Expectation, ...]) -> str:
    """Return the result that follows from the answers; empty while one is missing."""
    seen = {each.seen for each in expectations}
    if NOT_SEEN in seen:
        return FAILED
    if OPEN in seen or not expectations:
        return OPEN
    return PASSED if SEEN in seen else NOT_APPLICABLE


def newest(those: tuple[Attested, ...] | list[Attested], round_: str) -> dict[str, Attested]:
    """Return case -> what counts in ``round_``: the last that was said."""
    return {each.case: each for each in those if each.round == round_}
