"""Names of people: which are one person's, so that nobody counts twice or approves what they asked for.

Told apart is by what a reader sees.  Capitals, blanks, punctuation, accents, letters of other alphabets that look the same, and
the order of first and last name make no second person; nor does anything that cannot be seen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_TWINS: Final = {
    ord(twin): letter
    for letter, twins in {
        "a": "аАαΑ", "b": "ВΒ", "c": "сС", "d": "ԁđĐ", "e": "еЕΕ", "h": "һНΗ", "i": "іІιΙı", "j": "јЈ", "k": "кКκΚ",
        "l": "ӏӀłŁ", "m": "МΜ", "n": "Ν", "o": "оОοΟøØ", "p": "рРρΡ", "q": "ԛԚ", "s": "ѕЅ", "t": "ТΤ", "u": "υ",
        "v": "ν", "w": "ԝԜ", "x": "хХχΧ", "y": "уУΥ", "z": "Ζ",
    }.items()
    for twin in twins
}  # fmt: skip
"""Letters of other alphabets, and with strokes, that look like a Latin letter."""

_ACCENTS: Final = re.compile("[\u0300-\u036f]")


def same_person(one: str, two: str) -> bool:
    """Return whether two names may be one person's."""
    ours, theirs = _words(one), _words(two)
    return "".join(ours) == "".join(theirs) or sorted(ours) == sorted(theirs)


def each_once(names: Iterable[str]) -> tuple[str, ...]:
    """Return the first name of each person among ``names``."""
    found: list[str] = []
    for name in names:
        if not any(same_person(name, other) for other in found):
            found.append(name)
    return tuple(found)


def _words(name: str) -> list[str]:
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", name)).translate(_TWINS)
    shown = "".join(_shown(letter) for letter in unicodedata.normalize("NFKC", plain).casefold())
    return shown.split() or [name]


def _shown(letter: str) -> str:
    """Return what counts of a letter: a blank for what stands between words, nothing for what cannot be seen."""
    kind = unicodedata.category(letter)
    if kind[0] in "LNM":
        return letter
    return "" if kind in {"Cc", "Cf", "Cn", "Co", "Cs"} and letter not in "\t\n\r" else " "
