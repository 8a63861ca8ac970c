"""What a forger does: edit the evidence, and, in the strong form, make everything else fit again."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from certification.evidence.folder import ReportFolder
from certification.evidence.redaction import Redactor
from certification.foundation.errors import BadEvidence
from certification.report.build import build_report
from certification.report.html import page
from certification.report.publish import publish
from certification.review.bundle import member_names, write_bundle
from certification.review.manifest import incompleteness, manifest_of
from certification.review.verify import Result, Verification

Record = dict[str, Any]
MAIN = "main.jsonl"


def records(folder: Path, name: str = MAIN) -> list[Record]:
    """The records of an evidence file, without their chain."""
    found = [json.loads(line) for line in (folder / "evidence" / name).read_text(encoding="utf-8").splitlines()]
    for record in found:
        record.pop("chain")
    return found


def write_records(folder: Path, found: list[Record], name: str = MAIN) -> None:
    """Write records with a line chain that is right, since nobody needs a key for it."""
    previous, lines = "", []
    for record in found:
        text = json.dumps(record, ensure_ascii=True, separators=(",", ":"))
        previous = hashlib.sha256(f"{previous}{text}".encode()).hexdigest()
        lines.append(f'{text[:-1]},"chain":"{previous}"}}\n')
    (folder / "evidence" / name).write_text("".join(lines), encoding="utf-8")


def edit_line(folder: Path, change: Callable[[Record], bool | None]) -> None:
    """Change the first record for which ``change`` says so, and leave the chain of all lines as it was."""
    path = folder / "evidence" / MAIN
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        record = json.loads(line)
        if change(record):
            lines[number] = json.dumps(record, separators=(",", ":"))
            break
    else:
        raise LookupError(path)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def forge(folder: Path, change: Callable[[list[Record]], object]) -> None:
    """Change the records, mend the chain, and make every output again with the suite's own means."""
    found = records(folder)
    kept = change(found)
    write_records(folder, kept if isinstance(kept, list) else found)
    # From records that the suite cannot read it makes no outputs; the forger leaves them as they were.
    with suppress(BadEvidence):
        remake(folder)


def remake(folder: Path) -> None:
    """Make the outputs again from whatever the evidence says."""
    report = ReportFolder(folder)
    found = publish(report, Redactor({}))
    report.html.write_text(page(found, folder), encoding="utf-8")


def edit_json(folder: Path, change: Callable[[Record], None], name: str = "report.json") -> None:
    """Change a JSON file of the report folder."""
    path = folder / name
    value = json.loads(path.read_text(encoding="utf-8"))
    change(value)
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def bundled(folder: Path, target: Path, signature: bytes | None = None) -> Path:
    """Bundle the folder as it stands, with a manifest whose digests are right."""
    report = build_report(folder)
    names = member_names(folder)
    manifest = manifest_of(folder, names, report, incompleteness(report))
    buffer = io.BytesIO()
    write_bundle(folder, names, manifest, signature, buffer)
    target.write_bytes(buffer.getvalue())
    return target


def rezipped(bundle: Path, change: Callable[[dict[str, bytes]], None], target: Path) -> Path:
    """Change the members of a bundle and leave its manifest alone."""
    with zipfile.ZipFile(bundle) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    change(members)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def exchanges(found: list[Record], case: str) -> list[Record]:
    """The exchanges of a case."""
    return [record for record in found if record["type"] == "exchange" and record["case"] == case]


def set_body(exchange: Record, body: str) -> None:
    """Give an answer another body, with the digest and size that belong to it."""
    data = body.encode()
    exchange["response"] |= {"body": body, "digest": hashlib.sha256(data).hexdigest(), "size": len(data)}


def broken(outcome: Verification) -> str:
    """What does not hold, a line for each; something must not."""
    assert outcome.result is not Result.HOLDS
    return "\n".join(f"{point.name}: {text}" for point in outcome.points for text in point.broken)


def left_open(outcome: Verification) -> str:
    """What could not be checked, a line for each."""
    return "\n".join(f"{point.name}: {text}" for point in outcome.points for text in point.unverified)
