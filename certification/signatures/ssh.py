"""Signatures of SSH keys, in the format of ``ssh-keygen -Y sign``.

Source: OpenSSH, PROTOCOL.sshsig.  Checking one needs no program but the library ``cryptography``, so that what is found does
not depend on the machine.  Signing uses the key where it can be read; a key with a passphrase, in an agent or in hardware signs
through ``ssh-keygen``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from certification.foundation.errors import CertificationError

NAMESPACE: Final = "partner-connect"
"""Keeps signatures apart from those that the same key makes for other things, such as commits."""

MAGIC: Final = b"SSHSIG"
HASH: Final = "sha512"
_HASHES: Final = {"sha256": hashlib.sha256, "sha512": hashlib.sha512}
_ARMOR: Final = re.compile(r"-----BEGIN SSH SIGNATURE-----\s*([A-Za-z0-9+/=\s]+)-----END SSH SIGNATURE-----")
_CURVES: Final = {
    b"ecdsa-sha2-nistp256": "sha256",
    b"ecdsa-sha2-nistp384": "sha384",
    b"ecdsa-sha2-nistp521": "sha512",
}
_RSA: Final = {b"rsa-sha2-256": "sha256", b"rsa-sha2-512": "sha512"}
_PATIENCE_SECONDS: Final = 120
"""A person may have to type a passphrase, or to touch a key."""


class SshProblem(CertificationError):
    """A signature or a key is none that can be used; the message says why."""


def fingerprint(blob: bytes) -> str:
    """Return the fingerprint of a public key as ``ssh-keygen -l`` shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def key_blob(line: str) -> bytes:
    """Return the bytes of the public key in a line like ``ssh-ed25519 AAAA… name``; raises :class:`SshProblem`."""
    parts = line.split()
    try:
        blob = base64.b64decode(parts[1], validate=True)
        kind, _ = _text(blob)
    except (IndexError, ValueError, binascii.Error, SshProblem):
        raise SshProblem("it is no line of an SSH public key") from None
    if kind.decode("ascii", "replace") != parts[0]:
        raise SshProblem("its kind is not the one that the key names")
    return blob


def sign_with(key: Any, data: bytes) -> bytes:
    """Return the signature of the private ``key`` of the library ``cryptography`` over ``data``."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

    line = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()
    blob = key_blob(line)
    kind, _ = _text(blob)
    signed = _signed(data, HASH, NAMESPACE)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        inner = _packed(kind) + _packed(key.sign(signed))
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        digest = getattr(hashes, _CURVES[kind].upper())()
        numbers = utils.decode_dss_signature(key.sign(signed, ec.ECDSA(digest)))
        inner = _packed(kind) + _packed(b"".join(_packed(_mpint(number)) for number in numbers))
    elif isinstance(key, rsa.RSAPrivateKey):
        inner = _packed(b"rsa-sha2-512") + _packed(key.sign(signed, padding.PKCS1v15(), hashes.SHA512()))
    else:
        raise SshProblem("keys of this kind do not sign")
    return b"".join(
        [
            MAGIC,
            struct.pack(">I", 1),
            _packed(blob),
            _packed(NAMESPACE.encode()),
            _packed(b""),
            _packed(HASH.encode()),
            _packed(inner),
        ]
    )


def sign_through_program(path: Path, data: bytes) -> bytes:
    """Return the signature that ``ssh-keygen`` makes over ``data`` with the key at ``path``; raises :class:`SshProblem`."""
    program = shutil.which("ssh-keygen")
    if program is None:
        raise SshProblem(
            "a key with a passphrase, in an agent or in hardware signs through ssh-keygen, which is not installed here (it comes with OpenSSH)"
        )
    with tempfile.TemporaryDirectory(prefix="partner-connect-sign-") as folder:
        file = Path(folder) / "statement"
        file.write_bytes(data)
        try:
            done = subprocess.run(  # noqa: S603 - the program of the user's own SSH, with arguments of ours
                [program, "-Y", "sign", "-f", str(path), "-n", NAMESPACE, str(file)],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                timeout=_PATIENCE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SshProblem(f"ssh-keygen did not sign within {_PATIENCE_SECONDS} s") from None
        made = file.with_name("statement.sig")
        if done.returncode or not made.is_file():
            said = (done.stdout.strip().splitlines() or ["no message"])[-1][:200]
            raise SshProblem(f"ssh-keygen did not sign: {said}")
        return unarmored(made.read_text(encoding="ascii"))


def unarmored(text: str) -> bytes:
    """Return the bytes of a signature in the text form of ``ssh-keygen``; raises :class:`SshProblem`."""
    found = _ARMOR.search(text)
    if found is None:
        raise SshProblem("it is no SSH signature")
    return base64.b64decode("".join(found.group(1).split()))


def armored(blob: bytes) -> str:
    """Return a signature as ``ssh-keygen -Y verify`` reads it."""
    text = base64.b64encode(blob).decode()
    lines = [text[start : start + 70] for start in range(0, len(text), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


def check(signature: bytes, data: bytes, trusted: bytes) -> str:
    """Return why ``signature`` is not one of the public key ``trusted`` over ``data``; empty when it is."""
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        blob, namespace, algorithm, inner = _taken_apart(signature)
        if blob != trusted:
            return "it was made with another key"
        if namespace != NAMESPACE:
            return f"it was made for {namespace[:40]!a}, not for {NAMESPACE}"
        if algorithm not in _HASHES:
            return f"it uses the hash {algorithm[:20]!a}, which is none of SSH"
        return "" if _valid(blob, inner, _signed(data, algorithm, namespace)) else "it was made over something else"
    except (UnsupportedAlgorithm, NotImplementedError, KeyError):
        return "it is no SSH signature (keys of this kind are not supported)"
    except (SshProblem, ValueError, struct.error) as error:
        return f"it is no SSH signature ({error})"


def _taken_apart(signature: bytes) -> tuple[bytes, str, str, bytes]:
    if signature[:6] != MAGIC or struct.unpack(">I", signature[6:10])[0] != 1:
        raise SshProblem("it does not begin like one")
    blob, rest = _text(signature[10:])
    namespace, rest = _text(rest)
    _, rest = _text(rest)
    algorithm, rest = _text(rest)
    inner, rest = _text(rest)
    if rest:
        raise SshProblem("something follows after its end")
    return blob, namespace.decode("utf-8", "replace"), algorithm.decode("ascii", "replace"), inner


def _valid(blob: bytes, inner: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

    kind, rest = _text(blob)
    name, after = _text(inner)
    value, after = _text(after)
    try:
        if kind.startswith(b"sk-"):
            raw, rest = _text(rest)
            application, _ = _text(rest)
            if kind != b"sk-ssh-ed25519@openssh.com" or len(after) != 5:
                raise SshProblem("hardware keys of this kind are not supported")
            # A hardware key signs the hash of its application, what it was touched for, and the hash of the data.
            whole = hashlib.sha256(application).digest() + after + hashlib.sha256(signed).digest()
            ed25519.Ed25519PublicKey.from_public_bytes(raw).verify(value, whole)
            return name == kind
        if after:
            raise SshProblem("something follows after the value")
        line = b" ".join([kind, base64.b64encode(blob)])
        key = serialization.load_ssh_public_key(line)
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(value, signed)
            return name == kind
        if isinstance(key, ec.EllipticCurvePublicKey):
            one, two = _text(value)
            other, _ = _text(two)
            numbers = (int.from_bytes(one, "big"), int.from_bytes(other, "big"))
            digest = getattr(hashes, _CURVES[kind].upper())()
            key.verify(utils.encode_dss_signature(*numbers), signed, ec.ECDSA(digest))
            return name == kind
        if isinstance(key, rsa.RSAPublicKey) and name in _RSA:
            key.verify(value, signed, padding.PKCS1v15(), getattr(hashes, _RSA[name].upper())())
            return True
    except InvalidSignature:
        return False
    raise SshProblem("keys of this kind are not supported")


def _signed(data: bytes, algorithm: str, namespace: str) -> bytes:
    digest = _HASHES[algorithm](data).digest()
    return b"".join([MAGIC, _packed(namespace.encode()), _packed(b""), _packed(algorithm.encode()), _packed(digest)])


def _text(data: bytes) -> tuple[bytes, bytes]:
    if len(data) < 4:
        raise SshProblem("it is cut off")
    length = struct.unpack(">I", data[:4])[0]
    if length > len(data) - 4:
        raise SshProblem("it is cut off")
    return data[4 : 4 + length], data[4 + length :]


def _packed(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _mpint(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")
