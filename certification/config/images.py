"""Logo and icon of the tile: format and proportions, read from the file's own beginning.

Source: API specification, Partner config.  Everything here is advice: a missing image never stops a run.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_HEAD = 262_144
"""So much of a file is read: what stands before the root of an SVG is short."""

_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{1,3})?)\s*(px|pt|pc|mm|cm|in|q)?\s*", re.IGNORECASE)
_PIXELS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "q": 96 / 101.6}
"""Unit of a length in SVG -> pixels.  Relative units (em, %) tell no size."""


@dataclass(frozen=True, slots=True)
class ImageProblem:
    """One thing that is wrong with an image."""

    field: str
    """``logo_file`` or ``icon_file``."""
    code: str
    """``missing``, ``unreadable`` or ``proportions``."""
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """What a picture is."""

    kind: str
    """``png`` or ``svg``."""
    width: float
    height: float


def image_problems(logo: str, icon: str, folder: Path) -> list[ImageProblem]:
    """Return what is wrong with the images beside the config; empty when all is well."""
    found = []
    for field, name in (("logo_file", logo), ("icon_file", icon)):
        path = folder / name
        if not path.is_file():
            text = f"{field} {name!r} was not found beside the config"
            found.append(ImageProblem(field, "missing", text))
            continue
        image = image_at(path)
        if image is None:
            text = f"{field} {name!r} is neither a PNG nor an SVG with a size (width and height, or viewBox)"
            found.append(ImageProblem(field, "unreadable", text))
            continue
        wrong = proportion_problem(field, image)
        if wrong:
            found.append(ImageProblem(field, "proportions", f"{field} {name!r} is {wrong}"))
    return found


def proportion_problem(field: str, image: Image) -> str:
    """Return what is wrong with the size of ``image`` as ``logo_file`` or ``icon_file``, to stand after *it is*; or nothing."""
    width, height = image.width, image.height
    if field == "logo_file" and not (height and 4.0 <= width / height <= 4.5):
        return f"{width:g} x {height:g}; width to height must lie between 4.0 and 4.5"
    if field == "icon_file" and width != height:
        return f"{width:g} x {height:g}; it must be square"
    if field == "icon_file" and width < 128 and image.kind == "png":
        return f"{width:g} px wide; it must have at least 128 px"
    return ""


def image_at(path: Path) -> Image | None:
    """Return what the file at ``path`` is by its content, whatever its name; None when it is no PNG or SVG that tells its size."""
    try:
        with path.open("rb") as file:
            head = file.read(_MAX_HEAD)
    except OSError:
        return None
    if head.startswith(_PNG_SIGNATURE):
        if len(head) < 24:
            return None
        width, height = struct.unpack(">II", head[16:24])
        return Image("png", float(width), float(height))
    size = _svg_size(head)
    return Image("svg", *size) if size else None


class _RootFound(Exception):
    """Ends the parsing: what comes after the first start tag does not matter."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes


class _DeclaresEntities(Exception):
    """Ends the parsing: entities can be made to grow without bounds, and no logo needs them."""


def _svg_size(head: bytes) -> tuple[float, float] | None:
    parser = expat.ParserCreate(namespace_separator=" ")

    def root(name: str, attributes: dict[str, str]) -> None:
        raise _RootFound(name, attributes)

    def entity(*_declaration: object) -> None:
        raise _DeclaresEntities

    parser.StartElementHandler = root
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(head, False)
    except _RootFound as found:
        name = found.name.rpartition(" ")[2]
        return _size_of(found.attributes) if name == "svg" else None
    except (_DeclaresEntities, expat.ExpatError, ValueError, LookupError):
        return None
    return None


def _size_of(attributes: dict[str, str]) -> tuple[float, float] | None:
    width, height = (_pixels(attributes.get(name, "")) for name in ("width", "height"))
    if width is not None and height is not None:
        return width, height
    numbers = attributes.get("viewBox", "").replace(",", " ").split()
    if len(numbers) != 4:
        return None
    try:
        return float(numbers[2]), float(numbers[3])
    except ValueError:
        return None


def _pixels(text: str) -> float | None:
    match = _LENGTH.fullmatch(text[:40])
    return float(match.group(1)) * _PIXELS[(match.group(2) or "").lower()] if match else None
