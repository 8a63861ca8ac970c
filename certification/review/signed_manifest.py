"""The signature of a manifest: an envelope around a statement about the manifest, or the early form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from certification.foundation.errors import BadEvidence
from certification.review.early_signature import early_errors, is_early, read_early
from certification.review.manifest import MANIFEST, strict_object
from certification.signatures.envelope import Checked, Outcome, check, make_envelope, parse_envelope
from certification.signatures.keys import PublicKey, SigningKey
from certification.signatures.statement import CERTIFICATION, statement, subject

MAX_BYTES: Final = 100_000


@dataclass
class ManifestSignature:
    """What was found out about the signature of a manifest."""

    signers: list[str] = field(default_factory=list)
    """Ids of the keys whose signatures are good."""
    errors: list[str] = field(default_factory=list)
    """Why it does not hold; empty when it does."""
    trusted: bool = False
    """Whether the key that was asked for is among the signers."""


def sign_manifest(manifest: bytes, keys: Sequence[SigningKey], kind: str = CERTIFICATION) -> bytes:
    """Return the text of ``signature.json``: a statement of the type ``kind`` about the ``manifest``, signed with ``keys``.

    The predicate repeats what the manifest claims, so that a tool that knows only in-toto shows it.
    """
    made = statement([subject(MANIFEST, hashlib.sha256(manifest).hexdigest())], kind, _claimed(manifest))
    return make_envelope(made, keys)


def signature_found(
    path: Path, manifest: bytes, trusted: PublicKey | None, kind: str = CERTIFICATION
) -> ManifestSignature:
    """Return what is true of the signature in the file ``path`` over the text of a ``manifest`` that was read before.

    Raises :class:`certification.signatures.keys.CannotSign` when the libraries are missing.
    """
    found = ManifestSignature()
    try:
        value = strict_object(path)
        if is_early(value):
            signature = read_early(value, path.name)
            found.errors += early_errors(manifest, signature, trusted)
            found.signers.append(signature.key)
            found.trusted = trusted is not None and not found.errors
            return found
        envelope = parse_envelope(path.read_bytes(), path.name)
        said = envelope.statement()
    except BadEvidence as error:
        found.errors.append(str(error))
        return found
    if said.predicate_type != kind:
        found.errors.append(f"{path.name} signs something else than this: {said.predicate_type[:80]!a}")
    if [each.name for each in said.subjects] != [MANIFEST]:
        found.errors.append(
            f"{path.name} is about {len(said.subjects)} files, among them {said.subjects[0].name[:60]!a}; it should be about {MANIFEST} alone"
        )
    elif said.digest_of(MANIFEST) != hashlib.sha256(manifest).hexdigest():
        found.errors.append(f"{path.name} signs another {MANIFEST}: the digests differ")
    if dict(said.predicate) != _claimed(manifest):
        found.errors.append(f"{path.name} claims something else about it than {MANIFEST}")
    _check_each(found, check(envelope, [trusted] if trusted else []), trusted)
    return found


def _check_each(found: ManifestSignature, checked: Sequence[Checked], trusted: PublicKey | None) -> None:
    for each in checked:
        if each.outcome is Outcome.VALID:
            found.signers.append(each.keyid)
            found.trusted |= each.trusted
        elif each.outcome is Outcome.INVALID:
            found.errors.append(f"the signature of the key {each.keyid} is none: {each.why}")
        else:
            found.errors.append(f"the signature of the key {each.keyid} carries no key, so it cannot be checked")
    if not checked:
        found.errors.append("signature.json carries no signature: it was taken out")
    if trusted is not None and not found.trusted:
        names = ", ".join(found.signers) or "nobody"
        found.errors.append(f"it is signed with the key {names}, not with the trusted key {trusted.keyid}")


def _claimed(manifest: bytes) -> dict[str, Any]:
    """Return what the text of a manifest says beside its list of files."""
    return {name: value for name, value in json.loads(manifest).items() if name not in {"files", "kind", "format"}}
