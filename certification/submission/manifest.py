"""The members of a submission and its manifest.

::

    manifest.json              what the submission says, digest and size of every other file
    signature.json             only with --sign
    cover.html                 for a product manager
    completeness.json          rule by rule
    redirect-scenarios.json  redirect-scenarios.md
    certification.zip          the bundle
    partner.json  images/logo.…  images/icon.…
    explanations.json          hostnames and scenarios that need words
    attestations.json  attestations/…      manual cases and their pictures
    ux/result.json  ux/…                   the usability result and its pictures
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from certification.evidence.records import Digest, Version
from certification.foundation.typed_json import to_json
from certification.review.archive import Form
from certification.review.manifest import MANIFEST, SIGNATURE, Entry, digest_of, manifest_in

SUBMISSION_FORMAT: Final = 1
KIND: Final = "partner-connect-certification submission"
REMEDY: Final = "Ask the sender for the file that partner-connect submission wrote."

COVER: Final = "cover.html"
COMPLETENESS: Final = "completeness.json"
SCENARIOS: Final = "redirect-scenarios.json"
SCENARIOS_TEXT: Final = "redirect-scenarios.md"
BUNDLE: Final = "certification.zip"
CONFIG: Final = "partner.json"
EXPLANATIONS: Final = "explanations.json"
ATTESTATIONS: Final = "attestations.json"
UX: Final = "ux/result.json"
DERIVED: Final = (COVER, COMPLETENESS, SCENARIOS, SCENARIOS_TEXT)
"""Members that follow from the others."""

_FIXED = frozenset(
    {
        MANIFEST,
        SIGNATURE,
        *DERIVED,
        BUNDLE,
        CONFIG,
        EXPLANATIONS,
        ATTESTATIONS,
        UX,
        *(f"images/{name}.{kind}" for name in ("logo", "icon") for kind in ("png", "svg")),
    }
)
PICTURE: Final = re.compile(
    r"(?:attestations|ux)/(?:[A-Za-z0-9][A-Za-z0-9_-]{0,79}/){0,2}[A-Za-z0-9][A-Za-z0-9._-]{0,79}\.(?:png|jpe?g|webp)"
)
"""Names that pictures of attestations and of the usability result may have."""

MAX_PICTURE: Final = 20_000_000


def _fits(name: str) -> bool:
    return name in _FIXED or PICTURE.fullmatch(name) is not None


SUBMISSION = Form(
    "submission",
    REMEDY,
    _fits,
    {
        MANIFEST: 1_000_000,
        SIGNATURE: 100_000,
        COVER: 50_000_000,
        COMPLETENESS: 10_000_000,
        SCENARIOS: 10_000_000,
        SCENARIOS_TEXT: 10_000_000,
        BUNDLE: 300_000_000,
        CONFIG: 1_000_000,
        EXPLANATIONS: 1_000_000,
        ATTESTATIONS: 32_000_000,
        UX: 20_000_000,
    },
    files=1_000,
    archive=600_000_000,
    file=MAX_PICTURE,
)
"""What a submission may hold."""


@dataclass(frozen=True, slots=True)
class SuiteNamed:
    """The suite that made the submission."""

    name: Literal["partner-connect-certification"]
    version: Version
    catalogue: Digest


@dataclass(frozen=True, slots=True)
class Certificate:
    """The bundle in a submission, as it names itself."""

    run: str
    finished: str
    verdict: str
    manifest: Digest
    """SHA-256 of the bundle's manifest.json, on which sign-offs rest."""


@dataclass(frozen=True, slots=True)
class SubmissionClaims:
    """What a submission says; all of it follows from its members, but for what was looked at only when it was made."""

    suite: SuiteNamed
    partner: str
    config: Digest
    certificate: Certificate | None
    complete: bool
    incomplete_because: tuple[str, ...]
    """Rules that failed."""
    not_looked_at: tuple[str, ...]
    """Rules that nobody looked at."""


@dataclass(frozen=True, slots=True)
class SubmissionManifest(SubmissionClaims):
    """The first member of a submission; the signature is over its bytes."""

    kind: Literal["partner-connect-certification submission"]
    format: int
    files: Mapping[str, Entry]


def manifest_of(folder: Path, names: list[str], claims: SubmissionClaims) -> bytes:
    """Return the text of the manifest for the members ``names`` in ``folder``."""
    files = {name: to_json(digest_of(folder / name)) for name in names}
    manifest = {"kind": KIND, "format": SUBMISSION_FORMAT, **to_json(claims), "files": files}
    return (json.dumps(manifest, indent=1, ensure_ascii=True) + "\n").encode()


def read_manifest(folder: Path) -> SubmissionManifest:
    """Return the manifest of an unpacked submission; raises :class:`certification.foundation.errors.BadEvidence`."""
    return manifest_in(folder, SubmissionManifest, KIND, SUBMISSION_FORMAT, REMEDY)


def member_names(folder: Path) -> list[str]:
    """Return the members in ``folder`` but for manifest and signature, in the order in which they are written."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    first = [name for name in (*DERIVED, BUNDLE, CONFIG) if name in found]
    return [*first, *sorted(found - {*first, MANIFEST, SIGNATURE})]
