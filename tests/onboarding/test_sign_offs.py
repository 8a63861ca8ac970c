"""Sign-offs that are not deserved: forged, replayed, edited, under another spelling, with odd keys."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from certification.contract.lifecycle import ROLES, Subject
from certification.foundation.errors import CannotStart
from certification.onboarding.sign_off import (
    Decision,
    after_all,
    broken_beside,
    keep,
    new_sign_off,
    policy_in,
    sign_offs_in,
    standing,
)
from certification.onboarding.words import reason_words
from certification.signatures.keys import SigningKey, make_keys, public_key, read_signing_key
from certification.signatures.policy import Policy, read_policy

TODAY = date(2027, 1, 20)
DIGESTS = dict.fromkeys(Subject, "0" * 64)
LATER = "2027-01-13T09:00:00Z"


@pytest.fixture(scope="module")
def ann(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return made(tmp_path_factory.mktemp("ann"))


@pytest.fixture(scope="module")
def bob(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return made(tmp_path_factory.mktemp("bob"))


def made(folder: Path) -> SigningKey:
    make_keys(folder / "key", folder / "key.pub")
    return read_signing_key(folder / "key")


def said(key: SigningKey | None = None, **changes: Any) -> bytes:
    """A sign-off of Ann for the partner, with changes; of a refusal it names the reason."""
    given = {
        "role": "partner", "decision": "given", "by": "Ann Lee", "organisation": "Acorn", "on": "2027-01-12T09:00:00Z",
        "words": "", "reason": "", "partner": "Acorn BI", "run": "r", "verdict": "conformant", "suite": "2.0.0",
    } | changes  # fmt: skip
    given["reason"] = "" if given["decision"] == "given" else "the logo is cut off"
    return new_sign_off(Decision(**given), DIGESTS, [key] if key else [])


def ruled(folder: Path, *people: tuple[str, SigningKey], needed: int = 1) -> Policy:
    signers = [{"name": name, "organisation": "Acorn", "key": key.public.text} for name, key in people]
    path = folder / "policy.json"
    path.write_text(json.dumps({"format": 1, "roles": {"partner": {"needed": needed, "signers": signers}}}))
    return read_policy(path, tuple(ROLES))


def stands(folder: Path, policy: Policy | None, *envelopes: bytes) -> tuple[str, list[str]]:
    """State of the partner's sign-off, and everything that is said about it and beside it."""
    place = folder / "sign-offs"
    for envelope in envelopes:
        keep(place, "partner", TODAY, envelope)
    found, odd = sign_offs_in(place, policy, "Acorn BI", TODAY)
    state = standing(ROLES["partner"], found, policy, DIGESTS)
    reasons = [*state.reasons, *odd, *broken_beside(found, [state])]
    return state.state, [reason_words(reason) for reason in reasons]


def test_what_somebody_signed_is_not_taken_back_for_them(ann: SigningKey, bob: SigningKey, tmp_path: Path) -> None:
    policy = ruled(tmp_path, ("Ann Lee", ann), ("Bob Ray", bob))
    refused, of_bob = said(ann, decision="refused"), said(bob, by="Bob Ray")
    assert stands(tmp_path, policy, refused, of_bob) == ("refused", ["Ann Lee refused: the logo is cut off"])
    assert stands(tmp_path, policy, said(on=LATER))[0] == "refused", "anybody could have written that"
    assert stands(tmp_path, policy, said(bob, on=LATER))[0] == "refused", "Bob does not decide for Ann"
    assert stands(tmp_path, policy, said(ann, on="2027-01-14T09:00:00Z"))[0] == "given"


def test_without_a_policy_the_same_key_takes_back_what_it_signed(
    ann: SigningKey, bob: SigningKey, tmp_path: Path
) -> None:
    assert stands(tmp_path, None, said(ann, decision="refused"), said(on=LATER))[0] == "refused"
    assert stands(tmp_path, None, said(bob, on=LATER))[0] == "refused"
    assert stands(tmp_path, None, said(ann, on=LATER))[0] == "given"
    unsigned = tmp_path / "unsigned"
    assert stands(unsigned, None, said(decision="refused"), said(on=LATER))[0] == "given"


def test_an_edited_refusal_does_not_go_unnoticed(ann: SigningKey, bob: SigningKey, tmp_path: Path) -> None:
    policy = ruled(tmp_path, ("Ann Lee", ann), ("Bob Ray", bob))
    refused = json.loads(said(ann, decision="refused"))
    refused["signatures"][0]["sig"] = "AAAA"
    _, texts = stands(tmp_path, policy, json.dumps(refused).encode(), said(bob, by="Bob Ray"))
    assert len(texts) == 1
    assert texts[0].startswith("partner-2027-01-20-1.json does not count: the signature of ")


def test_two_spellings_are_no_two_people(ann: SigningKey, bob: SigningKey, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="asks for 2 people, and 1 may sign"):
        ruled(tmp_path, ("Ann Lee", ann), ("\u0410nn  LEE", bob), needed=2)
    policy = ruled(tmp_path, ("Ann Lee", ann), ("Lee, Ann", bob), ("Kim Roe", made(tmp_path)), needed=2)
    assert stands(tmp_path, policy, said(ann), said(bob, by="Lee, Ann")) == ("too-few", ["1 of 2 people signed"])


@pytest.mark.parametrize(
    ("given", "taken_back"),
    [("2027-01-12T09:00:00Z", "2027-01-12T01:30:00-08:00"), ("2027-01-12T09:00:00Z", "2027-01-12T09:00:00Z")],
)
def test_moments_count_and_not_how_they_are_written(
    given: str, taken_back: str, ann: SigningKey, tmp_path: Path
) -> None:
    withdrawn = said(ann, decision="withdrawn", on=taken_back)
    assert stands(tmp_path, None, withdrawn, said(ann, on=given))[0] == "withdrawn"


def test_what_is_said_last_counts_although_clocks_differ(ann: SigningKey, tmp_path: Path) -> None:
    keep(tmp_path, "partner", TODAY, said(ann, on="2027-01-21T09:00:00Z"))
    found, _ = sign_offs_in(tmp_path, None, "Acorn BI", TODAY)
    now = datetime(2027, 1, 20, 12, tzinfo=UTC)
    assert after_all(found, now) == datetime(2027, 1, 21, 9, 0, 1, tzinfo=UTC)
    assert after_all([], now) == now


@pytest.mark.parametrize("name", ["", "  ", "Ann\u202eLee", "Ann\x7f", "A" * 201, "Ann\nLee", "\ud800"])
def test_nobody_signs_under_a_name_that_cannot_be_read(name: str) -> None:
    with pytest.raises(CannotStart, match=r"field /?by"):
        said(by=name)


def packed(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


@pytest.mark.parametrize(
    "blob",
    [
        packed(b"ssh-foo"),
        packed(b"ssh-dss") + packed(b"\3") * 4,
        packed(b"ecdsa-sha2-nistp999") + packed(b"nistp999") + packed(b"\4" + b"\1" * 64),
        packed(b"ecdsa-sha2-nistp256") + packed(b"nistp256") + packed(b"\2" + b"\1" * 32),
        packed(b"ssh-ed25519"),
    ],
)
def test_odd_keys_are_no_keys(blob: bytes, ann: SigningKey, tmp_path: Path) -> None:
    kind = blob[4 : 4 + struct.unpack(">I", blob[:4])[0]]
    line = f"{kind.decode()} {base64.b64encode(blob).decode()}"
    inner = packed(kind) + packed(b"y" * 64)
    parts = (blob, b"partner-connect", b"", b"sha512", inner)
    signature = b"SSHSIG" + struct.pack(">I", 1) + b"".join(map(packed, parts))
    envelope = json.loads(said(ann))
    envelope["signatures"] = [
        {"keyid": public_key(line).keyid, "sig": base64.b64encode(signature).decode(), "public_key": line}
    ]
    state, texts = stands(tmp_path, None, json.dumps(envelope).encode())
    assert state == "invalid"
    assert "it is no SSH signature" in texts[0]


def test_a_disk_that_is_full_leaves_no_half_sign_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CannotStart, match="No space left on device"):
        keep(tmp_path, "partner", TODAY, said())
    assert list(tmp_path.iterdir()) == []


def linked(path: Path) -> None:
    path.symlink_to("/etc/hostname")


@pytest.mark.parametrize("put", [Path.mkdir, linked, Path.touch])
def test_nothing_is_written_over_what_is_there(put: Callable[[Path], Any], tmp_path: Path) -> None:
    put(tmp_path / "partner-2027-01-20-1.json")
    assert keep(tmp_path, "partner", TODAY, said()).name == "partner-2027-01-20-2.json"


def test_a_policy_or_a_folder_that_leads_nowhere_is_not_taken_for_none(tmp_path: Path) -> None:
    policy = tmp_path / "sign-off-policy.json"
    assert policy_in(policy) is None
    policy.symlink_to(tmp_path / "nowhere")
    with pytest.raises(CannotStart, match="cannot be read"):
        policy_in(policy)
    (tmp_path / "sign-offs").write_text("x", encoding="utf-8")
    assert sign_offs_in(tmp_path / "none", None, "Acorn BI", TODAY) == ([], [])
    assert stands(tmp_path, None)[1] == ["sign-offs: the folder cannot be read (Not a directory)"]
