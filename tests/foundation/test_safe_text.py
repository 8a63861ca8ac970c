"""What may be shown of a stranger's text: the same on every version of Python."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from certification.foundation.safe_text import one_line, visible

ALL = [chr(code) for code in range(sys.maxunicode + 1)]


def shown(character: str) -> bool:
    return visible(character) == character


def test_controls_formats_surrogates_and_private_characters_are_escaped() -> None:
    unseen = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    wrong = [hex(ord(c)) for c in ALL if unicodedata.category(c) in unseen and shown(c) and c not in "\n\t"]
    assert wrong == []


def test_blanks_that_look_like_others_are_escaped() -> None:
    assert [hex(ord(c)) for c in ALL if unicodedata.category(c) == "Zs" and shown(c)] == ["0x20"]


def test_letters_digits_and_signs_stay() -> None:
    seen = {"Lu", "Ll", "Lt", "Lm", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk"}
    assert [hex(ord(c)) for c in ALL if unicodedata.category(c) in seen and not shown(c)] == []


@pytest.mark.parametrize(
    "code", [0xFFFE, 0xFFFF, 0x1FFFE, 0xFDD0, 0x200B, 0xFEFF, 0x2066, 0x3164, 0xFE0F, 0xE0041, 0x10FFFF]
)
def test_what_hides_is_escaped(code: int) -> None:
    assert visible(chr(code)).startswith("\\")


def test_what_nobody_has_assigned_yet_is_shown_whatever_this_python_knows() -> None:
    # Assigned by Unicode 15.1 and 16, which older versions of Python do not know.
    for code in (0x2FFC, 0x1C89, 0x16D40, 0x1FAC6):
        assert shown(chr(code))


def test_line_breaks_and_tabs_stay_and_a_line_is_one_line() -> None:
    assert visible("a\r\n\tb\rc") == "a\n\tb\\x0dc"
    assert one_line("a\r\n\tb\x1b[2J \ud800") == "a b\\x1b[2J \\ud800"
