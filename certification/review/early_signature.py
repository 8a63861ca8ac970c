"""The signatures of bundles that version 1 and 2.0 of the suite wrote: Ed25519 over manifest.json, in a form of their own.

Only read; what is signed today is an envelope (see :mod:`certification.signatures.envelope`).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from certification.foundation.errors import BadEvidence
from certification.foundation.typed_json import Form, MismatchError, from_json
from certification.signatures.keys import PublicKey, library


@dataclass(frozen=True, slots=True)
class EarlySignature:
    """What stands in ``signature.json`` of such a bundle."""

    algorithm: Literal["Ed25519"]
    key: Annotated[str, Form(r"ed25519:[0-9a-f]{32}", "the fingerprint of an Ed25519 key")]
    public_key: Annotated[str, Form(r"[A-Za-z0-9+/]{43}=", "32 bytes in base64")]
    """The signer's public key: with it anybody can check the signature, though not whose key it is."""
    signature: Annotated[str, Form(r"[A-Za-z0-9+/]{86}==", "64 bytes in base64")]


def is_early(value: dict[str, Any]) -> bool:
    """Return whether the object in ``signature.json`` is of the early form."""
    return "algorithm" in value


def read_early(value: dict[str, Any], name: str) -> EarlySignature:
    """Return the signature in ``value``; raises :class:`BadEvidence` when it is none."""
    try:
        return from_json(EarlySignature, value)
    except MismatchError as error:
        message = f"{name}, field {error.where or '/'} {error.what}"
        raise BadEvidence(message) from None


def early_errors(manifest: bytes, signature: EarlySignature, trusted: PublicKey | None) -> Iterator[str]:
    """Yield why ``signature`` is not one over ``manifest``, of the key that it names, and of ``trusted`` if given.

    Raises :class:`certification.signatures.keys.CannotSign` when the libraries are missing.
    """
    serialization, ed25519 = library()
    from cryptography.exceptions import InvalidSignature

    raw = base64.b64decode(signature.public_key)
    key = ed25519.Ed25519PublicKey.from_public_bytes(raw)
    own = f"ed25519:{hashlib.sha256(raw).hexdigest()[:32]}"
    if signature.key != own:
        yield f"signature.json names the key {signature.key}, but the key in it is {own}"
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    if trusted is not None and trusted.text != pem:
        yield f"the bundle is signed with the key {own}, not with the trusted key {trusted.keyid}"
    try:
        key.verify(base64.b64decode(signature.signature), manifest)
    except InvalidSignature:
        yield f"the signature is not one of the key {own} over this manifest"
