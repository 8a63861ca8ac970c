"""The bundle: one zip with everything that a certificate consists of, the same bytes for the same report folder.

::

    manifest.json        what the bundle says about its run, digest and size of every other file (see manifest.py)
    signature.json       only with --sign: an Ed25519 signature of manifest.json (see signing.py)
    report.html  report.json  junit.xml  summary.md  partner.json
    evidence/*.jsonl

``evidence.har`` is left out: it says the same as the evidence, doubles the size, and ``partner-connect report`` makes it
again.  How it is opened without trusting it stands in :mod:`certification.review.archive`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

from certification.foundation.errors import BadEvidence
from certification.review.archive import Form, Member, is_zip, unpack_zip, write_zip
from certification.review.manifest import MANIFEST, REMEDY, SIGNATURE

REPORT_FILES = ("report.html", "report.json", "junit.xml", "summary.md", "partner.json")

_EVIDENCE = re.compile(r"evidence/[A-Za-z0-9][A-Za-z0-9_-]{0,39}\.jsonl")


def _fits(name: str) -> bool:
    return name in {MANIFEST, SIGNATURE, *REPORT_FILES} or _EVIDENCE.fullmatch(name) is not None


BUNDLE = Form(
    "bundle",
    REMEDY,
    _fits,
    {
        MANIFEST: 1_000_000,
        SIGNATURE: 100_000,
        "partner.json": 1_000_000,
        "report.html": 50_000_000,
        "report.json": 50_000_000,
        "junit.xml": 50_000_000,
        "summary.md": 50_000_000,
    },
)
"""What a bundle may hold."""

is_bundle = is_zip


def member_names(folder: Path) -> list[str]:
    """Return the names of the files of the report ``folder`` that belong into a bundle; raises BadEvidence."""
    missing = [name for name in REPORT_FILES if not (folder / name).is_file()]
    evidence = sorted(path.name for path in (folder / "evidence").glob("*.jsonl"))
    if not evidence:
        message = f"{folder}: there is no evidence of a run in this folder (expected evidence/main.jsonl). Name the folder that --certification-report named."
        raise BadEvidence(message)
    if missing:
        message = f"{folder}: {', '.join(missing)} is missing; the run was stopped before it wrote its report. Make it from the evidence: partner-connect report {folder}"
        raise BadEvidence(message)
    names = [*REPORT_FILES, *(f"evidence/{name}" for name in evidence)]
    for name in names:
        problem = BUNDLE.name_problem(name) or BUNDLE.file_problem(folder / name)
        if problem:
            message = f"{folder / name}: {problem}. Bundle the folder as the run left it."
            raise BadEvidence(message)
    return names


def write_bundle(folder: Path, names: list[str], manifest: bytes, signature: bytes | None, target: BinaryIO) -> None:
    """Write the bundle to ``target``: members in a fixed order, with fixed times and rights."""
    signed: list[Member] = [] if signature is None else [(SIGNATURE, signature)]
    write_zip(target, [(MANIFEST, manifest), *signed, *((name, folder / name) for name in names)])


def unpack(bundle: Path, folder: Path) -> None:
    """Unpack ``bundle`` into the empty ``folder``; raises :class:`BadEvidence` for anything that is not as it should be."""
    unpack_zip(bundle, folder, BUNDLE)


def folder_errors(folder: Path) -> list[str]:
    """Return what must not stand in a report folder that is about to be read: links, pipes, huge files."""
    paths = [folder / name for name in REPORT_FILES]
    evidence = folder / "evidence"
    if evidence.is_symlink():
        return [f"{evidence} is a link"]
    if evidence.is_dir():
        paths += sorted(evidence.glob("*.jsonl"))[: BUNDLE.files + 1]
    if len(paths) > BUNDLE.files:
        return [f"{evidence} holds more than {BUNDLE.files} files"]
    errors = []
    for path in paths:
        if path.exists() or path.is_symlink():
            problem = BUNDLE.name_problem(path.relative_to(folder).as_posix()) or BUNDLE.file_problem(path)
            if problem:
                errors.append(f"{path}: {problem}")
    return errors
