"""Logo and icon of the tile: format and proportions, read from the file's own header.

Source: API specification, Partner config.  Everything here is advice: a missing image never stops a run.
"""

from __future__ import annotations

import re
import struct
from pathlib import Path

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_HEAD = 65_536


def image_problems(logo: str, icon: str, folder: Path) -> list[str]:
    """Return one sentence for each thing that is wrong with the images beside the config; empty when all is well."""
    notes = []
    for kind, name in (("logo_file", logo), ("icon_file", icon)):
        path = folder / name
        if not path.is_file():
            notes.append(f"{kind} {name!r} was not found beside the config; its format was not checked")
            continue
        size = image_size(path)
        if size is None:
            notes.append(f"{kind} {name!r} is neither a PNG nor an SVG with a size (width and height, or viewBox)")
            continue
        width, height = size
        if kind == "logo_file" and not (height and 4.0 <= width / height <= 4.5):
            notes.append(f"{kind} {name!r} is {width:g} x {height:g}; width to height must lie between 4.0 and 4.5")
        if kind == "icon_file" and width != height:
            notes.append(f"{kind} {name!r} is {width:g} x {height:g}; it must be square")
        elif kind == "icon_file" and width < 128 and path.suffix.lower() == ".png":
            notes.append(f"{kind} {name!r} is {width:g} px wide; it must have at least 128 px")
    return notes


def image_size(path: Path) -> tuple[float, float] | None:
    """Return (width, height) in pixels or user units, or None when the file is no PNG or SVG that tells them."""
    with path.open("rb") as file:
        head = file.read(_MAX_HEAD)
    if head.startswith(_PNG_SIGNATURE) and len(head) >= 24:
        width, height = struct.unpack(">II", head[16:24])
        return float(width), float(height)
    tag = re.search(rb"<svg\b[^>]*>", head)
    if tag is None:
        return None
    text = tag.group().decode("utf-8", "replace")
    sizes = [re.search(rf"\b{name}\s*=\s*[\"']\s*([0-9.]+)(?:px)?\s*[\"']", text) for name in ("width", "height")]
    if all(sizes):
        return tuple(float(size.group(1)) for size in sizes if size)  # type: ignore[return-value]  # two of two matched
    box = re.search(r"viewBox\s*=\s*[\"']\s*[-0-9.]+[\s,]+[-0-9.]+[\s,]+([0-9.]+)[\s,]+([0-9.]+)", text)
    return (float(box.group(1)), float(box.group(2))) if box else None
