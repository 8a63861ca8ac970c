"""Ids that the partner has never given out, in the form of those that it has."""

from __future__ import annotations

import re

from certification.databricks.people import Identities

SHORT_ID = 6


def resembling(ident: str, ids: Identities) -> str:
    """Return an id of the same form as ``ident`` that the partner has never given out.

    Digits stay digits and hexadecimal stays hexadecimal, so that a partner that parses its ids can parse this one; the
    characters that tell the version of a UUID are kept.
    """
    digits = sum(character.isdigit() for character in ident)
    if (digits and digits < 4) or (ident.isascii() and ident.isdigit()):
        # Counted ids: a number that is far away, yet fits every column.
        return re.sub(r"\d+(?=\D*$)", "9" * min(9, max(7, digits)), ident)
    if len(ident) < SHORT_ID:
        # A short id has too few neighbours: any of them may be somebody's.
        return f"{ident}9999999"
    source = ids.token("resembling", 40) * (1 + len(ident) // 40)
    result = []
    for position, (character, digit) in enumerate(zip(ident, source, strict=False)):
        fixed = len(ident) == 36 and position in {14, 19}
        if character.isdigit() and not fixed:
            result.append(str(int(digit, 16) % 10))
        elif digits < 4 and character.isascii() and character.isalpha() and position >= len(ident) - 8:
            letter = chr(ord("a") + int(digit, 16))
            result.append(letter.upper() if character.isupper() else letter)
        else:
            result.append(character)
    unknown = "".join(result)
    return unknown if unknown != ident else f"{ident}9999999"
