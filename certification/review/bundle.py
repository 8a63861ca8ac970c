"""The bundle: one zip with everything that a submission needs, the same bytes for the same report folder.

::

    manifest.json        what the bundle says about its run, digest and size of every other file (see manifest.py)
    signature.json       only with --sign: an Ed25519 signature of manifest.json (see signing.py)
    report.html  report.json  junit.xml  summary.md  partner.json
    evidence/*.jsonl

``evidence.har`` is left out: it says the same as the evidence, doubles the size, and ``partner-connect report`` makes it
again.  Opening a bundle trusts nothing in it: names, number, sizes and kinds of its members are bounded and checked before
and while they are unpacked.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from certification.foundation.errors import BadEvidence
from certification.review.manifest import MANIFEST, REMEDY, SIGNATURE

REPORT_FILES = ("report.html", "report.json", "junit.xml", "summary.md", "partner.json")

_EVIDENCE = re.compile(r"evidence/[A-Za-z0-9][A-Za-z0-9_-]{0,39}\.jsonl")
_SMALL = {
    MANIFEST: 1_000_000,
    SIGNATURE: 10_000,
    "partner.json": 1_000_000,
    "report.html": 50_000_000,
    "report.json": 50_000_000,
    "junit.xml": 50_000_000,
    "summary.md": 50_000_000,
}

MAX_FILES = 300
MAX_ARCHIVE = 300_000_000
MAX_FILE = 400_000_000
MAX_TOTAL = 1_000_000_000
MAX_RATIO = 300
"""Evidence shrinks to about a tenth; what shrinks to less than this part is a bomb."""

_RATIO_FROM = 2_000_000
_CHUNK = 1 << 16
_MAX_DIRECTORY = 200_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


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
        problem = name_problem(name) or _kind_problem(folder / name)
        if problem:
            message = f"{folder / name}: {problem}. Bundle the folder as the run left it."
            raise BadEvidence(message)
    return names


def write_bundle(folder: Path, names: list[str], manifest: bytes, signature: bytes | None, target: BinaryIO) -> None:
    """Write the bundle to ``target``: members in a fixed order, with fixed times and rights."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(_member(MANIFEST), manifest)
        if signature is not None:
            archive.writestr(_member(SIGNATURE), signature)
        for name in names:
            with (folder / name).open("rb") as source, archive.open(_member(name), "w") as member:
                while chunk := source.read(_CHUNK):
                    member.write(chunk)


def is_bundle(path: Path) -> bool:
    """Return whether ``path`` is a file that begins like a zip."""
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError:
        return False


def unpack(bundle: Path, folder: Path) -> None:
    """Unpack ``bundle`` into the empty ``folder``; raises :class:`BadEvidence` for anything that is not as it should be."""
    try:
        _check_directory(bundle)
        with zipfile.ZipFile(bundle) as archive:
            members = archive.infolist()
            _check_members(bundle, members)
            total = 0
            for member in members:
                total += _extract(bundle, archive, member, folder, total)
    except FileNotFoundError:
        raise _bad(bundle, "there is no such file", "Give the path of a bundle, or of a report folder.") from None
    except IsADirectoryError:
        raise _bad(bundle, "this is a folder", "Name the bundle inside it.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error) as error:
        raise _bad(
            bundle, f"the zip is damaged ({error})", "It was cut or changed on its way: ask for it again."
        ) from None
    except (NotImplementedError, RuntimeError, ValueError, OverflowError) as error:
        raise _bad(bundle, f"the zip uses something that no bundle does ({error})", REMEDY) from None
    except OSError as error:
        raise _bad(
            bundle, f"it cannot be unpacked ({error.strerror or error})", "Check its rights and the free space."
        ) from None


def name_problem(name: str) -> str:
    """Return why no member of a bundle may be called ``name``; empty when it may."""
    fine = name in {MANIFEST, SIGNATURE, *REPORT_FILES} or _EVIDENCE.fullmatch(name) is not None
    return "" if fine else f"no file of a bundle has the name {name[:60]!r}"


def _check_directory(bundle: Path) -> None:
    """Look at the end of the file before zipfile does: a directory of millions of entries would fill the memory."""
    size = bundle.stat().st_size
    if not bundle.is_file():
        raise _bad(bundle, "this is no regular file", "Give the path of a bundle, or of a report folder.")
    if size == 0:
        raise _bad(bundle, "the file is empty", REMEDY)
    if size > MAX_ARCHIVE:
        raise _bad(bundle, f"the file has {size:,} bytes; a bundle has at most {MAX_ARCHIVE:,}", REMEDY)
    with bundle.open("rb") as file:
        start = file.read(4)
        file.seek(max(0, size - 22))
        end = file.read(22)
        file.seek(max(0, size - 42))
        locator = file.read(4)
    if start[:2] != b"PK":
        raise _bad(bundle, "this is no zip", REMEDY)
    if len(end) != 22 or not end.startswith(b"PK\x05\x06") or locator == b"PK\x06\x07":
        raise _bad(bundle, "the zip does not end as a bundle does: it was cut, or something else made it", REMEDY)
    _, disk, first_disk, here, total, directory_size, _, comment = struct.unpack("<4s4H2LH", end)
    if disk or first_disk or here != total or comment or total > MAX_FILES or directory_size > _MAX_DIRECTORY:
        raise _bad(bundle, f"the zip claims {total} members; a bundle has at most {MAX_FILES} and no extras", REMEDY)


def _check_members(bundle: Path, members: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for member in members:
        problem = name_problem(member.orig_filename)
        if member.orig_filename in seen:
            problem = f"{member.orig_filename} stands in it twice"
        seen.add(member.orig_filename)
        kind = stat.S_IFMT(member.external_attr >> 16)
        if not problem and kind not in {0, stat.S_IFREG}:
            problem = f"{member.filename} is a link or something else than a file"
        if not problem and member.flag_bits & 0x1:
            problem = f"{member.filename} is encrypted"
        if not problem and member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            problem = f"{member.filename} is compressed in a way that no bundle uses"
        if problem:
            raise _bad(bundle, problem, REMEDY)


def _extract(bundle: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, before: int) -> int:
    """Write one member below ``folder`` and return its size, which is counted while it is unpacked, not believed."""
    target = folder / member.filename
    target.parent.mkdir(exist_ok=True)
    bound = min(_SMALL.get(member.filename, MAX_FILE), MAX_TOTAL - before)
    written = 0
    with archive.open(member) as source, target.open("xb") as file:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > bound:
                raise _bad(bundle, f"{member.filename} unpacks to more than {bound:,} bytes", REMEDY)
            if written > _RATIO_FROM and written > MAX_RATIO * max(1, member.compress_size):
                raise _bad(bundle, f"{member.filename} unpacks to more than {MAX_RATIO} times its size", REMEDY)
            file.write(chunk)
    return written


def _kind_problem(path: Path) -> str:
    mode = path.lstat().st_mode
    if not stat.S_ISREG(mode):
        return "this is a link or something else than a file"
    bound = _SMALL.get(path.name, MAX_FILE)
    return f"the file has more than {bound:,} bytes" if path.stat().st_size > bound else ""


def folder_errors(folder: Path) -> list[str]:
    """Return what must not stand in a report folder that is about to be read: links, pipes, huge files."""
    paths = [folder / name for name in REPORT_FILES]
    evidence = folder / "evidence"
    if evidence.is_symlink():
        return [f"{evidence} is a link"]
    if evidence.is_dir():
        paths += sorted(evidence.glob("*.jsonl"))[: MAX_FILES + 1]
    if len(paths) > MAX_FILES:
        return [f"{evidence} holds more than {MAX_FILES} files"]
    errors = []
    for path in paths:
        if path.exists() or path.is_symlink():
            problem = name_problem(path.relative_to(folder).as_posix()) or _kind_problem(path)
            if problem:
                errors.append(f"{path}: {problem}")
    return errors


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.create_system = 3
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _bad(bundle: Path, what: str, remedy: str) -> BadEvidence:
    return BadEvidence(f"{bundle}: {what}. {remedy}")
