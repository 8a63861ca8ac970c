"""The file of the attestations: read strictly, changed by one at a time, and never written over what is damaged."""

from __future__ import annotations

import json
import struct
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pictures import png

from certification.attestations.file import AttestationFile, read_attestations, text_of, with_attestation
from certification.attestations.pictures import MAX_PICTURE_BYTES, BadPicture, keep, kind_of, read_picture
from certification.attestations.records import (
    FORMAT,
    Attestation,
    Call,
    Document,
    Draft,
    Expectation,
    digest_of_exchange,
    result_of,
)
from certification.attestations.standing import applicable, damages, standing, standings
from certification.cases.catalogue import catalogue
from certification.config.partner import PartnerConfig, trial_config
from certification.evidence.exchange import Exchange, Request
from certification.evidence.steps import Act, When
from certification.foundation.errors import CannotStart


def exchange() -> Exchange:
    request = Request("connect", "POST", "http://127.0.0.1:9/connect", (("User-Agent", "databricks"),), "{}")
    return Exchange("M100", "t1", 1, Act.FIRST_CONNECT, When.PLAIN, request, None)


def attestation(**fields: Any) -> Attestation:
    call = Call("connect", digest_of_exchange(exchange()), exchange())
    plain = Attestation(
        "A1", "M100", "partner", "passed", "", "Ann Lee", "Acorn", "QA", "2027-01-10T10:00:00Z", "w", "Firefox",
        "fine", (Expectation("It works.", "seen"),), (), (call,), "c" * 64, "2.0.0",
    )  # fmt: skip
    return replace(plain, **fields)


@pytest.fixture
def kept(tmp_path: Path) -> AttestationFile:
    return AttestationFile(tmp_path / "attestations.json", "Acorn BI")


def test_what_is_written_is_read_again_and_comments_survive(kept: AttestationFile) -> None:
    assert kept.read() == Document(FORMAT, "Acorn BI")
    assert not kept.path.exists()
    kept.change(lambda before: with_attestation(before.with_draft(Draft("M100", "partner")), attestation()))
    value = json.loads(kept.path.read_text(encoding="utf-8"))
    assert value["drafts"] == []
    kept.path.write_text(json.dumps({"$comment": "ours", **value}), encoding="utf-8")
    kept.change(lambda before: with_attestation(before, attestation(result="failed")))
    assert json.loads(kept.path.read_text(encoding="utf-8"))["$comment"] == "ours"
    document = read_attestations(kept.path)
    assert [each.id for each in document.attestations] == ["A1", "A2"]
    newest = document.newest("M100", "partner")
    assert newest is not None
    assert newest.result == "failed"
    assert document.newest("M100", "databricks") is None


def test_nobody_writes_over_anybody(kept: AttestationFile) -> None:
    def add(name: str) -> None:
        for _ in range(5):
            other = AttestationFile(kept.path, "Acorn BI")
            other.change(lambda before: with_attestation(before, attestation(by=name)))

    threads = [threading.Thread(target=add, args=(f"person {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = kept.read().attestations
    assert sorted({each.id for each in written}) == sorted(f"A{number}" for number in range(1, 21))
    assert {each.by for each in written} == {f"person {number}" for number in range(4)}


WHOLE = json.loads(text_of(Document(FORMAT, "Acorn BI", (attestation(),))))


def changed(pointer: str, value: Any) -> bytes:
    copy = json.loads(json.dumps(WHOLE))
    *parents, name = pointer.split("/")
    target = copy
    for parent in parents:
        target = target[int(parent) if parent.isdecimal() else parent]
    target[name] = value
    return json.dumps(copy).encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"format": 1, ', "the file is damaged"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[]", "should hold an object"),
        (b'{"format":1,"format":1,"partner":"Acorn BI","attestations":[]}', "stands twice"),
        (b"[" * 100_000, "damaged"),
        (changed("format", 2), "/format: is 2; this version of the suite reads format 1"),
        (changed("partner", "Other"), "these are the attestations of 'Other'"),
        (changed("extra", 1), "'extra'"),
        (changed("attestations/0/result", "fine"), "/attestations/0/result: should be one of"),
        (changed("attestations/0/case", "P100"), "/attestations/0/case: should be the id of a manual case"),
        (changed("attestations/0/on", "yesterday"), "/attestations/0/on: should be a moment"),
        (changed("attestations/0/pictures", [{"file": "../x.png", "sha256": "0" * 64, "size": 1}]), "a picture in"),
        (changed("attestations/0/expectations", [{"text": "x", "seen": "", "reason": ""}]), "has no answer"),
        (changed("attestations", [*WHOLE["attestations"], *WHOLE["attestations"]]), "stands twice: 'A1'"),
        (changed("people", {"guest": {"by": "", "organisation": "", "role": ""}}), "'guest', which is no round"),
    ],
)
def test_a_damaged_file_is_named_and_left_alone(kept: AttestationFile, data: bytes, words: str) -> None:
    kept.path.write_bytes(data)
    with pytest.raises(CannotStart) as stopped:
        kept.change(lambda before: with_attestation(before, attestation()))
    assert words in str(stopped.value)
    assert str(kept.path) in str(stopped.value)
    assert kept.path.read_bytes() == data


def test_a_change_that_fails_leaves_the_file_as_it_was(kept: AttestationFile) -> None:
    kept.change(lambda before: with_attestation(before, attestation()))
    before = kept.path.read_bytes()

    def fails(_document: Document) -> Document:
        raise KeyError

    with pytest.raises(KeyError):
        kept.change(fails)
    assert kept.path.read_bytes() == before


def test_the_result_follows_from_the_answers() -> None:
    def of(*seen: str) -> str:
        return result_of(tuple(Expectation("x", each) for each in seen))

    assert of("seen", "seen") == "passed"
    assert of("seen", "not_applicable") == "passed"
    assert of("not_applicable", "not_applicable") == "not_applicable"
    assert of("seen", "not_seen", "") == "failed"
    assert of("seen", "") == ""
    assert of() == ""


def test_where_a_case_stands() -> None:
    config = trial_config("http://127.0.0.1:9")
    case = catalogue()["M100"]

    def state(document: Document, round_: str = "partner") -> tuple[str, tuple[str, ...]]:
        found = standing(document, case, config, "2.0.0", round_)
        return found.state, found.stale

    empty = Document(FORMAT, "x")
    assert state(empty) == ("missing", ())
    good = with_attestation(empty, attestation(config=config.digest))
    assert state(good) == ("passed", ())
    assert state(good, "databricks") == ("missing", ())
    assert state(good.with_draft(Draft("M100", "partner"))) == ("begun", ())
    assert state(with_attestation(empty, attestation())) == ("stale", ("config",))
    assert state(with_attestation(good, attestation(config=config.digest, suite="1.9"))) == ("stale", ("suite",))


def test_which_cases_apply_follows_from_the_config() -> None:
    raw = trial_config("http://127.0.0.1:9").raw
    few = PartnerConfig({**raw, "endpoints": {"connect_path": "/connect"}, "supports_demo": False})
    everything = PartnerConfig(
        {
            **raw,
            "endpoints": {
                "connect_path": "/connect",
                "delete_connection_path": "/delete",
                "expire_account_path": "/expire",
            },
            "supports_demo": True,
            "trial_type": "user",
        }
    )
    names = [case.id for case in applicable(few)[0]]
    assert names == ["M100", "M101", "M200", "M201", "M300", "M301", "M302", "M400", "M600"]
    assert {case.id: reason.code for case, reason in applicable(few)[1]}["M700"] == "no-demo"
    those, others = applicable(everything)
    assert len(those) == 15
    assert others == []
    assert [case.id for case in those if case.optional] == ["M500", "M501", "M502"]
    assert len(standings(Document(FORMAT, "x"), everything, "2.0.0", "partner")) == 15


JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b080010002001011100ffda0008010100003f00d2cf20ffd9")
WEBP = b"RIFF" + struct.pack("<I", 26) + b"WEBPVP8L" + struct.pack("<I", 13) + b"\x2f\x0f\xc0\x07\x00" + b"\0" * 9


def test_pictures_are_told_by_their_content() -> None:
    assert (kind_of(png(3, 2)).ending, kind_of(png(3, 2)).width) == ("png", 3)
    assert (kind_of(JPEG).ending, kind_of(JPEG).width, kind_of(JPEG).height) == ("jpg", 32, 16)
    assert (kind_of(WEBP).ending, kind_of(WEBP).width, kind_of(WEBP).height) == ("webp", 16, 32)
    assert kind_of(png()).media_type == "image/png"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\0" * 20,
        png()[:-4],
        png() + b"<script>alert(1)</script>",
        png().replace(b"IDAT", b"IDAX"),
        png(1, 1)[:16] + struct.pack(">II", 70_000, 70_000) + png(1, 1)[24:],
        b"\x89PNG\r\n\x1a\n" + b"\0" * (MAX_PICTURE_BYTES + 1),
        JPEG[:-2],
        JPEG[:10],
        WEBP[:-3],
    ],
)
def test_what_is_no_whole_picture_is_not_kept(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadPicture, match=r"^[A-Z].*\.$"):
        keep(data, tmp_path, "M100")
    assert list(tmp_path.rglob("*.*")) == []


def test_pictures_and_calls_are_held_to_their_digests(tmp_path: Path) -> None:
    picture = keep(png(), tmp_path, "M100")
    assert picture == keep(png(), tmp_path, "M100")
    assert read_picture(picture, tmp_path)[0] == png()
    document = with_attestation(Document(FORMAT, "x"), attestation(pictures=(picture,)))
    assert list(damages(document, tmp_path)) == []
    other = replace(exchange(), number=2)
    call = Call("connect", digest_of_exchange(exchange()), other)
    (tmp_path / picture.file).write_bytes(png(3, 3))
    found = list(damages(with_attestation(document, attestation(calls=(call,))), tmp_path))
    assert [(each.code, each.facts["attestation"]) for each in found] == [("picture", "A1"), ("call", "A2")]
    (tmp_path / picture.file).unlink()
    (tmp_path / picture.file).symlink_to("/etc/passwd")
    assert [each.facts["text"] for each in damages(document, tmp_path)] == ["The picture is a link."]
    (tmp_path / picture.file).unlink()
    assert [each.facts["text"] for each in damages(document, tmp_path)] == ["The picture is missing."]
    again = with_attestation(Document(FORMAT, "x"), attestation(pictures=(picture,) * 1_000))
    assert len(list(damages(again, tmp_path))) == 1, "a picture is looked at once, however often it is named"
