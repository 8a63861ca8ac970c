"""The envelope: DSSE around a statement.  Other tools open and check it without knowing this suite.

Source: secure-systems-lab/dsse, protocol version 1.  It is made and taken apart with securesystemslib.  Beside what the
protocol asks for, each signature carries the public key that made it, so that it can be checked before anybody has said whom to
trust; tools that do not know the field ignore it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from certification.foundation.errors import BadEvidence
from certification.foundation.strict_json import parse
from certification.foundation.typed_json import Form
from certification.signatures.keys import CannotSign, PublicKey, SigningKey, library, public_key
from certification.signatures.statement import Statement, read_statement

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
MAX_BYTES: Final = 1_000_000
MAX_SIGNATURES: Final = 50


class Outcome(StrEnum):
    """What became of one signature when it was checked."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN_KEY = "unknown key"
    """It carries no key, and none of those that were given is its own."""


@dataclass(frozen=True, slots=True)
class SignatureEntry:
    """A signature as it is written."""

    keyid: str
    sig: Annotated[str, Form(r"[A-Za-z0-9+/]+={0,2}", "base64")]
    """Of an Ed25519 key its 64 bytes; of an SSH key the signature of ``ssh-keygen -Y sign``."""
    public_key: str
    """The signer's public key: with it anybody can check the signature, though not whose key it is."""


@dataclass(frozen=True, slots=True)
class EnvelopeFile:
    """An envelope as it is written."""

    payload: Annotated[str, Form(r"[A-Za-z0-9+/]+={0,2}", "base64")]
    """The statement."""
    payloadType: Literal["application/vnd.in-toto+json"]  # noqa: N815 - as the protocol calls it
    signatures: tuple[SignatureEntry, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of an envelope."""

    keyid: str
    value: bytes
    key: str
    """The public key that it carries; empty where it carries none."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What was signed, and by which keys."""

    payload: bytes
    signatures: tuple[Signature, ...]

    @property
    def signed(self) -> bytes:
        """The bytes that each signature is made over: the pre-authentication encoding."""
        return b"DSSEv1 %d %b %d %b" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(self.payload), self.payload)

    def statement(self) -> Statement:
        """Return what the envelope says; raises :class:`BadEvidence`."""
        return read_statement(self.payload)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of one signature."""

    keyid: str
    outcome: Outcome
    trusted: bool
    """Whether the key is one of those that were given."""
    why: str
    """Why it is invalid."""


def make_envelope(payload: bytes, keys: Sequence[SigningKey]) -> bytes:
    """Return the text of an envelope around ``payload``, signed by each of the ``keys``; none leave it unsigned.

    Raises :class:`CannotSign`.
    """
    if not keys:
        return _text({"payload": _base64(payload), "payloadType": PAYLOAD_TYPE, "signatures": []})
    library()
    from securesystemslib.dsse import Envelope as Made
    from securesystemslib.signer import Signature as Value  # type: ignore[attr-defined]  # public, but not marked so

    made = Made(payload, PAYLOAD_TYPE, {})
    for key in keys:
        if key.public.keyid in made.signatures:
            message = f"the key {key.public.keyid} is given twice"
            raise CannotSign(message)
        value = key.sign(made.pae()).hex()
        made.signatures[key.public.keyid] = Value(key.public.keyid, value, {"public_key": key.public.text})
    return _text(made.to_dict())


def read_envelope(path: Path) -> Envelope:
    """Return the envelope in the file at ``path``; raises :class:`BadEvidence` for anything that is none."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _bad(path.name, f"it cannot be read ({error.strerror})") from None
    return parse_envelope(data, path.name)


def parse_envelope(data: bytes, name: str) -> Envelope:
    """Return the envelope in ``data``, which came from the file ``name``; raises :class:`BadEvidence`."""
    if len(data) > MAX_BYTES:
        raise _bad(name, f"it has more than {MAX_BYTES:,} bytes")
    try:
        parsed = parse(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise _bad(name, "it is not UTF-8") from None
    wrong = parsed.error or next(iter(parsed.irregularities), "")
    if wrong or not isinstance(parsed.value, dict):
        raise _bad(name, wrong or "it holds no object")
    value: dict[str, Any] = parsed.value
    if value.keys() != {"payload", "payloadType", "signatures"}:
        raise _bad(name, "its fields are not payload, payloadType and signatures")
    if value["payloadType"] != PAYLOAD_TYPE:
        raise _bad(name, f"its payloadType is not {PAYLOAD_TYPE}")
    given = value["signatures"]
    if not isinstance(given, list) or len(given) > MAX_SIGNATURES:
        raise _bad(name, f"its signatures are no list of at most {MAX_SIGNATURES}")
    found = tuple(_signature(each, name) for each in given)
    ids = [each.keyid for each in found]
    if len(ids) != len(set(ids)):
        raise _bad(name, "it carries two signatures of one key")
    return Envelope(_decoded(value["payload"], name, "payload"), found)


def check(envelope: Envelope, trusted: Sequence[PublicKey] = ()) -> list[Checked]:
    """Return what is known of each signature: against ``trusted`` keys first, else against the key that it carries.

    Raises :class:`CannotSign` when the libraries are missing.
    """
    known = {key.keyid: key for key in trusted}
    return [_checked(each, envelope.signed, known.get(each.keyid)) for each in envelope.signatures]


def _checked(signature: Signature, signed: bytes, trusted: PublicKey | None) -> Checked:
    key = trusted
    if key is None:
        if not signature.key:
            return Checked(signature.keyid, Outcome.UNKNOWN_KEY, trusted=False, why="")
        try:
            key = public_key(signature.key)
        except CannotSign as error:
            if "not installed" in str(error):
                raise
            return Checked(signature.keyid, Outcome.INVALID, trusted=False, why=f"the key that it carries: {error}")
        if key.keyid != signature.keyid:
            why = f"it names the key {signature.keyid}, but carries {key.keyid}"
            return Checked(signature.keyid, Outcome.INVALID, trusted=False, why=why)
    why = key.check(signature.value, signed)
    return Checked(signature.keyid, Outcome.INVALID if why else Outcome.VALID, trusted is not None, why)


def _signature(value: Any, name: str) -> Signature:
    if not isinstance(value, dict) or not {"keyid", "sig"} <= value.keys() <= {"keyid", "sig", "public_key"}:
        raise _bad(name, "a signature has other fields than keyid, sig and public_key")
    key = value.get("public_key", "")
    if not isinstance(value["keyid"], str) or not 1 <= len(value["keyid"]) <= 200 or not isinstance(key, str):
        raise _bad(name, "a signature does not name its key")
    return Signature(value["keyid"], _decoded(value["sig"], name, "sig"), key)


def _decoded(text: Any, name: str, field: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True) if isinstance(text, str) else None
    except (ValueError, binascii.Error):
        found = None
    # Base64 has several spellings of the same bytes; one is enough.
    if found is None or _base64(found) != text:
        raise _bad(name, f"its {field} is no base64")
    return found


def _text(value: Any) -> bytes:
    return (json.dumps(value, indent=1) + "\n").encode()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bad(name: str, what: str) -> BadEvidence:
    return BadEvidence(f"{name} is no signed statement: {what}")
