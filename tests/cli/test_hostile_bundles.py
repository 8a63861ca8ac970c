"""Bundles that a stranger made to do harm: each ends in a sentence, costs little, and leaves nothing behind."""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from commands import Command
from forging import MAIN, bundled, records, remake, write_records

from certification.foundation.errors import BadEvidence
from certification.review.bundle import unpack
from certification.review.verify import verify


def zipped(target: Path, members: list[tuple[zipfile.ZipInfo | str, bytes]]) -> Path:
    import warnings

    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # a name that stands twice is meant
        for name, content in members:
            archive.writestr(name, content)
    return target


def link(name: str, to: str) -> tuple[zipfile.ZipInfo, bytes]:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, to.encode()


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/evil",
        "/etc/passwd",
        "evidence/../../evil.jsonl",
        "..\\evil.jsonl",
        "C:\\evil.jsonl",
        "evidence/a/b.jsonl",
        "evidence/.jsonl",
        "evidence/",
        "report.html\x00.jsonl",
        "REPORT.HTML",
        "evidence/mäin.jsonl",
        "conftest.py",
        "",
    ],
)
def test_names_that_lead_elsewhere_are_refused(name: str, tmp_path: Path) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = name
    bundle = zipped(tmp_path / "it.zip", [(info, b"x")])
    target = tmp_path / "out"
    target.mkdir()
    with pytest.raises(BadEvidence, match=r"no file of a bundle has the name|the zip"):
        unpack(bundle, target)
    assert list(target.rglob("*")) == []


def test_links_are_refused(tmp_path: Path) -> None:
    outcome = verify(zipped(tmp_path / "it.zip", [link("report.html", "/etc/passwd")]))
    assert "report.html is a link or something else than a file" in outcome.points[0].broken[0]


def test_doubles_are_refused(tmp_path: Path) -> None:
    outcome = verify(zipped(tmp_path / "it.zip", [("report.json", b"{}"), ("report.json", b"{}")]))
    assert "report.json stands in it twice" in outcome.points[0].broken[0]


def test_bomb_is_stopped_while_it_unpacks(tmp_path: Path) -> None:
    bundle = zipped(tmp_path / "it.zip", [("evidence/main.jsonl", bytes(200_000_000))])
    target = tmp_path / "out"
    target.mkdir()
    with pytest.raises(BadEvidence, match="unpacks to more than 300 times its size"):
        unpack(bundle, target)
    assert (target / "evidence" / "main.jsonl").stat().st_size < 100_000_000


def test_size_is_counted_not_believed(tmp_path: Path) -> None:
    content = os.urandom(1_200_000)
    bundle = zipped(tmp_path / "it.zip", [("partner.json", content)])
    data = bytearray(bundle.read_bytes())
    # Both headers claim one byte.
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(signature) + offset
        data[place : place + 4] = struct.pack("<L", 1)
    bundle.write_bytes(data)
    target = tmp_path / "out"
    target.mkdir()
    with pytest.raises(BadEvidence):
        unpack(bundle, target)


def test_endless_directory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    bundle = zipped(tmp_path / "it.zip", [("report.json", b"{}")])
    data = bytearray(bundle.read_bytes())
    data[-14:-10] = struct.pack("<2H", 60_000, 60_000)
    bundle.write_bytes(data)
    with pytest.raises(BadEvidence, match="the zip claims 60000 members"):
        unpack(bundle, tmp_path)


def test_many_members_are_refused(tmp_path: Path) -> None:
    members: list[tuple[zipfile.ZipInfo | str, bytes]] = [(f"evidence/gw{n}.jsonl", b"") for n in range(301)]
    with pytest.raises(BadEvidence, match="the zip claims 301 members"):
        unpack(zipped(tmp_path / "it.zip", members), tmp_path)


def test_encrypted_member_is_refused(tmp_path: Path) -> None:
    bundle = zipped(tmp_path / "it.zip", [("report.json", b"{}")])
    data = bytearray(bundle.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    bundle.write_bytes(data)
    with pytest.raises(BadEvidence, match="is encrypted"):
        unpack(bundle, tmp_path)


@pytest.mark.parametrize("cut", [1, 10, 30, 1000])
def test_truncated_bundle(cut: int, small: Path, tmp_path: Path, command: Command) -> None:
    bundle = bundled(small, tmp_path / "it.zip")
    bundle.write_bytes(bundle.read_bytes()[:-cut])
    said = command("verify", bundle)
    assert said.status == 1
    assert "it was cut" in said.out


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_flipped_byte(place: float, small: Path, tmp_path: Path) -> None:
    bundle = bundled(small, tmp_path / "it.zip")
    data = bytearray(bundle.read_bytes())
    data[int(len(data) * place)] ^= 0x55
    bundle.write_bytes(data)
    assert not verify(bundle).holds


# Evidence with a chain that is right and content that is not

DEEP = "[" * 50_000 + "]" * 50_000

LINES = {
    "deep": f'{{"type":"exchange","case":{DEEP}}}',
    "deep but closed": '{"type":"selected","cases":[' + "[" * 200 + "]" * 200 + "]}",
    "giant integer": '{"type":"plan","case":"P100","examples":' + "9" * 200_000 + "}",
    "big integer": '{"type":"plan","case":"P100","examples":' + "9" * 4_000 + "}",
    "NaN": '{"type":"case","case":"P100","verdict":"passed","reason":"","seconds":NaN}',
    "infinite": '{"type":"case","case":"P100","verdict":"passed","reason":"","seconds":1e999}',
    "surrogates": '{"type":"case","case":"\\ud800","verdict":"passed","reason":"\\udfff","seconds":1}',
    "no object": '["type"]',
    "no type": "{}",
    "type of another type": '{"type":7}',
    "unknown type": '{"type":"gift"}',
    "negative": '{"type":"plan","case":"P100","examples":-1}',
    "boolean as number": '{"type":"plan","case":"P100","examples":true}',
    "null": '{"type":"selected","cases":null}',
    "objects as texts": '{"type":"selected","cases":[{"a":1}]}',
    "script as text": '{"type":"problem","where":"<script>","what":"\\u001b[2J","remedy":""}',
    "second run": '{"type":"run"}',
    "judgement of nothing": '{"type":"judgement","case":"P100","execution":"1","purpose":"example","of":"","shape":{},"held":{},"observations":[],"end":{"kind":"done","code":"","facts":{}},"fired":[],"exchanges":0}',
    "observation of nothing": '{"type":"judgement","case":"P100","execution":"1","purpose":"example","of":"","shape":{},"held":{},"observations":[{"requirement":"x"}],"end":{"kind":"done","code":"","facts":{}},"fired":[],"exchanges":0}',
    "exchange of nothing": '{"type":"exchange"}',
    "worker": '{"type":"worker","name":"gw0"}',
    "key twice": '{"type":"plan","case":"P100","examples":1,"examples":2}',
    "key twice inside": '{"type":"case","case":"P100","verdict":"passed","reason":"","facts":{"a":1,"a":2},"seconds":1}',
}


def with_line(folder: Path, text: str) -> None:
    """Put a line into the middle of the evidence, with a chain that is right."""
    import hashlib

    path = folder / "evidence" / MAIN
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for record in lines:
        record.pop("chain")
    texts = [json.dumps(record, ensure_ascii=True, separators=(",", ":")) for record in lines]
    texts.insert(len(texts) // 2, text)
    previous, out = "", []
    for each in texts:
        previous = hashlib.sha256(f"{previous}{each}".encode()).hexdigest()
        out.append(f'{each[:-1]}{"," if each != "{}" else ""}"chain":"{previous}"}}\n')
    path.write_text("".join(out), encoding="utf-8")


@pytest.mark.parametrize("name", LINES)
def test_hostile_line(name: str, small: Path, command: Command) -> None:
    with_line(small, LINES[name])
    said = command("verify", small)
    assert said.status == 1, said.text
    assert said.out.startswith("DOES NOT HOLD: ")
    assert "\x1b" not in said.out
    assert "brought the verification down" not in said.out


WRONG = [None, True, -1, 10**30, 1.5, "text", [], {}, [[]], {"a": {"b": []}}, "\ud800", "x" * 300_000, "<script>"]


@pytest.mark.parametrize("kind", ["run", "selected", "plan", "execution", "exchange", "judgement", "case", "end"])
def test_values_of_wrong_types_anywhere(kind: str, small: Path) -> None:
    """Each field of each kind of record in turn holds something else; every one ends in a sentence or is harmless."""
    good = records(small)
    place = next(number for number, record in enumerate(good) if record["type"] == kind)
    fields = [name for name in good[place] if name != "type"]
    assert fields
    for number, name in enumerate(fields):
        for wrong in WRONG[number % 3 :: 3]:
            if good[place][name] == wrong:
                continue
            forged = [*good[:place], {**good[place], name: wrong}, *good[place + 1 :]]
            write_records(small, forged)
            outcome = verify(small)
            assert not outcome.holds, (kind, name, wrong)


@pytest.mark.parametrize("part", ["request", "response"])
def test_values_of_wrong_types_inside_an_exchange(part: str, small: Path) -> None:
    good = records(small)
    place = next(n for n, r in enumerate(good) if r["type"] == "exchange" and r["case"] == "P100")
    for number, name in enumerate(good[place][part]):
        for wrong in WRONG[number % 2 :: 2]:
            inner = {**good[place][part], name: wrong}
            if inner == good[place][part]:
                continue
            write_records(small, [*good[:place], {**good[place], part: inner}, *good[place + 1 :]])
            outcome = verify(small)
            assert not outcome.holds, (part, name, wrong)


def test_hostile_answer_that_is_consistent_leads_to_findings_not_to_harm(small: Path) -> None:
    """An answer that would run a script, steer the terminal or stop a regular expression."""
    from forging import exchanges, set_body

    found = records(small)
    bodies = [
        "<script>alert(1)</script>",
        "at " * 10_000,
        "[" * 30_000,
        '{"connection_id": "' + "\\ud800" * 3000 + '"}',
        "\u0000",
    ]
    for body, case in zip(bodies, ["P100", "P300", "P302", "P402", "P800"], strict=True):
        set_body(exchanges(found, case)[0], body)
    write_records(small, found)
    remake(small)
    outcome = verify(small)
    assert not outcome.holds


def test_config_that_cannot_be(small: Path, command: Command) -> None:
    found = records(small)
    found[0]["config"]["api_version"] = "1." + "9" * 5000 + ".0"
    write_records(small, found)
    said = command("verify", small)
    assert said.status == 1
    assert "config" in said.out


def test_folder_with_links_or_pipes(small: Path, command: Command, tmp_path: Path) -> None:
    (small / "summary.md").unlink()
    (small / "summary.md").symlink_to("/etc/passwd")
    said = command("verify", small)
    assert said.status == 1
    assert "this is a link or something else than a file" in said.out
    (small / "summary.md").unlink()
    os.mkfifo(small / "summary.md")
    assert command("verify", small).status == 1


def test_time_limit(good: Path, program: Command) -> None:
    said = program("verify", good, "--time-limit", "0")
    assert said.status == 1
    assert "looking at it took more than 0 s (--time-limit)" in said.out


def test_nothing_is_left_behind(small: Path, tmp_path: Path, program: Command) -> None:
    bundle = bundled(small, tmp_path / "it.zip")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    assert program("verify", bundle, env={"TMPDIR": str(scratch)}).status == 0
    assert list(scratch.iterdir()) == []


def test_zip_of_something_else(tmp_path: Path, command: Command) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    (tmp_path / "letter.docx").write_bytes(buffer.getvalue())
    said = command("verify", "letter.docx")
    assert said.status == 1
    assert "no file of a bundle has the name 'word/document.xml'" in said.out
