"""Make a stranger's text safe to look at: nothing invisible, nothing that steers a reader's screen, and bounded."""

from __future__ import annotations

KEPT = frozenset("\n\t")


def visible(text: object) -> str:
    """Return ``text`` with every character that cannot be seen written as an escape: backslash, ``u``, four digits.

    Line breaks and tabs stay.  Lone surrogates become escapes too, so that the result can always be encoded.
    """
    plain = str(text).replace("\r\n", "\n")
    if plain.isprintable():
        return plain
    return "".join(
        character if character.isprintable() or character in KEPT else _escape(character) for character in plain
    )


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def one_line(text: object, limit: int = 300) -> str:
    """Return ``text`` visible, on one line, and cut at ``limit`` characters."""
    return clip(" ".join(visible(text).split()), limit)


def clip(text: str, limit: int) -> str:
    """Return ``text``, cut at ``limit`` characters with an ellipsis."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
