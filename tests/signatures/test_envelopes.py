"""Signed statements: what another tool makes of them, and what an edit of one is called."""

from __future__ import annotations

import base64
import copy
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from certification.foundation.errors import BadEvidence, CannotStart
from certification.review.early_signature import early_errors, read_early
from certification.signatures import ssh
from certification.signatures.envelope import Outcome, check, make_envelope, parse_envelope
from certification.signatures.keys import CannotSign, SigningKey, public_key, read_public_key, read_signing_key
from certification.signatures.policy import read_policy
from certification.signatures.statement import SIGN_OFF, read_statement, statement, subject

SUBJECTS = (subject("certification.zip/manifest.json", "a" * 64), subject("partner.json", "b" * 64))
PREDICATE = {"role": "partner", "decision": "given", "by": "Ann Lee", "on": "2027-01-12T09:00:00Z"}
PAYLOAD = statement(SUBJECTS, SIGN_OFF, PREDICATE)
ROLES = ("partner", "engineering")


def pem(folder: Path, name: str, seed: int) -> Path:
    key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    path = folder / name
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    path.with_name(f"{name}.pub").write_bytes(public)
    return path


def openssh(folder: Path, name: str, key: Any) -> Path:
    path = folder / name
    form = serialization.PrivateFormat.OpenSSH
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    path.chmod(0o600)
    line = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    path.with_name(f"{name}.pub").write_bytes(line + b" somebody@example\n")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def keys(folder: Path) -> dict[str, Path]:
    return {
        "ann": pem(folder, "ann", 1),
        "bob": pem(folder, "bob", 2),
        "ssh": openssh(folder, "id_ed25519", ed25519.Ed25519PrivateKey.from_private_bytes(bytes([3]) * 32)),
        "ecdsa": openssh(folder, "id_ecdsa", ec.generate_private_key(ec.SECP256R1())),
        "rsa": openssh(folder, "id_rsa", rsa.generate_private_key(65537, 2048)),
    }


@pytest.fixture(scope="module")
def signing(keys: dict[str, Path]) -> dict[str, SigningKey]:
    return {name: read_signing_key(path) for name, path in keys.items()}


@pytest.mark.parametrize("name", ["ann", "ssh", "ecdsa", "rsa"])
def test_what_a_key_signs_its_public_key_confirms(
    name: str, keys: dict[str, Path], signing: dict[str, SigningKey]
) -> None:
    envelope = parse_envelope(make_envelope(PAYLOAD, [signing[name]]), "x.json")
    public = read_public_key(keys[name].with_name(f"{keys[name].name}.pub"))
    for trusted in ([], [public]):
        (found,) = check(envelope, trusted)
        assert (found.outcome, found.trusted, found.keyid) == (Outcome.VALID, bool(trusted), public.keyid)
    assert envelope.statement().subjects == SUBJECTS
    assert dict(envelope.statement().predicate) == PREDICATE


def test_another_librarys_tools_verify_it_alone(keys: dict[str, Path], signing: dict[str, SigningKey]) -> None:
    from securesystemslib.dsse import Envelope
    from securesystemslib.exceptions import VerificationError
    from securesystemslib.signer import SSlibKey

    text = make_envelope(PAYLOAD, [signing["ann"], signing["bob"]])
    trusted = [
        SSlibKey.from_crypto(serialization.load_pem_public_key(keys[name].with_name(f"{name}.pub").read_bytes()))
        for name in ("ann", "bob")
    ]
    envelope = Envelope.from_dict(json.loads(text))
    assert len(envelope.verify(trusted, 2)) == 2
    assert json.loads(envelope.payload)["_type"] == "https://in-toto.io/Statement/v1"
    envelope.payload = envelope.payload.replace(b"given", b"taken")
    with pytest.raises(VerificationError):
        envelope.verify(trusted, 1)


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not on this machine")
@pytest.mark.parametrize("name", ["ssh", "ecdsa", "rsa"])
def test_ssh_keygen_and_we_accept_each_others_signatures(
    name: str, keys: dict[str, Path], signing: dict[str, SigningKey], tmp_path: Path
) -> None:
    envelope = parse_envelope(make_envelope(PAYLOAD, [signing[name]]), "x.json")
    line = keys[name].with_name(f"{keys[name].name}.pub").read_text()
    (tmp_path / "allowed").write_text(f"ann@acorn.example {line}")
    (tmp_path / "x.sig").write_text(ssh.armored(envelope.signatures[0].value))
    command = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        str(tmp_path / "allowed"),
        "-I",
        "ann@acorn.example",
        "-n",
        ssh.NAMESPACE,
    ]
    done = subprocess.run(
        [*command, "-s", str(tmp_path / "x.sig")], input=envelope.signed, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    theirs = ssh.sign_through_program(keys[name], envelope.signed)
    assert ssh.check(theirs, envelope.signed, ssh.key_blob(line)) == ""


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not on this machine")
def test_a_key_that_cannot_be_read_signs_through_the_program_or_says_why(tmp_path: Path) -> None:
    path = tmp_path / "locked"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", str(path)], check=True)
    key = read_signing_key(path)
    with pytest.raises(CannotSign, match="ssh-keygen did not sign"):
        key.sign(b"data")
    path.with_name("locked.pub").unlink()
    with pytest.raises(CannotSign, match="it has a passphrase"):
        read_signing_key(path)


def test_no_key_leaves_it_unsigned() -> None:
    envelope = parse_envelope(make_envelope(PAYLOAD, []), "x.json")
    assert check(envelope) == []
    assert envelope.statement().predicate["role"] == "partner"


def test_the_form_that_early_versions_signed_is_still_read() -> None:
    manifest = b'{"kind": "a manifest"}\n'
    value = {
        "algorithm": "Ed25519",
        "key": "ed25519:56475aa75463474c0285df5dbf2bcab7",
        "public_key": "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=",
        "signature": "hwOFScLTo8X1+8wkmaNtA1BVnGpjoajoH8jIUx4x4ZgItkQB3vLNL7FjCk5FFmAkV8ywTQ8eCYWyy36oF9tEBg==",
    }
    signature = read_early(value, "signature.json")
    assert list(early_errors(manifest, signature, None)) == []
    assert ["over this manifest" in text for text in early_errors(manifest + b" ", signature, None)] == [True]
    own = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
    text = own.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    assert list(early_errors(manifest, signature, public_key(text))) == []
    other = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    text = other.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    assert ["not with the trusted key" in text for text in early_errors(manifest, signature, public_key(text))] == [
        True
    ]


# Edits of an envelope that Ann signed: what is changed, and what it is called.

Edit = Callable[[dict[str, Any]], None]


def payload(change: Callable[[dict[str, Any]], None]) -> Edit:
    def edit(envelope: dict[str, Any]) -> None:
        value = json.loads(base64.b64decode(envelope["payload"]))
        change(value)
        text = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
        envelope["payload"] = base64.b64encode(text).decode()

    return edit


def first(**fields: Any) -> Edit:
    return lambda envelope: envelope["signatures"][0].update(fields)


def raw(change: Callable[[bytes], bytes]) -> Edit:
    def edit(envelope: dict[str, Any]) -> None:
        value = base64.b64decode(envelope["signatures"][0]["sig"])
        envelope["signatures"][0]["sig"] = base64.b64encode(change(value)).decode()

    return edit


EDITS: dict[str, tuple[Edit, str]] = {
    "role": (payload(lambda it: it["predicate"].update(role="product")), "over something else"),
    "decision": (payload(lambda it: it["predicate"].update(decision="refused")), "over something else"),
    "date": (payload(lambda it: it["predicate"].update(on="2027-02-12T09:00:00Z")), "over something else"),
    "person": (payload(lambda it: it["predicate"].update(by="Bob Ray")), "over something else"),
    "digest of a subject": (payload(lambda it: it["subject"][0]["digest"].update(sha256="c" * 64)), "over something else"),
    "name of a subject": (payload(lambda it: it["subject"][0].update(name="other.zip/manifest.json")), "over something else"),
    "a subject more": (payload(lambda it: it["subject"].append({"name": "x", "digest": {"sha256": "d" * 64}})), "over something else"),
    "a subject less": (payload(lambda it: it["subject"].pop()), "over something else"),
    "a subject twice": (payload(lambda it: it["subject"].append(copy.deepcopy(it["subject"][0]))), "names a subject twice"),
    "no subject": (payload(lambda it: it["subject"].clear()), "about none"),
    "another algorithm": (payload(lambda it: it["subject"][0].update(digest={"md5": "0"})), "a subject"),
    "type of the predicate": (payload(lambda it: it.update(predicateType="urn:x")), "over something else"),
    "type of the statement": (payload(lambda it: it.update(_type="https://in-toto.io/Statement/v0.1")), "of another type"),
    "a field more": (payload(lambda it: it.update(extra=1)), "none of a statement"),
    "spaces in the payload": (lambda it: it.update(payload=base64.b64encode(PAYLOAD + b" ").decode()), "over something else"),
    "type of the payload": (lambda it: it.update(payloadType="text/plain"), "its payloadType"),
    "id of the key": (first(keyid="0" * 64), "it names the key"),
    "id and no key": (lambda it: it.update(signatures=[{"keyid": "0" * 64, "sig": it["signatures"][0]["sig"]}]), "unknown key"),
    "signature cut": (raw(lambda value: value[:-1]), "over something else"),
    "bit of the signature": (raw(lambda value: bytes([value[0] ^ 1]) + value[1:]), "over something else"),
    "signatures stripped": (lambda it: it.update(signatures=[]), "unsigned"),
    "signature doubled": (lambda it: it["signatures"].append(copy.deepcopy(it["signatures"][0])), "two signatures of one key"),
    "other base64": (lambda it: it["signatures"][0].update(sig=it["signatures"][0]["sig"].rstrip("=") + "\n=="), "no base64"),
    "a field beside": (lambda it: it.update(note="x"), "its fields are not"),
    "a field in the signature": (first(cert="x"), "other fields than"),
    "public key": (first(public_key="ssh-ed25519 AAAA"), "the key that it carries"),
}  # fmt: skip


def told(text: bytes) -> str:
    """What is wrong with an envelope, in one text; empty when nothing is."""
    try:
        envelope = parse_envelope(text, "sign-off.json")
        envelope.statement()
    except BadEvidence as error:
        return str(error)
    found = check(envelope)
    if not found:
        return "unsigned"
    return "; ".join(each.why or str(each.outcome) for each in found if each.outcome is not Outcome.VALID)


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("key", ["ann", "ssh"])
def test_each_edit_is_noticed_and_named(name: str, key: str, signing: dict[str, SigningKey]) -> None:
    text = make_envelope(PAYLOAD, [signing[key]])
    assert told(text) == ""
    edit, says = EDITS[name]
    value = json.loads(text)
    edit(value)
    found = told(json.dumps(value).encode())
    if key == "ssh" and name in {"signature cut", "bit of the signature"}:
        says = "no SSH signature"
    assert says in found


def test_signatures_moved_between_envelopes_and_keys_do_not_hold(signing: dict[str, SigningKey]) -> None:
    mine, theirs = (json.loads(make_envelope(PAYLOAD, [signing[name]])) for name in ("ann", "bob"))
    swapped = {**mine, "signatures": [{**mine["signatures"][0], "sig": theirs["signatures"][0]["sig"]}]}
    assert "over something else" in told(json.dumps(swapped).encode())
    other = json.loads(make_envelope(statement(SUBJECTS, SIGN_OFF, {**PREDICATE, "role": "product"}), [signing["ann"]]))
    moved = {**other, "signatures": mine["signatures"]}
    assert "over something else" in told(json.dumps(moved).encode())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda value: value.replace(b"\x0fpartner-connect", b"\x0fpartner-konnect"), "it was made for"),
        (lambda value: value.replace(b"sha512", b"sha256", 1), "over something else"),
        (lambda value: value.replace(b"sha512", b"sha999", 1), "which is none of SSH"),
        (lambda value: value + b"x", "something follows"),
        (lambda value: value[:40], "cut off"),
        (lambda value: value[:0], "no SSH signature"),
    ],
)
def test_odd_ssh_signatures(change: Callable[[bytes], bytes], says: str, keys: dict[str, Path]) -> None:
    key = read_signing_key(keys["ssh"])
    assert says in key.public.check(change(key.sign(b"data")), b"data")


def test_a_line_of_a_hardware_key_is_checked_with_its_own_rules() -> None:
    import hashlib
    import struct

    def packed(data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + data

    key = ed25519.Ed25519PrivateKey.generate()
    kind = b"sk-ssh-ed25519@openssh.com"
    blob = packed(kind) + packed(key.public_key().public_bytes_raw()) + packed(b"ssh:")
    inner_data = (
        b"SSHSIG"
        + packed(b"partner-connect")
        + packed(b"")
        + packed(b"sha512")
        + packed(hashlib.sha512(b"data").digest())
    )
    touched = b"\x01" + struct.pack(">I", 7)
    value = key.sign(hashlib.sha256(b"ssh:").digest() + touched + hashlib.sha256(inner_data).digest())
    inner = packed(kind) + packed(value) + touched
    signature = (
        b"SSHSIG"
        + struct.pack(">I", 1)
        + packed(blob)
        + packed(b"partner-connect")
        + packed(b"")
        + packed(b"sha512")
        + packed(inner)
    )
    assert ssh.check(signature, b"data", blob) == ""
    assert ssh.check(signature, b"other", blob) == "it was made over something else"


# Who may sign.


def policy(folder: Path, roles: Any, **more: Any) -> Path:
    path = folder / "sign-off-policy.json"
    path.write_text(json.dumps({"format": 1, "roles": roles, **more}), encoding="utf-8")
    return path


def test_a_person_with_two_keys_counts_once(
    keys: dict[str, Path], signing: dict[str, SigningKey], tmp_path: Path
) -> None:
    people = [("Ann Lee", "ann"), ("Ann  Lee", "ssh"), ("Bob Ray", "bob")]
    signers = [
        {"name": name, "organisation": "Acorn", "key": keys[key].with_name(f"{keys[key].name}.pub").read_text()}
        for name, key in people
    ]
    rule = read_policy(policy(tmp_path, {"partner": {"needed": 2, "signers": signers}}), ROLES).rules["partner"]
    both = [signing["ann"].public.keyid, signing["ssh"].public.keyid]
    assert rule.needed == 2
    assert rule.people(both) == ("Ann Lee",)
    assert rule.people([*both, signing["bob"].public.keyid]) == ("Ann Lee", "Bob Ray")
    assert rule.people([signing["rsa"].public.keyid]) == ()


@pytest.mark.parametrize(
    ("roles", "more", "places"),
    [
        ({"partner": {"needed": 2, "signers": ["ann"]}}, {}, ["/roles/partner/needed"]),
        ({"partner": {"needed": 0, "signers": ["ann"]}}, {}, ["/roles/partner/needed"]),
        ({"partner": {"needed": 1, "signers": []}}, {}, ["/roles/partner/signers"]),
        ({"partner": {"signers": ["ann", "ann"]}}, {}, ["/roles/partner/signers/1/key"]),
        ({"partner": {"signers": [{"name": "Ann", "organisation": "", "key": "x"}]}}, {}, ["/roles/partner/signers/0/organisation"]),
        ({"partner": {"signers": [{"name": "Ann", "organisation": "A", "key": "ssh-ed25519 zz"}]}}, {}, ["/roles/partner/signers/0/key"]),
        ({"enginering": {"signers": ["ann"]}, "partner": 1}, {"rules": 1}, ["/rules", "/roles/enginering", "/roles/partner"]),
        (None, {}, ["/roles"]),
    ],
)  # fmt: skip
def test_all_that_is_wrong_with_a_policy_is_said_at_once(
    roles: Any, more: Any, places: list[str], keys: dict[str, Path], tmp_path: Path
) -> None:
    ann = {"name": "Ann", "organisation": "A", "key": keys["ann"].with_name("ann.pub").read_text()}
    for rule in (roles or {}).values():
        if isinstance(rule, dict):
            rule["signers"] = [ann if each == "ann" else each for each in rule["signers"]]
    with pytest.raises(CannotStart) as caught:
        read_policy(policy(tmp_path, roles, **more), ROLES)
    assert [problem.where.rpartition(" ")[2] for problem in caught.value.problems] == places
    assert all(problem.remedy for problem in caught.value.problems)


@pytest.mark.parametrize("content", [None, b"", b"[]", b"{", b"\xff", b'{"format": 1, "format": 1}', b"x" * 600_000])
def test_a_policy_that_is_none(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "sign-off-policy.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CannotStart, match=r"sign-off-policy\.json"):
        read_policy(path, ROLES)


def test_statements_that_are_none() -> None:
    for text in (b"", b"[]", b"\xff", b"{}", PAYLOAD + b"x"):
        with pytest.raises(BadEvidence, match="no statement"):
            read_statement(text)
