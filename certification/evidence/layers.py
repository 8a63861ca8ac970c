"""What a text says after the ways in which it may be encoded are undone, each with the place in the text that it came from.

A :class:`Layer` is a text and, when it was asked for, the span of the source behind each of its characters.  Without spans
making a layer is a few calls of the ``re`` module, which is what nearly every answer costs; with spans, a find can be
traced back to what has to be replaced.  Everything here is linear in the length of the text.
"""

from __future__ import annotations

import binascii
import html.entities
import re
import unicodedata
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Piece = tuple[str, int, int]
"""A character, and how much of the match it stands for: from and to, both within the match."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A text, how it came about, and which part of the source each character stands for; no spans when not asked for."""

    text: str
    name: str = ""
    starts: array[int] | None = None
    ends: array[int] | None = None
    parts: tuple[tuple[int, int], ...] = ()
    """Where the runs of which it was decoded begin and end; empty for a text in one piece."""

    @classmethod
    def of(cls, text: str, *, mapped: bool) -> Layer:
        """Return the source itself as a layer."""
        if not mapped:
            return cls(text)
        return cls(text, "", array("i", range(len(text))), array("i", range(1, len(text) + 1)))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the source behind the characters from ``start`` to ``end``."""
        if self.starts is None or self.ends is None:
            return start, end
        return min(self.starts[start], self.starts[end - 1]), max(self.ends[start], self.ends[end - 1])

    def finds(self, needle: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of the source where ``needle`` stands."""
        place = self.text.find(needle)
        while place >= 0:
            yield self.span(place, place + len(needle))
            place = self.text.find(needle, place + len(needle))

    def replaced(
        self, pattern: re.Pattern[str], pieces: Callable[[re.Match[str]], list[Piece]], name: str = ""
    ) -> Layer:
        """Return the layer in which each match of ``pattern`` is what ``pieces`` makes of it."""
        if self.starts is None or self.ends is None:
            # A page escapes the same few characters thousands of times.
            known: dict[str, str] = {}

            def said(match: re.Match[str]) -> str:
                if match[0] not in known:
                    known[match[0]] = "".join(piece[0] for piece in pieces(match))
                return known[match[0]]

            return Layer(pattern.sub(said, self.text), name)
        text: list[str] = []
        starts, ends, last = array("i"), array("i"), 0
        for match in pattern.finditer(self.text):
            text.append(self.text[last : match.start()])
            starts.extend(self.starts[last : match.start()])
            ends.extend(self.ends[last : match.start()])
            for piece, begin, end in pieces(match):
                text.append(piece)
                start, stop = self.span(match.start() + begin, match.start() + end)
                starts.extend([start] * len(piece))
                ends.extend([stop] * len(piece))
            last = match.end()
        text.append(self.text[last:])
        starts.extend(self.starts[last:])
        ends.extend(self.ends[last:])
        return Layer("".join(text), name, starts, ends)

    def without(self, pattern: re.Pattern[str]) -> Layer:
        """Return the layer without what matches ``pattern``."""
        if self.starts is None:
            return Layer(pattern.sub("", self.text), self.name)
        return self.replaced(pattern, lambda _: [], self.name)


# Escapes: what JSON, URLs, HTML and mail write for a character

_ESCAPE = r"(?:u\{([0-9a-fA-F]{1,6})\}|((?:u[dD][89abAB][0-9a-fA-F]{2}\\++)?+u[0-9a-fA-F]{4})|x([0-9a-fA-F]{2})"
_URL = r"((?:%[0-9a-fA-F]{2})++)|%u([0-9a-fA-F]{4})"
_ENTITY = r"&(?:#0*+([0-9]{1,7})|#[xX]0*+([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}+));?"
_MANY = re.compile(rf"\\+{_ESCAPE}|([\"'/&<>]))|\\\\+|{_URL}|{_ENTITY}")
"""Escapes behind any number of backslashes: text that was encoded several times, with what is needed or too much."""
_ONE = re.compile(rf"\\{_ESCAPE}|([\"'/&<>\\]))|{_URL}|{_ENTITY}")
"""Escapes as they are encoded once."""
_MAIL = re.compile(r"=\r?\n|((?:=[0-9a-fA-F]{2})++)")
"""Quoted-printable."""

PASSES = 3
"""So many encodings of this kind on top of each other are undone."""


def unescaped(layer: Layer) -> Iterator[Layer]:
    """Yield ``layer``, and what it says after undoing escapes, up to ``PASSES`` times, in two readings of backslashes."""
    yield layer
    for pattern in (_MANY, _ONE) if "\\" in layer.text else (_MANY,):
        current = layer
        for _ in range(PASSES):
            if not ("\\" in current.text or "%" in current.text or "&" in current.text):
                break
            after = current.replaced(pattern, _escape, layer.name)
            if after.text == current.text:
                break
            yield after
            current = after
    if "=" in layer.text:
        after = layer.replaced(_MAIL, _mail, layer.name)
        if after.text != layer.text:
            yield after


def _escape(match: re.Match[str]) -> list[Piece]:
    braced, units, byte, plain, octets, wide, decimal, hexadecimal, name = match.groups()
    whole = len(match[0])
    if octets:
        return _octets(bytes.fromhex(octets.replace("%", "")))
    if units:
        data = b"".join(bytes.fromhex(unit) for unit in re.findall(r"u([0-9a-fA-F]{4})", units))
        return [(data.decode("utf-16-be", "replace"), 0, whole)]
    if name:
        return _entity(match[0], name)
    code = braced or byte or wide or hexadecimal
    number = int(code, 16) if code else int(decimal) if decimal else -1
    if number >= 0:
        return [(chr(number) if number < 0x110000 else "?", 0, whole)]
    return [(plain or "\\", 0, whole)]


def _entity(text: str, name: str) -> list[Piece]:
    known = html.entities.html5.get(f"{name};") if text.endswith(";") else None
    if known:
        return [(known, 0, len(text))]
    for length in range(min(len(name), 6), 1, -1):
        # Some names count without a semicolon, and then the text goes on behind them.
        known = html.entities.html5.get(name[:length])
        if known:
            end = 1 + length
            return [(known, 0, end), *((text[place], place, place + 1) for place in range(end, len(text)))]
    return [(text[place], place, place + 1) for place in range(len(text))]


def _octets(data: bytes) -> list[Piece]:
    pieces, place = list[Piece](), 0
    for character in data.decode("utf-8", "surrogateescape"):
        if "\udc80" <= character <= "\udcff":
            pieces.append((chr(ord(character) - 0xDC00), place, place + 3))
            place += 3
        else:
            size = 3 * len(character.encode("utf-8"))
            pieces.append((character, place, place + size))
            place += size
    return pieces


def _mail(match: re.Match[str]) -> list[Piece]:
    return _octets(bytes.fromhex(match[1].replace("=", ""))) if match[1] else []


# Spelling

_NO_LETTER = re.compile(r"[^0-9a-z]++")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_NUL = re.compile("\x00++")


def letters(text: str) -> str:
    """Return the letters and digits of ``text`` in lower case, without accents."""
    try:
        return text.replace("ß", "ss").encode("latin-1").translate(_LETTERS, _NO_LETTERS).decode("ascii")
    except UnicodeEncodeError:
        return _NO_LETTER.sub("", _BEYOND_ASCII.sub(lambda match: _base(match[0]), text).lower())


def letters_of(layer: Layer) -> Layer:
    """Return ``layer`` as :func:`letters` spells it."""
    if layer.starts is None:
        return Layer(letters(layer.text), layer.name)
    plain = layer
    if not layer.text.isascii():
        plain = layer.replaced(_BEYOND_ASCII, lambda match: [(_base(match[0]), 0, 1)])
    lower = Layer(plain.text.lower(), layer.name, plain.starts, plain.ends)
    return lower.without(_NO_LETTER)


def _base(character: str) -> str:
    if character == "ß":
        return "ss"
    plain = "".join(part for part in unicodedata.normalize("NFKD", character) if part.isascii() and part.isalnum())
    # One for one where a byte stands for a character, so that a table can do it.
    return plain if ord(character) > 0xFF or len(plain) == 1 else ""


_OF_BYTE = [_base(chr(code)).lower() if code != ord("ß") else "" for code in range(0x100)]
_LETTERS = bytes(ord(letter) if letter else code for code, letter in enumerate(_OF_BYTE))
_NO_LETTERS = bytes(code for code, letter in enumerate(_OF_BYTE) if not letter)


def without_nul(layer: Layer) -> Layer:
    """Return ``layer`` without its NUL characters: what UTF-16 and UTF-32 put between the letters of ASCII."""
    return layer.without(_NUL)


# Numbers and alphabets that stand for bytes

_BASE64 = re.compile(r"[A-Za-z0-9+/]{11,}")
_BASE32 = re.compile(r"[A-Za-z2-7]{13,}")
_BLANKS = re.compile(r"(?:[ \t\r\n]|\\[rnt])++")
_HEX_SIGNS = re.compile(r"(?:0x|\\x|[^0-9A-Za-z])++")
_HEX = re.compile(r"[0-9a-fA-F]{16,}")
_NUMBERS = re.compile(r"(?<![0-9])[0-9]{2,4}(?:[^0-9A-Za-z]{1,3}[0-9]{2,4}){7,}+")
_NUMBER = re.compile(r"[0-9]{2,4}")
_BYTES = re.compile(r"\\[0-7]{3}(?:\\{1,4}[0-7]{3}){7,}+")

_ANY_BYTES = re.compile(
    r"[A-Za-z0-9+/_-]{11}|(?:(?:0x)?[0-9a-fA-F]{2,4}[^0-9A-Za-z]{1,3}){7}|(?:[A-Za-z0-9+/_-]{4,}\\s{1,3}){3}"
)
"""Where this is not, there is none of them."""

Bytes = Callable[[str, int], tuple[bytes, float]]


def _base64(run: str, offset: int) -> tuple[bytes, float]:
    text = run[offset : len(run) - ((len(run) - offset) % 4 == 1)]
    return binascii.a2b_base64(text + "=" * (-len(text) % 4)), 4 / 3


_URL_SAFE = str.maketrans("-_", "+/")


_OF_BASE32 = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abcdefghijklmnopqrstuvwxyz",
    "0123456789abcdefghijklmnopqrstuv0123456789abcdefghijklmnop",
)
"""Base32 in the digits in which Python reads a number of that base."""


def _base32(run: str, offset: int) -> tuple[bytes, float]:
    # As one number: base64.b32decode takes ten times as long, and ordinary words are base32.
    bits = 5 * (len(run) - offset)
    number = int(run[offset:].translate(_OF_BASE32), 32)
    return (number >> bits % 8).to_bytes(bits // 8, "big"), 8 / 5


def _hexadecimal(run: str, offset: int) -> tuple[bytes, float]:
    usable = (len(run) - offset) // 2 * 2
    return bytes.fromhex(run[offset : offset + usable]), 2.0


def bytes_in(layer: Layer) -> Iterator[Layer]:
    """Yield what stands in ``layer`` as base64, base32, hexadecimal, decimal and octal; bytes as Latin-1."""
    if not _ANY_BYTES.search(layer.text):
        return
    tight = layer
    if _BLANKS.search(layer.text):
        tight = layer.without(_BLANKS)
    standard = Layer(tight.text.translate(_URL_SAFE), tight.name, tight.starts, tight.ends)
    yield from _peeled(standard, _BASE64, 4, _base64, "base64")
    yield from _peeled(tight, _BASE32, 8, _base32, "base32")
    plain = layer.without(_HEX_SIGNS) if _HEX_SIGNS.search(layer.text) else layer
    yield from _peeled(plain, _HEX, 2, _hexadecimal, "hexadecimal")
    for pattern, bases in ((_NUMBERS, (10, 8)), (_BYTES, (8,))):
        for base in bases if pattern.search(layer.text) else ():
            yield _counted(layer, pattern, base)


def _peeled(layer: Layer, pattern: re.Pattern[str], offsets: int, decode: Bytes, kind: str) -> Iterator[Layer]:
    runs = [(match.start(), match[0]) for match in pattern.finditer(layer.text)]
    name = f"{kind} within {layer.name}" if layer.name else kind
    for offset in range(offsets if runs else 0):
        texts: list[bytes] = []
        places: list[tuple[int, int, float]] = []
        parts, length = list[tuple[int, int]](), 0
        for begin, run in runs:
            try:
                data, ratio = decode(run, offset)
            except (ValueError, binascii.Error):
                continue
            end = length + len(data)
            texts.append(data)
            places.append((begin, begin + len(run), ratio))
            parts.append((length, end))
            length = end + 1
        text = b"".join([data + b"\n" for data in texts]).decode("latin-1")
        if layer.starts is None:
            yield Layer(text, name, parts=tuple(parts))
        else:
            yield Layer(text, name, *_spans(layer, texts, places, offset), tuple(parts))


def _spans(
    layer: Layer, texts: list[bytes], places: list[tuple[int, int, float]], offset: int
) -> tuple[array[int], array[int]]:
    """Return where in the source each byte of ``texts`` begins and ends, and the line break behind each text."""
    starts, ends = array("i"), array("i")
    for data, (begin, limit, ratio) in zip(texts, places, strict=True):
        for place in range(len(data)):
            first = begin + offset + int(place * ratio)
            last = min(begin + offset + int((place + 1) * ratio + 0.999), limit)
            start, end = layer.span(first, max(last, first + 1))
            starts.append(start)
            ends.append(end)
        # The line break between two runs stands for nothing.
        starts.append(starts[-1] if len(data) else layer.span(begin, begin + 1)[0])
        ends.append(ends[-1] if len(data) else layer.span(begin, begin + 1)[1])
    return starts, ends


def _counted(layer: Layer, pattern: re.Pattern[str], base: int) -> Layer:
    kind = "decimal numbers" if base == 10 else "octal numbers"

    def pieces(match: re.Match[str]) -> list[Piece]:
        found = list[Piece]()
        for number in _NUMBER.finditer(match[0]):
            try:
                code = int(number[0], base)
            except ValueError:
                continue
            found.append((chr(code), number.start(), number.end()))
        return found

    return layer.replaced(pattern, pieces, f"{kind} within {layer.name}" if layer.name else kind)
