"""A zip that a stranger may have made: written the same each time, opened without trusting anything in it.

What a zip of one kind may hold is its :class:`Form`: names, number and sizes of its members.  All of it is checked before
and while the members are unpacked: a zip whose directory fills the memory, whose members lead elsewhere, are links, stand
there twice or grow without end is refused with a sentence.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from certification.foundation.errors import BadEvidence
from certification.foundation.safe_text import visible

Member = tuple[str, bytes | Path]
"""Name of a member and its content, or the file that holds it."""

_RATIO_FROM = 2_000_000
_CHUNK = 1 << 16
_MAX_DIRECTORY = 200_000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_COMPRESSED = re.compile(r".+\.(?:zip|png|jpe?g|webp|gif)")
"""What does not shrink further is stored as it is."""


@dataclass(frozen=True)
class Form:
    """What a zip of one kind may hold."""

    noun: str
    """What such a zip is called: ``bundle``."""
    remedy: str
    """What to do about one that is not as it should be."""
    fits: Callable[[str], bool]
    """Whether a member may have a name."""
    bounds: Mapping[str, int] = field(default_factory=dict)
    """Bytes that single members may have at the most."""
    files: int = 300
    archive: int = 300_000_000
    file: int = 400_000_000
    total: int = 1_000_000_000
    ratio: int = 300
    """Evidence shrinks to about a tenth; what shrinks to less than this part is a bomb."""

    def bound(self, name: str) -> int:
        """Return how many bytes the member ``name`` may have."""
        return self.bounds.get(name, self.file)

    def name_problem(self, name: str) -> str:
        """Return why no member may be called ``name``; empty when it may."""
        return "" if self.fits(name) else f"no file of a {self.noun} has the name {name[:60]!r}"

    def file_problem(self, path: Path, name: str = "") -> str:
        """Return why the file ``path`` cannot become the member ``name``; empty when it can."""
        if not stat.S_ISREG(path.lstat().st_mode):
            return "this is a link or something else than a file"
        bound = self.bound(name or path.name)
        return f"the file has more than {bound:,} bytes" if path.stat().st_size > bound else ""


def is_zip(path: Path) -> bool:
    """Return whether ``path`` is a file that begins like a zip."""
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError:
        return False


def write_zip(target: BinaryIO, members: Iterable[Member]) -> None:
    """Write ``members`` to ``target`` in their order, with fixed times and rights: the same bytes for the same members."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members:
            if isinstance(content, bytes):
                archive.writestr(_member(name), content)
                continue
            with content.open("rb") as source, archive.open(_member(name), "w") as member:
                while chunk := source.read(_CHUNK):
                    member.write(chunk)


def unpack_zip(path: Path, folder: Path, form: Form) -> None:
    """Unpack the zip at ``path`` into the empty ``folder``; raises :class:`BadEvidence` for anything that is not as ``form`` says."""
    with _sentences(path, form):
        _check_directory(path, form)
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_members(path, members, form)
            total = 0
            for member in members:
                total += _extract(path, archive, member, folder, (form, total))


def peek(path: Path, name: str, form: Form) -> bytes | None:
    """Return the member ``name`` of the zip at ``path``, bounded; None when it has none of the name.

    Raises :class:`BadEvidence` when it is no zip, or none whose directory ``form`` allows.
    """
    with _sentences(path, form):
        _check_directory(path, form)
        with zipfile.ZipFile(path) as archive:
            found = next((member for member in archive.infolist() if member.orig_filename == name), None)
            if found is None:
                return None
            with archive.open(found) as source:
                content = source.read(form.bound(name) + 1)
            return content if len(content) <= form.bound(name) else None


def names_in(path: Path, form: Form) -> list[str]:
    """Return the names of the members of the zip at ``path``; raises :class:`BadEvidence` as :func:`peek` does."""
    with _sentences(path, form):
        _check_directory(path, form)
        with zipfile.ZipFile(path) as archive:
            return [member.orig_filename for member in archive.infolist()]


@contextmanager
def _sentences(path: Path, form: Form) -> Iterator[None]:
    """Turn what goes wrong with a zip into a sentence about it."""
    try:
        yield
    except FileNotFoundError:
        raise _bad(path, "there is no such file", f"Give the path of a {form.noun}, or of a report folder.") from None
    except IsADirectoryError:
        raise _bad(path, "this is a folder", f"Name the {form.noun} inside it.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error) as error:
        raise _bad(
            path, f"the zip is damaged ({error})", "It was cut or changed on its way: ask for it again."
        ) from None
    except (NotImplementedError, RuntimeError, ValueError, OverflowError) as error:
        raise _bad(path, f"the zip uses something that no {form.noun} does ({error})", form.remedy) from None
    except OSError as error:
        raise _bad(
            path, f"it cannot be unpacked ({error.strerror or error})", "Check its rights and the free space."
        ) from None


def _check_directory(path: Path, form: Form) -> None:
    """Look at the end of the file before zipfile does: a directory of millions of entries would fill the memory."""
    size = path.stat().st_size
    if not path.is_file():
        raise _bad(path, "this is no regular file", f"Give the path of a {form.noun}, or of a report folder.")
    if size == 0:
        raise _bad(path, "the file is empty", form.remedy)
    if size > form.archive:
        raise _bad(path, f"the file has {size:,} bytes; a {form.noun} has at most {form.archive:,}", form.remedy)
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(max(0, size - 22))
        end = file.read(22)
        file.seek(max(0, size - 42))
        locator = file.read(4)
    if start[:2] != b"PK":
        raise _bad(path, "this is no zip", form.remedy)
    if len(end) != 22 or not end.startswith(b"PK\x05\x06") or locator == b"PK\x06\x07":
        raise _bad(
            path, f"the zip does not end as a {form.noun} does: it was cut, or something else made it", form.remedy
        )
    _, disk, first_disk, here, total, directory_size, _, comment = struct.unpack("<4s4H2LH", end)
    if disk or first_disk or here != total or comment or total > form.files or directory_size > _MAX_DIRECTORY:
        raise _bad(
            path, f"the zip claims {total} members; a {form.noun} has at most {form.files} and no extras", form.remedy
        )


def _check_members(path: Path, members: list[zipfile.ZipInfo], form: Form) -> None:
    seen: dict[str, str] = {}
    for member in members:
        name = member.orig_filename
        problem = _same_file(seen.get(name.casefold()), name) or form.name_problem(name)
        seen[name.casefold()] = name
        kind = stat.S_IFMT(member.external_attr >> 16)
        if not problem and kind not in {0, stat.S_IFREG}:
            problem = f"{member.filename} is a link or something else than a file"
        if not problem and member.flag_bits & 0x1:
            problem = f"{member.filename} is encrypted"
        if not problem and member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            problem = f"{member.filename} is compressed in a way that no {form.noun} uses"
        if problem:
            raise _bad(path, problem, form.remedy)


def _same_file(before: str | None, name: str) -> str:
    if before is None:
        return ""
    if before == name:
        return f"{visible(name)[:80]} stands in it twice"
    return f"{visible(before)[:80]} and {visible(name)[:80]} differ only in capital letters; many computers would take them for one file"


def _extract(
    path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, limits: tuple[Form, int]
) -> int:
    """Write one member below ``folder`` and return its size, which is counted while it is unpacked, not believed."""
    form, before = limits
    target = folder / member.filename
    target.parent.mkdir(parents=True, exist_ok=True)
    bound = min(form.bound(member.filename), form.total - before)
    written = 0
    with archive.open(member) as source, target.open("xb") as file:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > bound:
                raise _bad(path, f"{member.filename} unpacks to more than {bound:,} bytes", form.remedy)
            if written > _RATIO_FROM and written > form.ratio * max(1, member.compress_size):
                raise _bad(path, f"{member.filename} unpacks to more than {form.ratio} times its size", form.remedy)
            file.write(chunk)
    return written


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.create_system = 3
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.compress_type = zipfile.ZIP_STORED if _COMPRESSED.fullmatch(name) else zipfile.ZIP_DEFLATED
    return info


def _bad(path: Path, what: str, remedy: str) -> BadEvidence:
    return BadEvidence(f"{path}: {what}. {remedy}")
