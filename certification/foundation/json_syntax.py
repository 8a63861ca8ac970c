"""Where a text stops being JSON, and why, in words of our own: they read alike whatever Python runs the suite.

One pass from left to right over the tokens of RFC 8259, each of which is matched without going back, so that the time
grows with the length of the text and with nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from certification.foundation.safe_text import clip, visible

MAX_DEPTH = 100
"""Deeper nesting is refused: no model of the API nests deeper than four levels."""

MAX_DIGITS = 400
"""Longer numbers are refused before Python spends quadratic time on them."""

# Possessive throughout: a token that does not match must not be tried in other ways.
_SPACE = re.compile(r"[ \t\n\r]*+")
_INSIDE_STRING = r"(?:[^\"\\\x00-\x1f]++|\\(?:[\"\\/bfnrt]|u[0-9a-fA-F]{4}))*+"
_STRING = re.compile(rf"\"{_INSIDE_STRING}\"")
_BEGUN_STRING = re.compile(rf"\"{_INSIDE_STRING}")
_NUMBER = re.compile(r"-?+(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?+[0-9]++)?+")
_WORD = re.compile(r"-?+[A-Za-z_$][A-Za-z0-9_$]{0,40}+")
_LONG_NUMBER = re.compile(rf"[0-9]{{{MAX_DIGITS + 1}}}")
_LITERALS = frozenset({"true", "false", "null"})
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What keeps a text from being JSON, and the offset of the character where that shows."""

    what: str
    offset: int

    def describe(self, text: str) -> str:
        """Return the problem with the line and column in ``text``, both counted from 1."""
        if not text.strip(" \t\r\n"):
            return self.what
        line = text.count("\n", 0, self.offset) + 1
        column = self.offset - (text.rfind("\n", 0, self.offset) + 1) + 1
        return f"{self.what} (line {line}, column {column})"


class _Next(Enum):
    """What the grammar allows at this place."""

    VALUE = auto()
    VALUE_OR_END = auto()
    KEY = auto()
    KEY_OR_END = auto()
    COLON = auto()
    COMMA_OR_END = auto()


_CLOSED_BY = {_Next.VALUE_OR_END: "]", _Next.KEY_OR_END: "}"}
"""What may follow at once on an opening bracket."""


class _Found(Exception):
    """Ends the pass where the problem is."""

    def __init__(self, what: str, offset: int) -> None:
        super().__init__(what)
        self.problem = SyntaxProblem(what, offset)


def harmless(text: str) -> bool:
    """Return whether ``text`` can be neither nested too deeply nor hold a number that is too long, JSON or not."""
    return text.count("[") + text.count("{") <= MAX_DEPTH and not _LONG_NUMBER.search(text)


def syntax_problem(text: str) -> SyntaxProblem | None:
    """Return the first thing that keeps ``text`` from being one JSON document, or None when it is one.

    Nesting of more than ``MAX_DEPTH`` levels and numbers of more than ``MAX_DIGITS`` digits count as problems too.
    """
    try:
        _document(text)
    except _Found as found:
        return found.problem
    return None


def _document(text: str) -> None:
    open_brackets: list[str] = []
    expected, offset = _Next.VALUE, 0
    while True:
        space = _SPACE.match(text, offset)
        offset = space.end() if space else offset
        if offset == len(text):
            _check_end(text, open_brackets, expected)
            return
        match expected:
            case _Next.COLON:
                if text[offset] != ":":
                    raise _Found("a colon is missing after a key", offset)
                expected, offset = _Next.VALUE, offset + 1
            case _Next.COMMA_OR_END:
                expected, offset = _after_value(text, offset, open_brackets), offset + 1
            case _ if text[offset] == _CLOSED_BY.get(expected):
                open_brackets.pop()
                expected, offset = _Next.COMMA_OR_END, offset + 1
            case _Next.KEY | _Next.KEY_OR_END:
                expected, offset = _Next.COLON, _key_end(text, offset)
            case _ if text[offset] in "[{":
                expected, offset = _opened(text, offset, open_brackets), offset + 1
            case _:
                expected, offset = _Next.COMMA_OR_END, _scalar_end(text, offset, open_brackets)


def _opened(text: str, offset: int, open_brackets: list[str]) -> _Next:
    open_brackets.append(text[offset])
    if len(open_brackets) > MAX_DEPTH:
        raise _Found(f"it is nested more than {MAX_DEPTH} levels deep", offset)
    return _Next.VALUE_OR_END if text[offset] == "[" else _Next.KEY_OR_END


def _check_end(text: str, open_brackets: list[str], expected: _Next) -> None:
    if not open_brackets and expected is _Next.COMMA_OR_END:
        return
    if not open_brackets:
        raise _Found("the text is empty", 0)
    what = "a list" if open_brackets[-1] == "[" else "an object"
    raise _Found(f"the text ends too early: {what} is not closed", len(text))


def _after_value(text: str, offset: int, open_brackets: list[str]) -> _Next:
    character = text[offset]
    if not open_brackets:
        raise _Found(f"text follows after the JSON value: {_excerpt(text, offset)}", offset)
    in_list = open_brackets[-1] == "["
    if character == ",":
        return _Next.VALUE if in_list else _Next.KEY
    if character == ("]" if in_list else "}"):
        open_brackets.pop()
        return _Next.COMMA_OR_END
    if character in "]}":
        raise _Found(f"a {character} closes what was opened with {open_brackets[-1]}", offset)
    if character == ":":
        raise _Found("a colon stands where a comma or an end belongs", offset)
    raise _Found(f"a comma is missing before {_excerpt(text, offset)}", offset)


def _key_end(text: str, offset: int) -> int:
    character = text[offset]
    if character == '"':
        return _string_end(text, offset)
    if character in "},":
        raise _Found("there is a comma too many", offset)
    if character == "'":
        raise _Found("a key stands in single quotes instead of double ones", offset)
    if character == "/":
        raise _Found("there is a comment, which JSON does not have", offset)
    raise _Found(f"a key without double quotes: {_excerpt(text, offset)}", offset)


def _scalar_end(text: str, offset: int, open_brackets: list[str]) -> int:
    character = text[offset]
    if character == '"':
        return _string_end(text, offset)
    number = _NUMBER.match(text, offset)
    if number:
        return _number_end(text, offset, number.end())
    word = _WORD.match(text, offset)
    if word and word[0] in _LITERALS:
        return word.end()
    raise _Found(_no_value(text, offset, word[0] if word else "", open_brackets), offset)


def _number_end(text: str, start: int, end: int) -> int:
    long = _LONG_NUMBER.search(text, start, end)
    if long:
        raise _Found(f"it holds a number of more than {MAX_DIGITS} digits", start)
    if text[end : end + 1].isascii() and (text[end : end + 1].isalnum() or text[end : end + 1] in {".", "_", "+", "-"}):
        raise _Found(f"a number that JSON does not have: {_excerpt(text, start)}", start)
    return end


def _string_end(text: str, offset: int) -> int:
    whole = _STRING.match(text, offset)
    if whole:
        return whole.end()
    begun = _BEGUN_STRING.match(text, offset)
    stop = begun.end() if begun else offset
    rest = text[stop : stop + 6]
    if not rest or (
        rest[0] == "\\" and stop + len(rest) == len(text) and re.fullmatch(r"\\(?:u[0-9a-fA-F]{0,3})?", rest)
    ):
        raise _Found("a string is not closed", offset)
    if rest[0] == "\\":
        raise _Found(f"a string holds {visible(rest[:2])!s}, which is no escape of JSON", stop)
    names = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}
    name = names.get(rest[0], f"the control character U+{ord(rest[0]):04X}")
    raise _Found(f"a string holds {name} that is not escaped", stop)


def _no_value(text: str, offset: int, word: str, open_brackets: list[str]) -> str:
    character = text[offset]
    if character == "<" and not open_brackets:
        return "it begins with <, as HTML and XML do"
    if word:
        return f"{clip(word, 40)} is not JSON"
    said = {
        ",": "there is a comma too many",
        "]": "there is a comma too many" if open_brackets else "a ] closes nothing",
        "}": "a value is missing" if open_brackets else "a } closes nothing",
        "'": "a string stands in single quotes instead of double ones",
        "/": "there is a comment, which JSON does not have",
        ":": "a colon stands where a value belongs",
        "\ufeff": "it begins with a byte order mark",
    }
    if character in "+-.":
        return f"a number that JSON does not have: {_excerpt(text, offset)}"
    return said.get(character) or f"this is no value: {_excerpt(text, offset)}"


def _excerpt(text: str, offset: int) -> str:
    piece = " ".join(visible(text[offset : offset + _SHOWN]).split())
    return piece + ("…" if len(text) > offset + _SHOWN else "")
