"""Logo and icon: the size stands in the file, whatever its name and whatever else stands there."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from certification.config.images import image_at, image_problems


def png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    checksum = struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(head)) + b"IHDR" + head + checksum


LAUGHS = b"""<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><svg width="&b;"/>"""


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (png(512, 128), (512.0, 128.0)),
        (b'<?xml version="1.0"?>\n<svg xmlns="x" width="400" height="100px"/>', (400.0, 100.0)),
        (b'<svg viewBox="0 0 42.5 10">', (42.5, 10.0)),
        (b"<svg viewBox='0,0,16,16' width='100%'>", (16.0, 16.0)),
        (b'<svg stroke-width="3" data-height="9" viewBox="0 0 400 100"/>', (400.0, 100.0)),
        (b'<svg stroke-width="3" width="400" height="100"/>', (400.0, 100.0)),
        (b'<!-- <svg width="1" height="1"> --><svg width="400" height="100"/>', (400.0, 100.0)),
        (b'<svg width="4in" height="72pt"/>', (384.0, 96.0)),
        (b'<svg width="50.8mm" height="2.54cm"/>', (192.0, 96.0)),
        (b'<svg:svg xmlns:svg="http://www.w3.org/2000/svg" width="8" height="2"/>', (8.0, 2.0)),
        ('<?xml version="1.0" encoding="UTF-16"?><svg width="8" height="2"/>'.encode("utf-16"), (8.0, 2.0)),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x.example/svg11.dtd"><svg width="8" height="2"/>', (8.0, 2.0)),
        (b'<html><svg width="8" height="2"/></html>', None),
        (b'<svg width="10em" height="2em"/>', None),
        (b'<svg viewBox="0 0 wide 10"/>', None),
        (LAUGHS, None),
        (b"<svg>", None),
        (b"<svg width=8 height=2>", None),
        (b"GIF89a", None),
        (b"", None),
        (b"\x89PNG\r\n\x1a\n", None),
    ],
)  # fmt: skip
def test_the_size_of_an_image_is_read_from_its_head(tmp_path: Path, content: bytes, size: Any) -> None:
    path = tmp_path / "image"
    path.write_bytes(content)
    image = image_at(path)
    found = image and (image.width, image.height)
    assert found == (size if size is None else pytest.approx(size))


def texts(*arguments: Any) -> list[str]:
    return [found.text for found in image_problems(*arguments)]


def test_images_are_held_to_their_proportions(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(png(430, 100))
    (tmp_path / "icon.svg").write_text('<svg viewBox="0 0 24 24">')
    assert image_problems("logo.png", "icon.svg", tmp_path) == []
    (tmp_path / "logo.png").write_bytes(png(300, 100))
    (tmp_path / "icon.png").write_bytes(png(64, 64))
    assert texts("logo.png", "icon.png", tmp_path) == [
        "logo_file 'logo.png' is 300 x 100; width to height must lie between 4.0 and 4.5",
        "icon_file 'icon.png' is 64 px wide; it must have at least 128 px",
    ]
    (tmp_path / "icon.png").write_bytes(png(200, 100))
    (tmp_path / "logo.png").write_bytes(png(400, 0))
    assert [found.code for found in image_problems("logo.png", "icon.png", tmp_path)] == ["proportions", "proportions"]


def test_missing_and_foreign_images_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "icon.svg").write_bytes(b"GIF89a")
    found = image_problems("none.png", "icon.svg", tmp_path)
    assert [(each.field, each.code) for each in found] == [("logo_file", "missing"), ("icon_file", "unreadable")]
    assert found[0].text == "logo_file 'none.png' was not found beside the config"
