"""Whether a page says what a report says: everything in it is compared, compressed evidence by its content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from certification.foundation.safe_text import clip, visible
from certification.report.html.evidence_summary import unpacked
from certification.report.html.fragment import BEGIN, END, render
from certification.report.html.frame import framed

_PACKED = re.compile(r'id="pc-packed" data-calls="([0-9]{1,9})">([A-Za-z0-9+/=]*)</script>')
_VERSION = re.compile(r"pytest-html</a>\s+v([\w.+-]{1,30})</p>")


@dataclass(frozen=True, slots=True)
class Differences:
    """What :func:`differences` found."""

    broken: tuple[str, ...] = ()
    """In which ways the page says something else than the report."""
    unknown: str = ""
    """What could not be compared here, and what would make it possible."""


def differences(text: str, report: dict[str, Any], folder: Path) -> Differences:
    """Compare the page ``text`` with the page of ``report``, whose evidence is in ``folder``.

    Nothing in a page is free: text, markup, styles and scripts that the page of the report lacks are differences,
    wherever they stand.  Libraries compress differently, so the evidence in the page is compared after decompression.
    The frame that another version of pytest-html wrote cannot be made here; that is said, and is no difference.
    Raises :class:`certification.foundation.errors.BadEvidence`.
    """
    text = text.replace("\r\n", "\n")
    begin, end = text.find(BEGIN), text.find(END)
    if begin < 0 or end < begin or text.count(BEGIN) > 1 or text.count(END) > 1:
        return Differences(("The page does not hold a certification report as this suite writes it.",))
    end += len(END)
    broken, unknown = list[str](), ""
    expected, found = _comparable(render(report, folder)), _comparable(text[begin:end])
    if found != expected:
        broken.append(f"The report in the page is not the one that the evidence gives: {_first(expected, found)}")
    frame, here = text[:begin] + text[end:], version("pytest-html")
    expected = framed(report, "")
    if frame != expected:
        named = _VERSION.search(frame)
        if named is not None and named[1] != here:
            unknown = (
                f"The page around the report was made by pytest-html {named[1]}, here is {here}, so it was not compared. "
                f"To compare it: pip install pytest-html=={named[1]}"
            )
        else:
            broken.append(
                f"The page around the report is not the one that pytest-html {here} makes: {_first(expected, frame)}"
            )
    return Differences(tuple(broken), unknown)


def _comparable(fragment: str) -> str:
    def content(match: re.Match[str]) -> str:
        lines = unpacked(match[2])
        return f"{match[1]} {'broken' if lines is None else sha256(lines).hexdigest()}"

    return _PACKED.sub(content, fragment)


def _first(expected: str, found: str) -> str:
    ours, theirs = expected.splitlines(), found.splitlines()
    for number, (one, two) in enumerate(zip(ours, theirs, strict=False), 1):
        if one != two:
            place = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
            start = max(0, place - 40)
            return f"expected “{clip(visible(one[start:]), 160)}”, found “{clip(visible(two[start:]), 160)}” (line {number})."
    return f"it has {len(theirs)} lines, expected are {len(ours)}."
