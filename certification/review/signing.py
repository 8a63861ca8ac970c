"""Sign a manifest with Ed25519, and check a signature.  Needs the extra ``sign`` (the library ``cryptography``)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, cast

from certification.foundation.errors import BadEvidence, CertificationError
from certification.foundation.installation import install_command
from certification.foundation.typed_json import Form, MismatchError, from_json, to_json
from certification.review.manifest import strict_object

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM: Final = "Ed25519"
_MAX_KEY = 10_000


class CannotSign(CertificationError):
    """A key cannot be read or written, or the library for signatures is missing; the message says what to do."""


def make_keys(private: Path, public: Path) -> str:
    """Write a new pair of keys, the private one readable for its owner only; returns the fingerprint.

    Raises :class:`CannotSign` when a file exists already or cannot be written.
    """
    serialization, ed25519 = _library()
    key = ed25519.Ed25519PrivateKey.generate()
    secret: bytes = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    shared: bytes = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for path, content, mode in ((private, secret, 0o600), (public, shared, 0o644)):
        if path.exists() or path.is_symlink():
            message = f"{path}: the file exists and is kept. Name another one with --output, or move it away."
            raise CannotSign(message)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        except OSError as error:
            message = f"{path}: the key cannot be written ({error.strerror}). Name a folder that you may write to."
            raise CannotSign(message) from None
    return fingerprint(key.public_key())


def read_private(path: Path) -> Ed25519PrivateKey:
    """Return the private key in the PEM file at ``path``; raises :class:`CannotSign`."""
    serialization, ed25519 = _library()
    try:
        key: object = serialization.load_pem_private_key(_content(path), None)
    except (ValueError, TypeError) as error:
        hint = "it is protected by a password" if isinstance(error, TypeError) else "it is no private key in PEM form"
        message = f"{path}: {hint}. Make a pair of keys with: partner-connect keygen"
        raise CannotSign(message) from None
    except Exception as error:  # noqa: BLE001 - the library has exceptions of its own for unknown kinds of keys
        message = f"{path}: the key cannot be used ({error}). Make a pair of keys with: partner-connect keygen"
        raise CannotSign(message) from None
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        message = f"{path}: this is no Ed25519 key. Make a pair of keys with: partner-connect keygen"
        raise CannotSign(message)
    return cast("Ed25519PrivateKey", key)


def read_public(path: Path) -> Ed25519PublicKey:
    """Return the public key in the PEM file at ``path``; raises :class:`CannotSign`."""
    serialization, ed25519 = _library()
    try:
        key: object = serialization.load_pem_public_key(_content(path))
    except Exception:  # noqa: BLE001 - the library has exceptions of its own for unknown kinds of keys
        message = f"{path}: it is no public key in PEM form. Use the .pub file of the pair that signed the bundle."
        raise CannotSign(message) from None
    if not isinstance(key, ed25519.Ed25519PublicKey):
        message = f"{path}: this is no Ed25519 key. Use the .pub file of the pair that signed the bundle."
        raise CannotSign(message)
    return cast("Ed25519PublicKey", key)


@dataclass(frozen=True, slots=True)
class Signature:
    """What stands in ``signature.json``."""

    algorithm: Literal["Ed25519"]
    key: Annotated[str, Form(r"ed25519:[0-9a-f]{32}", "the fingerprint of an Ed25519 key")]
    public_key: Annotated[str, Form(r"[A-Za-z0-9+/]{43}=", "32 bytes in base64")]
    """The signer's public key: with it anybody can check the signature, though not whose key it is."""
    signature: Annotated[str, Form(r"[A-Za-z0-9+/]{86}==", "64 bytes in base64")]


def sign(manifest: bytes, key: Ed25519PrivateKey) -> bytes:
    """Return the text of ``signature.json`` for the ``manifest``."""
    public = key.public_key()
    record = Signature(ALGORITHM, fingerprint(public), _base64(public.public_bytes_raw()), _base64(key.sign(manifest)))
    return (json.dumps(to_json(record), indent=1) + "\n").encode()


def read_signature(path: Path) -> Signature:
    """Return what stands in the file at ``path``; raises :class:`BadEvidence` when it is no signature of this suite."""
    try:
        return from_json(Signature, strict_object(path))
    except MismatchError as error:
        message = f"{path.name}, field {error.where or '/'} {error.what}"
        raise BadEvidence(message) from None


def signature_errors(manifest: bytes, signature: Signature, trusted: Ed25519PublicKey | None) -> Iterator[str]:
    """Yield why ``signature`` is not one over ``manifest``, of the key that it names, and of ``trusted`` if given.

    Raises :class:`CannotSign` when the library for signatures is missing.
    """
    _, ed25519 = _library()
    from cryptography.exceptions import InvalidSignature

    key = ed25519.Ed25519PublicKey.from_public_bytes(base64.b64decode(signature.public_key))
    if signature.key != fingerprint(key):
        yield f"signature.json names the key {signature.key}, but the key in it is {fingerprint(key)}"
    if trusted is not None and fingerprint(trusted) != fingerprint(key):
        yield f"the bundle is signed with the key {fingerprint(key)}, not with the trusted key {fingerprint(trusted)}"
    try:
        key.verify(base64.b64decode(signature.signature), manifest)
    except InvalidSignature:
        yield f"the signature is not one of the key {fingerprint(key)} over this manifest"


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return what tells the key apart: the SHA-256 of its raw bytes, shortened."""
    return f"ed25519:{hashlib.sha256(key.public_bytes_raw()).hexdigest()[:32]}"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_KEY)
    except OSError as error:
        message = f"{path}: the key cannot be read ({error.strerror}). Give the path of a key file."
        raise CannotSign(message) from None


def _library() -> tuple[Any, Any]:
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        message = f"Signatures need the library cryptography, which is not installed. Install it with: {install_command('sign')}"
        raise CannotSign(message) from None
    return serialization, ed25519
