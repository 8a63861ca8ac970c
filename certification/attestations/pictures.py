"""Pictures of attestations: told by their content, bounded, and read only where the file says that they are."""

from __future__ import annotations

import hashlib
import os
import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from certification.attestations.records import Picture
from certification.foundation.whole_files import write_whole

FOLDER: Final = "attestations"
MAX_PICTURE_BYTES: Final = 8_000_000
MAX_SIDE: Final = 16_384
MAX_PIXELS: Final = 64_000_000

_NAME = re.compile(r"attestations/[A-Za-z0-9][A-Za-z0-9._-]{0,79}\.(?:png|jpg|jpeg|webp)")
_PNG = b"\x89PNG\r\n\x1a\n"
_MEDIA = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers of a JPEG behind which its size stands."""


class BadPicture(ValueError):
    """What was given is no picture that is kept; the message says why, as a sentence."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a picture is, by its content."""

    ending: str
    width: int
    height: int

    @property
    def media_type(self) -> str:
        """The media type."""
        return _MEDIA[self.ending]


def kind_of(data: bytes) -> Kind:
    """Return what ``data`` is; raises :class:`BadPicture` for all but whole PNG, JPEG and WebP files of a sane size."""
    if len(data) > MAX_PICTURE_BYTES:
        message = f"The picture has more than {MAX_PICTURE_BYTES // 1_000_000} MB."
        raise BadPicture(message)
    if data.startswith(_PNG):
        kind = Kind("png", *_png_size(data))
    elif data.startswith(b"\xff\xd8\xff"):
        kind = Kind("jpg", *_jpeg_size(data))
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = Kind("webp", *_webp_size(data))
    else:
        message = "This is no PNG, JPEG or WebP picture, whatever its name is."
        raise BadPicture(message)
    fits = 0 < kind.width <= MAX_SIDE and 0 < kind.height <= MAX_SIDE and kind.width * kind.height <= MAX_PIXELS
    if not fits:
        message = f"The picture is {kind.width} × {kind.height} pixels, which is more than is kept."
        raise BadPicture(message)
    return kind


def keep(data: bytes, folder: Path, case: str) -> Picture:
    """Write ``data`` into the folder of the pictures in ``folder`` and return it; raises :class:`BadPicture`, OSError.

    The name follows from the content: the same picture twice is one file.
    """
    kind = kind_of(data)
    digest = hashlib.sha256(data).hexdigest()
    name = f"{FOLDER}/{case.lower()}-{digest[:16]}.{kind.ending}"
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    if not path.is_file() or path.is_symlink() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        write_whole(path, data)
    return Picture(name, digest, len(data))


def read_picture(picture: Picture, folder: Path) -> tuple[bytes, Kind]:
    """Return the bytes of ``picture`` and what they are; raises :class:`BadPicture` unless they are what was kept."""
    if _NAME.fullmatch(picture.file) is None:
        message = "The name of the picture leads elsewhere."
        raise BadPicture(message)
    path = folder / picture.file
    try:
        # A link could lead to any file of this machine.
        if path.is_symlink() or path.parent.is_symlink():
            message = "The picture is a link."
            raise BadPicture(message)
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(file, "rb") as stream:
            data = stream.read(MAX_PICTURE_BYTES + 1)
    except OSError:
        message = "The picture is missing."
        raise BadPicture(message) from None
    if hashlib.sha256(data).hexdigest() != picture.sha256:
        message = "The picture is not the one that was kept."
        raise BadPicture(message)
    return data, kind_of(data)


def _png_size(data: bytes) -> tuple[int, int]:
    place, first = len(_PNG), True
    size = (0, 0)
    while place + 12 <= len(data):
        length, name = struct.unpack(">I4s", data[place : place + 8])
        end = place + 12 + length
        if end > len(data) or zlib.crc32(data[place + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            break
        if first:
            if name != b"IHDR" or length != 13:
                break
            size = struct.unpack(">II", data[place + 8 : place + 16])
            first = False
        if name == b"IEND":
            if end == len(data):
                return size
            break
        place = end
    message = "The PNG is damaged, or something stands behind its end."
    raise BadPicture(message)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if marker in _SIZES and place + 9 <= len(data):
            if not data.rstrip(b"\0").endswith(b"\xff\xd9"):
                break
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return width, height
        if length < 2 or marker == 0xDA:
            break
        place += 2 + length
    message = "The JPEG is damaged."
    raise BadPicture(message)


def _webp_size(data: bytes) -> tuple[int, int]:
    if len(data) >= 30 and int.from_bytes(data[4:8], "little") + 8 == len(data) + len(data) % 2:
        form = data[12:16]
        if form == b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
        if form == b"VP8L" and data[20] == 0x2F:
            bits = int.from_bytes(data[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        if form == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
            width, height = struct.unpack("<HH", data[26:30])
            return width & 0x3FFF, height & 0x3FFF
    message = "The WebP is damaged."
    raise BadPicture(message)
