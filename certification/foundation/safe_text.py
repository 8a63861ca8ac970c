"""Make a stranger's text safe to look at: nothing invisible, nothing that steers a reader's screen, and bounded.

What counts as visible stands in a table here and is not asked of Python, whose answer changes with its version of
Unicode: the same text reads the same on every machine.
"""

from __future__ import annotations

import re

_UNSEEN = (
    (0x00, 0x08),  # control characters, tab and line feed apart
    (0x0B, 0x1F),
    (0x7F, 0xA0),  # control characters of Latin-1, and the blank that does not break
    (0xAD, 0xAD),  # soft hyphen
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x0600, 0x0605),  # signs that format Arabic numbers
    (0x061C, 0x061C),  # Arabic letter mark: steers the direction
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x115F, 0x1160),  # fillers of Hangul, which look like nothing
    (0x1680, 0x1680),  # blanks other than the ordinary one
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2000, 0x200F),  # blanks, zero-width characters, marks of direction
    (0x2028, 0x202F),  # separators of lines and paragraphs, embeddings and overrides of direction
    (0x205F, 0x206F),  # invisible operators, isolates of direction
    (0x2800, 0x2800),  # the empty pattern of Braille
    (0x3000, 0x3000),
    (0x3164, 0x3164),
    (0xD800, 0xF8FF),  # halves of surrogate pairs, private use
    (0xFDD0, 0xFDEF),  # no characters
    (0xFE00, 0xFE0F),  # selectors of variations
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0xFFFE, 0xFFFF),  # no characters
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0x10000, 0xE0000, 0x10000)),
    (0xE0000, 0x10FFFF),  # tags, more selectors, planes for private use
)
"""First and last code of what is not shown.  Everything else is, also what Unicode has not assigned yet: a font shows a
box for it, which nobody overlooks."""

_PATTERN = re.compile("[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in _UNSEEN) + "]")


def visible(text: object) -> str:
    """Return ``text`` with every character that cannot be seen written as an escape: backslash, ``u``, four digits.

    Line breaks and tabs stay.  Lone surrogates become escapes too, so that the result can always be encoded.
    """
    text = str(text)
    if text.isascii() and text.isprintable():
        # What Python can print of ASCII is the same in every version, and is nearly every text.
        return text
    return _PATTERN.sub(_escape, text.replace("\r\n", "\n"))


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def one_line(text: object, limit: int = 300) -> str:
    """Return ``text`` visible, on one line, and cut at ``limit`` characters."""
    return clip(" ".join(visible(text).split()), limit)


def clip(text: str, limit: int) -> str:
    """Return ``text``, cut at ``limit`` characters with an ellipsis."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
