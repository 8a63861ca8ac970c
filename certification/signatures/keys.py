"""Keys: made, read from files, and what tells them apart.  Needs the extra ``sign``."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from certification.foundation.errors import CertificationError
from certification.foundation.installation import install_command
from certification.signatures import ssh

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MAX_KEY: Final = 20_000
KEYGEN: Final = "Make a pair of keys with: partner-connect keygen"
_SSH_KINDS: Final = ("ssh-", "ecdsa-sha2-", "sk-ssh-")


class CannotSign(CertificationError):
    """A key cannot be read, written or used, or a library is missing; the message says what to do."""


@dataclass(frozen=True)
class PublicKey:
    """A public key: its name among keys, and the question whether a signature is one of it."""

    keyid: str
    """What tells it apart: the fingerprint that ssh-keygen shows, or the id that securesystemslib computes."""
    text: str
    """The key itself, as it stands in its file."""
    check: Callable[[bytes, bytes], str]
    """(signature, data) → why it is none of this key over the data; empty when it is."""


@dataclass(frozen=True)
class SigningKey:
    """A private key, ready to sign."""

    public: PublicKey
    sign: Callable[[bytes], bytes]
    """data → signature; raises :class:`CannotSign`."""


def make_keys(private: Path, public: Path) -> str:
    """Write a new Ed25519 pair, the private key readable for its owner only; returns the id of the key.

    Raises :class:`CannotSign` when a file exists already or cannot be written.
    """
    serialization, ed25519 = library()
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
    return _of_ed25519(key.public_key()).keyid


def read_signing_key(path: Path) -> SigningKey:
    """Return the private key at ``path``: Ed25519 in PEM form, or an SSH key; raises :class:`CannotSign`.

    Of an SSH key also the public file will do: then an agent holds the private one.
    """
    serialization, ed25519 = library()
    content = _content(path)
    if content.lstrip().startswith(tuple(kind.encode() for kind in _SSH_KINDS)):
        return _through_program(path, content.decode("utf-8", "replace"))
    if b"OPENSSH PRIVATE KEY" in content:
        return _ssh_key(path, content)
    try:
        key: Any = serialization.load_pem_private_key(content, None)
    except (ValueError, TypeError) as error:
        hint = "it is protected by a password" if isinstance(error, TypeError) else "it is no private key that can sign"
        raise _cannot(path, hint) from None
    except Exception as error:  # noqa: BLE001 - the library has exceptions of its own for unknown kinds of keys
        raise _cannot(path, f"the key cannot be used ({error})") from None
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise _cannot(path, "this is no Ed25519 key")
    return SigningKey(_of_ed25519(key.public_key()), key.sign)


def read_public_key(path: Path) -> PublicKey:
    """Return the public key in the file at ``path``; raises :class:`CannotSign`."""
    try:
        return public_key(_content(path).decode("utf-8", "replace"))
    except CannotSign as error:
        message = f"{path}: {error}. Use the .pub file of the pair that signed."
        raise CannotSign(message) from None


def public_key(text: str) -> PublicKey:
    """Return the key in ``text``: PEM, or a line of an SSH public key; raises :class:`CannotSign` without a remedy."""
    serialization, ed25519 = library()
    if text.strip().startswith(_SSH_KINDS):
        return _of_ssh(text)
    try:
        key: Any = serialization.load_pem_public_key(text.encode())
    except Exception:  # noqa: BLE001 - the library has exceptions of its own for unknown kinds of keys
        message = "it is no public key in PEM or SSH form"
        raise CannotSign(message) from None
    if not isinstance(key, ed25519.Ed25519PublicKey):
        message = "this is no Ed25519 key"
        raise CannotSign(message)
    return _of_ed25519(key)


def library() -> tuple[Any, Any]:
    """Return the modules of the library for keys; raises :class:`CannotSign` when the extra is missing."""
    try:
        import securesystemslib.signer  # noqa: F401 - the envelope needs it, and says so before anything is done
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        message = f"Signatures need libraries that are not installed. Install them with: {install_command('sign')}"
        raise CannotSign(message) from None
    return serialization, ed25519


def _of_ed25519(key: Ed25519PublicKey) -> PublicKey:
    from cryptography.exceptions import InvalidSignature
    from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # public, but not marked so for checkers

    serialization, _ = library()

    def check(signature: bytes, data: bytes) -> str:
        try:
            key.verify(signature, data)
        except InvalidSignature:
            return "it was made over something else, or with another key"
        return ""

    pem: bytes = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(SSlibKey.from_crypto(key).keyid, pem.decode(), check)


def _of_ssh(line: str) -> PublicKey:
    try:
        blob = ssh.key_blob(line)
    except ssh.SshProblem as error:
        raise CannotSign(str(error)) from None

    def check(signature: bytes, data: bytes) -> str:
        return ssh.check(signature, data, blob)

    return PublicKey(ssh.fingerprint(blob), " ".join(line.split()[:2]), check)


def _ssh_key(path: Path, content: bytes) -> SigningKey:
    serialization, _ = library()
    try:
        key: Any = serialization.load_ssh_private_key(content, None)
    except (TypeError, ValueError):
        # A passphrase is asked for by the program that knows how.
        beside = path.with_name(f"{path.name}.pub")
        if not beside.is_file():
            raise _cannot(path, f"it has a passphrase, and its public key {beside.name} is not beside it") from None
        return _through_program(path, _content(beside).decode("utf-8", "replace"))
    except Exception as error:  # noqa: BLE001 - the library has exceptions of its own for unknown kinds of keys
        raise _cannot(path, f"the key cannot be used ({error})") from None
    shared = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return SigningKey(_of_ssh(shared.decode()), lambda data: ssh.sign_with(key, data))


def _through_program(path: Path, line: str) -> SigningKey:
    def sign(data: bytes) -> bytes:
        try:
            return ssh.sign_through_program(path, data)
        except ssh.SshProblem as error:
            message = f"{path}: {error}."
            raise CannotSign(message) from None

    try:
        return SigningKey(_of_ssh(line), sign)
    except CannotSign as error:
        raise _cannot(path, str(error)) from None


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_KEY)
    except OSError as error:
        message = f"{path}: the key cannot be read ({error.strerror}). Give the path of a key file, or make a key: partner-connect keygen."
        raise CannotSign(message) from None


def _cannot(path: Path, what: str) -> CannotSign:
    return CannotSign(f"{path}: {what}. {KEYGEN}")
